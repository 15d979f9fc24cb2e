"""The database's own refusal to change the trail: a trigger, put in place after every migration.

It stops slips and careless scripts. Who owns the database can take it off, and is then found out by the chain. SQLite empties
tables by deleting, so there only changes are refused; PostgreSQL refuses deleting too. A restore replaces the whole site: it
empties the table, which neither refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keshu.apps.bureau.models import AuditEntry

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = AuditEntry._meta.db_table
NAME = "trail_entry_stays"
REFUSAL = "the trail is never changed"
_SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS {NAME} BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"""
_POSTGRES = f"CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()"
_IS_THERE = "SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the trigger in place unless it is there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_SQLITE)
        elif connection.vendor == "postgresql":
            cursor.execute(_IS_THERE, [NAME, TABLE])
            if cursor.fetchone() is None:
                cursor.execute(_FUNCTION)
                cursor.execute(_POSTGRES)
