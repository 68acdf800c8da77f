"""What a count asks of the forms: whole numbers that are added up, and an exposure that is asked."""

import re
import shutil
from pathlib import Path

import pytest

from tests.report.falls_trial import write_falls
from trialkit.errors import ProtocolError
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.exposures import complain_of_counts
from trialkit.schemas.reading.loading import form_schemas


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_falls(tmp_path_factory.mktemp("falls") / "trial")


def complaints(folder: Path, tmp_path: Path, old: str, new: str) -> str:
    shutil.copytree(folder / "forms", tmp_path / "forms")
    text = (folder / "protocol.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "protocol.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ProtocolError) as error:
        form_schemas(tmp_path, load_protocol(tmp_path))
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'exposure = "diary.days"',
            'exposure = "diary.day"',
            "exposure: found 'diary.day'; expected a form.item, 'sessions' or 'at_risk'; did you mean",
        ),
        (
            'exposure = "diary.days"',
            'exposure = "demographics.sex"',
            "exposure: found demographics.sex, an item of type choice; expected a number",
        ),
        (
            'exposure = "diary.days"',
            'exposure = "sessions"',
            "exposure: found 'sessions', but no form of kind sessions; expected a session log",
        ),
        (
            'combine = "sum"',
            'combine = "mean"',
            "combine: found combine = 'mean'; expected 'sum', by which counts become one",
        ),
        (
            'form = "diary"\nitem = "falls"\ncombine = "sum"',
            'form = "assessment"\nitem = "pain_mm"',
            "of type integer or calculated for a count",
        ),
        (
            'form = "diary"\nitem = "falls"\ncombine = "sum"',
            'form = "demographics"\nitem = "age"',
            "exposure: found diary.days, of a form with several rows for a participant",
        ),
        ('type = "count"', 'type = "continuous"', "exposure is for a count of events"),
        ('exposure = "diary.days"\n', "", "exposure_unit without exposure"),
        (
            'exposure = "diary.days"\nexposure_unit = "days"',
            'exposure = "at_risk"\nexposure_unit = "weeks"',
            "exposure_unit is 'weeks', but the time at risk is in days",
        ),
        ('exposure_unit = "days"\n', "", "exposure needs exposure_unit, such as 'days'"),
        ("per = 365.25", "per = 0", "per is how much exposure a rate is for, above 0, got 0"),
        ('method = "negative_binomial"', 'method = "ancova"', "for the count outcome 'falls'"),
        (
            'method = "poisson"',
            'method = "poisson"\nlimits = "profile"',
            "with them write variance = 'model'",
        ),
        (
            'method = "poisson"',
            'method = "poisson"\nlimits = "profile_dispersion_held"',
            "belong to a negative binomial model",
        ),
    ],
)
def test_what_no_count_can_be_is_said(
    folder: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert re.search(re.escape(said), complaints(folder, tmp_path, old, new))


def test_a_count_of_whole_numbers_with_its_exposure_is_no_complaint(folder: Path) -> None:
    protocol = load_protocol(folder)
    forms = form_schemas(folder, protocol).forms
    falls, pain = protocol.outcome("falls"), protocol.outcome("pain")
    diary = next(each for each in forms if each.id == "diary")
    assert list(complain_of_counts(falls, diary, diary.item("falls"), forms)) == []
    assert list(complain_of_counts(pain, diary, diary.item("falls"), forms)) == []
