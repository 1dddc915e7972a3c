"""Vectors of photos, one `vec0` table for each model that made them.

sqlite-vec keeps the vectors; ranking happens in memory on a copy (see `search.ranking`), which
`Vectors.load` and `Vectors.changed_since` fill. What still has to be embedded is a query.
Writing methods expect to be called inside `Library.write()`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import apsw
import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.photo import PhotoId
from memoryhunter.library.photos import SHOWN

# A photo is due when no vector of its present content is stored for the model, nor a failure.
_DUE = (
    f"{SHOWN} AND NOT EXISTS ("
    "SELECT 1 FROM embedded WHERE embedded.model_id = ? AND embedded.photo_id = photos.id"
    " AND embedded.content_hash = photos.content_hash)"
)
# The photos shown that are not due.
_SETTLED = (
    "embedded JOIN photos ON photos.id = photo_id"
    " AND photos.content_hash = embedded.content_hash"
    f" WHERE model_id = ? AND {SHOWN}"
)
# Those of them that the model gave no usable vector for.
_FAILED = f"{_SETTLED} AND embedded.failure IS NOT NULL"


@dataclass(frozen=True, slots=True)
class VectorBlock:
    """Vectors as arrays: `ids` int64 (n,), `vectors` float32 (n, dimension), row by row."""

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]


class Vectors:
    """The vectors of one model, through one connection."""

    def __init__(self, connection: apsw.Connection, model_id: int, dimension: int) -> None:
        """Use `Library.vectors`, which knows the model's number."""
        self._db = connection
        self._model = model_id
        self._table = vector_table(model_id)
        self.dimension = dimension

    @property
    def number(self) -> int:
        """The number of the model in this library; it is never given to another."""
        return self._model

    # What is there

    def count(self) -> int:
        """Count the photos shown that have a vector of their present content."""
        return int(
            self._db.execute(
                f"SELECT count(*) FROM {_SETTLED} AND embedded.failure IS NULL", (self._model,)
            ).get
        )

    def seen_count(self) -> int:
        """Count the photos shown that the model has seen, also those it could not understand."""
        return int(self._db.execute(f"SELECT count(*) FROM {_SETTLED}", (self._model,)).get)

    def out_of_reach_count(self) -> int:
        """Count those of the backlog that wait until their folder is connected again."""
        return int(
            self._db.execute(
                "SELECT count(*) FROM photos JOIN folders ON folders.id = folder_id"
                f" WHERE NOT folders.online AND {_DUE}",
                (self._model,),
            ).get
        )

    def backlog_count(self) -> int:
        """Count the photos that still have to be embedded, in reach or not.

        They are those shown and not settled: 14 ms for 100,000 photos, where looking each of
        them up in `embedded` takes 200-280.
        """
        return int(
            self._db.execute(
                f"SELECT (SELECT count(*) FROM photos WHERE {SHOWN})"
                f" - (SELECT count(*) FROM {_SETTLED})",
                (self._model,),
            ).get
        )

    def backlog(self) -> list[PhotoId]:
        """List the photos in reach that still have to be embedded, newest first."""
        return [
            photo_id
            for (photo_id,) in self._db.execute(
                "SELECT photos.id FROM photos JOIN folders ON folders.id = folder_id"
                f" WHERE folders.online AND {_DUE} ORDER BY captured_at DESC, photos.id DESC",
                (self._model,),
            )
        ]

    def last_due(self) -> PhotoId | None:
        """Give the oldest of the photos that still have to be embedded, the last one to be.

        Found at once while there is a long backlog (it is done from the other end), and as slow
        as a look at every photo when there is none (200 ms for 100,000).
        """
        row = self._db.execute(
            f"SELECT photos.id FROM photos WHERE {_DUE} ORDER BY captured_at, photos.id LIMIT 1",
            (self._model,),
        ).fetchone()
        return None if row is None else int(row[0])

    def is_due(self, photo_id: PhotoId) -> bool:
        """Whether this photo still has to be embedded."""
        row = self._db.execute(
            f"SELECT 1 FROM photos WHERE {_DUE} AND photos.id = ?", (self._model, photo_id)
        ).fetchone()
        return row is not None

    def failed(self) -> list[PhotoId]:
        """List the photos in reach that the model gave no usable vector for, newest first."""
        return [
            photo_id
            for (photo_id,) in self._db.execute(
                f"SELECT photos.id FROM {_FAILED} AND photo_id IN ("
                "SELECT photos.id FROM photos JOIN folders ON folders.id = folder_id"
                " WHERE folders.online) ORDER BY captured_at DESC, photos.id DESC",
                (self._model,),
            )
        ]

    def has_failed(self, photo_id: PhotoId) -> bool:
        """Whether the model gave no usable vector for the present content of this photo."""
        row = self._db.execute(
            f"SELECT 1 FROM {_FAILED} AND photo_id = ?", (self._model, photo_id)
        ).fetchone()
        return row is not None

    def get(self, photo_id: PhotoId) -> NDArray[np.float32] | None:
        """Give the vector of a photo, float32 (dimension,)."""
        row = self._db.execute(
            f"SELECT embedding FROM {self._table} WHERE photo_id = ?", (photo_id,)
        ).fetchone()
        return None if row is None else np.frombuffer(row[0], np.float32)

    def current(self, photo_id: PhotoId) -> NDArray[np.float32] | None:
        """Give the vector of a photo if it was made from its present content."""
        return None if self.is_due(photo_id) else self.get(photo_id)

    def holder_of(self, content_hash: str) -> PhotoId | None:
        """Give a photo of this content that has a vector."""
        row = self._db.execute(
            "SELECT photo_id FROM embedded JOIN photos ON photos.id = photo_id"
            " WHERE photos.content_hash = ? AND model_id = ?"
            " AND embedded.content_hash = photos.content_hash AND embedded.failure IS NULL",
            (content_hash, self._model),
        ).fetchone()
        return None if row is None else int(row[0])

    # For a copy in memory

    def sequence(self) -> int:
        """Give the number of the last write."""
        return int(self._db.execute("SELECT sequence FROM models WHERE id = ?", (self._model,)).get)

    def load(self) -> VectorBlock:
        """Read all vectors at once.

        Reads the chunks of sqlite-vec 0.1.9 directly: 1.4 s for 100,000 x 512 where going through
        the virtual table row by row takes 4.7 s. A test holds both ways together.
        """
        count = self._db.execute(f"SELECT count(*) FROM {self._table}_rowids").get
        ids = np.empty(count, np.int64)
        # Filled in place: a second copy of the vectors would be most of the program's memory.
        vectors = np.empty((count, self.dimension), np.float32)
        filled = 0
        for validity, rowids, chunk in self._db.execute(
            "SELECT c.validity, c.rowids, v.vectors"
            f" FROM {self._table}_chunks AS c JOIN {self._table}_vector_chunks00 AS v"
            " ON v.rowid = c.chunk_id ORDER BY c.chunk_id"
        ):
            used = np.unpackbits(np.frombuffer(validity, np.uint8), bitorder="little").astype(bool)
            end = filled + int(used.sum())
            ids[filled:end] = np.frombuffer(rowids, np.int64)[used]
            vectors[filled:end] = np.frombuffer(chunk, np.float32).reshape(-1, self.dimension)[used]
            filled = end
        return VectorBlock(ids[:filled], vectors[:filled])

    def changed_since(self, sequence: int) -> VectorBlock:
        """Read the vectors written after `sequence`."""
        ids = [
            photo_id
            for (photo_id,) in self._db.execute(
                "SELECT photo_id FROM embedded"
                " WHERE model_id = ? AND sequence > ? AND failure IS NULL",
                (self._model, sequence),
            )
        ]
        rows = [(each, vector) for each in ids if (vector := self.get(each)) is not None]
        if not rows:
            return self._empty()
        return VectorBlock(
            np.array([each for each, _ in rows], np.int64), np.stack([row for _, row in rows])
        )

    def current_ids(self, clause: str, values: Sequence[Any]) -> NDArray[np.int64]:
        """List the photos shown, passing an SQL clause, whose vector is of their present content.

        Sorted by id.
        """
        rows = self._db.execute(
            "SELECT photos.id FROM embedded JOIN photos ON photos.id = embedded.photo_id"
            " AND photos.content_hash = embedded.content_hash WHERE embedded.model_id = ?"
            f" AND embedded.failure IS NULL AND {SHOWN} AND {clause} ORDER BY photos.id",
            (self._model, *values),
        )
        return np.fromiter((photo_id for (photo_id,) in rows), np.int64)

    # What the indexer writes

    def store(self, rows: Sequence[tuple[PhotoId, str]], vectors: NDArray[np.float32]) -> None:
        """Store vectors, float32 (n, dimension) of unit length, for (photo id, content hash) rows.

        Raises `ValueError` for vectors sqlite-vec would take and then rank wrongly.
        """
        if vectors.shape != (len(rows), self.dimension):
            raise ValueError(f"expected {(len(rows), self.dimension)}, got {vectors.shape}")
        norms = np.linalg.norm(vectors, axis=1)
        if not np.all(np.abs(norms - 1) < 1e-3):  # also false for NaN and infinity
            raise ValueError("vectors must be finite and of unit length")
        self._note(rows, failure=None)
        for (photo_id, _), vector in zip(rows, vectors.astype(np.float32), strict=True):
            # sqlite-vec 0.1.9 raises on INSERT OR REPLACE.
            self._db.execute(f"DELETE FROM {self._table} WHERE photo_id = ?", (photo_id,))
            self._db.execute(
                f"INSERT INTO {self._table} (photo_id, embedding) VALUES (?, ?)",
                (photo_id, vector.tobytes()),
            )

    def copy(self, holder: PhotoId, photo_id: PhotoId, content_hash: str) -> None:
        """Give a photo the vector of another one of the same content."""
        vector = self.get(holder)
        if vector is not None:
            self.store([(photo_id, content_hash)], vector[np.newaxis])

    def put_failure(self, photo_id: PhotoId, content_hash: str, reason: str) -> None:
        """Remember that the model gives no usable vector for this content."""
        self._note([(photo_id, content_hash)], failure=reason)
        self._db.execute(f"DELETE FROM {self._table} WHERE photo_id = ?", (photo_id,))

    def _note(self, rows: Iterable[tuple[PhotoId, str]], failure: str | None) -> None:
        sequence = self._db.execute(
            "UPDATE models SET sequence = sequence + 1 WHERE id = ? RETURNING sequence",
            (self._model,),
        ).get
        self._db.executemany(
            "INSERT INTO embedded (model_id, photo_id, content_hash, sequence, failure)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (model_id, photo_id) DO UPDATE SET"
            " content_hash = excluded.content_hash, sequence = excluded.sequence,"
            " failure = excluded.failure",
            [(self._model, photo_id, content, sequence, failure) for photo_id, content in rows],
        )

    def _empty(self) -> VectorBlock:
        return VectorBlock(np.empty(0, np.int64), np.empty((0, self.dimension), np.float32))


