"""How every result prints, as its tidy frame with what it is above it, and how it is drawn."""

from importlib import import_module
from typing import TYPE_CHECKING

import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.results.pictures import PictureKind, Pictures, effects_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Tabular:
    """Print a frozen result as its frame; derive from it and define ``to_frame``.

    ``title`` is what stands above the table. Declare subclasses
    ``@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)``.
    """

    __slots__ = ()

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return type(self).__name__

    def to_frame(self) -> pd.DataFrame:
        """The result as a tidy frame."""
        raise TypeError(f"{type(self).__name__} has no frame")

    def pictures(self) -> Pictures:
        """What it can be drawn as, the usual one first."""
        return {PictureKind.EFFECTS: lambda: effects_picture(self.to_frame())}

    def plot(self, what: PictureKind | str | None = None, *, ax: "Axes | None" = None) -> "Axes":
        """Draw it with matplotlib: ``effects``, ``means``, ``curves``, ``levels`` or ``residuals``.

        Without ``what`` the usual picture of such a result; without ``ax`` a figure of its own. The
        axes are returned, for titles and labels, or ``.figure.savefig("a.png")``. Raises
        ``AnalysisError`` for a picture that it has not, and where matplotlib is missing.
        """
        known = self.pictures()
        chosen = next(iter(known)) if what is None else what
        if chosen not in list(known):
            raise AnalysisError(
                f"what={what!r}: {type(self).__name__} can be drawn as {', '.join(known)}"
            )
        picture = known[PictureKind(chosen)]()
        try:
            plots = import_module("trialkit.drawing.plots")
        except ModuleNotFoundError as error:
            raise AnalysisError(
                f"drawing needs {error.name}, which is not installed",
                advice="pip install matplotlib",
            ) from error
        drawn: Axes = plots.draw(picture, title=self.title, ax=ax)
        return drawn

    def __repr__(self) -> str:
        return f"{self.title}\n{self.to_frame().to_string(index=False)}"

    def _repr_html_(self) -> str:
        frame = self.to_frame().to_html(index=False, border=0)
        title = self.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f"<p><strong>{title}</strong></p>{frame}"
