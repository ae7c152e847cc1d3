"""Migrations of the services, run in one process against the databases of a stack."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from chassis import migrations
from chassis.settings import Deployment
from chassis.stamp import StampMismatch
from uem.problem import Problem
from uem.stack.databases import application_role


def upgrade(urls: Mapping[str, str], *, deployment: str) -> None:
    """Every database, by its service's package, is at the newest migration, with the stamp.

    The addresses are the owners'; their application roles may work on the tables afterwards.
    Raises `Problem` when a database was born as the other kind of deployment, or when a
    migration fails; a failed one has changed nothing.
    """
    for package, url in urls.items():
        try:
            migrations.upgrade(
                f"{package}.migrations",
                url=url,
                deployment=Deployment(deployment),
                application=application_role(urlsplit(url).username or ""),
            )
        except StampMismatch as error:
            raise Problem(
                f"the database of {package} is of another kind of deployment: {error}",
                remedy="start it as what it is (with or without --rehearsal), or uem reset, "
                "or UEM_HOME=FOLDER for a second stack",
            ) from error
        except (SQLAlchemyError, CommandError) as error:
            raise Problem(
                f"the migration of {package} failed: {str(error).splitlines()[0]}",
                remedy="mend the migration; the database is as it was before",
            ) from error
