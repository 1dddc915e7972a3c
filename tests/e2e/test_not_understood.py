"""What the command line says of photos that no model has understood yet."""

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import SHAPES, paint
from tests.program import Program


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Give a folder of three photos."""
    folder = tmp_path / "few"
    for scene in SHAPES[:3]:
        paint(scene, folder)
    return folder


def test_nothing_is_understood_until_the_model_is_shown_the_photos(
    tmp_path: Path, few: Path, shapes_model: Path
) -> None:
    program = Program(tmp_path / "home")
    program.ask("index", few)
    installing = program.run("models", "install", shapes_model)
    assert "has not seen 3 photos yet: 'memoryhunter index'" in installing.err
    using = program.run("models", "use", shapes_model.name)
    assert "has not seen 3 photos yet: 'memoryhunter index'" in using.err

    some = next(few.iterdir())
    for words in (["search", "三个红色的圆"], ["similar", some]):
        outcome = program.run(*words, "--json")
        assert (outcome.status, outcome.json) == (0, [])
        told = "None of the 3 photos has been understood yet; 'memoryhunter index' does it.\n"
        assert outcome.err == told
        assert program.run(*words).out == "No photos found.\n"

    program.ask("index")
    assert program.run("search", "三个红色的圆").err == ""
    assert program.run("models", "use", shapes_model.name).err == ""


def test_a_search_among_some_of_the_photos_says_so(
    program: Program, few: Path, tmp_path: Path
) -> None:
    program.ask("index", few)
    more = tmp_path / "more"
    paint(SHAPES[5], more)
    Program(program.home).ask("index", more)  # without a model: listed and not understood
    outcome = program.run("search", "三个红色的圆", "--json")
    assert outcome.json
    assert outcome.err == (
        "Only 3 of 4 photos have been understood so far; 'memoryhunter index' does the rest.\n"
    )
    more.rename(tmp_path / "unplugged")
    program.ask("index")
    assert "the others are in folders that are not connected" in program.run("search", "猫").err


def test_a_search_without_photos_says_how_to_add_some(program: Program) -> None:
    outcome = program.run("search", "三个红色的圆", "--json")
    assert (outcome.status, outcome.json) == (0, [])
    assert "'memoryhunter index FOLDER' adds some" in outcome.err


def test_a_second_model_that_is_installed_is_not_in_use(tmp_path: Path, shapes_model: Path) -> None:
    program = Program(tmp_path / "home")
    program.ask("models", "install", shapes_model)
    second = tmp_path / "second"
    shutil.copytree(shapes_model, second)
    manifest = json.loads((second / "model.json").read_text(encoding="utf-8"))
    (second / "model.json").write_text(json.dumps(manifest | {"id": "second"}), encoding="utf-8")
    assert "'memoryhunter models use second'" in program.run("models", "install", second).err
