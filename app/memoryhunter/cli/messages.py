"""The sentences of the command line, in English."""

from collections import defaultdict

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason
from memoryhunter.engine.download.trouble import Trouble

_DAMAGED = "The files of {model} at {sources} are not what they should be: {detail}."

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
        " 'memoryhunter models install ID'; 'memoryhunter models' lists what there is."
    ),
    ErrorCode.MODEL_UNKNOWN: "There is no model {model}; 'memoryhunter models' lists them all.",
    ErrorCode.MODEL_NOT_A_PACKAGE: "{path} is not an installed model: {detail}.",
    ErrorCode.MODEL_SOURCE_INVALID: "{path} does not hold a model that can be installed: {detail}.",
    ErrorCode.MODEL_DAMAGED: "The model {model} is damaged, install it again: {detail}.",
    ErrorCode.MODEL_PREPARATION_FAILED: "The model in {path} could not be prepared: {detail}.",
    ErrorCode.MODEL_BUILT_IN: "The model {model} is part of the program and cannot be removed.",
    ErrorCode.MODEL_NOT_REMOVED: (
        "The files of the model {model} cannot be removed: {detail}. Close other programs that may"
        " use them, MemoryHunter's window among them, and try again."
    ),
    ErrorCode.MODEL_IS_ANOTHER: "{path} holds the model {found}, not {model}.",
    ErrorCode.INSTALLATION_RUNNING: (
        "Another MemoryHunter is installing or removing a model; try again when it is done."
    ),
    ErrorCode.CATALOGUE_INVALID: "The list of models {path} cannot be read: {detail}.",
    ErrorCode.SOURCE_UNKNOWN: "There is no source {source} for this model; there is {known}.",
    ErrorCode.DOWNLOAD_FAILED: (
        "The model {model} could not be downloaded from {sources}: {trouble} ({detail}). Anything"
        " that has come is kept; run it again to continue."
    ),
    ErrorCode.DOWNLOAD_DAMAGED: (
        f"{_DAMAGED} Try another source with --source; if the model was published anew,"
        " 'memoryhunter models remove {model}' forgets what its files were before."
    ),
    ErrorCode.DOWNLOAD_RUNNING: "Another MemoryHunter is downloading the model {model} already.",
    ErrorCode.NO_NETWORK: (
        "There is no connection to {sources}; check that this computer is on the Internet, then run"
        " it again to continue: {detail}."
    ),
    ErrorCode.PROXY_FAILED: (
        "The proxy {proxy} does not let the download through; correct it in the system's settings"
        " or in the environment (HTTPS_PROXY, ALL_PROXY): {detail}."
    ),
    ErrorCode.NOT_ENOUGH_SPACE: (
        "The disk of {path} has {free} MB free, and {needed} MB are needed to download and prepare"
        " this model."
    ),
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
    ErrorCode.GRAPHICS_CARD_GAVE_UP: "{card} is not used any more: {detail}.",
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


# The others have codes of their own.
_TROUBLES = {
    Trouble.CERTIFICATE: "the server cannot prove who it is",
    Trouble.REFUSED: "the server refuses it",
    Trouble.BUSY: "the server is too busy, or has a problem of its own",
    Trouble.DROPPED: "the connection breaks again and again",
    Trouble.STALLED: "nothing comes any more",
    Trouble.WEB_PAGE: "the network answers with a web page, perhaps one to log in",
}


def error_sentence(error: UserError) -> str:
    """Give the sentence for an error, on one line."""
    return _filled(_ERRORS[error.code], error)


def built_in_damaged_sentence(error: UserError) -> str:
    """Give the sentence for MODEL_DAMAGED of a model that came with the program."""
    sentence = (
        "The model {model} came with MemoryHunter and is damaged: {detail}. Install MemoryHunter"
        " again, or another model with 'memoryhunter models install"
        " chinese-clip-vit-base-patch16'."
    )
    return _filled(sentence, error)


def built_in_install_sentence(model: str) -> str:
    """Give the sentence for installing a model that is there already."""
    return f"{model} comes with the program; 'memoryhunter models use {model}' searches with it."


def not_installed_sentence(model: str, megabytes: int) -> str:
    """Give the sentence for a model on offer that was asked for before it was installed."""
    return (
        f"{model} is not installed; 'memoryhunter models install {model}' downloads it"
        f" ({megabytes:,} MB)."
    )


def changed_pin_sentence(error: UserError, catalogue: str) -> str:
    """Give the sentence for DOWNLOAD_DAMAGED where the list of models says what the files are."""
    return (
        f"{_filled(_DAMAGED, error)} Try another source with --source; if the model was published"
        f" anew, the list {catalogue} has to say what its files are now."
    )


def _filled(sentence: str, error: UserError) -> str:
    values = defaultdict(str, {name: _one_line(value) for name, value in error.values.items()})
    # A detail comes from elsewhere, may be absent, and may bring a full stop of its own.
    values["detail"] = values["detail"].strip().rstrip(".")
    if "reason" in values:
        values["reason"] = failure_words(values["reason"])
    if "trouble" in values:
        values["trouble"] = _TROUBLES[Trouble(values["trouble"])]
    for name in ("detail", "reason"):
        if not values[name]:
            sentence = sentence.replace(f": {{{name}}}", "").replace(f" ({{{name}}})", "")
    return sentence.format_map(values)


def _one_line(value: str | int) -> str:
    return " ".join(str(value).splitlines())


def failure_words(reason: str) -> str:
    """Give the words for a reason stored in the library."""
    try:
        return _REASONS[FailureReason(reason)]
    except ValueError:
        return reason
