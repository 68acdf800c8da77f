"""Makes ``longitudinal/``: a synthetic project that imitates a REDCap project of a randomised trial.

Run it from the repository: ``python -m tests.imports.redcap_projects.make_project``. The same run gives
the same bytes.
"""

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent / "longitudinal"
HEADER = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
    "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
YES_NO = "1, Yes | 0, No"
DEGREE = "0, Not at all | 1, A little | 2, Somewhat | 3, Much | 4, Extremely"
RMDQ = [
    ("rd_walk", "I walk more slowly than usual"),
    ("rd_stairs", "I hold on to the rail on stairs"),
    ("rd_rest", "I lie down to rest more often"),
    ("rd_dress", "I get dressed more slowly"),
    ("rd_sleep", "I sleep less well"),
]


def field(name, form, kind, label, choices="", **more):
    """A row of the dictionary."""
    row = dict.fromkeys(HEADER, "")
    row |= {
        "Variable / Field Name": name,
        "Form Name": form,
        "Field Type": kind,
        "Field Label": label,
        "Choices, Calculations, OR Slider Labels": choices,
        "Section Header": more.get("section", ""),
        "Field Note": more.get("note", ""),
        "Text Validation Type OR Show Slider Number": more.get("validation", ""),
        "Text Validation Min": more.get("low", ""),
        "Text Validation Max": more.get("high", ""),
        "Identifier?": "y" if more.get("identifier") else "",
        "Branching Logic (Show field only if...)": more.get("when", ""),
        "Required Field?": "y" if more.get("required") else "",
        "Matrix Group Name": more.get("matrix", ""),
        "Field Annotation": more.get("tags", ""),
    }
    return row


def dictionary():
    """The rows of the data dictionary."""
    f = field
    s, d, r, a, e, x = (
        "screening", "demographics", "randomisation", "assessment", "adverse_events",
        "end_of_study",
    )  # fmt: skip
    return [
        f("record_id", s, "text", "Record ID"),
        f("initials", s, "text", "Initials", identifier=True),
        f("scr_date", s, "text", "Date of screening", validation="date_dmy", required=True,
          low="2024-01-08", high="today"),
        f("consent", s, "yesno", "Did the person give consent?", required=True),
        f("consent_date", s, "text", "Date of consent", validation="date_dmy", required=True,
          when="[consent] = '1'"),
        f("age", s, "text", "Age", note="years", validation="integer", low="18", high="65"),
        f("eligible", s, "radio", "Eligible?", YES_NO, required=True, section="Result"),
        f("excl_reason", s, "dropdown", "Why was the person not enrolled?",
          "1, Not meeting criteria | 2, Declined | 3, Other reason, with text", required=True,
          when="[eligible] = '0' or [consent] = '0'"),
        f("excl_other", s, "text", "Other reason", when="[excl_reason] = '3'"),
        f("sex", d, "radio", "<b>Sex</b>", "1, Female | 2, Male", required=True),
        f("height_cm", d, "text", "Height", note="cm", validation="number_1dp", low="130",
          high="210", required=True),
        f("weight_kg", d, "text", "Weight", note="kg", validation="number_1dp_comma_decimal",
          low="35", high="180", required=True),
        f("bmi", d, "calc", "Body mass index",
          "round(([weight_kg]*10000)/(([height_cm])^(2)), 1)", note="kg/m²"),
        f("pain_site", d, "checkbox", "Where does it hurt, besides the back?",
          "1, Neck | 2, Hip | -3, Knee | 0, Nowhere else", tags="@NONEOFTHEABOVE='0'"),
        f("earlier_care", d, "checkbox", "Care in the last year",
          "pt, Physiotherapy | med, Medicines | op, Surgery"),
        f("med_which", d, "notes", "Which medicines?", when="[earlier_care(med)] = '1'"),
        f("smoking", d, "radio", "Smoking", "0, Never | 1, Former | 2, Current"),
        f("pack_years", d, "text", "Pack years", validation="number", low="0", high="120",
          when="[smoking] <> '0' and [smoking] <> ''"),
        f("rand_date", r, "text", "Date of randomisation", validation="date_ymd", required=True),
        f("rand_no", r, "text", "Number on the list", validation="integer", required=True),
        f("arm", r, "radio", "Arm", "1, Training | 2, Usual care", required=True),
        f("visit_date", a, "text", "Date of the visit", validation="date_mdy", required=True),
        f("vas", a, "slider", "Pain in the last week", "No pain | | Worst pain imaginable",
          validation="number", required=True),
        f("rd_intro", a, "descriptive", "<p>Think of <i>today</i>.</p>\n<p>Tick one a line.</p>"),
        *(f(name, a, "radio", label, DEGREE, matrix="rd", required=True,
            section="When your back hurts" if name == "rd_walk" else "")
          for name, label in RMDQ),
        f("rd_total", a, "calc", "Disability, total",
          "sum(" + ", ".join(f"[{name}]" for name, _ in RMDQ) + ")"),
        f("analgesic", a, "yesno", "Analgesics in the last 24 hours?", required=True),
        f("analgesic_n", a, "text", "How many?", validation="integer", low="1", high="12",
          when="[analgesic] = '1'", required=True),
        f("days_in", a, "calc", "Days since the first visit",
          "datediff([baseline_arm_1][visit_date], [visit_date], \"d\", true)"),
        f("better", a, "radio", "Compared with the first visit, are you",
          "1, better | 2, the same | 3, worse", when="[event-name] = 'week_6_arm_1'"),
        f("ae_term", e, "text", "Event", required=True),
        f("ae_start", e, "text", "First day", validation="date_dmy", required=True),
        f("ae_severity", e, "radio", "Severity", "1, Mild | 2, Moderate | 3, Severe",
          required=True),
        f("ae_serious", e, "yesno", "Serious?", required=True),
        f("ae_sae", e, "text", "Reported on", validation="datetime_dmy",
          when="[ae_serious] = '1'", required=True),
        f("ae_related", e, "truefalse", "Related to the training?", required=True),
        f("ae_withdrawn", e, "yesno", "Led to withdrawal?", required=True),
        f("ae_action", e, "checkbox", "What was done?", "1, Nothing | 2, Pause | 3, Medicine",
          tags="@NONEOFTHEABOVE='1' @MAXCHECKED=2"),
        f("eos_arm", x, "radio", "Care received", "1, Training | 2, Usual care"),
        f("eos_none", x, "text", "Why none?", when="[eos_arm] = ''"),
        f("eos_stopped", x, "yesno", "Stopped the allocated care?", required=True),
        f("eos_stop_why", x, "text", "Why?", when="[eos_stopped] = '1'", required=True),
        f("eos_done", x, "yesno", "Completed the study?", required=True),
        f("eos_date", x, "text", "Last day in the study", validation="date_ymd", required=True),
        f("eos_why", x, "dropdown", "Why not?",
          "1, Lost to follow-up | 2, Withdrew consent | 3, Adverse event",
          when="[eos_done] = '0'", required=True),
    ]  # fmt: skip


