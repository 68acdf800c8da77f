"""Trials in which a rule finds something, one after the other, until every rule has spoken."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

from tests.checks import examination
from tests.checks.examination import Examined
from tests.checks.trial import test_checking
from tests.datasets.small import TEXT, YES_NO, form
from tests.line import line_of
from tests.miniature import SITE, Miniature, dedented
from tests.monitored.errors import AREA, ERRORS, ODI
from tests.monitored.looking import findings_and_forms, setting
from tests.monitored.trial import CROSSED_OVER, Tables, row_of
from tests.report.crossover_trial import write_crossover
from tests.report.kinds_of_trial import KINDS, in_classes, write_trial
from tests.report.kinds_of_trial import Tables as Trials
from tests.report.recurrences import write_recurrences
from trialkit.checks.trial.checking import check
from trialkit.errors import TrialStep
from trialkit.protocol.trial.people import Site
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.instruments.form_file import form_text
from trialkit.schemas.instruments.registry import INSTRUMENTS
from trialkit.schemas.reading.loading import form_schemas

Found = tuple[pd.DataFrame, Schemas]
Spoil = Callable[[Tables], object]
TODAY = date(2025, 3, 1)


def provoked() -> Iterator[Found]:
    """What was found in each trial, and its forms."""
    for kind, defects in ((Miniature, test_checking.DEFECTS), (Examined, examination.DEFECTS)):
        first = {
            expected[4]: each for each, expected, _ in reversed([*defects.values()]) if expected
        }
        for table, old, new in first.values():
            trial = kind()
            place = trial.data if table in trial.data else trial.forms
            place[table] = place[table].replace(old, new)
            yield _found(trial)
    for make in SMALL:
        yield _found(make())
    yield _found(_dated_after_the_cut(), cut=date(2025, 2, 26), today=date(2026, 1, 1))
    yield _found(_dated_in_the_future(), today=TODAY)
    for kind_of_trial, change in CLUSTERED:
        line = line_of(
            write_trial(Path(mkdtemp()) / "trial", replace(kind_of_trial, change=change))
        )
        yield check(line.snapshot, line.schemas, line.protocol).to_frame(), line.schemas
    line = line_of(_log_with_events_outside())
    yield check(line.snapshot, line.schemas, line.protocol).to_frame(), line.schemas
    for edit in (_with_wide_windows, _without_washout):
        crossed = line_of(
            write_crossover(Path(mkdtemp()) / "trial", change=_second_period_soon, edit=edit)
        )
        yield check(crossed.snapshot, crossed.schemas, crossed.protocol).to_frame(), crossed.schemas
    errors = {error.rule: error.spoil for error in reversed(ERRORS) if error.rule}
    for spoils in (*((spoil,) for spoil in errors.values()), *MONITORED):
        yield findings_and_forms(*spoils)


def _blank_class(tables: Trials) -> None:
    in_classes(tables)
    tables["randomisation"][0]["group_class"] = ""


def _class_of_both_arms(tables: Trials) -> None:
    in_classes(tables)
    for row in tables["randomisation"]:
        row["group_class"] = str(row["group_class"])[-1]


def _second_period_soon(tables: Trials) -> None:
    """The second period of one participant starts before the last visit of the first."""
    own = [row for row in tables["assessment"] if row["subject_id"] == "P000"]
    own[2]["visit_date"] = own[1]["visit_date"] - timedelta(days=1)


def _with_wide_windows(protocol: str) -> str:
    return protocol.replace(
        "window = { early = 3, late = 7 }", "window = { early = 90, late = 90 }"
    )


def _without_washout(protocol: str) -> str:
    washed = _with_wide_windows(protocol)
    return washed.replace("washout_days = 28", 'no_washout = "Heat does not last"')


CLUSTERED = (
    (KINDS["classes"], _blank_class),
    (KINDS["classes"], _class_of_both_arms),
    (KINDS["classes in one arm"], in_classes),
)


def _log_with_events_outside() -> Path:
    """A log of recurrences with an event before the randomisation, one after the end and one twice."""
    folder = write_recurrences(Path(mkdtemp()) / "trial", per_arm=4, weekly=(0.0, 0.0))
    rows = (folder / "data" / "randomisation.csv").read_text("utf-8").split()[1:]
    ended = (folder / "data" / "end_of_study.csv").read_text("utf-8").splitlines()
    stayed = {row.split(",")[0] for row in ended if ",yes," in row}
    (first, start, _), (second, *_) = [
        each for row in rows if (each := row.split(","))[0] in stayed
    ][:2]
    day = date.fromisoformat(start)
    events = [(first, day - timedelta(days=2)), (second, day + timedelta(days=500))]
    events += [(first, day + timedelta(days=3))] * 2 + [(_not_randomised(folder), day)]
    lines = [f"{who},{90 + place},{when},pain" for place, (who, when) in enumerate(events)]
    file = folder / "data" / "log.csv"
    file.write_text(file.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    return folder


def _not_randomised(folder: Path) -> str:
    screened, randomised = (
        [
            row.split(",")[0]
            for row in (folder / "data" / f"{name}.csv").read_text("utf-8").split()[1:]
        ]
        for name in ("screening", "randomisation")
    )
    return next(each for each in screened if each not in randomised)


def _found(trial: Miniature, **days: date) -> Found:
    folder = Path(mkdtemp())
    return trial.findings(folder, **days), trial.schemas(folder)


# the small trials


def _item(id_: str, label: str, type_: str, *more: str) -> str:
    said = [f'id = "{id_}"', f'label = "{label}"', f'type = "{type_}"', *more]
    return "\n[[items]]\n" + "\n".join(said) + "\n"


def _with(form_id: str, items: str, columns: str, *rows: str, kind=Miniature) -> Miniature:
    """The small trial with more items of a form, whose cells stand behind the first rows."""
    trial = kind()
    trial.forms[form_id] += items
    head, *there = trial.data[form_id].splitlines()
    cells = [*rows, *[columns.count(",") * ","] * (len(there) - len(rows))]
    lines = [f"{row},{cell}" for row, cell in zip(there, cells, strict=True)]
    trial.data[form_id] = "\n".join([f"{head},{columns}", *lines, ""])
    return trial


def _diary(trial: Miniature, columns: str, *rows: str) -> None:
    """Only these rows of the diary, whose own items nobody answers."""
    lines = [f"{row},," for row in rows]
    trial.data["diary"] = "\n".join([f"subject_id,repeat,{columns},started,note", *lines, ""])


def _dated_after_the_cut() -> Miniature:
    trial = _without_ranges()
    trial.data["pain"] = trial.data["pain"].replace("S1,BL,2025-01-14", "S1,BL,2025-11-14")
    return trial


def _dated_in_the_future() -> Miniature:
    trial = _without_ranges()
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,2052-02-26")
    return trial


def _without_ranges() -> Miniature:
    trial = Miniature()
    limit = "range = { low = 2025-01-01, high = 2025-12-31 }\n"
    trial.forms = {name: text.replace(limit, "") for name, text in trial.forms.items()}
    return trial


def _text_of_another_form() -> Miniature:
    pattern = ('pattern = "[A-Z]{2}-[0-9]{3}"', 'example = "US-001"')
    return _with(
        "diary", _item("scanner", "Scanner", "text", *pattern), "scanner", "us-1", "GE-123"
    )


def _calculated() -> Miniature:
    """A wrong value, one of which a value lacks, and one that the form states."""
    fixed = _item("fixed", "Version", "calculated", 'calculation = "2 + 3"')
    return _with("examination", fixed, "thickness,fixed", "32,7", "29,5", kind=Examined)


def _calculated_of_somebody() -> Miniature:
    of = ('calculation = "age_years * 2"', "identifier = true")
    return _with("screening", _item("twice", "Number", "calculated", *of), "twice", "61", "80")


def _codes_nowhere() -> Miniature:
    taken = _item("dose", "Dose", "decimal", 'unit = "mg"', "missing_codes = []")
    return _with("diary", taken, "dose", "ND")


def _unreadable_values() -> Miniature:
    items = [_item("steps", "Steps", "integer"), _item("well", "Slept well", "yes_no")]
    items += [_item("at", "Called at", "date_time"), _item("line", "Pain", "visual_analogue")]
    items += [_item("scan", "Scan", "file")]
    columns = "steps,well,at,line,scan"
    trial = _with("diary", "".join(items), columns, "1.5,perhaps,noon,low,../scan.png")
    trial.data["diary"] = trial.data["diary"].replace("8:30", "25:30")
    return trial


def _many_choices() -> Miniature:
    listed = ", ".join(f'{{ code = "c{each}", label = "Choice {each}" }}' for each in range(1, 15))
    return _with("diary", _item("which", "Which", "choice", f"choices = [{listed}]"), "which", "x")


def _consent_apart() -> Miniature:
    trial = Miniature()
    head = '[form]\nid = "consent"\ntitle = "Consent"\nkind = "other"\nexpected = "as_needed"\n'
    asked = _item("agreed_on", "Date of consent", "date", 'purpose = "consent_date"')
    trial.forms["consent"] = head + asked
    trial.data["consent"] = "subject_id,agreed_on\nS1,2025-01-10\nS2,2025-01-10\n"
    return trial


class _Unscreened(Miniature):
    """A trial that has come as far as its checks, and no further."""

    def schemas(self, folder: Path) -> Schemas:
        return form_schemas(self.write(folder), self.protocol, step=TrialStep.VALIDATE)


def _nobody_screened() -> Miniature:
    trial = _Unscreened()
    trial.forms, trial.data = ({"diary": each["diary"]} for each in (trial.forms, trial.data))
    trial.data["diary"] += "s-1,1,,\nS-1,1,,\n"
    return trial


def _conditions_of_the_arm() -> Miniature:
    """What depends on the arm is asked without telling it."""
    when = ["\"randomisation.arm = 'A'\"", "\"randomisation.arm = 'P'\""]
    items = _item(
        "dose", "Dose", "integer", *(f"{name} = {when[0]}" for name in ("required_when",))
    )
    items += _item("why", "Reason", "text", f"shown_when = {when[1]}")
    return _with("end_of_study", items, "dose,why", ",because")


def _one_of_two_ends_of_a_range() -> Miniature:
    items = _item("low", "Load", "decimal", "range = { low = 1.5 }", 'unit = "kg"')
    items += _item("high", "Sets", "integer", "range = { high = 9 }")
    items += _item("late", "Called on", "date", "range = { high = 2025-12-31 }")
    return _with("diary", items, "low,high,late", "1,10,2026-01-01")


def _marks() -> Miniature:
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S2,W6,2025-02-26,55,r,no,\n", "")
    marks = (",W6,pain,ND", "S9,W6,pain,ND", "S1,W6,pian,ND", "S1,,,ND", "S1,W7,pain,ND",
             "S1,W6,pain,", "S1,W6,pain,was ill", "S2,W6,pain,ND", "S2,W6,pain,REF", "S1,W6,pain,ND")  # fmt: skip
    trial.data["not_done"] = "\n".join(["subject_id,visit,form,reason", *marks, ""])
    return trial


def _nobody_knows(*rows: str) -> Callable[[], Miniature]:
    def make() -> Miniature:
        trial = Examined()
        items = (
            TEXT.format("got", "arm_received"),
            TEXT.format("not_got", "not_received_reason"),
            YES_NO.format("stopped", "discontinued"),
            YES_NO.format("completed", "completed"),
        )
        trial.forms["end_of_study"] = form("end_of_study", *items)
        heading = "subject_id,got,not_got,stopped,completed"
        trial.data["end_of_study"] = "\n".join([heading, *rows, "S3,A,,no,yes", ""])
        return trial

    return make


def _received_unasked_why() -> Miniature:
    trial = Miniature()
    trial.forms["end_of_study"] = form("end_of_study", TEXT.format("got", "arm_received"))
    trial.data["end_of_study"] = "subject_id,got\nS1,A\nS2,\nS3,A\n"
    return trial


def _unknown_arms_and_sites() -> Miniature:
    trial = _with("screening", dedented(SITE), "site", "01", "01", "01", "02")
    trial.data["randomisation"] = trial.data["randomisation"].replace("15,P", "15,Q")
    return trial


def _sites_in_a_pattern() -> Miniature:
    trial = _with("screening", dedented(SITE), "site", "01", "01", "02", "02")
    patterns = (("01", "S[12]"), ("02", "S4"))
    sites = [Site(code=code, label=f"Clinic {code}", subject_pattern=it) for code, it in patterns]
    trial.protocol = replace(trial.protocol, sites=tuple(sites))
    return trial


def _everyone_at_a_visit() -> Miniature:
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace('"randomised"', '"everyone"')
    return trial


def _events_of_nobody(rows: str) -> Callable[[], Miniature]:
    def make() -> Miniature:
        trial = Miniature()
        trial.forms["diary"] = trial.forms["diary"].replace('"other"', '"adverse_events"')
        trial.data["diary"] += rows
        return trial

    return make


def _in_their_order() -> Miniature:
    """Six rows of one key, twice one level, and pain that rises."""
    trial = Miniature()
    log = 'stopping = { rise = 1.5, sessions = 2 }\nkind = "sessions"'
    trial.forms["diary"] = trial.forms["diary"].replace('kind = "other"', log)
    trial.forms["diary"] += _item("before", "Pain before", "decimal", 'purpose = "pain_before"')
    trial.forms["diary"] += _item("during", "Pain during", "decimal", 'purpose = "pain_during"')
    rows = ["S1,1,0,1.5", "S1,2,1,2.5", *["S2,1,,"] * 6]
    _diary(trial, "before,during", *rows)
    return trial


def _one_session_is_enough() -> Miniature:
    trial = _in_their_order()
    trial.forms["diary"] = trial.forms["diary"].replace("sessions = 2 }", "sessions = 1 }")
    return trial


def _the_same_level_twice() -> Miniature:
    trial = Miniature()
    told = 'repeating = true\none_row_for = ["level", "side"]'
    trial.forms["diary"] = trial.forms["diary"].replace("repeating = true", told)
    for name in ("level", "side"):
        codes = 'choices = [{ code = "l", label = "Lower" }, { code = "u", label = "Upper" }]'
        trial.forms["diary"] += _item(name, name.title(), "choice", codes, "required = true")
    _diary(trial, "level,side", "S1,1,l,u", "S1,2,l,u")
    return trial


def _terms() -> Miniature:
    trial = Miniature()
    trial.forms["diary"] += _item("what", "Event", "text", 'purpose = "event_term"')
    words = ["Headache"] * 6 + ["Head-aches", "none"]
    rows = [f"S1,{number},{word}" for number, word in enumerate(words, 1)]
    _diary(trial, "what", *rows)
    return trial


def _serious(log: tuple[str, ...], reports: str) -> Callable[[], Miniature]:
    def make() -> Miniature:
        trial = Miniature()
        trial.forms["sae"] = form_text(INSTRUMENTS["sae"], visits=())
        events = trial.forms["diary"].replace('"other"', '"adverse_events"')
        trial.forms["diary"] = events + _item(
            "serious", "Serious", "yes_no", 'purpose = "event_serious"'
        )
        _diary(trial, "serious", *log)
        heading = "subject_id,repeat,event_number,report,term,onset,criteria,severity,causality,"
        heading += "expectedness,action,known_at,reported_at,outcome,ended_on,narrative\n"
        trial.data["sae"] = heading + reports
        return trial

    return make


_REPORT = (
    "S1,1,{number},initial,Fall,2025-03-02,hospital,moderate,unlikely,expected,none,"
    "2025-03-02 10:00,2025-03-04 10:00,recovered,2025-03-05,Fell on the stairs\n"
)


def _factors() -> Miniature:
    """Forty people and ten numbers, each of which slipped for one of them."""
    slips = {
        "a": 0.1, "b": 10, "c": 0.01, "d": 100, "e": 0.001, "f": 1000,
        "cm_1": 1 / 2.54, "cm_2": 2.54, "kg_1": 1 / 0.45359237, "kg_2": 0.45359237,
    }  # fmt: skip
    draw = np.random.default_rng(7)
    size = dict.fromkeys(slips, (50.0, 5.0)) | dict.fromkeys(("cm_1", "cm_2"), (170.0, 8.0))
    size |= dict.fromkeys(("kg_1", "kg_2"), (76.0, 4.0))
    table = {name: draw.normal(*size[name], 40) for name in slips}
    for at, (name, factor) in enumerate(slips.items()):
        table[name][at] *= factor
    return _of_forty(table)


def _odd_together() -> Miniature:
    """What is noted of all values together."""
    draw = np.random.default_rng(7)
    names = ("back", "belly", "hold")
    table = {name: draw.normal(60, 10, 40) for name in names}
    table["round"] = draw.integers(1, 30, 40) * 5.0
    table["narrow"] = np.where(np.arange(40) % 2, 50 + draw.normal(0, 0.1, 40), table["back"])
    table["back"][4] = 160
    for values in table.values():
        values[31] = values[3]
    trial = _of_forty(table)
    sites = (Site(code="01", label="North"), Site(code="02", label="South"))
    trial.protocol = replace(trial.protocol, sites=sites)
    trial.forms["screening"] += dedented(SITE)
    head, *rows = trial.data["screening"].splitlines()
    of = [f"{row},{'02' if number % 2 else '01'}" for number, row in enumerate(rows)]
    trial.data["screening"] = "\n".join([f"{head},site", *of, ""])
    return trial


def _of_forty(table: dict[str, np.ndarray]) -> Miniature:
    trial = Miniature()
    trial.forms = {name: trial.forms[name] for name in ("screening",)}
    units = {"cm": "cm", "kg": "kg"}
    trial.forms["body"] = (
        '[form]\nid = "body"\ntitle = "Body"\nkind = "assessment"\nexpected = "as_needed"\n'
    )
    for name, values in table.items():
        whole = np.all(values == values.round())
        unit = units.get(name.partition("_")[0], "mm")
        type_ = "integer" if whole else "decimal"
        trial.forms["body"] += _item(name, f"Size {name}", type_, f'unit = "{unit}"')
    ids = [f"S{number}" for number in range(1, 41)]
    screened = [f"{name},2025-01-10,30,yes" for name in ids]
    columns = [[f"{value:g}" for value in values.round(2)] for values in table.values()]
    rows = [",".join(row) for row in zip(ids, *columns, strict=True)]
    trial.data = {
        "screening": "\n".join(["subject_id,screening_date,age_years,eligible", *screened, ""]),
        "body": "\n".join([",".join(["subject_id", *table]), *rows, ""]),
    }
    return trial


SMALL: tuple[Callable[[], Miniature], ...] = (
    _text_of_another_form,
    _calculated,
    _calculated_of_somebody,
    _codes_nowhere,
    _unreadable_values,
    _many_choices,
    _consent_apart,
    _nobody_screened,
    _conditions_of_the_arm,
    _one_of_two_ends_of_a_range,
    _marks,
    _nobody_knows("S1,,,no,yes", "S2,P,,,yes"),
    _nobody_knows("S1,A,,no,UNK", "S2,P,,no,yes"),
    _received_unasked_why,
    _unknown_arms_and_sites,
    _sites_in_a_pattern,
    _everyone_at_a_visit,
    _events_of_nobody("S4,1,9:00,\n"),
    _events_of_nobody("S4,1,9:00,\nS4,2,9:30,\n"),
    _in_their_order,
    _one_session_is_enough,
    _the_same_level_twice,
    _terms,
    _serious(("S1,1,yes",), ""),
    _serious(("S1,1,yes",), _REPORT.format(number=1)),
    _serious(("S1,1,no",), _REPORT.format(number=1)),
    _factors,
    _odd_together,
)


# the monitored trial, beside the errors that it is tried with


def _ending(subject: str, day: int | None) -> Spoil:
    def spoil(rows: Tables) -> None:
        start = row_of(rows, "randomisation", subject_id=subject)["randomised"]
        ended = date.fromisoformat(start) + timedelta(days=day or 0)
        row_of(rows, "end_of_study", subject_id=subject)["ended"] = (
            "" if day is None else str(ended)
        )

    return spoil


def _visits_moved(subject: str, days: int) -> Spoil:
    def spoil(rows: Tables) -> None:
        for row in (each for table in rows.values() for each in table):
            if row["subject_id"] == subject and "visit_date" in row:
                row["visit_date"] = str(
                    date.fromisoformat(row["visit_date"]) + timedelta(days=days)
                )

    return spoil


def _measured_as_another(rows: Tables) -> None:
    for number, row in enumerate(rows["muscle_area"]):
        for item in AREA:
            row[item] = f"{float(row[item]) + (number * 7919 % 9973) / 1e6:.6f}"
    source = row_of(rows, "muscle_area", subject_id="W-008", visit="W6")
    target = row_of(rows, "muscle_area", subject_id="W-010", visit="M6")
    target.update({item: source[item] for item in AREA})


_FATAL = setting("adverse_events", {"subject_id": "N-003", "repeat": "1"}, severity="fatal")
_LEFT_BLANK = {"subject_id": "N-004", "visit": "W6"}
MONITORED: tuple[tuple[Spoil, ...], ...] = (
    (_FATAL, _ending("N-003", 100)),
    (_FATAL, _ending("N-003", None)),
    (setting("odi", _LEFT_BLANK, odi_3="", odi_8=""),),
    (setting("odi", _LEFT_BLANK, **dict.fromkeys(ODI[4:], "")),),
    (_measured_as_another,),
    (setting("end_of_study", {"subject_id": CROSSED_OVER}, why_other=""),),
    (_visits_moved("N-009", 40),),
    (setting("screening", {"subject_id": "N-005"}, consented="NK"),),
)
