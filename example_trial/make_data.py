"""Write the synthetic data of the example trial, byte for byte the same on every machine.

Synthetic re-enactment; not data of ISRCTN14488937. Nobody behind these rows exists. The article's
abstract gives the number of participants, the ages, the design and p values, and no mean, standard
deviation or count of events. Everything else here is invented. The values after six weeks are moved
by single steps of the instrument until the comparison of the arms gives the published p values.

    python example_trial/make_data.py

Chance comes from the raw 64-bit numbers of PCG64, whose stream NumPy guarantees, and is turned into
values by integer arithmetic; p values need only ``+ - * /`` and square roots, which IEEE 754 rounds
the same everywhere. So no byte depends on a version, a BLAS or a mathematical library.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import TypeVar

import numpy as np

SEED = 20221101  # of 300 tried, one whose arms look alike and spread alike
ARM_SIZE = 13
PLANNED_SESSIONS = 18
Option = TypeVar("Option")
Row = tuple[str, ...]


class Dice:
    """Chance as whole numbers, from one fixed seed."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        return (int(self._bits.random_raw()) * limit) >> 64

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, ends included."""
        return low + self.below(high - low + 1)

    def bell(self) -> int:
        """Thousandths of a standard deviation, nearly normal: the sum of twelve numbers."""
        return sum(self.below(1001) for _ in range(12)) - 6000

    def pick(self, options: Sequence[Option]) -> Option:
        """One of the options."""
        return options[self.below(len(options))]

    def shuffled(self, items: Iterable[Option]) -> list[Option]:
        """The items in another order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """An outcome in steps of its instrument's resolution; every number but ``p_value`` is invented.

    ``keep`` is the per cent of a participant's deviation from the mean that is still there after
    six weeks, ``noise`` the standard deviation of what is new. ``p_value`` is the open interval
    that the comparison of the arms must fall into: so narrow that it prints as published.
    """

    form: str
    item: str
    step: str
    mean_female: int
    mean_male: int
    sd: int
    lowest: int
    highest: int
    better: int
    control_change: int
    keep: int
    noise: int
    p_value: tuple[float, float]

    def written(self, steps: int) -> str:
        """The value as it is entered."""
        return str(steps * Decimal(self.step))

    def within(self, steps: int) -> int:
        """The nearest value that the instrument and an adult can give."""
        return min(max(steps, self.lowest), self.highest)


