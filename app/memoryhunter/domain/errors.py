"""The errors a person can do something about, as codes with values.

Code below the interfaces raises `UserError`; the command line and the window own the
sentences (`cli/messages.py`, `gui/messages.py`), so that no lower layer speaks a language.
A `FileFailure` (see `failures`) is recorded and passed over; any other exception is a bug.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """What went wrong; the names of the values each code carries stand beside it."""

    FOLDER_NOT_FOUND = "folder-not-found"  # path
    NOT_A_FOLDER = "not-a-folder"  # path
    FOLDER_HOLDS_OUR_FILES = "folder-holds-our-files"  # path
    FILE_NOT_FOUND = "file-not-found"  # path
    PICTURE_UNREADABLE = "picture-unreadable"  # path, reason (a FailureReason), detail
    EMPTY_QUERY = "empty-query"  # nothing
    CAPTIONS_INVALID = "captions-invalid"  # path, detail
    NO_PICTURE_READABLE = "no-picture-readable"  # path (the first), reason, detail
    NO_MODEL = "no-model"  # nothing
    MODEL_UNKNOWN = "model-unknown"  # model
    MODEL_NOT_A_PACKAGE = "model-not-a-package"  # path, detail
    MODEL_SOURCE_INVALID = "model-source-invalid"  # path, detail
    MODEL_DAMAGED = "model-damaged"  # model, detail
    MODEL_PREPARATION_FAILED = "model-preparation-failed"  # path, detail
    MODEL_BUILT_IN = "model-built-in"  # model
    MODEL_NOT_REMOVED = "model-not-removed"  # model, detail
    MODEL_IS_ANOTHER = "model-is-another"  # path, model (wanted), found
    INSTALLATION_RUNNING = "installation-running"  # nothing
    CATALOGUE_INVALID = "catalogue-invalid"  # path, detail
    SOURCE_UNKNOWN = "source-unknown"  # source, known
    DOWNLOAD_FAILED = "download-failed"  # model, sources, trouble (a Trouble), detail
    DOWNLOAD_DAMAGED = "download-damaged"  # model, sources, detail
    DOWNLOAD_RUNNING = "download-running"  # model
    NO_NETWORK = "no-network"  # sources, detail
    PROXY_FAILED = "proxy-failed"  # proxy, detail
    NOT_ENOUGH_SPACE = "not-enough-space"  # path, needed, free (both in megabytes)
    LIBRARY_DAMAGED = "library-damaged"  # path, detail
    LIBRARY_NEWER = "library-newer"  # path, detail
    LIBRARY_LOCKED = "library-locked"  # path, detail
    LIBRARY_UNAVAILABLE = "library-unavailable"  # path, detail
    LIBRARY_BUSY_INDEXING = "library-busy-indexing"  # nothing
    GRAPHICS_CARD_GAVE_UP = "graphics-card-gave-up"  # card, detail
    INDEXING_INTERRUPTED = "indexing-interrupted"  # detail
    DISK_FULL = "disk-full"  # path, detail
    HOME_UNUSABLE = "home-unusable"  # path, detail


class UserError(Exception):
    """An expected problem, shown politely in one sentence.

    `code` picks the sentence; `values` fill its gaps. Values are strings or numbers only.
    """

    def __init__(self, code: ErrorCode, /, **values: str | int) -> None:
        """Remember the code and the values of its sentence."""
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        """Give a line for logs; people see the sentence of their language instead."""
        shown = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({shown})"
