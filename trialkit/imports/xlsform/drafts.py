"""The nouns of an XLSForm on its way to forms: questions as items, and the forms that they are on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item

Place = tuple[str, ...]
"""Where a question stands: the groups around it, and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedSurvey:
    """A question as an item."""

    row: SurveyRow
    place: Place
    item: Item
    whole: bool = False
    """Whether what is worked out for it is a number without decimals."""
    around: tuple[SurveyRow, ...] = ()
    """The groups and repeats that it stands in, the outermost first."""

    @property
    def conditions(self) -> tuple[tuple[SurveyRow, Place], ...]:
        """The rows whose conditions say when it is shown, those around it and its own, and where."""
        rows = (*self.around, self.row)
        placed = ((row, self.place[: n + 1]) for n, row in enumerate(rows))
        return tuple((row, place) for row, place in placed if row["relevant"])


@dataclass(slots=True, kw_only=True)
class DraftForm:
    """A form while the survey is read."""

    name: str
    title: str
    repeating: bool
    place: Place = ()
    """Where the repeat stands that it is; none for the form itself."""
    drafted: list[DraftedSurvey] = field(default_factory=list)

    def form(self) -> Form:
        """The form, as far as it is known."""
        return Form(
            id=self.name,
            title=self.title,
            kind=FormKind.OTHER,
            expected=Expected.AS_NEEDED,
            visits=(),
            repeating=self.repeating,
            items=tuple(each.item for each in self.drafted),
            rules=(),
            file=f"forms/{self.name}.toml",
            sha256="",
        )


def every_question(drafts: Sequence[DraftForm]) -> list[tuple[DraftForm, DraftedSurvey]]:
    """All questions, each with the form that it is on."""
    return [(draft, each) for draft in drafts for each in draft.drafted]
