from dataclasses import replace

from tests.line import Line
from tests.report.factory import MANIFEST, made_up_protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Adjustment, MissingRule
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import AnalysisRole, Family
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.report.words.en.sentences.analyses import analysis_definitions
from trialkit.report.words.en.sentences.comparisons import (
    general_sentences,
    multiplicity_sentences,
)
from trialkit.report.words.en.sentences.conduct import harms_sentences, software_sentence
from trialkit.report.words.en.sentences.missing_values import missing_data_sentences
from trialkit.report.words.language.account import Account
from trialkit.results.effect import StandardisedBy
from trialkit.results.lookup import ResultIndex


def done(line: Line) -> Account:
    """The account of a trial with its results."""
    return Account(protocol=line.protocol, index=ResultIndex(line.results))


def test_the_methods_of_the_example_are_those_of_its_plan(example: Line) -> None:
    entries = list(analysis_definitions(done(example)))
    assert len(entries) == len(example.protocol.plan.analyses)
    first = str(entries[0].runs[0])
    assert entries[0].term == "Primary analysis"
    assert first.startswith("Pain (visual analogue scale). Mixed analysis of variance")
    assert "type III sums of squares" in first
    assert "intention to treat" in first
    assert "(estimand E1)" in first


def test_direction_level_and_effect_size_are_said(example: Line) -> None:
    text = general_sentences(done(example))
    assert "minus reference (Usual daily life)" in text
    assert "95% confidence intervals" in text
    assert "significance level is 0.05" in text
    assert "Hedges' g" in text


def test_the_standardisers_are_those_that_the_results_name(three_arms: Line) -> None:
    text = general_sentences(done(three_arms))
    assert "for a change, the standardiser is the pooled standard deviation of the change" in text
    assert "for a final value, the standardiser is the pooled standard deviation of the" in text
    rows = tuple(
        replace(row, standardised_by=StandardisedBy.REFERENCE_CHANGE)
        if row.standardised_by is StandardisedBy.POOLED_CHANGE
        else row
        for row in three_arms.results.rows
    )
    index = ResultIndex(replace(three_arms.results, rows=rows))
    said = general_sentences(Account(protocol=three_arms.protocol, index=index))
    assert "for a change, the standardiser is the reference arm's standard deviation" in said
    assert "the pooled standard deviation of the change" not in said


def test_a_plan_names_the_standardisers_that_it_will_use(three_arms: Line) -> None:
    planned = general_sentences(Account(protocol=three_arms.protocol))
    assert planned == general_sentences(done(three_arms))


def test_the_families_of_the_example_are_said(example: Line) -> None:
    text = multiplicity_sentences(done(example))
    assert "eight secondary outcomes (eight comparisons) were adjusted together by Holm" in text
    assert "not adjusted for multiplicity" in text


def test_without_families_nothing_is_said_to_be_adjusted() -> None:
    one = made_up_protocol()
    analyses = tuple(replace(each, family="") for each in one.plan.analyses)
    plan = replace(one.plan, families=(), analyses=analyses)
    text = multiplicity_sentences(Account(protocol=replace(one, plan=plan)))
    assert text == "The two comparisons will not be adjusted for multiplicity."


def test_a_gatekeeper_is_said() -> None:
    one = made_up_protocol()
    gate = Family(code="first", label="First family", adjustment=Adjustment.HOLM)
    later = replace(one.plan.families[0], after="first")
    analyses = (replace(one.plan.analyses[0], family="first"), one.plan.analyses[1])
    plan = replace(one.plan, families=(gate, later), analyses=analyses)
    text = multiplicity_sentences(Account(protocol=replace(one, plan=plan)))
    assert "Secondary outcomes: tested only if every hypothesis of first family is rejected" in text


def test_an_afterthought_says_so_and_why() -> None:
    one = made_up_protocol()
    late = replace(one.plan.analyses[0], role=AnalysisRole.POST_HOC, reason="A reader asked")
    (entry, _) = analysis_definitions(
        Account(
            protocol=replace(one, plan=replace(one.plan, analyses=(late, one.plan.analyses[1])))
        )
    )
    assert entry.term == "Post hoc analysis"
    assert str(entry.runs[0]).endswith("Reason: A reader asked.")


