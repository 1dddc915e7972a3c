"""Which of the text trunk's 250,002 pieces are kept: those that Chinese and English need."""

from collections.abc import Iterable

from text_trunk import PREFIX, SPECIAL
from tokenizers import Tokenizer

# The pieces of a unigram tokenizer stand in the order of how common they are.
_ENGLISH_PIECES = 14_000
_CHINESE_PIECES = 9_000


def kept_pieces(
    pieces: list[tuple[str, float]], tokenizer: Tokenizer, texts: Iterable[str]
) -> list[int]:
    """Give the numbers of the pieces to keep, the special ones first.

    Kept are all pieces of `texts`, every Han character of GB 2312 on its own (so that any
    Chinese word can be spelled), the most common Chinese pieces and the most common ASCII ones.
    """
    first = [number for number, (piece, _) in enumerate(pieces[:10]) if piece in SPECIAL]
    by_piece = {piece: number for number, (piece, _) in enumerate(pieces)}
    kept = {by_piece[piece] for piece in PREFIX} | {by_piece["▁"]}
    for text in texts:
        kept.update(tokenizer.encode(text, add_special_tokens=False).ids)
    kept.update(by_piece[mark] for mark in gb2312() if mark in by_piece)
    ascii_left, chinese_left = _ENGLISH_PIECES, _CHINESE_PIECES
    for number, (piece, _) in enumerate(pieces):
        word = piece.removeprefix("▁")
        if ascii_left and word.isascii() and word:
            kept.add(number)
            ascii_left -= 1
        elif chinese_left and word and all("一" <= mark <= "鿿" for mark in word):
            kept.add(number)
            chinese_left -= 1
    return [*first, *sorted(kept - set(first))]


def gb2312() -> list[str]:
    """Give the 6,763 Han characters of GB 2312."""
    found = []
    for row in range(0xB0, 0xF8):
        for column in range(0xA1, 0xFF):
            mark = bytes((row, column)).decode("gb2312", "ignore")
            if mark:
                found.append(mark)
    return found
