"""The figures of the results section: flow, trajectories of the primary outcome, all effects."""

from trialkit.datasets.model import Datasets
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, Source
from trialkit.report.content.content import Figure
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Reference
from trialkit.report.figures.flow import (
    Entry,
    describe_flow,
    flow_entries,
    lay_out,
)
from trialkit.report.figures.flow_svg import flow_svg
from trialkit.report.figures.forest_figure import ForestRow, draw_forest, turned
from trialkit.report.figures.slope_figure import (
    Panel,
    draw_slopes,
    is_true_to_time,
    mean_point,
    person_lines,
)
from trialkit.report.lettering.looks import (
    look,
)
from trialkit.report.numbers.numbers import confidence, count, number
from trialkit.report.tables.cells import HEDGES, contrast_label
from trialkit.report.tables.delivery import attended_cell
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.words.en.wording import listing
from trialkit.results.flow import Disposition, read_flow
from trialkit.results.lookup import ResultIndex, Shelf, ids, value
from trialkit.results.vocabulary import Stat

MOST_PEOPLE = 400
"""With more participants than this, their lines cover each other and are not drawn."""
ATTENDED = "Sessions attended"
_FLOW_PARTS = ("randomised", "received", "analysed for the primary outcome")


def flow_of(protocol: Protocol, index: ResultIndex) -> Disposition:
    """The flow that the results count, its arms as the protocol orders and names them."""
    return read_flow(index, {arm.code: arm.label for arm in protocol.arms})


def flow_figure(protocol: Protocol, index: ResultIndex) -> Figure:
    """The participant flow (CONSORT 22)."""
    told = {code: f"{ATTENDED} {cell.text}" for code, cell in _attendance(protocol, index).items()}
    disposition = flow_of(protocol, index)
    title = f"Participant flow, {protocol.trial.short_title}"
    description = describe_flow(disposition, told)
    svg = flow_svg(
        lay_out(flow_entries(disposition, told)),
        title=title,
        description=description,
        synthetic=protocol.trial.synthetic,
    )
    return Figure(
        anchor="figure-flow",
        name="flow",
        svg=svg,
        title=title,
        description=description,
        caption="Participant flow through the trial.",
        notes=("The same numbers are in ", Reference(anchor="table-flow"), "."),
        claims=(
            *(Claim(item="22a", part=part, source=Source.DATA) for part in _FLOW_PARTS),
            Claim(item="22b", part="losses and exclusions", source=Source.DATA),
        ),
    )


