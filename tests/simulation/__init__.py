"""The chassis' own decisions under a seeded scheduler of faults, on simulated PostgreSQL and NATS."""
