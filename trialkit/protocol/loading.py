"""``protocol.toml`` becomes a Protocol, or every complaint about it at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from trialkit.errors import Complaint, ProtocolError, TrialStep
from trialkit.limits import LONGEST_LIST, MOST_VISITS
from trialkit.protocol.consistency import complain_of_contradictions
from trialkit.protocol.margin_consistency import complain_of_margins
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import Analysis, AnalysisHeading, Family, Plan
from trialkit.protocol.methods.specification import MODEL, Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.named_consistency import complain_of_names, complain_of_unfit
from trialkit.protocol.parts import (
    PARTS,
    ProtocolPart,
    complain_of_what_is_lacking,
    first_use,
    table_of,
)
from trialkit.protocol.sizing.specifications import SIZE_SPECIFICATIONS
from trialkit.protocol.strategy_consistency import PlannedQuestions, complain_of_strategies
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
from trialkit.protocol.trial.conduct import SampleSize, SampleSizeHeading
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit

FILE = "protocol.toml"

_KNOWN = tuple(each.table for each in PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProtocol:
    """A protocol as far as it could be read, and everything that is wrong with it or lacking."""

    complaints: tuple[Complaint, ...]
    read: Protocol | None
    """Without what is wrong in it; None where not even data can be checked by it."""

    def up_to(self, step: TrialStep, *, and_of: Collection[str] = ()) -> Protocol:
        """The protocol for this step, which also uses the parts ``and_of`` of later ones.

        Raises :class:`ProtocolError` with all complaints that stop it.
        """
        stops = tuple(
            each
            for each in self.complaints
            if step.covers(each.step) or table_of(each.table) in and_of
        )
        if stops or self.read is None:
            raise ProtocolError(stops)
        return self.read


def load_protocol(folder: Path, *, step: TrialStep = TrialStep.REPORT) -> Protocol:
    """The protocol of the trial in ``folder``, whole as far as ``step`` and those before need it.

    Raises :class:`ProtocolError` with all complaints together, each with its table, key, what was
    found and what was expected.
    """
    return read_protocol(folder).up_to(step)


def read_protocol(folder: Path) -> ReadProtocol:
    """The protocol of the trial in ``folder``, and what each step would complain of.

    Raises :class:`ProtocolError` where there is no protocol, or none that can be read.
    """
    _refuse_what_is_no_trial(folder)
    raw, sha256 = load_toml(folder / FILE, file=FILE)
    complaints = Complaints(FILE, first_use)
    _complain_of_unknown_tables(raw, complaints)
    read: dict[str, Any] = {
        each.table: _part(each, each.kind, raw, complaints) for each in PARTS if each.kind
    }
    analyses = _analyses(raw.get("analyses"), complaints)
    read["plan"] = _plan(raw, analyses, read.pop("families"), complaints)
    read["sample_size"] = _sample_size(raw.get("sample_size"), complaints)
    complain_of_margins(analyses, read["outcomes"], complaints)
    complain_of_names(analyses, read, complaints)
    complain_of_strategies(
        PlannedQuestions(
            analyses=analyses,
            outcomes=read["outcomes"],
            estimands=read["estimands"],
            recorded=read["intercurrent_events"],
            visits=read["visits"],
            is_crossover=bool(read["periods"]),
        ),
        complaints,
    )
    complain_of_unfit(analyses, read["outcomes"], complaints)
    complain_of_what_is_lacking(raw, complaints)
    complain_of_contradictions(raw, complaints)
    found = complaints.all()
    if any(TrialStep.VALIDATE.covers(each.step) for each in found):
        return ReadProtocol(complaints=found, read=None)
    there = {name: value for name, value in read.items() if value is not None}
    return ReadProtocol(complaints=found, read=Protocol(**there, source_sha256=sha256))


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


def _part(part: ProtocolPart, kind: type, raw: Mapping[str, object], complaints: Complaints) -> Any:
    """A part of the protocol, None where it is not there or something in it is wrong."""
    if part.is_array:
        most = MOST_VISITS if kind is Visit else LONGEST_LIST
        return read_tables(
            kind, raw.get(part.table), table=part.table, complaints=complaints, most=most
        )
    if part.table not in raw:
        return None
    return read_table(kind, raw[part.table], table=part.table, complaints=complaints)


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
    usual = Plan()
    levels = {"alpha": usual.alpha, "confidence_level": usual.confidence_level}
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
    own = {field.name for field in fields(AnalysisHeading)}
    heading = read_table(
        AnalysisHeading,
        {key: value for key, value in raw.items() if key in own},
        table=table,
        complaints=complaints,
    )
    options = {key: value for key, value in raw.items() if key not in own}
    specification = _specification(options, table=table, complaints=complaints)
    if heading is None or specification is None:
        return None
    return Analysis(
        **{name: getattr(heading, name) for name in sorted(own)}, specification=specification
    )


def _specification(raw: object, *, table: str, complaints: Complaints) -> Specification | None:
    """What is asked of a method; that of a model, in a table of its own, is read in the same way."""
    if not isinstance(raw, Mapping):
        complaints.add(table=table, key="", found=shown(raw), expected="a table with a method")
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
    kind = SPECIFICATIONS[Method(method)]
    if not kind.HOLDS_A_MODEL or MODEL not in raw:
        return read_table(kind, raw, table=table, complaints=complaints)
    inner = f"{table}.{MODEL}"
    model = _specification(raw[MODEL], table=inner, complaints=complaints)
    others = {key: value for key, value in raw.items() if key != MODEL}
    if model is None:
        read_table(kind, others, table=table, complaints=complaints)
        return None
    return read_table(kind, others, table=table, complaints=complaints, given={MODEL: model})
