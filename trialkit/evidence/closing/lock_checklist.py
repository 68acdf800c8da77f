"""What has to be so before a database is locked: each line from the data, and what is open in each.

A line that cannot be open says why: the trial does not collect it, does not use it, or somebody takes
the responsibility for going without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd
import sqlalchemy as sa

from trialkit.checks.findings.findings import Findings
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.queries.query_log import standing_queries
from trialkit.evidence.standing.entries_compared import compare_entries
from trialkit.evidence.standing.left_out import told_left_out
from trialkit.evidence.standing.query_states import StandingQuery
from trialkit.evidence.standing.signatures import signatures
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.review_marks import (
    ReviewMark,
    marks,
    uncovered,
    unmarked,
)
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import FormKind, Purpose, Schemas, Severity

_MISSING = (
    BuiltIn.MISSING_FORM, BuiltIn.UNANSWERED, BuiltIn.REQUIRED, BuiltIn.REQUIRED_WHEN,
    BuiltIn.BLANK_ANSWER,
)  # fmt: skip
_EVENTS = (BuiltIn.UNREPORTED_EVENT, BuiltIn.REPORT_OF_NO_EVENT, BuiltIn.LATE_REPORT)
_WINDOWS = (BuiltIn.VISIT_WINDOW, BuiltIn.PERIOD_TOO_EARLY)


class ChecklistItem(StrEnum):
    """A line of the checklist."""

    FORMS = "expected forms are there, or coded missing"
    HARD = "no hard finding"
    QUERIES = "no open query"
    SOFT = "soft findings confirmed"
    DOUBLE_ENTRY = "differences of double entry decided"
    EVENTS = "serious events reconciled"
    WINDOWS = "visits outside their windows"
    STRATA = "strata as randomised and as verified"
    SOURCE = "source data verified"
    REVIEW = "reviewed by data management"
    SIGNATURES = "signed, and nothing changed since"
    CHAIN = "the log holds together"
    ANCHOR = "the log is anchored outside"
    DEFINITIONS = "entered by the definitions as they are"
    BACKUP = "the hash of a backup is recorded"

    @property
    def can_be_waived(self) -> bool:
        """Whether somebody may take the responsibility for going without it."""
        return self in _WAIVABLE


_WAIVABLE = frozenset(
    {
        ChecklistItem.SOURCE, ChecklistItem.REVIEW, ChecklistItem.SIGNATURES, ChecklistItem.ANCHOR,
        ChecklistItem.BACKUP,
    }
)  # fmt: skip


class LineState(StrEnum):
    """How a line stands."""

    MET = "met"
    OPEN = "open"
    LISTED = "to be read"
    """It refuses nothing, and somebody should have read it."""
    NOT_USED = "not used by this trial"
    NOT_COLLECTED = "not collected by this trial"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine:
    """A line, and what is open in it."""

    item: ChecklistItem
    state: LineState
    told: tuple[str, ...] = ()
    """What is open, or to be read, one thing each; of a waived line the reason first."""
    why: str = ""
    """Why it is not used, or what was looked at."""

    @property
    def record(self) -> dict[str, object]:
        """As the event of the lock says it."""
        return {
            "item": self.item.value, "state": self.state.value, "count": len(self.told),
            "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LockFacts:
    """What is known of the data after the event ``as_of``, when it was looked at."""

    as_of: int
    findings: Findings
    schemas: Schemas
    protocol: Protocol
    definition: str
    """The SHA-256 of the definitions as they are in the trial's folder."""
    backup_sha256: str = ""
    anchors: tuple[LogEnd, ...] = ()
    """The hashes that were kept outside."""
    waived: Mapping[ChecklistItem, str] = field(default_factory=dict)
    """What is gone without, and why."""


