"""The names of participants beside the patterns that the protocol gives for each site."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.miniature import Miniature
from tests.monitored.looking import looked_at, protocol, said
from trialkit.checks.trial.site_names import check_site_names
from trialkit.errors import ProtocolError
from trialkit.protocol.trial.people import Site


def found(names, sites, trial=None):
    hand = looked_at()
    return said(
        check_site_names(
            hand.schemas,
            trial or protocol(),
            subjects=pd.Series(names, dtype="str"),
            sites=dict(zip(names, sites, strict=True)),
            found=(),
        )
    )


def test_a_name_of_another_site_says_which():
    frame = found(["N-001", "S-001", "S-0012"], ["N", "N", "S"])

    assert frame["subject_id"].tolist() == ["S-001", "S-0012"]
    assert frame["message"].iloc[0] == (
        "The participant is recorded for the site N (North), whose participants are not named so; the "
        "name is one of the site S (South). Correct the site, or the name."
    )
    assert "S (South), whose participants are not named so. Correct" in frame["message"].iloc[1]


def test_whoever_has_no_site_or_a_site_without_pattern_may_be_named_anything():
    assert found(["Ana"], [""]).empty
    plain = replace(protocol(), sites=(Site(code="N", label="North"),))
    assert found(["Ana"], ["N"], plain).empty
    assert found([], []).empty


def test_a_pattern_that_cannot_be_run_is_refused_with_its_place(tmp_path):
    trial = Miniature()
    sites = (Site(code="01", label="North", subject_pattern="(S"),)
    trial.protocol = replace(trial.protocol, sites=sites)

    with pytest.raises(ProtocolError, match=r"sites '01'.* subject_pattern"):
        trial.schemas(tmp_path)
