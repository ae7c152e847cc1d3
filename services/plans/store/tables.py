"""The one MetaData that every table of this service belongs to."""

from chassis import database

metadata = database.metadata()