def test_missing_data_are_told_by_method() -> None:
    one = made_up_protocol(visits=3)
    text = missing_data_sentences(Account(protocol=one))
    assert "a value at baseline, week 4 and week 8" in text
    assert "No value will be imputed" in text
    first = one.plan.analyses[0]
    for specification, words in (
        (Mmrm(), "every value observed after baseline"),
        (ResponderComparison(missing=MissingRule.NON_RESPONDER), "counts participants without"),
    ):
        plan = replace(one.plan, analyses=(replace(first, specification=specification),))
        assert words in missing_data_sentences(Account(protocol=replace(one, plan=plan)))


def test_harms_have_no_p_values(example: Line) -> None:
    said = harms_sentences(Account(protocol=example.protocol))
    assert "No p values are computed for harms" in said
    assert "taken for neither yes nor no" in said
    assert said.startswith("Harms are counted in the arm that participants received, as ")


def test_software_is_named_with_its_versions() -> None:
    assert software_sentence(MANIFEST) == (
        "Analyses were made with trialkit 0.1.0 under Python 3.11.7 (SciPy 1.17.1)."
    )


def test_the_estimand_of_the_primary_analysis_is_told_in_words(example: Line) -> None:
    text = " ".join(str(each.runs[0]) for each in analysis_definitions(done(example)))
    assert "What is estimated: difference between the arms in mean change" in text
    assert "use of other treatment for back pain (treatment policy)" in text
    assert text.count("What is estimated") == 1


def test_a_mixed_anova_names_the_visits_at_which_there_is_a_form(three_arms: Line) -> None:
    protocol, codes = three_arms.protocol, three_arms.protocol.visit_codes
    measured = {"function": (codes[0], codes[-1])}
    text = missing_data_sentences(Account(protocol=protocol, measured=measured))
    assert (
        "mixed analysis of variance uses participants with a value at baseline and week 12" in text
    )
    method = " ".join(
        str(each.runs[0])
        for each in analysis_definitions(Account(protocol=protocol, measured=measured))
    )
    assert "two visits" in method
    assert "more than two visits" not in method


def test_arms_adjusted_within_their_analysis_are_not_said_to_be_open(three_arms: Line) -> None:
    plan = three_arms.protocol.plan
    dunnett = Ancova(adjustment=ContrastAdjustment.DUNNETT)
    first = replace(plan.analyses[0], specification=dunnett)
    own = replace(plan, families=(), analyses=(first,))
    text = multiplicity_sentences(Account(protocol=replace(three_arms.protocol, plan=own)))
    assert text == (
        "Two comparisons will be adjusted for the number of arms alone, within the analysis of each "
        "outcome."
    )


def test_two_analyses_of_one_method_are_both_told() -> None:
    one = made_up_protocol(visits=3)
    first = one.plan.analyses[0]
    both = tuple(
        replace(first, id=missing.value, specification=ResponderComparison(missing=missing))
        for missing in (MissingRule.NON_RESPONDER, MissingRule.OBSERVED_ONLY)
    )
    text = missing_data_sentences(
        Account(protocol=replace(one, plan=replace(one.plan, analyses=both)))
    )
    assert "counts participants without a value as not improved" in text
    assert "and in another analysis uses participants with a value" in text


def test_one_comparison_is_no_other_one() -> None:
    """It said "the other one comparison"."""
    trial = made_up_protocol()
    first, second = trial.plan.analyses
    alone = replace(first, family="")
    for families, analyses, said in (
        (
            (Family(code="f", label="Secondary", adjustment=Adjustment.HOLM),),
            (alone, replace(second, family="f")),
            "The other comparison will not be adjusted for multiplicity.",
        ),
        ((), (alone,), "The comparison will not be adjusted for multiplicity."),
    ):
        protocol = replace(trial, plan=replace(trial.plan, analyses=analyses, families=families))
        assert multiplicity_sentences(Account(protocol=protocol)).endswith(said)
