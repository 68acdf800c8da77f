"""One row a person who was screened or randomised: allocation, what was received, and how the study ended."""

import pandas as pd

from trialkit.datasets.flags import is_no, is_unknown
from trialkit.datasets.sources import Sources, by_subject_id, labels_of
from trialkit.datasets.unanswered import why_unknown
from trialkit.errors import DatasetError
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.answers import Unknown
from trialkit.schemas.forms.forms import FormKind, Purpose
from trialkit.schemas.values.spelling import one_spelling

_DATES = {
    "screening_date": Purpose.SCREENING_DATE,
    "consent_date": Purpose.CONSENT_DATE,
    "randomisation_date": Purpose.RANDOMISATION_DATE,
    "end_date": Purpose.END_DATE,
}
_TEXTS = {
    "site": Purpose.SITE,
    "block": Purpose.BLOCK,
    "stratum": Purpose.STRATUM,
    "cluster": Purpose.CLUSTER,
}
_REASONS = {
    "not_enrolled_reason": Purpose.NOT_ENROLLED_REASON,
    "not_received_reason": Purpose.NOT_RECEIVED_REASON,
    "discontinuation_reason": Purpose.DISCONTINUATION_REASON,
    "end_reason": Purpose.END_REASON,
}
_FLAGS = {
    "eligible": Purpose.ELIGIBLE,
    "discontinued": Purpose.DISCONTINUED,
    "completed": Purpose.COMPLETED,
}
_TELLING = {
    "received_intervention": (Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON),
    "discontinued": (Purpose.DISCONTINUED, Purpose.DISCONTINUATION_REASON),
    "completed": (Purpose.COMPLETED,),
}
"""The flags of the course of the trial, and the items that can tell them: the first that is asked."""


def derive_subjects(sources: Sources, protocol: Protocol) -> pd.DataFrame:
    """Every person who was screened or randomised, once, with arm and dates; as in Datasets."""
    return say_why_unknown(enter_subjects(sources, protocol), sources, protocol)


def enter_subjects(sources: Sources, protocol: Protocol) -> pd.DataFrame:
    """What was entered of every person, by ``subject_id``; why a flag is unknown is not said yet."""
    screened, allocated = _people(sources)
    people = screened.append(allocated[~allocated.isin(screened)])
    subjects = pd.DataFrame({"screened": people.isin(screened)}, index=people)
    for name, purpose in _DATES.items():
        subjects[name] = pd.to_datetime(_by_subject(sources, purpose, people))
    for name, purpose in _TEXTS.items():
        subjects[name] = _text_by_subject(sources, purpose, people)
    for name, purpose in _REASONS.items():
        subjects[name] = one_spelling(_text_by_subject(sources, purpose, people))
    for name, purpose in _FLAGS.items():
        subjects[name] = _by_subject(sources, purpose, people).astype("boolean")
    arm = _text_by_subject(sources, Purpose.ARM, people)
    _refuse_without_arm(arm[allocated], protocol)
    subjects["arm"] = as_arm(arm, protocol)
    subjects["randomised"] = subjects["arm"].notna()
    subjects["arm_received"] = as_arm(_received(sources, arm, people), protocol)
    subjects["received_intervention"] = _as_allocated(subjects)
    if sources.item_asking(Purpose.DISCONTINUED) is None:
        subjects["discontinued"] = _has_reason(sources, Purpose.DISCONTINUATION_REASON, people)
    return subjects


def say_why_unknown(subjects: pd.DataFrame, sources: Sources, protocol: Protocol) -> pd.DataFrame:
    """The subjects as in Datasets: what nobody knows of somebody says why, arm by arm."""
    said = subjects.copy()
    for name, purposes in _TELLING.items():
        unknown = is_unknown(said[name]) & said["randomised"]
        said[f"{name}_unknown"] = why_unknown(unknown, sources, protocol, said, purposes)
    return said.reset_index()


def arm_treated(people: pd.DataFrame) -> pd.Series:
    """The arm that participants received, and the one allocated while no form has asked yet.

    Missing for who received nothing, and for who was asked and of whom the answer is not recorded.
    """
    not_asked = people["received_intervention_unknown"].isin(
        [Unknown.TO_COME, Unknown.NOT_COLLECTED]
    )
    return people["arm_received"].fillna(people["arm"].where(not_asked))


