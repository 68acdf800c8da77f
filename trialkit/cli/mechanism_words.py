"""Why participants leave a simulated trial, and what that does to an analysis, in sentences."""

from collections.abc import Sequence
from math import isclose
from types import MappingProxyType

from trialkit.decimals import significant
from trialkit.design.simulation.characteristics import OperatingCharacteristic
from trialkit.design.simulation.mechanisms import DropoutMechanism, LeavingDependsOn, SeenAs

_NO_EFFECT = 1e-9
"""A truth of two means that differ by less, which they do by rounding."""
_WHAT = MappingProxyType(
    {
        LeavingDependsOn.NOTHING: "completely at random",
        LeavingDependsOn.SEEN: "at random",
        LeavingDependsOn.UNSEEN: "not at random",
    }
)


def mechanism_in_words(mechanism: DropoutMechanism, arms: Sequence[str], dropout: float) -> str:
    """``at random: CG 15%, EG 30% gone before the last visit; log odds of leaving 1 for each SD …``."""
    shares = ", ".join(f"{arm} {_percent(mechanism.dropout_in(arm, dropout))}" for arm in arms)
    parts = [f"{shares} gone before the last visit"]
    if mechanism.log_odds_per_sd:
        which = (
            "not observed" if mechanism.mechanism is LeavingDependsOn.UNSEEN else "last observed"
        )
        what = "change from baseline" if mechanism.depends_on is SeenAs.CHANGE else "value"
        parts.append(
            f"log odds of leaving {mechanism.log_odds_per_sd:+g} for each SD of the {what} {which}"
        )
    deltas = {arm: mechanism.delta_in(arm) for arm in arms}
    if any(deltas.values()):
        changed = ", ".join(f"{arm} {delta:+g}" for arm, delta in deltas.items())
        parts.append(f"values change by leaving: {changed}")
    if mechanism.retrieved:
        parts.append(f"{_percent(mechanism.retrieved)} of those observed all the same")
    return f"Mechanism {mechanism.name}, missing {_WHAT[mechanism.mechanism]}: {'; '.join(parts)}"


def found_in_words(row: OperatingCharacteristic) -> str:
    """What an analysis finds of the effect that its estimand is; blank where that is not said."""
    if not row.strategy or row.truth is None or row.bias is None or row.coverage is None:
        return ""
    share = "type I error" if isclose(row.truth, 0, abs_tol=_NO_EFFECT) else "power"
    return (
        f"{row.mechanism}, {row.scenario}, {row.analysis_id} of {row.outcome}, {row.term}: {share} "
        f"{_percent(row.rejected)}, bias {significant(row.bias, 3)} (Monte Carlo SE "
        f"{significant(row.bias_mcse or 0.0, 2)}) of the {row.strategy} effect {significant(row.truth, 4)}, "
        f"coverage {_percent(row.coverage)}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
