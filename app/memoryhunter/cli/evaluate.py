"""`evaluate`: how well the model in use finds pictures whose captions are known."""

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from memoryhunter.cli.arguments import absolute_path, given_path
from memoryhunter.cli.command import Command, Document
from memoryhunter.cli.interrupts import stopped_by_signals
from memoryhunter.cli.messages import failure_words
from memoryhunter.cli.terminal import ProgressLine, duration, tell
from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.engine.embedder import Embedder
from memoryhunter.evaluation.captions import Captions, read_captions
from memoryhunter.evaluation.evaluate import (
    Evaluation,
    EvaluationProgress,
    EvaluationStep,
    EvaluationStoppedError,
    evaluate,
)
from memoryhunter.evaluation.recall import Recall
from memoryhunter.indexing.control import Control
from memoryhunter.media.workers import MediaPool
from memoryhunter.workspace import Workspace

# Naming every file of a folder that is not there helps nobody.
_MOST_NAMED = 10


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "captions",
        type=given_path,
        metavar="CAPTIONS.tsv",
        help="lines of a picture's file name, a tab and a sentence, in UTF-8",
    )
    parser.add_argument(
        "images", type=given_path, metavar="IMAGES_DIR", help="the folder of the pictures"
    )


def _run(workspace: Workspace, options: argparse.Namespace) -> Document:
    control = Control()
    with stopped_by_signals(control, workspace.interrupt):
        captions = read_captions(absolute_path(options.captions, ErrorCode.FILE_NOT_FOUND))
        folder = _folder(options.images)
        embedder = workspace.embedder()
        if embedder is None:
            raise UserError(ErrorCode.NO_MODEL)
        found = _evaluate(captions, folder, embedder, control)
    _tell_unreadable(found)
    return {
        "model": embedder.package.id,
        "images": found.images,
        "captions": found.captions,
        "unreadable": len(found.unreadable),
        "text_to_image": _figures(found.text_to_image),
        "image_to_text": _figures(found.image_to_text),
        "mean_query_ms": round(found.mean_query_ms, 3),
    }


def _folder(given: Path) -> Path:
    folder = absolute_path(given, ErrorCode.FOLDER_NOT_FOUND)
    if not folder.is_dir():
        code = ErrorCode.NOT_A_FOLDER if folder.exists() else ErrorCode.FOLDER_NOT_FOUND
        raise UserError(code, path=str(folder))
    return folder


def _evaluate(captions: Captions, folder: Path, embedder: Embedder, control: Control) -> Evaluation:
    line = ProgressLine()
    with MediaPool() as media:
        try:
            return evaluate(
                captions,
                folder,
                media,
                embedder,
                on_progress=lambda progress: line.say(_sentence(progress)),
                stopped=lambda: control.stopped,
            )
        except UserError as error:
            if control.stopped:  # the model was closed so that nobody waits for it
                raise EvaluationStoppedError from error
            raise
        finally:
            line.end()


def _sentence(progress: EvaluationProgress) -> str:
    words = {
        EvaluationStep.PICTURES: "Looking at pictures",
        EvaluationStep.QUERIES: "Asking for them",
    }
    parts = [f"{words[progress.step]}: {progress.done:,} of {progress.total:,}"]
    if progress.seconds > 1:
        parts.append(f"{progress.done / progress.seconds:.1f} a second")
        left = progress.seconds / progress.done * (progress.total - progress.done)
        parts.append(f"{duration(left)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} could not be read")
    return ", ".join(parts)


def _tell_unreadable(found: Evaluation) -> None:
    for each in found.unreadable[:_MOST_NAMED]:
        assert each.failure is not None, "it is unreadable"  # noqa: S101 for the type checker
        tell(f"{each.path} was left out: {failure_words(each.failure.reason.value)}.")
    more = len(found.unreadable) - _MOST_NAMED
    if more > 0:
        tell(f"{more:,} more pictures were left out.")


def _figures(found: Recall) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(found).items()}


def _show(document: dict[str, Any]) -> Iterable[str]:
    yield (
        f"{document['model']}: {document['images']:,} pictures, {document['captions']:,} captions,"
        f" {document['mean_query_ms']:.1f} ms a query on average"
    )
    yield f"{'':15}{'R@1':>8}{'R@5':>8}{'R@10':>8}{'median rank':>13}{'mean rank':>11}"
    for name in ("text_to_image", "image_to_text"):
        found = document[name]
        yield (
            f"{name.replace('_', ' '):15}"
            f"{found['r1']:7.1f}%{found['r5']:7.1f}%{found['r10']:7.1f}%"
            f"{found['median_rank']:13,.1f}{found['mean_rank']:11,.1f}"
        )


EVALUATE = Command(
    "evaluate", "measure how well pictures with known captions are found", _configure, _run, _show
)
