"""What a grant, a revocation and the site of a participant may say, whoever writes them."""

from collections.abc import Mapping

import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.people import People, StorePerson
from trialkit.printable import as_a_name

OF_PEOPLE = (EventAction.GRANTED.value, EventAction.REVOKED.value, EventAction.PLACED.value)
"""The actions that are judged here, by what they say."""


def refuse_grants(people: People, said: pl.DataFrame, author: str) -> None:
    """Nobody grants to themselves, nor further than their own right, nor ends the last such right.

    Raises :class:`EvidenceError` for the first entry that would.
    """
    person = people.person(author)
    granted = of_actions(said, [EventAction.GRANTED])
    for form, details in zip(granted["form"], granted["details"], strict=True):
        grant = kept_object(details, of="a grant")
        if as_a_name(author) == as_a_name(str(grant["person"])):
            raise EvidenceError(
                f"{author} cannot grant a right to themselves; another person who may grant rights "
                "does it"
            )
        _refuse_beyond(person, form, str(grant["site"]))
    for seq in of_actions(said, [EventAction.REVOKED])["about"]:
        held = next((each for each in people.grants if each.seq == seq and not each.revoked), None)
        if held is None:
            raise EvidenceError(f"event {seq} is no grant that holds, so that it cannot be revoked")
        if not people.can_grant_without(seq):
            raise EvidenceError(
                f"{held.person} is the last who may grant rights everywhere; grant it to somebody else "
                "before this is revoked"
            )
        _refuse_beyond(person, held.form, held.site)


def places(person: StorePerson, said: pl.DataFrame, sites: Mapping[str, str]) -> Mapping[str, str]:
    """Where participants are once these entries are written; ``sites`` has who was entered at none as ``""``.

    Who enters the first row of a participant says where that is; from then on another right does.
    Raises :class:`EvidenceError` for a place that the person may not give.
    """
    after = dict(sites)
    placed = of_actions(said, [EventAction.PLACED])
    for subject, details in zip(placed["subject_id"], placed["details"], strict=True):
        to = str(kept_object(details, of="a place")["site"])
        at = after.get(subject)
        is_new = at is None and person.may(Right.ENTER, site=to)
        may_move = person.may(Right.PLACE, site=at or "") and person.may(Right.PLACE, site=to)
        if not (is_new or may_move):
            raise EvidenceError(
                f"{person.account} may not say that {subject} is at site {to}; nothing was done"
            )
        after[subject] = to
    return after


def _refuse_beyond(person: StorePerson, form: str, site: str) -> None:
    """Nobody gives or ends what reaches further than their own right to grant."""
    if not person.may(Right.GRANT, form=form, site=site):
        where = f"at site {site}" if site else "at every site"
        of_form = f" in form {form}" if form else ""
        raise EvidenceError(
            f"{person.account} may not grant or revoke rights {where}{of_form}; nothing was done"
        )
