"""What no form, item or purpose asks for is not collected: each source is taken away, one by one."""

from dataclasses import replace

import pytest

from tests.datasets.small import small
from trialkit.checks.deviations.kinds import DeviationKind
from trialkit.datasets.collected import EVERYTHING, FACTS, NotCollected, not_collected
from trialkit.datasets.sources import Sources
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.harms import EventFact
from trialkit.schemas.forms.forms import Form, FormKind, Purpose


def without(sources: Sources, *purposes: Purpose, kind: FormKind | None = None) -> Sources:
    """The sources whose forms have no item for these purposes, and no form of the kind."""
    forms = tuple(
        replace(
            form,
            items=tuple(
                replace(item, purpose=None if item.purpose in purposes else item.purpose)
                for item in form.items
            ),
        )
        for form in sources.schemas.forms
        if form.kind is not kind
    )
    return replace(sources, schemas=replace(sources.schemas, forms=forms))


def for_arms(sources: Sources, kind: FormKind, *arms: str) -> Sources:
    """The sources whose form of a kind is that of these arms."""

    def changed(form: Form) -> Form:
        return replace(form, arms=arms) if form.kind is kind else form

    forms = tuple(map(changed, sources.schemas.forms))
    return replace(sources, schemas=replace(sources.schemas, forms=forms))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sources, Protocol]:
    return small(tmp_path_factory.mktemp("collected"))


def test_a_fact_that_the_form_does_not_ask_is_not_collected(
    made: tuple[Sources, Protocol],
) -> None:
    sources, protocol = made
    assert not_collected(sources, protocol).facts == EVERYTHING.facts
    for fact, purpose in FACTS.items():
        assert not_collected(without(sources, purpose), protocol).facts == {fact}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (FormKind.ADVERSE_EVENTS, "harms"),
        (FormKind.CONCOMITANT_CARE, "care"),
        (FormKind.DEVIATIONS, "deviations"),
        (FormKind.SESSIONS, "sessions"),
    ],
)
def test_without_a_form_no_arm_is_asked_and_with_one_for_some_the_others_are_not(
    made: tuple[Sources, Protocol], kind: FormKind, name: str
) -> None:
    sources, protocol = made
    first, *others = protocol.arm_codes
    assert getattr(not_collected(without(sources, kind=kind), protocol), name) == {first, *others}
    if sources.schemas.of_kind(kind) is not None:
        assert getattr(not_collected(sources, protocol), name) == frozenset()
        some = not_collected(for_arms(sources, kind, first), protocol)
        assert getattr(some, name) == frozenset(others)


def test_a_form_that_is_not_there_asks_no_fact_either(made: tuple[Sources, Protocol]) -> None:
    sources, protocol = made
    nothing = not_collected(without(sources, kind=FormKind.ADVERSE_EVENTS), protocol)
    assert nothing.facts == frozenset(EventFact)


@pytest.mark.parametrize(
    ("purposes", "kinds"),
    [
        ((Purpose.ELIGIBLE,), {DeviationKind.NOT_ELIGIBLE}),
        ((Purpose.ARM_RECEIVED,), {DeviationKind.OTHER_ARM}),
        (
            (Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON),
            {DeviationKind.OTHER_ARM, DeviationKind.NO_CARE},
        ),
        ((Purpose.VISIT_DATE,), {DeviationKind.OUT_OF_WINDOW}),
    ],
)
def test_a_deviation_that_no_item_shows_is_not_collected(
    example_sources: tuple[Sources, Protocol],
    purposes: tuple[Purpose, ...],
    kinds: set[DeviationKind],
) -> None:
    sources, protocol = example_sources
    assert not_collected(sources, protocol).shown == ()
    shown = not_collected(without(sources, *purposes), protocol).shown
    assert set(shown) == {kind.value for kind in kinds}


@pytest.fixture
def example_sources(example) -> tuple[Sources, Protocol]:
    return Sources(snapshot=example.snapshot, schemas=example.schemas), example.protocol


def test_names_of_care_and_attendance_are_asked_by_their_items(
    example_sources: tuple[Sources, Protocol],
) -> None:
    sources, protocol = example_sources
    whole = not_collected(sources, protocol)
    assert (whole.care_term, whole.attended) == (False, False)
    assert not_collected(without(sources, Purpose.TREATMENT_TERM), protocol).care_term
    assert not_collected(without(sources, Purpose.ATTENDED), protocol).attended


def test_by_default_everything_is_collected() -> None:
    assert NotCollected() == EVERYTHING
    assert not EVERYTHING.harms
