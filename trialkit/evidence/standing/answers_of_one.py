"""What is known of one participant in the forms that have one row for each, as somebody sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import GIVING, OF_CELLS, EventAction
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.standing.keeping_rows import held_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOfOne:
    """Where a participant is, what was entered, and at which sites whoever asks acts."""

    site: str
    """Where the participant was placed; empty for who is nowhere yet."""
    answers: Mapping[tuple[str, str], str]
    """By form and item, of forms without visits and repeats; blank cells are left out."""
    own_sites: frozenset[str]
    """The sites of whoever asks; nothing for who acts at all of them."""
    is_there: bool
    """Whether the participant has any row, in any form."""
    sees_arms: bool
    """Whether whoever asks sees what tells the arm of the participant."""


def known_of_one(store: Store, account: str, subject: str) -> KnownOfOne:
    """What an account may know of one participant."""
    with store.by(account).reading() as connection:
        sight = sight_of(connection, account)
        rows = held_rows(connection, lambda table: table.c.subject_id == subject)
    answers = {
        (form, item): text.strip()
        for (form, _, visit, repeat, _), cells in rows.items()
        for item, text in cells.items()
        if text and text.strip() and not visit and not repeat
        if sight.sees(form, subject) and not sight.hides(form, item, subject)
    }
    sites = () if sight.person is None else sight.person.sites
    own = frozenset() if "" in sites else frozenset(sites)
    return KnownOfOne(
        site=sight.sites.get(subject, ""),
        answers=answers,
        own_sites=own,
        is_there=bool(rows),
        sees_arms=sight.sees_arms_of(subject),
    )


def has_answer(store: Store, account: str, subject: str, form: str, item: str) -> bool:
    """Whether something stands in an item of any row of a form, by what the log has.

    The log says that an answer was given also to whom it does not say which.
    """
    is_of_item = sa.and_(EVENT.c.item == item, EVENT.c.action.in_(OF_CELLS))
    asked = (
        sa.select(EVENT.c.visit, EVENT.c.repeat, EVENT.c.copy, EVENT.c.action)
        .where(EVENT.c.subject_id == subject, EVENT.c.form == form)
        .where(is_of_item | (EVENT.c.action == EventAction.ROW_REMOVED.value))
        .order_by(EVENT.c.seq)
    )
    with store.by(account).reading() as connection:
        last = {tuple(row): action for *row, action in connection.execute(asked)}
    return any(action in GIVING for action in last.values())
