from hypothesis import given
from hypothesis import strategies as st

from memoryhunter.gui.grid.rows import RowsPatch, rows_patch

ids = st.lists(st.integers(0, 40), unique=True).map(tuple)


def replay(patch: RowsPatch) -> tuple[int, ...]:
    rows = list(patch.old)
    for first, count in reversed(patch.removed):
        del rows[first : first + count]
    for first, count in patch.inserted:
        rows[first:first] = patch.new[first : first + count]
    return tuple(rows)


@given(ids, ids)
def test_replaying_a_patch_gives_the_new_list(old: tuple[int, ...], new: tuple[int, ...]) -> None:
    assert replay(rows_patch(old, new)) == new


def test_photos_that_stay_in_order_are_not_touched() -> None:
    patch = rows_patch((5, 4, 2, 1), (6, 5, 3, 2))
    assert patch.removed == ((1, 1), (3, 1))
    assert patch.inserted == ((0, 1), (2, 1))


def test_a_moved_photo_is_the_only_one_to_move() -> None:
    patch = rows_patch((1, 2, 3, 4, 5), (5, 1, 2, 3, 4))
    assert patch.removed == ((4, 1),)
    assert patch.inserted == ((0, 1),)


def test_nothing_changes_for_equal_lists() -> None:
    patch = rows_patch((1, 2), (1, 2))
    assert (patch.removed, patch.inserted) == ((), ())
