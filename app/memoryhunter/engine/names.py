"""Names of models for people, and ids: names that are safe as folder names on every system."""

import re

_LONGEST = 80
# Reserved by Windows, with any extension (learn.microsoft.com, "Naming Files, Paths and
# Namespaces").
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def model_id(name: str) -> str:
    """Make a model id of any name: a-z, 0-9, ".", "_" and "-"; "" when nothing remains."""
    slug = re.sub(r"[^a-z0-9._-]+", "-", name.lower())[:_LONGEST].strip("._-")
    return f"model-{slug}" if _RESERVED.fullmatch(slug) else slug


def shown_name(name: str) -> str:
    """Give a name as it may be printed: without what steers a terminal or turns text round."""
    return "".join(character for character in name if character.isprintable()).strip()[:_LONGEST]


def is_model_id(name: str) -> bool:
    """Whether `name` is a model id, so that joining it to a folder stays inside that folder."""
    return bool(name) and model_id(name) == name
