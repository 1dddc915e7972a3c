"""The window's sentence for everything that can go wrong, in the language of the person."""

from collections import defaultdict
from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from memoryhunter.config.resources import comes_with_program
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason
from memoryhunter.engine.download.trouble import Trouble
from memoryhunter.gui.model_names import model_name
from memoryhunter.gui.source_names import source_name

_CONTEXT = "Messages"

# PySide declares what QT_TRANSLATE_NOOP gives as an object; it is the sentence.
_ERRORS: Mapping[ErrorCode, object] = {
    ErrorCode.FOLDER_NOT_FOUND: QT_TRANSLATE_NOOP(
        "Messages",
        "The folder “{path}” is not there. If it is on an external disk or a network drive, "
        "connect it and try again.",
    ),
    ErrorCode.NOT_A_FOLDER: QT_TRANSLATE_NOOP(
        "Messages", "“{path}” is a file. Please choose the folder it is in."
    ),
    ErrorCode.FOLDER_HOLDS_OUR_FILES: QT_TRANSLATE_NOOP(
        "Messages",
        "“{path}” is where MemoryHunter keeps its own files. Please choose a folder with "
        "your photos.",
    ),
    ErrorCode.FILE_NOT_FOUND: QT_TRANSLATE_NOOP(
        "Messages", "The file “{path}” is not there any more. It may have been moved or deleted."
    ),
    ErrorCode.PICTURE_UNREADABLE: QT_TRANSLATE_NOOP(
        "Messages", "The picture “{path}” cannot be used. {reason}"
    ),
    ErrorCode.EMPTY_QUERY: QT_TRANSLATE_NOOP(
        "Messages", "Type a few words about the photo you are looking for."
    ),
    ErrorCode.CAPTIONS_INVALID: QT_TRANSLATE_NOOP(
        "Messages", "“{path}” is not a list of pictures with their descriptions."
    ),
    ErrorCode.NO_PICTURE_READABLE: QT_TRANSLATE_NOOP(
        "Messages", "None of the pictures can be read. The first of them is “{path}”. {reason}"
    ),
    ErrorCode.NO_MODEL: QT_TRANSLATE_NOOP(
        "Messages",
        "Searching by description needs a model, and none is installed yet. You can still "
        "browse your photos.",
    ),
    ErrorCode.MODEL_UNKNOWN: QT_TRANSLATE_NOOP(
        "Messages", "There is no model called “{model}”. Please choose another one."
    ),
    ErrorCode.MODEL_NOT_A_PACKAGE: QT_TRANSLATE_NOOP(
        "Messages",
        "The folder “{path}” holds no model that MemoryHunter can use. Install the model again.",
    ),
    ErrorCode.MODEL_SOURCE_INVALID: QT_TRANSLATE_NOOP(
        "Messages",
        "“{path}” is not a complete Chinese-CLIP model. Download all of its files and try again.",
    ),
    ErrorCode.MODEL_DAMAGED: QT_TRANSLATE_NOOP(
        "Messages", "The files of the model “{model}” are damaged. Install it again."
    ),
    ErrorCode.MODEL_PREPARATION_FAILED: QT_TRANSLATE_NOOP(
        "Messages",
        "The model in “{path}” could not be prepared. Check that there is enough free disk space "
        "and memory, then try again.",
    ),
    ErrorCode.MODEL_BUILT_IN: QT_TRANSLATE_NOOP(
        "Messages", "The model “{model}” came with MemoryHunter and cannot be removed."
    ),
    ErrorCode.MODEL_NOT_REMOVED: QT_TRANSLATE_NOOP(
        "Messages",
        "The files of the model “{model}” cannot be removed at the moment, because something "
        "still uses them. Close other programs or restart MemoryHunter, then try again.",
    ),
    ErrorCode.MODEL_IS_ANOTHER: QT_TRANSLATE_NOOP(
        "Messages",
        "“{path}” holds another model (“{found}”), not “{model}”. Please choose the right one.",
    ),
    ErrorCode.INSTALLATION_RUNNING: QT_TRANSLATE_NOOP(
        "Messages",
        "Another model is being installed or removed. Please try again when that is done.",
    ),
    ErrorCode.CATALOGUE_INVALID: QT_TRANSLATE_NOOP(
        "Messages",
        "The list of models in “{path}” cannot be read. Install MemoryHunter again, or correct "
        "the list if it is your own.",
    ),
    ErrorCode.SOURCE_UNKNOWN: QT_TRANSLATE_NOOP(
        "Messages", "This model is not offered at “{source}”. Please choose one of: {known}."
    ),
    ErrorCode.DOWNLOAD_FAILED: QT_TRANSLATE_NOOP(
        "Messages",
        "The model “{model}” could not be downloaded from {sources}. {trouble}",
    ),
    ErrorCode.DOWNLOAD_DAMAGED: QT_TRANSLATE_NOOP(
        "Messages",
        "What {sources} sent for the model “{model}” is damaged or was changed, so it was not "
        "used. Please choose another source.",
    ),
    ErrorCode.DOWNLOAD_RUNNING: QT_TRANSLATE_NOOP(
        "Messages", "Another MemoryHunter is already downloading the model “{model}”."
    ),
    ErrorCode.NO_NETWORK: QT_TRANSLATE_NOOP(
        "Messages",
        "There is no connection to {sources}. Check that this computer is on the Internet, then "
        "try again.",
    ),
    ErrorCode.PROXY_FAILED: QT_TRANSLATE_NOOP(
        "Messages",
        "The proxy “{proxy}” in this computer’s network settings does not let the download "
        "through. Correct it or switch it off, then try again.",
    ),
    ErrorCode.NOT_ENOUGH_SPACE: QT_TRANSLATE_NOOP(
        "Messages",
        "There is not enough room for this model: it needs {needed} MB, and the disk that holds "
        "“{path}” has {free} MB free.",
    ),
    ErrorCode.LIBRARY_DAMAGED: QT_TRANSLATE_NOOP(
        "Messages",
        "The library in “{path}” is damaged and was left untouched. Your photos are safe. "
        "Restore a backup, or move the library away to start a new one.",
    ),
    ErrorCode.LIBRARY_NEWER: QT_TRANSLATE_NOOP(
        "Messages",
        "The library in “{path}” was made by a newer version of MemoryHunter. Please install "
        "the newest version.",
    ),
    ErrorCode.LIBRARY_LOCKED: QT_TRANSLATE_NOOP(
        "Messages",
        "MemoryHunter is already using the library in “{path}”. Please look for its other window.",
    ),
    ErrorCode.LIBRARY_UNAVAILABLE: QT_TRANSLATE_NOOP(
        "Messages",
        "The library in “{path}” cannot be opened. Check that the disk is connected and that "
        "you may write to this folder.",
    ),
    ErrorCode.LIBRARY_BUSY_INDEXING: QT_TRANSLATE_NOOP(
        "Messages",
        "Another MemoryHunter, a window or a command, is open and keeps this library up to date. "
        "You can search here too.",
    ),
    ErrorCode.GRAPHICS_CARD_GAVE_UP: QT_TRANSLATE_NOOP(
        "Messages",
        "The graphics card {card} stopped working for MemoryHunter. Your photos are now understood "
        "by the processor, which is slower; the next start tries the card again.",
    ),
    ErrorCode.INDEXING_INTERRUPTED: QT_TRANSLATE_NOOP(
        "Messages",
        "Sorting your photos met a problem it did not expect, and will try again by itself. "
        "Nothing was lost; the details are in the log.",
    ),
    ErrorCode.DISK_FULL: QT_TRANSLATE_NOOP(
        "Messages",
        "The disk that holds “{path}” is full. Make some room and try again; nothing was lost.",
    ),
    ErrorCode.HOME_UNUSABLE: QT_TRANSLATE_NOOP(
        "Messages",
        "MemoryHunter cannot keep its files in “{path}”. Choose a folder that you may write to.",
    ),
}

