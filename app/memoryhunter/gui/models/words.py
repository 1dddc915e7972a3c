"""What the page of models says about a model: facts, sizes, state, and what removing it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QLocale, QObject

from memoryhunter.engine.catalogue import Offer
from memoryhunter.engine.prepare.hub_origin import UNKNOWN
from memoryhunter.gui.i18n import in_interface_language
from memoryhunter.model_shelf import ModelEntry

# Photos as people take them, where MUGE is pictures of goods; among 1,000 of them.
BENCHMARK = "Flickr30K-CN"

LONGEST_NAME = 24  # in letters, of a model within a sentence
_MEGABYTE = 1_000_000


class ModelState(StrEnum):
    """How a model stands; the strongest that holds."""

    DAMAGED = "damaged"
    IN_USE = "in-use"
    INSTALLED = "installed"
    KEPT = "kept"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Fact:
    """A short label, what it is for this model, and more for those who point at it."""

    label: str
    value: str
    hint: str = ""


def state_of(entry: ModelEntry) -> ModelState:
    """Give how a model stands."""
    if entry.problem is not None:
        return ModelState.DAMAGED
    if entry.in_use:
        return ModelState.IN_USE
    if entry.package is not None:
        return ModelState.INSTALLED
    return ModelState.KEPT if entry.kept_bytes else ModelState.ABSENT


def size_text(size: float) -> str:
    """Give a number of bytes as "753 MB" or "1.63 GB", in the person's way of writing numbers."""
    digits = 2 if size >= 1000 * _MEGABYTE else 0
    return QLocale().formattedDataSize(round(size), digits, QLocale.DataSizeFormat.DataSizeSIFormat)


