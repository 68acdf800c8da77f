"""``trialkit queries``: what the sites were asked, and what they answered."""

from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from types import MappingProxyType

from trialkit.checks.listings.findings_workbook import NO_SITE
from trialkit.checks.listings.for_sites import for_sites
from trialkit.checks.listings.marking import Listing
from trialkit.checks.queries.answer_files import read_each
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.queries import Query, QueryState
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.queries_applying import apply
from trialkit.cli.queries_by_hand import close, comment, raise_query
from trialkit.cli.recorded_answers import show_recorded
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.errors import DataFileError, TrialStep
from trialkit.files.whole_files import output_folder, placed, write_together
from trialkit.grammar import by_number, counted, plural
from trialkit.outputs.findings_files import site_workbooks
from trialkit.protocol.loading import load_protocol
from trialkit.steps.kept_queries import kept_queries, refuse_queries_in_a_store, what_happened
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import Validated
from trialkit.steps.validating import query_files, validate

OLDEST = 10


def run(arguments: Namespace) -> ExitCode:
    """Carry out one of the actions."""
    return ACTIONS[arguments.action](arguments, Screen())


def _send(arguments: Namespace, screen: Screen) -> ExitCode:
    """Write what each site is to answer, and keep that it was asked."""
    target = output_folder(arguments.trial, arguments.out)
    with screen.working("Validating"):
        validated = validate(
            open_trial(arguments.trial, step=TrialStep.VALIDATE),
            cut=arguments.cut,
            today=run_day(arguments),
            asks=True,
            in_part=True,
        )
        _refuse_to_ask_anew_of_old(validated)
        _refuse_what_the_store_has_not(validated)
        place = target / "sites" if arguments.out is None else target
        workbooks = placed(site_workbooks(validated), place)
        written = write_together({**workbooks, **query_files(validated)})
    if not workbooks:
        screen.say("No site has anything to answer.")
    show_files(written, screen)
    _show_kept_back(validated, screen)
    return ExitCode.FINE


def _show_kept_back(validated: Validated, screen: Screen) -> None:
    """The queries that no site is sent, since they show an arm: nobody else would know of them."""
    frame = validated.listing.frame
    asked = frame["query_state"].isin([QueryState.OPEN, QueryState.ANSWERED])
    waiting = frame[asked & (frame["cause"] == "")]
    told = for_sites(Listing(frame=waiting), validated.trial.schemas).frame
    kept = sorted({*waiting["query_key"]} - {*told["query_key"], ""})
    if kept:
        verb = by_number(
            len(kept),
            "query shows an arm or a block and is",
            "queries show an arm or a block and are",
        )
        more = f" and {len(kept) - OLDEST:,} more" if len(kept) > OLDEST else ""
        screen.say(
            f"{len(kept):,} {verb} in no site's workbook, but for whoever may know: "
            f"{', '.join(kept[:OLDEST])}{more} (trialkit queries list {validated.trial.folder})"
        )


def _refuse_to_ask_anew_of_old(validated: Validated) -> None:
    """Sites are asked about the data as they are: what was asked and answered since stands."""
    if validated.looks_back:
        raise DataFileError(
            f"the data cut {validated.cut} lies before that of the last validation "
            f"({validated.queries_before.cut}), and no query goes back in time; nothing was written. "
            "Send without --cut, or with a later one"
        )


def _refuse_what_the_store_has_not(validated: Validated) -> None:
    """A workbook asks what is asked: of data in a store, what the log of the store has."""
    if validated.log is None:
        return
    news = what_happened(validated.queries_before, validated.queries)
    if news:
        folder = validated.trial.folder
        raise DataFileError(
            f"{folder}: the findings have gone on since the queries of its store were written "
            f"({counted(len(news), 'line')} to come), and no site is asked what the log does not have; nothing "
            f"was written. Call 'trialkit store query {folder} check', then send"
        )


