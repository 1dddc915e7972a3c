"""The models on offer by the names people know; an error carries only a model's id."""

from memoryhunter.config.resources import catalogue_file
from memoryhunter.domain.errors import UserError
from memoryhunter.engine.catalogue import read_catalogue


def model_name(model: str) -> str:
    """Give the name of a model on offer, for its id; the id for any other.

    It reads the list of models, a file of a few kilobytes that came with the program.
    """
    try:
        offers = read_catalogue(catalogue_file())
    except UserError:  # told on the page of models
        return model
    return next((offer.name for offer in offers if offer.id == model), model)
