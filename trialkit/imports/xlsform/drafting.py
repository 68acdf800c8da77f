"""An XLSForm becomes forms: its questions items, its repeats forms of their own, the rest a list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm, Place
from trialkit.imports.xlsform.finding import places_of
from trialkit.imports.xlsform.logic import Carried, Logic, Tally
from trialkit.imports.xlsform.settling import settle
from trialkit.imports.xlsform.survey import Survey
from trialkit.imports.xlsform.survey_reading import SurveyReading
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.rules.names import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedForms:
    """An XLSForm as forms, and everything in it that they do not say."""

    forms: tuple[Form, ...]
    comments: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By form and item what the XLSForm said in its own words."""
    left_out: tuple[LeftOut, ...]
    tally: Mapping[tuple[str, int], Carried]
    """By column and row of the survey whether the expression there is carried over."""
    drafts: tuple[DraftForm, ...]
    """Where each question of the forms stood."""
    subject_at: Place
    """Where the question stood that names the participant."""


def draft_forms(
    survey: Survey, *, stem: str, subject: str, data: DataFormat, repeating: bool = False
) -> DraftedForms:
    """The forms of a survey; the question ``subject`` becomes the key of its rows.

    ``repeating`` says that a participant fills in the form more than once.
    """
    reading = SurveyReading(survey, stem=stem, subject=subject)
    reading.read()
    reading.drafts[0].repeating = repeating
    drafts = [draft for draft in reading.drafts if draft.drafted]
    places = places_of(
        drafts,
        subject_at=reading.subject_at,
        others=frozenset(reading.places),
    )
    settle(drafts, places, survey.tables)
    known = {draft.name: draft.form() for draft in drafts}
    codes = tuple(code.code for code in data.all_missing_codes)
    tally: Tally = {}
    forms = tuple(
        Logic(
            draft=draft,
            places=places,
            scope=Scope(form=known[draft.name], forms=known, missing_codes=codes),
            reading=reading,
            survey=survey,
            tally=tally,
        ).form()
        for draft in drafts
    )
    return DraftedForms(
        forms=forms,
        comments={
            draft.name: {each.item.id: tuple(_said(each)) for each in draft.drafted}
            for draft in drafts
        },
        left_out=tuple(reading.left_out),
        tally=tally,
        drafts=tuple(drafts),
        subject_at=reading.subject_at,
    )


def _said(each: DraftedSurvey) -> Iterator[str]:
    """What the XLSForm said in its own words."""
    row = each.row
    if row["name"] != each.item.id:
        yield f"XLSForm, name: {row['name']}"
    for shown, _ in each.conditions:
        yield f"XLSForm, relevant: {shown['relevant']}"
    for column in ("constraint", "calculation", "choice_filter"):
        if row[column]:
            yield f"XLSForm, {column}: {row[column]}"
