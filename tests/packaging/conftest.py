"""Makes the program in packaging/model importable, which is no package of the application."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging" / "model"))