MEASURES = (
    Measure(
        form="pain",
        item="vas_mm",
        step="1",
        mean_female=53,
        mean_male=51,
        sd=13,
        lowest=3,
        highest=90,
        better=-1,
        control_change=3,
        keep=80,
        noise=9,
        p_value=(0.0002, 0.0006),  # published: < 0.001
    ),
    Measure(
        form="balance",
        item="togu_score",
        step="0.01",
        mean_female=272,
        mean_male=286,
        sd=52,
        lowest=130,
        highest=470,
        better=-1,
        control_change=6,
        keep=75,
        noise=34,
        p_value=(0.15, 0.25),  # published: >= 0.05
    ),
    Measure(
        form="trunk",
        item="back_strength_kg",
        step="0.1",
        mean_female=560,
        mean_male=780,
        sd=110,
        lowest=250,
        highest=1400,
        better=1,
        control_change=8,
        keep=85,
        noise=90,
        p_value=(0.0146, 0.0154),  # published: 0.015
    ),
    Measure(
        form="trunk",
        item="abdominal_strength_kg",
        step="0.1",
        mean_female=370,
        mean_male=520,
        sd=80,
        lowest=150,
        highest=1000,
        better=1,
        control_change=6,
        keep=85,
        noise=62,
        p_value=(0.08, 0.14),  # published: >= 0.05
    ),
    Measure(
        form="trunk",
        item="back_endurance_s",
        step="1",
        mean_female=92,
        mean_male=84,
        sd=26,
        lowest=18,
        highest=220,
        better=1,
        control_change=2,
        keep=85,
        noise=16,
        p_value=(0.0266, 0.0274),  # published: 0.027
    ),
    Measure(
        form="trunk",
        item="abdominal_endurance_s",
        step="1",
        mean_female=66,
        mean_male=78,
        sd=23,
        lowest=15,
        highest=220,
        better=1,
        control_change=2,
        keep=85,
        noise=14,
        p_value=(0.0316, 0.0324),  # published: 0.032
    ),
    Measure(
        form="hamstring",
        item="strength_left_kg",
        step="0.1",
        mean_female=152,
        mean_male=214,
        sd=32,
        lowest=70,
        highest=380,
        better=1,
        control_change=2,
        keep=85,
        noise=25,
        p_value=(0.0066, 0.0070),  # published: 0.007; below 0.00714, so that Holm keeps it
    ),
    Measure(
        form="hamstring",
        item="strength_right_kg",
        step="0.1",
        mean_female=157,
        mean_male=221,
        sd=32,
        lowest=70,
        highest=380,
        better=1,
        control_change=2,
        keep=85,
        noise=25,
        p_value=(0.0046, 0.0054),  # published: 0.005
    ),
    Measure(
        form="hamstring",
        item="sit_and_reach_cm",
        step="0.5",
        mean_female=8,
        mean_male=-4,
        sd=13,
        lowest=-40,
        highest=44,
        better=1,
        control_change=0,
        keep=90,
        noise=5,
        p_value=(0.20, 0.35),  # published: >= 0.05
    ),
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who was screened; the later fields are filled for those randomised."""

    subject_id: str
    screened: date
    consented: date
    age: int
    sex: str = ""
    not_enrolled: str = ""
    detail: str = ""
    arm: str = ""
    number: int = 0
    """Place on the randomisation list."""
    place: int = 0
    """Place among the participants of the arm, from 0."""
    randomised: date = date.min
    baseline: date = date.min
    followed_up: date = date.min

    def day(self, days: int) -> str:
        """A date counted from randomisation, as it is entered."""
        return (self.randomised + timedelta(days=days)).isoformat()


# By place in the order of screening; none of these people exists either.
NOT_ENROLLED = {
    3: ("declined", ""),
    7: ("criteria", "Aged over 65 years"),
    12: ("criteria", "Back pain with a specific cause"),
    15: ("declined", ""),
    18: ("other", "Moved to another city before randomisation"),
    23: ("criteria", "Back pain with a specific cause"),
    27: ("criteria", "Aged over 65 years"),
    31: ("criteria", "Back pain with a specific cause"),
}

# By place in the arm. What is missing of 18 sessions; the fifth participant stops after nine.
MISSED_SESSIONS = (1, 0, 2, 1, 3, 6, 0, 2, 1, 1, 3, 0, 2)
STOPPED = 4
SESSIONS_BEFORE_STOPPING = 9

# arm, place in the arm, day from randomisation, days it lasted, event, severity, related
ADVERSE_EVENTS = (
    ("EG", 0, 3, 2, "Muscle soreness", "mild", "yes"),
    ("EG", 1, 9, 4, "Knee pain", "mild", "yes"),
    ("EG", 2, 2, 3, "Muscle soreness", "mild", "yes"),
    ("EG", 2, 17, 6, "Common cold", "mild", "no"),
    ("EG", 5, 12, 5, "Low back pain, transient worsening", "moderate", "yes"),
    ("EG", 6, 4, 1, "Muscle soreness", "mild", "yes"),
    ("EG", 9, 5, 3, "Muscle soreness", "mild", "yes"),
    ("EG", 11, 30, 2, "Headache", "mild", "no"),
    ("CG", 2, 20, 7, "Common cold", "mild", "no"),
    ("CG", 4, 26, 6, "Low back pain, transient worsening", "moderate", "no"),
    ("CG", 8, 33, None, "Low back pain, transient worsening", "mild", "no"),
    ("CG", 11, 11, 3, "Ankle sprain", "mild", "no"),
)

# arm, place in the arm, first day and last day from randomisation, treatment, kind
CONCOMITANT_CARE = (
    ("EG", 3, -40, None, "Ibuprofen gel", "drug"),
    ("EG", 5, 13, 16, "Paracetamol", "drug"),
    ("EG", 8, 6, 27, "Massage", "physical"),
    ("CG", 0, 10, 12, "Paracetamol", "drug"),
    ("CG", 3, -90, None, "Heat pack", "other"),
    ("CG", 4, 26, 33, "Ibuprofen", "drug"),
    ("CG", 7, 15, 36, "Massage", "physical"),
    ("CG", 7, 21, None, "Paracetamol", "drug"),
    ("CG", 10, 5, 19, "Acupuncture", "physical"),
)

# What a data manager would ask about; each is one soft finding.
ANSWERED_LATE = ("CG", 6, 4)  # the pain question of week 6 was answered four days after the visit
ASSESSED_LATE = ("EG", 10, 54)  # the trunk was assessed on day 54, outside the window
SHORT_SESSION = (7, 11, 20)  # place in the arm, session, minutes
HARD_SESSION = (3, 14, 18)  # place in the arm, session, perceived exertion

# Values that could not be had, coded instead of left blank.
DURATION_UNKNOWN = ("CG", 5)
WEIGHT_REFUSED = ("CG", 9)
EXERTION_NOT_ASKED = ((1, 5), (8, 12))


def two_sided_p(control: Sequence[int], treated: Sequence[int]) -> float:
    """Student's t test of two arms of ``ARM_SIZE``; the interaction of the 2 x 2 mixed ANOVA.

    The t distribution with an even number of degrees of freedom has a closed form.
    """
    freedom = 2 * ARM_SIZE - 2
    difference = Fraction(sum(treated) - sum(control), ARM_SIZE)
    within = squares(control) + squares(treated)
    t_squared = difference**2 * freedom * ARM_SIZE / (2 * within)
    cosine_squared = Fraction(freedom) / (freedom + t_squared)
    term = total = Fraction(1)
    for k in range(1, freedom // 2):
        term *= cosine_squared * Fraction(2 * k - 1, 2 * k)
        total += term
    return 1.0 - sqrt(1 - cosine_squared) * float(total)


def squares(values: Sequence[int]) -> Fraction:
    """The sum of squares around the mean."""
    return sum(v * v for v in values) - Fraction(sum(values) ** 2, len(values))


def weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def screen(dice: Dice) -> list[Person]:
    """Everybody who was assessed for eligibility, in the order of time."""
    people = []
    for place in range(2 * ARM_SIZE + len(NOT_ENROLLED)):
        reason, detail = NOT_ENROLLED.get(place, ("", ""))
        screened = weekday(date(2021, 10, 11) + timedelta(days=8 * place + dice.below(5)))
        age = (
            dice.between(66, 71) if "65" in detail else 19 + (dice.below(44) + dice.below(44)) // 2
        )
        people.append(
            Person(
                subject_id=f"BH-{place + 1:03d}",
                screened=screened,
                consented=screened - timedelta(days=dice.pick((0, 0, 0, 1, 2))),
                age=age,
                sex=dice.pick(("f", "f", "f", "m", "m")),
                not_enrolled=reason,
                detail=detail,
            )
        )
    return people


def schedule(person: Person, number: int, dice: Dice) -> Person:
    """The dates of a participant: baseline, randomisation (Monday to Thursday), after six weeks."""
    day = person.screened + timedelta(days=dice.between(4, 9))
    if day.weekday() > 3:
        day += timedelta(days=7 - day.weekday())
    baseline = day - timedelta(days=3 if day.weekday() == 0 else dice.below(2))
    after = weekday(day + timedelta(days=dice.between(43, 46)))
    return replace(person, number=number, randomised=day, baseline=baseline, followed_up=after)


def deviations(sexes: Sequence[str], measures: Sequence[Measure], dice: Dice) -> list[list[int]]:
    """For each measure a deviation for each participant; measures of one form go together."""
    shared = {
        form: [dice.bell() for _ in sexes] for form in dict.fromkeys(m.form for m in measures)
    }
    return [[(4 * each + 3 * dice.bell()) // 5 for each in shared[m.form]] for m in measures]


def baselines(sexes: Sequence[str], dice: Dice) -> list[list[int]]:
    """The values of every measure before randomisation."""
    return [
        [
            measure.within(mean_of(measure, sex) + measure.sd * deviation // 1000)
            for sex, deviation in zip(sexes, own, strict=True)
        ]
        for measure, own in zip(MEASURES, deviations(sexes, MEASURES, dice), strict=True)
    ]


def mean_of(measure: Measure, sex: str) -> int:
    """The mean of people of this sex."""
    return measure.mean_female if sex == "f" else measure.mean_male


def allocate(sexes: Sequence[str], before: Sequence[Sequence[int]], dice: Dice) -> list[str]:
    """A list of 13 and 13, shuffled until the arms look alike at baseline.

    Only a list with no difference above 0.4 standard deviations in any measure is kept, so that the
    baseline table of an example this small does not distract. How the trial randomised is not
    reported.
    """
    while True:
        arms = dice.shuffled(["EG"] * ARM_SIZE + ["CG"] * ARM_SIZE)
        women = sum(sex == "f" for sex, arm in zip(sexes, arms, strict=True) if arm == "EG")
        others = sum(sex == "f" for sex in sexes) - women
        if abs(women - others) <= 2 and all(alike(values, arms) for values in before):
            return arms


def alike(values: Sequence[int], arms: Sequence[str]) -> bool:
    """Whether the means of the arms differ by less than 0.4 pooled standard deviations."""
    control, treated = by_arm(values, arms)
    difference = Fraction(sum(treated) - sum(control), ARM_SIZE)
    variance = (squares(control) + squares(treated)) / (2 * ARM_SIZE - 2)
    return difference**2 <= Fraction(4, 10) ** 2 * variance


def by_arm(values: Sequence[int], arms: Sequence[str]) -> tuple[list[int], list[int]]:
    """The values of the control arm and of the training arm."""
    pairs = list(zip(values, arms, strict=True))
    return [v for v, arm in pairs if arm == "CG"], [v for v, arm in pairs if arm == "EG"]


def follow_up(
    measure: Measure, before: Sequence[int], sexes: Sequence[str], fresh: Sequence[int]
) -> list[int]:
    """The values after six weeks as they would be without any training."""
    after = []
    for value, sex, deviation in zip(before, sexes, fresh, strict=True):
        mean = mean_of(measure, sex)
        kept = (value - mean) * measure.keep // 100
        change = measure.better * measure.control_change + measure.noise * deviation // 1000
        after.append(measure.within(mean + kept + change))
    return after


def p_of(before: Sequence[int], after: Sequence[int], arms: Sequence[str]) -> float:
    """The p value of the comparison of change between the arms."""
    return two_sided_p(*by_arm([b - a for a, b in zip(before, after, strict=True)], arms))


def calibrate(
    measure: Measure,
    before: Sequence[int],
    untrained: Sequence[int],
    arms: Sequence[str],
    dice: Dice,
) -> list[int]:
    """The values after six weeks, the training arm better by as much as gives the wanted p value.

    The arm is moved as a whole first, up to the move that comes nearest; then single values are
    moved by one step of the instrument for as long as that brings p nearer.
    """
    low, high = measure.p_value
    wanted = (low + high) / 2

    def moved(steps: int) -> list[int]:
        by = measure.better * steps
        pairs = zip(untrained, arms, strict=True)
        return [measure.within(value + by) if arm == "EG" else value for value, arm in pairs]

    def miss(after: Sequence[int]) -> float:
        return abs(p_of(before, after, arms) - wanted)

    least = next(
        steps for steps in range(1000) if favours_training(measure, before, moved(steps), arms)
    )
    moves = [moved(steps) for steps in range(least, least + 4 * measure.sd)]
    after = min(moves, key=miss)
    while not low < p_of(before, after, arms) < high:
        after = nudged(measure, after, miss, dice)
    return after


def nudged(
    measure: Measure, after: Sequence[int], miss: Callable[[Sequence[int]], float], dice: Dice
) -> list[int]:
    """The values with the first move of one step, of participants in any order, that helps."""
    now = miss(after)
    for place in dice.shuffled(range(len(after))):
        for step in (-1, 1):
            moved = list(after)
            moved[place] = measure.within(moved[place] + step)
            if miss(moved) < now:
                return moved
    raise ValueError(f"{measure.item}: no step brings p nearer; take another seed")


def favours_training(
    measure: Measure, before: Sequence[int], after: Sequence[int], arms: Sequence[str]
) -> bool:
    """Whether the training arm changed more for the better than the control arm."""
    control, treated = by_arm([b - a for a, b in zip(before, after, strict=True)], arms)
    return measure.better * (sum(treated) - sum(control)) > 0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Everybody who was screened, and the values of those randomised: measure, then participant."""

    people: tuple[Person, ...]
    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]

    @property
    def participants(self) -> list[Person]:
        """Those who were randomised, in the order of screening."""
        return [person for person in self.people if person.arm]

    def participant(self, arm: str, place: int) -> Person:
        """The participant at this place in the arm."""
        return next(p for p in self.people if p.arm == arm and p.place == place)


