"""What must hold of the options of methods: what they name is there, and they are read."""

from trialkit.protocol.methods.cut_points import misplaced
from trialkit.protocol.methods.measured_outcome import ARM, BASELINE
from trialkit.protocol.methods.outcome_kinds import KINDS
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.named_specifications import specification_named, tables_read
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import Table, characteristic, numbers, rows, text, texts

_BESIDE_CHARACTERISTICS = {
    "covariates": (BASELINE,),
    "covariates_by_visit": (BASELINE,),
    "covariance_by": (ARM,),
}
"""What an option may name that is no characteristic."""


def complain_of_options(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for each option that its method, its outcomes or the trial have no use for."""
    _responders_have_a_threshold(raw, complaints)
    _covariates_are_characteristics(raw, complaints)
    _cut_points_rise(raw, complaints)
    _visits_can_be_chosen(raw, complaints)
    _options_are_read(raw, complaints)
    _priorities_are_outcomes(raw, complaints)


def _responders_have_a_threshold(raw: Table, complaints: Complaints) -> None:
    changes = {
        text(each, "code"): each.get("minimal_important_change")
        for _, each in rows(raw, "outcomes")
    }
    for table, each in rows(raw, "analyses"):
        specification = specification_named(text(each, "method"))
        options = specification.THRESHOLDS if specification else ()
        if not options or any(option in each for option in options):
            continue
        for code in dict.fromkeys(texts(each, "outcomes")):
            if code in changes and changes[code] is None:
                complaints.add(
                    table=table,
                    key=options[0],
                    found=f"nothing, and no minimal_important_change of outcome {code!r}",
                    expected="how much improvement makes a responder",
                )


def _covariates_are_characteristics(raw: Table, complaints: Complaints) -> None:
    """A covariate measured after randomisation would adjust the effect away."""
    characteristics = [characteristic(each) for _, each in rows(raw, "characteristics")]
    for table, each in tables_read(raw):
        specification = specification_named(text(each, "method"))
        named = [
            (key, covariate)
            for key in (specification.OF_BASELINE if specification else ())
            for covariate in (*texts(each, key), *filter(None, [text(each, key)]))
        ]
        for key, covariate in named:
            own = _BESIDE_CHARACTERISTICS.get(key, ())
            known = [*own, *characteristics]
            if covariate not in known:
                complaints.add(
                    table=table,
                    key=key,
                    found=shown(covariate),
                    expected=f"{''.join(f'{word!r} or ' for word in own)}a form.item among the "
                    f"[[characteristics]]: {', '.join(characteristics) or 'none'}"
                    f"{suggestion(covariate, known)}",
                )


def _cut_points_rise(raw: Table, complaints: Complaints) -> None:
    """In any other order it is not known which levels are meant; without one there are none."""
    for table, each in rows(raw, "analyses"):
        points = each.get("cut_points")
        if not isinstance(points, list):
            continue
        wrong = "an empty list" if points == [] else misplaced(tuple(numbers(each, "cut_points")))
        if wrong:
            complaints.add(
                table=table,
                key="cut_points",
                found=wrong,
                expected="one or more numbers that rise, such as [40, 65], or no such key",
            )


def _visits_can_be_chosen(raw: Table, complaints: Complaints) -> None:
    """Visits that are named lie after baseline, and the time point is among them."""
    known = [(text(each, "code"), each.get("baseline") is True) for _, each in rows(raw, "visits")]
    first = next((place for place, (_, is_first) in enumerate(known) if is_first), -1)
    later = [code for code, _ in known[first + 1 :]]
    ends = {text(each, "code"): text(each, "time_point") for _, each in rows(raw, "outcomes")}
    for table, each in tables_read(raw):
        chosen = each.get("visits")
        if not isinstance(chosen, list) or not known:
            continue
        strange = [code for code in texts(each, "visits") if code not in later]
        own = text(each, "time_point")
        wanted = dict.fromkeys(
            own or ends[code] for code in texts(each, "outcomes") if code in ends
        )
        lacking = [code for code in wanted if code and code not in chosen]
        expected = f"visits after baseline: {', '.join(later)}"
        if strange:
            found = f"{shown(strange[0])}{suggestion(strange[0], later)}"
        elif len(set(texts(each, "visits"))) < len(chosen):
            found = "a visit twice"
        elif not chosen:
            found, expected = "an empty list", f"{expected}; or no such key, for all of them"
        elif lacking:
            found = f"{', '.join(map(shown, chosen))}, without the time point {shown(lacking[0])}"
        else:
            continue
        complaints.add(table=table, key="visits", found=found, expected=expected)


def _options_are_read(raw: Table, complaints: Complaints) -> None:
    """An option that nothing reads promises what is not done."""
    types = {text(each, "code"): text(each, "type") for _, each in rows(raw, "outcomes")}
    shares = {kind.type.value for kind in KINDS.values() if kind.is_proportion}
    means = {kind.type.value for kind in KINDS.values() if kind.is_mean}
    for table, each in tables_read(raw):
        specification = specification_named(text(each, "method"))
        outcomes = texts(each, "outcomes")
        found = {types.get(code) for code in outcomes}
        if not specification or not found:
            continue
        if found <= shares:
            unread, of = specification.OF_MEANS, "proportions"
            instead = "proportions are compared as they are"
        elif found <= means:
            unread, of = specification.OF_RISKS, "means"
            instead = "it says how proportions are compared"
        else:
            continue
        for option in unread:
            if option in each:
                complaints.add(
                    table=table,
                    key=option,
                    found=f"{shown(each[option])} for {of} alone",
                    expected=f"no such key: {instead}",
                )


def _priorities_are_outcomes(raw: Table, complaints: Complaints) -> None:
    """What is asked of tied pairs is another outcome whose values tell who is better."""
    types = {text(each, "code"): text(each, "type") for _, each in rows(raw, "outcomes")}
    deciding = [kind.type.value for kind in KINDS.values() if kind.tells_who_is_better]
    numbers_alone = [kind.type.value for kind in KINDS.values() if kind.is_mean]
    for table, each in rows(raw, "analyses"):
        for _, then in rows(each, "then"):
            code = text(then, "outcome")
            others = [known for known in types if known not in texts(each, "outcomes")]
            if code not in others:
                found = shown(code)
                expected = (
                    f"another outcome: {', '.join(others) or 'none'}{suggestion(code, others)}"
                )
            elif types[code] in list(OutcomeType) and types[code] not in deciding:
                found = f"{shown(code)}, an outcome of type {types[code]}"
                expected = f"an outcome of type {', '.join(deciding)}"
            elif then.get("more_than") and types[code] not in numbers_alone:
                found = f"more_than of the {types[code]} outcome {code!r}"
                expected = f"more_than of outcomes of type {', '.join(numbers_alone)} alone"
            else:
                continue
            complaints.add(table=table, key="then", found=found, expected=expected)
