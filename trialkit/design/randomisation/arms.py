"""The arms that a list or a minimisation gives, for the lines of an audit trail."""

from collections.abc import Mapping, Sequence

from trialkit.design.randomisation.audit import Action, Entry
from trialkit.design.randomisation.ledger import SUBJECT, ledger_of
from trialkit.design.randomisation.lists import make_list
from trialkit.design.randomisation.minimisation import Minimisation, Minimiser
from trialkit.design.randomisation.plans import ALL, RandomisationPlan
from trialkit.design.randomisation.sealing import open_slot, slot_name
from trialkit.design.randomisation.stream import Stream
from trialkit.design.randomisation.vault import Vault
from trialkit.errors import DesignError


def arms_given(plan: RandomisationPlan, key: bytes, trail: Sequence[Entry]) -> dict[str, str]:
    """The arm of every subject, by the name known now, recomputed from the key."""
    if isinstance(plan.scheme, Minimisation):
        return minimised(plan, plan.scheme, key, trail)[0]
    listed = {(slot.stratum, slot.number): slot.arm for slot in make_list(plan, key)}
    return {
        each.subject: listed[plan.stratum(each.entered), each.slot]
        for each in ledger_of(trail).allocations
    }


def arm_of_next(
    plan: RandomisationPlan,
    vault: Vault,
    trail: Sequence[Entry],
    levels: Mapping[str, str],
    slot: int,
) -> str:
    """The arm of the next slot for somebody with these levels."""
    if isinstance(plan.scheme, Minimisation):
        return minimised(plan, plan.scheme, vault.read_key()[0], trail)[1].allocate(levels)
    stratum = plan.stratum(levels)
    sealed = vault.read_sealed()
    if slot_name(stratum, slot) not in sealed:
        raise DesignError(
            f"stratum {stratum}: all {slot - 1} slots of the list are used up; nobody else can be "
            "randomised in it"
        )
    return open_slot(sealed, vault.read_seal(), stratum=stratum, number=slot)


def minimised(
    plan: RandomisationPlan, scheme: Minimisation, key: bytes, trail: Sequence[Entry]
) -> tuple[dict[str, str], Minimiser]:
    """The arms so far, line by line: a corrected level counts from its correction on."""
    minimiser = Minimiser(scheme, plan.arms, plan.factors, Stream(key, ALL))
    arms: dict[str, str] = {}
    levels: dict[str, Mapping[str, str]] = {}
    for entry in trail:
        if entry.takes_slot:
            arms[entry.subject] = minimiser.allocate(entry.stratum)
            levels[entry.subject] = entry.stratum
        elif entry.action is Action.CORRECTED:
            arm, before = arms.pop(entry.subject), levels.pop(entry.subject)
            name = entry.new if entry.field == SUBJECT else entry.subject
            after = before if entry.field == SUBJECT else {**before, entry.field: entry.new}
            number = plan.arms.codes.index(arm)
            minimiser.count(before, number, -1)
            minimiser.count(after, number, +1)
            arms[name], levels[name] = arm, after
    return arms, minimiser
