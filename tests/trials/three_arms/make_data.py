"""Write the data of the three-arm trial, byte for byte the same each time.

Synthetic data for testing. The files are as Excel writes them where the comma is a decimal mark:
semicolons, ``31.12.2024``, CRLF, and a byte-order mark in one of them.

    python tests/trials/three_arms/make_data.py
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

SEED = 34
RATIO = ("HIGH",) * 4 + ("LOW",) * 3 + ("CTRL",) * 3
LAST_OF_SOUTH = ("HIGH", "LOW", "HIGH", "LOW")  # the block that recruitment did not fill
PLANNED_SESSIONS = {"HIGH": 12, "LOW": 6, "CTRL": 0}
VISITS = {"BL": 0, "W4": 28, "W8": 56, "W12": 84}
GAINS = {  # tenths of a point of function, by visit
    "HIGH": (0, 40, 80, 110),
    "LOW": (0, 25, 45, 65),
    "CTRL": (0, 8, 12, 15),
}
IMPROVED = {"HIGH": (30, 55, 70), "LOW": (20, 40, 55), "CTRL": (20, 40, 50)}  # per cent

# By place in the order of screening.
NOT_ENROLLED = {4: "criteria", 9: "declined", 17: "criteria", 22: "other", 30: "declined"}
# arm and place in it: visits that took place, code of the others, reason for leaving
DROPOUTS = {
    ("HIGH", 2): (2, "WD", "harm"),
    ("HIGH", 9): (3, "LTFU", "lost"),
    ("LOW", 4): (1, "LTFU", "lost"),
    ("CTRL", 1): (2, "WD", "withdrew"),
    ("CTRL", 6): (3, "LTFU", "moved"),
}
NEVER_STARTED = ("LOW", 4)
TREATED_AS_LOW = ("HIGH", 6)
STOPPED_SESSIONS = ("HIGH", 11)
# arm, place, visit, item: the code entered instead of a value
CODED = {
    ("HIGH", 4, "W8", "function_score"): "ND",
    ("LOW", 2, "W12", "function_score"): "REF",
    ("HIGH", 7, "W4", "walk_m"): "CLOSED",
    ("CTRL", 3, "W12", "walk_m"): "REF",
    ("CTRL", 5, "W12", "improved"): "NASK",
} | {("LOW", 7, visit, "walk_m"): "AID" for visit in VISITS}
WHOLE_VISIT_NOT_DONE = ("LOW", 9, "W8")
# arm, place, day, event, severity, serious, related, led to withdrawal; none in the leaflet arm
ADVERSE_EVENTS = (
    ("HIGH", 0, 6, "Knee pain", "1", "no", "yes", "no"),
    ("HIGH", 2, 31, "Fall with fracture of the wrist", "3", "yes", "no", "yes"),
    ("HIGH", 5, 12, "Knee pain", "2", "no", "yes", "no"),
    ("HIGH", 5, 40, "Knee pain", "1", "no", "yes", "no"),
    ("HIGH", 6, 20, "Fußschmerz", "1", "no", "no", "no"),
    ("LOW", 3, 15, "Knee pain", "1", "no", "yes", "no"),
    ("LOW", 8, 50, "Common cold; fever", "1", "no", "no", "no"),
)
CONCOMITANT = (
    ("HIGH", 1, "Paracetamol"),
    ("LOW", 5, "Ibuprofen 5 % gel"),
    ("CTRL", 0, "Paracetamol"),
    ("CTRL", 0, "Acupuncture"),
    ("CTRL", 4, "Paracetamol"),
)
HEADERS = {
    "screening": "subject_id;site;screening_date;consent_date;eligible;not_enrolled_reason",
    "demographics": "subject_id;sex;age_years;bmi",
    "randomisation": "subject_id;randomisation_date;stratum;block;arm",
    "assessment": "subject_id;visit;visit_date;visit_time;function_score;walk_m;remark",
    "global_rating": "subject_id;visit;improved",
    "sessions": "subject_id;repeat;session_date;attended;minutes",
    "adverse_events": "subject_id;repeat;term;start_date;severity;serious;related;"
    "led_to_withdrawal",
    "concomitant_care": "subject_id;repeat;treatment",
    "end_of_study": "subject_id;arm_received;not_received_reason;discontinued;"
    "discontinuation_reason;completed;end_date;end_reason",
}
Row = tuple[str, ...]


class Dice:
    """Chance as whole numbers, from one fixed seed."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        return (int(self._bits.random_raw()) * limit) >> 64

    def bell(self, sd: int) -> int:
        """Nearly normal around 0, rounded down."""
        return (sum(self.below(1001) for _ in range(12)) - 6000) * sd // 1000

    def shuffled(self, items: Sequence[str]) -> list[str]:
        """The items in another order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody who was randomised."""

    subject_id: str
    site: str
    randomised: date
    block: int
    arm: str
    place: int
    """Place among the participants of the arm, from 0."""

    @property
    def key(self) -> tuple[str, int]:
        """The arm and the place in it."""
        return (self.arm, self.place)

    @property
    def received(self) -> str:
        """The arm whose sessions were had; blank for none."""
        if self.key == NEVER_STARTED:
            return ""
        return "LOW" if self.key == TREATED_AS_LOW else self.arm

    @property
    def visits(self) -> int:
        """How many visits took place before the participant left."""
        return DROPOUTS.get(self.key, (4, "", ""))[0]

    def day(self, days: int) -> str:
        """A date counted from randomisation, as it is entered."""
        return written(self.randomised + timedelta(days=days))


