"""Migrations of the organization system's database."""
