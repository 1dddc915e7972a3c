"""Tells which SQLite and sqlite-vec are at work, after trying both."""

import apsw
import sqlite_vec


def database_versions() -> dict[str, str]:
    """Load sqlite-vec into a database in memory and rank one vector with it."""
    connection = apsw.Connection(":memory:")
    try:
        connection.enable_load_extension(True)
        connection.load_extension(sqlite_vec.loadable_path())
        version = connection.execute("SELECT vec_version()").get
        connection.execute("CREATE VIRTUAL TABLE probe USING vec0(embedding float[2])")
        connection.execute("INSERT INTO probe (rowid, embedding) VALUES (1, '[1, 0]')")
        connection.execute("SELECT rowid FROM probe WHERE embedding MATCH '[1, 0]' AND k = 1").get  # noqa: B018 runs it
    finally:
        connection.close()
    return {
        "sqlite": apsw.sqlite_lib_version(),
        "apsw": apsw.apsw_version(),
        "sqlite_vec": str(version),
    }
