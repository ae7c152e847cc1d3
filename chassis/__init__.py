"""The microservice chassis: plumbing that every service stands on, without a word of its domain."""
