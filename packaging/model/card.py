"""The model card: what the model is made of, how good it is, what it is not good for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "MODEL_CARD.md"
_TEMPLATE = Path(__file__).with_name("card.md")


def write_card(folder: Path, figures: Mapping[str, Any], pieces: int) -> None:
    """Write the card into the package's folder; it is not one of the package's own files."""
    packed, exact = figures["packed"], figures["float32"]
    lines = ["| retrieval among 1,000 pictures | R@1 | R@5 | R@10 |", "|---|---|---|---|"]
    for language, name in (("zh", "Chinese, independent captions"), ("en", "English")):
        pairs = zip(packed["retrieval"][language], exact["retrieval"][language], strict=True)
        cells = " | ".join(f"{one} ({other})" for one, other in pairs)
        lines.append(f"| {name} | {cells} |")
    lines += [
        "",
        "| naming the right one of the folder's names | Chinese | English |",
        "|---|---|---|",
    ]
    for kind in sorted(packed["zero_shot"]):
        pairs = zip(packed["zero_shot"][kind], exact["zero_shot"][kind], strict=True)
        lines.append(f"| {kind} | " + " | ".join(f"{one} ({other})" for one, other in pairs) + " |")
    for title, key in (
        ("true caption against one with another colour or count (chance: 50)", "told_apart"),
        ("short Chinese queries, mean average precision", "words"),
        ("documents, screens, night, black and white among all, average precision", "made"),
    ):
        lines += ["", f"| {title} | |", "|---|---|"]
        lines += [
            f"| {name} | {value} ({exact[key][name]}) |"
            for name, value in sorted(packed[key].items())
        ]
    template = _TEMPLATE.read_text(encoding="utf-8")
    text = template.format(pieces=pieces, figures="\n".join(lines))
    (folder / FILE).write_text(text, encoding="utf-8", newline="\n")