def written(day: date) -> str:
    """A date as it is entered."""
    return f"{day.day:02d}.{day.month:02d}.{day.year}"


def tenths(value: int) -> str:
    """A number of tenths as it is entered."""
    return f"{value // 10},{value % 10}"


def screen(dice: Dice) -> tuple[list[Row], list[Participant]]:
    """The screening log and the participants, randomised by site in blocks of ten."""
    sequence = {
        "N": [arm for _ in range(2) for arm in dice.shuffled(RATIO)],
        "S": [*dice.shuffled(RATIO), *LAST_OF_SOUTH],
    }
    rows: list[Row] = []
    participants: list[Participant] = []
    for place in range(34 + len(NOT_ENROLLED)):
        site = "S" if len(sequence["N"]) == 0 or (place % 5 in {1, 3} and sequence["S"]) else "N"
        subject = f"0{1 if site == 'N' else 2}{place + 1:02d}"
        screened = date(2024, 1, 8) + timedelta(days=8 * place + dice.below(5))
        consented = screened + timedelta(days=dice.below(4))
        if reason := NOT_ENROLLED.get(place, ""):
            eligible = "no" if reason == "criteria" else "yes"
            rows.append((subject, site, written(screened), "", eligible, reason))
            continue
        rows.append((subject, site, written(screened), written(consented), "yes", ""))
        arm = sequence[site].pop(0)
        before = [person for person in participants if person.site == site]
        participants.append(
            Participant(
                subject_id=subject,
                site=site,
                randomised=consented + timedelta(days=3 + dice.below(5)),
                block=len(before) // len(RATIO) + 1,
                arm=arm,
                place=sum(person.arm == arm for person in participants),
            )
        )
    return rows, participants


def demographics(people: Sequence[Participant], dice: Dice) -> list[Row]:
    """One row a participant."""
    return [
        (
            person.subject_id,
            str(1 + dice.below(2)),
            str(48 + dice.below(30)),
            tenths(275 + dice.bell(38)),
        )
        for person in people
    ]


def assessments(people: Sequence[Participant], dice: Dice) -> list[Row]:
    """Four rows a participant; visits that did not take place are coded."""
    rows: list[Row] = []
    for person in people:
        function, walk = 520 + dice.bell(110), 420 + dice.bell(60)
        lag = 0
        for number, (visit, target) in enumerate(VISITS.items()):
            gain = GAINS[person.arm][number]
            lag = -dice.below(4) if visit == "BL" else dice.below(7) - 3
            score = min(max(function + gain + dice.bell(55 if number else 30), 0), 1000)
            metres = walk + gain // 3 + dice.bell(22)
            minute = f"{8 + dice.below(9):02d}:{5 * dice.below(12):02d}"
            if code := absence(person, visit):
                rows.append((person.subject_id, visit, code, "", code, code, ""))
                continue
            values = (
                CODED.get((*person.key, visit, "function_score"), tenths(score)),
                CODED.get((*person.key, visit, "walk_m"), str(metres)),
            )
            remark = "came by bus; late" if (number, dice.below(25)) == (1, 0) else ""
            rows.append(
                (person.subject_id, visit, person.day(target + lag), minute, *values, remark)
            )
    return rows


def absence(person: Participant, visit: str) -> str:
    """The code of a visit that did not take place, else nothing."""
    if (*person.key, visit) == WHOLE_VISIT_NOT_DONE:
        return "ND"
    happened, code, _ = DROPOUTS.get(person.key, (4, "", ""))
    return code if list(VISITS).index(visit) >= happened else ""


