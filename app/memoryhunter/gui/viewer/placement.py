"""Where a photo lies in its view while it is fitted, zoomed and dragged: geometry without Qt."""

from dataclasses import dataclass, replace

Point = tuple[float, float]
Size = tuple[float, float]

# How much a photo pixel may be blown up: enough to judge focus, not so much that one is lost.
LARGEST = 8.0


@dataclass(frozen=True, slots=True)
class Placement:
    """A photo of `photo` pixels in a view of `view` logical pixels.

    `ratio` is device pixels per logical pixel, `scale` logical pixels per photo pixel, and
    `centre` the photo's point in the middle of the view. While `fitted`, the whole photo is
    shown and stays so when the view changes its size.
    """

    photo: Size
    view: Size
    ratio: float
    scale: float
    centre: Point
    fitted: bool

    @classmethod
    def fit(cls, photo: Size, view: Size, ratio: float) -> "Placement":
        """Show all of the photo, as large as the view allows but never above 100 %."""
        centre = (photo[0] / 2, photo[1] / 2)
        return cls(photo, view, ratio, _fit_scale(photo, view, ratio), centre, fitted=True)

    @property
    def percent(self) -> float:
        """The zoom as people know it: at 100, a photo pixel is a pixel of the screen."""
        return self.scale * self.ratio * 100

    @property
    def fit_scale(self) -> float:
        """The scale at which all of the photo is seen."""
        return _fit_scale(self.photo, self.view, self.ratio)

    @property
    def can_move(self) -> bool:
        """Whether the photo is larger than the view, so that there is something to drag."""
        # A hundredth of a pixel more is rounding, not a photo that sticks out.
        width, height = self.photo
        return width * self.scale > self.view[0] + 0.01 or height * self.scale > self.view[1] + 0.01

    def rectangle(self) -> tuple[float, float, float, float]:
        """Give left, top, width and height of the photo in the view, left and top on pixels.

        Whole device pixels keep a photo at 100 % exactly as it is, without interpolation.
        """
        left = self.view[0] / 2 - self.centre[0] * self.scale
        top = self.view[1] / 2 - self.centre[1] * self.scale
        return (
            round(left * self.ratio) / self.ratio,
            round(top * self.ratio) / self.ratio,
            self.photo[0] * self.scale,
            self.photo[1] * self.scale,
        )

    def within(self, view: Size, ratio: float) -> "Placement":
        """Give the placement after the view changed; a zoomed photo keeps its zoom and place."""
        if self.fitted:
            return Placement.fit(self.photo, view, ratio)
        # The percentage stays when the window moves to a screen of another density.
        scale = self.scale * self.ratio / ratio
        return _settled(replace(self, view=view, ratio=ratio, scale=scale))

    def of(self, photo: Size) -> "Placement":
        """Give the placement once the true size of the photo is known; what is seen stays."""
        if self.fitted:
            return Placement.fit(photo, self.view, self.ratio)
        across, down = photo[0] / self.photo[0], photo[1] / self.photo[1]
        centre = (self.centre[0] * across, self.centre[1] * down)
        return _settled(replace(self, photo=photo, scale=self.scale / across, centre=centre))

    def zoomed(self, factor: float, at: Point | None = None) -> "Placement":
        """Zoom by `factor`; the part of the photo under the view's point `at` stays there."""
        return self.scaled(self.scale * factor, at)

    def actual(self, at: Point | None = None) -> "Placement":
        """Show one photo pixel on one pixel of the screen."""
        return self.scaled(1 / self.ratio, at)

    def scaled(self, scale: float, at: Point | None = None) -> "Placement":
        """Zoom to `scale` within the limits; below the fitting one there is nothing to gain."""
        smallest = self.fit_scale
        scale = min(scale, max(LARGEST / self.ratio, smallest))
        if scale <= smallest * 1.001:
            return Placement.fit(self.photo, self.view, self.ratio)
        away = (0.0, 0.0) if at is None else (at[0] - self.view[0] / 2, at[1] - self.view[1] / 2)
        centre = (
            self.centre[0] + away[0] / self.scale - away[0] / scale,
            self.centre[1] + away[1] / self.scale - away[1] / scale,
        )
        return _settled(replace(self, scale=scale, centre=centre, fitted=False))

    def moved(self, across: float, down: float) -> "Placement":
        """Move the photo by logical pixels, as far as it has edges outside the view."""
        centre = (self.centre[0] - across / self.scale, self.centre[1] - down / self.scale)
        return _settled(replace(self, centre=centre))


def _settled(placed: Placement) -> Placement:
    """Keep the photo over the view: centred along a side on which it is the smaller."""
    centre = []
    for middle, photo, view in zip(placed.centre, placed.photo, placed.view, strict=True):
        half = view / 2 / placed.scale
        centre.append(photo / 2 if photo <= 2 * half else min(max(middle, half), photo - half))
    return replace(placed, centre=(centre[0], centre[1]))


def _fit_scale(photo: Size, view: Size, ratio: float) -> float:
    return min(view[0] / photo[0], view[1] / photo[1], 1 / ratio)
