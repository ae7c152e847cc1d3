"""Plays one real emergency through the whole system and says what its own records show."""
