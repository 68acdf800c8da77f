"""The plan of a randomisation is what the protocol says, and refuses what contradicts it."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.miniature import Miniature
from tests.miniature import protocol as miniature
from trialkit.design.randomisation.minimisation import (
    Factor,
    Imbalance,
    Minimisation,
    Preference,
)
from trialkit.design.randomisation.planning import PlanChoices, plan_randomisation
from trialkit.design.randomisation.plans import RandomisationPlan, Use
from trialkit.design.randomisation.schemes import (
    Arms,
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Share,
    Simple,
    WeiUrn,
)
from trialkit.errors import AnalysisError, DesignError
from trialkit.protocol.trial.conduct import Blinded, Randomisation, RandomisationType, SampleSize
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.people import Site
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Schemas:
    return Miniature().schemas(tmp_path_factory.mktemp("miniature"))


def stated(
    kind: RandomisationType = RandomisationType.NOT_REPORTED,
    *,
    planned: int | None = 30,
    blocks: tuple[int, ...] = (),
    strata: tuple[str, ...] = (),
) -> Protocol:
    """The miniature at 1 to 2, randomised as stated."""
    return replace(
        miniature(),
        arms=(
            Arm(code="P", label="Placebo", reference=True),
            Arm(code="A", label="Active", ratio=2),
        ),
        sites=(Site(code="01", label="Clinic"), Site(code="07", label="Practice")),
        sample_size=None if planned is None else SampleSize(planned=planned),
        randomisation=Randomisation(type=kind, block_sizes=blocks, strata=strata),
    )


def blinded(protocol: Protocol, *, participants: Blinded, providers: Blinded) -> Protocol:
    blinding = replace(protocol.blinding, participants=participants, providers=providers)
    return replace(protocol, blinding=blinding)


def test_a_plan_is_the_protocols_trial_arms_size_and_use(schemas: Schemas) -> None:
    protocol = stated(RandomisationType.SIMPLE)
    expected = RandomisationPlan(
        trial="MINI",
        arms=Arms(shares=(Share(code="P", ratio=1), Share(code="A", ratio=2))),
        scheme=Simple(),
        factors=(),
        slots=30,
        use=Use.TRIAL,
    )
    assert plan_randomisation(protocol, schemas, PlanChoices()) == expected
    more = PlanChoices(slots=12, training=True)
    assert plan_randomisation(protocol, schemas, more) == replace(
        expected, slots=12, use=Use.TRAINING
    )


LAWS = {
    RandomisationType.SIMPLE: ("simple", Simple()),
    RandomisationType.PERMUTED_BLOCKS: ("blocks", PermutedBlocks(lengths=(3, 6))),
    RandomisationType.STRATIFIED_BLOCKS: ("blocks", PermutedBlocks(lengths=(3, 6))),
    RandomisationType.BIASED_COIN: ("efron", EfronCoin(p=Fraction(3, 4))),
    RandomisationType.URN: ("urn", WeiUrn(alpha=2, beta=5)),
    RandomisationType.BIG_STICK: ("big-stick", BigStick(limit=4)),
    RandomisationType.MINIMISATION: (
        "minimisation",
        Minimisation(p=Fraction(3, 4), imbalance=Imbalance.VARIANCE),
    ),
}
CHOSEN = PlanChoices(
    blocks=(6, 3, 6),
    p=Fraction(3, 4),
    limit=4,
    alpha=2,
    beta=5,
    imbalance="variance",
    factors=(Factor(name="site", levels=("N", "S"), weight=3),),
)


@pytest.mark.parametrize("kind", LAWS, ids=lambda each: each.value)
def test_every_type_of_the_protocol_has_its_law_and_takes_its_choices(
    kind: RandomisationType, schemas: Schemas
) -> None:
    """Said by the protocol, chosen where it says nothing, and said twice: the same scheme."""
    law, scheme = LAWS[kind]
    silent = stated()
    for protocol, choices in (
        (stated(kind), CHOSEN),
        (silent, replace(CHOSEN, law=law)),
        (stated(kind), replace(CHOSEN, law=law)),
    ):
        plan = plan_randomisation(protocol, schemas, choices)
        assert plan.scheme == scheme
        assert plan.factors == CHOSEN.factors


def test_what_is_not_chosen_has_the_usual_value(schemas: Schemas) -> None:
    kinds = {
        RandomisationType.BIASED_COIN: EfronCoin(p=Fraction(2, 3)),
        RandomisationType.URN: WeiUrn(alpha=0, beta=1),
        RandomisationType.BIG_STICK: BigStick(limit=3),
        RandomisationType.MINIMISATION: Minimisation(
            p=Fraction(4, 5), imbalance=Imbalance.RANGE, preference=Preference.BEST
        ),
    }
    for kind, scheme in kinds.items():
        plan = plan_randomisation(stated(kind, strata=("site",)), schemas, PlanChoices())
        assert plan.scheme == scheme


def test_a_minimisation_by_ranks_is_chosen_for_equal_arms(schemas: Schemas) -> None:
    equal = replace(stated(RandomisationType.MINIMISATION, strata=("site",)), arms=miniature().arms)
    plan = plan_randomisation(equal, schemas, PlanChoices(preference="ranks", p=Fraction(2, 3)))
    assert plan.scheme == Minimisation(p=Fraction(2, 3), preference=Preference.RANKS)


def test_the_law_is_stated_or_chosen_and_never_both_ways(schemas: Schemas) -> None:
    with pytest.raises(DesignError) as error:
        plan_randomisation(stated(), schemas, PlanChoices())
    assert str(error.value) == (
        "how is it randomised? The protocol's randomisation.type is 'not reported'; state it "
        "there, or give --law"
    )
    with pytest.raises(DesignError) as error:
        plan_randomisation(stated(RandomisationType.URN), schemas, PlanChoices(law="efron"))
    assert str(error.value) == (
        "--law efron contradicts the protocol, whose randomisation.type is 'urn'"
    )
    with pytest.raises(AnalysisError, match="law"):
        plan_randomisation(stated(), schemas, PlanChoices(law="coin"))


def test_slots_are_those_planned_or_given(schemas: Schemas) -> None:
    nothing = stated(RandomisationType.SIMPLE, planned=None)
    assert plan_randomisation(nothing, schemas, PlanChoices(slots=7)).slots == 7
    with pytest.raises(DesignError, match=r"how many slots\? .* no sample size; give --slots"):
        plan_randomisation(nothing, schemas, PlanChoices())


def test_blocks_are_stated_or_chosen_each_length_once_and_upwards(schemas: Schemas) -> None:
    kind = RandomisationType.PERMUTED_BLOCKS
    both = stated(kind, blocks=(9, 3, 3))
    assert plan_randomisation(both, schemas, PlanChoices()).scheme == PermutedBlocks(lengths=(3, 9))
    same = PlanChoices(blocks=(3, 9, 9))
    assert plan_randomisation(both, schemas, same).scheme == PermutedBlocks(lengths=(3, 9))
    with pytest.raises(DesignError) as error:
        plan_randomisation(both, schemas, PlanChoices(blocks=(6, 3)))
    assert str(error.value) == "--blocks 3,6 contradicts the protocol's block_sizes 3, 9"
    with pytest.raises(DesignError, match=r"how long are the blocks\? Give --blocks, such as 4,6"):
        plan_randomisation(stated(kind), schemas, PlanChoices())


def test_strata_have_the_levels_of_sites_and_forms_or_those_given(schemas: Schemas) -> None:
    protocol = stated(RandomisationType.SIMPLE, strata=("pain.side", "site"))
    side, site = (
        Factor(name="pain.side", levels=("l", "r")),
        Factor(name="site", levels=("01", "07")),
    )
    assert plan_randomisation(protocol, schemas, PlanChoices()).factors == (side, site)
    other = Factor(name="site", levels=("N", "S", "W"), weight=2)
    given = PlanChoices(factors=(other,))
    assert plan_randomisation(protocol, schemas, given).factors == (side, other)
    nothing_stated = stated(RandomisationType.SIMPLE)
    assert plan_randomisation(nothing_stated, schemas, given).factors == (other,)


@pytest.mark.parametrize("name", ["pain.vas_mm", "pain.nothing", "side", "nowhere.side"])
def test_levels_that_nothing_says_are_asked_for(name: str, schemas: Schemas) -> None:
    protocol = stated(RandomisationType.SIMPLE, strata=(name,))
    with pytest.raises(DesignError) as error:
        plan_randomisation(protocol, schemas, PlanChoices())
    assert str(error.value) == (
        f"the levels of stratum '{name}' are not known; give --factor {name}=LEVEL,LEVEL"
    )


def test_a_factor_that_is_no_stratum_of_the_protocol_is_refused(schemas: Schemas) -> None:
    protocol = stated(RandomisationType.SIMPLE, strata=("pain.side", "site"))
    sex, age = (Factor(name=name, levels=("a", "b")) for name in ("sex", "age"))
    site = Factor(name="site", levels=("N", "S"))
    with pytest.raises(DesignError) as error:
        plan_randomisation(protocol, schemas, PlanChoices(factors=(sex, site, age)))
    assert str(error.value) == "--factor sex, age: the protocol's strata are pain.side, site"


@pytest.mark.parametrize(
    ("participants", "providers", "refused"),
    [
        (Blinded.YES, Blinded.YES, False),
        (Blinded.YES, Blinded.NO, True),
        (Blinded.NO, Blinded.YES, True),
        (Blinded.YES, Blinded.NOT_REPORTED, True),
    ],
)
def test_blocks_of_one_length_need_participants_and_providers_blinded(
    participants: Blinded, providers: Blinded, refused: bool, schemas: Schemas
) -> None:
    kind = RandomisationType.PERMUTED_BLOCKS
    one = blinded(stated(kind, blocks=(6,)), participants=participants, providers=providers)
    two = blinded(stated(kind, blocks=(3, 6)), participants=participants, providers=providers)
    allowed = plan_randomisation(one, schemas, PlanChoices(allow_fixed=True))
    assert allowed.scheme == PermutedBlocks(lengths=(6,))
    assert plan_randomisation(two, schemas, PlanChoices()).slots == 30
    if refused:
        with pytest.raises(DesignError, match=r"all blocks have the length 6, .* --allow-fixed"):
            plan_randomisation(one, schemas, PlanChoices())
    else:
        assert plan_randomisation(one, schemas, PlanChoices()) == allowed
