"""Train a small Chinese-CLIP on pictures of coloured shapes, and save it as a model hub would.

    python tests/models/train_tiny_clip.py OUTPUT_FOLDER

The result is a plain `ChineseCLIPModel`.  It learns from the contrastive loss of CLIP, in which
every text of a batch is compared with every picture of it and all pictures that it truly
describes count as right.  Three helpers speed this up and are thrown away afterwards: the
pictures' and the texts' vectors must tell each attribute, and the vision tower's middle layer
must tell in which patches shapes have their centres (which is what counting needs).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    # Threads that spin while they wait for each other save a quarter of the time where two cores
    # are free; where other work runs beside it, OMP_WAIT_POLICY=passive is many times faster.
    # The library reads this once, when it is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "active")

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertTokenizer, ChineseCLIPConfig, ChineseCLIPModel

from tests.models.captions import words
from tests.models.held_out import TEXT_TOKENS, held_out_accuracy, report
from tests.models.pool import ATTRIBUTES, MEAN, STD, Pool, normalised, render_pool
from tests.models.shapes import COLOURS, COUNTS, POSITIONS, SHAPES, SIZES

CLASSES = (len(COUNTS), len(COLOURS), len(SHAPES), len(SIZES), len(POSITIONS))
SIZE_COLUMN, POSITION_COLUMN = ATTRIBUTES.index("size"), ATTRIBUTES.index("position")
SMALL = SIZES.index("small")
LEFT, RIGHT = POSITIONS.index("left"), POSITIONS.index("right")
ANYWHERE = POSITIONS.index("anywhere")


@dataclass(frozen=True)
class Recipe:
    """Everything that the outcome depends on."""

    seed: int = 1
    pictures: int = 24_000
    captions: int = 6
    steps: int = 1200
    batch: int = 128
    easy_passes: int = 2
    """First passes over the pool that leave small shapes out."""
    block: int = 8
    """Pictures of one (colour, shape) that come together in a batch, so that counts matter."""
    side: int = 64
    patch: int = 8
    width: int = 128
    inner: int = 256
    vision_layers: int = 4
    centre_layer: int = 3
    text_layers: int = 2
    heads: int = 4
    projection: int = 64
    rate: float = 2e-3
    warmup: int = 60
    decay: float = 0.05
    threads: int = 2

    @property
    def grid(self) -> int:
        """Patches per side."""
        return self.side // self.patch


class Helpers(nn.Module):
    """Linear read-outs used in training only."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.picture = nn.ModuleList(nn.Linear(recipe.projection, n) for n in CLASSES)
        self.text = nn.ModuleList(nn.Linear(recipe.projection, n + 1) for n in CLASSES)
        self.centre = nn.Linear(recipe.width, 2)
        self.shape = nn.Linear(recipe.width, len(SHAPES))


@dataclass
class Batch:
    """One step's inputs; n pictures, n texts, row i of one belonging to row i of the other."""

    pixels: Tensor
    labels: Tensor
    centres: Tensor
    tokens: Tensor
    mask: Tensor
    mentioned: Tensor


