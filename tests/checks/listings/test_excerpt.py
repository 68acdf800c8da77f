"""The first findings of each site and severity, whatever comes and however much of it."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.checks.listings import excerpt as module
from trialkit.checks.listings.excerpt import excerpt


def rows(*places: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["site", "severity"], dtype="str")


def test_a_short_listing_is_whole() -> None:
    findings = rows(("01", "hard"), ("02", "soft"), ("01", "note"))
    chosen = excerpt(findings)
    assert chosen.rows.equals(findings)
    assert chosen.of_each == module.OF_EACH
    assert excerpt(findings.head(0)).rows.empty


def test_each_site_and_severity_has_its_first_ones_in_the_order_of_the_listing(monkeypatch) -> None:
    monkeypatch.setattr(module, "OF_EACH", 2)
    findings = rows(*[("01", "hard")] * 3, ("02", "hard"), *[("01", "soft")] * 3, ("02", "soft"))
    assert excerpt(findings).rows.index.tolist() == [0, 1, 3, 4, 5, 7]


def test_many_sites_have_fewer_each_and_none_has_nothing(monkeypatch) -> None:
    monkeypatch.setattr(module, "IN_ALL", 10)
    findings = rows(*[("01", "soft")] * 50, *[("02", "soft")] * 50, *[("03", "soft")] * 2)
    chosen = excerpt(findings)
    assert chosen.of_each == 4
    assert Counter(chosen.rows["site"]) == {"01": 4, "02": 4, "03": 2}


place = st.tuples(
    st.sampled_from(["", "01", "02", "03"]), st.sampled_from(["hard", "soft", "note"])
)


@given(places=st.lists(place, max_size=60), of_each=st.integers(1, 8), in_all=st.integers(1, 30))
def test_it_keeps_its_bounds_and_is_the_most_that_does(places, of_each, in_all) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "OF_EACH", of_each)
        patch.setattr(module, "IN_ALL", in_all)
        chosen = excerpt(rows(*places))
    there = Counter(places)
    assert len(chosen.rows) == min(in_all, sum(min(n, chosen.of_each) for n in there.values()))
    assert chosen.of_each <= of_each
    assert chosen.rows.index.is_monotonic_increasing
    if chosen.of_each < of_each:
        assert sum(min(n, chosen.of_each + 1) for n in there.values()) > in_all
