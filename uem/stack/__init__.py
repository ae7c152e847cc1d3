"""The embedded stack: PostgreSQL, NATS, the services and the gateway as supervised processes."""