class Batches:
    """Draws batches from a pool, with cheap changes to the pictures."""

    def __init__(self, pool: Pool, tokenizer: BertTokenizer, recipe: Recipe) -> None:
        flat = [text for texts in pool.captions for text in texts]
        encoded = tokenizer(flat, padding=True, truncation=True, max_length=TEXT_TOKENS)
        shape = (len(pool.captions), recipe.captions, -1)
        self.tokens = torch.tensor(encoded["input_ids"]).view(shape)
        self.mask = torch.tensor(encoded["attention_mask"]).view(shape)
        self.pixels = torch.from_numpy(pool.pixels)
        self.labels = torch.from_numpy(pool.labels)
        self.centres = torch.from_numpy(pool.centres)
        self.mentioned = torch.from_numpy(pool.mentioned)
        self.recipe = recipe
        self.rng = np.random.default_rng(recipe.seed)
        self.noise = torch.Generator().manual_seed(recipe.seed)
        self.order = np.empty(0, np.int64)
        self.passes = 0
        most = recipe.batch * 3 * recipe.side**2
        self.grain = torch.randn(most + 65_536, generator=self.noise)
        self.mean = torch.tensor(MEAN).view(1, 3, 1, 1)
        self.std = torch.tensor(STD).view(1, 3, 1, 1)

    def draw(self) -> Batch:
        """The next batch; passes over the pool in a new order each time it is used up."""
        if len(self.order) < self.recipe.batch:
            self.order = self._shuffled()
        chosen, self.order = np.split(self.order, [self.recipe.batch])
        rows = torch.from_numpy(chosen)
        caption = torch.from_numpy(self.rng.integers(self.recipe.captions, size=len(chosen)))
        mentioned = self.mentioned[rows, caption]
        sided = (mentioned[:, POSITION_COLUMN] == LEFT) | (mentioned[:, POSITION_COLUMN] == RIGHT)
        flip = torch.from_numpy(self.rng.random(len(chosen)) < 0.5) & ~sided
        tokens, mask = self.tokens[rows, caption], self.mask[rows, caption]
        longest = int(mask.sum(1).max())
        labels = self.labels[rows].clone()
        place = labels[:, POSITION_COLUMN]
        mirrored = torch.where(place == LEFT, RIGHT, torch.where(place == RIGHT, LEFT, place))
        labels[:, POSITION_COLUMN] = torch.where(flip, mirrored, place)
        pixels = self.pixels[rows].permute(0, 3, 1, 2).float().div_(255.0)
        pixels = torch.where(flip.view(-1, 1, 1, 1), pixels.flip(3), pixels)
        centres = self.centres[rows]
        centres = torch.where(flip.view(-1, 1, 1), centres.flip(2), centres)
        return Batch(
            (self._varied(pixels) - self.mean) / self.std,
            labels,
            centres,
            tokens[:, :longest],
            mask[:, :longest],
            mentioned,
        )

    def _shuffled(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The rows of one pass, shuffled in blocks of the same colour and shape."""
        rows = self.rng.permutation(len(self.labels))
        if self.passes < self.recipe.easy_passes:
            rows = rows[self.labels.numpy()[rows, SIZE_COLUMN] != SMALL]
        self.passes += 1
        kind = (self.labels[:, 1] * len(SHAPES) + self.labels[:, 2]).numpy()[rows]
        rows = rows[np.argsort(kind, kind="stable")]
        block = self.recipe.block
        blocks = rows[: len(rows) // block * block].reshape(-1, block)
        order: np.ndarray[tuple[int], np.dtype[np.int64]] = self.rng.permutation(blocks).ravel()
        return order

    def _varied(self, pixels: Tensor) -> Tensor:
        """Slightly other contrast and brightness, and a little noise."""
        n = len(pixels)
        gain = 1 + 0.08 * (torch.rand(n, 1, 1, 1, generator=self.noise) - 0.5)
        start = int(self.rng.integers(self.grain.numel() - pixels.numel()))
        noise = self.grain[start : start + pixels.numel()].view(pixels.shape)
        level = 0.015 * torch.rand(n, 1, 1, 1, generator=self.noise)
        return (pixels * gain + noise * level).clamp_(0, 1)


def vocabulary() -> list[str]:
    """A WordPiece vocabulary for the captions; any other Latin word falls apart into letters."""
    latin, han = set[str](), set[str]()
    for text in words():
        for piece in text.lower().split():
            ascii_part = "".join(letter for letter in piece if letter.isascii())
            if ascii_part.isalpha() and len(ascii_part) > 1:
                latin.add(ascii_part)
            han.update(letter for letter in piece if not letter.isascii())
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    single = [*letters, *"0123456789", *".,!?'\"-:;()", *"。，！？、"]
    endings = ["##s", "##es", "##ed", "##ing"]
    tails = [f"##{letter}" for letter in [*letters, *"0123456789"] if letter != "s"]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return [*special, *single, *endings, *tails, *sorted(latin), *sorted(han)]


def write_preprocessing(folder: Path, recipe: Recipe) -> None:
    """Write vocab.txt and preprocessor_config.json as Chinese-CLIP has them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary()) + "\n", encoding="utf-8")
    settings = {
        "do_center_crop": False,
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "feature_extractor_type": "ChineseCLIPFeatureExtractor",
        "image_mean": list(MEAN),
        "image_processor_type": "ChineseCLIPImageProcessor",
        "image_std": list(STD),
        "resample": 3,
        "rescale_factor": 1 / 255,
        "size": {"height": recipe.side, "width": recipe.side},
    }
    text = json.dumps(settings, indent=2) + "\n"
    (folder / "preprocessor_config.json").write_text(text, encoding="utf-8")


