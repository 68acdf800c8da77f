"""The small trial with arms in it in every way in which a form can tell one."""

from pathlib import Path

from tests.miniature import Miniature, dedented

MORE = {
    "randomisation": """
        [[items]]
        id = "block"
        label = "Block"
        type = "integer"
        required = true
        purpose = "block"

        [[items]]
        id = "block_half"
        label = "Half of the block"
        type = "calculated"
        calculation = "block / 2"
    """,
    "pain": """
        [[items]]
        id = "dose"
        label = "Dose of the active drug"
        type = "decimal"
        range = { low = 0, high = 10 }
        shown_when = "randomisation.arm = 'A'"
        required_when = "randomisation.arm = 'A'"

        [[items]]
        id = "half"
        label = "Half of the dose"
        type = "calculated"
        calculation = "dose / 2"

        [[items]]
        id = "taste"
        label = "What it tasted of"
        type = "text"
        required_when = "randomisation.arm = 'A'"

        [[rules]]
        id = "PAIN03"
        expression = "dose IS NULL OR vas_mm < 90"
        severity = "hard"
        message = "Pain of {vas_mm} mm with a dose."
        items = ["vas_mm"]

        [[rules]]
        id = "PAIN04"
        expression = "half < 4 OR drug = FALSE"
        severity = "soft"
        message = "Another drug."
        items = ["drug"]
    """,
    "end_of_study": """
        [[items]]
        id = "arm_received"
        label = "Arm received"
        type = "text"
        required = true
        purpose = "arm_received"

        [[items]]
        id = "why_not"
        label = "Why another arm"
        type = "text"
        shown_when = "arm_received <> randomisation.arm"
        required_when = "arm_received <> randomisation.arm"
        purpose = "not_received_reason"

        [[rules]]
        id = "END02"
        expression = "completed = TRUE OR COUNT(diary.note IS NOT NULL) > 0"
        severity = "soft"
        message = "Left without a diary."
        items = ["completed"]
    """,
}
NOT_JUDGED = (
    "randomisation.arm", "randomisation.block", "randomisation.block_half",
    "randomisation: blank_answer", "pain.dose", "pain.half",
    "pain.taste: required_when", "pain: PAIN03", "pain: PAIN04", "pain: copied_answers",
    "pain: identical_rows", "pain: blank_answer", "diary", "end_of_study.arm_received",
    "end_of_study.why_not", "end_of_study: END02",
)  # fmt: skip
"""What of it is left out of the judging by somebody who is blinded."""
_PEOPLE = {"S1": "A", "S2": "P", "S3": "A"}


def blinded_trial(arms: dict[str, str] | None = None) -> Miniature:
    """The trial with these arms, by participant; a diary for each whose arm has one.

    The age of S2 is unusual and a pain value is out of range, which everybody may see; a dose is out of range, and one lacks, which who is
    blinded may not.
    """
    arms = arms or _PEOPLE
    trial = Miniature()
    for form, text in MORE.items():
        trial.forms[form] += "\n" + dedented(text)
    trial.forms["diary"] = trial.forms["diary"].replace("[form]", '[form]\narms = ["A"]')
    active = [subject for subject, arm in arms.items() if arm == "A"]
    trial.data["screening"] = trial.data["screening"].replace(
        "S2,2025-01-11,40", "S2,2025-01-11,90"
    )
    trial.data["randomisation"] = _table(
        "subject_id,randomisation_date,arm,block",
        (f"{subject},2025-01-15,{arm},1" for subject, arm in arms.items()),
    )
    trial.data["pain"] = _table(
        "subject_id,visit,visit_date,vas_mm,side,drug,drug_name,dose,taste",
        (
            f"{subject},{visit},{day},{vas},l,no,,{dose if arm == 'A' else ''},"
            for number, (subject, arm) in enumerate(arms.items())
            for visit, day, vas, dose in (
                ("BL", "2025-01-14", 50 + number, ""), ("W6", "2025-02-26", 150 if subject == "S3" else 30, 99),
            )
        ),
    )  # fmt: skip
    trial.data["diary"] = _table(
        "subject_id,repeat,started,note", (f"{subject},1,25:77,well" for subject in active[:1])
    )
    trial.data["end_of_study"] = _table(
        "subject_id,end_date,completed,arm_received,why_not",
        (f"{subject},2025-02-26,yes,{arm}," for subject, arm in arms.items()),
    )
    return trial


def _table(head: str, rows: object) -> str:
    return "\n".join([head, *rows]) + "\n"  # type: ignore[misc]


def written(trial: Miniature, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return trial.write(folder)
