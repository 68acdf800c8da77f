"""How many clusters are at each stage of the flow, and how many participants are in them."""

from collections.abc import Iterator

from trialkit.planned.task.stating import Statement
from trialkit.results.cluster_flow import ArmClusters, ClusterFlow, ClusterSizes, ClusterStage
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_clusters(statement: Statement, flow: ClusterFlow) -> Iterator[Result]:
    """The counts of clusters: those that the protocol gives, and those of each arm that has any."""
    if flow.assessed is not None:
        yield statement.about(term=ClusterStage.ASSESSED).state(Stat.N_CLUSTERS, flow.assessed)
        excluded = sum(flow.not_randomised.values())
        about = statement.about(term=ClusterStage.NOT_RANDOMISED)
        yield about.state(Stat.N_CLUSTERS, excluded)
        for reason, count in flow.not_randomised.items():
            about = statement.about(term=ClusterStage.NOT_RANDOMISED.because(reason))
            yield about.state(Stat.N_CLUSTERS, count)
    if flow.randomised is not None:
        about = statement.about(term=ClusterStage.RANDOMISED)
        yield about.state(Stat.N_CLUSTERS, flow.randomised)
    if flow.without_participants is not None and flow.without_participants >= 0:
        about = statement.about(term=ClusterStage.EMPTY)
        yield about.state(Stat.N_CLUSTERS, flow.without_participants)
    for arm, clusters in flow.arms.items():
        yield from _of_arm(statement, arm, clusters)


def _of_arm(statement: Statement, arm: str, clusters: ArmClusters) -> Iterator[Result]:
    yield from _sizes(statement.about(term=ClusterStage.ALLOCATED, arm=arm), clusters.allocated)
    if clusters.not_recorded:
        about = statement.about(term=ClusterStage.NOT_RECORDED, arm=arm)
        yield about.state(Stat.N, clusters.not_recorded)
    if clusters.analysed is None:
        return
    lost = statement.about(term=ClusterStage.LOST, arm=arm)
    yield lost.state(Stat.N_CLUSTERS, clusters.lost)
    yield from _sizes(statement.about(term=ClusterStage.ANALYSED, arm=arm), clusters.analysed)
    excluded = statement.about(term=ClusterStage.EXCLUDED, arm=arm)
    yield excluded.state(Stat.N_CLUSTERS, clusters.excluded)


def _sizes(about: Statement, sizes: ClusterSizes) -> Iterator[Result]:
    yield about.state(Stat.N_CLUSTERS, sizes.clusters)
    if sizes.median is not None:
        yield from about.state_all(
            {Stat.MEDIAN: sizes.median, Stat.MIN: sizes.least, Stat.MAX: sizes.most}
        )
