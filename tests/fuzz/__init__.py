"""Whatever fits a published contract, and what does not, is answered and never with a fault."""
