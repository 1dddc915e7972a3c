"""Why a single file could not become a photo."""

from enum import StrEnum


class FailureReason(StrEnum):
    """Reasons in the words stored in the library; each interface has a sentence for each."""

    VANISHED = "vanished"  # gone between being listed and being read
    NO_PERMISSION = "no-permission"
    NOT_A_FILE = "not-a-file"  # a pipe, a socket, a device or a folder
    EMPTY = "empty"
    NOT_A_PICTURE = "not-a-picture"  # the content is of no supported format
    DAMAGED = "damaged"  # truncated or corrupt
    TOO_LARGE = "too-large"  # more pixels than decoding allows
    TOO_SLOW = "too-slow"  # passed the time limit
    OUT_OF_MEMORY = "out-of-memory"
    CRASHED = "crashed"  # took its decoding process down
    UNREADABLE = "unreadable"  # the disk or the network reported an error
    NOT_UNDERSTOOD = "not-understood"  # the model gave no usable vector


# Reasons that say more about the moment than about the file: a drive that was dropping out, a
# machine short of memory, a permission since given. The file's stamp does not change when the
# moment passes, so these are tried again although it is the same.
TRANSIENT: frozenset[FailureReason] = frozenset(
    {
        FailureReason.NO_PERMISSION,
        FailureReason.TOO_SLOW,
        FailureReason.OUT_OF_MEMORY,
        FailureReason.CRASHED,
        FailureReason.UNREADABLE,
    }
)


class FileFailure(Exception):
    """A file that cannot be read: recorded with its reason, then passed over."""

    def __init__(self, reason: FailureReason, detail: str = "") -> None:
        """`detail` is for experts, in English, one line, without the path."""
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
