"""What each analysis uses of the values that there are, and what it supposes of those that are missing."""

from collections.abc import Iterator

from trialkit.protocol.methods.plan import Analysis
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.words.en.sentences.analysed import outcomes_analysed
from trialkit.report.words.en.sentences.missing_values import used_words
from trialkit.report.words.en.sentences.suppositions import supposed_words, variance_words
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.language.account import Account
from trialkit.report.words.languages import words_of

SUPPOSED_OF_ALL = (
    "Whether what is supposed is true, no data can show: what they would have to show is missing."
)


def suppositions_table(account: Account) -> Table | None:
    """A row for the analyses of each outcome that are alike in method, role and all that is said of them."""
    groups: dict[str, dict[tuple[str, tuple[str, ...]], None]] = {}
    for analysis in account.protocol.plan.analyses:
        of_outcome = groups.setdefault(outcomes_analysed(analysis, account.protocol), {})
        of_outcome.setdefault((_name(analysis, account), tuple(_said(analysis, account))))
    if not groups:
        return None
    return Table(
        anchor="table-suppositions",
        caption="What each analysis uses, what it supposes of missing values, and what its standard error measures",
        stub="Outcome and analysis",
        heads=tuple(
            ColumnHead(text=text, words=True)
            for text in ("Values used", "Supposed of missing values", "Variance")
        ),
        groups=tuple(
            RowGroup(head=head, rows=tuple(_row(name, said) for name, said in rows))
            for head, rows in groups.items()
        ),
        notes=(SUPPOSED_OF_ALL,),
        shown_as_data=False,
    )


def _name(analysis: Analysis, account: Account) -> str:
    specification, protocol = analysis.specification, account.protocol
    name = words_of(specification, protocol).row_head(specification, protocol)
    return f"{capitalised(name)} ({analysis.role.value})"


def _said(analysis: Analysis, account: Account) -> Iterator[str]:
    yield capitalised(used_words(analysis, account))
    yield capitalised(supposed_words(analysis, account.protocol, account.measured))
    yield capitalised(variance_words(analysis.specification))


def _row(name: str, said: tuple[str, ...]) -> Row:
    return Row(head=name, indented=True, cells=tuple(Cell(text=text, words=True) for text in said))
