"""What a plan may say of an analysis that another program carries out."""

from dataclasses import replace

import pytest

from tests.planned.external import ASKED
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.effect import Scale


@pytest.mark.parametrize(
    "file",
    ["../cox.csv", "/etc/passwd.csv", "external/../../cox.csv", "external\\cox.csv", "cox.xlsx",
     "", ".hidden.csv", "external/.csv", "a\n.csv", "~/cox.csv", "C:cox.csv"],
)  # fmt: skip
def test_a_file_outside_the_folder_is_refused(file: str) -> None:
    with pytest.raises(ProtocolError, match="file must"):
        replace(ASKED, file=file)


@pytest.mark.parametrize("script", ["../cox.R", "/cox.R", "-rf"])
def test_so_is_a_script(script: str) -> None:
    with pytest.raises(ProtocolError, match="script must name a file of the trial's folder"):
        replace(ASKED, script=script)


@pytest.mark.parametrize("key", ["program", "description"])
def test_what_is_done_and_by_what_is_said(key: str) -> None:
    with pytest.raises(ProtocolError, match=f"{key} is blank"):
        replace(ASKED, **{key: "  "})


def test_a_digest_is_of_a_script_and_whole() -> None:
    with pytest.raises(ProtocolError, match="is of no script"):
        replace(ASKED, script_sha256="a" * 64)
    with pytest.raises(ProtocolError, match="64 hexadecimal digits"):
        replace(ASKED, script="external/cox.R", script_sha256="abc")
    fixed = replace(ASKED, script="external/cox.R", script_sha256="a" * 64)
    assert fixed.made_outside.script_sha256 == "a" * 64


def test_a_difference_is_in_the_unit_of_the_outcome() -> None:
    with pytest.raises(ProtocolError, match="cannot be standardised_difference"):
        replace(ASKED, scale=Scale.STANDARDISED_DIFFERENCE)


def test_its_effect_is_on_the_scale_of_the_plan() -> None:
    effect = replace(ASKED, one_sided=True).effect(OutcomeType.CONTINUOUS, 2)
    assert (effect.scale, effect.one_sided, effect.agrees) == (Scale.HAZARD_RATIO, True, False)
    assert all(External.takes(ASKED.method, kind) for kind in OutcomeType)
