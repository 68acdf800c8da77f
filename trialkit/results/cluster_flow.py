"""The flow of clusters beside that of their participants (CONSORT 2010 for cluster trials, item 13)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from trialkit.results.lookup import ResultIndex, Shelf, Statistics, value
from trialkit.results.vocabulary import Stat


class ClusterStage(StrEnum):
    """A stage of the flow of clusters, which is the term of its row."""

    ASSESSED = "clusters assessed"
    NOT_RANDOMISED = "clusters not randomised"
    RANDOMISED = "clusters randomised"
    EMPTY = "clusters without participants"
    """Said to have been randomised, and nobody in the data is in them."""
    ALLOCATED = "clusters allocated"
    NOT_RECORDED = "cluster not recorded"
    """Participants of whom nobody recorded to which cluster they belong."""
    LOST = "clusters lost"
    ANALYSED = "clusters analysed"
    EXCLUDED = "clusters excluded"

    def because(self, reason: str) -> str:
        """The term of the row that counts one reason of the stage."""
        return f"{self.value}: {reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSizes:
    """How many clusters, and how many of their participants are in each."""

    clusters: int
    median: float | None = None
    """None where there is no cluster."""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmClusters:
    """The clusters of one arm on their way through the trial."""

    allocated: ClusterSizes
    """Those that have a participant who was randomised."""
    lost: int
    """Of whose participants all are lost to follow-up for the primary outcome, and none is analysed."""
    analysed: ClusterSizes | None
    """Those that have a participant in the primary analysis; None where another program made it and
    does not say which participants it used."""
    excluded: int
    """Neither lost nor analysed."""
    not_recorded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFlow:
    """The clusters of a trial, by arm; arms whose participants are in none are not in ``arms``."""

    assessed: int | None
    """None where the protocol does not say how many were assessed for eligibility."""
    not_randomised: Mapping[str, int]
    """How many of them were not randomised, by reason; the protocol says so."""
    randomised: int | None
    """Clusters with a participant; None where participants were randomised, and not clusters."""
    arms: Mapping[str, ArmClusters]

    def unknown_in(self, arms: Collection[str]) -> "ClusterFlow":
        """The same, where nobody knows which participants of these arms were analysed."""
        known = {
            arm: replace(each, analysed=None) if arm in arms else each
            for arm, each in self.arms.items()
        }
        return replace(self, arms=known)

    @property
    def without_participants(self) -> int | None:
        """How many clusters are said to have been randomised and have no participant in the data."""
        if self.assessed is None or self.randomised is None:
            return None
        return self.assessed - sum(self.not_randomised.values()) - self.randomised


def read_cluster_flow(index: ResultIndex, arms: tuple[str, ...]) -> ClusterFlow | None:
    """The flow of clusters as the results count it; None where they count none."""
    found = {arm: _arm(index, arm) for arm in arms}
    known = {arm: clusters for arm, clusters in found.items() if clusters is not None}
    if not known:
        return None
    return ClusterFlow(
        assessed=_count(index, ClusterStage.ASSESSED),
        not_randomised=_reasons(index),
        randomised=_count(index, ClusterStage.RANDOMISED),
        arms=known,
    )


def _reasons(index: ResultIndex) -> dict[str, int]:
    before = ClusterStage.NOT_RANDOMISED.because("")
    return {
        address.term.removeprefix(before): int(value(index.at(address), Stat.N_CLUSTERS) or 0)
        for address in index.addresses(Shelf.FLOW)
        if address.term.startswith(before)
    }


def _arm(index: ResultIndex, arm: str) -> ArmClusters | None:
    allocated = _sizes(index, ClusterStage.ALLOCATED, arm)
    if allocated is None:
        return None
    unknown = value(index.find(Shelf.FLOW, term=ClusterStage.NOT_RECORDED, arm=arm), Stat.N)
    return ArmClusters(
        allocated=allocated,
        lost=_count(index, ClusterStage.LOST, arm) or 0,
        analysed=_sizes(index, ClusterStage.ANALYSED, arm),
        excluded=_count(index, ClusterStage.EXCLUDED, arm) or 0,
        not_recorded=int(unknown or 0),
    )


def _found(index: ResultIndex, stage: ClusterStage, arm: str) -> Statistics:
    return index.find(Shelf.FLOW, term=stage, arm=arm)


def _count(index: ResultIndex, stage: ClusterStage, arm: str = "") -> int | None:
    number = value(_found(index, stage, arm), Stat.N_CLUSTERS)
    return None if number is None else int(number)


def _sizes(index: ResultIndex, stage: ClusterStage, arm: str) -> ClusterSizes | None:
    clusters = _count(index, stage, arm)
    if clusters is None:
        return None
    found = _found(index, stage, arm)
    median, least, most = (value(found, stat) for stat in (Stat.MEDIAN, Stat.MIN, Stat.MAX))
    return ClusterSizes(
        clusters=clusters,
        median=median,
        least=None if least is None else int(least),
        most=None if most is None else int(most),
    )
