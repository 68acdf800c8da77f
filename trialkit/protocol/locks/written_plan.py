"""What of a protocol is its plan, written so that two of them can be compared and hashed.

The plan is what decides which numbers come out: arms, visits, outcomes, populations, estimands, error
rates, families, analyses, sample size and interim looks. How numbers are printed is no part of it. What
has its usual value is left out, so that an option that later versions add changes no plan.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeAlias

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.protocol import Protocol

Written: TypeAlias = dict[str, Any]
"""Tables as JSON knows them: lists of tables are by the name of each, so that order says nothing."""

LEVELS, ANALYSES, OUTCOMES = "plan", "analyses", "outcomes"
POPULATIONS, ESTIMANDS, FAMILIES = "populations", "estimands", "families"
EVENTS = "intercurrent_events"
MANY = ("arms", "visits", OUTCOMES, POPULATIONS, EVENTS, ESTIMANDS, FAMILIES, ANALYSES)
"""Tables that have several entries, each with a name."""
_LEFT_OUT_IF_EMPTY = (EVENTS,)
"""Tables that plans without any entry do not have, as those that earlier versions locked."""
_PRINTED = frozenset({"digits"})
_NAMED = {
    "arms": "code",
    "visits": "code",
    OUTCOMES: "code",
    POPULATIONS: "code",
    EVENTS: "code",
    ESTIMANDS: "code",
}


def written_plan(protocol: Protocol) -> Written:
    """The plan of a protocol, as its own arms have it."""
    own = protocol.as_written
    plan = own.plan
    tables: Written = {
        table: _by_name(getattr(own, table), name)
        for table, name in _NAMED.items()
        if getattr(own, table) or table not in _LEFT_OUT_IF_EMPTY
    }
    return tables | {
        LEVELS: {"alpha": plan.alpha, "confidence_level": plan.confidence_level},
        FAMILIES: {
            code: table | {"tested": [each.id for each in plan.analyses if each.family == code]}
            for code, table in _by_name(plan.families, "code").items()
        },
        ANALYSES: {each.id: _analysis(each) for each in plan.analyses},
        "trial": {"framework": _plain(own.trial.framework)},
        "sample_size": _plain(own.sample_size),
        "interim": _plain(own.interim),
    }


def plan_sha256(written: Written) -> str:
    """The SHA-256 of a plan."""
    return hashlib.sha256(canonical(written).encode()).hexdigest()


def refuse_no_plan(read: Written) -> None:
    """Raise :class:`ValueError` for what was read and has not the shape of a written plan."""
    expected = [each for each in (LEVELS, *MANY) if each in read or each not in _LEFT_OUT_IF_EMPTY]
    for table in expected:
        if not isinstance(read.get(table), dict):
            raise ValueError(f"its plan has no {table}")  # noqa: TRY004 - no type of ours
    for table in expected[1:]:
        if not all(isinstance(each, dict) for each in read[table].values()):
            raise ValueError(f"{table} of its plan holds what is no table")
    for analysis in read[ANALYSES].values():
        texts = [analysis.get("population"), analysis.get("estimand"), analysis.get("family", "")]
        outcomes = analysis.get("outcomes")
        if not all(isinstance(each, str) for each in (*texts, *(outcomes or [None]))):
            raise ValueError("an analysis of its plan names no outcomes, population or estimand")


def rests_on(written: Written, analysis_id: str) -> Written | None:
    """All that an analysis of a plan is made of; None where the plan does not have it."""
    analysis = written[ANALYSES].get(analysis_id) if written else None
    if analysis is None:
        return None
    named = {
        OUTCOMES: [*analysis["outcomes"], *_further(analysis)],
        POPULATIONS: [analysis["population"]],
        ESTIMANDS: [analysis["estimand"]],
        FAMILIES: [analysis["family"]] if "family" in analysis else [],
        EVENTS: _events(written, analysis["estimand"]),
    }
    parts = {
        table: {name: written[table].get(name) for name in names}
        for table, names in named.items()
        if names or table not in _LEFT_OUT_IF_EMPTY
    }
    own = {key: value for key, value in analysis.items() if key != "reason"}
    return {"analysis": own, LEVELS: written[LEVELS], **parts}


def _events(written: Written, estimand: str) -> list[str]:
    """The recorded intercurrent events that an estimand names, as far as it can be read."""
    named = (written[ESTIMANDS].get(estimand) or {}).get("intercurrent_events")
    events = [each.get("event") for each in named or () if isinstance(each, dict)]
    return [each for each in events if isinstance(each, str) and each in written.get(EVENTS, {})]


def _further(analysis: Written) -> list[str]:
    """The outcomes that decide between who is tied in those of the analysis, as far as it names any."""
    then = analysis.get("then")
    named = [each.get("outcome") for each in then or () if isinstance(each, dict)]
    return [each for each in named if isinstance(each, str)]


def _analysis(analysis: Analysis) -> Written:
    """As the protocol writes it: its own keys, and those of its method."""
    method = {"method": analysis.specification.method.value}
    own = _table(analysis, without={"id", "specification"})
    return own | _table(analysis.specification) | method


def _by_name(tables: Sequence[Any], name: str) -> Written:
    return {str(getattr(each, name)): _table(each, without={name}) for each in tables}


def _table(noun: Any, without: Iterable[str] = ()) -> Written:
    left_out = _PRINTED | set(without)
    return {
        each.name: _plain(getattr(noun, each.name))
        for each in fields(noun)
        if each.name not in left_out and getattr(noun, each.name) != _usual(each)
    }


def _usual(field: Field[Any]) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _plain(value: object) -> Any:
    """A value of the protocol as JSON knows it."""
    if is_dataclass(value) and not isinstance(value, type):
        return _table(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, Collection) and not isinstance(value, str):
        each = [_plain(each) for each in value]
        return sorted(each) if isinstance(value, AbstractSet) else each
    return value
