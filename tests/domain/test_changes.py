"""Changes told one after the other have the effect of one."""

from hypothesis import given
from hypothesis import strategies as st

from memoryhunter.domain.changes import LibraryChange

ids = st.frozensets(st.integers(0, 8), max_size=4)
changes = st.builds(LibraryChange, added=ids, updated=ids, removed=ids, folders=st.booleans())


def shown(before: frozenset[int], *told: LibraryChange) -> frozenset[int]:
    for change in told:
        before = (before | change.added) - change.removed
    return before


@given(ids, changes, changes)
def test_merging_keeps_the_effect(
    before: frozenset[int], first: LibraryChange, second: LibraryChange
) -> None:
    assert shown(before, first.merged(second)) == shown(before, first, second)


def test_nothing_is_nothing() -> None:
    assert not LibraryChange()
    assert LibraryChange(folders=True)
