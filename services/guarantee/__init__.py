"""The guarantee service: signals, early warnings, provisions, inventory, and the dispatch of what a plan requires."""
