"""How an embedder shares out the processor's cores, and which ways of it are worth trying."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threads:
    """`side_by_side` pictures at once, `per_picture` threads to each, `per_text` to a text.

    Pictures are always run on their own. An int8 graph scales its activations over a whole
    batch, so in one a picture's vector would depend on its neighbours; and batches of 4 and 8
    were no faster in float32 either (ViT-B/16 on 2 cores: 7.9, 8.0 and 7.9 pictures a second).
    """

    side_by_side: int
    per_picture: int
    per_text: int


def usual_threads(processors: int) -> Threads:
    """Give what is best on most machines with so many processors.

    ViT-B/16 in int8 on 2 idle cores did 39 pictures a second as two side by side, and 28 one
    after the other with both cores at each. A text has at most two: somebody waits for it while
    pictures are computed, too.
    """
    return Threads(side_by_side=processors, per_picture=1, per_text=min(2, processors))


def picture_layouts(processors: int) -> list[tuple[int, int]]:
    """Give the (side by side, threads to each) worth trying, the usual one first."""
    layouts = [(processors, 1), (processors // 2, 2), (1, processors)]
    return [each for each in dict.fromkeys(layouts) if each[0] > 0]


def text_layouts(processors: int) -> list[int]:
    """Give the threads to a text worth trying, the usual number first."""
    usual = usual_threads(processors).per_text
    return [usual, *(each for each in (1, 2, 4) if each <= processors and each != usual)]
