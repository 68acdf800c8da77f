"""The interventions of every arm, as TIDieR asks for them (CONSORT 13)."""

from collections.abc import Callable
from dataclasses import replace

from trialkit.protocol.compared import compared
from trialkit.protocol.trial.interventions import Arm, ExerciseProgramme, Intervention
from trialkit.protocol.trial.kinds import InterventionKind
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Block
from trialkit.report.content.text import Definition, Definitions
from trialkit.report.marks.reading import protocol_runs
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import listing, sentence


def interventions(protocol: Protocol) -> tuple[Block, ...]:
    """What each arm gets, and what of it the protocol leaves open."""
    protocol = compared(protocol)
    described = [arm for arm in protocol.arms if arm.intervention is not None]
    if not described:
        return ()
    without = [arm.label for arm in protocol.arms if not _is_described(arm)]
    lacks = f"procedures not reported for {listing(without)}" if without else ""
    if not lacks:
        open_fields = _unreported(protocol)
        lacks = f"not reported: {listing(open_fields)}" if open_fields else ""
    claim = Claim(
        item="13", part="interventions of every arm", source=ClaimSource.WORDS, lacks=lacks
    )
    return tuple(
        Definitions(
            entries=tuple(_intervention_entries(arm.intervention)),
            lead=arm.label if not arm.reference else f"{arm.label} (reference)",
            claims=_claims(claim, described, without) if arm is described[0] else (),
        )
        for arm in described
        if arm.intervention is not None
    )


def _claims(claim: Claim, described: list[Arm], without: list[str]) -> tuple[Claim, ...]:
    """What the descriptions of all arms answer together."""
    core = (claim,) if len(without) < len(described) else ()
    return (*core, *extension_claims(described))


def extension_claims(described: list[Arm]) -> tuple[Claim, ...]:
    """What is printed of TIDieR's, CERT's and the non-pharmacological extension's rows.

    An arm that gets nothing has a name and nothing else to describe; CERT asks of arms that exercise.
    """
    treated = [arm for arm in described if not _gets_nothing(arm)]
    training = [arm for arm in described if _kind(arm) is InterventionKind.EXERCISE]
    claims = [
        _named(described),
        *(_answer(treated, term, *row) for term, row in _TIDIER.items()),
        *(_answer(treated, term, *row) for term, *row in _NPT),
        *(_answer(training, term, *row) for term, *row in _CERT),
        *(_of_the_dose(training, part, amount) for part, amount in _CERT_DOSE),
    ]
    return tuple(each for each in claims if each is not None)


def _named(arms: list[Arm]) -> Claim | None:
    """That every arm's care has a name."""
    claim = Claim(item="1", part="name", source=ClaimSource.WORDS, checklist="tidier")
    return _claimed(arms, claim, text=lambda own: own.name)


def _answer(arms: list[Arm], term: str, item: str, part: str, checklist: str) -> Claim | None:
    """That these arms' descriptions say this; None where none of them does."""
    source = ClaimSource.PROTOCOL if term == _DOSE else ClaimSource.WORDS
    claim = Claim(item=item, part=part, source=source, checklist=checklist)
    return _claimed(arms, claim, text=lambda own: _texts(own).get(term, ""))


def _of_the_dose(
    arms: list[Arm], part: str, amount: Callable[[Intervention], float | None]
) -> Claim | None:
    """That these arms' plans have this number; None where none of them does."""
    claim = Claim(item="13", part=part, source=ClaimSource.PROTOCOL, checklist="cert")

    def told(own: Intervention) -> str:
        planned = amount(own)
        return "" if planned is None else f"{plain(planned)} {part}"

    return _claimed(arms, claim, text=told)


def _claimed(arms: list[Arm], claim: Claim, *, text: Callable[[Intervention], str]) -> Claim | None:
    """The claim, with the arms whose text does not say it; None where none of them does."""
    silent = [
        arm.label for arm in arms if arm.intervention is None or not is_said(text(arm.intervention))
    ]
    if len(silent) == len(arms):
        return None
    return replace(claim, lacks=f"not for {listing(silent)}" if silent else "")


def _kind(arm: Arm) -> InterventionKind | None:
    return arm.intervention.kind if arm.intervention is not None else None


def _gets_nothing(arm: Arm) -> bool:
    kind = _kind(arm)
    return kind is not None and kind.is_untreated


