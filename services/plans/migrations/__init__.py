"""The schema of the plan system, step by step."""
