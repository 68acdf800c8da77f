"""The log of exercise sessions: one row for each session that was prescribed."""

from trialkit.schemas.forms.forms import Expected, FormKind, ItemType, Purpose, Rule, Severity
from trialkit.schemas.instruments.formulas import answer, product_of, share
from trialkit.schemas.instruments.instrument import (
    Asked,
    Direction,
    Instrument,
    Score,
)

SESSION_LOG = Instrument(
    id="session_log",
    name="Log of exercise sessions",
    measures="dose and adherence",
    kind=FormKind.SESSIONS,
    expected=Expected.AS_NEEDED,
    repeating=True,
    items=(
        Asked(
            id="session_date",
            label="Date of the session, as held or as planned",
            type=ItemType.DATE,
            required=True,
            purpose=Purpose.SESSION_DATE,
        ),
        Asked(
            id="attended",
            label="Attended",
            type=ItemType.YES_NO,
            required=True,
            purpose=Purpose.ATTENDED,
        ),
        Asked(
            id="minutes",
            label="Minutes",
            unit="min",
            low=0,
            high=300,
            shown_when="attended",
            purpose=Purpose.SESSION_MINUTES,
        ),
        Asked(id="sets_prescribed", label="Sets prescribed", low=0, high=100),
        Asked(id="sets_completed", label="Sets completed", low=0, high=100, shown_when="attended"),
        Asked(
            id="effort",
            label="Perceived exertion of the session (CR-10)",
            type=ItemType.DECIMAL,
            low=0,
            high=10,
            shown_when="attended",
        ),
        Asked(id="reason", label="Why not attended", type=ItemType.TEXT, shown_when="NOT attended"),
    ),
    scores=(
        Score(
            id="dose_completed",
            label="Sets completed of those prescribed",
            formula=share(answer("sets_completed"), answer("sets_prescribed"), factor=100),
            direction=Direction.NEITHER,
            unit="%",
            missing_rule="sets prescribed and completed must be known",
        ),
        Score(
            id="session_load",
            label="Session load (exertion × minutes)",
            formula=product_of(answer("effort"), answer("minutes")),
            direction=Direction.NEITHER,
            unit="exertion × min",
            missing_rule="exertion and minutes must be known",
        ),
    ),
    reference="Slade et al. (CERT), Br J Sports Med 2016;50:1428; Foster et al., J Strength Cond Res 2001;15:109",
    rights="a record, without words to license",
    notes=(
        "one row for each session prescribed up to the withdrawal, so that attendance has a denominator",
        "adherence comes after randomisation: it is described and never a covariate of the primary model",
    ),
    checks=(
        Rule(
            severity=Severity.SOFT,
            id="SESS01",
            expression="sets_completed <= sets_prescribed",
            message="{sets_completed} sets completed of {sets_prescribed} prescribed.",
            items=("sets_completed", "sets_prescribed"),
        ),
    ),
)
