"""``protocol.toml`` becomes a Protocol, or every complaint about it at once."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from trialkit.errors import ProtocolError
from trialkit.limits import LONGEST_LIST, MOST_VISITS
from trialkit.protocol.consistency import complain_of_contradictions
from trialkit.protocol.methods.estimands import Estimand
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import Analysis, AnalysisHeading, Family, Plan
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.sizing.specifications import SIZE_SPECIFICATIONS
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import (
    Complaints,
    load_toml,
    place,
    read_number,
    read_table,
    read_tables,
    shown,
)
from trialkit.protocol.trial.conduct import (
    Blinding,
    Harms,
    Interim,
    Randomisation,
    SampleSize,
    SampleSizeHeading,
)
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.people import Characteristic, Eligibility, PopulationRule, Site
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import (
    Accepted,
    Documents,
    Funding,
    NotReported,
    Objectives,
    Registration,
    Trial,
)
from trialkit.protocol.trial.reporting import Reporting
from trialkit.protocol.trial.visits import Visit

FILE = "protocol.toml"

_TABLES: dict[str, type] = {
    "trial": Trial,
    "documents": Documents,
    "funding": Funding,
    "objectives": Objectives,
    "eligibility": Eligibility,
    "randomisation": Randomisation,
    "blinding": Blinding,
    "harms": Harms,
    "data": DataFormat,
    "registration": Registration,
    "interim": Interim,
    "report": Reporting,
}
_ARRAYS: dict[str, type] = {
    "sites": Site,
    "arms": Arm,
    "visits": Visit,
    "outcomes": Outcome,
    "populations": PopulationRule,
    "estimands": Estimand,
    "families": Family,
    "characteristics": Characteristic,
    "not_reported": NotReported,
    "accepted": Accepted,
}
_MAY_BE_ABSENT = {"registration", "interim"}
_MAY_BE_EMPTY = {"documents", "funding", "objectives", "eligibility", "harms", "data", "report"}
_MUST_HAVE_ROWS = ("arms", "visits", "outcomes", "populations")
_KNOWN = (*_TABLES, *_ARRAYS, "sample_size", "plan", "analyses")


def load_protocol(folder: Path) -> Protocol:
    """The protocol of the trial in ``folder``.

    Raises :class:`ProtocolError` with all complaints together, each with its table, key, what was
    found and what was expected.
    """
    _refuse_what_is_no_trial(folder)
    raw, sha256 = load_toml(folder / FILE, file=FILE)
    complaints = Complaints(FILE)
    _complain_of_unknown_tables(raw, complaints)
    tables: dict[str, Any] = {name: _table(name, raw, complaints) for name in _TABLES}
    arrays: dict[str, Any] = {
        name: read_tables(
            kind,
            raw.get(name),
            table=name,
            complaints=complaints,
            most=MOST_VISITS if kind is Visit else LONGEST_LIST,
        )
        for name, kind in _ARRAYS.items()
    }
    _complain_of_missing_rows(raw, complaints)
    analyses = _analyses(raw.get("analyses"), complaints)
    plan = _plan(raw, analyses, arrays.pop("families"), complaints)
    sample_size = _sample_size(raw.get("sample_size"), complaints)
    complain_of_contradictions(raw, complaints)
    if found := complaints.all():
        raise ProtocolError(found)
    return Protocol(**tables, **arrays, plan=plan, sample_size=sample_size, source_sha256=sha256)


def _refuse_what_is_no_trial(folder: Path) -> None:
    try:
        is_folder, is_trial = folder.is_dir(), (folder / FILE).is_file()
    except OSError as error:
        raise ProtocolError(
            f"{shown(str(folder))}: cannot be opened ({error.strerror}); name the trial's folder, "
            "and check that you may read it"
        ) from None
    if is_trial and not (folder / FILE).resolve().is_relative_to(folder.resolve()):
        raise ProtocolError(
            f"{folder / FILE}: leads out of the trial's folder; put the file itself there"
        )
    if not is_folder:
        raise ProtocolError(f"{folder}: is not a folder; a trial is a folder with {FILE} in it")
    if not is_trial:
        raise ProtocolError(
            f"{folder}: is no trial, since it has no {FILE}; "
            "'trialkit new DIR' writes a working one to start from"
        )


def _complain_of_unknown_tables(raw: Mapping[str, object], complaints: Complaints) -> None:
    for name in raw:
        if name not in _KNOWN:
            complaints.add(
                table=name,
                key="",
                found="an unknown table",
                expected=f"one of {', '.join(_KNOWN)}{suggestion(name, list(_KNOWN))}",
            )


def _table(name: str, raw: Mapping[str, object], complaints: Complaints) -> Any:
    if name not in raw:
        if name in _MAY_BE_ABSENT:
            return None
        if name not in _MAY_BE_EMPTY:
            complaints.add(table=name, key="", found="nothing", expected="this table (required)")
            return None
    return read_table(_TABLES[name], raw.get(name, {}), table=name, complaints=complaints)


def _complain_of_missing_rows(raw: Mapping[str, object], complaints: Complaints) -> None:
    for name in _MUST_HAVE_ROWS:
        if not raw.get(name):
            complaints.add(table=name, key="", found="nothing", expected=f"at least one [[{name}]]")


def _plan(
    raw: Mapping[str, object],
    analyses: tuple[Analysis, ...],
    families: tuple[Family, ...],
    complaints: Complaints,
) -> Any:
    table = raw.get("plan", {})
    if not isinstance(table, Mapping):
        complaints.add(table="plan", key="", found=shown(table), expected="a table")
        return None
    levels = {"alpha": 0.05, "confidence_level": 0.95}
    for key, value in table.items():
        if key not in levels:
            complaints.add(
                table="plan",
                key=key,
                found="an unknown key",
                expected=f"one of {', '.join(levels)}{suggestion(key, list(levels))}",
            )
        else:
            number = read_number(value, table="plan", key=key, complaints=complaints)
            levels[key] = levels[key] if number is None else number
    try:
        return Plan(**levels, families=families, analyses=analyses)
    except ProtocolError as error:
        complaints.add(table="plan", key="", found=str(error), expected="a level that can hold")
        return None


def _sample_size(raw: object, complaints: Complaints) -> SampleSize | None:
    """How many; the table holds its own keys and the assumptions of its method."""
    table = "sample_size"
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        complaints.add(table=table, key="", found=repr(raw), expected="a table")
        return None
    own = {field.name for field in fields(SampleSizeHeading)}
    known = {method.value: kind for method, kind in SIZE_SPECIFICATIONS.items()}
    kind = known.get(str(raw.get("method")))
    named = "method" in raw  # a method that is not known says so; its assumptions are not judged
    mine = {key: value for key, value in raw.items() if key in own or not named}
    heading = read_table(SampleSizeHeading, mine, table=table, complaints=complaints)
    if kind is None:
        return None if heading is None else SampleSize(**_values(heading, own))
    others = {key: value for key, value in raw.items() if key not in own}
    specification = read_table(kind, others, table=table, complaints=complaints)
    if heading is None or specification is None:
        return None
    return SampleSize(**_values(heading, own), specification=specification)


def _values(noun: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in sorted(names)}


def _analyses(raw: object, complaints: Complaints) -> tuple[Analysis, ...]:
    """The analyses; each table holds the analysis' own keys and those of its method."""
    if raw is None:
        return ()
    if not isinstance(raw, list):
        complaints.add(table="analyses", key="", found=shown(raw), expected="tables [[analyses]]")
        return ()
    read = (_analysis(each, number, complaints) for number, each in enumerate(raw, start=1))
    return tuple(each for each in read if each is not None)


def _analysis(raw: object, number: int, complaints: Complaints) -> Analysis | None:
    table = place("analyses", number, raw)
    if not isinstance(raw, Mapping):
        complaints.add(table=table, key="", found=shown(raw), expected="a table")
        return None
    planned = [method.value for method in SPECIFICATIONS]
    method = raw.get("method")
    if method not in planned:
        near = suggestion(method, planned) if isinstance(method, str) else ""
        complaints.add(
            table=table,
            key="method",
            found="nothing" if method is None else shown(method),
            expected=f"one of {', '.join(planned)}{near}",
        )
        return None
    own = {field.name for field in fields(AnalysisHeading)}
    heading = read_table(
        AnalysisHeading,
        {key: value for key, value in raw.items() if key in own},
        table=table,
        complaints=complaints,
    )
    specification = read_table(
        SPECIFICATIONS[Method(method)],
        {key: value for key, value in raw.items() if key not in own},
        table=table,
        complaints=complaints,
    )
    if heading is None or specification is None:
        return None
    return Analysis(
        **{name: getattr(heading, name) for name in sorted(own)}, specification=specification
    )
