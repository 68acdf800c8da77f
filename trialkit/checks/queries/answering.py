"""The answers of a site become events of the queries, all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.queries import (
    SETTLING,
    Event,
    Happening,
    Queries,
    Query,
    QueryAnswer,
    QueryState,
)
from trialkit.checks.queries.right_values import right_values
from trialkit.errors import DataFileError
from trialkit.files.spreadsheets import harmless
from trialkit.grammar import by_number
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import for_display_of

_Earlier = Mapping[tuple[str, str], tuple[str, str, str, str]]
_LISTED = 20
LONGEST = 2000
"""Characters of a reason or a name: more is a page that was pasted in by mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswers:
    """What became of the answers in a file."""

    queries: Queries
    """The queries with the answers."""
    recorded: tuple[Query, ...]
    """Those that were answered, as they stand now."""
    known: int
    """How many answers had been recorded before."""
    outdated: tuple[str, ...]
    """Where answers stand that are about a value which has changed since they were asked."""
    unnamed: tuple[str, ...]
    """Where answers stand without the key of a query."""
    unknown: tuple[str, ...]
    """Where answers stand whose query this trial does not have."""

    def count(self, state: QueryState) -> int:
        """How many of the queries that were answered stand so now."""
        return sum(query.state is state for query in self.recorded)


def record_answers(
    rows: Sequence[AnswerRow],
    queries: Queries,
    *,
    trial: str,
    on: date | None = None,
    answered_by: str = "",
    schemas: Schemas,
) -> RecordedAnswers:
    """The queries with the answers in these rows, which were given on ``on`` (else at the data cut).

    ``answered_by`` is who answered where a row names nobody. An answer to a query that was answered
    otherwise since the list was made is as unclear as one of two in the same list. Raises :class:`DataFileError`, with the
    place of each row that is wrong, and then records nothing.
    """
    rows = [_attributed(row, answered_by) for row in rows]
    _refuse_other_trials(rows, trial)
    ever_asked = queries.ever_asked()
    mine = [row for row in rows if _is_known(row, ever_asked)]
    others = [row for row in rows if not _is_known(row, ever_asked)]
    unnamed = tuple(row.place for row in others if not row.query_key)
    unknown = tuple(row.place for row in others if row.query_key)
    if unknown and not mine:
        raise DataFileError(
            f"none of the {len(rows)} answers is about a query of this trial ({trial}); is it the "
            "file of another trial, or has 'trialkit validate' not been run yet?"
        )
    values = right_values(mine, queries.by_key, schemas)
    mine = [
        replace(row, right_value=values.texts.get(number, row.right_value))
        for number, row in enumerate(mine)
    ]
    _refuse(
        [
            *_complaints(mine),
            *values.complaints,
            *_contradictions(mine),
            *_overtaken(mine, queries, schemas),
        ]
    )
    day = queries.cut if on is None else on.isoformat()
    unique = {row.query_key: row for row in reversed(mine)}
    ordered = [row for row in mine if unique[row.query_key] is row]
    earlier = _last_answers(queries)
    new = [row for row in ordered if not _was_said(row, queries, earlier)]
    after = queries.followed_by(_event(row, queries, day) for row in new)
    current = [row for row in new if _mark(row, queries) == queries.by_key[row.query_key].asked]
    return RecordedAnswers(
        queries=after if new else queries,
        recorded=tuple(after.by_key[row.query_key] for row in current),
        known=len(ordered) - len(new),
        outdated=tuple(row.place for row in new if row not in current),
        unnamed=unnamed,
        unknown=unknown,
    )


def unrecorded(rows: Iterable[AnswerRow], queries: Queries) -> tuple[AnswerRow, ...]:
    """The rows that say something which no history keeps: it would be lost with their file."""
    ever_asked, earlier = queries.ever_asked(), _last_answers(queries)
    return tuple(
        row
        for row in rows
        if not _is_known(row, ever_asked) or not _was_said(row, queries, earlier)
    )


def _attributed(row: AnswerRow, answered_by: str) -> AnswerRow:
    """The row with its words on one line, and a name where it has none."""
    who = " ".join((row.answered_by or answered_by).split())
    return replace(row, reason=" ".join(row.reason.split()), answered_by=who)


def _refuse(complaints: Sequence[str]) -> None:
    if complaints:
        more = len(complaints) - _LISTED
        listed = [*complaints[:_LISTED], *([f"and {more} more"] if more > 0 else [])]
        noun = by_number(len(complaints), "answer is", "answers are")
        raise DataFileError(
            f"nothing was recorded, since {len(complaints)} {noun} not clear:\n"
            + "\n".join(f"  - {each}" for each in listed)
        )


def _refuse_other_trials(rows: Iterable[AnswerRow], trial: str) -> None:
    _refuse(
        [
            f"{row.place}: is of the trial {row.trial!r}, and this is {trial!r}; record it there"
            for row in rows
            if row.trial not in {"", trial, harmless(trial)}
        ]
    )


