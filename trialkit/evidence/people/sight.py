"""What a person may see of a store: of which forms and sites, and whether what tells an arm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from trialkit.evidence.database.people_tables import SUBJECT_SITE, WITHHELD_ITEM
from trialkit.evidence.log.reading import some_at_once
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.people import StorePerson, people_of
from trialkit.schemas.reading.judged_part import WHOLE

CUT_SHORT = "…"
"""How a text ends of which a part alone is told: nobody knows what the rest names."""
WITHHELD = "[withheld]"
"""What stands in the log in the place of a text that tells an arm, for who may not read arms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may see of a store."""

    person: StorePerson | None
    """None for who has the file itself, and sees what is in it."""
    sites: Mapping[str, str]
    """Where each participant is; one who is nowhere yet is seen by who sees every site."""
    withheld: Mapping[str, frozenset[str]]
    """The items that tell an arm, by form."""

    def sees(self, form: str, subject: str = "") -> bool:
        """Whether the rows of a form are seen, for a participant or for some."""
        if self.person is None:
            return True
        if WHOLE in self.withheld.get(form, ()) and not self.sees_arms(form, subject):
            return False
        return self._may(Right.READ, form, subject)

    def sees_arms(self, form: str, subject: str = "") -> bool:
        """Whether what tells an arm is seen too."""
        return self.person is None or self._may(Right.READ_ARMS, form, subject)

    def hides(self, form: str, item: str, subject: str) -> bool:
        """Whether the text of an item is withheld."""
        items = self.withheld.get(form, frozenset())
        return bool(items & {item, WHOLE}) and not self.sees_arms(form, subject)

    def is_told_in(self, grounds: str) -> bool:
        """Whether what a query rests on (``form.item=text``) names an item that is withheld."""
        return not self.sees_all_arms and any(each in grounds for each in self.names_withheld)

    def sees_arms_of(self, subject: str) -> bool:
        """Whether of a participant everything is seen that tells an arm."""
        return all(self.sees_arms(form, subject) for form in self.withheld)

    @property
    def names_withheld(self) -> tuple[str, ...]:
        """How the grounds of a query name what tells an arm, and how they end where they are cut."""
        return (*(each for place in self.places_withheld for each in _named(*place)), CUT_SHORT)

    @property
    def places_withheld(self) -> tuple[tuple[str, str], ...]:
        """What tells an arm, by form and item; ``""`` for all of a form."""
        return tuple(
            (form, item) for form, items in sorted(self.withheld.items()) for item in sorted(items)
        )

    def place_told_in(self, form: str, item: str, grounds: str) -> tuple[str, str] | None:
        """What tells an arm, whoever asks, in a finding about an item: that item, or what it rests on."""
        if self.withheld.get(form, frozenset()) & {item, WHOLE}:
            return form, item
        named = (
            place
            for place in self.places_withheld
            if any(each in grounds for each in _named(*place))
        )
        is_cut = self.places_withheld[:1] if CUT_SHORT in grounds else ()
        return next(iter((*named, *is_cut)), None)

    def sees_place(self, form: str, subjects: Iterable[str] = ()) -> bool:
        """Whether something about a form, or about any, of some participants or of all is seen."""
        if self.person is None:
            return True
        named = tuple(subjects)
        if form:
            return any(self.sees(form, subject) for subject in named or ("",))
        sees_all = "" in self.person.sites or self.person.may(Right.READ)
        is_here = (self.sites.get(each, "") in self.person.sites for each in named)
        return sees_all or not named or any(is_here)

    def sees_about(self, form: str, subject: str) -> bool:
        """Whether something about a form, or about any, of one participant or of nobody is seen."""
        return self.sees_place(form, (subject,) if subject else ())

    def hides_some(self, form: str, subject: str) -> bool:
        """Whether a text of this form is withheld."""
        return form in self.withheld and not self.sees_arms(form, subject)

    @property
    def sees_all_arms(self) -> bool:
        """Whether no arm is kept from this person: none is in the forms, or all may be read."""
        return not self.withheld or self.person is None or self.person.may(Right.READ_ARMS)

    @property
    def is_whole_where_it_is(self) -> bool:
        """Whether of every row that this person sees what tells an arm is seen too."""
        return all(map(self.sees_arms_throughout, self.withheld))

    def sees_arms_throughout(self, form: str) -> bool:
        """The same of one form."""
        person = self.person
        return person is None or all(
            person.may(Right.READ_ARMS, form=form, site=site)
            for site in ("", *person.sites)
            if person.may(Right.READ, form=form, site=site)
        )

    @property
    def is_of_whole_log(self) -> bool:
        """Whether every event is seen, if not every text, so that a chain can be followed."""
        if self.person is None or not self.person.may(Right.READ):
            return self.person is None
        whole = any(WHOLE in items for items in self.withheld.values())
        return not whole or self.person.may(Right.READ_ARMS)

    def _may(self, right: Right, form: str, subject: str) -> bool:
        assert self.person is not None
        if subject:
            return self.person.may(right, form=form, site=self.sites.get(subject, ""))
        return any(
            self.person.may(right, form=form, site=site) for site in ("", *self.person.sites)
        )


def _named(form: str, item: str) -> tuple[str, ...]:
    """How the grounds of a query name an item, or anything of a form."""
    return (f"{form}.{item}=",) if item else (f"{form}.", f" of {form}")


def sight_of(connection: sa.Connection, account: str) -> Sight:
    """What an account may see; ``""`` is who has the file itself, or the database's own login."""
    people = people_of(connection)
    person = people.person(account) if account and people.has_begun else None
    return Sight(person=person, sites=sites_of(connection), withheld=withheld_of(connection))


def sites_of(connection: sa.Connection, subjects: Iterable[str] | None = None) -> dict[str, str]:
    """Where participants are: some of them, or all who are somewhere."""
    return {subject: site for subject, (site, _) in places_of(connection, subjects).items()}


def places_of(
    connection: sa.Connection, subjects: Iterable[str] | None = None
) -> dict[str, tuple[str, int]]:
    """The same with the event that placed each."""
    asked = sa.select(SUBJECT_SITE.c.subject_id, SUBJECT_SITE.c.site, SUBJECT_SITE.c.seq)
    if subjects is None:
        rows = list(connection.execute(asked))
    else:
        rows = [
            row
            for some in some_at_once(list(subjects))
            for row in connection.execute(asked.where(SUBJECT_SITE.c.subject_id.in_(some)))
        ]
    return {row.subject_id: (row.site, row.seq) for row in rows}


def withheld_of(connection: sa.Connection) -> dict[str, frozenset[str]]:
    """The items that tell an arm, by form."""
    found: dict[str, set[str]] = {}
    for form, item in connection.execute(sa.select(WITHHELD_ITEM.c.form, WITHHELD_ITEM.c.item)):
        found.setdefault(form, set()).add(item)
    return {form: frozenset(items) for form, items in found.items()}
