"""What the boxes of the flow say of clusters, beside what they say of participants."""

from dataclasses import replace

from trialkit.errors import ReportError
from trialkit.protocol.trial.clusters import Clusters
from trialkit.report.figures.flow_entries import ArmEntries, FlowEntries
from trialkit.report.figures.flow_entry import FlowEntry
from trialkit.report.numbers.numbers import count, plain
from trialkit.report.words.en.american import spelled
from trialkit.report.words.en.wording import capitalised
from trialkit.results.cluster_flow import ArmClusters, ClusterFlow, ClusterSizes, ClusterStage


def with_clusters(entries: FlowEntries, flow: ClusterFlow, named: Clusters) -> FlowEntries:
    """The lines of every box, those of clusters among them; the sums are asserted.

    An arm whose participants are in no cluster has none of these lines.
    """
    _assert_sums(flow)
    plural = capitalised(named.plural)
    return replace(
        entries,
        assessed=(*entries.assessed, *_assessed(flow, plural)),
        not_randomised=(*entries.not_randomised, *_not_randomised(flow, plural)),
        randomised=(*entries.randomised, *_randomised(flow, plural)),
        arms=tuple(
            _with_own(arm, flow.arms[arm.arm], plural, named.label) if arm.arm in flow.arms else arm
            for arm in entries.arms
        ),
    )


def _assert_sums(flow: ClusterFlow) -> None:
    for code, arm in flow.arms.items():
        left = arm.lost + arm.excluded
        if arm.analysed is not None and arm.allocated.clusters != arm.analysed.clusters + left:
            raise ReportError(
                f"the flow of clusters does not add up: arm {code}: {arm.allocated.clusters} "
                f"allocated, {arm.analysed.clusters} analysed and {left} lost or excluded"
            )


def _assessed(flow: ClusterFlow, plural: str) -> tuple[FlowEntry, ...]:
    if flow.assessed is None:
        return ()
    return (_line(plural, "assessed", flow.assessed, ClusterStage.ASSESSED),)


def _not_randomised(flow: ClusterFlow, plural: str) -> tuple[FlowEntry, ...]:
    if flow.assessed is None:
        return ()
    text, stage = f"{plural} excluded", ClusterStage.NOT_RANDOMISED
    total = sum(flow.not_randomised.values())
    head = FlowEntry(text=text, count=total, depth=0, term=stage)
    return head, *(
        FlowEntry(text=reason, count=n, depth=1, under=text, term=stage.because(reason))
        for reason, n in flow.not_randomised.items()
    )


def _randomised(flow: ClusterFlow, plural: str) -> tuple[FlowEntry, ...]:
    if flow.randomised is None:
        return ()
    line = _line(plural, spelled("randomised"), flow.randomised, ClusterStage.RANDOMISED)
    empty = flow.without_participants or 0
    if empty <= 0:
        return (line,)
    text = f"{plural} without a participant"
    return line, FlowEntry(text=text, count=empty, depth=1, term=ClusterStage.EMPTY)


def _with_own(arm: ArmEntries, clusters: ArmClusters, plural: str, label: str) -> ArmEntries:
    first, *others = arm.allocation
    head = arm.follow_up[0].text
    lost = sum(head in {each.text, each.under} for each in arm.follow_up)
    analysed, *excluded = arm.analysis
    return replace(
        arm,
        allocation=(
            first,
            _line(plural, "allocated", clusters.allocated, ClusterStage.ALLOCATED),
            *_not_recorded(clusters, label),
            *others,
        ),
        follow_up=(*arm.follow_up[:lost], *_lost(clusters, plural), *arm.follow_up[lost:]),
        analysis=(analysed, *_analysed(clusters, plural), *excluded, *_excluded(clusters, plural)),
    )


def _not_recorded(clusters: ArmClusters, label: str) -> tuple[FlowEntry, ...]:
    if not clusters.not_recorded:
        return ()
    return (
        FlowEntry(
            text=f"No {label} recorded",
            count=clusters.not_recorded,
            depth=1,
            term=ClusterStage.NOT_RECORDED,
            in_some_arms=True,
        ),
    )


def _lost(clusters: ArmClusters, plural: str) -> tuple[FlowEntry, ...]:
    if clusters.analysed is None:
        return ()
    text = f"{plural} lost as a whole"
    return (
        FlowEntry(
            text=text, count=clusters.lost, depth=1, term=ClusterStage.LOST, in_some_arms=True
        ),
    )


def _analysed(clusters: ArmClusters, plural: str) -> tuple[FlowEntry, ...]:
    if clusters.analysed is None:
        return ()
    return (_line(plural, spelled("analysed"), clusters.analysed, ClusterStage.ANALYSED),)


def _excluded(clusters: ArmClusters, plural: str) -> tuple[FlowEntry, ...]:
    if clusters.analysed is None:
        return ()
    text = f"{plural} excluded from analysis"
    number, stage = clusters.excluded, ClusterStage.EXCLUDED
    return (FlowEntry(text=text, count=number, depth=1, term=stage, in_some_arms=True),)


def _line(plural: str, stage: str, of: int | ClusterSizes, term: ClusterStage) -> FlowEntry:
    """The number of clusters at a stage, with their sizes where these are known."""
    sizes = of if isinstance(of, ClusterSizes) else ClusterSizes(clusters=of)
    return FlowEntry(
        text=plural,
        row=f"{plural} {stage}",
        count=sizes.clusters,
        depth=1,
        term=term,
        beside=_sizes(sizes),
        in_some_arms=True,
    )


def _sizes(sizes: ClusterSizes) -> str:
    if sizes.median is None or sizes.least is None or sizes.most is None:
        return ""
    if sizes.least == sizes.most:
        return f"each of {count(sizes.most)}"
    limits = f"{count(sizes.least)} to {count(sizes.most)}"
    return f"median size {plain(sizes.median)}, range {limits}"
