"""Rebuilds the built-in model: `python packaging/model --data DIR --work DIR --into FOLDER`.

Features and heads are kept in the work folder as they are finished; a build that was stopped
begins at the first that is missing. Everything is seeded. About an hour on two cores.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from card import write_card
from export import Model, check_target, write_graphs, write_package
from features import key_of
from gathering import Gathered, gather
from judging import Vectors, judge
from packaged import PackagedModel
from training import Pair, Settings, Trainer, new_pair

from memoryhunter.engine.packages import TOKENIZER

# Two pairs that err differently: one learns names and scenes harder, which costs it some captions.
_PAIRS = (Settings(), Settings(labels=0.8, scenes=0.36))


def main() -> None:
    """Gather, train, write, judge, and say how it went."""
    options = _options()
    check_target(options.into)
    start = time.monotonic()
    torch.set_num_threads(options.threads)
    _say("reading pictures and texts")
    gathered = gather(options.data, options.work)
    pairs = [
        _trained(gathered, settings, seed, options.work) for seed, settings in enumerate(_PAIRS)
    ]
    model = Model(gathered.trunks, pairs, gathered.names)
    _say("writing graphs")
    exact_folder, draft = options.work / "float32", options.work / "draft"
    write_graphs(model, exact_folder, compact=False)
    write_graphs(model, draft)
    tokenizer = options.work / TOKENIZER
    gathered.trunks.tokenizer.save(str(tokenizer))
    _say("judging, in float32 and as it is packed")
    exact = PackagedModel(exact_folder, tokenizer).vectors(gathered)
    packed = PackagedModel(draft, tokenizer).vectors(gathered)
    figures = {
        "packed": judge(gathered.examples, packed),
        "float32": judge(gathered.examples, exact),
    }
    write_package(model, options.into, _agreement(exact, packed))
    write_card(options.into, figures, len(gathered.trunks.kept))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    _say(f"done in {(time.monotonic() - start) / 60:.0f} minutes")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="packaging/model", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of pictures and captions")
    parser.add_argument("--work", type=Path, required=True, help="folder for features, 4 GB")
    parser.add_argument("--into", type=Path, required=True, help="the package's folder")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _trained(gathered: Gathered, settings: Settings, seed: int, work: Path) -> Pair:
    """Train a pair, or take up the one that an earlier run with the same settings trained."""
    path = work / f"pair-{key_of([settings, seed, gathered.key])}.pt"
    if path.is_file():
        kept = torch.load(path, weights_only=True)
        pair = new_pair(settings)
        pair.image.load_state_dict(kept["image"])
        pair.text.load_state_dict(kept["text"])
        return Pair(pair.image.eval(), pair.text.eval())
    pair = Trainer(gathered.examples, settings, seed).run(f"training {seed}")
    parts = {"image": pair.image.state_dict(), "text": pair.text.state_dict()}
    torch.save(parts, path)
    return pair


def _agreement(exact: Vectors, packed: Vectors) -> dict[str, float]:
    found = {}
    for side, one, other in (
        ("image", exact.captioned, packed.captioned),
        ("text", exact.captions["zh"], packed.captions["zh"]),
    ):
        cosines = (one * other).sum(axis=1)
        found[f"{side}_cosine_min"] = round(float(cosines.min()), 5)
        found[f"{side}_cosine_median"] = round(float(np.median(cosines)), 5)
    return found


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
