"""The models that made vectors here, and giving back what those take that nobody wants any more.

A model that is not installed is nothing to give up by itself: it may be installed again. Only
what the person removed is. Writing methods expect to be called inside `Library.write()`.
"""

from collections.abc import Collection

import apsw

from memoryhunter.library.photos import SHOWN
from memoryhunter.library.vectors import vector_table


class KnownModels:
    """Models by fingerprint, and by the id that packages of the same model share."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Use `Library.models`."""
        self._db = connection

    def understood(self, model: str) -> int:
        """Count the photos shown that the model of this id, or an earlier one, has understood."""
        return int(
            self._db.execute(
                "SELECT count(DISTINCT photo_id) FROM models"
                " JOIN embedded ON embedded.model_id = models.id"
                " JOIN photos ON photos.id = photo_id"
                " AND photos.content_hash = embedded.content_hash"
                f" WHERE models.name = ? AND embedded.failure IS NULL AND {SHOWN}",
                (model,),
            ).get
        )

    def give_up(self, model: str) -> list[str]:
        """Remember that nobody wants what the model of this id understood.

        Give the fingerprints that this is news of.
        """
        return [
            str(fingerprint)
            for (fingerprint,) in self._db.execute(
                "UPDATE models SET given_up = 1 WHERE name = ? AND NOT given_up"
                " RETURNING fingerprint",
                (model,),
            )
        ]

    def keep(self, fingerprint: str) -> None:
        """Want it after all."""
        self._db.execute("UPDATE models SET given_up = 0 WHERE fingerprint = ?", (fingerprint,))

    def given_up(self, in_use: Collection[str]) -> list[str]:
        """List the fingerprints of those given up, but for those that are `in_use` again."""
        rows = self._db.execute("SELECT fingerprint FROM models WHERE given_up ORDER BY id")
        return [str(each) for (each,) in rows if each not in in_use]

    def forget(self, fingerprint: str) -> None:
        """Delete what a model understood, and that it ever was here.

        For 100,000 photos and 512 dimensions it takes 0.2 s.
        """
        row = self._db.execute(
            "SELECT id FROM models WHERE fingerprint = ?", (fingerprint,)
        ).fetchone()
        if row is None:
            return
        self._db.execute(f"DROP TABLE IF EXISTS {vector_table(row[0])}")
        self._db.execute("DELETE FROM embedded WHERE model_id = ?", (row[0],))
        self._db.execute("DELETE FROM models WHERE id = ?", (row[0],))
