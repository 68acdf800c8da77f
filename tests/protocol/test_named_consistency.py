"""Events, arms and visits that the options of an analysis name are those of the trial and its estimand."""

from pathlib import Path

import pytest

from tests.protocol.test_loading import MINIMAL, complaints, load
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.named_consistency import complain_of_names
from trialkit.protocol.tables.definitions import Complaints

MAIN = 'method = "mixed_anova"'
ARM, OTHER, LAST = "CG", "EG", "W6"
EVENT = """[[intercurrent_events]]
code = "stopped"
label = "Stopped the training"

[[estimands]]"""


def trial(options: str) -> str:
    text = MINIMAL.replace("[[estimands]]", EVENT, 1)
    text = text.replace(MAIN, f'method = "multiple_imputation"\n{options}', 1)
    return text.replace(
        "intercurrent_events = [",
        'intercurrent_events = [{ event = "stopped", strategy = "hypothetical" }, ',
    )


def test_events_arms_and_visits_are_read(tmp_path: Path) -> None:
    options = (
        'strategies = { stopped = "copy-reference" }\nafter = ["stopped", "missing"]\n'
        f"delta = {{ {ARM} = 0, {OTHER} = {{ {LAST} = -2.5 }} }}"
    )
    found = load(tmp_path, trial(options)).plan.analyses[0].specification  # type: ignore[attr-defined]
    assert found == MultipleImputation(
        strategies={"stopped": ImputationStrategy.COPY_REFERENCE},
        after=("stopped", "missing"),
        delta={ARM: 0.0, OTHER: {LAST: -2.5}},
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ('after = ["stoped"]', "found 'stoped'; expected one of the intercurrent events"),
        ('strategies = { surgery = "copy-reference" }', "found 'surgery'"),
        ('strategies = { stopped = "copy" }', "strategies.stopped: found 'copy'"),
        ('strategies = "copy-reference"', "expected a table { name = value }"),
        ("delta = { nobody = 5 }", "expected one of the arms"),
        ("delta = { ARM = { nowhere = 5 } }", "expected one of the visits after baseline"),
        ("delta = { ARM = 'five' }", "delta.ARM"),
        ('model = { method = "mmrm" }', "cannot be pooled"),
        ('model = { method = "logistic" }', "a method for outcomes of that type"),
        ('model = { method = "ancova", covariates = ["nobody.asks"] }', "'nobody.asks'"),
        ('auxiliary = ["nobody.asks"]\nmodel = { method = "ancova" }', "'nobody.asks'"),
    ],
)
def test_what_is_not_there_is_told(options: str, said: str, tmp_path: Path) -> None:
    told = "\n".join(complaints(tmp_path, trial(options.replace("ARM", ARM))))
    assert said.replace("ARM", ARM) in told


def test_nothing_is_said_without_analyses() -> None:
    found = Complaints("protocol.toml")
    complain_of_names(
        (), {"arms": (), "visits": (), "estimands": (), "intercurrent_events": ()}, found
    )
    assert found.all() == ()


def test_what_does_not_go_with_yes_and_no_is_told(tmp_path: Path) -> None:
    text = MINIMAL.replace('method = "risk_difference"', 'method = "multiple_imputation"')
    told = "\n".join(complaints(tmp_path, text))
    assert "write draws = 'approximate-bayes', samples and seed" in told


def test_why_levels_are_not_imputed_is_told(tmp_path: Path) -> None:
    rates = MINIMAL.replace('type = "continuous"', 'type = "ordinal"', 1)
    told = "\n".join(complaints(tmp_path, rates.replace(MAIN, 'method = "multiple_imputation"', 1)))
    assert "a method for outcomes of that type: levels have no imputation here" in told
