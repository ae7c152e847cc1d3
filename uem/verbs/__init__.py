"""The verbs of the command: each module is one, with `arguments(parser)` and `run(arguments)`."""
