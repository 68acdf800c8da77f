"""Everything about a randomisation recomputed, as far as what is at hand allows.

Without the vault: the chain, the order of the slots, the reasons. With the vault, or once the list
is revealed: the list from its key, the commitment, the seal, and the arms that were entered.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from trialkit.design.randomisation.arms import arms_given
from trialkit.design.randomisation.audit import Entry, trail_problems
from trialkit.design.randomisation.doubts import clock_doubts, torn_doubts, unseen_doubts
from trialkit.design.randomisation.ledger import Ledger, interrupted, ledger_of
from trialkit.design.randomisation.lists import canonical_list, commitment, make_list
from trialkit.design.randomisation.lock import left_behind
from trialkit.design.randomisation.minimisation import Minimisation
from trialkit.design.randomisation.plans import RandomisationPlan, plan_from_text
from trialkit.design.randomisation.record import (
    BESIDE,
    COMMITMENT,
    LOCK,
    REVEALED,
    TRAIL,
    damage,
    published_commitment,
    was_interrupted,
)
from trialkit.design.randomisation.sealing import open_slot, slot_name
from trialkit.design.randomisation.trail_file import TrailReading, read_lines
from trialkit.design.randomisation.vault import HASH, Vault
from trialkit.errors import DesignError
from trialkit.files.json_reading import json_object
from trialkit.results.tabular import Tabular

_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVerification:
    """What was recomputed and what does not agree. It names no arm."""

    checked: tuple[str, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    """What is doubtful and proves nothing wrong: a clock, a slot whose arm nobody may have seen."""
    head: str
    """The hash of the last line: compare it with the one that was shown or printed then."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Balance(Tabular):
    """The arms as they were given out: for eyes that may see them."""

    frame: pd.DataFrame

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return "Balance as reached"

    def to_frame(self) -> pd.DataFrame:
        """A row for all, each factor's levels, each stratum: factor, level, a count for each arm."""
        return self.frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A plan with its key and nonce, from the vault or revealed."""

    plan: RandomisationPlan
    key: bytes
    nonce: bytes


def opened(record: Path, vault: Vault | None) -> Opened | None:
    """The plan and the key, where there are any at hand."""
    if vault is not None:
        key, nonce = vault.read_key()
        return Opened(plan=vault.read_plan(), key=key, nonce=nonce)
    path = record / REVEALED
    if not path.exists():
        return None
    try:
        raw = json_object(path.read_bytes())
        return Opened(
            plan=plan_from_text(json.dumps(raw["plan"])),
            key=bytes.fromhex(raw["key"]),
            nonce=bytes.fromhex(raw["nonce"]),
        )
    except (DesignError, OSError, ValueError, KeyError, TypeError):
        raise DesignError(
            f"{path}: is no revealed list; put back the newest backup of it, or verify with --vault"
        ) from None


def verify(
    record: Path,
    *,
    vault: Vault | None = None,
    head: str | None = None,
    entered: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> ListVerification:
    """Recompute all that can be: ``entered`` are the arms in the trial's data, by subject.

    ``head`` is a hash that was shown at some time; it must stand in the trail still. ``now`` is what
    the clock of this computer says, for times that are still to come.
    """
    noted = left_behind(record / LOCK)
    reading = read_lines(record / TRAIL)
    trail = reading.trail
    if not reading.size:
        return _without_trail(record, vault)
    ledger = ledger_of(trail)
    if trail and was_interrupted(trail[-1], noted):
        ledger = interrupted(ledger, trail[-1].subject)
    checked = [f"{len(trail)} lines of the audit trail, their chain and their order"]
    problems = [*damage(reading), *_publication(record, ledger)]
    if head is not None:
        checked.append("the hash that was given")
        if _whole_hash(head) not in {entry.hash for entry in trail}:
            problems.append(f"no line has the hash {head}: lines were cut off or replaced")
    if found := opened(record, vault):
        checked.append("the list from its key, and the commitment")
        problems += _commitment(found, ledger)
        if vault is not None and not isinstance(found.plan.scheme, Minimisation):
            checked.append("every slot of the sealed list")
            problems += _seals(found, vault)
        problems += _arms(found, trail, entered)
        if entered is not None:
            checked.append("the arms entered in the data")
    beside = _beside(record, vault)
    return ListVerification(
        checked=tuple(checked),
        problems=(*problems, *beside.problems),
        warnings=(
            *clock_doubts(trail, now),
            *torn_doubts(trail),
            *_undone(record, reading, ledger),
            *unseen_doubts(ledger),
            *beside.warnings,
        ),
        head=trail[-1].hash if trail else "",
    )


def _whole_hash(head: str) -> str:
    """A hash as it was typed from paper; a part of one can be hit by trying."""
    given = "".join(head.split()).lower()
    if not HASH.fullmatch(given):
        raise DesignError(
            f"--head: found {head!r}; expected the 64 hexadecimal digits that were shown with a line"
        )
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What is told of unblindings that the audit trail could not take."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]


def _without_trail(record: Path, vault: Vault | None) -> ListVerification:
    beside = _beside(record, vault)
    if not (record / COMMITMENT).exists() and not beside.warnings:
        raise DesignError(f"{record}: there is no audit trail to verify")
    return ListVerification(
        checked=(),
        problems=(f"{TRAIL} is not there, though a list was committed to", *beside.problems),
        warnings=beside.warnings,
        head="",
    )


def _beside(record: Path, vault: Vault | None) -> _Beside:
    problems, warnings = [], []
    for path in (record / BESIDE, *((vault.folder / BESIDE,) if vault else ())):
        reading = read_lines(path)
        problems += [f"{path}: {each}" for each in trail_problems(reading.every_line)]
        warnings += [
            f"{path}: {entry.subject!r} was unblinded by {entry.person} ({entry.said}; "
            f"{entry.reason}), which the audit trail could not take then"
            for entry in reading.trail
        ]
    return _Beside(problems=tuple(problems), warnings=tuple(warnings))


def _undone(record: Path, reading: TrailReading, ledger: Ledger) -> list[str]:
    """What a stopped machine left undone and the next action will mend."""
    undone = []
    if reading.torn:
        undone.append(
            "the last line was not written to its end, or was cut; the next action keeps its text "
            "and goes on"
        )
    if ledger.revealed and not (record / REVEALED).exists():
        undone.append(
            f"the list was revealed, but {REVEALED} is not there; run 'trialkit randomise unblind "
            "--all' again"
        )
    return undone


def balance(found: Opened, trail: tuple[Entry, ...]) -> Balance:
    """How many of each arm, over all and by level of each factor, voided allocations included.

    Estimand
        Counts of arms as allocated.

    Reference
        The audit trail and the list.

    Checked against
        ``tests/reference/randomisation/exact_properties.json``
    """
    arms = arms_given(found.plan, found.key, trail)
    allocations = ledger_of(trail).allocations
    rows: list[dict[str, object]] = [_counted("all", "", list(arms.values()), found.plan)]
    for factor in found.plan.factors:
        for level in factor.levels:
            here = [arms[each.subject] for each in allocations if each.levels[factor.name] == level]
            rows.append(_counted(factor.name, level, here, found.plan))
    if len(found.plan.factors) > 1 and not isinstance(found.plan.scheme, Minimisation):
        for stratum in found.plan.strata:
            here = [
                arms[each.subject]
                for each in allocations
                if found.plan.stratum(each.levels) == stratum
            ]
            rows.append(_counted("stratum", stratum, here, found.plan))
    return Balance(frame=pd.DataFrame(rows))


def _counted(
    factor: str, level: str, arms: list[str], plan: RandomisationPlan
) -> dict[str, object]:
    counts = Counter(arms)
    return {"factor": factor, "level": level} | {code: counts[code] for code in plan.arms.codes}


def _publication(record: Path, ledger: Ledger) -> list[str]:
    published = published_commitment(record)
    if not published:
        return [f"{COMMITMENT} is not there or cannot be read"]
    if published != ledger.commitment:
        return [f"{COMMITMENT} states another commitment than the audit trail"]
    return []


def _commitment(found: Opened, ledger: Ledger) -> list[str]:
    if commitment(found.nonce, canonical_list(found.plan, found.key)) == ledger.commitment:
        return []
    return ["the list made from the key is not the one that was committed to"]


def _seals(found: Opened, vault: Vault) -> list[str]:
    sealed, seal = vault.read_sealed(), vault.read_seal()
    slots = make_list(found.plan, found.key)
    if {slot_name(slot.stratum, slot.number) for slot in slots} != set(sealed):
        return ["the sealed list has other slots than the list made from the key"]
    try:
        wrong = sum(
            open_slot(sealed, seal, stratum=slot.stratum, number=slot.number) != slot.arm
            for slot in slots
        )
    except DesignError as error:
        return [str(error)]
    return [f"{wrong} sealed slots hold another arm than the list"] if wrong else []


def _arms(found: Opened, trail: tuple[Entry, ...], entered: Mapping[str, str] | None) -> list[str]:
    try:
        arms = arms_given(found.plan, found.key, trail)
    except (DesignError, KeyError) as error:
        return [f"the allocations do not fit the list: {error}"]
    data = entered or {}
    unknown = [subject for subject in data if subject not in arms]
    other = [subject for subject, arm in data.items() if arms.get(subject, arm) != arm]
    said = {
        "have an arm in the data, but nobody was randomised by this name": unknown,
        "have another arm in the data than on the list": other,
    }
    return [f"{_shown(subjects)} {words}" for words, subjects in said.items() if subjects]


def _shown(subjects: list[str]) -> str:
    rest = f" and {len(subjects) - _SHOWN} more" if len(subjects) > _SHOWN else ""
    return ", ".join(subjects[:_SHOWN]) + rest
