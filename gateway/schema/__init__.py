"""The types of the one schema; `gateway.schema.build` puts them together."""
