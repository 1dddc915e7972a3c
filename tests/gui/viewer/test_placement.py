import pytest
from hypothesis import given
from hypothesis import strategies as st

from memoryhunter.gui.viewer.placement import LARGEST, Placement

WIDE = (4000.0, 3000.0)
VIEW = (1000.0, 600.0)


def spot(placement: Placement, at: tuple[float, float]) -> tuple[float, float]:
    """Give the photo's point under a point of the view."""
    return (
        placement.centre[0] + (at[0] - placement.view[0] / 2) / placement.scale,
        placement.centre[1] + (at[1] - placement.view[1] / 2) / placement.scale,
    )


def test_a_large_photo_is_fitted() -> None:
    fitted = Placement.fit(WIDE, VIEW, 1.0)
    assert fitted.rectangle() == (100.0, 0.0, 800.0, 600.0)
    assert fitted.percent == pytest.approx(20)
    assert not fitted.can_move


def test_a_small_photo_is_not_blown_up() -> None:
    fitted = Placement.fit((100.0, 50.0), VIEW, 2.0)
    assert fitted.percent == 100
    assert fitted.rectangle() == (475.0, 287.5, 50.0, 25.0)


def test_actual_size_counts_device_pixels() -> None:
    assert Placement.fit(WIDE, VIEW, 2.0).actual().scale == 0.5


def test_a_fitted_photo_stays_fitted_when_the_window_grows() -> None:
    assert Placement.fit(WIDE, VIEW, 1.0).within((2000.0, 1200.0), 1.0).percent == 40


def test_a_zoomed_photo_keeps_its_zoom_and_place_when_the_window_grows() -> None:
    zoomed = Placement.fit(WIDE, VIEW, 1.0).actual().moved(-300, 100)
    grown = zoomed.within((1200.0, 700.0), 1.0)
    assert grown.percent == 100
    assert grown.centre == zoomed.centre


def test_the_percentage_stays_on_a_denser_screen() -> None:
    zoomed = Placement.fit(WIDE, VIEW, 1.0).actual()
    assert zoomed.within(VIEW, 2.0).percent == 100


def test_what_is_seen_stays_when_the_true_size_becomes_known() -> None:
    guessed = Placement.fit((400.0, 300.0), VIEW, 1.0).zoomed(3).moved(-50, -20)
    true = guessed.of(WIDE)
    assert true.rectangle() == pytest.approx(guessed.rectangle(), abs=1)


def test_zooming_out_ends_at_the_whole_photo() -> None:
    assert Placement.fit(WIDE, VIEW, 1.0).zoomed(4).zoomed(0.01).fitted


def test_zooming_in_ends_at_the_limit() -> None:
    assert Placement.fit(WIDE, VIEW, 2.0).zoomed(1e6).percent == pytest.approx(LARGEST * 100)


def test_a_tiny_photo_can_still_be_zoomed() -> None:
    assert Placement.fit((8.0, 8.0), VIEW, 1.0).zoomed(2).percent == 200


sizes = st.tuples(st.floats(1, 30_000), st.floats(1, 30_000))
views = st.tuples(st.floats(50, 4000), st.floats(50, 3000))
shares = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(sizes, views, st.sampled_from([1.0, 1.25, 2.0]), shares, st.floats(1.05, 20))
def test_the_point_under_the_cursor_stays_there(
    photo: tuple[float, float],
    view: tuple[float, float],
    ratio: float,
    share: tuple[float, float],
    factor: float,
) -> None:
    placement = Placement.fit(photo, view, ratio).zoomed(2)
    at = (share[0] * view[0], share[1] * view[1])
    before, closer = spot(placement, at), placement.zoomed(factor, at)
    for side in (0, 1):
        # Along a side that does not fill the view, the photo is centred instead.
        if placement.photo[side] * placement.scale > view[side]:
            # A thousandth of the view, in pixels of the photo.
            assert spot(closer, at)[side] == pytest.approx(
                before[side], abs=0.001 * view[side] / closer.scale
            )


@given(sizes, views, shares, st.lists(st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000))))
def test_a_dragged_photo_never_leaves_the_view(
    photo: tuple[float, float],
    view: tuple[float, float],
    share: tuple[float, float],
    moves: list[tuple[float, float]],
) -> None:
    placement = Placement.fit(photo, view, 1.0).zoomed(5, (share[0] * view[0], share[1] * view[1]))
    for across, down in moves:
        placement = placement.moved(across, down)
        left, top, width, height = placement.rectangle()
        for start, length, space in ((left, width, view[0]), (top, height, view[1])):
            if length > space + 1:
                assert start <= 1
                assert start + length >= space - 1
            else:
                assert start + length / 2 == pytest.approx(space / 2, abs=1)
