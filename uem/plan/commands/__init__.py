"""The commands of `uem plan`, one module each."""
