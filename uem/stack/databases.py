"""A database and a role for every service, on the embedded server or on a given one."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from uem.problem import Problem


def database_name(service: str) -> str:
    """Return the name that a service's database and role bear."""
    return f"uem_{service}"


def service_url(superuser_url: str, service: str, *, password: str) -> str:
    """Return the address of a service's database, for its own role."""
    parts = urlsplit(superuser_url)
    place = f"{parts.hostname}:{parts.port or 5432}"
    name = database_name(service)
    return urlunsplit(("postgresql", f"{name}:{password}@{place}", f"/{name}", parts.query, ""))


async def provision(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Every service has its role (password as given) and a database that only the role enters.

    Raises `Problem` when the server cannot be reached or the role may not create databases.
    """
    try:
        connection = await asyncpg.connect(superuser_url, timeout=10)
    except (OSError, asyncpg.PostgresError) as error:
        raise Problem(
            f"PostgreSQL refuses the connection: {error}", remedy="is UEM_POSTGRES_URL right?"
        ) from error
    try:
        for service, password in passwords.items():
            await _provision_one(connection, database_name(service), password)
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
            await connection.execute(f'DROP ROLE IF EXISTS "{name}"')
    finally:
        await connection.close()


async def _provision_one(connection: asyncpg.Connection, name: str, password: str) -> None:
    role = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    verb = "ALTER" if role else "CREATE"
    await connection.execute(f"{verb} ROLE \"{name}\" LOGIN PASSWORD '{_quoted(password)}'")
    if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        return
    await connection.execute(f'GRANT "{name}" TO CURRENT_USER')  # PG 16: to make it the owner
    await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
    await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')


def _quoted(text: str) -> str:
    return text.replace("'", "''")
