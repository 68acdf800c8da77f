"""The fields that REDCap has without being asked, and where among a form's own they stand."""

from tests.imports.redcap.fields import dictionary, field
from trialkit.imports.redcap.system_fields import (
    Extras,
    status_field,
    time_field,
    with_system_fields,
)

PROJECT = dictionary(field("sex"), field("age"), field("x", "visit_form"), field("y", "survey"))


def names(extras: Extras, first: str = "base") -> dict[str, list[str]]:
    found = with_system_fields(PROJECT, extras, first=first)
    return {form: [each.name for each in fields] for form, fields in found.items()}


def test_every_form_has_its_status_last_and_the_record_is_no_field() -> None:
    assert names(Extras()) == {
        "base": ["sex", "age", "base_complete"],
        "visit_form": ["x", "visit_form_complete"],
        "survey": ["y", "survey_complete"],
    }


def test_a_survey_has_its_time_and_the_first_form_the_group() -> None:
    extras = Extras(timestamps=frozenset({"survey"}), groups=True)
    assert names(extras, first="visit_form") == {
        "base": ["sex", "age", "base_complete"],
        "visit_form": ["redcap_data_access_group", "x", "visit_form_complete"],
        "survey": ["y", "survey_timestamp", "survey_complete"],
    }


def test_what_the_added_fields_are() -> None:
    extras = Extras(timestamps=frozenset({"base"}), groups=True)
    group, *_, time, status = with_system_fields(PROJECT, extras, first="base")["base"]
    assert group == field("redcap_data_access_group", "base", label="Data access group in REDCap")
    assert time == field(
        "base_timestamp", "base", label="When the survey was completed",
        validation="datetime_seconds_ymd",
    )  # fmt: skip
    assert status == field(
        "base_complete", "base", "radio", label="Status of the form in REDCap",
        choices="0, Incomplete | 1, Unverified | 2, Complete",
    )  # fmt: skip


def test_how_they_are_called() -> None:
    assert (status_field("pain"), time_field("pain")) == ("pain_complete", "pain_timestamp")
