"""One counted line of a box of the participant flow, which is a row of the table under it, too."""

from dataclasses import dataclass

from trialkit.report.numbers.numbers import n_equals
from trialkit.results.answers import Unknown

NOT_COLLECTED = Unknown.NOT_COLLECTED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntry:
    """A counted line of a box; ``depth`` 0 heads the box, 1 counts in it, 2 gives a reason."""

    text: str
    count: int | None
    """None where no form of the trial asks."""
    depth: int
    under: str = ""
    """The row of the table that a reason belongs to."""
    row: str = ""
    """The line's name in the table, where it is another than in the box."""
    term: str = ""
    """How the results name the line."""
    beside: str = ""
    """What is told in brackets behind the count, such as the sizes of clusters."""
    in_some_arms: bool = False
    """Whether an arm without the line has nothing to count, and not none."""

    @property
    def name(self) -> str:
        """The line's name in the table."""
        return self.row or self.text

    @property
    def words(self) -> str:
        """The line as it stands in its box."""
        counted = NOT_COLLECTED if self.count is None else n_equals(self.count)
        return f"{self.text} ({'; '.join(filter(None, (counted, self.beside)))})"

    @property
    def told(self) -> str:
        """The line in a sentence."""
        counted = f"{self.text} {NOT_COLLECTED if self.count is None else self.count}"
        return f"{counted} ({self.beside})" if self.beside else counted
