"""Where the tiles of the grid are: plain arithmetic, the same cost for ten photos or a million.

Own geometry instead of QListView's, which lays out every item again after each resize.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

GAP = 8
MARGIN = 16


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """Square tiles in rows that fill `width`; all lengths in device-independent pixels."""

    count: int
    width: int
    edge: int
    columns: int

    @classmethod
    def fitting(cls, count: int, width: int, wanted_edge: int) -> "GridGeometry":
        """Choose the columns whose tiles come closest to `wanted_edge`."""
        inner = max(1, width - 2 * MARGIN)
        columns = max(1, round((inner + GAP) / (wanted_edge + GAP)))
        edge = max(16, (inner - (columns - 1) * GAP) // columns)
        return cls(count, width, edge, columns)

    @property
    def pitch(self) -> int:
        """From the top of one line of tiles to the next."""
        return self.edge + GAP

    @property
    def lines(self) -> int:
        """Lines of tiles, the last one perhaps not full."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """Everything from margin to margin."""
        return self.lines * self.pitch - GAP + 2 * MARGIN if self.count else 0

    def rect(self, row: int) -> QRect:
        """Give the tile of `row`."""
        line, column = divmod(row, self.columns)
        return QRect(self._left(column), MARGIN + line * self.pitch, self.edge, self.edge)

    def row_at(self, point: QPoint) -> int | None:
        """Give the row whose tile holds `point`; None in a gap or outside."""
        line = (point.y() - MARGIN) // self.pitch
        for column in self._columns_between(point.x(), point.x()):
            row = line * self.columns + column
            if 0 <= row < self.count and self.rect(row).contains(point):
                return row
        return None

    def rows_between(self, top: int, bottom: int) -> range:
        """Give the rows with a tile on the lines that touch `top` to `bottom`."""
        first = max(0, (top - MARGIN) // self.pitch)
        last = max(first, (bottom - MARGIN) // self.pitch)
        start = min(self.count, first * self.columns)
        return range(start, min(self.count, (last + 1) * self.columns))

    def ranges_in(self, area: QRect) -> list[tuple[int, int]]:
        """Give the first and last row of each run of tiles that touch `area`."""
        columns = self._columns_between(area.left(), area.right())
        rows = self.rows_between(area.top(), area.bottom())
        if not columns or not rows:
            return []
        runs = []
        for line in range(rows[0] // self.columns, rows[-1] // self.columns + 1):
            top = MARGIN + line * self.pitch
            if top + self.edge <= area.top() or top > area.bottom():
                continue  # only a gap is touched
            first = line * self.columns + columns[0]
            last = min(line * self.columns + columns[-1], self.count - 1)
            if first <= last:
                runs.append((first, last))
        return runs

    def _left(self, column: int) -> int:
        """Give the left of a column; pixels left over are spread over the gaps."""
        if self.columns == 1:
            return MARGIN
        room = self.width - 2 * MARGIN - self.edge
        return MARGIN + round(column * room / (self.columns - 1))

    def _columns_between(self, left: int, right: int) -> range:
        touched = [
            column
            for column in range(self.columns)
            if self._left(column) <= right and self._left(column) + self.edge > left
        ]
        return range(touched[0], touched[-1] + 1) if touched else range(0)
