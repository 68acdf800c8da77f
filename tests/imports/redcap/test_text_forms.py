"""Each validation of a text takes what it should, with a pattern that the forms can use."""

import polars as pl
import pytest

from tests.imports.redcap.fields import field
from trialkit.imports.redcap.items import draft_item
from trialkit.imports.redcap.text_forms import TEXT_FORMS
from trialkit.schemas.rules.patterns import matched, whole_text_pattern

# What REDCap's list of field validation types (Control Center) gives as formats, and slips of them.
RIGHT_AND_WRONG = {
    "alpha_only": (("Smith", "Ångström"), ("Smith2", "de Vries", "O'Neil")),
    "email": (("a.b+c@mail.example.org", "x@y.uk"), ("a@b", "a b@c.org", "@c.org", "a@b.org,c@d.org")),
    "mrn_10d": (("0123456789",), ("123456789", "01234567890", "012345678x")),
    "mrn_generic": (("A-1_b",), ("A 1", "A/1", "")),
    "phone": (
        ("(615) 555-0100", "615-555-0100", "6155550100", "+1 615.555.0100", "615-555-0100 x12"),
        ("555-0100", "115-555-0100", "615-055-0100", "615-555-010", "call 615-555-0100"),
    ),
    "phone_australia": (("(02) 5550 1234", "0255501234"), ("(01) 5550 1234", "02 5550 123")),
    "phone_uk": (("020 7946 0000", "+44 20 7946 0000", "(020) 7946 0000"), ("7946", "20 7946 00")),
    "postalcode_australia": (("0800", "3000"), ("800", "30000")),
    "postalcode_canada": (("K1A 0B1", "k1a0b1"), ("K1A 0BB", "1K1 A0B")),
    "postalcode_french": (("75001", "01000"), ("750010", "7500A")),
    "postalcode_germany": (("01067", "10115"), ("1067", "D-10115")),
    "postalcode_uk": (("SW1A 1AA", "m1 1ae", "EC1A1BB"), ("SW1A", "1AA SW1")),
    "ssn": (("000-00-0000",), ("000000000", "000-000-000")),
    "time_hh_mm_ss": (("23:59:59", "00:00:00"), ("24:00:00", "8:30:00", "08:30")),
    "time_mm_ss": (("59:59", "00:00"), ("60:00", "5:00", "08:30:00")),
    "vmrn": (("0123", "123456789"), ("123", "1234567890")),
    "zipcode": (("37203", "37203-0001"), ("3720", "37203-1", "37203 0001")),
}  # fmt: skip


def test_every_form_has_its_cases():
    assert set(RIGHT_AND_WRONG) == set(TEXT_FORMS)


@pytest.mark.parametrize("name", TEXT_FORMS)
def test_what_fits_and_what_does_not(name):
    form = TEXT_FORMS[name]
    right, wrong = RIGHT_AND_WRONG[name]
    texts = pl.DataFrame({"t": [form.example, *right, *wrong]})

    found = texts.select(matched(pl.col("t"), whole_text_pattern(form.pattern)))["t"].to_list()
    assert found == [True] * (len(right) + 1) + [False] * len(wrong)


def test_the_item_has_the_pattern_and_the_example():
    found = draft_item(
        field("mail", validation="email"), "mail", purpose=None, missing={}, new_codes={}
    )

    assert found is not None
    assert (found.item.type.value, found.troubles) == ("text", ())
    assert (found.item.pattern, found.item.example) == (
        TEXT_FORMS["email"].pattern, "name@example.org",
    )  # fmt: skip


def test_a_validation_that_nobody_knows_is_listed():
    found = draft_item(field("x", validation="my_own"), "x", purpose=None, missing={}, new_codes={})

    assert found is not None
    assert found.item.pattern == ""
    assert [each.found for each in found.troubles] == ["the validation 'my_own'"]
