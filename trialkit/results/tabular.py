"""How every result prints: as its tidy frame, with what it is above it."""

import pandas as pd


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

    def __repr__(self) -> str:
        return f"{self.title}\n{self.to_frame().to_string(index=False)}"

    def _repr_html_(self) -> str:
        frame = self.to_frame().to_html(index=False, border=0)
        title = self.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f"<p><strong>{title}</strong></p>{frame}"