_DOSE = "Dose"
"""The one term that is told from numbers of the protocol."""
_CERT_DOSE: tuple[tuple[str, Callable[[Intervention], float | None]], ...] = (
    ("sessions", lambda own: own.sessions),
    ("length of a session", lambda own: own.minutes_per_session),
    ("weeks", lambda own: own.weeks),
)
"""The parts of a dose that CERT's item 13 asks for one by one, and where the protocol has them."""
_TIDIER = {
    "Rationale": ("2", "rationale", "tidier"),
    "Materials": ("3", "materials", "tidier"),
    "Procedures": ("4", "procedures", "tidier"),
    "Provided by": ("5", "provider", "tidier"),
    "Delivery": ("6", "delivery", "tidier"),
    "Place": ("7", "place", "tidier"),
    _DOSE: ("8", "dose", "tidier"),
    "Tailoring": ("9", "tailoring", "tidier"),
    "Adherence": ("11", "adherence", "tidier"),
}
_NPT = (
    ("Procedures", "5a", "components", "npt"),
    ("Tailoring", "5a", "tailoring", "npt"),
    ("Fidelity", "5c", "adherence of providers", "npt"),
    ("Adherence", "5d", "adherence of participants", "npt"),
)
_CERT = (
    ("Equipment", "1", "equipment", "cert"),
    ("Provided by", "2", "provider", "cert"),
    ("Grouping", "3", "grouping", "cert"),
    ("Supervision", "4", "supervision", "cert"),
    ("Adherence", "5", "how it is measured", "cert"),
    ("Motivation", "6", "motivation", "cert"),
    ("Rule of progression", "7a", "progression rule", "cert"),
    ("Progression", "7b", "progression", "cert"),
    ("Exercises", "8", "exercises", "cert"),
    ("Home programme", "9", "home programme", "cert"),
    ("Other components", "10", "other components", "cert"),
    ("Place", "12", "place", "cert"),
    ("Sets and repetitions", "13", "sets and repetitions", "cert"),
    ("Tailoring", "14a", "tailoring", "cert"),
    ("Tailoring", "14b", "how", "cert"),
    ("Starting level", "15", "starting level", "cert"),
    ("Fidelity", "16a", "fidelity", "cert"),
)


def _texts(intervention: Intervention) -> dict[str, str]:
    """What TIDieR asks for, in its order, where the protocol says it."""
    return {
        "Rationale": intervention.rationale,
        "Materials": intervention.materials,
        "Procedures": intervention.procedures,
        "Provided by": intervention.provider,
        "Delivery": intervention.delivery,
        "Place": intervention.place,
        _DOSE: _dose(intervention),
        "Tailoring": intervention.tailoring,
        "Adherence": intervention.adherence,
        **(_programme(intervention.exercise) if intervention.exercise is not None else {}),
    }


def _programme(exercise: ExerciseProgramme) -> dict[str, str]:
    """What CERT asks for beyond TIDieR."""
    return {
        "Equipment": exercise.equipment,
        "Grouping": exercise.grouping,
        "Supervision": exercise.supervision,
        "Motivation": exercise.motivation,
        "Rule of progression": exercise.progression_rule,
        "Progression": exercise.progression,
        "Exercises": "; ".join(exercise.exercises),
        "Sets and repetitions": exercise.sets_and_repetitions,
        "Home programme": exercise.home_programme,
        "Other components": exercise.other_components,
        "Starting level": exercise.starting_level,
        "Fidelity": exercise.fidelity,
    }


def _intervention_entries(intervention: Intervention) -> list[Definition]:
    return [
        Definition(term="Name", runs=protocol_runs(sentence(intervention.name))),
        *(
            Definition(term=term, runs=protocol_runs(sentence(text)))
            for term, text in _texts(intervention).items()
            if text.strip()
        ),
    ]


def _dose(intervention: Intervention) -> str:
    """How much, how often and how long is planned."""
    planned = (
        (intervention.sessions, "session", "sessions"),
        (intervention.sessions_per_week, "a week", "a week"),
        (intervention.minutes_per_session, "minute each", "minutes each"),
        (intervention.weeks, "week", "weeks"),
    )
    known = [
        f"{plain(amount)} {one if amount == 1 else several}"
        for amount, one, several in planned
        if amount is not None
    ]
    return f"Planned: {', '.join(known)}" if known else ""


def _is_described(arm: Arm) -> bool:
    return arm.intervention is not None and is_said(arm.intervention.procedures)


def _unreported(protocol: Protocol) -> list[str]:
    """The fields of any arm that say that nothing is reported."""
    found: dict[str, None] = {}
    for arm in protocol.arms:
        if not is_said(arm.label):
            found["label"] = None
        if arm.intervention is not None:
            if not is_said(arm.intervention.name):
                found["name"] = None
            for term, text in _texts(arm.intervention).items():
                if text.strip() and not is_said(text):
                    found[term.lower()] = None
    return list(found)
