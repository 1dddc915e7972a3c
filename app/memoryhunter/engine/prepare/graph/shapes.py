"""What config.json says of a tower's form; plain values, read without torch or onnx."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TowerShape:
    """A stack of `layers` transformer layers, `width` numbers for each token.

    `inner` is the width inside a layer's MLP, `activation` one of `activations.ACTIVATIONS`,
    `epsilon` what layer norms add to the variance.
    """

    width: int
    inner: int
    layers: int
    heads: int
    activation: str
    epsilon: float

    @property
    def head_width(self) -> int:
        """The numbers of a token that one head sees."""
        return self.width // self.heads


@dataclass(frozen=True, slots=True)
class PictureShape:
    """A ViT's way into its tower: pictures of `size` pixels a side, cut into squares of `patch`."""

    tower: TowerShape
    size: int
    patch: int

    @property
    def grid(self) -> int:
        """The patches along a side; pixels that fill no whole patch are left out."""
        return self.size // self.patch

    @property
    def tokens(self) -> int:
        """The patches and the class token."""
        return self.grid**2 + 1


@dataclass(frozen=True, slots=True)
class TextShape:
    """BERT's way into its tower: `words` in the vocabulary, texts of at most `positions` tokens."""

    tower: TowerShape
    words: int
    positions: int
