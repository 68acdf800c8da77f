"""The gate that every door asks: whether a person may do something.

It is asked within the transaction that writes, so that a right that was revoked meanwhile counts. On
a server the database asks the same again, by the account that is logged in.
"""

from dataclasses import replace

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import NO_ROLE, Occasion, of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.review_kinds import DONE_AS, ReviewKind
from trialkit.evidence.log.rights import NEEDED, OF_ANYBODY, RIGHTS_OF, Right
from trialkit.evidence.people.grant_rules import OF_PEOPLE, places, refuse_grants
from trialkit.evidence.people.marks_apart import APART, in_the_open
from trialkit.evidence.people.people import People, StorePerson, people_of
from trialkit.evidence.people.placing import with_rows
from trialkit.evidence.people.sight import sites_of, withheld_of
from trialkit.schemas.forms.not_done import FORM, NOT_DONE
from trialkit.schemas.reading.judged_part import WHOLE


def in_own_role(people: People, occasion: Occasion) -> Occasion:
    """The same with the role and the site of the author, where they are not said and there is one."""
    author = occasion.author
    person = people.person(author.person)
    sites = [site for site in person.sites if site]
    role = person.roles[0] if author.role == NO_ROLE and len(person.roles) == 1 else author.role
    is_of_one_site = len(sites) == 1 and len(person.sites) == 1
    site = sites[0] if is_of_one_site and not author.site else author.site
    if person.is_alone:
        return occasion
    return replace(occasion, author=replace(author, role=role, site=site))


def permit(connection: sa.Connection, account: str, right: Right, *, site: str = "") -> None:
    """Ask for a right that is about no form.

    Raises :class:`EvidenceError` where the person does not have it.
    """
    people = people_of(connection)
    if account and people.has_begun and not people.person(account).may(right, site=site):
        raise EvidenceError(_refusal(people.person(account), right, site=site))


def permit_somewhere(connection: sa.Connection, account: str, right: Right) -> None:
    """Ask for a right at any site and for any form: what is seen by it is less, not nothing.

    Raises :class:`EvidenceError` where the person does not have it anywhere.
    """
    people = people_of(connection)
    if not account or not people.has_begun:
        return
    person = people.person(account)
    if not (person.is_alone or person.is_guest) and not any(
        right in grant.rights for grant in person.grants
    ):
        raise EvidenceError(_refusal(person, right))


def permit_entries(
    connection: sa.Connection, people: People, said: pl.DataFrame, occasion: Occasion
) -> None:
    """Ask for every right that these entries need, before any of them is written.

    Raises :class:`EvidenceError` for the first that the person does not have; the message names no
    text of an entry.
    """
    _refuse_marks_in_the_open(connection, said)
    _refuse_apart_in_the_open(connection, said)
    if not people.has_begun:
        return  # the first event makes the beginner; a log without one belongs to no trial
    if (said["action"] == EventAction.BEGAN).any():
        raise EvidenceError("the store is begun already; a store is begun once")
    refuse_grants(people, said, occasion.author.person)
    person = people.person(occasion.author.person)
    if not (person.is_alone or person.is_guest):
        _refuse_another_role(person, occasion.author.role, occasion.author.site)
        _refuse_without_rights(connection, person, said, occasion)
        for details in of_actions(said, [EventAction.MARKED])["details"]:
            kind = kept_object(details, of="a mark", having=("kind",))["kind"]
            permit_review(people, ReviewKind(kind), occasion)


def permit_review(people: People, kind: ReviewKind, occasion: Occasion) -> None:
    """Ask whether a mark of this kind is made, or taken back, in the role in which somebody acts.

    Raises :class:`EvidenceError` where another role does that.
    """
    author = in_own_role(people, occasion).author
    person = people.person(author.person)
    if not (person.is_alone or person.is_guest) and author.role != DONE_AS[kind]:
        raise EvidenceError(
            f"{kind}: is said in the role {DONE_AS[kind]}, and {author.person} acts as {author.role} here; nothing was "
            "written. --as names another kind of mark, --role another role that is held"
        )


def _refuse_marks_in_the_open(connection: sa.Connection, said: pl.DataFrame) -> None:
    marks = said.filter(pl.col("form") == NOT_DONE)
    if marks.is_empty():
        return
    if forms := in_the_open(marks, _withheld_after(connection, said)):
        raise EvidenceError(
            f"{NOT_DONE}, {FORM}: found {', '.join(forms)}; that a form which some arms alone have was not done "
            f"tells an arm, and is entered in {APART}, by who may read arms ('trialkit store import' does so); "
            "nothing was written"
        )


def _refuse_apart_in_the_open(connection: sa.Connection, said: pl.DataFrame) -> None:
    """What is kept apart of a query is about what tells an arm; elsewhere anybody would read it."""
    apart = of_actions(said, [EventAction.QUERY_KEPT_APART])
    if apart.is_empty():
        return
    withheld = _withheld_after(connection, said)
    for form, item in apart.select("form", "item").iter_rows():
        if not withheld.get(form, frozenset()) & {item, WHOLE}:
            where = ", ".join(filter(None, (form, item))) or "no form"
            raise EvidenceError(
                f"{where}: {EventAction.QUERY_KEPT_APART} is about an item that tells an arm, and this tells "
                "none; nothing was written"
            )