def imagine(seed: int) -> Trial:
    """The whole synthetic trial."""
    dice = Dice(seed)
    people = screen(dice)
    enrolled = [schedule(p, n, dice) for n, p in enumerate(filter(is_enrolled, people), start=1)]
    in_time = sorted(enrolled, key=lambda person: (person.randomised, person.subject_id))
    sexes = [person.sex for person in in_time]
    before = baselines(sexes, dice)
    arms = allocate(sexes, before, dice)
    fresh = deviations(sexes, MEASURES, dice)
    after = [
        calibrate(measure, a, follow_up(measure, a, sexes, noise), arms, dice)
        for measure, a, noise in zip(MEASURES, before, fresh, strict=True)
    ]
    participants = {
        person.subject_id: replace(person, number=n + 1, arm=arm, place=arms[:n].count(arm))
        for n, (person, arm) in enumerate(zip(in_time, arms, strict=True))
    }
    return Trial(
        people=tuple(participants.get(person.subject_id, person) for person in people),
        before=tuple(map(tuple, before)),
        after=tuple(map(tuple, after)),
    )


def is_enrolled(person: Person) -> bool:
    """Whether nothing stood in the way of randomisation."""
    return not person.not_enrolled


def screening(trial: Trial) -> list[Row]:
    """One row for everybody who was assessed for eligibility."""
    rows: list[Row] = []
    for person in trial.people:
        screened = person.screened.isoformat()
        if person.not_enrolled == "declined":
            rows.append((person.subject_id, screened, "no", "", "", "", "", "declined", ""))
            continue
        eligible = "no" if person.not_enrolled == "criteria" else "yes"
        specific = "no" if "specific" in person.detail else "yes"
        consented = person.consented.isoformat()
        answers = ("yes", consented, str(person.age), specific, eligible)
        rows.append((person.subject_id, screened, *answers, person.not_enrolled, person.detail))
    return rows


