import pytest

from memoryhunter.engine.names import is_model_id, model_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Chinese-CLIP ViT/B 16", "chinese-clip-vit-b-16"),
        ("中文模型", ""),
        ("我的model_v1.2", "model_v1.2"),
        ("..", ""),
        (".hidden.", "hidden"),
        ("CON", "model-con"),
        ("nul.txt", "model-nul.txt"),
        ("console", "console"),
        ("a" * 200, "a" * 80),
    ],
)
def test_any_name_becomes_a_safe_folder_name(name: str, expected: str) -> None:
    assert model_id(name) == expected
    assert is_model_id(expected) is bool(expected)


@pytest.mark.parametrize("name", ["", "../x", "A", "a/b", ".partial-1", "aux", "a."])
def test_other_names_are_no_ids(name: str) -> None:
    assert not is_model_id(name)
