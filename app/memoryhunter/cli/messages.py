"""The sentences of the command line, in English."""

from collections import defaultdict

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason

_ERRORS = {
    ErrorCode.FOLDER_NOT_FOUND: "There is no folder {path}.",
    ErrorCode.NOT_A_FOLDER: "{path} is not a folder.",
    ErrorCode.FOLDER_HOLDS_OUR_FILES: (
        "{path} holds MemoryHunter's own files; choose a folder of photos."
    ),
    ErrorCode.FILE_NOT_FOUND: "There is no file {path}.",
    ErrorCode.PICTURE_UNREADABLE: "{path} cannot be read: {reason}.",
    ErrorCode.EMPTY_QUERY: "Nothing to search for: give some words, or a picture with --image.",
    ErrorCode.CAPTIONS_INVALID: "{path} is not a list of captions: {detail}.",
    ErrorCode.NO_PICTURE_READABLE: (
        "No picture that the captions name can be read; the first is {path}: {reason}."
    ),
    ErrorCode.NO_MODEL: (
        "No model is installed, so photos cannot be searched by what is in them. Install one with"
        " 'memoryhunter models install FOLDER'."
    ),
    ErrorCode.MODEL_UNKNOWN: (
        "There is no model {model}; 'memoryhunter models' lists those installed."
    ),
    ErrorCode.MODEL_NOT_A_PACKAGE: "{path} is not an installed model: {detail}.",
    ErrorCode.MODEL_SOURCE_INVALID: "{path} does not hold a model that can be installed: {detail}.",
    ErrorCode.MODEL_DAMAGED: "The model {model} is damaged, install it again: {detail}.",
    ErrorCode.MODEL_PREPARATION_FAILED: "The model in {path} could not be prepared: {detail}.",
    ErrorCode.LIBRARY_DAMAGED: "The library {path} is damaged: {detail}.",
    ErrorCode.LIBRARY_NEWER: (
        "The library {path} was made by a newer MemoryHunter ({detail}); please update."
    ),
    ErrorCode.LIBRARY_LOCKED: "The library {path} is in use by another program; try again.",
    ErrorCode.LIBRARY_UNAVAILABLE: "The library {path} cannot be opened: {detail}.",
    ErrorCode.LIBRARY_BUSY_INDEXING: (
        "Another MemoryHunter already keeps this library up to date: its window is open, or it is"
        " indexing."
    ),
    ErrorCode.INDEXING_INTERRUPTED: "Bringing the library up to date was interrupted: {detail}.",
    ErrorCode.DISK_FULL: "Cannot write to {path}, the disk may be full: {detail}.",
    ErrorCode.HOME_UNUSABLE: "MemoryHunter cannot keep its files in {path}: {detail}.",
}

_REASONS = {
    FailureReason.VANISHED: "the file is gone",
    FailureReason.NO_PERMISSION: "no permission to read it",
    FailureReason.NOT_A_FILE: "it is not an ordinary file",
    FailureReason.EMPTY: "the file is empty",
    FailureReason.NOT_A_PICTURE: "its content is not a picture of a supported format",
    FailureReason.DAMAGED: "the picture is damaged or incomplete",
    FailureReason.TOO_LARGE: "the picture has too many pixels",
    FailureReason.TOO_SLOW: "reading it took too long",
    FailureReason.OUT_OF_MEMORY: "reading it needs too much memory",
    FailureReason.CRASHED: "its decoder crashed",
    FailureReason.UNREADABLE: "the disk or network reported an error",
    FailureReason.NOT_UNDERSTOOD: "the model gave no usable answer for it",
}


def error_sentence(error: UserError) -> str:
    """Give the sentence for an error, on one line."""
    values = defaultdict(str, {name: str(value) for name, value in error.values.items()})
    if "reason" in values:
        values["reason"] = failure_words(values["reason"])
    sentence = _ERRORS[error.code].format_map(values)
    # A detail from elsewhere may be absent, or bring a full stop or a line break of its own.
    return " ".join(sentence.split()).replace(": .", ".").replace("..", ".")


def failure_words(reason: str) -> str:
    """Give the words for a reason stored in the library."""
    try:
        return _REASONS[FailureReason(reason)]
    except ValueError:
        return reason