def demographics(trial: Trial, dice: Dice) -> list[Row]:
    """One row a participant; two values could not be had."""
    rows: list[Row] = []
    for person in trial.participants:
        female = person.sex == "f"
        height = (162 if female else 175) + 6 * dice.bell() // 1000
        index = 235 + 25 * dice.bell() // 1000  # tenths of kg/m²
        weight = index * height * height // 10000 * Decimal("0.1")
        duration = 4 + dice.below(9) * dice.below(9)
        refused = (person.arm, person.place) == WEIGHT_REFUSED
        unknown = (person.arm, person.place) == DURATION_UNKNOWN
        rows.append(
            (
                person.subject_id,
                person.sex,
                str(person.age),
                str(height),
                "REF" if refused else str(weight),
                "UNK" if unknown else str(duration),
                dice.pick(("low", "low", "moderate", "moderate", "moderate", "high")),
            )
        )
    return rows


def randomisation(trial: Trial) -> list[Row]:
    """One row a participant."""
    in_time = sorted(trial.participants, key=lambda person: person.number)
    return [(p.subject_id, p.day(0), str(p.number), p.arm) for p in in_time]


def assessments(trial: Trial, form: str) -> list[tuple[Person, str, str, dict[str, int]]]:
    """Participant, visit, date and the values in steps, for every assessment on this form."""
    found = []
    for person in trial.participants:
        for visit, values in (("BL", trial.before), ("W6", trial.after)):
            day = person.baseline if visit == "BL" else person.followed_up
            if (
                form == "trunk"
                and visit == "W6"
                and (person.arm, person.place) == ASSESSED_LATE[:2]
            ):
                day = person.randomised + timedelta(days=ASSESSED_LATE[2])
            own = {
                measure.item: of_all[person.number - 1]
                for measure, of_all in zip(MEASURES, values, strict=True)
                if measure.form == form
            }
            found.append((person, visit, day.isoformat(), own))
    return found


