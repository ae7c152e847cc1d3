"""The organization system: who owes what to whom, who was told, what was decided and ordered."""
