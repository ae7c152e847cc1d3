"""The plan system: digital plans, the facts they are weighed against, and what is in force."""
