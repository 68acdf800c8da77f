"""An XLSForm as ODK's own reading of it understands it: its rows in order, its lists, its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """A row of a sheet: its cells by the name of their column, as the current XLSForm names it."""

    number: int
    """Where it stands; 0 for one that XLSForm adds by itself."""
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The text of a column; blank where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """An XLSForm."""

    file: str
    rows: tuple[SurveyRow, ...]
    choices: Mapping[str, tuple[SurveyRow, ...]]
    """By list its choices, with the columns that a choice filter may ask for."""
    settings: SurveyRow
    beside: Mapping[str, tuple[SurveyRow, ...]] = field(default_factory=dict)
    """The tables beside the form in which it looks things up, by the names it has for them."""
    languages: tuple[str, ...]
    """The languages of its labels, where it says which; the first is taken."""

    @property
    def tables(self) -> Mapping[str, tuple[SurveyRow, ...]]:
        """All in which a row can be looked up: the lists, and the tables beside the form."""
        return {**self.beside, **self.choices}

    lost: tuple[tuple[str, str, str], ...] = field(default=())
    """What of the file is not read: place, what was found, what happens instead."""
