"""``trialkit store query``: the queries of the log, a step at a time."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

from trialkit.checks.queries.answer_files import AnswerRow, read_each
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.by_hand import AskedCell, commented, dismissed, raised, the_query
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.checks.queries.two_histories import TwoHistories
from trialkit.checks.trial.checking_a_part import freeze_part
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.recorded_answers import show_recorded
from trialkit.cli.run_day import run_day, run_moment
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion, place_of
from trialkit.cli.store_query_history import show_history
from trialkit.cli.store_reach import opened
from trialkit.cli.summaries import show_files, show_not_judged
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.contents.half_sight import judged_by
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Occasion
from trialkit.evidence.queries.query_log import (
    ask_drafted,
    cancel_draft,
    draft,
    import_history,
    queries_of,
    record,
    standing_queries,
)
from trialkit.evidence.queries.query_steps import apply_answer, cancelled, reopened
from trialkit.evidence.standing.query_states import ALLOWED, QuerySource, StandingQuery
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import for_display_of, unmasked
from trialkit.schemas.reading.judged_part import Unjudged
from trialkit.steps.data_door import DataDoor
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial
from trialkit.steps.validating import validate

_HEADS = (
    "query",
    "state",
    "for",
    "days",
    "type",
    "subject",
    "visit",
    "number",
    "form.item",
    "value",
    "message",
)
_ASKED = MappingProxyType({"source": QuerySource.DATA_MANAGEMENT.value})


class _Saying(Protocol):
    """What a person does with a query, by its name and with words."""

    def __call__(self, queries: Queries, named: str, words: str, /, *, by: str, on: str) -> Queries:
        """The queries after it."""


def step_of_a_query(arguments: Namespace, screen: Screen) -> ExitCode:
    """Carry out one step, and show how what it was about stands now."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    with opened(arguments) as store:
        return STEPS[arguments.step](arguments, trial, store, screen)


