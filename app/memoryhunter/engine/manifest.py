"""Reading a JSON object field by field, so that a wrong one is named instead of surprising."""

import math
from collections.abc import Mapping
from typing import NoReturn, cast


class ManifestError(Exception):
    """What is wrong with a manifest, in English, in one line."""


class Section:
    """One JSON object of a manifest; `where` is its own name, for messages."""

    def __init__(self, content: object, where: str = "") -> None:
        """Raise ManifestError unless `content` is a JSON object."""
        self._where = where
        if not isinstance(content, Mapping):
            raise ManifestError(f"{where or 'the manifest'} is not an object")
        self._content = cast("Mapping[str, object]", content)

    def names(self) -> list[str]:
        """Give the names of its fields."""
        return list(self._content)

    def section(self, name: str, *, optional: bool = False) -> "Section":
        """Give the object in the field `name`; an empty one for an optional one left out."""
        if optional and name not in self._content:
            return Section({}, f"{self._where}{name}.")
        return Section(self._value(name), f"{self._where}{name}.")

    def sections(self, name: str) -> "list[Section]":
        """Give the objects of the list in the field `name`, at least one."""
        value = self._value(name)
        if not isinstance(value, list) or not value:
            self._wrong(name, "a list of objects")
        return [Section(each, f"{self._where}{name}[{at}].") for at, each in enumerate(value)]

    def texts(self, name: str) -> list[str]:
        """Give the list of texts in the field `name`: at least one, and none is empty."""
        value = self._value(name)
        if not isinstance(value, list) or not value:
            self._wrong(name, "a list of texts")
        if not all(isinstance(each, str) and each.strip() for each in value):
            self._wrong(name, "a list of texts")
        return list(value)

    def text(
        self, name: str, one_of: tuple[str, ...] | None = None, default: str | None = None
    ) -> str:
        """Give the text in the field `name`: not empty, and one of `one_of` if given."""
        if default is not None and name not in self._content:
            return default
        value = self._value(name)
        if not isinstance(value, str) or (not value.strip() and value != default):
            self._wrong(name, "text")
        if one_of is not None and value not in one_of:
            self._wrong(name, " or ".join(one_of))
        return value

    def integer(self, name: str) -> int:
        """Give the positive whole number in the field `name`."""
        value = self._value(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self._wrong(name, "a whole number above 0")
        return value

    def flag(self, name: str) -> bool:
        """Give the true or false in the field `name`."""
        value = self._value(name)
        if not isinstance(value, bool):
            self._wrong(name, "true or false")
        return value

    def number(self, name: str) -> float:
        """Give the finite number in the field `name`, above 0."""
        value = self._value(name)
        if not _is_number(value) or cast("float", value) <= 0:
            self._wrong(name, "a number above 0")
        return float(cast("float", value))

    def triple(self, name: str, *, positive: bool = False) -> tuple[float, float, float]:
        """Give the list of three numbers in the field `name`, one for each of R, G and B."""
        value = self._value(name)
        if not isinstance(value, list) or len(value) != 3 or not all(map(_is_number, value)):
            self._wrong(name, "three numbers")
        first, second, third = (float(number) for number in value)
        if positive and min(first, second, third) <= 0:
            self._wrong(name, "three numbers above 0")
        return first, second, third

    def span(self, name: str) -> tuple[int, int]:
        """Give the beginning and the end in the field `name`: whole numbers, in order."""
        value = self._value(name)
        if not isinstance(value, list) or len(value) != 2 or not all(type(n) is int for n in value):
            self._wrong(name, "two whole numbers")
        begin, end = value
        if not 0 <= begin <= end:
            self._wrong(name, "the beginning and the end of something")
        return begin, end

    def numbers(self) -> dict[str, float]:
        """Give all fields, each of which must be a number."""
        for name, value in self._content.items():
            if not _is_number(value):
                self._wrong(name, "a number")
        return {name: float(cast("float", value)) for name, value in self._content.items()}

    def _value(self, name: str) -> object:
        if name not in self._content:
            raise ManifestError(f"the field {self._where}{name} is missing")
        return self._content[name]

    def _wrong(self, name: str, wanted: str) -> NoReturn:
        raise ManifestError(f"the field {self._where}{name} should be {wanted}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
