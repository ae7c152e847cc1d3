"""The schema of analytics, step by step."""
