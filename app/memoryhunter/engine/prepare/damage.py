"""What became of a model's file that is not what its name says, in words that help.

Files that came by a browser, by git or by a line that broke are the usual ones.
"""

from pathlib import Path

from memoryhunter.engine.download.content import is_page

_LOOK = 4096
# github.com/git-lfs/git-lfs, docs/spec.md
_POINTER = b"version https://git-lfs.github.com/spec/"


def why_damaged(path: Path) -> str | None:
    """Say what a file is instead of itself, and what to do; None if its beginning tells nothing.

    Raises OSError.
    """
    with path.open("rb") as file:
        start = file.read(_LOOK)
    if not start:
        return f"{path.name} is empty; download it again"
    if is_page(start):
        return f"{path.name} is a web page that was saved by this name; download the file itself"
    if start.startswith(_POINTER):
        return (
            f"{path.name} only says where git keeps the file; fetch it with 'git lfs pull', or"
            " download the file itself"
        )
    return None


def not_whole(path: Path, why: str = "") -> str:
    """Say that a file did not come completely, or was changed since."""
    about = f" ({why})" if why else ""
    return f"{path.name} is damaged, or did not come completely{about}; download it again"
