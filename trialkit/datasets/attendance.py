"""Sessions attended of those prescribed, in the arms that have planned sessions."""

import pandas as pd

from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.decimals.columns import difference
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas

COLUMNS = ["subject_id", "arm", "planned", "prescribed", "attended", "unknown", "minutes"]
DOSE = {"sets": Purpose.SESSION_SETS, "repetitions": Purpose.SESSION_REPETITIONS}
"""What is added up over the sessions of a participant, beside the minutes."""
LOADS = ["first_load", "last_load", "progression"]


def derive_dose(sources: Sources, protocol: Protocol, subjects: pd.DataFrame) -> pd.DataFrame:
    """What participants did in the sessions that they attended; as in Datasets.

    Only what the session log asks for is there. A sum is unknown where one attended session's part
    is. The load is that of the first and the last attended session with one, by their numbers; with
    one of them alone, nothing is known to have changed.
    """
    people = _planned(protocol, subjects)
    form = sources.schemas.of_kind(FormKind.SESSIONS)
    dose = people[["subject_id", "arm"]].reset_index(drop=True)
    if form is None or not form.repeating:
        return dose
    log = _log(form, sources, people.assign(withdrew=_withdrew(people)))
    log = log[is_yes(log["came"])]
    for name, purpose in DOSE.items():
        if form.item_for(purpose) is not None:
            amounts = log.groupby("subject_id")[name]
            total = _of(dose, amounts.sum().mask(amounts.size() > amounts.count()))
            dose[name] = total.mask(~dose["subject_id"].isin(log["subject_id"]), 0.0)
    if form.item_for(Purpose.SESSION_LOAD) is not None:
        known = log[log["load"].notna()].sort_values("repeat", kind="stable")
        loads = known.groupby("subject_id")["load"]
        dose["first_load"], dose["last_load"] = _of(dose, loads.first()), _of(dose, loads.last())
        several = _of(dose, loads.size().astype("Float64")) > 1
        change = difference(dose["last_load"].to_numpy(), dose["first_load"].to_numpy())
        dose["progression"] = pd.Series(change).where(several)
    return dose


def _of(dose: pd.DataFrame, by_subject: pd.Series) -> pd.Series:
    found = dose["subject_id"].astype("object").map(by_subject.to_dict())
    return pd.to_numeric(found, errors="coerce").astype("float64")


def units_of_dose(schemas: Schemas) -> dict[str, str]:
    """By column of the dose, the unit that the session log has for it."""
    form = schemas.of_kind(FormKind.SESSIONS)
    load = form.item_for(Purpose.SESSION_LOAD) if form else None
    return dict.fromkeys(LOADS, load.unit) if load else {}


def derive_attendance(sources: Sources, protocol: Protocol, subjects: pd.DataFrame) -> pd.DataFrame:
    """Each participant's dose; columns as in Datasets.

    ``prescribed`` counts the planned sessions up to withdrawal from the study: all of them for who
    completed it, else the rows of the session log up to the end date; for who is still in training
    at the data cut, the rows so far. Who discontinued the training but stayed in the study keeps
    the whole number. What came after the end date of who withdrew does not count, and a session of
    which nobody knows whether it was attended is counted in ``unknown`` and nowhere else. Of an arm
    that has no session log nothing is known.
    """
    people = _planned(protocol, subjects)
    form = sources.schemas.of_kind(FormKind.SESSIONS)
    if form is None or people.empty:
        nobody_knows = pd.array([pd.NA] * len(people), dtype="Int64")
        return people.assign(
            prescribed=people["planned"],
            attended=nobody_knows,
            unknown=nobody_knows,
            minutes=float("nan"),
        )[COLUMNS]
    people = people.assign(withdrew=_withdrew(people), in_training=_in_training(people, sources))
    sums = _sums(_log(form, sources, people))
    joined = people.merge(sums, on="subject_id", how="left", validate="one_to_one")
    counts = joined[["rows", "attended", "unknown"]].fillna(0).astype("Int64")
    so_far = counts["rows"].clip(upper=joined["planned"])
    asked = joined["planned"].mask(joined["withdrew"] | joined["in_training"], so_far)
    unlogged = ~joined["arm"].isin(form.arms) & bool(form.arms)
    return joined.assign(
        prescribed=(asked - counts["unknown"]).clip(lower=0).mask(unlogged, joined["planned"]),
        attended=counts["attended"].mask(unlogged),
        unknown=counts["unknown"].mask(unlogged),
        minutes=_minutes(joined, form).mask(unlogged),
    )[COLUMNS]


