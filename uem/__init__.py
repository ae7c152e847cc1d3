"""The operator's command line and the embedded stack: the top layer of the house."""
