"""The cluster of each simulated participant: of one arm, and with as many others as a class has."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trialkit.design.simulation.people import Person
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Item, Purpose, Schemas
from trialkit.schemas.items.kind import Nature

SIZE = 6
"""How many participants a cluster has, more or less."""


def in_clusters(
    people: tuple[Person, ...], protocol: Protocol, schemas: Schemas, rng: np.random.Generator
) -> tuple[Person, ...]:
    """The people, with the cluster known of those whose arm has clusters; two clusters an arm at least.

    Nothing is drawn where no form asks for a cluster, so that other trials are simulated as before.
    """
    asked = [
        (form.id, item)
        for form in schemas.forms
        for item in form.items
        if item.purpose is Purpose.CLUSTER
    ]
    if not asked:
        return people
    arms = (protocol.clusters.arms if protocol.clusters else ()) or protocol.arm_codes
    number: dict[str, tuple[int, int]] = {}
    for place, arm in enumerate(arms):
        own = [person.subject_id for person in people if person.arm == arm]
        drawn = rng.permutation(np.arange(len(own)) % max(2, round(len(own) / SIZE)))
        number |= {who: (place, int(k)) for who, k in zip(own, drawn, strict=True)}
    return tuple(
        replace(
            person,
            known={
                **{
                    (form, item.id): _name(item, arms, *number[person.subject_id])
                    for form, item in asked
                },
                **person.known,
            },
        )
        if person.subject_id in number
        else person
        for person in people
    )


def _name(item: Item, arms: Sequence[str], arm: int, number: int) -> str:
    """What the ``number``-th cluster of an arm is called; of choices each arm has its own if it can."""
    codes = [choice.code for choice in item.choices]
    own = codes[arm :: len(arms)] or codes
    if own:
        return own[number % len(own)]
    if item.kind.nature is Nature.WHOLE:
        return str(1 + arm + number * len(arms))
    return f"{arms[arm]}-{number + 1}"