EVENTS = [
    ("screening_arm_1", "screening"),
    ("baseline_arm_1", "demographics"),
    ("baseline_arm_1", "randomisation"),
    ("baseline_arm_1", "assessment"),
    ("week_6_arm_1", "assessment"),
    ("end_arm_1", "adverse_events"),
    ("end_arm_1", "end_of_study"),
]
FORMS = tuple(dict.fromkeys(form for _, form in EVENTS))
SYSTEM = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
          "redcap_data_access_group")  # fmt: skip
BOXES = {
    "pain_site": (("1", "1"), ("2", "2"), ("-3", "_3"), ("0", "0")),
    "earlier_care": (("pt", "pt"), ("med", "med"), ("op", "op")),
    "ae_action": (("1", "1"), ("2", "2"), ("3", "3")),
}
REASONS = (("UNK", "unk"), ("-99", "_99"))


def columns():
    """The columns of the export, as REDCap orders them."""
    names = ["record_id", *SYSTEM]
    for form in FORMS:
        if form == "assessment":
            names.append("assessment_timestamp")
        for row in dictionary():
            name, kind = row["Variable / Field Name"], row["Field Type"]
            if row["Form Name"] != form or name == "record_id" or kind == "descriptive":
                continue
            if kind == "checkbox":
                names += [f"{name}___{code}" for _, code in (*BOXES[name], *REASONS)]
            else:
                names.append(name)
        names.append(f"{form}_complete")
    return names


def export():
    """The rows of the export: everything in every row, zeros in boxes that nobody saw."""
    rng = np.random.default_rng(20241121)
    rows = []
    for number in range(1, 41):
        rows += _person(number, rng)
    return rows


def _row(person, event, **values):
    """A row of the export; forms of this event have the status 0 until somebody sets another."""
    row = dict.fromkeys(columns(), "")
    own = {form for at, form in EVENTS if at == event}
    instrument = values.get("redcap_repeat_instrument", "")
    for form in own:
        if (form == "adverse_events") != (instrument == "adverse_events"):
            continue
        row[f"{form}_complete"] = "0"
        for name, codes in BOXES.items():
            if any(name == f["Variable / Field Name"] and f["Form Name"] == form
                   for f in dictionary()):  # fmt: skip
                row |= {f"{name}___{code}": "0" for _, code in codes}
    row |= {"record_id": person["id"], "redcap_event_name": event}
    row |= {"redcap_data_access_group": person["site"]}
    return row | {name: str(value) for name, value in values.items()}


