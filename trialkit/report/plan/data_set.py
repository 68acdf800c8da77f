"""The WHO Trial Registration Data Set, as far as the protocol has it (SPIRIT 1b)."""

from dataclasses import dataclass

from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.guidelines.answers import planning
from trialkit.report.numbers.numbers import count, day, month
from trialkit.report.sections.trial import design_sentence
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import listing, lowered, sentence

_NOT_STATED = "not stated"
_ATTRIBUTION = (
    "The items of the WHO Trial Registration Data Set, version 1.3.1, that SPIRIT 2025 names for a "
    "protocol. What is not stated here is said in statements/spirit-1b.md, under ## WHO data set."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSetItem:
    """An item of the data set and what the protocol says of it."""

    name: str
    text: str


def data_set_table(protocol: Protocol) -> Table:
    """The items with what is known of each; what is not stated is said to be not stated."""
    items = data_set(protocol)
    open_ = [item.name for item in items if not item.text]
    lacks = f"not stated: {listing(list(map(lowered, open_)))}" if open_ else ""
    return Table(
        anchor="table-data-set",
        caption="Items of the WHO Trial Registration Data Set",
        stub="Item",
        heads=(ColumnHead(text="What the protocol says", words=True),),
        groups=(
            RowGroup(
                head="",
                rows=tuple(
                    Row(
                        head=item.name,
                        cells=(Cell(text=item.text or _NOT_STATED, words=True),),
                    )
                    for item in items
                ),
            ),
        ),
        notes=(_ATTRIBUTION,),
        shown_as_data=False,
        claims=planning("1b", "WHO data set", lacks=lacks),
    )


def data_set(protocol: Protocol) -> tuple[DataSetItem, ...]:
    """The items that SPIRIT 2025 asks for in a protocol, in their order."""
    trial, record, sponsor = protocol.trial, protocol.registration, protocol.sponsor
    size, own = protocol.sample_size, protocol.eligibility
    texts = {
        "Primary registry and trial identifying number": f"{record.registry} {record.id}"
        if record
        else "",
        "Secondary identifying numbers": trial.id,
        "Sources of monetary or material support": _said(
            protocol.funding.source, none_answers=True
        ),
        "Primary sponsor": _said(sponsor.name),
        "Contact for public queries": _said(sponsor.contact),
        "Contact for scientific queries": _contact(protocol),
        "Public title": trial.short_title,
        "Scientific title": trial.title,
        "Countries of recruitment": "",
        "Health condition or problem studied": "",
        "Interventions": _interventions(protocol),
        "Key inclusion and exclusion criteria": _criteria(own.inclusion, own.exclusion),
        "Study type": design_sentence(protocol),
        "Date of first enrolment (planned)": _start(protocol),
        "Sample size": f"{count(size.planned)} planned" if size else "",
        "Primary outcomes": _outcomes(protocol, primary=True),
        "Key secondary outcomes": _outcomes(protocol, primary=False),
    }
    return tuple(DataSetItem(name=name, text=text) for name, text in texts.items())


def _said(text: str, *, none_answers: bool = False) -> str:
    return text.strip() if is_said(text, none_answers=none_answers) else ""


def _contact(protocol: Protocol) -> str:
    """The first who wrote the protocol, as far as it says who and where."""
    for each in protocol.contributors:
        if is_said(each.name) and is_said(each.affiliation):
            return f"{each.name}, {each.affiliation}"
    return ""


def _interventions(protocol: Protocol) -> str:
    given = [
        f"{arm.label}: {arm.intervention.name}" if arm.intervention else arm.label
        for arm in protocol.arms
    ]
    return "; ".join(given)


def _criteria(inclusion: tuple[str, ...], exclusion: tuple[str, ...]) -> str:
    told = (("Inclusion", inclusion), ("Exclusion", exclusion))
    kept = {head: list(filter(is_said, texts)) for head, texts in told}
    return " ".join(
        sentence(f"{head}: {'; '.join(texts)}") for head, texts in kept.items() if texts
    )


def _start(protocol: Protocol) -> str:
    """The stated start of the trial, of which enrolment is no finer said."""
    trial = protocol.trial
    if trial.start is None:
        return ""
    return f"{month(trial.start) if trial.months_only else day(trial.start)} (start of the trial)"


def _outcomes(protocol: Protocol, *, primary: bool) -> str:
    role = OutcomeRole.PRIMARY if primary else OutcomeRole.SECONDARY
    kept = [each for each in protocol.outcomes if each.role is role]
    return "; ".join(_outcome(each, protocol) for each in kept)


def _outcome(outcome: Outcome, protocol: Protocol) -> str:
    return f"{outcome.label}, {outcome.metric}, {lowered(protocol.visit(outcome.time_point).label)}"
