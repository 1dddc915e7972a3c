import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from memoryhunter.gui.grid.geometry import GAP, MARGIN, GridGeometry

grids = st.builds(
    GridGeometry.fitting, st.integers(1, 500), st.integers(120, 2_000), st.integers(80, 400)
)


@given(grids)
def test_tiles_fill_the_width_with_even_gaps(grid: GridGeometry) -> None:
    lefts = [grid.rect(column).left() for column in range(grid.columns)]
    gaps = [right - left - grid.edge for left, right in itertools.pairwise(lefts)]
    assert lefts[0] == MARGIN
    if grid.columns > 1:
        assert lefts[-1] + grid.edge == grid.width - MARGIN
    assert not gaps or (max(gaps) - min(gaps) <= 1 and min(gaps) >= GAP)


@given(grids, st.data())
def test_a_point_in_a_tile_finds_its_row(grid: GridGeometry, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, grid.count - 1))
    assert grid.row_at(grid.rect(row).center()) == row
    assert grid.row_at(grid.rect(row).topLeft()) == row
    assert grid.row_at(grid.rect(row).topLeft() - QPoint(1, 1)) is None


@given(grids, st.integers(0, 2_000), st.integers(1, 1_500))
def test_every_tile_on_screen_is_among_the_visible_rows(
    grid: GridGeometry, top: int, height: int
) -> None:
    screen = QRect(0, top, grid.width, height)
    visible = grid.rows_between(top, top + height - 1)
    touching = {row for row in range(grid.count) if grid.rect(row).intersects(screen)}
    assert touching <= set(visible)


@given(grids, st.data())
def test_a_rubber_band_touches_what_it_covers(grid: GridGeometry, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, grid.width)), data.draw(st.integers(0, 3_000))
    area = QRect(x, y, data.draw(st.integers(1, 600)), data.draw(st.integers(1, 600)))
    chosen = {row for a, b in grid.ranges_in(area) for row in range(a, b + 1)}
    assert chosen == {row for row in range(grid.count) if grid.rect(row).intersects(area)}


@pytest.mark.parametrize(("width", "columns"), [(300, 1), (400, 2), (1_000, 5), (1_900, 10)])
def test_columns_follow_the_width(width: int, columns: int) -> None:
    assert GridGeometry.fitting(10, width, 180).columns == columns
