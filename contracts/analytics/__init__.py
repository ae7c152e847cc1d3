"""Events of the big-data support system.

Generated from proto/contracts/analytics/v1/analytics.proto by proto/generate.py. Never edited.
"""
