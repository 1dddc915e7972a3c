"""The picture for the model."""

import numpy as np
import pytest
from PIL import Image

from memoryhunter.domain.photo import PixelSpec
from memoryhunter.media.pixels import model_pixels
from tests.media.samples import QUADRANTS, landscape, quadrants


def test_squash_ignores_the_aspect_ratio() -> None:
    pixels = model_pixels(quadrants(400, 100), PixelSpec(64))
    assert pixels.shape == (64, 64, 3)
    assert pixels.dtype == np.uint8
    assert tuple(pixels[8, 8].tolist()) == QUADRANTS[0]
    assert tuple(pixels[56, 56].tolist()) == QUADRANTS[3]
    assert pixels.flags.c_contiguous
    assert pixels.flags.writeable


def test_squash_is_one_bicubic_resize() -> None:
    picture = landscape(640, 480)
    expected = np.asarray(picture.resize((224, 224), Image.Resampling.BICUBIC))
    assert np.array_equal(model_pixels(picture, PixelSpec(224)), expected)


def test_small_pictures_are_enlarged() -> None:
    assert model_pixels(quadrants(2, 2), PixelSpec(32)).shape == (32, 32, 3)


def test_unknown_rule() -> None:
    with pytest.raises(ValueError, match="crop"):
        model_pixels(quadrants(), PixelSpec(224, "crop"))
