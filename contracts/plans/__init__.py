"""Events of the plan system.

Generated from proto/contracts/plans/v1/plans.proto by proto/generate.py. Never edited.
"""
