"""Who has an intercurrent event in a rehearsal, and when: whoever leaves, and as many again of those who stay."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trialkit.design.simulation.people import Person
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form
from trialkit.schemas.items.kind import Nature


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnStop:
    """The event of one participant: how many days after randomisation, and what picks its row."""

    event: IntercurrentEventAsked
    days: int
    picks: Mapping[str, str | bool]


def event_logged(form: Form, protocol: Protocol) -> IntercurrentEventAsked | None:
    """The first event whose day a form asks for that is filled in as needed; None for other forms."""
    if form.expected is not Expected.AS_NEEDED:
        return None
    own = (each for each in protocol.intercurrent_events if each.date and each.form == form.id)
    return next(own, None)


def drawn_stop(
    event: IntercurrentEventAsked,
    form: Form,
    person: Person,
    share: float,
    rng: np.random.Generator,
) -> DrawnStop | None:
    """When the event happens to somebody, of whom ``share`` of those who stay have it; None to whom not."""
    if person.randomised is None or person.end is None:
        return None
    happens = rng.random() < share
    followed = max(1, (person.end - person.randomised).days)
    days = int(rng.integers(0, followed))
    if not (person.left or happens):
        return None
    picks = {
        name: _answer(form, name, str(rng.choice(codes))) for name, codes in event.where.items()
    }
    return DrawnStop(event=event, days=days, picks=picks)


def _answer(form: Form, name: str, code: str) -> str | bool:
    return code == "yes" if form.item(name).kind.nature is Nature.TRUTH else code


def event_at_visits(form: Form, item: str, protocol: Protocol) -> IntercurrentEventAsked | None:
    """The event that an item of a form asks for at visits; None for other items."""
    if not protocol.intercurrent_events:
        return None  # asked for every cell: most trials have none
    name = f"{form.id}.{item}"
    return next((each for each in protocol.intercurrent_events if each.item == name), None)


def drawn_answer(
    event: IntercurrentEventAsked, form: Form, share: float, rng: np.random.Generator
) -> str | bool:
    """The answer at a visit, by which the event happened in a ``share`` of visits."""
    offered = [each.code for each in form.item(event.asked).offered]
    others = [each for each in offered if each not in event.codes]
    among = list(event.codes) if rng.random() < share or not others else others
    return _answer(form, event.asked, str(rng.choice(among)))
