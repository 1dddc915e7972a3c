"""Brings typed text into the form the models were trained on."""

import unicodedata


def normalise(text: str) -> str:
    """Give `text` with full-width forms folded (NFKC), one space between words, none around.

    Characters that are no text (controls, lone surrogates, unassigned code points) become spaces.
    """
    folded = unicodedata.normalize("NFKC", text)
    return " ".join("".join(_readable(char) for char in folded).split())


def _readable(char: str) -> str:
    return " " if unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co"} else char
