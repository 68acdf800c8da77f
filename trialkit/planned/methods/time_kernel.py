"""How comparisons of times to an event are decided in many simulated trials at once."""

import numpy as np
from scipy.special import ndtri

from trialkit.analysis.linear.contrasts import t_p_value
from trialkit.analysis.survival.batched_cox import cox_batch
from trialkit.analysis.survival.batched_log_rank import log_rank_batch
from trialkit.planned.methods.kernel import Decisions, SimulatedTrials, decided
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.time_to_event import HazardLimits


def decide_cox(_: Cox, trials: SimulatedTrials) -> Decisions:
    """The log hazard ratio of each arm; simulated times are never tied, so that all ties are alike."""
    time, event = trials.times()
    return decided(cox_batch(time, event, trials.arms, conf_level=trials.level))


def refuse_cox(specification: Cox) -> str:
    """The refusal of what the kernel of Cox regression does not have."""
    if specification.covariates or specification.strata:
        return "Cox regression with covariates or strata has no kernel"
    if specification.robust or specification.limits is not HazardLimits.WALD:
        return "Cox regression with robust errors or profile limits has no kernel"
    return ""


def decide_log_rank(_: LogRank, trials: SimulatedTrials) -> Decisions:
    """Peto's log hazard ratio of each arm and the reference, with the test of the same sums."""
    time, event = trials.times()
    estimate, se = [], []
    for arm in range(1, int(trials.arms.max()) + 1):
        own = (trials.arms == 0) | (trials.arms == arm)
        groups = (trials.arms[own] == arm).astype(int)
        found = log_rank_batch(time[:, own], event[:, own], groups)
        estimate.append(found.distance[:, 0] / found.variance[:, 0, 0])
        se.append(1 / np.sqrt(found.variance[:, 0, 0]))
    log_ratio, error = np.stack(estimate, axis=1), np.stack(se, axis=1)
    reach = -ndtri((1 - trials.level) / 2) * error
    return Decisions(
        estimate=log_ratio,
        se=error,
        p_value=t_p_value(log_ratio / error, np.inf),
        conf_low=log_ratio - reach,
        conf_high=log_ratio + reach,
    )


def refuse_log_rank(specification: LogRank) -> str:
    """The refusal of strata."""
    return "a stratified log-rank test has no kernel" if specification.strata else ""