def ratings(people: Sequence[Participant], dice: Dice) -> list[Row]:
    """Three rows a participant."""
    rows: list[Row] = []
    for person in people:
        luck = dice.below(100)
        for visit, chance in zip(("W4", "W8", "W12"), IMPROVED[person.arm], strict=True):
            answer = "yes" if (luck + dice.below(30)) % 100 < chance else "no"
            coded = CODED.get((*person.key, visit, "improved"), answer)
            rows.append((person.subject_id, visit, absence(person, visit) or coded))
    return rows


def sessions(people: Sequence[Participant], dice: Dice) -> list[Row]:
    """One row a session that was planned for the arm received, up to the end of the sessions."""
    rows: list[Row] = []
    for person in people:
        planned = PLANNED_SESSIONS.get(person.received, 0)
        held = 5 if person.key == STOPPED_SESSIONS else planned
        held = min(held, 8) if person.visits < 3 else held
        for number in range(1, held + 1):
            day = person.day(number * (42 // planned) - 1)
            key = (person.subject_id, str(number), day)
            came = dice.below(100) < 88
            minutes = f"{35 + dice.below(11)},5" if came else ""
            rows.append((*key, "yes" if came else "no", minutes))
    return rows


def adverse_events(people: Sequence[Participant]) -> list[Row]:
    """One row an event."""
    found = {person.key: person for person in people}
    rows = [
        (found[arm, place].subject_id, term, found[arm, place].day(day), *judged)
        for arm, place, day, term, *judged in ADVERSE_EVENTS
    ]
    return numbered(rows)


def concomitant_care(people: Sequence[Participant]) -> list[Row]:
    """One row a treatment."""
    found = {person.key: person for person in people}
    return numbered([(found[arm, place].subject_id, what) for arm, place, what in CONCOMITANT])


def numbered(rows: Sequence[Row]) -> list[Row]:
    """The rows, each participant's numbered from 1 in a second column."""
    subjects = [row[0] for row in rows]
    return [
        (row[0], str(subjects[:place].count(row[0]) + 1), *row[1:])
        for place, row in enumerate(rows)
    ]


def end_of_study(people: Sequence[Participant], visits: Sequence[Row]) -> list[Row]:
    """One row a participant."""
    dates = {(row[0], row[1]): row[2] for row in visits}
    rows: list[Row] = []
    for person in people:
        _, _, left = DROPOUTS.get(person.key, (4, "", ""))
        other = "Given the plan of the other dose" if person.key == TREATED_AS_LOW else ""
        never = "Never came to a session" if person.key == NEVER_STARTED else ""
        stopped = "No time" if person.key == STOPPED_SESSIONS else ""
        stopped = "Adverse event" if left == "harm" else stopped
        last = dates[person.subject_id, "W12"] if not left else person.day(28 * person.visits)
        rows.append(
            (
                person.subject_id,
                person.received or "NA",
                other or never,
                "yes" if stopped else "no",
                stopped,
                "no" if left else "yes",
                last,
                left,
            )
        )
    return rows


def files(seed: int = SEED) -> dict[str, bytes]:
    """The content of every data file, by its name."""
    dice = Dice(seed)
    screened, people = screen(dice)
    visits = assessments(people, dice)
    rows: dict[str, list[Row]] = {
        "screening": screened,
        "demographics": demographics(people, dice),
        "randomisation": [(p.subject_id, p.day(0), p.site, str(p.block), p.arm) for p in people],
        "assessment": visits,
        "global_rating": ratings(people, dice),
        "sessions": sessions(people, dice),
        "adverse_events": adverse_events(people),
        "concomitant_care": concomitant_care(people),
        "end_of_study": end_of_study(people, visits),
    }
    return {f"{form}.csv": content(form, rows[form]) for form in HEADERS}


def content(form: str, rows: Sequence[Row]) -> bytes:
    """A file as Excel writes it; the assessments as "CSV UTF-8", with a byte-order mark."""
    lines = [HEADERS[form], *(";".join(map(quoted, row)) for row in rows), ""]
    return "\r\n".join(lines).encode("utf-8-sig" if form == "assessment" else "utf-8")


def quoted(cell: str) -> str:
    """A cell with the delimiter in it is quoted."""
    return f'"{cell}"' if ";" in cell else cell


def main() -> None:
    """Write data/*.csv beside this script."""
    folder = Path(__file__).parent / "data"
    for name, written_file in files().items():
        (folder / name).write_bytes(written_file)


if __name__ == "__main__":
    main()