def speed_text(speed: float) -> str:
    """Give bytes per second as "5.2 MB/s"."""
    shown = QLocale().formattedDataSize(round(speed), 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    return f"{shown}/s"


def shortened(text: str, most: int) -> str:
    """Give at most `most` letters; whoever shows fewer than all shows the rest on hover."""
    return text if len(text) <= most else text[: most - 1] + "…"


class ModelWords(QObject):
    """The sentences; a QObject for the sake of `tr`."""

    def state(self, entry: ModelEntry) -> str:
        """Say how a model stands, in a few words."""
        match state_of(entry):
            case ModelState.DAMAGED:
                return self.tr("Damaged")
            case ModelState.IN_USE:
                return self.tr("In use")
            case ModelState.INSTALLED:
                return self.tr("Installed")
            case ModelState.KEPT:
                return self._kept(entry)
            case ModelState.ABSENT:
                return self.tr("Not installed")

    def lead(self, entries: Sequence[ModelEntry]) -> str:
        """Say what models are for; where one is in use, that it is there already."""
        in_use = next((each for each in entries if each.in_use), None)
        if in_use is None:
            return self.tr(
                "A model lets MemoryHunter find photos by description. One is enough; the larger "
                "ones understand more and take more memory and time. Nothing is downloaded until "
                "you ask for it, and your photos never leave this computer."
            )
        return self.tr(
            "“{name}” finds your photos by description. Larger models understand more and take "
            "more memory and time. Nothing is downloaded until you ask for it, and your photos "
            "never leave this computer."
        ).format(name=shortened(self.name(in_use), LONGEST_NAME))

    def name(self, entry: ModelEntry) -> str:
        """Give what a model is called."""
        return in_interface_language(entry.names, entry.name)

    def suits(self, entry: ModelEntry) -> str:
        """Say whom a model suits, or what it is good at, or at least where it is from."""
        about = in_interface_language(entry.about)
        if entry.built_in:
            came = self.tr("Came with MemoryHunter.")
            return self.tr("{first} {second}").format(first=came, second=about) if about else came
        if entry.offer is not None:
            return in_interface_language(entry.offer.suits)
        return about or self.tr("Added from this computer.")

    def facts(self, entry: ModelEntry) -> list[Fact]:
        """Give what helps to choose."""
        facts = [] if entry.offer is None else [*self._quality(entry.offer)]
        if entry.offer is not None:
            size = size_text(entry.offer.download_megabytes * _MEGABYTE)
            facts.append(Fact(self.tr("Download"), size))
        disk = self._disk_bytes(entry)
        if disk:
            facts.append(Fact(self.tr("On disk"), size_text(disk)))
        if entry.offer is not None:
            memory = Fact(
                self.tr("Memory"),
                size_text(entry.offer.memory_megabytes * _MEGABYTE),
                self.tr("While photos are sorted or searched."),
            )
            facts.append(memory)
        if entry.licence:
            known = entry.licence != UNKNOWN
            licence = entry.licence if known else self.tr("unknown")
            facts.append(Fact(self.tr("Licence"), licence))
        return facts

    def removal(self, entry: ModelEntry, *, has_other: bool = False) -> tuple[str, str]:
        """Ask whether to remove a model, and say what is lost.

        `has_other` says that another one is there to take its place.
        """
        if state_of(entry) is ModelState.KEPT:
            question = self.tr("Delete what was downloaded of {name}?").format(
                name=self.name(entry)
            )
            lost = self.tr("{size} are deleted from this computer, and the download starts over.")
            return question, lost.format(size=size_text(entry.kept_bytes))
        question = self.tr("Remove {name}?").format(name=self.name(entry))
        size = self._disk_bytes(entry)
        lost = (
            self.tr("Its files ({size}) are deleted from this computer.").format(
                size=size_text(size)
            )
            if size
            else self.tr("Its files are deleted from this computer.")
        )
        then = [lost]
        if entry.understood:
            then.append(
                self.tr("Its understanding of %Ln photo(s) is deleted too.", "", entry.understood)
            )
        then.append(self.tr("Your photos and folders stay as they are."))
        if entry.in_use:
            then.append(
                self.tr(
                    "It is in use: without it, photos are found by description only if another "
                    "model is there."
                )
                if not has_other
                else self.tr("It is in use: another model takes its place.")
            )
        elif entry.answers:
            then.append(
                self.tr(
                    "It still answers searches, until the model in use has seen every photo. "
                    "Without it, some photos may not be found until then."
                )
            )
        if entry.offer is not None:
            then.append(self.tr("You can install it again at any time."))
        return question, "\n".join(then)

    def _kept(self, entry: ModelEntry) -> str:
        total = entry.offer.download_megabytes * _MEGABYTE if entry.offer else 0
        if entry.kept_bytes > total - _MEGABYTE:  # which is in whole megabytes
            return self.tr("Downloaded")
        share = QLocale().toString(entry.kept_bytes * 100 // total)
        return self.tr("{share} % downloaded").format(share=share)

    def _quality(self, offer: Offer) -> list[Fact]:
        name = BENCHMARK if BENCHMARK in offer.quality else next(iter(offer.quality), None)
        if name is None:
            return []
        recall = offer.quality[name]
        hint = self.tr(
            "Measured with the public test {benchmark}: for a description in Chinese, the right "
            "photo comes first in {first} of the cases, is among the first 5 in {five}, and "
            "among the first 10 in {ten}."
        ).format(
            benchmark=name,
            first=self._percent(recall.r1),
            five=self._percent(recall.r5),
            ten=self._percent(recall.r10),
        )
        return [Fact(self.tr("Right photo first"), self._percent(recall.r1), hint)]

    def _percent(self, share: float) -> str:
        return self.tr("{share} %").format(share=QLocale().toString(share, "f", 1))

    @staticmethod
    def _disk_bytes(entry: ModelEntry) -> float:
        if entry.package is not None:
            return entry.package.megabytes * _MEGABYTE
        return entry.offer.installed_megabytes * _MEGABYTE if entry.offer else 0.0