def flow_table(protocol: Protocol, index: ResultIndex) -> Table:
    """The numbers of the flow diagram as a table, line by line."""
    entries = flow_entries(flow_of(protocol, index))
    enrolment = tuple(
        Row(
            head=entry.text,
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
        ("Follow-up", [arm.follow_up for arm in entries.arms]),
        ("Analysis", [arm.analysis for arm in entries.arms]),
    )
    codes = [arm.arm for arm in entries.arms]
    groups = [RowGroup(head="Enrolment", rows=enrolment)]
    groups += [RowGroup(head=name, rows=_stage_rows(lines, codes, index)) for name, lines in stages]
    groups += _told_group(codes, _attendance(protocol, index))
    return Table(
        anchor="table-flow",
        caption="Participant flow in numbers",
        stub="Stage",
        heads=(
            ColumnHead(text="All"),
            *(ColumnHead(text=arm.label) for arm in entries.arms),
        ),
        groups=tuple(groups),
        supplementary=True,
    )


def _attendance(protocol: Protocol, index: ResultIndex) -> dict[str, Cell]:
    """Sessions attended of those prescribed, by the code of each arm that logs them."""
    found = {arm.code: index.find(Shelf.ADHERENCE, term="", arm=arm.code) for arm in protocol.arms}
    return {code: attended_cell(each) for code, each in found.items() if Stat.ATTENDED in each}


def _told_group(codes: list[str], attendance: dict[str, Cell]) -> list[RowGroup]:
    """What the diagram tells beside the counts; it adds up to nothing."""
    if not attendance:
        return []
    cells = (Cell(text=""), *(attendance.get(code, Cell(text="")) for code in codes))
    row = Row(head=f"{ATTENDED}, n/N (%)", cells=cells)
    return [RowGroup(head="Told beside the flow, no part of its sums", rows=(row,))]


def _stage_rows(
    lines: list[tuple[Entry, ...]], arms: list[str], index: ResultIndex
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
    line: Entry, lines: list[tuple[Entry, ...]], arms: list[str], index: ResultIndex
) -> Row:
    """A line's counts; an arm that does not have the reason has it no time."""
    cells = []
    for own, arm in zip(lines, arms, strict=True):
        same = [each for each in own if (each.name, each.under) == (line.name, line.under)]
        total = sum(each.count for each in same)
        cells.append(Cell(text=count(total), results=_behind(line, arm, index)))
    return Row(head=line.name, indented=bool(line.under), cells=(Cell(text=""), *cells))


def _behind(entry: Entry, arm: str, index: ResultIndex) -> tuple[str, ...]:
    """The row of the results that a line of the flow prints; none where an arm has no such line."""
    return ids(index.find(Shelf.FLOW, term=entry.term, arm=arm), Stat.N)


def slope_figures(protocol: Protocol, datasets: Datasets, index: ResultIndex) -> tuple[Figure, ...]:
    """Every participant's course, one figure a continuous primary outcome."""
    primary = [
        each
        for each in main_headlines(protocol, index)
        if each.is_primary and each.outcome.kind.has_change
    ]
    return tuple(_slope(each, protocol, datasets) for each in primary)


def _slope(headline: Headline, protocol: Protocol, datasets: Datasets) -> Figure:
    outcome = headline.outcome
    measured = datasets.measurements
    own = measured[measured["outcome"] == outcome.code]
    codes = [visit.code for visit in protocol.visits if (own["visit"] == visit.code).any()]
    visits = [protocol.visit(code) for code in codes]
    members = datasets.population(headline.analysis.population).members
    ratio = protocol.plan.confidence_level
    singly = protocol.report.individual_participants and len(members) <= MOST_PEOPLE
    panels = []
    for arm in protocol.arms:
        subjects = members.loc[members["arm"] == arm.code, "subject_id"].astype("str").tolist()
        means = tuple(
            mean_point(headline.described(arm, visit=code), confidence_level=ratio)
            for code in codes
        )
        panels.append(
            Panel(
                arm=arm,
                look=look(protocol.arm_codes.index(arm.code)),
                lines=person_lines(own, subjects=subjects if singly else [], visits=codes),
                means=means,
            )
        )
    who = "each participant and the mean of each arm" if singly else "the mean of each arm"
    title = f"{outcome.label}: {who}"
    description = _describe_means(panels, outcome, [visit.label for visit in visits])
    spaced = "" if is_true_to_time(visits) else " Visits are drawn evenly spaced."
    people = " of each participant (thin lines) and" if singly else ":"
    name = f"course_{outcome.code}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        svg=draw_slopes(
            panels,
            outcome=outcome,
            visits=visits,
            confidence_level=ratio,
            synthetic=protocol.trial.synthetic,
            name=name,
            title=title,
            description=description,
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}{people} mean of each arm with its {confidence(ratio)} confidence "
            f"interval (thick lines); n is the number with a value.{spaced}"
        ),
    )


def _describe_means(panels: list[Panel], outcome: Outcome, visits: list[str]) -> str:
    """The means in words, for somebody who cannot see the figure."""
    parts = []
    for panel in panels:
        means = [
            f"{visit} {number(point.mean, digits=outcome.digits)} (n = {point.n})"
            for visit, point in zip(visits, panel.means, strict=True)
            if point is not None
        ]
        parts.append(f"{panel.arm.label}: mean {', '.join(means) or 'none'}.")
    unit = f" in {outcome.unit}" if outcome.unit else ""
    return f"{outcome.label}{unit}. {' '.join(parts)}"


