"""The list itself, made from a plan and a key, and the commitment that is published beforehand."""

import hashlib
import hmac
from dataclasses import dataclass
from itertools import islice

from trialkit.design.randomisation.minimisation import Minimisation
from trialkit.design.randomisation.plans import RandomisationPlan
from trialkit.design.randomisation.schemes import PermutedBlocks, Sequential, sequence
from trialkit.design.randomisation.stream import VERSION, Stream
from trialkit.errors import DesignError

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSlot:
    """A place on the list, numbered from 1 in its stratum."""

    stratum: str
    number: int
    block: int
    arm: str


def make_list(plan: RandomisationPlan, key: bytes) -> tuple[ListedSlot, ...]:
    """The slots of every stratum; none for minimisation, whose arms depend on who comes.

    The last block of a stratum is never cut, so that its end gives nothing away.
    """
    if isinstance(plan.scheme, Minimisation):
        return ()
    return tuple(
        slot
        for stratum in plan.strata
        for slot in _of_stratum(plan, plan.scheme, stratum, Stream(key, stratum))
    )


def canonical_list(plan: RandomisationPlan, key: bytes) -> bytes:
    """The list as bytes that everybody can make again: the plan, then a line for each slot.

    Of a minimisation, which has no list, the key stands in its place.
    """
    lines = [f"trialkit randomisation list {VERSION}", plan.to_text()]
    if isinstance(plan.scheme, Minimisation):
        lines.append(f"key {key.hex()}")
    lines += [
        f"{slot.stratum}|{slot.number}|{slot.block}|{slot.arm}" for slot in make_list(plan, key)
    ]
    return ("\n".join(lines) + "\n").encode()


def commitment(nonce: bytes, listed: bytes) -> str:
    """What is published before the first participant: HMAC-SHA256 of the list under the nonce.

    A bare hash would give a short list away, since all lists of its length can be tried in seconds.
    """
    if len(nonce) < KEY_BYTES:
        raise DesignError(f"the nonce must have {8 * KEY_BYTES} bits, got {8 * len(nonce)}")
    return hmac.digest(nonce, listed, hashlib.sha256).hex()


def _of_stratum(
    plan: RandomisationPlan, scheme: Sequential, stratum: str, stream: Stream
) -> list[ListedSlot]:
    slots = sequence(scheme, plan.arms, stream)
    listed = list(islice(slots, plan.slots))
    if isinstance(scheme, PermutedBlocks):
        longest = max(scheme.lengths)
        listed += [slot for slot in islice(slots, longest) if slot.block == listed[-1].block]
    return [
        ListedSlot(stratum=stratum, number=number, block=slot.block, arm=slot.arm)
        for number, slot in enumerate(listed, start=1)
    ]
