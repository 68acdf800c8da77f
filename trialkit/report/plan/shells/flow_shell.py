"""The flow diagram before there are participants: its boxes, and a place for each number."""

from dataclasses import replace
from functools import partial
from itertools import chain

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.cluster_entries import with_clusters
from trialkit.report.figures.flow_entries import FlowEntries, flow_entries
from trialkit.report.figures.flow_entry import FlowEntry
from trialkit.report.figures.flow_layout import Box, FlowDiagram, lay_out
from trialkit.report.figures.flow_svg import flow_svg
from trialkit.report.figures.period_entries import nobody_in, with_periods
from trialkit.report.numbers.numbers import n_equals
from trialkit.report.plan.shells.asked import AskedFlow
from trialkit.results.cluster_flow import ArmClusters, ClusterFlow, ClusterSizes
from trialkit.results.flow import ArmFlow, Disposition, Reason

_TITLE = "Shell of the participant flow"
_NOBODY, _PLACE = f"({n_equals(0)})", f"({n_equals(0)})".replace("0", "xx")


def flow_shell(protocol: Protocol, asked: AskedFlow) -> Figure:
    """The diagram of the report, of nobody yet."""
    flow = _nobody(protocol, asked)
    entries = flow_entries(flow)
    if protocol.is_crossover:
        entries = with_periods(entries, flow, protocol.periods)
    if flow.clusters is not None and protocol.clusters is not None:
        entries = with_clusters(entries, flow.clusters, protocol.clusters)
    description = f"{_told(entries)} Each number is still to come."
    drawn = partial(
        flow_svg,
        _with_places(lay_out(entries)),
        title=_TITLE,
        description=description,
        name="flow-shell",
    )
    return Figure(
        anchor="figure-flow-shell",
        name="flow-shell",
        drawing=FigureDrawing(drawn),
        title=_TITLE,
        description=description,
        caption="Shell. Participant flow through the trial.",
    )


def _nobody(protocol: Protocol, asked: AskedFlow) -> Disposition:
    """The flow of a trial before its first participant, with every reason that a form lists."""
    return Disposition(
        assessed=0,
        not_randomised=_reasons(asked.not_enrolled),
        randomised=0,
        arms=tuple(
            nobody_in(
                ArmFlow(
                    arm=arm.code,
                    label=arm.label,
                    allocated=0,
                    received=0 if asked.received else None,
                    not_received=_reasons(asked.not_received) if asked.received else (),
                    lost=_reasons(asked.lost),
                    discontinued=_reasons(asked.discontinuation) if asked.discontinued else None,
                    analysed=0,
                    excluded=(),
                ),
                protocol.periods,
            )
            for arm in protocol.arms
        ),
        clusters=_no_clusters(protocol),
    )


def _no_clusters(protocol: Protocol) -> ClusterFlow | None:
    """The flow of clusters before there are any, with every reason that the protocol lists."""
    clusters = protocol.clusters
    if clusters is None:
        return None
    none = ClusterSizes(clusters=0)
    return ClusterFlow(
        assessed=0 if clusters.randomised else None,
        not_randomised={each.reason: 0 for each in clusters.excluded},
        randomised=0 if clusters.randomised else None,
        arms={
            arm: ArmClusters(allocated=none, lost=0, analysed=none, excluded=0)
            for arm in clusters.arms or protocol.arm_codes
        },
    )


def _reasons(texts: tuple[str, ...]) -> tuple[Reason, ...]:
    return tuple(Reason(text=text, count=0) for text in texts)


def _with_places(diagram: FlowDiagram) -> FlowDiagram:
    return replace(diagram, boxes=tuple(map(_box, diagram.boxes)))


def _box(box: Box) -> Box:
    lines = (replace(line, text=line.text.replace(_NOBODY, _PLACE)) for line in box.lines)
    return replace(box, lines=tuple(lines))


def _told(entries: FlowEntries) -> str:
    """The boxes in words, without numbers."""
    parts = [_names((*entries.assessed, *entries.not_randomised, *entries.randomised))]
    parts += [
        f"{arm.label}: {_names((*arm.allocation, *chain(*arm.periods), *arm.follow_up, *arm.analysis))}"
        for arm in entries.arms
    ]
    return " ".join(f"{part}." for part in parts)


def _names(entries: tuple[FlowEntry, ...]) -> str:
    return "; ".join(entry.text for entry in entries)
