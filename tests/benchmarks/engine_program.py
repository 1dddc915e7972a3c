"""The program behind `engine.py`: arguments, rounds, and what is printed."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.agreement import measure_agreement
from tests.benchmarks.contender import Contender
from tests.benchmarks.inputs import (
    BenchmarkModel,
    describe_photos,
    describe_threads,
    jpegs,
    photos_in,
    prepare_model,
)
from tests.benchmarks.machine import describe_machine, is_busy
from tests.benchmarks.made_models import SIZES
from tests.benchmarks.made_photos import CAMERA_SIZES, SMALL_SIZES, make_photos
from tests.benchmarks.report import print_facts, print_json, print_table, tell

# Pictures of a folder given for the agreement alone.
_AGREEMENT = 300

# With the two marks around them, six Chinese characters are eight tokens.
_CHARACTERS = "去年夏天海边日落照片猫狗花树山水雪红车"


def run(arguments: Sequence[str]) -> int:
    """Measure and print; 0."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="memoryhunter-benchmark-") as folder:
        scratch = Path(folder)
        if is_busy():
            tell("WARNING: the machine is busy, and the ratios will flatter the program")
        facts = describe_machine("onnxruntime", "torch", "transformers", "Pillow", "numpy")
        model = prepare_model(options.model, options.size, scratch)
        with (
            Contender("tests.benchmarks.ours", "Ours", model.home, _chosen(model)) as ours,
            Contender(
                "tests.benchmarks.reference", "Reference", model.weights, model.package.folder
            ) as reference,
        ):
            photos, others = _photos(options, scratch, ours)
            facts |= _inputs(model, photos, others, options, ours)
            document = _measure(ours, reference, photos, others, options)
    if options.json:
        print_json({"machine": facts, **document})
    else:
        print_facts(facts)
        _print(document)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine.py", description="Measure the engine.")
    parser.add_argument("--model", type=Path, metavar="FOLDER")
    parser.add_argument("--photos", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--agreement", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--count", type=int, default=12, help="photos a round (12)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which medians (5)")
    parser.add_argument("--texts", type=int, default=100, help="texts timed (100)")
    parser.add_argument("--size", choices=SIZES, default="b16", help="of what is made (b16)")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _chosen(model: BenchmarkModel) -> str:
    """Name the package by its folder, which need not be in the home."""
    return str(model.package.folder)


