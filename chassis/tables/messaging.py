"""Tables of what is said and heard: outbox, inbox, watermarks, parked and quarantined messages."""
