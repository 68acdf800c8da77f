"""What must hold between the sequences, treatments and periods of a crossover trial, and its plan."""

from collections.abc import Iterator, Mapping

from trialkit.errors import TrialStep
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import Table, codes, rows, text, texts

_PARTS = ("treatments", "periods")


def complain_of_crossover(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for everything that the tables of a crossover trial say against each other."""
    said = [name for name in _PARTS if rows(raw, name)]
    sequences = any("treatments" in each for _, each in rows(raw, "arms"))
    if not said and not sequences:
        _methods_of_periods_have_none(raw, complaints)
        return
    if len(said) < len(_PARTS):
        _a_part_is_lacking(raw, complaints, sequences=sequences)
        return
    _treatments_are_compared(raw, complaints)
    _arms_are_sequences(raw, complaints)
    _periods_follow_each_other(raw, complaints)
    _washouts_are_said(raw, complaints)
    _analyses_compare_treatments(raw, complaints)
    for other in ("clusters", "factors"):
        if other in raw:
            complaints.add(
                table=other,
                key="",
                found=f"{other} in a crossover trial",
                expected="one of the two designs: their combination is not supported",
            )


def _a_part_is_lacking(raw: Table, complaints: Complaints, *, sequences: bool) -> None:
    there = [f"[[{name}]]" for name in _PARTS if rows(raw, name)]
    for name in _PARTS:
        if not rows(raw, name):
            complaints.add(
                table=name,
                key="",
                found="nothing, beside "
                + " and ".join([*there, *(["treatments of [[arms]]"] if sequences else [])]),
                expected="[[treatments]] and [[periods]] of a crossover trial, whose [[arms]] each name "
                "their treatments, one a period",
            )


def _methods_of_periods_have_none(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "analyses"):
        specification = _specification(each)
        if specification is not None and specification.READS_PERIODS:
            complaints.add(
                table=table,
                key="method",
                found=f"{shown(text(each, 'method'))}, and no [[periods]]",
                expected="a crossover trial, with [[treatments]], [[periods]] and arms that are sequences, "
                "or a method that compares parallel arms",
            )


def _specification(analysis: Table) -> type[Specification] | None:
    method = text(analysis, "method")
    return SPECIFICATIONS.get(Method(method)) if method in list(Method) else None


def _treatments_are_compared(raw: Table, complaints: Complaints) -> None:
    treatments = rows(raw, "treatments")
    if len(treatments) < 2:
        complaints.add(table="treatments", key="", found="1 treatment", expected="two or more")
    references = [each for _, each in treatments if each.get("reference") is True]
    if len(references) != 1:
        complaints.add(
            table="treatments",
            key="reference",
            found=f"{len(references)} treatments with reference = true",
            expected="exactly one, the treatment that the others are compared with",
            step=TrialStep.ANALYSE,
        )
    arms = codes(raw, "arms")
    given = {code for _, arm in rows(raw, "arms") for code in texts(arm, "treatments")}
    for table, each in treatments:
        code = text(each, "code")
        if code and code in arms:
            complaints.add(
                table=table,
                key="code",
                found=f"{shown(code)}, which is the code of an arm, too",
                expected="codes of treatments that no arm has, since results name both",
            )
        elif code and code not in given:
            complaints.add(
                table=table,
                key="code",
                found=f"{shown(code)}, which no arm has among its treatments",
                expected="a treatment that is given in a period, or none of that name",
            )


def _arms_are_sequences(raw: Table, complaints: Complaints) -> None:
    periods, known = len(rows(raw, "periods")), codes(raw, "treatments")
    earlier: dict[tuple[str, ...], str] = {}
    for table, arm in rows(raw, "arms"):
        sequence = tuple(texts(arm, "treatments"))
        if len(sequence) != periods:
            complaints.add(
                table=table,
                key="treatments",
                found=f"{len(sequence)} for {periods} periods",
                expected="the codes of its treatments, one a period in their order",
            )
        for code in dict.fromkeys(sequence):
            if code not in known:
                complaints.add(
                    table=table,
                    key="treatments",
                    found=shown(code),
                    expected=f"codes of the treatments: {', '.join(known)}",
                )
        if sequence and sequence in earlier:
            complaints.add(
                table=table,
                key="treatments",
                found=f"the same as of the arm {earlier[sequence]!r}",
                expected="a sequence of its own for each arm: of sequences alike nothing tells a "
                "treatment from its period",
            )
        earlier.setdefault(sequence, text(arm, "code"))
        for key, instead in (("reference", "reference = true"), ("intervention", "interventions")):
            if key in arm:
                complaints.add(
                    table=table,
                    key=key,
                    found=f"{key} of a sequence",
                    expected=f"no such key: a crossover trial has {instead} at its [[treatments]], which "
                    "are what is compared",
                )


def _periods_follow_each_other(raw: Table, complaints: Complaints) -> None:
    periods, order = rows(raw, "periods"), codes(raw, "visits")
    if len(periods) < 2:
        complaints.add(table="periods", key="", found="1 period", expected="two or more")
    owner: dict[str, str] = {}
    last = -1
    for table, each in periods:
        visits = texts(each, "visits")
        for visit in visits:
            if visit in owner:
                complaints.add(
                    table=table,
                    key="visits",
                    found=f"{shown(visit)}, a visit of the period {owner[visit]!r}",
                    expected="each visit in one period",
                )
            owner.setdefault(visit, text(each, "code"))
        places = [order.index(visit) for visit in visits if visit in order]
        if places and min(places) <= last and not set(visits) & (owner.keys() - set(visits)):
            complaints.add(
                table=table,
                key="visits",
                found=", ".join(visits),
                expected="visits after those of the period before, as [[visits]] and [[periods]] have "
                "the order of time",
            )
        last = max([last, *places])
        _marked_visits_are_its_own(table, each, visits, order, complaints)


def _marked_visits_are_its_own(
    table: str, period: Table, visits: list[str], order: list[str], complaints: Complaints
) -> None:
    """The time point and the baseline are visits of the period, in this order of time."""
    end, start = text(period, "time_point"), text(period, "baseline")
    for key, visit in (("time_point", end), ("baseline", start)):
        if visit and visit not in visits:
            complaints.add(
                table=table,
                key=key,
                found=shown(visit),
                expected=f"one of the visits of the period: {', '.join(visits) or 'none'}",
            )
    if start in order and end in order and order.index(start) >= order.index(end):
        complaints.add(
            table=table,
            key="baseline",
            found=f"{shown(start)}, not before the time point {shown(end)}",
            expected="a visit before it",
        )


def _washouts_are_said(raw: Table, complaints: Complaints) -> None:
    for number, (table, each) in enumerate(rows(raw, "periods")):
        said = [key for key in ("washout_days", "no_washout") if each.get(key)]
        if number == 0 and said:
            complaints.add(
                table=table,
                key=said[0],
                found=f"{said[0]} of the first period",
                expected="no such key: nothing is washed out before the first treatment",
            )
        elif number and not said:
            complaints.add(
                table=table,
                key="washout_days",
                found="nothing",
                expected="the days without treatment before this period, or no_washout with the reason "
                "why none is needed",
                step=TrialStep.ANALYSE,
            )


def _analyses_compare_treatments(raw: Table, complaints: Complaints) -> None:
    fitting = [name.value for name, kind in SPECIFICATIONS.items() if kind.READS_PERIODS]
    for table, each in rows(raw, "analyses"):
        specification = _specification(each)
        if specification is None or each.get("method") == Method.EXTERNAL.value:
            continue
        if not specification.READS_PERIODS:
            complaints.add(
                table=table,
                key="method",
                found=f"{shown(text(each, 'method'))} in a crossover trial",
                expected=f"one of {', '.join(fitting)}, or external: what compares arms would compare "
                "sequences between participants, not treatments within them",
            )
            continue
        for key, found, expected in _against_the_design(each, specification, raw):
            complaints.add(table=table, key=key, found=found, expected=expected)


def _against_the_design(
    analysis: Table, specification: type[Specification], raw: Table
) -> Iterator[tuple[str, str, str]]:
    """What an analysis of periods asks of them that they have not: key, found, expected."""
    periods = [each for _, each in rows(raw, "periods")]
    arms = [texts(each, "treatments") for _, each in rows(raw, "arms")]
    treatments = codes(raw, "treatments")
    two = len(periods) == len(arms) == len(treatments) == 2
    if specification.TWO_BY_TWO and not (two and all(len(set(each)) == 2 for each in arms)):
        yield (
            "method",
            (
                f"{shown(text(analysis, 'method'))}, and {len(arms)} sequences of {len(treatments)} "
                f"treatments in {len(periods)} periods"
            ),
            f"{Method.CROSSOVER_MODEL.value}, or two treatments in two periods, in both orders",
        )
    reads_baseline = (
        BASELINE in texts(analysis, "covariates")
        or text(analysis, "response") == Response.CHANGE.value
    )
    without = [text(each, "code") for each in periods if not each.get("baseline")]
    if reads_baseline and without:
        yield (
            "response" if text(analysis, "response") == Response.CHANGE.value else "covariates",
            f"the baseline of each period, and none of {', '.join(without)}",
            "a baseline in each of [[periods]], or an analysis of final values without it",
        )
    if two and analysis.get("carry_over") is True and analysis.get("sequence", True) is not False:
        yield (
            "carry_over",
            "carry-over beside the sequence in two sequences of two periods",
            (
                "sequence = false, or no carry_over: in this design they are the same differences between "
                "participants"
            ),
        )
    yield from _time_points(analysis, raw, text(periods[-1], "time_point") if periods else "")


def _time_points(analysis: Table, raw: Table, last: str) -> Iterator[tuple[str, str, str]]:
    """An outcome is compared at the time point of every period, of which it names the last."""
    named: Mapping[str, str] = {
        text(each, "code"): text(each, "time_point") for _, each in rows(raw, "outcomes")
    }
    for code in texts(analysis, "outcomes"):
        if last and named.get(code) not in {None, "", last}:
            yield (
                "outcomes",
                f"{shown(code)}, whose time point is {shown(named[code])}",
                (
                    f"an outcome with time_point = {last!r}, that of the last period: it is compared at the "
                    "time point of each period"
                ),
            )
