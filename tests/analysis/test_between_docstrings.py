"""Every estimator of a comparison names its estimand, its source and the file it is checked with."""

import inspect
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from trialkit.analysis.binary import batched_logistic
from trialkit.analysis.describing import adherence, descriptive, harms
from trialkit.analysis.linear import multiplicity
from trialkit.analysis.margins import margins
from trialkit.analysis.means import (
    means,
    one_way,
    paired_means,
    probability_of_superiority,
    rank_tests,
    signed_rank,
    standardised,
    t_tests,
)
from trialkit.analysis.missing import rubin
from trialkit.analysis.proportions import (
    exact,
    odds_ratio,
    paired_difference,
    paired_proportions,
    proportion_subgroups,
    proportion_tests,
    proportions,
    responders,
    risk_difference,
    stratified_proportions,
)
from trialkit.analysis.recurrent import mean_cumulative, recurrent_models
from trialkit.analysis.resampling import bootstrap, rerandomisation
from trialkit.analysis.survival import (
    batched_cox,
    batched_log_rank,
    cox,
    cumulative_incidence,
    fine_gray,
    gray,
    kaplan_meier,
    log_rank,
    restricted_mean,
)

ROOT = Path(__file__).parents[2]
ESTIMATORS = [
    recurrent_models.pwp_regression,
    recurrent_models.lwyy_regression,
    mean_cumulative.mean_cumulative,
    fine_gray.fine_gray,
    gray.gray_test,
    cumulative_incidence.cumulative_incidence,
    cox.cox_regression,
    adherence.summarise_adherence,
    bootstrap.bootstrap_difference,
    batched_log_rank.log_rank_batch,
    batched_cox.cox_batch,
    batched_logistic.logistic_batch,
    descriptive.describe,
    descriptive.describe_categories,
    exact.clopper_pearson,
    exact.wilson,
    harms.summarise_harms,
    kaplan_meier.kaplan_meier,
    log_rank.log_rank,
    margins.compare_means_with_margin,
    margins.compare_proportions_with_margin,
    means.compare_means,
    multiplicity.adjust_p_values,
    multiplicity.serial_gatekeeper,
    odds_ratio.odds_ratio,
    odds_ratio.risk_ratio,
    one_way.one_way_anova,
    one_way.welch_anova,
    paired_difference.paired_difference_limits,
    paired_means.compare_paired,
    paired_proportions.compare_paired_proportions,
    probability_of_superiority.probability_of_superiority,
    proportion_subgroups.compare_proportions_in_subgroups,
    proportion_tests.fisher_exact,
    proportion_tests.mcnemar,
    proportion_tests.proportion_test,
    proportions.compare_proportions,
    rank_tests.kruskal_wallis,
    rank_tests.mann_whitney,
    rank_tests.permutation_of_means,
    restricted_mean.restricted_mean,
    rerandomisation.rerandomisation_test,
    rerandomisation.rerandomised_effects,
    responders.compare_responders,
    risk_difference.risk_difference,
    rubin.pool_rubin,
    rubin.pool_tables,
    signed_rank.signed_rank,
    standardised.standardised_change,
    standardised.standardised_difference,
    stratified_proportions.cochran_mantel_haenszel,
    t_tests.paired_t,
    t_tests.student_t,
    t_tests.welch_t,
]


OPENED = {
    name
    for path in (ROOT / "tests" / "analysis").rglob("test_*.py")
    if not path.name.endswith("_docstrings.py")
    for name in re.findall(r'"([\w*]+\.(?:json|csv))"', path.read_text(encoding="utf-8"))
}
"""The reference files, or patterns of them, that the tests of the statistics name to open them."""


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: each.__name__)
def test_every_estimator_names_its_source_and_its_check(estimator):
    text = inspect.getdoc(estimator) or ""
    assert re.search(r"^Estimand$", text, re.MULTILINE)
    assert re.search(r"^Reference$", text, re.MULTILINE)
    checked = re.search(r"Checked against\s+``(.+?)``", text)
    assert checked, "no reference values named"
    assert (ROOT / checked[1]).read_text(encoding="utf-8").strip()
    assert any(fnmatch(Path(checked[1]).name, name) for name in OPENED), "no test opens it"


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: each.__name__)
def test_every_estimator_says_what_it_refuses(estimator):
    text = " ".join((inspect.getdoc(estimator) or "").split())
    assert re.search(r"Raises :class:`AnalysisError`", text)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: each.__name__)
def test_every_method_page_that_a_module_names_exists(estimator):
    source = inspect.getdoc(inspect.getmodule(estimator)) or ""
    for page in re.findall(r"``(docs/methods/[\w-]+\.md)``", source):
        assert (ROOT / page).is_file()
