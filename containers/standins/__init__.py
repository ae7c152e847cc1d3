"""Images for what no registry can be asked for, and the collector among them."""
