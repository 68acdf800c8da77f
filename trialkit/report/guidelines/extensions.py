"""Which checklists besides CONSORT 2025 a trial's design asks for, and which are not there yet."""

from functools import cache

from trialkit.protocol.trial.kinds import InterventionKind, Reporter
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Framework
from trialkit.report.content.content import Section
from trialkit.report.content.text import Bullets
from trialkit.report.guidelines.checklist import Guideline, read_guideline

FILES = (
    "abstracts_2008", "harms_2022", "tidier_2014", "cert_2016", "npt_2017", "pro_2013", "margins_2012",
    "multi_arm_2019", "factorial_2023", "cluster_2012",
)  # fmt: skip
HARMS = "CONSORT Harms 2022: its rows after the participant flow"
MULTI_ARM = "CONSORT multi-arm 2019: its ten items, beyond the recommendations of its abstract"
FACTORIAL = "CONSORT factorial 2023: its 17 items, beyond the recommendations of its abstract"
CLUSTER = "CONSORT cluster 2012: its rows 1b and after 13a"
CROSSOVER = "CONSORT crossover 2019: its items, whose wording could not be read"
SEVERAL = 3
"""With so many arms or more a trial is a multi-arm trial."""
_WITH_MARGIN = frozenset({Framework.NON_INFERIORITY, Framework.EQUIVALENCE})


@cache
def all_extensions() -> tuple[Guideline, ...]:
    """Every checklist that a design can ask for."""
    return tuple(read_guideline(name) for name in FILES)


def chosen_extensions(protocol: Protocol) -> tuple[Guideline, ...]:
    """The checklists that this trial's design asks for."""
    kinds = _kinds(protocol)
    reported = any(
        each.reported_by is Reporter.PARTICIPANT and each.role is not OutcomeRole.EXPLORATORY
        for each in protocol.outcomes
    )
    wanted = {
        "abstracts": True,
        "harms": True,
        "tidier": True,
        "cert": InterventionKind.EXERCISE in kinds,
        "npt": any(kind.is_nonpharmacological for kind in kinds),
        "pro": reported,
        "margins": protocol.trial.framework in _WITH_MARGIN,
        "multiarm": _has_several_arms(protocol),
        "factorial": bool(protocol.factors),
        "cluster": protocol.allocates_clusters,
    }
    return tuple(each for each in all_extensions() if wanted[each.code])


def unsupported(protocol: Protocol) -> tuple[str, ...]:
    """The rows of guidelines that apply and are not there: nothing is said about them."""
    return (
        HARMS,
        *((MULTI_ARM,) if _has_several_arms(protocol) else ()),
        *((FACTORIAL,) if protocol.factors else ()),
        *((CLUSTER,) if protocol.allocates_clusters else ()),
        *((CROSSOVER,) if protocol.is_crossover else ()),
    )


def _has_several_arms(protocol: Protocol) -> bool:
    """Whether arms are compared one by one.

    Those of a factorial trial are combinations, and those of a crossover trial sequences.
    """
    return len(protocol.arms) >= SEVERAL and not (protocol.factors or protocol.is_crossover)


def unsupported_section(protocol: Protocol) -> Section:
    """What an author has to look up elsewhere."""
    lead = "These apply to the trial and are not yet supported; no row of them was judged"
    return Section(
        anchor="other-guidelines",
        title="Other guidelines",
        blocks=(Bullets(items=tuple((name,) for name in unsupported(protocol)), lead=lead),),
    )


def _kinds(protocol: Protocol) -> frozenset[InterventionKind]:
    return frozenset(
        arm.intervention.kind
        for arm in protocol.experimental
        if arm.intervention is not None and arm.intervention.kind is not None
    )
