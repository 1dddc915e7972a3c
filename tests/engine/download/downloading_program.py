"""Downloads the tests' small model, as a program that can be killed or given little disk.

`python -m tests.engine.download.downloading_program ADDRESS FOLDER [MOST_BYTES_OF_A_FILE]`
prints how many bytes are here, now and then, and at the end "complete" or the code of the error.
"""

import sys
from pathlib import Path

from memoryhunter.domain.errors import UserError
from memoryhunter.engine.download.downloader import Downloader
from memoryhunter.engine.download.patience import Patience
from tests.engine.download.conftest import make_offer


def main(address: str, folder: Path, most_bytes: int | None) -> None:
    if most_bytes is not None:
        import resource  # noqa: PLC0415 Unix only

        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        Downloader(folder, Patience(stall_seconds=60)).download(
            make_offer(address),
            on_progress=lambda progress: print(progress.done_bytes, flush=True),
        )
    except UserError as error:
        print(error.code.value)
    else:
        print("complete")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
