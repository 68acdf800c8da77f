"""Mechanisms of leaving and what they do, in sentences."""

from dataclasses import replace

from trialkit.cli.mechanism_words import found_in_words, mechanism_in_words
from trialkit.design.simulation.characteristics import OperatingCharacteristic
from trialkit.design.simulation.mechanisms import DropoutMechanism, LeavingDependsOn, SeenAs

ROW = OperatingCharacteristic(
    scenario="as assumed", effect=1.0, mechanism="at random", analysis_id="primary", outcome="pain",
    method="ancova", term="EG - CG", replicates=100, analysed=100, rejected=0.815, rejected_mcse=0.01,
    strategy="treatment policy", truth=2.5, bias=-0.2512, bias_mcse=0.0123, empirical_se=1.0, mean_se=1.0,
    coverage=0.93, coverage_mcse=0.01,
)  # fmt: skip


def test_a_row_says_power_bias_and_coverage_of_which_effect() -> None:
    assert found_in_words(ROW) == (
        "at random, as assumed, primary of pain, EG - CG: power 81.5%, bias -0.251 (Monte Carlo SE 0.012) "
        "of the treatment policy effect 2.5, coverage 93%"
    )
    assert "type I error 81.5%" in found_in_words(replace(ROW, truth=-1e-16))
    assert found_in_words(replace(ROW, strategy="")) == ""
    assert found_in_words(replace(ROW, truth=None)) == ""


def test_a_mechanism_says_what_leaving_depends_on() -> None:
    mechanism = DropoutMechanism(
        name="m", mechanism=LeavingDependsOn.SEEN, log_odds_per_sd=-0.5, depends_on=SeenAs.CHANGE
    )
    assert mechanism_in_words(mechanism, ("CG", "EG"), 0.125) == (
        "Mechanism m, missing at random: CG 12.5%, EG 12.5% gone before the last visit; log odds of leaving "
        "-0.5 for each SD of the change from baseline last observed"
    )
