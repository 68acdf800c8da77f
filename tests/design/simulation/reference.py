"""A small protocol to simulate, and the exact powers."""

import json
from dataclasses import replace
from pathlib import Path

from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.design.simulation.assumptions import (
    ArmChange,
    Assumptions,
    OutcomeAssumption,
    Scenario,
    SimulatedConduct,
)
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.specification import Specification
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial

POWER = json.loads(
    (Path(__file__).parents[2] / "reference" / "simulation" / "power.json").read_text("utf-8")
)
ASSUMED = (Scenario(name="as assumed", effect=1.0),)
NONE = (Scenario(name="no effect", effect=0.0),)


def planning(
    specification: Specification, *, folder: Path = EXAMPLE, analysis_id: str = "primary"
) -> OpenedTrial:
    """A trial whose plan has one analysis, of this specification."""
    trial = open_trial(folder)
    plan = trial.protocol.plan
    first = next(each for each in plan.analyses if each.id == analysis_id)
    analysis = Analysis(
        id=first.id,
        role=first.role,
        outcomes=first.outcomes,
        population=first.population,
        estimand=first.estimand,
        specification=specification,
    )
    changed = replace(trial.protocol, plan=replace(plan, analyses=(analysis,)))
    return replace(trial, protocol=changed)


def assuming(
    trial: OpenedTrial,
    *,
    participants: int,
    sd: float = 1.0,
    correlation: float = 0.5,
    difference: float = 0.0,
    dropout: float = 0.0,
    scenarios: tuple[Scenario, ...] = ASSUMED,
) -> Assumptions:
    """One outcome, and a difference of the experimental arms from the reference."""
    outcome = trial.protocol.primary
    changes = tuple(
        ArmChange(arm=arm.code, change=difference) for arm in trial.protocol.experimental
    )
    return Assumptions(
        conduct=SimulatedConduct(participants=participants, dropout=dropout),
        outcomes=(
            OutcomeAssumption(
                code=outcome.code,
                baseline=50.0,
                sd=sd,
                correlation=correlation,
                changes=changes,
            ),
        ),
        scenarios=scenarios,
    )


__all__ = ["ASSUMED", "EXAMPLE", "NONE", "POWER", "THREE_ARMS", "assuming", "planning"]
