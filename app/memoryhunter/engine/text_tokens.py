"""Words become the numbers a text graph reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

# Far more characters than any model reads tokens. Without a limit, pasting a book into the
# search field would tokenise all of it to keep its first few words.
_MOST_CHARACTERS = 10_000


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Token numbers and a mask (1 for tokens, 0 for padding), int64, both (texts, tokens)."""

    input_ids: NDArray[np.int64]
    attention_mask: NDArray[np.int64]


class TokenizerError(Exception):
    """A tokenizer file that cannot be read: the reason in one line."""


class TextTokens:
    """The tokenizer of a package; safe to use from several threads."""

    def __init__(self, path: Path, max_tokens: int) -> None:
        """Read `tokenizer.json`; raises TokenizerError.

        `max_tokens` includes the marks that the tokenizer puts around every text.
        """
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing more special
            raise TokenizerError(f"{path.name}: {error}") from error
        tokenizer.enable_truncation(max_length=max_tokens)
        padding = tokenizer.padding
        self._pad_id = int(padding["pad_id"]) if padding else 0
        tokenizer.no_padding()
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> TokenBatch:
        """Encode texts, padded to the longest of them; any string is accepted."""
        # One by one: encode_batch starts a thread pool, which costs more than it saves here.
        rows = [self._tokenizer.encode(_well_formed(text)).ids for text in texts]
        longest = max((len(row) for row in rows), default=0)
        ids = np.full((len(rows), longest), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(rows), longest), dtype=np.int64)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        return TokenBatch(ids, mask)


def _well_formed(text: str) -> str:
    """Join surrogate pairs and replace lone surrogates, which the tokenizer cannot take.

    They reach the program from undecodable file names and from some input methods.
    """
    data = text[:_MOST_CHARACTERS].encode("utf-16-le", "surrogatepass")
    return data.decode("utf-16-le", "replace")
