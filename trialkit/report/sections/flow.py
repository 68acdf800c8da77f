"""The participant flow as a diagram and, line by line, as a table."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import CrossReference
from trialkit.report.figures.cluster_entries import with_clusters
from trialkit.report.figures.flow_entries import FlowEntries, describe_flow, flow_entries
from trialkit.report.figures.flow_entry import NOT_COLLECTED, FlowEntry
from trialkit.report.figures.flow_layout import lay_out
from trialkit.report.figures.flow_svg import flow_svg
from trialkit.report.figures.period_entries import DEFINITION, with_periods
from trialkit.report.numbers.numbers import count
from trialkit.report.tables.delivery import attended_cell
from trialkit.report.tables.headlines import has_primary_result
from trialkit.report.words.en.sentences.attendance import held
from trialkit.report.words.en.sentences.pooled import NO_PRIMARY_RESULT
from trialkit.report.words.en.wording import counted
from trialkit.results.flow import Disposition, Reason, Unsaid, read_flow
from trialkit.results.lookup import ResultIndex, Shelf, ids, value
from trialkit.results.vocabulary import Stat

_RANDOMISED, _RECEIVED, _ANALYSED = "randomised", "received", "analysed for the primary outcome"


def flow_of(protocol: Protocol, index: ResultIndex) -> Disposition:
    """The flow that the results count, its arms as the protocol orders and names them."""
    flow = read_flow(index, {arm.code: arm.label for arm in protocol.arms})
    return replace(flow, is_analysed=has_primary_result(protocol, index))


def flow_figure(protocol: Protocol, index: ResultIndex) -> Figure:
    """The participant flow (CONSORT 22)."""
    came = sessions_words(protocol, index)
    told = {code: f"{came} {cell.text}" for code, cell in _attendance(protocol, index).items()}
    disposition = flow_of(protocol, index)
    entries = _entries(protocol, disposition, told)
    lacks = {
        _RANDOMISED: _not_said_of_reasons(disposition.not_randomised, "of who was not randomised"),
        _RECEIVED: _not_said_of_receipt(disposition),
        _ANALYSED: "" if disposition.is_analysed else NO_PRIMARY_RESULT,
    }
    title = f"Participant flow, {protocol.trial.short_title}"
    description = describe_flow(entries)
    drawn = partial(
        flow_svg,
        lay_out(entries),
        title=title,
        description=description,
        synthetic=protocol.trial.synthetic,
    )
    return Figure(
        anchor="figure-flow",
        name="flow",
        drawing=FigureDrawing(drawn),
        title=title,
        description=description,
        caption="Participant flow through the trial.",
        notes=("The same numbers are in ", CrossReference(anchor="table-flow"), "."),
        claims=(
            *(
                Claim(item="22a", part=part, source=ClaimSource.DATA, lacks=lacks.get(part, ""))
                for part in (_RANDOMISED, _RECEIVED, _ANALYSED)
            ),
            *_of_clusters(disposition),
            Claim(
                item="22b",
                part="losses and exclusions",
                source=ClaimSource.DATA,
                lacks=_not_said_of_leaving(disposition),
            ),
        ),
    )


def _entries(protocol: Protocol, flow: Disposition, told: Mapping[str, str]) -> FlowEntries:
    """The lines of the boxes, which are those of the table: of participants, periods and clusters."""
    entries = flow_entries(flow, told)
    if protocol.is_crossover:
        entries = with_periods(entries, flow, protocol.periods)
    if flow.clusters is None or protocol.clusters is None:
        return entries
    return with_clusters(entries, flow.clusters, protocol.clusters)


def _of_clusters(flow: Disposition) -> tuple[Claim, ...]:
    """What the boxes say of clusters that were randomised."""
    if flow.clusters is None or flow.clusters.randomised is None:
        return ()
    arms = flow.clusters.arms.values()
    nobody = sum(each.not_recorded for each in arms)
    unknown = f"not recorded of {counted(nobody, 'participant')}" if nobody else ""
    analysed = unknown if all(each.analysed for each in arms) else "not known of every arm"
    lacks = {"clusters randomised": unknown, "clusters analysed": analysed}
    return tuple(
        Claim(item="13a", part=part, source=ClaimSource.DATA, lacks=said, checklist="cluster")
        for part, said in lacks.items()
    )


def _not_said_of_receipt(flow: Disposition) -> str:
    """What the boxes leave open of who received the allocated intervention."""
    if any(arm.received is None for arm in flow.arms):
        return NOT_COLLECTED
    unknown = sum(arm.receipt.total for arm in flow.arms)
    return f"not known of {counted(unknown, 'participant')}" if unknown else ""


def _not_said_of_leaving(flow: Disposition) -> str:
    """What the boxes leave open of who discontinued the intervention, and why."""
    if any(arm.discontinued is None for arm in flow.arms):
        return f"discontinuation {NOT_COLLECTED}"
    unknown = sum(arm.discontinuation.total for arm in flow.arms)
    if unknown:
        return f"discontinuation not known of {counted(unknown, 'participant')}"
    stopped = (reason for arm in flow.arms for reason in arm.discontinued or ())
    untreated = (reason for arm in flow.arms for reason in arm.not_received)
    return _not_said_of_reasons(stopped, "of discontinuation") or _not_said_of_reasons(
        untreated, "of who did not receive the intervention"
    )


def _not_said_of_reasons(reasons: Iterable[Reason], of: str) -> str:
    """That no form of the trial asks for a reason that the boxes count."""
    without = any(each.text == Unsaid.NOT_COLLECTED and each.count for each in reasons)
    return f"reasons {of} {NOT_COLLECTED}" if without else ""


def flow_table(protocol: Protocol, index: ResultIndex) -> Table:
    """The numbers of the flow diagram as a table, line by line."""
    entries = _entries(protocol, flow_of(protocol, index), {})
    enrolment = tuple(
        Row(
            head=entry.name,
            indented=entry.depth > 0,
            cells=(
                Cell(text=count(entry.count), results=_behind(entry, "", index)),
                *(Cell(text="") for _ in entries.arms),
            ),
        )
        for entry in (*entries.assessed, *entries.not_randomised, *entries.randomised)
    )
    stages = (
        ("Allocation", [arm.allocation for arm in entries.arms]),
        *(
            (label, [arm.periods[place] for arm in entries.arms])
            for place, label in enumerate(entries.periods)
        ),
        ("Follow-up", [arm.follow_up for arm in entries.arms]),
        ("Analysis", [arm.analysis for arm in entries.arms]),
    )
    codes = [arm.arm for arm in entries.arms]
    groups = [RowGroup(head="Enrolment", rows=enrolment)]
    groups += [RowGroup(head=name, rows=_stage_rows(lines, codes, index)) for name, lines in stages]
    came = sessions_words(protocol, index)
    groups += _told_group(codes, _attendance(protocol, index), came)
    return Table(
        anchor="table-flow",
        caption="Participant flow in numbers",
        stub="Stage",
        heads=(
            ColumnHead(text="All"),
            *(ColumnHead(text=arm.label) for arm in entries.arms),
        ),
        groups=tuple(groups),
        notes=(DEFINITION,) if protocol.is_crossover else (),
        supplementary=True,
    )


def sessions_words(protocol: Protocol, index: ResultIndex) -> str:
    """``Sessions attended``, or ``Sessions logged`` where the log does not ask who came."""
    totals = [index.find(Shelf.ADHERENCE, term="", arm=arm.code) for arm in protocol.arms]
    return f"Sessions {held(totals)}"


def _attendance(protocol: Protocol, index: ResultIndex) -> dict[str, Cell]:
    """Sessions attended of those prescribed, by the code of each arm that has any planned.

    Nothing where no arm logs them.
    """
    found = {arm.code: index.find(Shelf.ADHERENCE, term="", arm=arm.code) for arm in protocol.arms}
    if all(value(each, Stat.ATTENDED) is None for each in found.values()):
        return {}
    return {code: attended_cell(each) for code, each in found.items() if Stat.ATTENDED in each}


def _told_group(codes: list[str], attendance: dict[str, Cell], came: str) -> list[RowGroup]:
    """What the diagram tells beside the counts; it adds up to nothing."""
    if not attendance:
        return []
    cells = (Cell(text=""), *(attendance.get(code, Cell(text="")) for code in codes))
    row = Row(head=f"{came}, n/N (%)", cells=cells)
    return [RowGroup(head="Told beside the flow, no part of its sums", rows=(row,))]


def _stage_rows(
    lines: list[tuple[FlowEntry, ...]], arms: list[str], index: ResultIndex
) -> tuple[Row, ...]:
    """Each counted line of the boxes with every arm's count, then the reasons of any arm."""
    heads = [[entry for entry in own if not entry.under] for own in lines]
    rows = []
    for head in max(heads, key=len):
        rows.append(_count_row(head, lines, arms, index))
        reasons = {entry.name: entry for own in lines for entry in own if entry.under == head.name}
        rows.extend(_count_row(reason, lines, arms, index) for reason in reasons.values())
    return tuple(rows)


