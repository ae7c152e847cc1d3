"""The four services: one subsystem of emergency management each."""
