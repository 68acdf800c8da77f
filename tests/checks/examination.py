"""The miniature trial with one form more that has an item of every type, and a session log."""

from dataclasses import replace
from pathlib import Path

from tests.miniature import Miniature, dedented, protocol
from trialkit.protocol.trial.interventions import Intervention

FORM = """
    [form]
    id = "examination"
    title = "Examination"
    kind = "assessment"
    expected = "randomised"
    arms = ["A"]

    [[items]]
    id = "done_on"
    label = "Examined on"
    type = "date"
    required = true
    purpose = "visit_date"

    [[items]]
    id = "pain_since"
    label = "Pain since"
    type = "partial_date"
    range = { low = 2000-01-01, high = 2025-01-31 }
    expected_range = { low = 2015-01-01 }
    missing_codes = ["UNK"]

    [[items]]
    id = "scan_at"
    label = "Scanned at"
    type = "date_time"
    range = { low = 2025-01-01, high = 2025-03-31 }

    [[items]]
    id = "worse_by"
    label = "Worse by"
    type = "multi_choice"
    choices = [
      { code = "sit", label = "Sitting" },
      { code = "lift", label = "Lifting" },
      { code = "no", label = "Nothing", alone = true },
    ]
    required = true

    [[items]]
    id = "scan"
    label = "Scan"
    type = "file"

    [[items]]
    id = "rest_mm"
    label = "Pain at rest"
    type = "visual_analogue"
    anchors = ["no pain", "worst pain"]

    [[items]]
    id = "left_mm"
    label = "Thickness left"
    type = "decimal"
    unit = "mm"
    other_side = "right_mm"

    [[items]]
    id = "right_mm"
    label = "Thickness right"
    type = "decimal"
    unit = "mm"

    [[items]]
    id = "q1"
    label = "Question 1"
    type = "integer"
    range = { low = 0, high = 5 }

    [[items]]
    id = "q2"
    label = "Question 2"
    type = "integer"
    range = { low = 0, high = 5 }

    [[items]]
    id = "total"
    label = "Total"
    type = "integer"
    sum_of = ["q1", "q2"]

    [[items]]
    id = "thickness"
    label = "Mean thickness"
    type = "calculated"
    unit = "mm"
    calculation = "(left_mm + right_mm) / 2"
    range = { low = 0, high = 60 }

    [[items]]
    id = "share"
    label = "Thickness for age"
    type = "calculated"
    calculation = "thickness / screening.age_years"

    [[rules]]
    id = "EXA01"
    expression = "pain_since <= done_on"
    severity = "hard"
    message = "Pain began on {pain_since}, after the examination."
    items = ["pain_since", "done_on"]

    [[rules]]
    id = "EXA02"
    expression = "worse_by__lift = FALSE OR rest_mm >= 10"
    severity = "soft"
    message = "Worse by {worse_by}, but pain of {rest_mm} mm."
    items = ["rest_mm"]

    [[rules]]
    id = "EXA03"
    expression = "(scan_at - screening.screening_date) <= 60 AND worse_by__count <= 2"
    severity = "soft"
    message = "The scan of {scan_at} came late."
    items = ["scan_at"]
"""
SESSIONS = """
    [form]
    id = "sessions"
    title = "Sessions"
    kind = "sessions"
    expected = "as_needed"
    repeating = true

    [[items]]
    id = "held_on"
    label = "Session on"
    type = "date"
    required = true
    purpose = "session_date"

    [[items]]
    id = "attended"
    label = "Attended"
    type = "yes_no"
    required = true
    purpose = "attended"
"""
DATA = """
    subject_id,done_on,pain_since,scan_at,worse_by,scan,rest_mm,left_mm,right_mm,q1,q2,total
    S1,2025-01-15,2024-03-UN,2025-01-14 09:30,sit lift,s1/left.png,55,30,31.5,1,2,3
    S3,2025-01-16,2023-UN-UN,2025-01-15T10:00,none_of_these,,40.5,28,ND,5,5,10
"""
ATTENDED = """
    subject_id,repeat,held_on,attended
    S1,1,2025-01-20,yes
    S1,2,2025-01-27,yes
    S1,3,2025-02-03,no
"""
DEFECTS = {
    "a month in which the pain cannot have begun": (
        ("examination", "2024-03-UN", "1999-12-UN"),
        ("S1", "", "examination", "pain_since", "out_of_range", "hard"),
        "it must be from 2000-01-01 to 2025-01-31",
    ),
    "a year that is long ago": (
        ("examination", "2023-UN-UN", "2014-UN-UN"),
        ("S3", "", "examination", "pain_since", "unusual", "soft"),
        "expected is 2015-01-01 or later",
    ),
    "a year that may be within the range": (("examination", "2023-UN-UN", "2025-UN-UN"), None, ""),
    "a day that nobody can know without its month": (
        ("examination", "2024-03-UN", "2024-UN-03"),
        ("S1", "", "examination", "pain_since", "unreadable", "hard"),
        "where the rest is unknown; correct it, or enter a missing code such as UNK (unknown)",
    ),
    "a month that is later than a day": (
        ("examination", "S1,2025-01-15,2024-03-UN", "S1,2023-12-31,2024-03-UN"),
        ("S1", "", "examination", "pain_since", "EXA01", "hard"),
        "Pain began on 2024-03-UN",
    ),
    "a month that may be later than a day": (
        ("examination", "S1,2025-01-15,2024-03-UN", "S1,2024-03-15,2024-03-UN"),
        None,
        "",
    ),
    "a missing code that an item does not allow": (
        ("examination", "2024-03-UN", "REF"),
        ("S1", "", "examination", "pain_since", "code_not_allowed", "hard"),
        "the missing codes allowed here are UNK (unknown)",
    ),
    "a moment after the last day": (
        ("examination", "2025-01-14 09:30", "2025-04-01 00:00"),
        ("S1", "", "examination", "scan_at", "out_of_range", "hard"),
        "2025-04-01 00:00 cannot be right",
    ),
    "a moment on the last day": (
        ("examination", "2025-01-14 09:30", "2025-03-31 23:59"),
        ("S1", "", "examination", "scan_at", "EXA03", "soft"),
        "The scan of 2025-03-31 23:59 came late",
    ),
    "a choice that is none of several": (
        ("examination", "sit lift", "sit walk"),
        ("S1", "", "examination", "worse_by", "not_a_choice", "hard"),
        "their codes once each (no only by itself) with spaces between, none_of_these if none was",
    ),
    "nothing beside something": (
        ("examination", "sit lift", "no lift"),
        ("S1", "", "examination", "worse_by", "not_a_choice", "hard"),
        "'no lift'",
    ),
    "no answer is not nothing chosen": (
        ("examination", "none_of_these", ""),
        ("S3", "", "examination", "worse_by", "required", "hard"),
        "must be answered",
    ),
    "a choice that contradicts another item": (
        ("examination", "s1/left.png,55", "s1/left.png,5"),
        ("S1", "", "examination", "rest_mm", "EXA02", "soft"),
        "Worse by sit lift, but pain of 5 mm.",
    ),
    "a mark beyond the line": (
        ("examination", "40.5", "100.5"),
        ("S3", "", "examination", "rest_mm", "out_of_range", "hard"),
        "it must be from 0 to 100 mm",
    ),
    "a file that is not there": (
        ("examination", "s1/left.png", "s1/right.png"),
        ("S1", "", "examination", "scan", "no_such_file", "hard"),
        "there is no file 's1/right.png' in the folder files/",
    ),
    "a file elsewhere": (
        ("examination", "s1/left.png", "../protocol.toml"),
        ("S1", "", "examination", "scan", "unreadable", "hard"),
        "a path of a file in the folder files/",
    ),
    "one side only": (
        ("examination", "28,ND", "28,"),
        ("S3", "", "examination", "right_mm", "one_side_only", "soft"),
        "Thickness right is blank, but 'Thickness left' was measured",
    ),
    "a total that is not the sum": (
        ("examination", "1,2,3", "1,2,4"),
        ("S1", "", "examination", "total", "wrong_sum", "hard"),
        "4 is not the sum Question 1 + Question 2",
    ),
    "a total of which an item lacks": (("examination", "1,2,3", "1,,3"), None, ""),
    "a total of which an item cannot be right": (
        ("examination", "1,2,3", "1,7,8"),
        ("S1", "", "examination", "q2", "out_of_range", "hard"),
        "",
    ),
    "a calculated value that cannot be right": (
        ("examination", "30,31.5", "90,91.5"),
        ("S1", "", "examination", "thickness", "out_of_range", "hard"),
        "90.75 mm cannot be right",
    ),
    "a session before the randomisation": (
        ("sessions", "2025-01-20", "2025-01-02"),
        ("S1", "1", "sessions", "held_on", "date_order", "hard"),
        "2025-01-02 is before 'Date of randomisation' of the form 'Randomisation'",
    ),
    "more sessions than were planned": (
        ("sessions", "2025-02-03,no", "2025-02-03,yes"),
        ("S1", "", "sessions", "attended", "too_many_sessions", "soft"),
        "3 sessions were attended, which are more than are planned",
    ),
    "a form of another arm": (
        ("examination", "S3,2025-01-16", "S2,2025-01-16"),
        ("S2", "", "examination", "", "other_arm", "hard"),
        "The form 'Examination' is not for the arm of this participant",
    ),
}


class Examined(Miniature):
    """The trial with an examination and sessions, two of them planned in arm A."""

    def __init__(self) -> None:
        super().__init__()
        self.forms |= {"examination": dedented(FORM), "sessions": dedented(SESSIONS)}
        self.data |= {"examination": dedented(DATA), "sessions": dedented(ATTENDED)}
        planned = Intervention(name="Exercise", sessions=2)
        arms = [
            replace(arm, intervention=planned) if arm.code == "A" else arm
            for arm in protocol().arms
        ]
        self.protocol = replace(protocol(), arms=tuple(arms))

    def write(self, folder: Path) -> Path:
        (folder / "files" / "s1").mkdir(parents=True, exist_ok=True)
        (folder / "files" / "s1" / "left.png").write_bytes(b"")
        return super().write(folder)
