"""Runs the program and tells, last, which packages it and its workers had loaded.

A program of its own, because a worker process imports again what started it.
"""

import json
import sys

from memoryhunter.main import main


def _tops(names: set[str]) -> list[str]:
    return sorted({name.partition(".")[0] for name in names})


def _run() -> int:
    from memoryhunter.media.worker import Request  # noqa: PLC0415 not in the workers' way
    from memoryhunter.media.workers import MediaPool  # noqa: PLC0415
    from tests.media.misbehaviour import loaded_modules  # noqa: PLC0415

    inside: set[str] = set()
    close = MediaPool.close

    def look_and_close(pool: MediaPool) -> None:
        if pool._lanes:  # it did work
            looks = [pool._submit(Request(loaded_modules, None)) for _ in range(pool.workers)]
            inside.update(*(look.result(60) for look in looks))
        close(pool)

    MediaPool.close = look_and_close  # type: ignore[method-assign,assignment]
    status = main(sys.argv[1:])
    loaded = {"program": _tops(set(sys.modules)), "workers": _tops(inside)}
    print("LOADED", json.dumps(loaded))
    return status


if __name__ == "__main__":
    sys.exit(_run())
