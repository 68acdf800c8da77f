"""The stratum of somebody who is randomised is that of the store, and of the site of whoever asks."""

import shutil

import pytest

from tests.conftest import THREE_ARMS
from tests.evidence.world import close_all, on_engine
from tests.evidence.world_of_people import ANN, BEN, DAN, by, logged_in
from trialkit.design.randomisation.minimisation import Factor
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.people.placing import placed_at
from trialkit.evidence.standing.answers_of_one import has_answer, known_of_one
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin
from trialkit.evidence.writing.granting import grant
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.roles import TrialRole
from trialkit.steps.opening import open_trial
from trialkit.steps.stratum_known import levels_known

SITE = Factor(name="site", levels=("N", "S"))
CENTRE = Factor(name="centre", levels=("N", "S"))
SEX = Factor(name="sex", levels=("f", "m"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request, tmp_path):
    """A trial of two sites with a woman at each and one who is nowhere; Ben acts at N, Dan at both."""
    kept = on_engine(request, tmp_path)
    shutil.copytree(THREE_ARMS, tmp_path / "trial", ignore=shutil.ignore_patterns("data", "*.py"))
    store = kept.store.by("ann")
    begin(store, trial="THREE", occasion=by(ANN))
    said = [
        {"action": EventAction.FORM_OPENED, "form": form,
         "details": canonical({"columns": ["subject_id", item]})}
        for form, item in (("screening", "site"), ("demographics", "sex"))
    ]  # fmt: skip
    for subject, site in (("N1", "N"), ("S1", "S")):
        for form, item, text in (("screening", "site", site), ("demographics", "sex", "f")):
            place = {"form": form, "subject_id": subject}
            said.append({"action": EventAction.ROW_ADDED, **place})
            said.append({"action": EventAction.FILLED, **place, "item": item, "new": text})
    append(store, entries(said), by(ANN, 1))
    append(store, placed_at({"N1": "N", "S1": "S"}), by(ANN, 2))
    grant(store, "ben", by(ANN, 3), printed_name="Ben", role=TrialRole.INVESTIGATOR, site="N")
    grant(store, "dan", by(ANN, 4), printed_name="Dan", role=TrialRole.INVESTIGATOR)
    yield kept, tmp_path / "trial"
    close_all(kept)


def levels(world, person, subject, factors=(SITE,), **named: str):
    kept, trial = world
    known = known_of_one(logged_in(kept, person.person), person.person, subject)
    opened = open_trial(trial, step=TrialStep.RANDOMISE)
    return levels_known(opened, known, subject=subject, factors=factors, named=named)


def test_what_the_forms_record_need_not_be_named(world):
    assert levels(world, BEN, "N1", (SITE, SEX)) == {"site": "N", "sex": "f"}
    assert levels(world, DAN, "S1") == {"site": "S"}
    assert levels(world, DAN, "S1", (CENTRE,)) == {"centre": "S"}
    assert levels(world, DAN, "S1", ()) == {}


def test_stratum_of_another_site_is_refused(world):
    with pytest.raises(
        EvidenceError, match=r"site=S, and screening\.site is N; nothing was opened"
    ):
        levels(world, DAN, "N1", site="S")
    with pytest.raises(EvidenceError, match="site=S, and whoever asks acts at N alone"):
        levels(world, BEN, "X9", site="S")
    assert levels(world, DAN, "X9", site="S") == {"site": "S"}


def test_who_is_of_one_site_randomises_there(world):
    assert levels(world, BEN, "X9") == {"site": "N"}
    assert levels(world, DAN, "X9") == {}


def test_answer_that_is_no_level_says_nothing(world):
    age = Factor(name="sex", levels=("young", "old"))

    assert levels(world, BEN, "N1", (age,), sex="old") == {"sex": "old"}
    with pytest.raises(EvidenceError, match=r"sex=m, and demographics\.sex is f"):
        levels(world, BEN, "N1", (SEX,), sex="m")


def test_nothing_is_known_of_a_participant_of_another_site(world):
    kept, _ = world

    assert known_of_one(logged_in(kept, "ben"), "ben", "S1").answers == {}
    known = known_of_one(logged_in(kept, "dan"), "dan", "S1")
    assert known.answers == {("screening", "site"): "S", ("demographics", "sex"): "f"}
    assert (known.site, known.own_sites) == ("S", frozenset())
    assert (known.is_there, known.sees_arms) == (True, True)
    assert not known_of_one(logged_in(kept, "dan"), "dan", "X9").is_there


def test_log_says_whether_an_item_has_an_answer(world):
    kept, _ = world
    dan = logged_in(kept, "dan")

    def has(item="sex", subject="N1", form="demographics"):
        return has_answer(dan, "dan", subject, form, item)

    assert has()
    assert not any((has(item="age_years"), has(subject="X9"), has(form="screening")))
    place = {"form": "demographics", "subject_id": "N1"}
    taken = {"action": EventAction.EMPTIED, "item": "sex", "old": "f", "reason": "typed"}
    append(kept.store.by("ann"), entries([{**taken, **place}]), by(ANN, 5))
    assert not has()
    gone = {"action": EventAction.ROW_REMOVED, "reason": "of another"}
    append(kept.store.by("ann"), entries([{**gone, **place}]), by(ANN, 6))
    assert not has()
    back = [
        {"action": EventAction.ROW_ADDED, **place},
        {"action": EventAction.FILLED, **place, "item": "sex", "new": "m"},
    ]
    append(kept.store.by("ann"), entries(back), by(ANN, 7))
    assert has()


def test_row_that_is_removed_takes_its_own_answer_alone(world):
    """Of two rows of one key that came in by mistake, one is left with its answer."""
    kept, _ = world
    place = {"form": "demographics", "subject_id": "N1"}
    other = {**place, "copy": 1}
    append(
        kept.store.by("ann"),
        entries(
            [
                {"action": EventAction.ROW_ADDED, **other},
                {"action": EventAction.FILLED, **other, "item": "sex", "new": "m"},
                {
                    "action": EventAction.EMPTIED,
                    **other,
                    "item": "sex",
                    "old": "m",
                    "reason": "twice",
                },
                {"action": EventAction.ROW_REMOVED, **other, "reason": "twice"},
            ]
        ),
        by(ANN, 9),
    )

    assert has_answer(kept.store, "ann", "N1", "demographics", "sex")
    append(
        kept.store.by("ann"),
        entries(
            [
                {
                    "action": EventAction.EMPTIED,
                    **place,
                    "item": "sex",
                    "old": "f",
                    "reason": "wrong",
                },
                {"action": EventAction.ROW_REMOVED, **place, "reason": "wrong"},
            ]
        ),
        by(ANN, 10),
    )
    assert not has_answer(kept.store, "ann", "N1", "demographics", "sex")
