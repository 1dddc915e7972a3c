"""Finds the files that come with the program: icons, translations, models and their catalogue."""

import os
from pathlib import Path

CATALOGUE_VARIABLE = "MEMORYHUNTER_CATALOGUE"
BUILT_IN_VARIABLE = "MEMORYHUNTER_BUILT_IN"


def resources_folder() -> Path:
    """Give the folder of resources: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent.parent / "resources"


def catalogue_file() -> Path:
    """Give the catalogue of models: the program's, or one the environment names in its place.

    A school or a company may have the models on a server of its own.
    """
    chosen = os.environ.get(CATALOGUE_VARIABLE)
    return Path(chosen) if chosen else resources_folder() / "models.toml"


def comes_with_program(model: str) -> bool:
    """Whether a model of this id came with the program; its files may be damaged."""
    return bool(model) and (built_in_models() / model).is_dir()


def built_in_models() -> Path:
    """Give the folder of the models that came with the program, or one the environment names.

    A build without them has no such folder.
    """
    chosen = os.environ.get(BUILT_IN_VARIABLE)
    return Path(chosen) if chosen else resources_folder() / "models"
