"""Pictures and sentences to compare a converted model with the original on.

They are made, not photographed, so that the program need not carry pictures; what counts is
that they differ from each other in colour, form, scale and texture.
"""

import numpy as np
from numpy.typing import NDArray

SENTENCES = (
    "海边的日落",
    "去年夏天的猫",
    "一只狗在草地上奔跑",
    "雪山",
    "孩子们在玩水",
    "红色的汽车停在路边",
    "盖着红色印章的收据",
    "厨房的桌子上放着一碗面条和一双筷子",
    "夜晚的城市灯光",
    "生日蛋糕",
    "一群人站在舞台前听音乐会，天空中有烟花",
    "黑白照片",
    "a photo of a cat",
    "a receipt with a red stamp",
    "children playing football in the park on a sunny day",
    "mountains",
    "蓝色的圆形",
    "screenshot of a chat",
    "一张iPhone拍的自拍",
    "花",
)


def sample_pictures(size: int) -> NDArray[np.uint8]:
    """Make 16 RGB pictures, always the same, as uint8 (16, size, size, 3)."""
    random = np.random.default_rng(20240607)
    makers = (_gradient, _clouds, _shapes, _scene)
    pictures = [maker(random, size) for _ in range(4) for maker in makers]
    return np.rint(np.clip(pictures, 0, 1) * 255).astype(np.uint8)


Picture = NDArray[np.float64]


def _gradient(random: np.random.Generator, size: int) -> Picture:
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    angle = random.uniform(0, 2 * np.pi)
    along = (np.cos(angle) * x + np.sin(angle) * y) % 1
    first, second = random.uniform(0, 1, (2, 3))
    picture: Picture = first + along[..., None] * (second - first)
    return picture


def _clouds(random: np.random.Generator, size: int) -> Picture:
    """Noise with the 1/f spectrum of photographs (Field 1987)."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None, :])
    frequency[0, 0] = 1
    noise = np.fft.fft2(random.standard_normal((3, size, size))) / frequency
    noise[:, 0, 0] = 0
    planes = np.fft.ifft2(noise).real
    planes /= 4 * planes.std(axis=(1, 2), keepdims=True)
    picture: Picture = (planes + random.uniform(0.3, 0.7, (3, 1, 1))).transpose(1, 2, 0)
    return picture


def _shapes(random: np.random.Generator, size: int) -> Picture:
    picture = np.broadcast_to(random.uniform(0, 1, 3), (size, size, 3)).copy()
    y, x = np.mgrid[0:size, 0:size] / size
    for index in range(5):
        (cx, cy), radius = random.uniform(0.15, 0.85, 2), random.uniform(0.08, 0.3)
        if index % 2:
            inside = (x - cx) ** 2 + (y - cy) ** 2 < radius**2
        else:
            inside = np.maximum(abs(x - cx), abs(y - cy)) < radius
        picture[inside] = random.uniform(0, 1, 3)
    return picture


def _scene(random: np.random.Generator, size: int) -> Picture:
    """Draw a smooth sky over rough ground with a few blocks standing on it."""
    picture = _gradient(random, size)
    horizon = int(size * random.uniform(0.4, 0.7))
    picture[horizon:] = _clouds(random, size)[horizon:] * random.uniform(0.5, 1.2, 3)
    for _ in range(3):
        left = random.integers(0, max(1, size * 3 // 4))
        top = random.integers(horizon // 2, horizon)
        picture[top : horizon + size // 8, left : left + size // 6] = random.uniform(0, 1, 3)
    return picture
