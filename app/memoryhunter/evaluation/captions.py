"""Reading a list of captions: which picture each sentence describes."""

import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from memoryhunter.domain.errors import ErrorCode, UserError

# Far above any list of captions; what is larger was given by mistake, and might fill the memory.
_MOST_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Captions:
    """Pictures and what is said of them.

    `pictures` are the names in the order of their first mention, each once. `sentences` and
    `owners` are in the order of the lines; an owner is a position in `pictures`.
    """

    pictures: tuple[str, ...]
    sentences: tuple[str, ...]
    owners: tuple[int, ...]


def read_captions(path: Path) -> Captions:
    """Read a file of lines "picture's file name, a tab, a sentence" in UTF-8.

    A byte order mark, Windows line ends and blank lines are fine. A name may lead into
    subfolders, never out of the folder of pictures.

    Raises UserError FILE_NOT_FOUND where there is no such file, CAPTIONS_INVALID with path and
    detail (which names the line) for anything else that is wrong.
    """
    pictures: dict[str, int] = {}
    sentences: list[str] = []
    owners: list[int] = []
    # Only line feeds end a line: captions may hold the other characters splitlines() splits at.
    for number, line in enumerate(_content(path).split(b"\n"), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            raise _invalid(path, f"line {number} is not UTF-8 text") from None
        if not text.strip():
            continue
        picture, tab, sentence = text.partition("\t")
        picture, sentence = picture.strip(), sentence.strip()
        if not tab:
            raise _invalid(path, f"line {number} has no tab between file name and sentence")
        if not picture or not sentence:
            missing = "sentence" if picture else "file name"
            raise _invalid(path, f"line {number} has no {missing}")
        if _leads_out(picture):
            raise _invalid(path, f"line {number} names a file outside the folder of pictures")
        owners.append(pictures.setdefault(picture, len(pictures)))
        sentences.append(sentence)
    if not sentences:
        raise _invalid(path, "it is empty")
    return Captions(tuple(pictures), tuple(sentences), tuple(owners))


def _content(path: Path) -> bytes:
    try:
        # Before it is opened, for some devices wait or give without an end. A pipe is all right:
        # a shell's <(command) is one.
        kind = path.stat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind) or stat.S_ISDIR(kind)):
            raise _invalid(path, "it is not an ordinary file")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise UserError(ErrorCode.FILE_NOT_FOUND, path=str(path)) from None
    except OSError as error:
        raise _invalid(path, error.strerror or str(error)) from error
    if len(content) > _MOST_BYTES:
        raise _invalid(path, f"it is larger than {_MOST_BYTES >> 20} MB")
    return content.removeprefix(b"\xef\xbb\xbf")


def _leads_out(name: str) -> bool:
    """Whether a name is more than a way down; Windows' rules count everywhere, for one answer."""
    return (
        any(
            path.is_absolute() or path.drive or path.root or ".." in path.parts
            for path in (PurePosixPath(name), PureWindowsPath(name))
        )
        or "\0" in name
    )


def _invalid(path: Path, detail: str) -> UserError:
    return UserError(ErrorCode.CAPTIONS_INVALID, path=str(path), detail=detail)