def checklist(store: Store, facts: LockFacts) -> tuple[ChecklistLine, ...]:
    """Every line in its order."""
    queries, made = standing_queries(store), marks(store)
    found = _unsettled(facts.findings.to_frame(), queries)
    lines = (
        *_of_findings(found, facts),
        _queries(queries),
        _double_entry(store, facts.schemas),
        _windows(facts),
        _strata(facts.schemas),
        _marks(store, ChecklistItem.SOURCE, _of_kind(made, ReviewKind.SOURCE)),
        _marks(store, ChecklistItem.REVIEW, _of_kind(made, ReviewKind.DATA)),
        _signatures(store),
        _open_if(
            ChecklistItem.CHAIN, [each.told for each in verify(store, facts.anchors).problems]
        ),
        _anchor(store),
        _definitions(store, facts.definition),
        _backup(facts.backup_sha256),
    )
    order = list(ChecklistItem)
    whole = (_waived(line, facts.waived) for line in lines)
    return tuple(sorted(whole, key=lambda line: order.index(line.item)))


def _line(
    item: ChecklistItem, state: LineState, told: Iterable[str] = (), why: str = ""
) -> ChecklistLine:
    return ChecklistLine(item=item, state=state, told=tuple(told), why=why)


def _open_if(item: ChecklistItem, told: Iterable[str], why: str = "") -> ChecklistLine:
    told = tuple(told)
    return _line(item, LineState.OPEN if told else LineState.MET, told, why)


def _waived(line: ChecklistLine, waived: Mapping[ChecklistItem, str]) -> ChecklistLine:
    reason = waived.get(line.item, "").strip()
    if line.state is not LineState.OPEN or not line.item.can_be_waived or not reason:
        return line
    return _line(line.item, LineState.WAIVED, line.told, reason)


def _unsettled(findings: pd.DataFrame, queries: Iterable[StandingQuery]) -> pd.DataFrame:
    """The findings that ask for something: hard ones, and soft ones that no query settled."""
    settled = {each.query.query_key for each in queries if each.state.is_over}
    is_settled = findings["query_key"].isin(settled) | findings["cause"].isin(settled)
    is_soft = findings["severity"] == Severity.SOFT.value
    return findings[(findings["severity"] == Severity.HARD.value) | (is_soft & ~is_settled)]


def _of_findings(found: pd.DataFrame, facts: LockFacts) -> Iterable[ChecklistLine]:
    missing, events = found["rule_id"].isin(_MISSING), found["rule_id"].isin(_EVENTS)
    hard = found["severity"] == Severity.HARD.value
    yield _open_if(ChecklistItem.FORMS, _told(found[missing]))
    yield _open_if(ChecklistItem.HARD, _told(found[hard & ~missing & ~events]))
    yield _open_if(ChecklistItem.SOFT, _told(found[~hard & ~missing & ~events]))
    kinds = (FormKind.SERIOUS_EVENTS, FormKind.ADVERSE_EVENTS)
    reports, log = (facts.schemas.of_kind(kind) for kind in kinds)
    if log is None:
        why = "the trial has no form of adverse events"
        yield _line(ChecklistItem.EVENTS, LineState.NOT_COLLECTED, why=why)
    elif reports is None:
        why = "the trial has no form on which a serious event is reported"
        yield _line(ChecklistItem.EVENTS, LineState.NOT_COLLECTED, why=why)
    else:
        yield _open_if(ChecklistItem.EVENTS, _told(found[events]))


def _told(findings: pd.DataFrame) -> list[str]:
    """Each finding in a line that names no value."""
    places = ("subject_id", "visit", "repeat", "form", "item")
    return [
        f"{', '.join(filter(None, place))} ({rule})"
        for *place, rule in findings[[*places, "rule_id"]].itertuples(index=False, name=None)
    ]


def _queries(queries: Iterable[StandingQuery]) -> ChecklistLine:
    told = [
        f"{each.query.query_key}: {each.state.lower()}, {each.query.subject_id}, {each.query.form}"
        for each in queries
        if not each.state.is_over
    ]
    return _open_if(ChecklistItem.QUERIES, told)


