"""``trialkit store grant``, ``revoke``, ``people`` and ``place``: who may do what, and who is where."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_reach import opened, site_items
from trialkit.cli.tone import Tone
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.people import people_of
from trialkit.evidence.people.roles_begin import roles_begin
from trialkit.evidence.writing.granting import grant, place, revoke
from trialkit.grammar import counted
from trialkit.protocol.trial.roles import TrialRole
from trialkit.steps.opening import open_trial

_HEADS = ("event", "account", "name", "role", "site", "form", "arms", "ended")


def grant_role(arguments: Namespace, screen: Screen) -> ExitCode:
    """Give somebody a role; whether arms may be read with it is what the protocol says."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    role = _role(arguments.to_role)
    arms = role in trial.protocol.data.arms_seen_by
    with opened(arguments) as store:
        begun = _roles_begin(store, arguments)
        head = grant(
            store, arguments.account, occasion(arguments, Door.STORE),
            printed_name=" ".join((arguments.name or arguments.account).split()), role=role,
            site=arguments.at_site, forms=tuple(arguments.form) or ("",), arms=arms,
        )  # fmt: skip
    seen = " Arms may be read with it ([data] arms_seen_by)." if arms else ""
    screen.say(f"{arguments.account} is {role.value} from event {head.seq} on.{seen}")
    if begun is not None:
        screen.say(f"Roles bind everybody from now on: {begun}.", Tone.WARNING)
    return ExitCode.FINE


def _roles_begin(store: Store, arguments: Namespace) -> str | None:
    """What the first grant of a store takes from its beginner; None of a later one.

    Raises :class:`EvidenceError` where it would be the first, and the call does not say that it is known.
    """
    with store.reading() as connection:
        found = roles_begin(people_of(connection))
    if found is None or found.beginner != store.person:
        return None
    lost = ", ".join(
        f"{right.value} ({' or '.join(role.value for role in roles)})"
        for right, roles in found.lost
    )
    mine = f"{found.beginner} is {found.role}, and may not do what another role may: {lost}"
    others = "; whoever has no role may do nothing" if found.is_open else ""
    if arguments.begin_roles:
        return mine + others
    raise EvidenceError(
        f"this is the first role that is granted, and from it on roles bind everybody, for good: {mine}{others}. "
        "Who may not read arms cannot run, report, lock the database or back up where forms hold arms. Nobody "
        "grants a role to themselves: make a second person data manager, who gives you the roles that you lack "
        "('unblinded statistician' reads arms). Nothing was granted; --begin-roles grants it"
    )


def _role(said: str) -> TrialRole:
    try:
        return TrialRole(" ".join(said.split()).casefold())
    except ValueError:
        roles = ", ".join(each.value for each in TrialRole)
        raise EvidenceError(f"{said!r} is no role; expected one of {roles}") from None


def revoke_role(arguments: Namespace, screen: Screen) -> ExitCode:
    """End a grant."""
    open_trial(arguments.trial, step=TrialStep.VALIDATE)
    with opened(arguments) as store:
        head = revoke(
            store, arguments.event, occasion(arguments, Door.STORE), reason=arguments.reason
        )
    screen.say(f"The grant of event {arguments.event} ended with event {head.seq}.")
    return ExitCode.FINE


def show_people(arguments: Namespace, screen: Screen) -> ExitCode:
    """Every grant there ever was."""
    with opened(arguments) as store, store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ)
        people = people_of(connection)
    rows = [
        (
            str(each.seq), each.person, each.printed_name, each.role, each.site or "every",
            each.form or "every", "read" if Right.READ_ARMS in each.rights else "",
            f"by event {each.revoked}" if each.revoked else "",
        )
        for each in people.grants
    ]  # fmt: skip
    screen.show_rows(_HEADS, rows)
    if people.is_of_one:
        screen.say(
            "Nobody was granted anything yet, so that whoever began the store works alone and may do "
            "everything; from the first grant on, roles bind everybody, which 'trialkit store grant' says "
            "beforehand."
        )
    return ExitCode.FINE


def place_participants(arguments: Namespace, screen: Screen) -> ExitCode:
    """Say of everybody at which site they are, as the forms have it."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    asked = [(form.id, item.id) for form, item in site_items(trial.schemas)]
    with opened(arguments) as store:
        tables = source_at(store)[0].tables
        sites = {
            subject: site
            for form, item in asked
            if form in tables and item in tables[form].columns
            for subject, site in tables[form].select("subject_id", item).iter_rows()
            if site
        }
        head = place(store, sites, occasion(arguments, Door.STORE))
    count = counted(len(sites), "participant")
    screen.say(f"The forms say the site of {count}; the log ends with event {head.seq}.")
    return ExitCode.FINE
