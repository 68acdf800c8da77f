"""How many participants of a factorial trial are at each level of each factor, on their way through it."""

from collections.abc import Iterator, Mapping

from trialkit.datasets.model import Datasets
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.factors import level_term
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.flow import Stage
from trialkit.results.lookup import Shelf
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_flow_of_levels(
    protocol: Protocol, datasets: Datasets, analysed: Mapping[str, int]
) -> Iterator[Result]:
    """Those allocated to a level and those analysed at it, over the arms that have it.

    ``analysed`` is, by arm, how many the primary analysis used where another program made it.
    """
    statement = Statement(analysis_id=Shelf.FLOW, method=Method.DESCRIPTIVE.value)
    flows = {each.arm: each for each in datasets.disposition.arms}
    for factor in protocol.factors:
        for level in factor.levels:
            term = level_term(factor, level)
            arms = [arm for arm in protocol.arm_codes if arm in protocol.arms_at(term)]
            counts = {
                Stage.ALLOCATED: sum(flows[arm].allocated for arm in arms),
                Stage.ANALYSED: sum(analysed.get(arm, flows[arm].analysed) for arm in arms),
            }
            for stage, number in counts.items():
                yield statement.about(term=stage.at(term)).state(Stat.N, number)
