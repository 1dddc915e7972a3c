"""Runs every check of the project, one after the other: `python tests/check.py`.

Style, types and import rules come first because they are quick; all of them run even when one
fails, so that one run shows everything. Ends with pytest, whose closing lines are the summary.
"""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
    ("pytest",),
)


def main() -> int:
    """Run all checks; 0 when all passed."""
    failed = []
    scripts = sysconfig.get_path("scripts")
    for name, *arguments in CHECKS:
        program = shutil.which(name, path=scripts)
        if program is None:
            sys.exit(f"{name} is not installed beside {sys.executable}; install '.[dev]'")
        title = " ".join([name, *arguments])
        print(f"== {title}", flush=True)
        if subprocess.run([program, *arguments], cwd=ROOT, check=False).returncode:
            failed.append(title)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