_BUILT_IN_DAMAGED = QT_TRANSLATE_NOOP(
    "Messages",
    "The files of the model “{model}”, which came with MemoryHunter, are damaged. Install "
    "MemoryHunter again, or install another model.",
)

# Also told about a picture that is opened or searched with, so none promises another attempt.
_FAILURES: Mapping[FailureReason, object] = {
    FailureReason.VANISHED: QT_TRANSLATE_NOOP(
        "Messages", "The file is not there any more. It may have been moved or deleted."
    ),
    FailureReason.NO_PERMISSION: QT_TRANSLATE_NOOP(
        "Messages", "You have no permission to read this file. Check its access rights."
    ),
    FailureReason.NOT_A_FILE: QT_TRANSLATE_NOOP(
        "Messages", "This is not an ordinary file, so there is no picture in it."
    ),
    FailureReason.EMPTY: QT_TRANSLATE_NOOP(
        "Messages", "The file is empty. It may not have been copied completely."
    ),
    FailureReason.NOT_A_PICTURE: QT_TRANSLATE_NOOP(
        "Messages", "The file is named like a picture, but does not hold one that can be read."
    ),
    FailureReason.DAMAGED: QT_TRANSLATE_NOOP(
        "Messages", "The picture is damaged or incomplete. Copy it again if you have the original."
    ),
    FailureReason.TOO_LARGE: QT_TRANSLATE_NOOP(
        "Messages", "The picture has too many pixels to be opened safely."
    ),
    FailureReason.TOO_SLOW: QT_TRANSLATE_NOOP("Messages", "Reading this file took too long."),
    FailureReason.OUT_OF_MEMORY: QT_TRANSLATE_NOOP(
        "Messages", "There was not enough memory to open this picture. Close other programs."
    ),
    FailureReason.CRASHED: QT_TRANSLATE_NOOP(
        "Messages", "This file makes the picture reader fail; it is probably damaged."
    ),
    FailureReason.UNREADABLE: QT_TRANSLATE_NOOP(
        "Messages",
        "The disk or network reported an error while reading. Check the connection.",
    ),
    FailureReason.NOT_UNDERSTOOD: QT_TRANSLATE_NOOP(
        "Messages", "The picture opens, but cannot be found by description."
    ),
}


