"""Brings the window's `.ts` files up to date with its sources, by Qt's lupdate.

    python packaging/update_translations.py [FOLDER]

FOLDER is resources/i18n unless given. New sentences appear as unfinished entries, to be filled
in by hand or with Qt Linguist; sentences no longer used are dropped. The English file takes
plural forms only, because English is the language of the sources.
"""

import subprocess
import sys
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parent.parent


def lupdate_program() -> Path | None:
    """Give Qt's lupdate as it lies beside PySide6, if this installation has it."""
    folder = Path(PySide6.__file__).parent
    found = [folder / name for name in ("lupdate", "lupdate.exe") if (folder / name).is_file()]
    return found[0] if found else None


def update(program: Path, folder: Path) -> int:
    """Run `program` over the window's sources and each `.ts` file of `folder`; give its status."""
    sources = sorted(str(file) for file in (ROOT / "app/memoryhunter/gui").rglob("*.py"))
    status = 0
    for target in sorted(folder.glob("memoryhunter_*.ts")):
        plural_only = ["-pluralonly"] if target.stem == "memoryhunter_en" else []
        # Without line numbers a change of code does not change these files.
        command = [str(program), *plural_only, "-no-obsolete", "-locations", "none", *sources]
        # A program of PySide6 over files of this project; nothing a person typed.
        done = subprocess.run([*command, "-ts", str(target)], check=False)  # noqa: S603
        status = status or done.returncode
    return status


def main() -> int:
    """Update the folder named on the command line."""
    program = lupdate_program()
    if program is None:
        print("PySide6 has no lupdate here.", file=sys.stderr)
        return 1
    return update(program, Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources/i18n")


if __name__ == "__main__":
    sys.exit(main())