def vector_table(model_id: int) -> str:
    """Name the `vec0` table of a model. It is never renamed: that makes it unusable."""
    return f"vectors_{model_id}"


def open_vectors(
    connection: apsw.Connection, fingerprint: str, name: str, dimension: int
) -> Vectors:
    """Give the vectors of a model, its table made when it is new (inside `Library.write()`)."""
    model_id = connection.execute(
        "INSERT INTO models (fingerprint, name, dimension) VALUES (?, ?, ?)"
        " ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name RETURNING id",
        (fingerprint, name, dimension),
    ).get
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {vector_table(model_id)}"
        f" USING vec0(photo_id INTEGER PRIMARY KEY, embedding float[{dimension}])"
    )
    return Vectors(connection, model_id, dimension)


def find_vectors(connection: apsw.Connection, fingerprint: str) -> Vectors | None:
    """Give the vectors of a model that has some here; writes nothing."""
    row = connection.execute(
        "SELECT id, dimension FROM models WHERE fingerprint = ?", (fingerprint,)
    ).fetchone()
    return None if row is None else Vectors(connection, row[0], row[1])


def delete_vectors(connection: apsw.Connection, ids: Iterable[PhotoId]) -> None:
    """Remove the vectors of photos, of every model (inside `Library.write()`)."""
    rows = [(photo_id,) for photo_id in ids]
    models: list[Any] = connection.execute("SELECT id FROM models").fetchall()
    for (model_id,) in models:
        connection.executemany(f"DELETE FROM {vector_table(model_id)} WHERE photo_id = ?", rows)
    connection.executemany("DELETE FROM embedded WHERE photo_id = ?", rows)
