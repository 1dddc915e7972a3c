"""Starting and ending the whole program, in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from memoryhunter.config.paths import app_paths
from memoryhunter.config.settings import Settings
from memoryhunter.engine.store import ModelStore
from memoryhunter.gui.application import input_method_environment, services_of
from memoryhunter.workspace import Workspace

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
class Installed:
    """A model store whose `install` gives `new`."""

    new: str
    ids: list[str]

    def install(self, _source: Path, **_callbacks: object) -> SimpleNamespace:
        self.ids.append(self.new)
        return SimpleNamespace(id=self.new)

    def installed(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(id=each) for each in self.ids]


@pytest.mark.parametrize(
    ("chosen", "there", "then"),
    [(None, [], "new"), ("deleted", [], "new"), ("old", ["old"], "old"), ("new", ["new"], "new")],
)
def test_an_installed_model_is_used_unless_another_one_is(
    tmp_path: Path, chosen: str | None, there: list[str], then: str
) -> None:
    workspace = Workspace(app_paths(tmp_path / "home"))
    workspace.save_settings(Settings(model=chosen))
    workspace.models = cast("ModelStore", Installed("new", there))
    in_use = services_of(workspace).install_model(tmp_path, print, lambda: False)
    assert workspace.settings.model == then
    assert in_use == (then == "new")
    workspace.close()