def _minutes(sums: pd.DataFrame, form: Form) -> pd.Series:
    """The minutes of everybody in all, unknown where those of one session attended are.

    Of a log that does not ask for them nobody knows any.
    """
    if form.item_for(Purpose.SESSION_MINUTES) is None:
        return pd.Series(float("nan"), index=sums.index)
    known = sums["minutes"].fillna(0).astype("float64")
    return known.mask(sums["without_minutes"].fillna(0) > 0)


def _planned(protocol: Protocol, subjects: pd.DataFrame) -> pd.DataFrame:
    """The participants of arms with planned sessions, and when their training is over."""
    trainings = {
        arm.code: arm.intervention
        for arm in protocol.arms
        if arm.intervention is not None and arm.intervention.sessions is not None
    }
    sessions = {code: training.sessions for code, training in trainings.items()}
    weeks = {code: training.weeks for code, training in trainings.items()}
    columns = ["subject_id", "arm", "randomisation_date", "completed", "end_date"]
    people = randomised(subjects)[columns]
    people = people[people["arm"].isin(list(trainings))]
    arm = people["arm"].astype("str")
    days = 7 * arm.map(weeks).astype("float64")
    over = people["randomisation_date"] + pd.to_timedelta(
        days.fillna(float(protocol.visits[-1].day)), unit="D"
    )
    return people.assign(planned=arm.map(sessions).astype("Int64"), over=over)


def _withdrew(people: pd.DataFrame) -> pd.Series:
    """Who is known to have left: with an end date and not known to have completed."""
    unknown = ~is_no(people["completed"]) & ~is_yes(people["completed"])
    return is_no(people["completed"]) | (unknown & (people["end_date"] < people["over"]))


def _in_training(people: pd.DataFrame, sources: Sources) -> pd.Series:
    """Who has neither completed nor left, and has training ahead at the data cut."""
    cut = sources.snapshot.cut
    if cut is None:
        return pd.Series(data=False, index=people.index)
    ongoing = ~is_yes(people["completed"]) & people["end_date"].isna()
    return ongoing & ~is_no(people["completed"]) & (people["over"] > cut)


def _log(form: Form, sources: Sources, people: pd.DataFrame) -> pd.DataFrame:
    """The rows of the session log that count, with what is known of them."""
    log = pd.DataFrame({"subject_id": sources.snapshot[form.id].values["subject_id"]})
    attended = sources.column(form, Purpose.ATTENDED)
    minutes = sources.column(form, Purpose.SESSION_MINUTES)
    held = sources.column(form, Purpose.SESSION_DATE)
    log["came"] = pd.Series(data=True, index=log.index) if attended is None else attended
    log["minutes"] = float("nan") if minutes is None else minutes.astype("Float64")
    log["date"] = pd.NaT if held is None else held
    for name, purpose in {**DOSE, "load": Purpose.SESSION_LOAD}.items():
        amount = sources.column(form, purpose)
        log[name] = float("nan") if amount is None else amount.astype("Float64")
    log["repeat"] = sources.snapshot[form.id].values["repeat"] if form.repeating else 1
    log = log.merge(people, on="subject_id", how="inner", validate="many_to_one")
    after = log["withdrew"] & (log["date"] > log["end_date"])
    return log[~after]


def _sums(log: pd.DataFrame) -> pd.DataFrame:
    unknown = log["came"].isna()
    counted = log.assign(
        rows=1,
        attended=is_yes(log["came"]).astype("int64"),
        unknown=unknown.astype("int64"),
        minutes=log["minutes"].mask(unknown),
        without_minutes=(is_yes(log["came"]) & log["minutes"].isna()).astype("int64"),
    )
    columns = ["rows", "attended", "unknown", "minutes", "without_minutes"]
    return counted.groupby("subject_id")[columns].sum().reset_index()
