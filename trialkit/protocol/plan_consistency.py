"""What must hold within the plan: between analyses, their outcomes, their methods and families."""

from collections import Counter
from collections.abc import Iterator, Mapping

from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.cut_points import misplaced
from trialkit.protocol.methods.estimands import Strategy
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.measured_outcome import ARM, BASELINE
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import KINDS
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.specification import MODEL, Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.planned_times import complain_of_planned_times
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import (
    Table,
    characteristic,
    codes,
    numbers,
    rows,
    text,
    texts,
)
from trialkit.protocol.trial.conduct import RandomisationType
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.people import Grouping
from trialkit.results.effect import Scale

_NO_FAMILY_WISE_ERROR = (
    Adjustment.BENJAMINI_HOCHBERG.value,
    Adjustment.BENJAMINI_YEKUTIELI.value,
)

STRATUM = Strategy.PRINCIPAL_STRATUM.value
_CONFIRMING = (
    AnalysisRole.PRIMARY.value,
    AnalysisRole.SECONDARY.value,
    AnalysisRole.SENSITIVITY.value,
)
_ADAPTIVE = (
    RandomisationType.MINIMISATION.value,
    RandomisationType.BIASED_COIN.value,
    RandomisationType.URN.value,
    RandomisationType.BIG_STICK.value,
)
"""Randomisations in which an allocation depends on those before it."""

_BESIDE_CHARACTERISTICS = {
    "covariates": (BASELINE,),
    "covariates_by_visit": (BASELINE,),
    "covariance_by": (ARM,),
}
"""What an option may name that is no characteristic."""


