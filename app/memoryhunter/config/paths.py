"""The one place that decides where the program keeps its files."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs

from memoryhunter.domain.errors import ErrorCode, UserError

HOME_VARIABLE = "MEMORYHUNTER_HOME"
_APP = "MemoryHunter"


@dataclass(frozen=True, slots=True)
class AppPaths:
    """Everything the program writes is in one of these."""

    data: Path
    cache: Path
    config: Path
    logs: Path

    @property
    def database(self) -> Path:
        """The library."""
        return self.data / "library.db"

    @property
    def models(self) -> Path:
        """One folder for each installed model."""
        return self.data / "models"

    @property
    def downloads(self) -> Path:
        """One folder for each model whose download has not become an installed model yet."""
        return self.data / "downloads"

    @property
    def thumbnails(self) -> Path:
        """Small pictures that can be made again."""
        return self.cache / "thumbnails"

    @property
    def settings(self) -> Path:
        """What the person chose."""
        return self.config / "settings.json"

    @property
    def tuning(self) -> Path:
        """How fast this computer runs the models, and how it does so best."""
        return self.data / "tuning.json"

    @property
    def index_lock(self) -> Path:
        """Held by the one program that writes to the library."""
        return self.data / "index.lock"

    @property
    def own(self) -> frozenset[Path]:
        """The folders whose pictures are the program's own and are never indexed."""
        return frozenset({self.data, self.cache, self.config, self.logs})

    def make(self) -> None:
        """Create the folders; raise `UserError` where that is impossible."""
        for folder in (self.data, self.cache, self.config, self.logs):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except (OSError, ValueError) as error:
                detail = getattr(error, "strerror", None) or str(error)
                raise UserError(ErrorCode.HOME_UNUSABLE, path=str(folder), detail=detail) from error


def app_paths(home: Path | None) -> AppPaths:
    """Give the program's folders: all under `home`, or where the system keeps such things.

    Raises `UserError` HOME_UNUSABLE for a `home` that is no path.
    """
    if home is not None:
        try:
            home = home.expanduser().resolve()
        except (OSError, RuntimeError, ValueError) as error:  # "~nobody", links that go in circles
            raise UserError(ErrorCode.HOME_UNUSABLE, path=str(home), detail=str(error)) from error
        return AppPaths(home, home / "cache", home, home / "logs")
    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    return AppPaths(
        dirs.user_data_path, dirs.user_cache_path, dirs.user_config_path, dirs.user_log_path
    )
