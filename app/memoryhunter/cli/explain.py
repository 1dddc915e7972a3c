"""The sentence for an error, with what the list of models knows of it."""

from memoryhunter.cli.messages import (
    built_in_damaged_sentence,
    changed_pin_sentence,
    error_sentence,
    not_installed_sentence,
)
from memoryhunter.config.resources import catalogue_file, comes_with_program
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.catalogue import Offer, read_catalogue


def explain(error: UserError) -> str:
    """Give the sentence for an error; for one about a model on offer, what can be done here."""
    if error.code is ErrorCode.MODEL_UNKNOWN and (offer := _offer(error)) is not None:
        return not_installed_sentence(offer.id, offer.download_megabytes)
    if error.code is ErrorCode.MODEL_DAMAGED and comes_with_program(str(error.values["model"])):
        return built_in_damaged_sentence(error)
    if error.code is ErrorCode.DOWNLOAD_DAMAGED and (offer := _offer(error)) is not None:
        files = (file for files in offer.sources.values() for file in files)
        if any(file.sha256 is not None for file in files):
            return changed_pin_sentence(error, str(catalogue_file()))
    return error_sentence(error)


def _offer(error: UserError) -> Offer | None:
    try:
        offers = read_catalogue(catalogue_file())
    except UserError:  # whoever needs the list says that it is no good
        return None
    return next((offer for offer in offers if offer.id == error.values["model"]), None)
