"""The model that comes with the program: that it is whole, small, and finds things."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from memoryhunter.config.resources import BUILT_IN_VARIABLE
from memoryhunter.engine.onnx_engine import OnnxEmbedder
from memoryhunter.engine.packages import read_package, verify_package
from memoryhunter.engine.text_tokens import TextTokens
from tests.program import Program

MODELS = Path(__file__).parents[2] / "resources" / "models"
MOST_MEGABYTES = 60

FOLDERS = sorted(MODELS.iterdir()) if MODELS.is_dir() else []
# A checkout without the weights is a build like any other.
pytestmark = pytest.mark.skipif(not FOLDERS, reason="this build comes without a model")


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def draw_code(image: Image.Image, seed: int) -> None:
    """Draw what a QR code looks like."""
    bits = np.random.default_rng(seed).random((25, 25)) < 0.5
    for row, column in ((0, 0), (0, 18), (18, 0)):
        bits[row : row + 7, column : column + 7] = True
        bits[row + 1 : row + 6, column + 1 : column + 6] = False
        bits[row + 2 : row + 5, column + 2 : column + 5] = True
    squares = Image.fromarray(np.where(bits, 0, 255).astype(np.uint8)).convert("RGB")
    image.paste(squares.resize((400, 400), Image.Resampling.NEAREST), (120, 40))


def draw_table(image: Image.Image, seed: int) -> None:
    """Draw a table of numbers."""
    pen = ImageDraw.Draw(image)
    numbers = np.random.default_rng(seed).integers(0, 9999, (16, 6))
    for row in range(16):
        pen.line((0, row * 30, 640, row * 30), fill=(180, 180, 180))
        for column in range(6):
            pen.text((column * 106 + 8, row * 30 + 8), str(numbers[row, column]), fill=(0, 0, 0))
    for column in range(6):
        pen.line((column * 106, 0, column * 106, 480), fill=(180, 180, 180))


def draw_field(image: Image.Image, seed: int) -> None:
    """Draw green below blue, with a white cloud."""
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 640, 260), fill=(120, 180, 235))
    pen.rectangle((0, 260, 640, 480), fill=(70, 140 + seed, 60))
    pen.ellipse((300, 60, 460, 120), fill=(245, 245, 245))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of pictures that no other model of the tests would tell apart by words."""
    made = tmp_path_factory.mktemp("drawn")
    for name, draw in (("code", draw_code), ("table", draw_table), ("field", draw_field)):
        for seed in range(3):
            image = Image.new("RGB", (640, 480), "white")
            draw(image, seed)
            image.save(made / f"{name}{seed}.png")
    return made


def test_it_is_whole_and_small(folder: Path) -> None:
    package = read_package(folder)
    verify_package(package)
    assert package.id == folder.name
    size = sum(path.stat().st_size for path in folder.iterdir())
    assert size <= MOST_MEGABYTES * 1e6
    assert (folder / "MODEL_CARD.md").is_file()
    assert set(package.names) == set(package.about) == {"en", "zh"}


@pytest.mark.parametrize(
    "text", ["雪山", "小狗在草地上奔跑", "a dog running on grass", "蜻蜓 饺子 鹦鹉"]
)
def test_it_reads_both_languages(folder: Path, text: str) -> None:
    tokens = TextTokens(folder / "tokenizer.json", read_package(folder).max_tokens)
    assert 3 not in tokens.encode([text]).input_ids[0]  # the piece for what is not known


def test_any_text_gives_a_vector(folder: Path) -> None:
    embedder = OnnxEmbedder(read_package(folder))
    rows = embedder.embed_texts(["", " ", "🎂", "山" * 500, "ﷺ", "\ud800"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_the_same_in_another_language_is_near(folder: Path) -> None:
    embedder = OnnxEmbedder(read_package(folder))
    chinese = embedder.embed_texts(["雪山", "猫", "生日蛋糕", "足球比赛", "海滩"])
    english = embedder.embed_texts(
        ["snowy mountain", "cat", "birthday cake", "soccer match", "beach"]
    )
    assert (np.argmax(chinese @ english.T, axis=1) == np.arange(5)).all()


@pytest.mark.parametrize(
    ("question", "best"), [("二维码", "code"), ("a QR code", "code"), ("表格", "table")]
)
def test_it_finds_what_was_drawn_from_a_fresh_home(
    folder: Path,
    drawn: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    question: str,
    best: str,
) -> None:
    monkeypatch.setenv(BUILT_IN_VARIABLE, str(folder.parent))
    program = Program(tmp_path / "home")
    assert program.ask("index", drawn)["embedded"] == 9
    found = program.ask("search", question, "--all")
    assert {Path(each["path"]).stem[:-1] for each in found[:3]} == {best}
