"""A database and two roles for every service, on the embedded server or on a given one.

The owner migrates; the service works as its application role, which owns nothing and so cannot
lift the row security of its tables.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from uem.problem import Problem
from uem.stack.passwords import Passwords


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The passwords of a service's two roles."""

    owner: str = field(repr=False)
    application: str = field(repr=False)

    @classmethod
    def of(cls, passwords: Passwords, service: str) -> "Credentials":
        """Return those of the state folder, made at first need."""
        return cls(
            owner=passwords.get(f"postgres-{service}"),
            application=passwords.get(f"postgres-{service}-app"),
        )


def database_name(service: str) -> str:
    """Return the name that a service's database and its owner bear."""
    return f"uem_{service}"


def application_role(owner: str) -> str:
    """Return the role as which the service works on the tables of `owner`."""
    return f"{owner}_app"


def owner_url(superuser_url: str, service: str, given: Credentials) -> str:
    """Return the address of a service's database for its owner, who migrates it."""
    name = database_name(service)
    return _url(superuser_url, name, role=name, password=given.owner)


def service_url(superuser_url: str, service: str, given: Credentials) -> str:
    """Return the address of a service's database for the service."""
    name = database_name(service)
    return _url(superuser_url, name, role=application_role(name), password=given.application)


async def provision(superuser_url: str, credentials: Mapping[str, Credentials]) -> None:
    """Every service has its roles (passwords as given) and a database that only they enter.

    Raises `Problem` when the server cannot be reached or the role may not create databases.
    """
    try:
        connection = await asyncpg.connect(superuser_url, timeout=10)
    except (OSError, asyncpg.PostgresError) as error:
        raise Problem(
            f"PostgreSQL refuses the connection: {error}", remedy="is UEM_POSTGRES_URL right?"
        ) from error
    try:
        for service, given in credentials.items():
            await _provision_one(connection, database_name(service), given)
    except asyncpg.InsufficientPrivilegeError as error:
        raise Problem(
            f"the role of UEM_POSTGRES_URL may not create databases: {error}",
            remedy="ALTER ROLE … CREATEDB CREATEROLE, or use the embedded server",
        ) from error
    finally:
        await connection.close()


async def drop(superuser_url: str, services: Iterable[str]) -> None:
    """No database and no role of the services is left on the server."""
    connection = await asyncpg.connect(superuser_url, timeout=10)
    try:
        for service in services:
            name = database_name(service)
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            for role in (application_role(name), name):
                await connection.execute(f'DROP ROLE IF EXISTS "{role}"')
    finally:
        await connection.close()


async def _provision_one(connection: asyncpg.Connection, name: str, given: Credentials) -> None:
    application = application_role(name)
    await _role(connection, name, given.owner)
    await _role(connection, application, given.application)
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f'GRANT "{name}" TO CURRENT_USER')  # PG 16: to make it the owner
        await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
        await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{application}"')


async def _role(connection: asyncpg.Connection, name: str, password: str) -> None:
    there = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    verb = "ALTER" if there else "CREATE"
    await connection.execute(f"{verb} ROLE \"{name}\" LOGIN PASSWORD '{_quoted(password)}'")


def _url(superuser_url: str, database: str, *, role: str, password: str) -> str:
    parts = urlsplit(superuser_url)
    place = f"{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(("postgresql", f"{role}:{password}@{place}", f"/{database}", parts.query, ""))


def _quoted(text: str) -> str:
    return text.replace("'", "''")
