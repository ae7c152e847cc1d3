"""Events of the organization system.

Generated from proto/contracts/org/v1/org.proto by proto/generate.py. Never edited.
"""
