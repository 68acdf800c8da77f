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
from trialkit.errors import DataFileError
from trialkit.files.spreadsheets import harmless
from trialkit.protocol.tables.choices import suggestion

_Earlier = Mapping[tuple[str, str], tuple[str, str, str]]
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
) -> RecordedAnswers:
    """The queries with the answers in these rows, which were given on ``on`` (else at the data cut).

    ``answered_by`` is who answered where a row names nobody. Raises :class:`DataFileError`, with the
    place of each row that is wrong, and then records nothing.
    """
    rows = [_attributed(row, answered_by) for row in rows]
    _refuse_other_trials(rows, trial)
    ever_asked = queries.ever_asked()
    mine = [row for row in rows if _is_known(row, ever_asked)]
    unknown = tuple(row.place for row in rows if not _is_known(row, ever_asked))
    if rows and not mine:
        raise DataFileError(
            f"none of the {len(rows)} answers is about a query of this trial ({trial}); is it the "
            "file of another trial, or has 'trialkit validate' not been run yet?"
        )
    _refuse([*_complaints(mine), *_contradictions(mine)])
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
        unknown=unknown,
    )


def _attributed(row: AnswerRow, answered_by: str) -> AnswerRow:
    """The row with its words on one line, and a name where it has none."""
    who = " ".join((row.answered_by or answered_by).split())
    return replace(row, reason=" ".join(row.reason.split()), answered_by=who)


def _refuse(complaints: Sequence[str]) -> None:
    if complaints:
        more = len(complaints) - _LISTED
        listed = [*complaints[:_LISTED], *([f"and {more} more"] if more > 0 else [])]
        noun = "answer is" if len(complaints) == 1 else "answers are"
        raise DataFileError(
            f"nothing was recorded, since {len(complaints)} {noun} not clear:\n"
            + "\n".join(f"  - {each}" for each in listed)
        )


def _refuse_other_trials(rows: Iterable[AnswerRow], trial: str) -> None:
    _refuse(
        [
            f"{row.place}: is of the trial {row.trial!r}, and this is {trial!r}"
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
            yield f"{row.place}: has a reason and no answer; write {', '.join(known)}"
        elif row.answer not in known:
            near = suggestion(row.answer, known)
            yield f"{row.place}: {row.answer[:40]!r} is none of {', '.join(known)}{near}"
        elif row.answer in SETTLING and not row.reason:
            yield f"{row.place}: {row.answer}, but no reason is given; say why"
        elif not row.answered_by:
            yield f"{row.place}: nobody is named in answered_by; write a name, or pass --by NAME"
        elif len(row.reason) > LONGEST or len(row.answered_by) > LONGEST:
            yield f"{row.place}: is longer than {LONGEST} characters; shorten it"


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


def _said(row: AnswerRow) -> tuple[str, str, str, str]:
    return (row.asked, row.answer, row.reason, row.answered_by)


def _mark(row: AnswerRow, queries: Queries) -> str:
    """What the answer is about; a list without marks is about what the data hold now."""
    return row.asked or queries.by_key[row.query_key].asked


def _was_said(row: AnswerRow, queries: Queries, earlier: _Earlier) -> bool:
    """Whether this is the answer that stands, or the last one about a value of the past."""
    query, mark = queries.by_key[row.query_key], _mark(row, queries)
    said = (row.answer, harmless(row.reason), harmless(row.answered_by))
    if mark == query.asked:
        return said == (query.answer, query.reason, query.answered_by)
    return earlier.get((row.query_key, mark)) == said


def _last_answers(queries: Queries) -> _Earlier:
    """By query and mark, the last answer."""
    return {
        (event.query_key, event.asked): (event.answer, event.reason, event.answered_by)
        for event in queries.history
        if event.event is Happening.ANSWERED
    }


def _event(row: AnswerRow, queries: Queries, day: str) -> Event:
    query = queries.by_key[row.query_key]
    return Event(
        on=day,
        event=Happening.ANSWERED,
        query_key=row.query_key,
        asked=_mark(row, queries),
        severity=query.severity,
        site=query.site,
        subject_id=query.subject_id,
        visit=query.visit,
        repeat=query.repeat,
        form=query.form,
        item=query.item,
        label=query.label,
        rule_id=query.rule_id,
        answer=row.answer,
        reason=harmless(row.reason),
        answered_by=harmless(row.answered_by),
    )
