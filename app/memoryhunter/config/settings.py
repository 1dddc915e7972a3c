"""What the person chose, kept as a small JSON file."""

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from memoryhunter.config.settings_upgrades import VERSION, upgrade
from memoryhunter.domain.errors import ErrorCode, UserError

# On Windows a file that is being replaced, or read while it is to be replaced, is refused for a
# moment.
_ATTEMPTS = 5
_SECONDS_BETWEEN = 0.02

# For tests and scripts: in place of what was chosen.
DEVICE_VARIABLE = "MEMORYHUNTER_DEVICE"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """All choices, with what holds until something is chosen."""

    model: str | None = None  # the id of the model in use
    device: str = "auto"  # what computes pictures: "auto", "cpu" or "gpu"
    language: str | None = None  # such as "zh_CN"; None follows the system
    folder_panel: bool = True
    thumbnail_size: int = 180  # device-independent pixels
    whole_photos: bool = False  # in the grid: whole, or their middle squares
    window: str = ""  # the window's place, base64
    model_offer_put_away: bool = False  # nobody wants to be told of larger models


def load_settings(path: Path) -> Settings:
    """Read the settings; defaults where there are none yet.

    A file that cannot be understood is put aside as `settings.json.damaged` and defaults are
    used: losing a window's place must not keep people from their photos. Raises `UserError` only
    when the file cannot be read at all.
    """
    try:
        text = _patiently(lambda: path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        return _put_aside(path)
    except OSError as error:
        raise UserError(
            ErrorCode.HOME_UNUSABLE, path=str(path), detail=error.strerror or str(error)
        ) from error
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return _put_aside(path)
    if not isinstance(found, dict):
        return _put_aside(path)
    return _from_dict(upgrade(found))


def device_wish(settings: Settings) -> str:
    """Give the device wished for: that of the environment, if any, in place of the chosen one."""
    return os.environ.get(DEVICE_VARIABLE) or settings.device


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings so that a crash leaves the old ones or the new ones, never half."""
    text = json.dumps({"version": VERSION, **asdict(settings)}, ensure_ascii=False, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _patiently(lambda: temporary.replace(path))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UserError(
            ErrorCode.HOME_UNUSABLE, path=str(path), detail=error.strerror or str(error)
        ) from error


def _patiently(work: Callable[[], T]) -> T:
    """Try again a few times, for a tenth of a second, what is refused now."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except PermissionError:
            time.sleep(_SECONDS_BETWEEN)
    return work()


def _put_aside(path: Path) -> Settings:
    with contextlib.suppress(OSError):  # the next save replaces it
        path.replace(path.with_name(path.name + ".damaged"))
    return Settings()


def _from_dict(found: dict[str, Any]) -> Settings:
    # A value of the wrong kind counts as not chosen.
    defaults = asdict(Settings())
    chosen: dict[str, Any] = {}
    for field in fields(Settings):
        value = found.get(field.name, defaults[field.name])
        wanted = type(defaults[field.name]) if defaults[field.name] is not None else str
        if type(value) is wanted or (value is None and defaults[field.name] is None):
            chosen[field.name] = value
    return Settings(**chosen)