# The others have codes of their own.
_TROUBLES: Mapping[Trouble, object] = {
    Trouble.CERTIFICATE: QT_TRANSLATE_NOOP(
        "Messages",
        "The server cannot prove who it is; something on the way may be pretending to be it. "
        "Check the date and time of this computer.",
    ),
    Trouble.REFUSED: QT_TRANSLATE_NOOP(
        "Messages", "The server does not give the files out at the moment."
    ),
    Trouble.BUSY: QT_TRANSLATE_NOOP(
        "Messages", "The server is too busy or has a problem. Try again later."
    ),
    Trouble.DROPPED: QT_TRANSLATE_NOOP("Messages", "The connection breaks again and again."),
    Trouble.STALLED: QT_TRANSLATE_NOOP("Messages", "Nothing comes over the connection any more."),
    Trouble.WEB_PAGE: QT_TRANSLATE_NOOP(
        "Messages",
        "The network answers with a web page instead. If it asks for a login, log in with your "
        "browser first.",
    ),
}


def error_text(error: UserError) -> str:
    """Give the sentence for `error`, its gaps filled with the values it carries."""
    values = defaultdict(str, {name: str(value) for name, value in error.values.items()})
    if "reason" in values:
        values["reason"] = failure_text(values["reason"])
    for name in {"source", "sources", "known"} & values.keys():
        values[name] = ", ".join(source_name(each) for each in values[name].split(", "))
    for name in {"model", "found"} & values.keys():
        values[name] = model_name(values[name])
    if "trouble" in values:
        values["trouble"] = _translated(_TROUBLES[Trouble(values["trouble"])])
    return _translated(_sentence(error)).format_map(values).strip()


def _sentence(error: UserError) -> object:
    model = str(error.values.get("model", ""))
    if error.code is ErrorCode.MODEL_DAMAGED and comes_with_program(model):
        return _BUILT_IN_DAMAGED
    return _ERRORS[error.code]


def failure_text(reason: str) -> str:
    """Give the sentence for a `FailureReason` as stored in the library.

    A library may hold reasons this version does not know (a newer one wrote them).
    """
    try:
        known = FailureReason(reason)
    except ValueError:
        return _translated(QT_TRANSLATE_NOOP("Messages", "This file could not be read."))
    return _translated(_FAILURES[known])


def _translated(sentence: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(sentence))