def _count_row(
    line: FlowEntry, lines: list[tuple[FlowEntry, ...]], arms: list[str], index: ResultIndex
) -> Row:
    """A line's counts; an arm that does not have the reason has it no time."""
    cells = []
    for own, arm in zip(lines, arms, strict=True):
        same = [each for each in own if (each.name, each.under) == (line.name, line.under)]
        text = "" if line.in_some_arms and not same else _total(same)
        cells.append(Cell(text=text, results=_behind(line, arm, index)))
    return Row(head=line.name, indented=bool(line.under), cells=(Cell(text=""), *cells))


def _total(lines: list[FlowEntry]) -> str:
    counts = [each.count for each in lines]
    known = [each for each in counts if each is not None]
    total = count(sum(known)) if len(known) == len(counts) else NOT_COLLECTED
    return " ".join([total, *(f"({each.beside})" for each in lines if each.beside)])


def _behind(entry: FlowEntry, arm: str, index: ResultIndex) -> tuple[str, ...]:
    """The row of the results that a line of the flow prints; none where an arm has no such line."""
    found = index.find(Shelf.FLOW, term=entry.term, arm=arm)
    return ids(found, Stat.N, Stat.N_CLUSTERS, Stat.MEDIAN, Stat.MIN, Stat.MAX)