def pain(trial: Trial, dice: Dice) -> list[Row]:
    """Two rows a participant; one question was answered late."""
    rows: list[Row] = []
    for person, visit, day, values in assessments(trial, "pain"):
        late = visit == "W6" and (person.arm, person.place) == ANSWERED_LATE[:2]
        answered = date.fromisoformat(day) + timedelta(days=ANSWERED_LATE[2] if late else 0)
        vas = values["vas_mm"]
        analgesic = "yes" if vas > 45 and dice.below(100) < 35 else "no"
        rows.append((person.subject_id, visit, day, answered.isoformat(), str(vas), analgesic))
    return rows


def balance(trial: Trial, dice: Dice) -> list[Row]:
    """Two rows a participant; the score is the better, lower, of two attempts."""
    rows: list[Row] = []
    for person, visit, day, values in assessments(trial, "balance"):
        best = values["togu_score"]
        attempts = dice.shuffled((best, min(best + dice.below(40), 500)))
        written = [str(steps * Decimal("0.01")) for steps in (*attempts, best)]
        rows.append((person.subject_id, visit, day, *written))
    return rows


def measured(trial: Trial, form: str) -> list[Row]:
    """Two rows a participant, with every measure of the form."""
    by_item = {measure.item: measure for measure in MEASURES}
    return [
        (
            person.subject_id,
            visit,
            day,
            *(by_item[item].written(steps) for item, steps in values.items()),
        )
        for person, visit, day, values in assessments(trial, form)
    ]