def forest_figure(protocol: Protocol, index: ResultIndex) -> Figure | None:
    """The standardised effects of all continuous outcomes; None when no analysis gives one."""
    found = [
        each
        for each in main_headlines(protocol, index)
        if not each.of_risks
        and any(_has_g(each, protocol.arm(arm.code)) for arm in protocol.experimental)
    ]
    rows = [row for each in found for row in _forest_rows(each, protocol)]
    if not rows:
        return None
    one = len(protocol.experimental) == 1
    experimental = protocol.experimental[0].label if one else "experimental arm"
    ratio = confidence(protocol.plan.confidence_level)
    title = "Standardised effects on all outcomes"
    description = "; ".join(
        f"{row.label}{'' if one else f', {row.contrast}'}: {row.words}" for row in rows
    )
    return Figure(
        anchor="figure-forest",
        name="forest",
        svg=draw_forest(
            rows,
            effect_name="Hedges' g, positive favours the experimental arm",
            interval=f"{ratio} CI",
            favours_reference=f"Favours {protocol.reference.label}",
            favours_experimental=f"Favours {experimental}",
            several_contrasts=not one,
            alpha=protocol.plan.alpha,
            synthetic=protocol.trial.synthetic,
            name="forest",
            title=title,
            description=description,
        ),
        title=title,
        description=f"Hedges' g with {ratio} interval, positive in favour of the experimental "
        f"arm. {description}.",
        caption=_forest_caption(found, ratio),
    )


def _has_g(headline: Headline, arm: Arm) -> bool:
    return all(stat in headline.effect(arm) for stat in HEDGES)


def _forest_rows(headline: Headline, protocol: Protocol) -> list[ForestRow]:
    rows = []
    for arm in protocol.experimental:
        found = headline.effect(arm)
        values = [value(found, stat) for stat in HEDGES]
        if any(each is None for each in values):
            continue
        effect, low, high = turned(
            *(float(each) for each in values if each is not None),
            lower_is_better=headline.outcome.direction is Direction.LOWER,
        )
        rows.append(
            ForestRow(
                label=headline.outcome.label,
                contrast=contrast_label(arm, protocol),
                primary=headline.is_primary,
                effect=effect,
                low=low,
                high=high,
                p=value(headline.test(arm), Stat.P_VALUE),
                look=look(protocol.arm_codes.index(arm.code)),
                important=_standardised_change(headline, arm),
            )
        )
    return rows


def _standardised_change(headline: Headline, arm: Arm) -> float | None:
    """The minimal important change in the unit of g: by what the effect was standardised by."""
    change = headline.outcome.minimal_important_change
    found = headline.effect(arm)
    estimate, g = value(found, Stat.ESTIMATE), value(found, Stat.HEDGES_G)
    if change is None or not estimate or not g or headline.is_ratio:
        return None
    return change * abs(g / estimate)


def _forest_caption(found: list[Headline], ratio: str) -> str:
    """What the signs mean: which outcomes were turned."""
    turned_round = [
        each.outcome.label for each in found if each.outcome.direction is Direction.LOWER
    ]
    signs = (
        f" The sign is reversed for outcomes of which lower is better ({listing(turned_round)})."
        if turned_round
        else ""
    )
    marked = [each.outcome.label for each in found if each.outcome.minimal_important_change]
    important = (
        f" Short dashed lines: the minimal important change, standardised like the effect "
        f"({listing(marked)})."
        if marked
        else ""
    )
    return (
        f"Standardised differences (Hedges' g) with {ratio} confidence intervals (bars); values "
        f"to the right favour the experimental arm.{signs}{important} "
        "P values are not adjusted."
    )
