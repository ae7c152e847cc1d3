"""Events of the guarantee (support) system.

Generated from proto/contracts/guarantee/v1/guarantee.proto by proto/generate.py. Never edited.
"""
