from pathlib import Path
from urllib.parse import urlsplit

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import read_catalogue

OURS = Path(__file__).resolve().parents[2] / "resources" / "models.toml"


def test_the_catalogue_of_the_program() -> None:
    offers = {offer.id: offer for offer in read_catalogue(OURS)}
    shapes = {model: (offer.dimension, offer.image_size) for model, offer in offers.items()}
    assert shapes == {
        "chinese-clip-vit-base-patch16": (512, 224),
        "chinese-clip-vit-large-patch14": (768, 224),
        "chinese-clip-vit-large-patch14-336px": (768, 336),
        "chinese-clip-vit-huge-patch14": (1024, 224),
    }
    for offer in offers.values():
        assert list(offer.sources) == ["hf", "hf-mirror", "modelscope"]
        assert set(offer.suits) == {"en", "zh"}
        assert set(offer.quality) == {"MUGE", "Flickr30K-CN", "COCO-CN"}
        assert all(each.r1 < each.r5 < each.r10 < 100 for each in offer.quality.values())
        assert offer.memory_megabytes < offer.installed_megabytes < offer.download_megabytes
        assert offer.licence == "MIT"
        for files in offer.sources.values():
            assert [file.name for file in files] == [
                *("config.json", "preprocessor_config.json", "vocab.txt", "pytorch_model.bin")
            ]
            for file in files:
                parts = urlsplit(file.url)
                assert parts.scheme == "https"
                assert parts.path.endswith(f"/{file.name}")
                assert offer.id in parts.path
                assert "{" not in file.url


def test_where_the_files_are() -> None:
    offer = read_catalogue(OURS)[0]
    assert {source: files[0].url for source, files in offer.sources.items()} == {
        "hf": "https://huggingface.co/OFA-Sys/chinese-clip-vit-base-patch16/resolve/main/config.json",
        "hf-mirror": (
            "https://hf-mirror.com/OFA-Sys/chinese-clip-vit-base-patch16/resolve/main/config.json"
        ),
        "modelscope": (
            "https://modelscope.cn/models/AI-ModelScope/chinese-clip-vit-base-patch16"
            "/resolve/master/config.json"
        ),
    }


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = OURS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "models.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("dimension = 512\n", "", "dimension"),
        ("dimension = 512", 'dimension = "512"', "dimension"),
        ("format = 1", "format = 2", "format"),
        ('"vocab.txt"', '"../vocab.txt"', "../vocab.txt"),
        ('files = ["config.json"', 'files = [["config.json"]', "files"),
        ('hf = "https:', 'hf = "ftp:', "ftp:"),
        ('hf = "https://huggingface.co/', 'hf = "https://[x/', "https://[x/"),
        ('hf = "https://huggingface.co/', 'hf = "https://x:99999/', "https://x:99999/"),
        ('hf = "https://huggingface.co/', 'hf = "https:///', "https:///"),
        ('id = "chinese-clip-vit-base-patch16"', 'id = "../x"', "../x"),
        ("-patch14-336px", "-patch14", "same id"),
        ("MUGE = [52.1, 76.7, 84.4]", "MUGE = [52.1, 76.7]", "MUGE"),
        ("[sources]", "[sources", "line"),
        ('modelscope = "https', '# "https', "unknown source"),
        (
            "[models.quality]",
            '[models.pins."vocab.txt"]\nsha256 = "x"\n[models.quality]',
            "SHA-256",
        ),
    ],
)
def test_a_wrong_catalogue_is_told_exactly(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(UserError) as caught:
        read_catalogue(path)
    assert caught.value.code is ErrorCode.CATALOGUE_INVALID
    assert told in str(caught.value.values["detail"])
    assert caught.value.values["path"] == str(path)


def test_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_catalogue(tmp_path / "none.toml")
    assert caught.value.code is ErrorCode.CATALOGUE_INVALID


def test_a_pinned_file(tmp_path: Path) -> None:
    pin = f'[models.pins."vocab.txt"]\nbytes = 109540\nsha256 = "{"a" * 64}"\n[models.quality]'
    offer = read_catalogue(changed(tmp_path, "[models.quality]", pin))[0]
    for files in offer.sources.values():
        pinned = {file.name: (file.bytes, file.sha256) for file in files}
        assert pinned["vocab.txt"] == (109540, "a" * 64)
        assert pinned["config.json"] == (None, None)


def test_a_hash_in_capitals(tmp_path: Path) -> None:
    pin = f'[models.pins."vocab.txt"]\nsha256 = "{"AB" * 32}"\n[models.quality]'
    offer = read_catalogue(changed(tmp_path, "[models.quality]", pin))[0]
    for files in offer.sources.values():
        assert {file.sha256 for file in files if file.name == "vocab.txt"} == {"ab" * 32}
