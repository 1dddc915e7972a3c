"""The processes that benchmarks compare."""

import pytest

from tests.benchmarks.contender import Contender, ContenderFailedError


def test_an_object_in_another_process() -> None:
    with Contender("collections", "Counter", "aab") as contender:
        assert contender.ask("most_common", 1) == [("a", 2)]


def test_what_goes_wrong_there_is_seen_here() -> None:
    with (
        Contender("collections", "Counter") as contender,
        pytest.raises(ContenderFailedError, match="no attribute 'missing'"),
    ):
        contender.ask("missing")
    with pytest.raises(ContenderFailedError, match="ModuleNotFoundError"):
        Contender("no.such.module", "Thing")