def _photos(
    options: argparse.Namespace, scratch: Path, ours: Contender
) -> tuple[list[Path], list[Path]]:
    """Give the photos to measure speed on, and all pictures to measure the agreement on."""
    if options.photos is None:
        tell("making photos")
        sizes = SMALL_SIZES if options.size == "tiny" else CAMERA_SIZES
        given = make_photos(scratch / "photos", min(options.count, len(sizes)), sizes)
    else:
        given = photos_in(options.photos)
    readable: list[Path] = ours.ask("readable", given)
    others: list[Path] = ours.ask("readable", photos_in(options.agreement, _AGREEMENT))
    timed = jpegs(readable)
    if not timed:
        raise SystemExit("engine.py: there is no JPEG among the photos")
    # Where there are fewer photos than wanted, some are read again.
    return (timed * (options.count // len(timed) + 1))[: options.count], [*readable, *others]


def _inputs(
    model: BenchmarkModel,
    photos: Sequence[Path],
    compared: Sequence[Path],
    options: argparse.Namespace,
    ours: Contender,
) -> dict[str, str]:
    package = model.package
    return {
        "model": f"{package.name}, {package.precision}, {package.pixels.size} pixels,"
        f" {package.dimension} dimensions",
        "device": ours.ask("device"),
        "threads": describe_threads(model.tuning),
        "photos": f"{describe_photos(photos)}; {options.rounds} rounds",
        "agreement over": f"{len(compared)} pictures",
    }


def _measure(
    ours: Contender,
    reference: Contender,
    photos: Sequence[Path],
    compared: Sequence[Path],
    options: argparse.Namespace,
) -> dict[str, Any]:
    agreement = measure_agreement(ours, reference, compared)
    tell("warming up")
    pixels = ours.ask("pixels", photos)
    _round(ours, reference, photos[:2], pixels[:2])
    rounds: list[dict[str, float]] = []
    for number in range(options.rounds):
        rounds.append(_round(ours, reference, photos, pixels))
        shown = ", ".join(f"{name} {value:.2f}" for name, value in rounds[-1].items())
        tell(f"round {number + 1} of {options.rounds}, images a second: {shown}")
    tell("timing texts")
    texts = _texts(options.texts)
    tokens = {ours.ask("tokens", text) for text in texts}
    assert tokens == {8}, f"the texts have {tokens} tokens"
    for contender in (ours, reference):
        contender.ask("texts", texts[:3])
    return {
        **_speeds(rounds),
        **_times("torch_text_ms_8_tokens", reference.ask("texts", texts)),
        **_times("text_ms_8_tokens", ours.ask("texts", texts)),
        **_times("typed_text_ms_8_tokens", ours.ask("typed_texts", texts)),
        **{
            f"{name}_while_indexing": value
            for name, value in _times(
                "text_ms_8_tokens", ours.ask("texts_while_indexing", texts, photos)
            ).items()
        },
        **agreement.document(),
        "rounds": rounds,
    }


def _round(
    ours: Contender, reference: Contender, photos: Sequence[Path], pixels: NDArray[np.uint8]
) -> dict[str, float]:
    """Ask everybody once, in turns, so that a busy minute hits all of them; images a second."""
    seconds = {
        "loop": reference.ask("loop", photos),
        "ours": ours.ask("files", photos),
        "torch": reference.ask("engine", pixels),
        "ours_engine": ours.ask("engine", pixels),
        "torch_files": reference.ask("files", photos),
        "ours_decoding": ours.ask("decoding", photos),
    }
    return {name: len(photos) / each for name, each in seconds.items()}


def _texts(count: int) -> list[str]:
    random = np.random.default_rng(8)
    return ["".join(random.choice(list(_CHARACTERS), 6)) for _ in range(count)]


def _speeds(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """Give the medians of the rounds, and the medians of the ratios within each of them."""

    def ratio(name: str, to: str) -> float:
        return round(float(np.median([each[name] / each[to] for each in rounds])), 3)

    medians = {
        f"{name}_images_per_second": round(float(np.median([each[name] for each in rounds])), 3)
        for name in rounds[0]
    }
    return {
        **medians,
        "ratio_to_loop": ratio("ours", "loop"),
        "ratio_to_torch_files": ratio("ours", "torch_files"),
        "engine_ratio_to_torch": ratio("ours_engine", "torch"),
        "share_of_engine": ratio("ours", "ours_engine"),
    }


def _times(name: str, milliseconds: Sequence[float]) -> dict[str, float]:
    return {
        f"{name}_median": round(float(np.median(milliseconds)), 3),
        f"{name}_p95": round(float(np.percentile(milliseconds, 95)), 3),
    }


_RATES = (
    ("reference loop: decode whole, process, torch fp32, one by one", "loop"),
    ("the same with torch in batches of 8", "torch_files"),
    ("ours: files to vectors", "ours"),
    ("ours: files to model-sized pixels", "ours_decoding"),
    ("torch fp32 in batches of 8, pixels ready", "torch"),
    ("ours, pixels ready", "ours_engine"),
)
_TEXTS = (
    ("a text of 8 tokens, torch fp32", "torch_text_ms_8_tokens", ""),
    ("ours", "text_ms_8_tokens", ""),
    ("ours, a tenth of a second after the last", "typed_text_ms_8_tokens", ""),
    ("ours, that while photos are indexed", "text_ms_8_tokens", "_while_indexing"),
)
_COSINES = (
    ("files to vectors, against the reference that reads correctly", "path"),
    ("of that the pixels: torch on ours, on the reference's", "path_pixels"),
    ("of that the engine: ours and torch on the same pixels", "path_engine"),
    ("against the literal loop: not upright, colours as stored", "literal"),
)


def _print(document: dict[str, Any]) -> None:
    loop = document["loop_images_per_second"]
    rates = [(text, document[f"{name}_images_per_second"]) for text, name in _RATES]
    print_table(("images/s", "x the loop"), [(text, (rate, rate / loop)) for text, rate in rates])
    share = document["share_of_engine"]
    print_table(
        ("ratio",),
        [
            ("ours to the loop (median of the rounds' ratios)", (document["ratio_to_loop"],)),
            ("our engine to torch in batches", (document["engine_ratio_to_torch"],)),
            ("files to vectors as a share of the engine's own rate", (share,)),
        ],
    )
    print_table(
        ("median ms", "p95 ms"),
        [
            (text, (document[f"{name}_median{when}"], document[f"{name}_p95{when}"]))
            for text, name, when in _TEXTS
        ],
    )
    print_table(
        ("median cosine", "worst"),
        [
            (text, (document[f"{name}_cosine_median"], document[f"{name}_cosine_min"]))
            for text, name in _COSINES
        ],
    )
    for each in document["path_worst"]:
        print(f"  {each['cosine']:.5f}  {each['path']}")
