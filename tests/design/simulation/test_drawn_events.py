"""Simulated events and times: their shares, and power that agrees with the formula of the sample size."""

from math import log, log1p
from pathlib import Path

import numpy as np
import pytest

from tests.report.return_to_sport import write_return_to_sport
from trialkit.design.sample_size.log_rank import LogRank
from trialkit.design.simulation.assumptions import (
    ArmChange,
    Assumptions,
    OutcomeAssumption,
    Scenario,
    SimulatedConduct,
)
from trialkit.design.simulation.characteristics import OperatingCharacteristics
from trialkit.design.simulation.drawn_events import drawn_events, drawn_times
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.errors import DesignError
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas


def test_events_have_their_risks_and_hang_together() -> None:
    risks = np.tile([0.2, 0.5], (50, 1))
    covariance = np.array([[4.0, 2.4], [2.4, 4.0]])
    found = drawn_events(risks, covariance, 4000, np.random.default_rng(1))
    assert found.shape == (4000, 50, 2)
    assert found.mean(axis=(0, 1)) == pytest.approx([0.2, 0.5], abs=0.005)
    assert np.corrcoef(found[:, :, 0].ravel(), found[:, :, 1].ravel())[0, 1] > 0.2


def test_times_end_with_the_event_a_loss_or_the_time_point() -> None:
    risks = np.repeat([0.0, 0.3, 0.8], 40)
    found = drawn_times(risks, 1.0, 3000, np.random.default_rng(2))
    time, event = found[:, :, 0], found[:, :, 1] == 1
    assert (time[~event] == 1).all()
    assert (time[event] <= 1).all()
    shares = event.reshape(3000, 3, 40).mean(axis=(0, 2))
    assert shares == pytest.approx([0, 0.3, 0.8], abs=0.005)
    lost = drawn_times(risks[:40], 0.75, 3000, np.random.default_rng(3))
    assert (lost[:, :, 0] == 1).mean() == pytest.approx(0.75, abs=0.005)
    assert not lost[:, :, 1].any()


def simulated(
    folder: Path, method: str, *, risk: float, change: float, **kwargs: object
) -> OperatingCharacteristics:
    protocol = load_protocol(write_return_to_sport(folder, competing=False, method=method))
    schemas = form_schemas(folder, protocol)
    assumptions = Assumptions(
        conduct=SimulatedConduct(participants=160, dropout=0.1),
        outcomes=tuple(
            OutcomeAssumption(
                code=each.code,
                baseline=risk,
                changes=(ArmChange(arm="TRAIN", change=change),),
                assumed="",
            )
            for each in protocol.outcomes
        ),
        scenarios=(Scenario(name="planned", effect=1.0), Scenario(name="none", effect=0.0)),
    )
    return operating_characteristics(
        protocol, schemas, assumptions, replicates=4000, entropy=5, **kwargs
    )


@pytest.mark.parametrize("method", ["cox", "log_rank"])
def test_the_power_of_a_trial_of_times_is_that_of_its_events(method: str, tmp_path: Path) -> None:
    """Against Schoenfeld's formula: all are followed for one unit of time, and a tenth leave by then."""
    found = simulated(tmp_path / "t", f'method = "{method}"', risk=0.5, change=0.2)
    planned, none = found.rows
    hazards = -log1p(-0.5), -log1p(-0.7)
    sized = LogRank(
        hazard_ratio=hazards[1] / hazards[0], hazards_reference=(hazards[0],), follow_up=1.0,
        loss_hazards=(-log(0.9), -log(0.9)),
    )  # fmt: skip
    unit = sum(sized.participants_of((1.0,)) or ())
    assert planned.rejected == pytest.approx(sized.power(160 / unit), abs=0.03)
    assert planned.truth == pytest.approx(log(hazards[1] / hazards[0]), rel=1e-12)
    assert none.rejected == pytest.approx(0.05, abs=0.012)
    assert planned.bias == pytest.approx(0, abs=0.03)
    # the variance of Peto's ratio is that of equal hazards
    assert planned.coverage == pytest.approx(0.95, abs=0.012 if method == "cox" else 0.02)
    assert none.coverage == pytest.approx(0.95, abs=0.012)


def test_a_logistic_regression_is_simulated_on_the_log_odds(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    write_return_to_sport(folder, competing=False)
    file = folder / "protocol.toml"
    text = file.read_text("utf-8")
    begin = text.index("[[analyses]]", text.index('outcomes = ["better"]') - 200)
    assert 'method = "risk_difference"' in text[begin:]
    file.write_text(
        text.replace('method = "risk_difference"\ninterval = "newcombe"', 'method = "logistic"'),
        "utf-8",
    )
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    (analysis,) = (each for each in protocol.plan.analyses if each.outcomes == ("better",))
    assumptions = Assumptions(
        conduct=SimulatedConduct(participants=160, dropout=0.0),
        outcomes=tuple(
            OutcomeAssumption(
                code=each.code,
                baseline=0.3,
                changes=(ArmChange(arm="TRAIN", change=0.2),),
                assumed="",
            )
            for each in protocol.outcomes
        ),
        scenarios=(Scenario(name="planned", effect=1.0), Scenario(name="none", effect=0.0)),
    )
    found = operating_characteristics(
        protocol, schemas, assumptions, analyses=[analysis.id], replicates=4000, entropy=6
    )
    planned, none = found.rows
    assert planned.truth == pytest.approx(log(0.5 / 0.5) - log(0.3 / 0.7))
    assert planned.coverage == pytest.approx(0.95, abs=0.015)
    assert none.rejected == pytest.approx(0.05, abs=0.015)


def test_a_risk_of_all_has_no_ratio_and_competing_events_are_not_simulated(tmp_path: Path) -> None:
    with pytest.raises(DesignError, match=r"a risk of 1 against 0\.5 has no ratio"):
        simulated(tmp_path / "t", 'method = "cox"', risk=0.5, change=0.5)
    folder = tmp_path / "competing"
    protocol = load_protocol(write_return_to_sport(folder, method='method = "cox"'))
    schemas = form_schemas(folder, protocol)
    assumptions = Assumptions(
        conduct=SimulatedConduct(participants=40),
        outcomes=(),
        scenarios=(Scenario(name="planned", effect=1.0),),
    )
    with pytest.raises(DesignError, match="events that compete are not simulated"):
        operating_characteristics(protocol, schemas, assumptions, replicates=10, entropy=1)
