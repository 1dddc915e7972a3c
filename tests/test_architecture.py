"""Rules import-linter cannot see: what is really loaded, and how large modules get."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "app" / "memoryhunter"

HEAVY = {"PySide6", "shiboken6", "torch", "transformers", "onnx", "onnxscript"}


def loaded(code: str, *arguments: str) -> set[str]:
    """Run code in a fresh interpreter and give the top-level packages it loaded."""
    report = "import sys; print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=100,
    )
    return set(done.stdout.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize(
    "module", ["main", "cli.app", "workspace", "search.service", "indexing.lane", "media.workers"]
)
def test_below_the_window_neither_qt_nor_torch_is_loaded(module: str) -> None:
    assert not loaded(f"import memoryhunter.{module}") & HEAVY


def test_looking_for_a_graphics_card_loads_no_torch() -> None:
    code = "from memoryhunter.engine import device_choice, open_embedder\n"
    assert not loaded(f"{code}device_choice.choose_device('auto')") & HEAVY


def test_a_worker_loads_little() -> None:
    found = loaded("import memoryhunter.main, memoryhunter.media.prepare")
    assert not found & (HEAVY | {"onnxruntime", "apsw", "watchdog"})


def test_the_window_never_loads_torch() -> None:
    assert not loaded("import memoryhunter.gui.application") & (HEAVY - {"PySide6", "shiboken6"})


def test_modules_stay_small() -> None:
    sizes = {
        path.relative_to(PACKAGE): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert {path: lines for path, lines in sizes.items() if lines > 400} == {}


def test_every_folder_of_the_package_is_in_the_architecture() -> None:
    told = (ROOT / "app" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert {name for name in folders if f"{name}/" not in told} == set()


def test_the_test_command_of_the_readme_runs_every_check() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line for line in readme.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/memoryhunter")
    assert commands[1].endswith(".venv/bin/python tests/check.py")
    assert "README" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
