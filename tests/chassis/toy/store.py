"""Jars as rows."""

from sqlalchemy import ARRAY, Boolean, Column, Integer, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import database, documents
from chassis.policy import Visible
from tests.chassis.toy.domain import Jar

metadata = database.metadata()
JAR = documents.table(
    "jar",
    metadata,
    Column("label", Text, nullable=False),
    Column("marbles", Integer, nullable=False),
    Column("shelf", Text),
    Column("area", Text),
    Column("owners", ARRAY(Text)),
    Column("sealed", Boolean),
    visible=Visible(area="area", organizations=("owners", "shelf"), sealed="sealed"),
)


async def see_jar(db: AsyncConnection, jar_id: str) -> Jar:
    return await documents.load(db, JAR, jar_id, Jar)


async def get_jar(db: AsyncConnection, jar_id: str) -> Jar:
    return await documents.load(db, JAR, jar_id, Jar, lock=True)


async def put_jar(db: AsyncConnection, jar: Jar, **columns: object) -> Jar:
    return await documents.save(db, JAR, jar, **columns)