def _double_entry(store: Store, schemas: Schemas) -> ChecklistLine:
    entered = compare_entries(store, schemas)
    if entered.cells.is_empty() and not entered.withheld:
        why = "nothing was entered twice"
        return _line(ChecklistItem.DOUBLE_ENTRY, LineState.NOT_USED, why=why)
    columns = ("form", "subject_id", "visit", "repeat", "item")
    rows = entered.differences.select(columns).iter_rows()
    told = [", ".join(filter(None, row)) for row in rows]
    if entered.withheld:
        told.append(
            "answers that tell an arm were entered twice; whoever may read arms looks at them"
        )
    return _open_if(ChecklistItem.DOUBLE_ENTRY, told)


def _windows(facts: LockFacts) -> ChecklistLine:
    if not any(visit.window is not None for visit in facts.protocol.visits):
        return _line(ChecklistItem.WINDOWS, LineState.NOT_USED, why="no visit has a window")
    findings = facts.findings.to_frame()
    told = _told(findings[findings["rule_id"].isin(_WINDOWS)])
    return _line(ChecklistItem.WINDOWS, LineState.LISTED if told else LineState.MET, told)


def _strata(schemas: Schemas) -> ChecklistLine:
    if not any(form.item_for(Purpose.STRATUM) for form in schemas.forms):
        why = "no form records a stratum"
        return _line(ChecklistItem.STRATA, LineState.NOT_COLLECTED, why=why)
    why = "strata are recorded as randomised alone; hold them against the forms that they come from"
    return _line(ChecklistItem.STRATA, LineState.LISTED, why=why)


def _of_kind(made: Iterable[ReviewMark], kind: ReviewKind) -> list[ReviewMark]:
    return [each for each in made if each.kind is kind]


def _marks(store: Store, item: ChecklistItem, made: Sequence[ReviewMark]) -> ChecklistLine:
    if not made:
        return _line(item, LineState.NOT_USED, why="no such mark was ever made")
    told = [", ".join(filter(None, row)) for row in unmarked(store, made).iter_rows()]
    without = sorted({place for each in made if each.is_valid for place in each.left_out})
    left_out = f"some marks leave out {told_left_out(tuple(without))}" if without and told else ""
    return _open_if(item, told, why=left_out)


def _signatures(store: Store) -> ChecklistLine:
    found = signatures(store)
    left = uncovered(store, [each.reach for each in found if each.is_valid])
    subjects = sorted(set(left["subject_id"]))
    broken = [
        each.told
        for each in found
        if not each.is_valid and subjects and each.reach.subject_id in ("", *subjects)
    ]
    told = [*broken, *(f"participant {each}: not (all) signed" for each in subjects)]
    return _open_if(ChecklistItem.SIGNATURES, told)


def _anchor(store: Store) -> ChecklistLine:
    with store.reading() as connection:
        last = connection.execute(
            sa.select(sa.func.max(EVENT.c.about)).where(EVENT.c.action == EventAction.ANCHORED)
        ).scalar()
        data = [each.value for each in EventAction if each.is_of_data]
        entered = connection.execute(
            sa.select(sa.func.max(EVENT.c.seq)).where(EVENT.c.action.in_(data))
        ).scalar()
    if last is None:
        return _open_if(ChecklistItem.ANCHOR, ["no hash of the log was written down outside"])
    if entered is not None and last < entered:
        told = [f"the last anchor is of event {last}, and event {entered} is the last of the data"]
        return _open_if(ChecklistItem.ANCHOR, told)
    return _open_if(ChecklistItem.ANCHOR, [], why=f"event {last}")


def _definitions(store: Store, now: str) -> ChecklistLine:
    with store.reading() as connection:
        details = connection.execute(
            sa.select(EVENT.c.details)
            .where(EVENT.c.action == EventAction.DEFINED)
            .order_by(EVENT.c.seq.desc())
            .limit(1)
        ).scalar()
    is_it = details is not None and f'"{now}"' in details
    told = [] if is_it else ["protocol or forms of the folder are not those of the store"]
    return _open_if(ChecklistItem.DEFINITIONS, told, why=now)


def _backup(sha256: str) -> ChecklistLine:
    told = [] if sha256 else ["no hash of a backup was given"]
    return _open_if(ChecklistItem.BACKUP, told, why=sha256)
