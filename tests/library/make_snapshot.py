"""Freezes the present schema: `python tests/library/make_snapshot.py`, once for each migration.

A released snapshot is never made again; `test_migrations.py` opens all of them.
"""

from pathlib import Path

import numpy as np

from memoryhunter.domain.failures import FailureReason
from memoryhunter.domain.photo import CaptureSource, FileStamp, PhotoFacts
from memoryhunter.library.library import Library
from memoryhunter.library.migrations import migration_names


def main() -> None:
    """Write the snapshot of the newest schema."""
    path = Path(__file__).parent / "snapshots" / f"{migration_names()[-1]}.db"
    path.parent.mkdir(exist_ok=True)
    with Library(path) as library:
        facts = PhotoFacts(
            "jpeg",
            4000,
            3000,
            1,
            "2023-06-07T08:15:00",
            CaptureSource.EXIF,
            "Canon EOS R5",
            31.2,
            121.5,
        )
        with library.write():
            folder = library.folders.add(Path("/photos"))
            rows = []
            for number, name in enumerate(["beach.jpg", "旅行/海边.jpg"]):
                content = f"{number:032x}"
                photo = library.files.put(folder, name, FileStamp(1000, number), content, facts)
                rows.append((photo, content))
            library.files.put_failure(
                folder, "broken.jpg", FileStamp(10, 3), FailureReason.DAMAGED, "cut short"
            )
        vectors = library.vectors("snapshot", "snapshot-model", 8)
        with library.write():
            vectors.store(rows, np.eye(2, 8, dtype=np.float32))
        # One file, without the write-ahead log beside it.
        library._db.pragma("journal_mode", "delete")


if __name__ == "__main__":
    main()
