"""The rules that every trial has without writing them down."""

from enum import StrEnum


class BuiltIn(StrEnum):
    """A built-in rule; its value is the ``rule_id`` of its findings."""

    # shape: which row is this?
    BLANK_KEY = "blank_key"
    UNREADABLE_KEY = "unreadable_key"
    UNKNOWN_SUBJECT = "unknown_subject"
    LOOKALIKE_SUBJECT = "lookalike_subject"
    UNKNOWN_VISIT = "unknown_visit"
    DUPLICATE_KEY = "duplicate_key"
    # a cell for itself
    UNREADABLE = "unreadable"
    NOT_A_CHOICE = "not_a_choice"
    NOT_IN_FORM = "not_in_form"
    OUT_OF_RANGE = "out_of_range"
    AFTER_CUT = "after_cut"
    UNUSUAL = "unusual"
    CODE_NOT_ALLOWED = "code_not_allowed"
    NO_SUCH_FILE = "no_such_file"
    MISCALCULATED = "miscalculated"
    REQUIRED = "required"
    REQUIRED_WHEN = "required_when"
    NOT_SHOWN = "not_shown"
    # a row, by what the form says of its items
    WRONG_SUM = "wrong_sum"
    ONE_SIDE_ONLY = "one_side_only"
    STOPPING_SIGNAL = "stopping_signal"
    SAME_ROW_TWICE = "same_row_twice"
    # a participant, a form, a visit
    DATE_ORDER = "date_order"
    OTHER_ARM = "other_arm"
    NOT_DONE_CONTRADICTED = "not_done_contradicted"
    TOO_MANY_SESSIONS = "too_many_sessions"
    UNANSWERED = "unanswered"
    UNKNOWN_SITE = "unknown_site"
    UNKNOWN_ARM = "unknown_arm"
    NOT_ELIGIBLE = "not_eligible"
    NOT_RANDOMISED = "not_randomised"
    MISSING_FORM = "missing_form"
    VISIT_WINDOW = "visit_window"
    # what every monitor expects
    SUBJECT_PATTERN = "subject_pattern"
    NO_CONSENT = "no_consent"
    RANDOMISATION_DATE_DOUBTED = "randomisation_date_doubted"
    OTHER_ARM_RECEIVED = "other_arm_received"
    AFTER_DEATH = "after_death"
    AFTER_THE_END = "after_the_end"
    ALL_FORMS_THERE = "all_forms_there"
    TWO_SESSIONS_A_DAY = "two_sessions_a_day"
    SESSION_ORDER = "session_order"
    COPIED_ANSWERS = "copied_answers"
    BLANK_ANSWER = "blank_answer"
    CHANGED_BETWEEN_VISITS = "changed_between_visits"
    SIDES_EXCHANGED = "sides_exchanged"
    CONTRADICTORY_ANSWERS = "contradictory_answers"
    UNIT_SLIP = "unit_slip"
    # what was typed, over all participants
    LOOKALIKE_TERM = "lookalike_term"
    TERM_FOR_NONE = "term_for_none"
    # all values of an item together: notes, never queries
    OUTLIER = "outlier"
    DIGIT_PREFERENCE = "digit_preference"
    IDENTICAL_ROWS = "identical_rows"
    NARROW_SITE = "narrow_site"
