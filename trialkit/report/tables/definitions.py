"""What the protocol defines, as tables: outcomes and estimands."""

from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.important_difference import important_difference_words
from trialkit.report.words.en.picked import picked_words
from trialkit.report.words.en.rates import exposure_words
from trialkit.report.words.en.sentences.intercurrent import events_in_words
from trialkit.report.words.en.terms import better_word
from trialkit.report.words.en.times import counted_from
from trialkit.report.words.en.unsaid import unsaid_of
from trialkit.report.words.en.wording import capitalised, listing, lowered


def outcome_definitions(protocol: Protocol) -> Table:
    """Each outcome by variable, metric, aggregation and time point (CONSORT 14)."""
    by_role: dict[str, list[Row]] = {}
    for outcome in protocol.outcomes:
        by_role.setdefault(outcome.role.value, []).append(_outcome_row(outcome, protocol))
    sources = dict.fromkeys(
        f"{each.label}: {each.minimal_important_change_source}"
        for each in protocol.outcomes
        if each.minimal_important_change is not None and each.minimal_important_change_source
    )
    return Table(
        anchor="table-outcome-definitions",
        caption="Definition of the outcomes",
        stub="Outcome",
        heads=tuple(
            ColumnHead(text=text, words=True)
            for text in (
                "Unit",
                "Metric",
                "Aggregation",
                "Time point",
                "Better",
                "Minimal important change",
                "Assumed",
            )
        ),
        groups=tuple(
            RowGroup(head=f"{capitalised(role)} outcomes", rows=tuple(rows))
            for role, rows in by_role.items()
        ),
        notes=(
            *(f"Minimal important change, {source}." for source in sources),
            *(
                f"Important difference between arms, {important_difference_words(each)}."
                for each in protocol.outcomes
                if each.important_difference is not None
            ),
            *(f"{each.label}: {picked_words(each)}." for each in protocol.outcomes if each.picks),
            *(
                f"{each.label}: {exposure_words(each)}."
                for each in protocol.outcomes
                if each.kind.counts_events
            ),
            *(
                f"{each.label}: time counts {counted_from([each], protocol)}."
                for each in protocol.outcomes
                if each.kind.is_of_time
            ),
        ),
        supplementary=True,
        shown_as_data=False,
        claims=(
            Claim(
                item="14",
                part="every outcome",
                source=ClaimSource.PROTOCOL,
                lacks=unsaid_of(
                    {each.label: _defined_by(each, protocol) for each in protocol.outcomes}
                ),
            ),
        ),
    )


def _defined_by(outcome: Outcome, protocol: Protocol) -> tuple[str, ...]:
    """The words that define an outcome."""
    when = protocol.visit(outcome.time_point).label
    return (outcome.label, outcome.metric, outcome.aggregation, when)


def _times(outcome: Outcome, protocol: Protocol) -> str:
    """The time point of an outcome, and others at which an analysis of the plan compares it."""
    others = {
        each.time_point
        for each in protocol.plan.analyses
        if outcome.code in each.outcomes and each.time_point not in {"", outcome.time_point}
    }
    labels = [lowered(each.label) for each in protocol.visits if each.code in others]
    label = protocol.visit(outcome.time_point).label
    return f"{label}; also analysed: {listing(labels)}" if labels else label


def _outcome_row(outcome: Outcome, protocol: Protocol) -> Row:
    change = outcome.minimal_important_change
    texts = (
        outcome.unit or "none",
        outcome.metric,
        outcome.aggregation,
        _times(outcome, protocol),
        better_word(outcome),
        f"{plain(change)} {outcome.unit}".strip() if change is not None else "not stated",
        outcome.assumed or "nothing",
    )
    return Row(
        head=outcome.label,
        indented=True,
        cells=tuple(Cell(text=text, words=True) for text in texts),
    )


def estimands_table(protocol: Protocol) -> Table | None:
    """The five attributes of each estimand; None when the protocol has none."""
    if not protocol.estimands:
        return None
    labels = {each.code: each.label for each in protocol.populations}
    rows = []
    for each in protocol.estimands:
        events = "; ".join(events_in_words(each, protocol))
        texts = (
            each.treatment,
            labels.get(each.population, each.population),
            each.variable,
            events or "none named",
            each.summary,
        )
        cells = tuple(Cell(text=text, words=True) for text in texts)
        rows.append(Row(head=each.code, cells=cells))
    return Table(
        anchor="table-estimands",
        caption="Estimands, by the five attributes of ICH E9(R1)",
        stub="Estimand",
        heads=tuple(
            ColumnHead(text=text, words=True)
            for text in (
                "Treatment conditions",
                "Population",
                "Variable",
                "Intercurrent events (strategy)",
                "Population-level summary",
            )
        ),
        groups=(RowGroup(head="", rows=tuple(rows)),),
        supplementary=True,
        shown_as_data=False,
    )