def complain_of_the_plan(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for everything that the plan says against itself."""
    _primary_analyses_are_of_primary_outcomes(raw, complaints)
    _outcomes_are_named_once(raw, complaints)
    _post_hoc_analyses_have_a_reason(raw, complaints)
    _methods_fit_their_outcomes(raw, complaints)
    _scales_fit_their_outcomes(raw, complaints)
    _confirming_methods_compare_two_arms(raw, complaints)
    _families_have_members(raw, complaints)
    _gates_stand_before_what_they_open(raw, complaints)
    _p_values_are_adjusted_once(raw, complaints)
    _responders_have_a_threshold(raw, complaints)
    _covariates_are_characteristics(raw, complaints)
    _cut_points_rise(raw, complaints)
    _visits_can_be_chosen(raw, complaints)
    _principal_strata_are_declared(raw, complaints)
    _options_are_read(raw, complaints)
    _arms_were_permuted(raw, complaints)
    _clusters_are_described(raw, complaints)
    _clusters_are_not_of_all_arms_by_name(raw, complaints)
    complain_of_planned_times(raw, complaints)


def _clusters_are_not_of_all_arms_by_name(raw: Table, complaints: Complaints) -> None:
    """Arms that have clusters are named where others have none."""
    clusters = raw.get("clusters")
    named = texts(clusters, "arms") if isinstance(clusters, Mapping) else []
    known = {text(each, "code") for _, each in rows(raw, "arms")}
    if named and known <= set(named):
        complaints.add(
            table="clusters",
            key="arms",
            found="the codes of all arms",
            expected="those of the arms that have clusters where others have none; where all have "
            "clusters, leave 'arms' out",
        )


def _clusters_are_described(raw: Table, complaints: Complaints) -> None:
    """A method that allows for clusters needs a trial that says what they are."""
    for table, each in rows(raw, "analyses"):
        specification = _specification(text(each, "method"))
        if specification and specification.READS_CLUSTERS and "clusters" not in raw:
            complaints.add(
                table=table,
                key="method",
                found=f"{shown(text(each, 'method'))}, and no [clusters]",
                expected="a table [clusters] that says what the clusters are, or another method",
            )
        elif specification and specification.READS_CLUSTERS:
            _clusters_are_where_the_method_has_them(table, each, specification, raw, complaints)


def _clusters_are_where_the_method_has_them(
    table: str,
    analysis: Table,
    specification: type[Specification],
    raw: Table,
    complaints: Complaints,
) -> None:
    """Clusters of every arm, or of some, have methods of their own."""
    clusters = raw["clusters"]
    in_some = bool(clusters.get("arms")) if isinstance(clusters, Mapping) else False
    if in_some is specification.CLUSTERS_IN_SOME_ARMS:
        return
    fitting = [
        method.value
        for method, kind in SPECIFICATIONS.items()
        if kind.READS_CLUSTERS and kind.CLUSTERS_IN_SOME_ARMS is in_some
    ]
    where = "clusters in some of the arms" if in_some else "clusters in every arm"
    complaints.add(
        table=table,
        key="method",
        found=f"{shown(text(analysis, 'method'))}, and [clusters] with {where}",
        expected=f"{' or '.join(fitting)}, or other 'arms' in [clusters]",
    )


def _arms_were_permuted(raw: Table, complaints: Complaints) -> None:
    """What a randomisation that looks at the arms so far could have given is no permutation."""
    stated = raw.get("randomisation")
    kind = text(stated, "type") if isinstance(stated, Mapping) else ""
    for table, each in rows(raw, "analyses"):
        if text(each, "method") == Method.RERANDOMISATION.value and kind in _ADAPTIVE:
            complaints.add(
                table=table,
                key="method",
                found=f"{shown(text(each, 'method'))}, which permutes the arms within blocks and "
                f"strata, after a randomisation by {kind}, which other allocations could follow",
                expected="another method, such as 'ancova'",
            )


def _primary_analyses_are_of_primary_outcomes(raw: Table, complaints: Complaints) -> None:
    roles = {text(each, "code"): text(each, "role") for _, each in rows(raw, "outcomes")}
    primary = [code for code, role in roles.items() if role == OutcomeRole.PRIMARY.value]
    analyses = [
        (table, dict.fromkeys(texts(each, "outcomes")))
        for table, each in rows(raw, "analyses")
        if text(each, "role") == AnalysisRole.PRIMARY.value
    ]
    for code in primary if rows(raw, "analyses") else ():
        count = sum(code in outcomes for _, outcomes in analyses)
        if count != 1:
            complaints.add(
                table="analyses",
                key="role",
                found=f"{count} primary analyses of the primary outcome {code!r}",
                expected="exactly one analysis with role = 'primary' that names it",
            )
    for table, outcomes in analyses:
        for code in outcomes:
            if primary and code in roles and code not in primary:
                complaints.add(
                    table=table,
                    key="outcomes",
                    found=f"{code!r}, an outcome of role {shown(roles[code])}",
                    expected="primary outcomes alone in a primary analysis",
                )


def _outcomes_are_named_once(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "analyses"):
        if each.get("outcomes") == []:
            complaints.add(
                table=table, key="outcomes", found="an empty list", expected="one or more outcomes"
            )
        for code, count in Counter(texts(each, "outcomes")).items():
            if count > 1:
                complaints.add(
                    table=table,
                    key="outcomes",
                    found=f"{shown(code)} {count} times",
                    expected="each once",
                )


def _post_hoc_analyses_have_a_reason(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "analyses"):
        if text(each, "role") == AnalysisRole.POST_HOC.value and not each.get("reason"):
            complaints.add(
                table=table, key="reason", found="nothing", expected="why it was done post hoc"
            )


def _methods_fit_their_outcomes(raw: Table, complaints: Complaints) -> None:
    types = {text(each, "code"): text(each, "type") for _, each in rows(raw, "outcomes")}
    for table, each in _read_by(raw):
        method = text(each, "method")
        for code in dict.fromkeys(texts(each, "outcomes")):
            if method and code in types and not _fits(method, types[code]):
                complaints.add(
                    table=table,
                    key="method",
                    found=f"{shown(method)} for the {types[code]} outcome {code!r}",
                    expected="a method for outcomes of that type",
                )


def _scales_fit_their_outcomes(raw: Table, complaints: Complaints) -> None:
    """Of a method whose plan says the scale, an effect that its outcomes can have."""
    types = {text(each, "code"): text(each, "type") for _, each in rows(raw, "outcomes")}
    for table, each in rows(raw, "analyses"):
        specification = _specification(text(each, "method"))
        if specification is None or not specification.SCALES:
            continue
        unsaid = specification.SCALE_UNSAID
        scale = text(each, "scale") or ("" if unsaid is None else unsaid.value)
        if scale not in list(Scale):
            continue
        for code in dict.fromkeys(texts(each, "outcomes")):
            if types.get(code) not in list(OutcomeType):
                continue
            fitting = specification.SCALES[KINDS[OutcomeType(types[code])].summary]
            if scale not in fitting:
                complaints.add(
                    table=table,
                    key="scale",
                    found=f"{shown(scale)} for the {types[code]} outcome {code!r}",
                    expected=f"one of {', '.join(each.value for each in Scale if each in fitting)}",
                )


def _read_by(raw: Table) -> Iterator[tuple[str, Table]]:
    """The tables that say what is read of the data: that of an analysis, or of the model that it holds."""
    for table, each in rows(raw, "analyses"):
        specification, model = _specification(text(each, "method")), each.get(MODEL)
        if specification and specification.HOLDS_A_MODEL and isinstance(model, Mapping):
            yield f"{table}.{MODEL}", {"outcomes": each.get("outcomes"), **model}
        else:
            yield table, each


def _fits(method: str, outcome_type: str) -> bool:
    """Whether the method takes the outcome; of names that are not known others complain."""
    specification = _specification(method)
    if specification is None or outcome_type not in list(OutcomeType):
        return True
    return specification.takes(Method(method), OutcomeType(outcome_type))


def _specification(method: str) -> type[Specification] | None:
    return SPECIFICATIONS.get(Method(method)) if method in list(Method) else None


def _confirming_methods_compare_two_arms(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "analyses"):
        method, family = text(each, "method"), text(each, "family")
        primary = text(each, "role") == AnalysisRole.PRIMARY.value
        specification = _specification(method)
        if specification is None or method not in specification.WITHOUT_HEADLINE:
            continue
        if primary or family:
            place = "in a primary analysis" if primary else f"in the family {family!r}"
            complaints.add(
                table=table,
                key="method",
                found=f"{method!r} {place}",
                expected="a method with a p value of the difference between two arms; this one "
                "gives none to confirm or to adjust",
            )


def _families_have_members(raw: Table, complaints: Complaints) -> None:
    """Unless an analysis names a family that is not there: that name may be the misspelt one."""
    families = codes(raw, "families")
    named = [text(each, "family") for _, each in rows(raw, "analyses")]
    if any(name and name not in families for name in named):
        return
    for code in dict.fromkeys(families):
        if code not in named:
            complaints.add(
                table=f"families {shown(code)}",
                key="code",
                found="no analysis with this family",
                expected="one or more, or no such family",
            )


def _gates_stand_before_what_they_open(raw: Table, complaints: Complaints) -> None:
    """A family opens only after an earlier one that keeps the family-wise error."""
    earlier: dict[str, str] = {}
    for table, each in rows(raw, "families"):
        gate = text(each, "after")
        if gate and gate not in earlier:
            complaints.add(
                table=table,
                key="after",
                found=shown(gate),
                expected="the code of a family further up",
            )
        elif gate and not _keeps_the_error(raw, gate, earlier[gate]):
            complaints.add(
                table=table,
                key="after",
                found=f"{gate!r}, whose adjustment is {earlier[gate]!r}",
                expected="a family further up whose adjustment keeps the family-wise error, such "
                "as holm; none does so for a single hypothesis alone",
            )
        earlier[text(each, "code")] = text(each, "adjustment")


def _keeps_the_error(raw: Table, family: str, adjustment: str) -> bool:
    if adjustment != Adjustment.NONE.value:
        return adjustment not in _NO_FAMILY_WISE_ERROR
    outcomes = [
        outcome
        for _, each in rows(raw, "analyses")
        if text(each, "family") == family
        for outcome in texts(each, "outcomes")
    ]
    contrasts = len(rows(raw, "treatments") or rows(raw, "arms")) - 1
    return len(outcomes) * contrasts <= 1


def _p_values_are_adjusted_once(raw: Table, complaints: Complaints) -> None:
    """Two adjusted p values of one comparison leave a reader to choose."""
    adjustments = {
        text(each, "code"): text(each, "adjustment") for _, each in rows(raw, "families")
    }
    for table, each in rows(raw, "analyses"):
        own = text(each, "adjustment")
        family = text(each, "family")
        shared = adjustments.get(family, "")
        none = ("", Adjustment.NONE.value)
        if own in list(ContrastAdjustment) and own not in none and shared not in none:
            complaints.add(
                table=table,
                key="adjustment",
                found=f"{own!r}, beside {shared!r} of the family {family!r}",
                expected="one of the two, the other 'none'",
            )


def _responders_have_a_threshold(raw: Table, complaints: Complaints) -> None:
    changes = {
        text(each, "code"): each.get("minimal_important_change")
        for _, each in rows(raw, "outcomes")
    }
    for table, each in rows(raw, "analyses"):
        specification = _specification(text(each, "method"))
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
    for table, each in _read_by(raw):
        specification = _specification(text(each, "method"))
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


def _principal_strata_are_declared(raw: Table, complaints: Complaints) -> None:
    """An effect in who complies answers for an estimand that says so, and is exploratory else."""
    declared = {
        text(each, "code")
        for _, each in rows(raw, "estimands")
        if any(text(event, "strategy") == STRATUM for _, event in rows(each, "intercurrent_events"))
    }
    received = {
        text(each, "code")
        for _, each in rows(raw, "populations")
        if text(each, "group_by") == Grouping.RECEIVED.value
    }
    for table, each in _read_by(raw):
        specification = _specification(text(each, "method"))
        if specification is None or not specification.OF_PRINCIPAL_STRATUM:
            continue
        if text(each, "population") in received:
            complaints.add(
                table=table,
                key="population",
                found=f"{shown(text(each, 'population'))}, grouped by what was received",
                expected="a population grouped as allocated: chance alone makes the arms comparable",
            )
        role = text(each, "role")
        if role in _CONFIRMING and text(each, "estimand") not in declared:
            complaints.add(
                table=table,
                key="role",
                found=f"{shown(role)} of {text(each, 'method')}, for an estimand without a principal "
                "stratum",
                expected="'exploratory', or an estimand with an intercurrent event of strategy = "
                f"{STRATUM!r}",
            )


def _visits_can_be_chosen(raw: Table, complaints: Complaints) -> None:
    """Visits that are named lie after baseline, and the time point is among them."""
    known = [(text(each, "code"), each.get("baseline") is True) for _, each in rows(raw, "visits")]
    first = next((place for place, (_, is_first) in enumerate(known) if is_first), -1)
    later = [code for code, _ in known[first + 1 :]]
    ends = {text(each, "code"): text(each, "time_point") for _, each in rows(raw, "outcomes")}
    for table, each in _read_by(raw):
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
    for table, each in _read_by(raw):
        specification = _specification(text(each, "method"))
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
