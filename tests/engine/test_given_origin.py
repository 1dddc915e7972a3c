"""Which model it is that people point at, by its files, its shape and what is installed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer, RemoteFile
from memoryhunter.engine.given_origin import origin_of_given
from memoryhunter.engine.packages import ModelPackage, read_package
from memoryhunter.engine.prepare.hub_folder import read_hub_folder
from memoryhunter.engine.prepare.hub_origin import Origin
from memoryhunter.engine.prepare.progress import PreparationCancelledError
from tests.engine.test_given_model import HUB, put_hub, put_package

# Of the same shape as the trained model of the tests.
OFFER = Offer(
    id="offered",
    name="Offered",
    dimension=64,
    image_size=read_hub_folder(HUB).image_size,
    download_megabytes=4,
    installed_megabytes=4,
    memory_megabytes=4,
    licence="MIT",
    quality={},
    suits={},
    sources={"one": (RemoteFile("config.json", "https://models.invalid/x/config.json"),)},
)
LARGER = replace(OFFER, id="larger", image_size=OFFER.image_size * 2)


def nothing() -> None:
    pass


def origin(
    folder: Path,
    model: str | None = None,
    offers: Sequence[Offer] = (LARGER, OFFER),
    installed: Sequence[ModelPackage] = (),
    check: Callable[[], None] = nothing,
) -> Origin | None:
    return origin_of_given(folder, model, offers, installed, check)


def called(folder: Path, installed: Sequence[ModelPackage], offers: Sequence[Offer] = ()) -> str:
    given = origin(folder, None, offers, installed)
    assert given is not None
    return given.id


@pytest.fixture
def package(tmp_path: Path) -> ModelPackage:
    """What an installed model is like; of files that are nobody's."""
    return replace(read_package(put_package(tmp_path / "ready")), source_sha256="0" * 64)


def test_it_must_be_the_model_that_was_meant(tmp_path: Path) -> None:
    ready = put_package(tmp_path / "ready")
    assert origin(ready, "ready") is None
    for path, name in ((ready, "ready"), (HUB, "shapes-clip")):
        with pytest.raises(UserError) as caught:
            origin(path, "another")
        assert caught.value.code is ErrorCode.MODEL_IS_ANOTHER
        assert caught.value.values == {"path": str(path), "model": "another", "found": name}


@pytest.mark.parametrize("model", [None, "offered"])
@pytest.mark.parametrize("name", ["模型", "New folder (2)", "usb"])
def test_files_without_a_name_are_known_by_their_shape(
    tmp_path: Path, model: str | None, name: str
) -> None:
    folder = put_hub(tmp_path / name)
    given = origin(folder, model)
    assert given == Origin("offered", "Offered", "https://models.invalid/x", "MIT")
    config = json.loads((HUB / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(
        json.dumps(config | {"_name_or_path": "somebody/another"}), encoding="utf-8"
    )
    if model is None:
        assert origin(folder) is None
    else:
        with pytest.raises(UserError) as caught:
            origin(folder, model)
        assert caught.value.values["found"] == "another"


def test_offers_of_one_shape_cannot_be_told_apart(tmp_path: Path) -> None:
    folder = put_hub(tmp_path / "usb")
    assert called(folder, (), [OFFER, replace(OFFER, id="twin")]) == "usb"


def test_the_cache_of_the_hub_says_what_it_is(tmp_path: Path) -> None:
    assert origin(put_hub(tmp_path / "models--somebody--tuned" / "snapshots" / "abc")) is None


def test_no_model_takes_the_place_of_another_by_chance(
    tmp_path: Path, package: ModelPackage
) -> None:
    first, second = put_hub(tmp_path / "模型"), put_hub(tmp_path / "大模型")
    there = replace(package, id="chinese-clip")
    assert called(first, ()) == "chinese-clip"
    assert called(second, [there]) == "chinese-clip-2"
    given = origin(second, None, (), [there, replace(package, id="chinese-clip-2")])
    assert given is not None
    assert (given.id, given.name) == ("chinese-clip-3", "大模型")
    usb = put_hub(tmp_path / "usb")
    given = origin(usb, None, (), [replace(package, id="usb")])
    assert given is not None
    assert (given.id, given.name) == ("usb-2", "usb (2)")
    # Files that only look like those of a model on offer, which is installed.
    assert called(usb, [replace(package, id="offered")], [OFFER]) == "usb"


@pytest.mark.parametrize("names_itself", [False, True])
def test_the_name_of_a_model_on_offer_does_not_make_it_that_model(
    tmp_path: Path, package: ModelPackage, *, names_itself: bool
) -> None:
    folder = put_hub(tmp_path / "larger")
    if names_itself:
        config = json.loads((HUB / "config.json").read_text(encoding="utf-8"))
        (folder / "config.json").unlink()
        (folder / "config.json").write_text(
            json.dumps(config | {"_name_or_path": "somebody/larger"}), encoding="utf-8"
        )
    with pytest.raises(UserError, match="is another model: its vectors have 64") as caught:
        origin(folder, "larger")
    assert caught.value.code is ErrorCode.MODEL_SOURCE_INVALID
    assert called(folder, (), [LARGER]) == "larger-2"
    assert called(folder, [replace(package, id="larger-2")], [LARGER]) == "larger-3"
    # By its shape it is one that is offered, unless it says that it is not.
    assert called(folder, (), [LARGER, OFFER]) == ("larger-2" if names_itself else "offered")
    with pytest.raises(UserError, match="is called ready and is another model"):
        origin(put_package(tmp_path / "ready to use"), offers=[replace(LARGER, id="ready")])


def test_the_same_files_are_the_same_model(tmp_path: Path, package: ModelPackage) -> None:
    folder = put_hub(tmp_path / "模型")
    hub = read_hub_folder(folder)
    for fingerprint in hub.fingerprints(hub.contents()):  # also of older converters
        there = replace(package, id="chinese-clip", source_sha256=fingerprint)
        assert called(put_hub(tmp_path / fingerprint / "大模型"), [there]) == "chinese-clip"
    assert hub.fingerprint() == next(hub.fingerprints(hub.contents()))


def test_comparing_can_be_stopped(tmp_path: Path, package: ModelPackage) -> None:
    def stop() -> None:
        raise PreparationCancelledError

    with pytest.raises(PreparationCancelledError):
        origin(
            put_hub(tmp_path / "模型"), None, (), [replace(package, id="chinese-clip")], check=stop
        )