def received_nothing(people: pd.DataFrame) -> pd.Series:
    """Who is known to have received no arm's intervention."""
    return is_no(people["received_intervention"]) & people["arm_received"].isna()


def _received(sources: Sources, arm: pd.Series, people: pd.Index) -> pd.Series:
    """The arm that each of the randomised received, where one is known."""
    if sources.item_asking(Purpose.ARM_RECEIVED) is not None:
        return _text_by_subject(sources, Purpose.ARM_RECEIVED, people).where(arm.notna())
    return arm.where(is_no(_has_reason(sources, Purpose.NOT_RECEIVED_REASON, people)))


def _has_reason(sources: Sources, purpose: Purpose, people: pd.Index) -> pd.Series:
    """Whether something happened, from a form that asks for its reason only: a blank is a no."""
    blank = people.isin(sources.blank(purpose))
    given = _text_by_subject(sources, purpose, people).notna()
    return given.astype("boolean").where(given | blank)


def _as_allocated(subjects: pd.DataFrame) -> pd.Series:
    """Whether the arm allocated was received; a reason for not receiving it says that none was.

    Nobody who was not randomised received it.
    """
    received = subjects["arm_received"]
    same = received.cat.codes == subjects["arm"].cat.codes
    known = received.notna() | subjects["not_received_reason"].notna() | ~subjects["randomised"]
    return (same & subjects["randomised"]).astype("boolean").where(known)


def restrictions_asked(sources: Sources) -> dict[str, str]:
    """The columns of what restricted the randomisation that a form asks for, with its item."""
    asked: dict[str, str] = {}
    for name in ("block", "stratum"):
        for form in sources.schemas.forms:
            item = form.item_for(_TEXTS[name])
            if item is not None and form.key == ("subject_id",):
                asked.setdefault(name, f"{form.id}.{item.id}")
    return asked


def _people(sources: Sources) -> tuple[pd.Index, pd.Index]:
    """Who has a row in the screening form, and who in the randomisation form."""
    screening = sources.screening()
    randomisation = sources.schemas.of_kind(FormKind.RANDOMISATION)
    screened = by_subject_id(sources.snapshot[screening.id].values).index
    if randomisation is None:
        return screened, screened[:0]
    values = sources.snapshot[randomisation.id].values
    return screened, by_subject_id(values).index


def _refuse_without_arm(arms: pd.Series, protocol: Protocol) -> None:
    """Somebody who was randomised is in an arm; without, no analysis knows where to count them."""
    without = arms.index[arms.isna()]
    if len(without):
        raise DatasetError(
            f"randomised, but without an arm of the protocol ({', '.join(protocol.arm_codes)}): "
            f"{', '.join(without[:5])}{' and others' if len(without) > 5 else ''}; enter the arm in "
            "the form of randomisation, or remove the row of who was not randomised"
        )


def as_arm(codes: pd.Series, protocol: Protocol) -> pd.Series:
    """Arm codes as an ordered category, reference arm first, unknown codes refused."""
    known = protocol.arm_codes
    unknown = sorted(set(codes.dropna()) - set(known))
    if unknown:
        raise DatasetError(f"arm codes {unknown} are not in the protocol: {list(known)}")
    return pd.Series(pd.Categorical(codes, categories=list(known), ordered=True), codes.index)


def randomised(subjects: pd.DataFrame) -> pd.DataFrame:
    """The rows of the people who were randomised."""
    return subjects[subjects["randomised"]]


def _by_subject(sources: Sources, purpose: Purpose, people: pd.Index) -> pd.Series:
    found = sources.by_subject(purpose)
    if found is None:
        return pd.Series(pd.NA, index=people, dtype="object")
    return found.reindex(people)


def _text_by_subject(sources: Sources, purpose: Purpose, people: pd.Index) -> pd.Series:
    """The item as text; choices by their labels, but for codes that are names themselves."""
    found = _by_subject(sources, purpose, people)
    if purpose not in {Purpose.ARM, Purpose.ARM_RECEIVED, Purpose.SITE}:
        asking = sources.item_asking(purpose)
        found = found if asking is None else labels_of(found, asking[0], purpose)
    text = found.astype("object").where(found.notna(), None).astype("str")
    return text.mask(text.str.strip() == "")
