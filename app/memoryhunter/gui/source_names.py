"""The sources of models by the names people know."""

from collections.abc import Mapping

# Names of products, the same in every language; a catalogue may name other sources.
_NAMES: Mapping[str, str] = {
    "hf": "Hugging Face",
    "hf-mirror": "hf-mirror.com",
    "modelscope": "ModelScope",
}


def source_name(source: str) -> str:
    """Give a source's name as people know it, for the name it has in the catalogue."""
    return _NAMES.get(source, source)
