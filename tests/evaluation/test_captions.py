"""Lists of captions as people make them, and as they go wrong."""

from pathlib import Path

import pytest

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.evaluation.captions import Captions, read_captions


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "captions.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_several_captions_a_picture(tmp_path: Path) -> None:
    lines = "a.jpg\t一只猫。\nsub/b.png\ta dog\n\n  \na.jpg\tcats\twith a tab\n"
    expected = Captions(
        ("a.jpg", "sub/b.png"), ("一只猫。", "a dog", "cats\twith a tab"), (0, 1, 0)
    )
    assert read_captions(written(tmp_path, lines)) == expected
    from_windows = "\ufeff" + lines.replace("\n", "\r\n")
    assert read_captions(written(tmp_path, from_windows)) == expected


def test_only_line_ends_end_lines(tmp_path: Path) -> None:
    found = read_captions(written(tmp_path, "a.jpg\tone\u2028two\x0bthree\n"))
    assert found.sentences == ("one\u2028two\x0bthree",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a.jpg\tgood\n\nno tab here\n", "line 3 has no tab"),
        ("a.jpg\t \n", "line 1 has no sentence"),
        ("\tsentence\n", "line 1 has no file name"),
        ("a.jpg\tgood\n../secret.jpg\tbad\n", "line 2 names a file outside"),
        ("sub/../../secret.jpg\tbad", "line 1 names a file outside"),
        ("/etc/passwd\tbad", "line 1 names a file outside"),
        ("C:\\secret.jpg\tbad", "line 1 names a file outside"),
        ("..\\secret.jpg\tbad", "line 1 names a file outside"),
        ("a\0.jpg\tbad", "line 1 names a file outside"),
        (b"a.jpg\tgood\nb.jpg\t\xff\xfe\n", "line 2 is not UTF-8"),
        ("", "empty"),
        ("\n \n", "empty"),
    ],
)
def test_what_is_no_list_of_captions(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_captions(written(tmp_path, content))
    assert caught.value.code is ErrorCode.CAPTIONS_INVALID
    assert words in str(caught.value.values["detail"])


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_captions(tmp_path / "nothing.tsv")
    assert caught.value.code is ErrorCode.FILE_NOT_FOUND
    with pytest.raises(UserError) as caught:
        read_captions(tmp_path)
    assert caught.value.code is ErrorCode.CAPTIONS_INVALID


def test_a_device_is_not_read() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no such device")
    with pytest.raises(UserError, match="not an ordinary file"):
        read_captions(Path("/dev/zero"))


def test_a_file_that_no_list_can_be_as_large_as(tmp_path: Path) -> None:
    path = tmp_path / "captions.tsv"
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)
    with pytest.raises(UserError, match="larger than 256 MB"):
        read_captions(path)
