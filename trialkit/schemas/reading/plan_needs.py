"""What the analyses and populations of the plan need of the forms, so that a run does not end late."""

from collections.abc import Iterator, Sequence

from trialkit.errors import Complaint
from trialkit.protocol.methods.cut_points import CutPoints, digits
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.specification import GROUPINGS, STRATA
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.people import Grouping, PopulationRule
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, FormKind, Item, Purpose
from trialkit.schemas.items.kind import Describes, Nature
from trialkit.schemas.reading.asking import visits_that_ask

PROTOCOL = "protocol.toml"
_GROUPS = {STRATA: "stratum", GROUPINGS: "group"}


def complain_of_plan(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """A complaint for every analysis, population and characteristic that the forms cannot serve."""
    by_id = {form.id: form for form in forms}
    for analysis in protocol.plan.analyses:
        for code in analysis.outcomes:
            outcome = protocol.analysed(analysis, code)
            if outcome.form in by_id:
                yield from _values_are_asked(analysis, outcome, forms, protocol)
            yield from _priorities_are_asked(analysis, outcome.time_point, forms, protocol)
        yield from _models_read_single_answers(analysis, forms)
        yield from _strata_are_categories(analysis, forms)
        yield from _levels_are_known(analysis, forms)
    for rule in protocol.populations:
        yield from _conditions_are_recorded(rule, forms, protocol)
    yield from _restrictions_are_asked(forms, protocol)
    yield from _clusters_are_asked(forms, protocol)
    yield from _receipt_is_asked(forms, protocol)
    yield from _characteristics_are_single_values(forms, protocol)


def _values_are_asked(
    analysis: Analysis, outcome: Outcome, forms: Sequence[Form], protocol: Protocol
) -> Iterator[Complaint]:
    """The form is filled in wherever the analysis reads the outcome."""
    form = next(form for form in forms if form.id == outcome.form)
    item = next((item for item in form.items if item.id == outcome.item), None)
    asked = visits_that_ask(form, item, tuple(forms)) if item else form.visits
    asked = asked if form.visits else (outcome.time_point,)
    where, whose = f"{form.id} is filled in", f"of {form.file}"
    if form.visits and asked != form.visits:
        where, whose = f"{form.id}.{outcome.item} is asked", "at which its shown_when can hold"
    specification, baseline = analysis.specification, protocol.baseline.code
    measured = protocol.measured(outcome, asked)
    needed = [baseline] if specification.uses_baseline(measured) else []
    needed += specification.needed_visits(measured)
    lacking = [
        visit
        for visit in dict.fromkeys(needed)
        if visit not in asked and (analysis.time_point or visit != outcome.time_point)
    ]
    for visit in lacking:
        name = "the baseline value" if visit == baseline else f"the value at {visit}"
        yield _complaint(
            analysis,
            found=f"{specification.method.value}, which reads {name} of {outcome.code!r}, but "
            f"{where} at {', '.join(asked)} only",
            expected=f"{visit!r} among the visits {whose}, or an analysis without it",
        )
    for visit in specification.reads.chosen_visits:
        if visit not in asked and visit not in lacking:
            yield _complaint(
                analysis,
                found=f"{specification.method.value} of the values at {visit}, but {where} at "
                f"{', '.join(asked)} only",
                expected=f"{visit!r} among the visits {whose}, or not among those of the analysis",
            )
    if specification.reads.IS_REPEATED and not measured.later:
        yield _complaint(
            analysis,
            found=f"{specification.method.value} of {outcome.code!r}, whose form {form.id} is not "
            f"filled in after {baseline}",
            expected="a form that is filled in at visits after baseline",
        )


def _priorities_are_asked(
    analysis: Analysis, visit: str, forms: Sequence[Form], protocol: Protocol
) -> Iterator[Complaint]:
    """An outcome that is asked of tied pairs is known at the time point of the first one."""
    for code in analysis.specification.further_outcomes:
        outcome = protocol.outcome(code)
        form = next((each for each in forms if each.id == outcome.form), None)
        item = (
            next((each for each in form.items if each.id == outcome.item), None) if form else None
        )
        if form is None or item is None:
            continue
        asked = visits_that_ask(form, item, tuple(forms)) if form.visits else (outcome.time_point,)
        if visit not in asked:
            yield Complaint(
                file=PROTOCOL,
                table=f"analyses {analysis.id!r}",
                key="then",
                found=f"{code!r} at {visit}, but {form.id}.{item.id} is asked at {', '.join(asked)} only",
                expected="an outcome that is asked at the time point of the analysis",
            )


def _models_read_single_answers(analysis: Analysis, forms: Sequence[Form]) -> Iterator[Complaint]:
    """Of several choices nobody is in one category, so that none is a level of a model."""
    several = {
        f"{form.id}.{item.id}"
        for form in forms
        for item in form.items
        if item.kind.describes is Describes.BY_CHOICES
    }
    reads = analysis.specification.reads
    for option in reads.OF_BASELINE:
        value = getattr(reads, option)
        for name in (value,) if isinstance(value, str) else value:
            if name in several:
                yield Complaint(
                    file=PROTOCOL,
                    table=f"analyses {analysis.id!r}",
                    key=option,
                    found=f"{name}, of which a participant may have several choices",
                    expected="a number, or an item with one answer",
                )


def _strata_are_categories(analysis: Analysis, forms: Sequence[Form]) -> Iterator[Complaint]:
    """Each value of a number would be a stratum of its own."""
    numbers = {
        f"{form.id}.{item.id}"
        for form in forms
        for item in form.items
        if item.kind.describes is Describes.BY_NUMBERS
    }
    for option, name in analysis.specification.reads.grouped_by:
        if name in numbers:
            yield Complaint(
                file=PROTOCOL,
                table=f"analyses {analysis.id!r}",
                key=option,
                found=f"{name}, a number, of which each value would be a {_GROUPS[option]} of its own",
                expected="an item with choices, such as groups of that number",
            )


def _levels_are_known(analysis: Analysis, forms: Sequence[Form]) -> Iterator[Complaint]:
    """The form lists the levels of a choice; a number has those that the plan cuts it into."""
    specification = analysis.specification
    name, cuts = specification.split_by, specification.cuts
    found = [
        item for form in forms for item in form.items if name and f"{form.id}.{item.id}" == name
    ]
    for item in found:
        if cuts is None and item.kind.describes is Describes.BY_NUMBERS:
            key, said = "by", f"{name}, a number, and no cut_points"
            expected = "cut_points = [...], which make levels of it, or an item with choices"
        elif cuts is None:
            continue
        elif item.kind.describes is not Describes.BY_NUMBERS:
            key, said = "cut_points", f"cut points of {name}, an item of type {item.type.value}"
            expected = "no such key, since its answers are the levels, or by = a number"
        elif empty := _levels_of_nobody(cuts, item):
            key, said = (
                "cut_points",
                f"{empty} of {name}, which nobody can have: it is {_limits(item)}",
            )
            expected = "cut points that leave somebody to every level"
        else:
            continue
        yield Complaint(
            file=PROTOCOL,
            table=f"analyses {analysis.id!r}",
            key=key,
            found=said,
            expected=expected,
        )


def _levels_of_nobody(cuts: CutPoints, item: Item) -> str:
    """The levels without a value that the form allows."""
    levels = cuts.levels(item.unit)
    empty = cuts.out_of_reach(*_ends(item), whole=item.kind.nature is Nature.WHOLE)
    return " and ".join(repr(levels[place]) for place in empty)


def _limits(item: Item) -> str:
    """The values that the form allows, in words."""
    low, high = (None if end is None else digits(end) for end in _ends(item))
    kind = "a whole number" if item.kind.nature is Nature.WHOLE else "a number"
    ends = [*([f"from {low}"] if low else []), *([f"to {high}"] if high else [])]
    return " ".join([kind, *ends])


def _ends(item: Item) -> tuple[float | None, float | None]:
    """The lowest and the highest number that the form allows."""
    low, high = (
        end if isinstance(end, int | float) else None for end in (item.range.low, item.range.high)
    )
    return low, high


def _restrictions_are_asked(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """A re-randomisation test permutes the arms within the blocks and strata that were used."""
    stated = protocol.randomisation
    needed = {Purpose.BLOCK: stated.is_blocked, Purpose.STRATUM: stated.is_stratified}
    asked = {item.purpose for form in forms if form.key == ("subject_id",) for item in form.items}
    for analysis in protocol.plan.analyses:
        if not analysis.specification.permutes_as_randomised:
            continue
        for purpose in (each for each, used in needed.items() if used and each not in asked):
            yield _complaint(
                analysis,
                found=f"{analysis.specification.method.value} within the {purpose.value} that the "
                f"randomisation ({stated.type.value}) used, which no form asks for",
                expected=f"an item with purpose = {purpose.value!r} in the form of kind "
                "randomisation, or another method",
            )


def _clusters_are_asked(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """Somebody must record to which cluster a participant belongs."""
    clusters = protocol.clusters
    asked = {item.purpose for form in forms if form.key == ("subject_id",) for item in form.items}
    if clusters is not None and Purpose.CLUSTER not in asked:
        yield Complaint(
            file=PROTOCOL,
            table="clusters",
            key="",
            found=f"clusters ({clusters.plural}), and no form that asks for a participant's",
            expected="an item with purpose = 'cluster' in a form with one row for a participant",
        )


def _receipt_is_asked(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """Where no form asks, everybody is taken to have received what was allocated."""
    asked = {item.purpose for form in forms if form.key == ("subject_id",) for item in form.items}
    if asked & {Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON}:
        return
    for analysis in protocol.plan.analyses:
        if analysis.specification.reads.READS_RECEIVED:
            yield _complaint(
                analysis,
                found=f"{analysis.specification.method.value}, and no form that asks what was received",
                expected="an item with purpose = 'arm_received' or 'not_received_reason' in a form with "
                "one row for a participant",
            )


def _complaint(analysis: Analysis, *, found: str, expected: str) -> Complaint:
    return Complaint(
        file=PROTOCOL,
        table=f"analyses {analysis.id!r}",
        key="method",
        found=found,
        expected=expected,
    )


def _conditions_are_recorded(
    rule: PopulationRule, forms: Sequence[Form], protocol: Protocol
) -> Iterator[Complaint]:
    """A condition that nothing records would exclude everybody, or nobody."""
    recorded = {
        item.purpose
        for form in forms
        if form.key == ("subject_id",)
        for item in form.items
        if item.purpose
    }
    treated = (Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON)
    wanted = {
        "completed": (rule.completed, (Purpose.COMPLETED,)),
        "received_any": (rule.received_any, treated),
        "received_allocated": (rule.received_allocated, treated),
        "group_by": (rule.group_by is Grouping.RECEIVED, (Purpose.ARM_RECEIVED,)),
    }
    table = f"populations {rule.code!r}"
    for key, (asked, purposes) in wanted.items():
        if asked and not recorded & set(purposes):
            names = " or ".join(repr(purpose.value) for purpose in purposes)
            yield Complaint(
                file=PROTOCOL,
                table=table,
                key=key,
                found="a condition that no form records",
                expected=f"an item with purpose = {names} in a form with one row a participant",
            )
    if rule.minimum_attendance_percent is None:
        return
    planned = [arm for arm in protocol.arms if arm.intervention and arm.intervention.sessions]
    if not any(form.kind is FormKind.SESSIONS for form in forms) or not planned:
        found, expected = "no form of kind sessions", "a session log, one row a session"
        if not planned:
            found, expected = "no arm with planned sessions", "arms.intervention.sessions"
        yield Complaint(
            file=PROTOCOL,
            table=table,
            key="minimum_attendance_percent",
            found=f"{rule.minimum_attendance_percent:g} %, but {found}",
            expected=expected,
        )


def _characteristics_are_single_values(
    forms: Sequence[Form], protocol: Protocol
) -> Iterator[Complaint]:
    """A baseline characteristic is one number or answer of a participant."""
    by_id = {form.id: form for form in forms}
    for row in protocol.characteristics:
        form = by_id.get(row.form)
        item = next((each for each in form.items if each.id == row.item), None) if form else None
        if form is None or item is None:
            continue
        table = f"characteristics {row.form}.{row.item}"
        visit = row.visit or protocol.baseline.code
        if form.repeating:
            found, key = f"{form.id!r}, which has several rows for a participant", "form"
            expected = "a form that is not repeating"
        elif item.kind.describes is Describes.NOT:
            found, key = f"an item of type {item.type.value}", "item"
            expected = "a number, choice, yes/no or text"
        elif form.visits and not row.visit and visit not in form.visits:
            found, key = f"no visit, but {form.id} is not filled in at {visit}", "visit"
            expected = f"one of {', '.join(form.visits)}"
        else:
            continue
        yield Complaint(file=PROTOCOL, table=table, key=key, found=found, expected=expected)
