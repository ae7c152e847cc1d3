"""The GraphQL gateway: one schema over four services, declared joins, live feeds."""