def _person(number, rng):
    person = {"id": f"{number:03d}", "site": "north" if number % 3 else "south"}
    day = date(2024, 1, 8) + timedelta(days=int(number * 3))
    enrolled = number % 8 != 0
    age = int(rng.integers(19, 64)) if number % 11 else "-99"
    rows = [
        _row(
            person, "screening_arm_1", initials=f"{chr(64 + number % 26 + 1)}B", scr_date=day,
            consent=1, consent_date=day, age=age, eligible=int(enrolled), screening_complete=2,
            excl_reason="" if enrolled else 1 + number // 8 % 3,
            excl_other="" if enrolled or number // 8 % 3 != 2 else "=moved away, to \"Ävö\"",
        )
    ]  # fmt: skip
    if not enrolled:
        return rows
    arm = 1 + number % 2
    start = day + timedelta(days=2)
    rows.append(_baseline(person, rng, arm=arm, start=start, number=number))
    lost = number in {13, 30}
    if not lost:
        rows.append(_week_6(person, rng, arm=arm, start=start, number=number))
    instances = range(1, 1 + int(rng.integers(0, 3)))
    rows += [_event(person, rng, start=start, instance=instance) for instance in instances]
    end = start + timedelta(days=20 if lost else 45)
    rows.append(
        _row(
            person, "end_arm_1", eos_arm=arm, eos_stopped=int(lost), eos_done=int(not lost),
            eos_stop_why="no time" if lost else "", eos_date=end, eos_why=1 if lost else "",
            end_of_study_complete=2,
        )
    )  # fmt: skip
    return rows


def _answers(rng, level):
    scores = [int(min(4, max(0, round(rng.normal(level, 1))))) for _ in RMDQ]
    found = {name: score for (name, _), score in zip(RMDQ, scores, strict=True)}
    return found | {"rd_total": sum(scores)}


def _baseline(person, rng, *, arm, start, number):
    height, weight = int(rng.integers(155, 195)), round(float(rng.normal(75, 9)), 1)
    smoking, med = int(rng.integers(0, 3)), number % 4 == 0
    unknown = number % 7 == 0
    boxes = {} if unknown else {"pain_site___1": int(number % 5 == 0), "pain_site____3": number % 2}
    if unknown:
        boxes = {f"pain_site___{code}": "" for _, code in BOXES["pain_site"]}
        boxes |= {"pain_site___unk": 1}
    bmi = int(weight * 10000 / height**2 * 10 + 0.5) / 10
    return _row(
        person, "baseline_arm_1", sex=1 + int(rng.integers(0, 2)), height_cm=f"{height}.0",
        weight_kg=str(weight).replace(".", ","), bmi=bmi, earlier_care___med=int(med),
        earlier_care___pt=number % 2, med_which="Ibuprofen,\nsometimes" if med else "",
        smoking=smoking if number % 9 else "UNK", demographics_complete=2,
        pack_years=int(rng.integers(1, 30)) if smoking and number % 9 else "",
        rand_date=start, rand_no=number, arm=arm, randomisation_complete=2, visit_date=start,
        vas=int(rng.integers(45, 80)), analgesic=int(number % 3 == 0),
        analgesic_n=2 if number % 3 == 0 else "", days_in=0, assessment_complete=2,
        assessment_timestamp=f"{start} 09:{number:02d}:07", **boxes, **_answers(rng, 2.2),
    )  # fmt: skip


def _week_6(person, rng, *, arm, start, number):
    late = int(rng.integers(40, 46))
    gain = 18 if arm == 1 else 4
    vas = int(min(100, max(0, rng.normal(60 - gain, 12))))
    return _row(
        person, "week_6_arm_1", visit_date=start + timedelta(days=late),
        vas=vas if number != 5 else "-99", analgesic=0, days_in=late, better=1,
        assessment_complete=2 if number != 6 else 1,
        assessment_timestamp="[not completed]" if number == 6 else f"{start} 10:{number:02d}:00",
        **_answers(rng, 1.2 if arm == 1 else 2.0),
    )  # fmt: skip


def _event(person, rng, *, start, instance):
    serious = int(rng.integers(0, 12) == 0)
    begun = start + timedelta(days=int(rng.integers(1, 20)))
    return _row(
        person, "end_arm_1", redcap_repeat_instrument="adverse_events",
        redcap_repeat_instance=instance, ae_term=["Headache", "Muscle soreness"][instance % 2],
        ae_start=begun, ae_severity=1 + int(rng.integers(0, 3)), ae_serious=serious,
        ae_sae=f"{begun + timedelta(days=1)} 08:30" if serious else "",
        ae_related=int(rng.integers(0, 2)), ae_withdrawn=0, ae_action___1=1,
        adverse_events_complete=2,
    )  # fmt: skip


def as_csv(names, rows):
    """A CSV file as REDCap writes it."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return ("\ufeff" + text.getvalue()).encode()


def main():
    """Write the three files."""
    mapping = [{"arm_num": 1, "unique_event_name": at, "form": form} for at, form in EVENTS]
    (HERE / "dictionary.csv").write_bytes(as_csv(HEADER, dictionary()))
    (HERE / "events.csv").write_bytes(as_csv(("arm_num", "unique_event_name", "form"), mapping))
    (HERE / "export.csv").write_bytes(as_csv(columns(), export()))


if __name__ == "__main__":
    main()
