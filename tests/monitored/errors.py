"""Errors that are made when data are written down, typed, exported or merged: each spoils a trial once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.monitored.trial import Row, Tables, row_of

Spoil = Callable[[Tables], object]


@dataclass(frozen=True, kw_only=True)
class Error:
    """One error, what finds it, and why nothing does."""

    name: str
    spoil: Spoil
    rule: str = ""
    """The rule of the one query; empty where it is not found."""
    why_not: str = ""


def _set(form: str, key: Row, **cells: str) -> Spoil:
    return lambda rows: row_of(rows, form, **key).update(cells)


def _person(subject: str, visit: str = "", repeat: str = "") -> Row:
    named = {"subject_id": subject, "visit": visit, "repeat": repeat}
    return {name: value for name, value in named.items() if value}


def _moved(form: str, item: str, days: int, *keys: Row) -> Spoil:
    def spoil(rows: Tables) -> None:
        for key in keys:
            row = row_of(rows, form, **key)
            row[item] = str(date.fromisoformat(row[item]) + timedelta(days=days))

    return spoil


def _all(*spoils: Spoil) -> Spoil:
    def spoil(rows: Tables) -> None:
        for each in spoils:
            each(rows)

    return spoil


def _exchanged(form: str, items: tuple[str, ...], one: Row, other: Row) -> Spoil:
    def spoil(rows: Tables) -> None:
        first, second = row_of(rows, form, **one), row_of(rows, form, **other)
        for item in items:
            first[item], second[item] = second[item], first[item]

    return spoil


def _within(form: str, key: Row, one: str, other: str) -> Spoil:
    def spoil(rows: Tables) -> None:
        row = row_of(rows, form, **key)
        row[one], row[other] = row[other], row[one]

    return spoil


def _scaled(form: str, item: str, factor: float, key: Row, digits: int = 1) -> Spoil:
    def spoil(rows: Tables) -> None:
        row = row_of(rows, form, **key)
        row[item] = f"{float(row[item]) * factor:.{digits}f}"

    return spoil


def _without(form: str, key: Row) -> Spoil:
    return lambda rows: rows[form].remove(row_of(rows, form, **key))


def _again(form: str, key: Row, **changed: str) -> Spoil:
    return lambda rows: rows[form].append({**row_of(rows, form, **key), **changed})


def _as(form: str, key: Row, items: tuple[str, ...], of: Row) -> Spoil:
    def spoil(rows: Tables) -> None:
        source = row_of(rows, form, **of)
        row_of(rows, form, **key).update({item: source[item] for item in items})

    return spoil


def _other_arm(form: str, item: str, subject: str) -> Spoil:
    def spoil(rows: Tables) -> None:
        row = row_of(rows, form, subject_id=subject)
        row[item] = {"MOT": "CTL", "GEN": "CTL", "CTL": "MOT"}[row[item]]

    return spoil


def _shifted(key: Row, first: int) -> Spoil:
    """From one question on each answer stands with the next question."""

    def spoil(rows: Tables) -> None:
        row = row_of(rows, "odi", **key)
        answers = [row[f"odi_{number}"] for number in range(1, 11)]
        moved = [*answers[: first - 1], "", *answers[first - 1 : -1]]
        row.update({f"odi_{number}": each for number, each in enumerate(moved, 1)})

    return spoil


def _renamed(form: str, key: Row, subject: str) -> Spoil:
    return _set(form, key, subject_id=subject)


def _of_all_forms(key: Row, spoil: Callable[[str], Spoil]) -> Spoil:
    return _all(*(spoil(form) for form in ("odi", "rmdq", "nrs_pain", "muscle_area")))


def _new_event(subject: str, term: str, severity: str = "mild", days: int = 10) -> Spoil:
    def spoil(rows: Tables) -> None:
        began = row_of(rows, "randomisation", subject_id=subject)["randomised"]
        rows["adverse_events"].append(
            {
                "subject_id": subject,
                "repeat": "1",
                "term": term,
                "began": str(date.fromisoformat(began) + timedelta(days=days)),
                "severity": severity,
            }
        )

    return spoil


def _died(subject: str) -> Spoil:
    def spoil(rows: Tables) -> None:
        end = row_of(rows, "end_of_study", subject_id=subject)
        began = date.fromisoformat(row_of(rows, "randomisation", subject_id=subject)["randomised"])
        end["ended"] = str(began + timedelta(days=60))
        end["completed"] = "no"
        _new_event(subject, "Pulmonary embolism", "fatal", 58)(rows)
        for form in ("odi", "rmdq", "nrs_pain", "muscle_area"):
            for visit in ("W12", "M6"):
                if (form, visit) != ("nrs_pain", "W12"):
                    _without(form, _person(subject, visit))(rows)

    return spoil


def _day_and_month_exchanged(form: str, visit: str) -> Spoil:
    """The first visit that is another day when its day is read as the month."""

    def spoil(rows: Tables) -> None:
        for row in rows[form]:
            day = date.fromisoformat(row["visit_date"])
            if row["visit"] == visit and day.day <= 12 and abs(day.day - day.month) == 1:
                row["visit_date"] = str(date(day.year, day.day, day.month))
                return

    return spoil


ODI = tuple(f"odi_{number}" for number in range(1, 11))
RMDQ = tuple(f"rmdq_{number}" for number in range(1, 25))
AREA = ("area_left", "area_right")
MOT, GEN, CTL = "N-001", "N-002", "N-003"
"""The first participant of each arm."""
CAME = {"attended": "yes", "minutes": "45", "sets_completed": "8", "effort": "5", "reason": ""}
"""The answers of a session that was held."""
SLANTED = "S-002"
"""Somebody whose sides differ clearly, by the draw."""

ERRORS = (
    # whose row it is
    Error(
        name="subject mistyped in one row",
        spoil=_renamed("odi", _person("N-004", "W6"), "N-904"),
        rule="unknown_subject",
    ),
    Error(
        name="look-alike id: leading zeros lost",
        spoil=_renamed("nrs_pain", _person("N-004", "W6"), "N-4"),
        rule="unknown_subject",
    ),
    Error(
        name="look-alike id: full-width digits",
        spoil=_renamed("muscle_area", _person("N-004", "W6"), "N-００4"),
        rule="unknown_subject",
    ),
    Error(
        name="look-alike id: screened twice, once in small letters",
        spoil=_again("screening", _person("S-022"), subject_id="s-022"),
        rule="lookalike_subject",
    ),
    Error(
        name="subject left blank",
        spoil=_renamed("rmdq", _person("S-003", "M6"), ""),
        rule="blank_key",
    ),
    Error(
        name="row under another participant",
        spoil=_renamed("odi", _person("S-003", "W12"), "S-005"),
        rule="duplicate_key",
    ),
    Error(
        name="duplicate: a row twice",
        spoil=_again("odi", _person("S-003", "W12")),
        rule="duplicate_key",
    ),
    Error(
        name="duplicate: a row twice, with other answers",
        spoil=_again("nrs_pain", _person("S-003", "W12"), nrs="9"),
        rule="duplicate_key",
    ),
    Error(
        name="row under another visit",
        spoil=_set("odi", _person("S-006", "W12"), visit="W6"),
        rule="duplicate_key",
    ),
    Error(
        name="visit that does not exist",
        spoil=_set("rmdq", _person("S-006", "W12"), visit="W13"),
        rule="unknown_visit",
    ),
    Error(
        name="visit left blank",
        spoil=_set("rmdq", _person("S-006", "W6"), visit=""),
        rule="blank_key",
    ),
    Error(
        name="number of a session typed twice",
        spoil=_set("session_log", _person(MOT, repeat="5"), repeat="4"),
        rule="duplicate_key",
    ),
    # where, and into which arm
    Error(
        name="wrong site",
        spoil=_set("screening", _person("W-004"), site="S"),
        rule="subject_pattern",
    ),
    Error(
        name="site that does not exist",
        spoil=_set("screening", _person("W-004"), site="Q"),
        rule="not_a_choice",
    ),
    Error(
        name="wrong arm in the randomisation",
        spoil=_other_arm("randomisation", "arm", GEN),
        rule="other_arm",
    ),
    Error(
        name="wrong arm as received",
        spoil=_other_arm("end_of_study", "received", CTL),
        rule="other_arm_received",
    ),
    Error(
        name="arm by its words, not its code",
        spoil=_set("randomisation", _person(CTL), arm="Education"),
        rule="not_a_choice",
    ),
    Error(
        name="randomised without consent",
        spoil=_set("screening", _person("N-005"), consented=""),
        rule="no_consent",
    ),
    Error(
        name="randomised and not eligible",
        spoil=_set("screening", _person("N-005"), eligible="no"),
        rule="not_eligible",
    ),
    Error(
        name="randomisation not entered",
        spoil=_without("randomisation", _person("N-006")),
        rule="not_randomised",
    ),
    Error(
        name="more sessions than planned",
        spoil=_all(
            *(
                _again(
                    "session_log",
                    _person(MOT, repeat="12"),
                    repeat=str(13 + more),
                    session_date=f"2024-07-{20 + more}",
                    **CAME,
                    sets_prescribed="8",
                )
                for more in range(5)
            )
        ),
        rule="too_many_sessions",
    ),
    # when
    Error(
        name="consent after the first procedure",
        spoil=_moved("screening", "consented", 30, _person("N-008")),
        rule="date_order",
    ),
    Error(
        name="date in the future",
        spoil=_set("odi", _person("N-008", "W12"), visit_date="2052-06-01"),
        rule="after_cut",
    ),
    Error(
        name="year mistyped",
        spoil=_moved("odi", "visit_date", -365, _person("N-008", "W12")),
        rule="date_order",
    ),
    Error(
        name="impossible date",
        spoil=_set("nrs_pain", _person("N-008", "W12"), visit_date="2024-02-30"),
        rule="unreadable",
    ),
    Error(
        name="day and month exchanged",
        spoil=_day_and_month_exchanged("nrs_pain", "W6"),
        rule="visit_window",
    ),
    Error(
        name="late visit, late in each of its forms",
        spoil=_of_all_forms(
            _person("S-008", "W6"),
            lambda form: _moved(form, "visit_date", 25, _person("S-008", "W6")),
        ),
        rule="visit_window",
    ),
    Error(
        name="dates of two visits swapped in a form",
        spoil=_exchanged("rmdq", ("visit_date",), _person("S-010", "W6"), _person("S-010", "W12")),
        rule="visit_window",
    ),
    Error(
        name="date of randomisation shifted by a month",
        spoil=_moved("randomisation", "randomised", 31, _person("S-010")),
        rule="date_order",
    ),
    Error(
        name="session before the randomisation",
        spoil=_moved("session_log", "session_date", -40, _person(MOT, repeat="1")),
        rule="date_order",
    ),
    Error(
        name="sessions out of order",
        spoil=_exchanged(
            "session_log", ("session_date",), _person(MOT, repeat="6"), _person(MOT, repeat="7")
        ),
        rule="session_order",
    ),
    Error(
        name="two sessions on a day",
        spoil=_all(
            _set(
                "session_log",
                _person(MOT, repeat="8"),
                **CAME,
            ),
            _set(
                "session_log",
                _person(MOT, repeat="9"),
                **CAME,
            ),
            _as(
                "session_log", _person(MOT, repeat="9"), ("session_date",), _person(MOT, repeat="8")
            ),
        ),
        rule="two_sessions_a_day",
    ),
    Error(
        name="last day before the last visits",
        spoil=_moved("end_of_study", "ended", -120, _person("W-005")),
        rule="after_the_end",
    ),
    Error(name="data after death", spoil=_died("W-006"), rule="after_death"),
    # what stands in a cell
    Error(
        name="decimal comma",
        spoil=_set("muscle_area", _person("W-003", "W6"), area_left="6,12"),
        rule="unreadable",
    ),
    Error(
        name="letter O for a nought",
        spoil=_set("nrs_pain", _person("W-003", "W6"), nrs="1O"),
        rule="unreadable",
    ),
    Error(
        name="value beyond the scale",
        spoil=_set("nrs_pain", _person("W-003", "W6"), nrs="14"),
        rule="out_of_range",
    ),
    Error(
        name="height in inches",
        spoil=_scaled("demographics", "height", 1 / 2.54, _person("W-005")),
        rule="unit_slip",
    ),
    Error(
        name="weight in pounds",
        spoil=_scaled("demographics", "weight", 1 / 0.45359237, _person("W-005")),
        rule="unit_slip",
    ),
    Error(
        name="decimal point lost: ten times as much",
        spoil=_scaled("muscle_area", "area_left", 10, _person("W-002", "W12"), 1),
        rule="unit_slip",
    ),
    Error(
        name="wrong side: left and right swapped",
        spoil=_within("muscle_area", _person(SLANTED, "W12"), *AREA),
        rule="sides_exchanged",
    ),
    Error(
        name="one side only",
        spoil=_set("muscle_area", _person(SLANTED, "W12"), area_right=""),
        rule="one_side_only",
    ),
    Error(
        name="wrong level at one visit",
        spoil=_set("muscle_area", _person(SLANTED, "W12"), level="L3-L4"),
        rule="changed_between_visits",
    ),
    Error(
        name="other method at one visit",
        spoil=_set("muscle_area", _person(SLANTED, "W12"), method="mri"),
        rule="changed_between_visits",
    ),
    Error(
        name="measurements copied from the visit before",
        spoil=_as("muscle_area", _person("W-008", "W12"), AREA, _person("W-008", "W6")),
        why_not="two numbers of two digits agree by chance in one trial of twenty",
    ),
    Error(
        name="questionnaire copied from the visit before (ODI)",
        spoil=_as("odi", _person("W-008", "W12"), ODI, _person("W-008", "W6")),
        rule="copied_answers",
    ),
    Error(
        name="questionnaire copied from the visit before (RMDQ)",
        spoil=_as("rmdq", _person("W-008", "W12"), RMDQ, _person("W-008", "W6")),
        rule="copied_answers",
    ),
    Error(
        name="a question left blank",
        spoil=_set("odi", _person("W-009", "BL"), odi_8=""),
        rule="blank_answer",
    ),
    Error(
        name="answers shifted by one question",
        spoil=_shifted(_person("W-009", "W6"), 4),
        rule="blank_answer",
    ),
    Error(
        name="contradictory questionnaires: no pain, utter disability",
        spoil=_all(
            _set("odi", _person("W-010", "W6"), **dict.fromkeys(ODI, "4")),
            _set("nrs_pain", _person("W-010", "W6"), nrs="0"),
        ),
        rule="contradictory_answers",
    ),
    Error(
        name="attended ticked wrongly",
        spoil=_set("session_log", _person(GEN, repeat="2"), attended="no"),
        rule="not_shown",
    ),
    # what is there, and what is not
    Error(
        name="form lacks at a visit",
        spoil=_without("rmdq", _person("W-012", "W12")),
        rule="missing_form",
    ),
    Error(
        name="visit lacks in all forms",
        spoil=_of_all_forms(
            _person("W-012", "W12"), lambda form: _without(form, _person("W-012", "W12"))
        ),
        rule="missing_form",
    ),
    Error(
        name="not completed, and all forms there",
        spoil=_set("end_of_study", _person("W-013"), completed="no"),
        rule="all_forms_there",
    ),
    Error(
        name="events that say there was none",
        spoil=_new_event("W-014", "None"),
        rule="term_for_none",
    ),
    Error(
        name="one event, spelled in two ways",
        spoil=_new_event("W-014", "Muscle sorness"),
        rule="lookalike_term",
    ),
    # what no rule can know
    Error(
        name="pain of two participants swapped",
        spoil=_exchanged("nrs_pain", ("nrs",), _person("N-010", "W6"), _person("N-013", "W6")),
        why_not="both ratings are possible for either; only the paper knows",
    ),
    Error(
        name="an answer mistyped by one",
        spoil=_set("odi", _person("N-010", "W6"), odi_3="2"),
        why_not="the answer is possible; double entry would tell",
    ),
    Error(
        name="visit shifted by a day",
        spoil=_moved("odi", "visit_date", 1, _person("N-010", "W6")),
        why_not="the day is in the window, and a visit may take two days",
    ),
)
