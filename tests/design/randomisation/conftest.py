"""A randomisation carried out in a folder, with secrets that a test can know."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from trialkit.design.randomisation.keeping import commit
from trialkit.design.randomisation.minimisation import Factor, Minimisation
from trialkit.design.randomisation.plans import RandomisationPlan, Use
from trialkit.design.randomisation.record import Moment, record_folder
from trialkit.design.randomisation.schemes import PermutedBlocks, arms_of
from trialkit.design.randomisation.vault import Secrets, Vault, fresh_secrets, vault_for

SITES = Factor(name="site", levels=("N", "S"))
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def counted(seed: str) -> Callable[[int], bytes]:
    """Bytes that look random and are the same in every run."""
    numbers = iter(range(10**9))
    return lambda size: hashlib.shake_256(f"{seed} {next(numbers)}".encode()).digest(size)


def moment(minutes: int = 0, person: str = "Ann") -> Moment:
    return Moment(person=person, now=lambda: START + timedelta(minutes=minutes))


@dataclass(frozen=True, kw_only=True)
class Running:
    """A randomisation that was committed to."""

    trial: Path
    vault: Vault
    plan: RandomisationPlan
    secrets: Secrets

    @property
    def record(self) -> Path:
        return record_folder(self.trial, self.plan.use)

    @property
    def trail(self) -> Path:
        return self.record / "audit.jsonl"


def blocks_plan(use: Use = Use.TRIAL) -> RandomisationPlan:
    return RandomisationPlan(
        trial="a trial",
        arms=arms_of((1, 1), ("NEW", "OLD")),
        scheme=PermutedBlocks(lengths=(2, 4)),
        factors=(SITES,),
        slots=8,
        use=use,
    )


def minimised_plan() -> RandomisationPlan:
    return RandomisationPlan(
        trial="a trial",
        arms=arms_of((1, 1), ("NEW", "OLD")),
        scheme=Minimisation(p=Fraction(4, 5)),
        factors=(SITES, Factor(name="sex", levels=("f", "m"))),
        slots=8,
    )


def begin(folder: Path, plan: RandomisationPlan, *, seed: str = "seed") -> Running:
    trial = folder / "trial"
    trial.mkdir(parents=True, exist_ok=True)
    vault = vault_for(trial, folder / f"vault-{plan.use.value}")
    vault.write_plan(plan)
    secrets = fresh_secrets(counted(seed))
    commit(trial, vault, secrets=secrets, random_bytes=counted(seed + " seal"), moment=moment())
    return Running(trial=trial, vault=vault, plan=plan, secrets=secrets)


@pytest.fixture
def running(tmp_path: Path) -> Running:
    return begin(tmp_path, blocks_plan())


@pytest.fixture
def minimised(tmp_path: Path) -> Running:
    return begin(tmp_path, minimised_plan())
