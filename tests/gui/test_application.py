"""Starting and ending the whole program, in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from memoryhunter.config.paths import app_paths
from memoryhunter.config.settings import Settings
from memoryhunter.engine.packages import ModelPackage
from memoryhunter.gui.application import input_method_environment, services_of
from memoryhunter.model_shelf import ModelEntry, ModelShelf, WantedModel
from memoryhunter.workspace import Workspace
from tests.gui.fakes import package

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from memoryhunter.config.paths import app_paths
from memoryhunter.gui import application
from memoryhunter.workspace import Workspace

class Brief(application.Session):
    def start(self, add=()):
        super().start(add)
        self.search.answered.connect(lambda: QTimer.singleShot(100, self.window.close))

if __name__ == "__main__":
    application.Session = Brief
    workspace = Workspace(app_paths(Path(sys.argv[1])))
    status = application.run(workspace, [])
    workspace.close()
    print({"torch", "transformers", "onnx"} & set(sys.modules))
    sys.exit(status)
"""


def test_the_program_opens_and_ends_without_a_word(tmp_path: Path) -> None:
    script = tmp_path / "brief.py"
    script.write_text(PROGRAM)
    app = Path(__file__).parents[2] / "app"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script), str(tmp_path / "home")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(app), "QT_QPA_PLATFORM": "offscreen"},
    )
    told = [line for line in done.stderr.splitlines() if "This plugin does not" not in line]
    assert (done.returncode, told) == (0, [])
    assert done.stdout == "set()\n"
    assert (tmp_path / "home" / "settings.json").exists()


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    contexts = tmp_path / "platforminputcontexts"
    contexts.mkdir()
    (contexts / "libibusplatforminputcontextplugin.so").touch()
    return tmp_path


@pytest.mark.parametrize(
    "environment",
    [{"QT_IM_MODULE": "fcitx"}, {"QT_IM_MODULE": "fcitx5"}, {"XMODIFIERS": "@im=fcitx"}],
)
def test_people_of_fcitx_type_through_ibus(plugins: Path, environment: dict[str, str]) -> None:
    assert input_method_environment(environment, plugins) == {"QT_IM_MODULE": "ibus"}


def test_nothing_is_changed_where_fcitx_has_its_plugin(plugins: Path) -> None:
    (plugins / "platforminputcontexts" / "libfcitx5platforminputcontextplugin.so").touch()
    assert input_method_environment({"QT_IM_MODULE": "fcitx5"}, plugins) == {}


@pytest.mark.parametrize(
    "environment",
    [{}, {"QT_IM_MODULE": "ibus"}, {"QT_IM_MODULE": "xim", "XMODIFIERS": "@im=fcitx"}],
)
def test_other_input_methods_are_left_alone(plugins: Path, environment: dict[str, str]) -> None:
    assert input_method_environment(environment, plugins) == {}


@dataclass
class Shelf:
    """A shelf whose models are all called alike but one."""

    in_use: str
    asked: list[object] = field(default_factory=list)

    def install(self, wanted: WantedModel, *_callbacks: object) -> ModelPackage:
        self.asked.append(wanted)
        return package("new")

    def entries(self) -> list[ModelEntry]:
        return [
            ModelEntry(each, each, 512, "MIT", package=package(each), in_use=each == self.in_use)
            for each in ("old", "new")
        ]

    def use(self, model: str) -> None:
        self.asked.append(("use", model))


@pytest.mark.parametrize("in_use", ["old", "new"])
def test_the_window_is_told_whether_the_installed_model_is_used(
    tmp_path: Path, in_use: str
) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    shelf = Shelf(in_use)
    workspace.shelf = cast("ModelShelf", shelf)
    models = services_of(workspace).models
    wanted = WantedModel("new")
    assert models.install(wanted, print, lambda: False) == (in_use == "new")
    models.use("old")
    assert shelf.asked == [wanted, ("use", "old")]
    assert len(models.entries()) == 2
    workspace.close()


def test_settings_of_the_window_are_written_on_top_of_what_is_there(tmp_path: Path) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    services = services_of(workspace)
    workspace.save_settings(Settings(model="chosen-meanwhile"))
    services.save_settings(lambda settings: replace(settings, thumbnail_size=300))
    assert workspace.settings == Settings(model="chosen-meanwhile", thumbnail_size=300)
    workspace.close()
