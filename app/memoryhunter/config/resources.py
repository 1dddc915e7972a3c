"""Finds the files that come with the program: icons, translations, built-in models."""

from pathlib import Path


def resources_folder() -> Path:
    """Give the folder of resources: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent.parent / "resources"
