"""Value types that every service means alike. Enum values equal those of the Python package `vocabulary`.

Generated from proto/contracts/vocabulary/v1/vocabulary.proto by proto/generate.py. Never edited.
"""
