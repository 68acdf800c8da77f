"""The rules that every trial has without writing them down."""

from enum import StrEnum


class BuiltIn(StrEnum):
    """A built-in rule; its value is the ``rule_id`` of its findings."""

    # shape: which row is this?
    BLANK_KEY = "blank_key"
    UNREADABLE_KEY = "unreadable_key"
    UNKNOWN_SUBJECT = "unknown_subject"
    UNKNOWN_VISIT = "unknown_visit"
    DUPLICATE_KEY = "duplicate_key"
    # a cell for itself
    UNREADABLE = "unreadable"
    NOT_A_CHOICE = "not_a_choice"
    OUT_OF_RANGE = "out_of_range"
    UNUSUAL = "unusual"
    REQUIRED = "required"
    REQUIRED_WHEN = "required_when"
    NOT_SHOWN = "not_shown"
    # a participant, a form, a visit
    UNKNOWN_SITE = "unknown_site"
    UNKNOWN_ARM = "unknown_arm"
    NOT_ELIGIBLE = "not_eligible"
    NOT_RANDOMISED = "not_randomised"
    MISSING_FORM = "missing_form"
    VISIT_WINDOW = "visit_window"