def new_model(recipe: Recipe, vocab_size: int, attention: str) -> ChineseCLIPModel:
    """An untrained model; the vision tower starts with sinusoidal places."""
    config = ChineseCLIPConfig(
        text_config={
            "vocab_size": vocab_size,
            "hidden_size": recipe.width,
            "intermediate_size": recipe.inner,
            "num_hidden_layers": recipe.text_layers,
            "num_attention_heads": recipe.heads,
            "max_position_embeddings": 512,
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
        },
        vision_config={
            "hidden_size": recipe.width,
            "intermediate_size": recipe.inner,
            "num_hidden_layers": recipe.vision_layers,
            "num_attention_heads": recipe.heads,
            "image_size": recipe.side,
            "patch_size": recipe.patch,
            "projection_dim": recipe.projection,
        },
        projection_dim=recipe.projection,
    )
    model = ChineseCLIPModel(config)
    model.set_attn_implementation(attention)
    with torch.no_grad():
        places = model.vision_model.embeddings.position_embedding.weight
        places[1:] = 0.1 * sinusoids(recipe.grid, recipe.width)
    return model


def patch_filters(
    pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], recipe: Recipe
) -> Tensor:
    """(width, 3, patch, patch) starting weights that make patches' main components equally loud.

    The principal components of the patches that show something, whitened and mixed by a random
    rotation: edges then weigh as much as plain areas, which shapes are recognised by.
    """
    inputs = torch.from_numpy(normalised(pixels))
    patches = (
        functional.unfold(inputs, recipe.patch, stride=recipe.patch).transpose(1, 2).flatten(0, 1)
    )
    patches = patches - patches.mean(0)
    patches = patches[patches.std(1) > 0.15]
    variances, axes = torch.linalg.eigh(patches.T @ patches / len(patches))
    variances, axes = variances.flip(0)[: recipe.width], axes.flip(1)[:, : recipe.width]
    white = axes / (variances + 3e-4 * variances[0]).sqrt()
    turn, _ = torch.linalg.qr(torch.randn(recipe.width, recipe.width))
    filters: Tensor = 0.3 * (turn @ white.T).view(-1, 3, recipe.patch, recipe.patch)
    return filters