def sessions(trial: Trial, dice: Dice) -> list[Row]:
    """One row a planned session of the training arm, up to the day the training was stopped."""
    rows: list[Row] = []
    for person in (p for p in trial.participants if p.arm == "EG"):
        last = SESSIONS_BEFORE_STOPPING if person.place == STOPPED else PLANNED_SESSIONS
        missed = set(dice.shuffled(range(2, last + 1))[: MISSED_SESSIONS[person.place]])
        sore = dice.below(3)
        for number, day in enumerate(session_days(person, last), start=1):
            key = (person.subject_id, str(number), day.isoformat())
            if number in missed:
                reason = dice.pick(("work", "work", "illness", "family", "travel", "unknown"))
                rows.append((*key, "no", reason, "", "", "", ""))
            else:
                rows.append((*key, "yes", "", *training(person, number, sore, dice)))
    return rows


def session_days(person: Person, last: int) -> list[date]:
    """Mondays, Wednesdays and Fridays after the randomisation."""
    after = (person.randomised + timedelta(days=n) for n in range(1, 50))
    return [day for day in after if day.weekday() in {0, 2, 4}][:last]


def training(person: Person, number: int, sore: int, dice: Dice) -> Row:
    """Minutes, exercises done of eight, perceived exertion, and pain during the exercise."""
    here = (person.place, number)
    minutes = dice.pick((45, 45, 45, 45, 45, 40, 50))
    exercises = dice.pick((8, 8, 8, 8, 7, 7, 6))
    exertion = str(10 + number // 6 + dice.below(4))
    pain_during = max(0, sore + dice.below(3) - number // 7)
    if here == SHORT_SESSION[:2]:
        minutes, exercises = SHORT_SESSION[2], 3
    if here == HARD_SESSION[:2]:
        exertion = str(HARD_SESSION[2])
    if here in EXERTION_NOT_ASKED:
        exertion = "NASK"
    return (str(minutes), str(exercises), exertion, str(pain_during))


def adverse_events(trial: Trial) -> list[Row]:
    """One row an event, in the order of participants. Invented: the sources report no event."""
    rows: list[Row] = []
    for arm, place, start, lasted, term, severity, related in ADVERSE_EVENTS:
        person = trial.participant(arm, place)
        end = "" if lasted is None else person.day(start + lasted - 1)
        outcome = "recovered" if end else "ongoing"
        event = (term, person.day(start), end, severity, "no", related, "no", outcome)
        rows.append((person.subject_id, *event))
    return numbered(rows)


def concomitant_care(trial: Trial) -> list[Row]:
    """One row a treatment, in the order of participants."""
    rows: list[Row] = []
    for arm, place, start, end, treatment, kind in CONCOMITANT_CARE:
        person = trial.participant(arm, place)
        ongoing, last = ("yes", "") if end is None else ("no", person.day(end))
        rows.append((person.subject_id, treatment, kind, person.day(start), ongoing, last))
    return numbered(rows)


def numbered(rows: Sequence[Row]) -> list[Row]:
    """The rows by participant, each participant's numbered from 1 in a second column."""
    ordered = sorted(rows, key=lambda row: row[0])
    subjects = [row[0] for row in ordered]
    return [
        (row[0], str(subjects[:place].count(row[0]) + 1), *row[1:])
        for place, row in enumerate(ordered)
    ]


def end_of_study(trial: Trial) -> list[Row]:
    """One row a participant; all were assessed after six weeks, one after stopping early."""
    rows: list[Row] = []
    for person in trial.participants:
        last = person.followed_up
        if (person.arm, person.place) == ASSESSED_LATE[:2]:
            last = person.randomised + timedelta(days=ASSESSED_LATE[2])
        stopped = person.arm == "EG" and person.place == STOPPED
        stopping = ("no", "", "")
        if stopped:
            day = session_days(person, SESSIONS_BEFORE_STOPPING)[-1] + timedelta(days=1)
            stopping = ("yes", day.isoformat(), "time")
        end = ("yes", last.isoformat(), "")
        rows.append((person.subject_id, person.arm, "", *stopping, *end))
    return rows


HEADERS = {
    "screening": "subject_id,screening_date,consent,consent_date,age_years,nonspecific_pain,eligible,"
    "not_enrolled_reason,not_enrolled_detail",
    "demographics": "subject_id,sex,age_years,height_cm,weight_kg,pain_duration_months,activity",
    "randomisation": "subject_id,randomisation_date,randomisation_number,arm",
    "pain": "subject_id,visit,visit_date,answered_on,vas_mm,analgesic_24h",
    "balance": "subject_id,visit,visit_date,attempt_1,attempt_2,togu_score",
    "trunk": "subject_id,visit,visit_date,back_strength_kg,abdominal_strength_kg,back_endurance_s,"
    "abdominal_endurance_s",
    "hamstring": "subject_id,visit,visit_date,strength_left_kg,strength_right_kg,sit_and_reach_cm",
    "sessions": "subject_id,repeat,session_date,attended,missed_reason,minutes,exercises_done,"
    "exertion,pain_during",
    "adverse_events": "subject_id,repeat,term,start_date,end_date,severity,serious,related,"
    "led_to_withdrawal,outcome",
    "concomitant_care": "subject_id,repeat,treatment,kind,start_date,ongoing,end_date",
    "end_of_study": "subject_id,arm_received,not_received_reason,discontinued,discontinuation_date,"
    "discontinuation_reason,completed,end_date,end_reason",
}


def files(seed: int = SEED) -> dict[str, bytes]:
    """The content of every data file, by its name."""
    trial = imagine(seed)
    dice = Dice(seed + 1)
    rows = {
        "screening": screening(trial),
        "demographics": demographics(trial, dice),
        "randomisation": randomisation(trial),
        "pain": pain(trial, dice),
        "balance": balance(trial, dice),
        "trunk": measured(trial, "trunk"),
        "hamstring": measured(trial, "hamstring"),
        "sessions": sessions(trial, dice),
        "adverse_events": adverse_events(trial),
        "concomitant_care": concomitant_care(trial),
        "end_of_study": end_of_study(trial),
    }
    return {
        f"{form}.csv": "\n".join([HEADERS[form], *map(line, rows[form]), ""]).encode()
        for form in HEADERS
    }


def line(row: Row) -> str:
    """A row as CSV; a cell with a comma is quoted."""
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in row)


def main() -> None:
    """Write data/*.csv beside this script."""
    folder = Path(__file__).parent / "data"
    for name, content in files().items():
        (folder / name).write_bytes(content)
        print(f"data/{name}: {content.count(bytes([10])) - 1} rows")


if __name__ == "__main__":
    main()
