"""How fast photos and words become vectors, and how well they agree with the reference.

    python tests/benchmarks/engine.py [--model FOLDER] [--photos DIR ...] [--agreement DIR ...]
                                      [--count N] [--rounds N] [--size b16|tiny] [--json]

Without arguments it makes photos of 12 to 20 megapixels and a random model of the size of
ViT-B/16, in a temporary folder. `--model` takes a model's folder as a hub lays it out, or an
installed one. Speeds are taken over `--count` JPEGs of the photos; the agreement over all of the
photos and over up to 300 pictures of each folder given with `--agreement`.

Leave the machine alone meanwhile. Where something else runs, torch's threads wait for each other
spinning and lose more than ours, so that even the ratios flatter us; a warning says so.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Child processes import this file again, so it stays light.
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "app")]
    from tests.benchmarks.engine_program import run

    sys.exit(run(sys.argv[1:]))