def _answer(arguments: Namespace, screen: Screen) -> ExitCode:
    """Record the answers of all files, or of none."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    refuse_queries_in_a_store(
        trial.folder,
        trial.schemas.data,
        instead="Record the file there: trialkit store query TRIAL answer --from FILE",
    )
    folder = QueryFolder(trial=arguments.trial)
    before = folder.read()
    rows = read_each(arguments.files)
    if not rows:
        screen.say("No row has an answer; nothing was recorded.")
        return ExitCode.FINE
    done = record_answers(
        rows,
        before,
        trial=trial.protocol.trial.id,
        on=arguments.on or run_day(arguments),
        answered_by=arguments.by,
        schemas=trial.schemas,
    )
    written = () if arguments.dry_run else folder.write(done.queries, before=before)
    show_recorded(
        done,
        screen,
        is_rehearsal=arguments.dry_run,
        applies="'trialkit queries apply' shows what would change",
    )
    show_files(written, screen)
    if written:
        right = any(query.right_value for query in done.recorded)
        screen.advise(
            "Next: ", f"trialkit {'queries apply' if right else 'validate'} {arguments.trial}"
        )
    return ExitCode.FINDINGS if done.unknown or done.unnamed else ExitCode.FINE


def _list(arguments: Namespace, screen: Screen) -> ExitCode:
    data = load_protocol(arguments.trial, step=TrialStep.VALIDATE).data
    queries = kept_queries(arguments.trial, data)
    chosen = [each for each in queries.sorted if arguments.site in {None, each.site}]
    if not chosen:
        where = f" of site {arguments.site}" if arguments.site else ""
        asks = (
            f"trialkit store query {arguments.trial} check" if data.store else "trialkit validate"
        )
        screen.say(f"No query{where}. '{asks}' asks about hard and soft findings.")
        return ExitCode.FINE
    day, cut = run_day(arguments), queries.cut or "(not known)"
    today = queries.cut if day is None else day.isoformat()
    screen.say(
        f"Queries at the data cut {cut}"
        if day is None
        else f"Queries on {today}; last validated at the data cut {cut}"
    )
    screen.show_rows(
        ("site", "open", "answered", "closed", "median age", "oldest"),
        [_site_row(site, chosen, today) for site in sorted({each.site for each in chosen})],
    )
    _show_oldest([each for each in chosen if each.state is not QueryState.CLOSED], today,
                 screen, limit=None if arguments.all else OLDEST)  # fmt: skip
    return ExitCode.FINE


ACTIONS: Mapping[str, Callable[[Namespace, Screen], ExitCode]] = MappingProxyType(
    {
        "list": _list,
        "send": _send,
        "answer": _answer,
        "apply": apply,
        "raise": raise_query,
        "comment": comment,
        "close": close,
    }
)


def _site_row(site: str, chosen: Sequence[Query], today: str) -> tuple[str, ...]:
    """A site's counts, and the age in days of what is open there."""
    own = [each for each in chosen if each.site == site]
    counts = Counter(each.state for each in own)
    ages = [
        age
        for each in own
        if each.state is QueryState.OPEN and (age := each.age(today)) is not None
    ]
    return (
        site or NO_SITE,
        *(f"{counts[state]:,}" for state in QueryState),
        _days(median(ages)) if ages else "",
        _days(max(ages)) if ages else "",
    )


def _days(number: float) -> str:
    return f"{number:g} {plural(number, 'day')}"


def _show_oldest(
    waiting: Sequence[Query], today: str, screen: Screen, *, limit: int | None
) -> None:
    """The queries that are not closed, the open ones and the oldest first."""
    states = tuple(QueryState)
    oldest = sorted(waiting, key=lambda each: (states.index(each.state), -(each.age(today) or 0)))
    shown = oldest if limit is None else oldest[:limit]
    if not shown:
        screen.say("None is waiting.")
        return
    screen.show_rows(
        (
            "state",
            "age",
            "severity",
            "site",
            "subject",
            "visit",
            "form.item",
            "what was found",
            "query_key",
        ),
        [
            (
                f"{each.state.value}: {each.answer}" if each.answer else each.state.value,
                "" if (age := each.age(today)) is None else _days(age),
                each.severity,
                each.site,
                each.subject_id,
                each.visit,
                f"{each.form}.{each.item}" if each.item else each.form,
                each.message,
                each.query_key,
            )
            for each in shown
        ],
    )
    if len(waiting) > len(shown):
        screen.say(f"... and {len(waiting) - len(shown):,} more; --all lists them.")
