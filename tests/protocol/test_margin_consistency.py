"""A margin by a model: read as it is written, and refused where it cannot be held against its effect."""

from pathlib import Path

import pytest

from tests.protocol.test_loading import MINIMAL, complaints, load
from trialkit.protocol.margin_consistency import complain_of_margins
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.tables.definitions import Complaints
from trialkit.results.effect import Scale

MAIN = 'method = "mixed_anova"'
SECOND = 'method = "risk_difference"'
BY_ANCOVA = """method = "non_inferiority"
margin = 5
[analyses.model]
method = "ancova"
covariates = ["baseline", "demographics.age"]
"""


def by(model: str, **keys: object) -> str:
    options = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'method = "non_inferiority"\n{options}model = {{ {model} }}'


def test_a_model_is_read_with_its_own_options(tmp_path: Path) -> None:
    text = MINIMAL.replace(MAIN, BY_ANCOVA).replace(
        SECOND, by('method = "standardised_risks"', margin=0.8, scale='"risk_ratio"')
    )
    first, second = load(tmp_path, text).plan.analyses  # type: ignore[attr-defined]
    assert first.specification == MarginComparison(
        method=Method.NON_INFERIORITY,
        margin=5,
        model=Ancova(covariates=("baseline", "demographics.age")),
    )
    assert second.specification.model == StandardisedRiskComparison()
    assert second.specification.scale is Scale.RISK_RATIO


@pytest.mark.parametrize(
    ("start", "changed", "said"),
    [
        (MAIN, by('method = "ancowa"', margin=5), "analyses 'main'.model] method: found 'ancowa'"),
        (MAIN, by('covariates = ["baseline"]', margin=5), "method: found nothing"),
        (MAIN, 'method = "non_inferiority"\nmargin = 5\nmodel = "ancova"', "a table with a method"),
        (MAIN, by('method = "ancova", covariates = ["demographics.agee"]', margin=5), "agee"),
        (MAIN, by('method = "ancova", margin = 5', margin=5), "an unknown key"),
        (MAIN, by('method = "bootstrap"', margin=5), "cannot be held against a margin: it has no limits"),
        (MAIN, by('method = "ancova", adjustment = "holm"', margin=5), "write adjustment = 'none'"),
        (MAIN, by('method = "ancova"', margin=5, response='"final"'), "an option of the model"),
        (MAIN, by('method = "ancova"', margin=5, scale='"risk_ratio"'), "one of difference"),
        (MAIN, by('method = "standardised_risks"', margin=5), "for the continuous outcome 'pain'"),
        (MAIN, 'method = "non_inferiority"\nmargin = 5\nscale = "risk_ratio"', "name the model too"),
        (SECOND, by('method = "logistic"', margin=0.8), "write limits = 'wald'"),
        (SECOND, by('method = "standardised_risks"', margin=5), "a share below 1"),
        (SECOND, by('method = "modified_poisson"', margin=1.25), "its margin is below 1, such as 0.8"),
        (SECOND, by('method = "modified_poisson"', margin=1), "a ratio of 1 is no difference"),
        (MAIN, 'method = "ancova"\nmodel = { method = "ancova" }', "an unknown key"),
        (
            MAIN,
            by('method = "non_inferiority", margin = 1, model = { method = "ancova" }', margin=5),
            "method 'non_inferiority' of the model cannot be held against a margin",
        ),
    ],
)  # fmt: skip
def test_a_model_that_cannot_be_held_against_its_margin_is_refused(
    tmp_path: Path, start: str, changed: str, said: str
) -> None:
    found = complaints(tmp_path, MINIMAL.replace(start, changed))
    assert any(said in each for each in found), found


def test_without_margins_nothing_is_said() -> None:
    said = Complaints("protocol.toml")
    complain_of_margins((), (), said)
    assert said.all() == ()