def _list(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    is_all = arguments.all
    asked = [each for each in standing_queries(store) if is_all or not each.state.is_over]
    none = "No query was ever asked." if is_all else "No query waits for anybody."
    _show(asked, _schemas(arguments, trial), screen, today=_day(arguments), none=none)
    return ExitCode.FINE


def _show_one(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    stands, schemas = _standing(store, _named(arguments)), _schemas(arguments, trial)
    _show([stands], schemas, screen, today=_day(arguments), none="")
    show_history(queries_of(store), stands.query.query_key, schemas, screen)
    return ExitCode.FINE


def _schemas(arguments: Namespace, trial: OpenedTrial) -> Schemas:
    """The forms, by which answers that name a person are masked unless they are to be shown."""
    return unmasked(trial.schemas) if arguments.show_identifiers else trial.schemas


def _check(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    """Ask about what the checks find in the store now, and close what they find no more.

    Of what is withheld from whoever asks, nothing is judged, asked or closed.
    """
    at = replace(trial, door=DataDoor(store=place_of(arguments)))
    with screen.working("Validating"):
        validated = validate(at, today=run_moment(arguments).date(), in_part=True)
    record(
        store,
        validated.queries,
        before=validated.queries_before,
        occasion=occasion(arguments, Door.STORE),
        more={"source": QuerySource.SYSTEM.value},
    )
    show_not_judged(validated.left_out, screen)
    return _list(arguments, trial, store, screen)


def _import(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    before = len(queries_of(store).history)
    import_history(store, QueryFolder(trial=trial.folder).read(), occasion(arguments, Door.IMPORT))
    added = len(queries_of(store).history) - before
    screen.say(f"{added:,} lines of queries/history.csv are in the log now.")
    return ExitCode.FINE


def _export(_: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    folder = QueryFolder(trial=trial.folder)
    before, after = folder.read(), queries_of(store)
    both = TwoHistories(file=before, log=after)
    if both.have_parted:
        raise EvidenceError(both.way_on)
    if both.only_in_file:
        raise EvidenceError(
            "queries/history.csv tells of what the log does not; take it in by 'trialkit store query "
            "TRIAL import', or move it away"
        )
    show_files(folder.write(after, before=before), screen)
    return ExitCode.FINE


def _ask(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    at, on = occasion(arguments, Door.QUERY), _day(arguments)
    if arguments.key:
        key = _standing_key(store, arguments.key)
        ask_drafted(store, key, at, on=on)
    else:
        queries = queries_of(store)
        source, part = judged_by(store, trial.schemas)
        refuse_what_is_withheld(arguments.form, arguments.item, part.left_out)
        snapshot = freeze_part(source, part, today=run_day(arguments))
        after = raised(
            queries,
            AskedCell(
                subject_id=arguments.subject,
                form=arguments.form,
                item=arguments.item,
                visit=arguments.visit,
                repeat=arguments.number,
            ),
            arguments.text,
            snapshot=snapshot,
            schemas=part.schemas,
            protocol=trial.protocol,
            by=at.author.printed_name,
            on=on,
        )
        event = after.history[-1]
        key = event.query_key
        if arguments.draft:
            draft(store, event, at, _ASKED)
        else:
            record(store, after, before=queries, occasion=at, more=_ASKED)
    return _shown(arguments, trial, store, screen, key)


def refuse_what_is_withheld(form: str, item: str, left_out: Unjudged) -> None:
    """Raise :class:`EvidenceError` for an item that is not judged by who asks: the answer would tell of it."""
    if left_out.has(form=form, item=item, rule=""):
        raise EvidenceError(
            f"{form}.{item}: is withheld from your role, or rests on what is, so that nothing is asked about it; "
            "somebody asks who reads it, and arms"
        )


def _answer(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    if arguments.files:
        return _record_files(arguments, trial, store, screen)
    queries, at = queries_of(store), occasion(arguments, Door.QUERY)
    query = the_query(queries, _named(arguments))
    said = AnswerRow(
        place="this answer",
        query_key=query.query_key,
        asked=query.asked,
        trial="",
        answer=arguments.answer,
        reason=arguments.text,
        answered_by=at.author.printed_name,
        turn=query.turn,
        right_value=arguments.right_value,
    )
    after = record_answers(
        [said],
        queries,
        trial=trial.protocol.trial.id,
        on=run_moment(arguments).date(),
        schemas=trial.schemas,
    ).queries
    record(store, after, before=queries, occasion=at)
    return _shown(arguments, trial, store, screen, query.query_key)


def _record_files(
    arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen
) -> ExitCode:
    """Record what sites wrote into their workbooks, of all files or of none."""
    if arguments.key or arguments.answer or arguments.right_value or arguments.text:
        raise EvidenceError(
            "answer: --from says all of what is answered; leave out QUERY, --answer, --right-value and --text"
        )
    queries, at = queries_of(store), occasion(arguments, Door.QUERY)
    rows = read_each(arguments.files)
    if not rows:
        screen.say("No row has an answer; nothing was recorded.")
        return ExitCode.FINE
    done = record_answers(
        rows,
        queries,
        trial=trial.protocol.trial.id,
        on=run_moment(arguments).date(),
        answered_by=at.author.printed_name,
        schemas=trial.schemas,
    )
    record(store, done.queries, before=queries, occasion=at)
    show_recorded(
        done,
        screen,
        is_rehearsal=False,
        applies=f"'trialkit store query {trial.folder} apply QUERY' enters each",
    )
    return ExitCode.FINDINGS if done.unknown or done.unnamed else ExitCode.FINE


def _says(
    change: _Saying, action: EventAction
) -> Callable[[Namespace, OpenedTrial, Store, Screen], ExitCode]:
    def carried_out(
        arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen
    ) -> ExitCode:
        stands = _standing(store, _named(arguments))
        _refuse_another_state(stands, action)
        key = stands.query.query_key
        queries, at = queries_of(store), occasion(arguments, Door.QUERY)
        words, by = arguments.text, at.author.printed_name
        after = change(queries, key, words, by=by, on=_day(arguments))
        record(store, after, before=queries, occasion=at)
        return _shown(arguments, trial, store, screen, key)

    return carried_out


def _refuse_another_state(stands: StandingQuery, action: EventAction) -> None:
    """Raise :class:`EvidenceError` for a query that has to stand otherwise, in the words of the list."""
    allowed = ALLOWED[action]
    if stands.state not in allowed:
        raise EvidenceError(
            f"{stands.query.query_key}: is {stands.state}, which does not go with: {action}; expected "
            f"{' or '.join(each for each in allowed if each is not None)}. Nothing was written"
        )


def _cancel(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    key = _standing_key(store, _named(arguments))
    if key in queries_of(store).by_key:
        return _says(cancelled, EventAction.QUERY_CANCELLED)(arguments, trial, store, screen)
    at = occasion(arguments, Door.QUERY)
    cancel_draft(store, key, at, reason=arguments.text, on=_day(arguments))
    return _shown(arguments, trial, store, screen, key)


def _apply(arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen) -> ExitCode:
    at: Occasion = occasion(arguments, Door.QUERY)
    named, by = _named(arguments), at.author.printed_name
    done = apply_answer(store, named, trial.schemas, at, by=by, on=_day(arguments))
    query, schemas = done.query, _schemas(arguments, trial)
    before, after = (
        for_display_of(schemas, query.form, query.item, text) or "(blank)"
        for text in (done.before, done.after)
    )
    number = query.repeat and f"no. {query.repeat}"
    place = " ".join(
        filter(None, (f"{query.form}.{query.item}", query.subject_id, query.visit, number))
    )
    screen.say(
        f"{place}: holds {after} already"
        if done.event is None
        else f"{place}: {before} → {after}, event {done.event}"
    )
    screen.say(
        f"'trialkit store query {trial.folder} check' judges it again.", whole=[trial.folder]
    )
    return ExitCode.FINE


STEPS: Mapping[str, Callable[[Namespace, OpenedTrial, Store, Screen], ExitCode]] = MappingProxyType(
    {
        "list": _list,
        "show": _show_one,
        "check": _check,
        "import": _import,
        "export": _export,
        "ask": _ask,
        "answer": _answer,
        "comment": _says(commented, EventAction.QUERY_COMMENTED),
        "close": _says(dismissed, EventAction.QUERY_CLOSED),
        "reopen": _says(reopened, EventAction.QUERY_REOPENED),
        "cancel": _cancel,
        "apply": _apply,
    }
)


def _named(arguments: Namespace) -> str:
    if not arguments.key:
        raise EvidenceError(
            f"{arguments.step}: names no query; 'trialkit store query TRIAL list' shows their names"
        )
    return str(arguments.key)


def _standing_key(store: Store, named: str) -> str:
    """The whole name of a query, drafts among them."""
    return _standing(store, named).query.query_key


def _standing(store: Store, named: str) -> StandingQuery:
    """How a query stands that is named by how its name begins, drafts among them."""
    known = {each.query.query_key: each for each in standing_queries(store)}
    queries = Queries(by_key={key: each.query for key, each in known.items()})
    return known[the_query(queries, named).query_key]


def _day(arguments: Namespace) -> str:
    return run_moment(arguments).date().isoformat()


def _shown(
    arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen, key: str
) -> ExitCode:
    found = [each for each in standing_queries(store) if each.query.query_key == key]
    _show(found, _schemas(arguments, trial), screen, today=_day(arguments), none="")
    return ExitCode.FINE


def _show(
    queries: Iterable[StandingQuery], schemas: Schemas, screen: Screen, *, today: str, none: str
) -> None:
    rows = []
    for each in queries:
        query, age = each.query, each.age(today)
        value = query.missing_code or query.value
        rows.append(
            (query.query_key, each.state.value, each.waits_for, "" if age is None else str(age),
             each.type.value, query.subject_id, query.visit, query.repeat, f"{query.form}.{query.item}",
             for_display_of(schemas, query.form, query.item, value), query.message)
        )  # fmt: skip
    if rows:
        screen.show_rows(_HEADS, rows)
    else:
        screen.say(none)
