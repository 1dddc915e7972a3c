"""Brings a database to the present schema, one named step at a time.

Each step is a file of plain SQL in `schema/`, never edited once released. Its name is recorded in
the transaction that ran it, so a crash leaves a step undone, never half done.
"""

from importlib import resources

import apsw

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.library.connection import APPLICATION_ID, write


def migration_names() -> list[str]:
    """List the steps in order."""
    folder = resources.files("memoryhunter.library").joinpath("schema")
    return sorted(
        entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql")
    )


def migrate(connection: apsw.Connection) -> None:
    """Apply the steps that are missing; raise `UserError` for a database from the future."""
    known = migration_names()
    applied = _applied(connection)
    version = connection.pragma("user_version")
    if applied - set(known) or version > len(known):
        raise UserError(
            ErrorCode.LIBRARY_NEWER, path=connection.filename, detail=f"schema {version}"
        )
    if applied == set(known):
        return
    with write(connection):
        # Looked up again: another program may have migrated while we waited for the lock.
        applied = _applied(connection)
        if not applied:
            connection.pragma("application_id", APPLICATION_ID)
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations ("
                "name TEXT PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)"
            )
        for name in known:
            if name not in applied:
                connection.execute(_sql(name))
                connection.execute("INSERT INTO migrations (name) VALUES (?)", (name,))
        connection.pragma("user_version", len(known))


def _applied(connection: apsw.Connection) -> set[str]:
    # Not Connection.table_exists: it answers from the schema as it was when last looked at.
    if not connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'migrations'").get:
        return set()
    return {str(name) for (name,) in connection.execute("SELECT name FROM migrations")}


def _sql(name: str) -> str:
    folder = resources.files("memoryhunter.library").joinpath("schema")
    return folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")