def _refuse_without_rights(
    connection: sa.Connection, person: StorePerson, said: pl.DataFrame, occasion: Occasion
) -> None:
    sites = places(person, said, _sites_before(connection, said))
    asked = said.filter(~pl.col("action").is_in([*OF_PEOPLE, *OF_ANYBODY])).select(
        "action", "form", "item",
        site=pl.col("subject_id").replace_strict(sites, default="", return_dtype=pl.String),
    ).unique(maintain_order=True)  # fmt: skip
    withheld = _withheld_after(connection, said)
    for action, form, item, site in asked.iter_rows():
        tells = bool(withheld.get(form, frozenset()) & {item or WHOLE, WHOLE})
        needed = [NEEDED[EventAction(action)]]
        is_imported = occasion.door is Door.IMPORT and EventAction(action).is_of_data
        needed += [Right.IMPORT] if is_imported else []
        needed += [Right.READ_ARMS] if tells else []
        for right in needed:
            if not person.may(right, form=form, site=site):
                raise EvidenceError(_refusal(person, right, form=form, site=site))


def _sites_before(connection: sa.Connection, said: pl.DataFrame) -> dict[str, str]:
    """Where the participants of these entries are; ``""`` for one who was entered and is at no site."""
    known = sites_of(connection, filter(None, said["subject_id"].unique()))
    placed = of_actions(said, [EventAction.PLACED])["subject_id"].unique()
    strange = [subject for subject in placed if subject not in known]
    return dict.fromkeys(with_rows(connection, strange), "") | known


def _withheld_after(connection: sa.Connection, said: pl.DataFrame) -> dict[str, frozenset[str]]:
    """What tells an arm once the forms that are opened here are open."""
    withheld = withheld_of(connection)
    opened = of_actions(said, [EventAction.FORM_OPENED])
    for form, details in zip(opened["form"], opened["details"], strict=True):
        more = kept_object(details, of=f"form {form!r}").get("withheld") or ()
        if more:
            withheld[form] = withheld.get(form, frozenset()) | set(map(str, more))
    return withheld


def _refuse_another_role(person: StorePerson, role: str, site: str) -> None:
    if not person.grants:
        raise EvidenceError(
            f"{person.account} has no role in this store; somebody who may grant rights gives one by "
            "'trialkit store grant'. Nothing was written"
        )
    if role == NO_ROLE:  # who has one role acts in it, so these are several
        raise EvidenceError(
            f"{person.account} has {_number(len(person.roles))} roles here, {' and '.join(person.roles)}; name one of "
            "them by --role. Nothing was written"
        )
    if role not in person.roles:
        raise EvidenceError(
            f"{person.account} acts as {role!r} here, and was granted {', '.join(person.roles)}; name one "
            "of them by --role. Nothing was written"
        )
    if "" not in person.sites and site not in person.sites:
        raise EvidenceError(
            f"{person.account} acts at site {site!r} here, and was granted a role at "
            f"{', '.join(person.sites)}; name one by --site. Nothing was written"
        )


def _refusal(person: StorePerson, right: Right, *, form: str = "", site: str = "") -> str:
    is_theirs = site in person.sites  # of another site nothing is told
    said = (("in form", form), ("at site", site if is_theirs else ""))
    where = "".join(f" {word} {name}" for word, name in said if name)
    held = ", ".join(person.roles) or NO_ROLE
    refused = f"{person.account} ({held}) may not {right.value}{where}"
    beyond = _beyond(person, right, form)
    if beyond:  # a role that may: to name it as who may would contradict itself
        return f"{refused}: {beyond}; nothing was done"
    return f"{refused}; nothing was done. {_who_may(right)}"


def _beyond(person: StorePerson, right: Right, form: str) -> str:
    """That a right was granted, and does not reach so far; empty where it was not granted."""
    granted = [grant for grant in person.grants if right in grant.rights]
    of_form = [grant for grant in granted if grant.form in ("", form)]
    if of_form:
        sites = " or ".join(dict.fromkeys(grant.site for grant in of_form))
        return f"{'a row' if form else 'something'} that is not of site {sites}"
    if granted:
        return f"the role was granted for form {' and '.join(dict.fromkeys(grant.form for grant in granted))} alone"
    return ""


def _number(count: int) -> str:
    return {2: "two", 3: "three"}.get(count, str(count))


def _who_may(right: Right) -> str:
    roles = [role.value for role, rights in RIGHTS_OF.items() if right in rights]
    more = " and whoever [data] arms_seen_by names" if right is Right.READ_ARMS else ""
    return f"Who may: {', '.join(roles)}{more}; 'trialkit store grant' gives a role"
