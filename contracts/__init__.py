"""Event contracts: what services say to one another.

Generated from proto/ by proto/generate.py. Never edited.
"""