def sinusoids(grid: int, width: int) -> Tensor:
    """(grid * grid, width) sines and cosines of column and row."""
    rates = math.pi * 2.0 ** (torch.arange(width // 4) / (width // 4) * math.log2(grid))
    steps = (torch.arange(grid) + 0.5)[:, None] / grid * rates
    line = torch.cat([steps.sin(), steps.cos()], dim=1)
    rows = line[:, None, :].expand(grid, grid, -1)
    columns = line[None, :, :].expand(grid, grid, -1)
    return torch.cat([rows, columns], dim=2).reshape(grid * grid, width)


def contrastive(similar: Tensor, labels: Tensor, mentioned: Tensor) -> Tensor:
    """CLIP's loss where a text may be true of several pictures of the batch.

    similar: (texts, pictures) scaled similarities.  A text that names a place is not compared
    with pictures whose shapes may be anywhere.
    """
    agrees = (mentioned[:, None, :] == -1) | (mentioned[:, None, :] == labels[None, :, :])
    right = agrees.all(dim=2)
    vague = (mentioned[:, POSITION_COLUMN] != -1)[:, None] & (
        labels[:, POSITION_COLUMN] == ANYWHERE
    )[None, :]
    similar = similar.masked_fill(vague & ~right, -1e4)
    target = right.float()
    by_text = -(similar.log_softmax(1) * (target / target.sum(1, keepdim=True))).sum(1)
    by_picture = -(similar.log_softmax(0) * (target / target.sum(0, keepdim=True))).sum(0)
    return by_text.mean() + 0.5 * by_picture.mean()


def step_loss(
    model: ChineseCLIPModel, helpers: Helpers, batch: Batch, recipe: Recipe
) -> tuple[Tensor, dict[str, float]]:
    """The loss of one batch, and a few figures for the progress line."""
    seen = model.vision_model(pixel_values=batch.pixels, output_hidden_states=True)
    picture = model.visual_projection(seen.pooler_output).float()
    text = model.get_text_features(
        input_ids=batch.tokens, attention_mask=batch.mask
    ).pooler_output.float()
    scale = model.logit_scale.exp()
    similar = scale * functional.normalize(text, dim=-1) @ functional.normalize(picture, dim=-1).T
    matching = contrastive(similar, batch.labels, batch.mentioned)
    told = torch.zeros(())
    for column, (read, listen) in enumerate(zip(helpers.picture, helpers.text, strict=True)):
        truth = batch.labels[:, column]
        told = told + 0.6 * functional.cross_entropy(read(picture).float(), truth)
        told = told + 0.1 * functional.cross_entropy(
            listen(text).float(), batch.mentioned[:, column] % (CLASSES[column] + 1)
        )
    patches = seen.hidden_states[recipe.centre_layer][:, 1:]
    truly = batch.centres.flatten(1)
    centre = functional.cross_entropy(
        helpers.centre(patches).float().flatten(0, 1), truly.clamp(0, 1).flatten()
    )
    shape = functional.cross_entropy(
        helpers.shape(patches[truly > 0]).float(), truly[truly > 0] - 1
    )
    count_right = (helpers.picture[0](picture).argmax(1) == batch.labels[:, 0]).float().mean()
    shape_right = (helpers.picture[2](picture).argmax(1) == batch.labels[:, 2]).float().mean()
    figures = {
        "match": matching.item(),
        "attributes": told.item(),
        "centres": centre.item(),
        "shapes": shape.item(),
        "count": count_right.item(),
        "shape": shape_right.item(),
    }
    return matching + told + 3.0 * centre + shape, figures


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 matrices in hardware (Intel AMX)."""
    try:
        return "amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


def train(folder: Path, recipe: Recipe) -> None:
    """Render, train and save the model into `folder`."""
    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    write_preprocessing(folder, recipe)
    _say(started, f"rendering {recipe.pictures} pictures")
    pool = render_pool(
        recipe.pictures, recipe.side, recipe.grid, recipe.captions, workers=recipe.threads
    )
    tokenizer = BertTokenizer.from_pretrained(folder)
    batches = Batches(pool, tokenizer, recipe)
    brief = fast_bfloat16()
    model = new_model(recipe, len(tokenizer), "eager" if brief else "sdpa")
    with torch.no_grad():
        filters = patch_filters(pool.pixels[:1500], recipe)
        model.vision_model.embeddings.patch_embedding.weight.copy_(filters)
    helpers = Helpers(recipe)
    parameters = [*model.parameters(), *helpers.parameters()]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.decay},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.98), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        recipe.rate,
        total_steps=recipe.steps,
        pct_start=recipe.warmup / recipe.steps,
        cycle_momentum=False,
        final_div_factor=100.0,
    )
    model.train()
    _say(started, f"{sum(p.numel() for p in model.parameters())} weights, {recipe.steps} steps")
    for step in range(1, recipe.steps + 1):
        batch = batches.draw()
        with torch.autocast("cpu", torch.bfloat16, enabled=brief):
            loss, figures = step_loss(model, helpers, batch, recipe)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            model.logit_scale.clamp_(max=math.log(100.0))
        if step % 100 == 0 or step == recipe.steps:
            line = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
            _say(started, f"step {step:4d}  {line}")
    model.train(False)
    model.save_pretrained(folder)
    _say(started, f"saved to {folder}")


def main(arguments: list[str] | None = None) -> int:
    """Train into the folder named on the command line and print the held-out figures."""
    parser = argparse.ArgumentParser(description="Train a small Chinese-CLIP on coloured shapes.")
    parser.add_argument("folder", type=Path, help="folder to write the model to")
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="training steps")
    parser.add_argument("--seed", type=int, default=Recipe.seed, help="seed of the weights")
    options = parser.parse_args(arguments)
    train(options.folder, replace(Recipe(), steps=options.steps, seed=options.seed))
    print(report(held_out_accuracy(options.folder)))
    return 0


def _say(started: float, text: str) -> None:
    print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