def _is_known(row: AnswerRow, ever_asked: Mapping[str, set[str]]) -> bool:
    """Whether this was asked, now or before."""
    marks = ever_asked.get(row.query_key, set())
    return bool(marks) and (not row.asked or row.asked in marks)


def _complaints(rows: Iterable[AnswerRow]) -> Iterable[str]:
    known = [answer.value for answer in QueryAnswer]
    for row in rows:
        if not row.answer:
            given = "right value" if row.right_value else "reason"
            one_of = f"{', '.join(known[:-1])} or {known[-1]}"
            write = QueryAnswer.CORRECTED if row.right_value else one_of
            yield f"{row.place}: has a {given} and no answer; write {write}"
        elif row.answer not in known:
            near = suggestion(row.answer, known)
            yield f"{row.place}: {row.answer[:40]!r} is none of {', '.join(known)}{near}"
        elif row.answer in SETTLING and row.right_value:
            yield (
                f"{row.place}: {row.answer}, but a right value is given; write "
                f"{QueryAnswer.CORRECTED}, or take the value away"
            )
        elif row.answer in SETTLING and not row.reason:
            yield f"{row.place}: {row.answer}, but no reason is given; say why"
        elif not row.answered_by:
            yield f"{row.place}: nobody is named in answered_by; write a name, or pass --by NAME"
        else:
            columns = ("reason", "answered_by", "right_value")
            yield from (
                f"{row.place}: {column} is longer than {LONGEST} characters; shorten it"
                for column in columns
                if len(getattr(row, column)) > LONGEST
            )


def _contradictions(rows: Iterable[AnswerRow]) -> Iterable[str]:
    """Two rows about one query that do not say the same."""
    first: dict[str, AnswerRow] = {}
    for row in rows:
        before = first.setdefault(row.query_key, row)
        if _said(row) != _said(before):
            yield (
                f"{row.place} says {row.answer!r} about the query that {before.place} answers "
                f"with {before.answer!r}, or gives another reason; keep one of them"
            )


def _overtaken(rows: Iterable[AnswerRow], queries: Queries, schemas: Schemas) -> Iterable[str]:
    """Rows about what the data hold now that came after another answer, which they do not know."""
    for row in rows:
        query = queries.by_key[row.query_key]
        if _mark(row, queries) != query.asked or _is_standing(row, query):
            continue
        knows = row.turn == query.turn
        if query.dismissed_by and not knows:
            who, what = query.dismissed_by, f"closed the query ({query.dismissed_for})"
        elif query.answer and not knows:
            shown = for_display_of(schemas, query.form, query.item, query.right_value)
            right = f" (right value {shown})" if shown else ""
            on = f" on {query.answered_on}" if query.answered_on else ""
            who, what = query.answered_by, f"answered {query.answer!r}{right}{on}"
        elif row.turn and not knows:
            who, what = "this", "was asked again since the list was made"
        else:
            continue
        yield (
            f"{row.place} says {row.answer!r}, but {who} {what}; find out which holds, send the site "
            "a new workbook (trialkit queries send), and record what it says there"
        )


def _is_standing(row: AnswerRow, query: Query) -> bool:
    """Whether the row says what was answered last."""
    return _words(row) == (query.answer, query.reason, query.answered_by, query.right_value)


def _words(row: AnswerRow) -> tuple[str, str, str, str]:
    """What the row says, as the history keeps it."""
    return (row.answer, harmless(row.reason), harmless(row.answered_by), harmless(row.right_value))


def _said(row: AnswerRow) -> tuple[str, ...]:
    return (row.asked, row.answer, row.reason, row.answered_by, row.right_value)


def _mark(row: AnswerRow, queries: Queries) -> str:
    """What the answer is about; a list without marks is about what the data hold now."""
    return row.asked or queries.by_key[row.query_key].asked


def _was_said(row: AnswerRow, queries: Queries, earlier: _Earlier) -> bool:
    """Whether this is the answer that stands, or the last one about a value of the past."""
    query, mark = queries.by_key[row.query_key], _mark(row, queries)
    if mark == query.asked:
        return _is_standing(row, query)
    return earlier.get((row.query_key, mark)) == _words(row)


def _last_answers(queries: Queries) -> _Earlier:
    """By query and mark, the last answer."""
    return {
        (event.query_key, event.asked): (
            event.answer,
            event.reason,
            event.answered_by,
            event.value,
        )
        for event in queries.history
        if event.event is Happening.ANSWERED
    }


def _event(row: AnswerRow, queries: Queries, day: str) -> Event:
    query = queries.by_key[row.query_key]
    return replace(
        query.happens(Happening.ANSWERED, on=day),
        asked=_mark(row, queries),
        value=harmless(row.right_value),
        answer=row.answer,
        reason=harmless(row.reason),
        answered_by=harmless(row.answered_by),
    )
