"""A plan of randomisation from what the protocol says, and what it leaves to be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trialkit.design.randomisation.minimisation import (
    Factor,
    Imbalance,
    Minimisation,
    Preference,
)
from trialkit.design.randomisation.plans import Law, RandomisationPlan, Scheme, Use
from trialkit.design.randomisation.schemes import (
    Arms,
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Share,
    Simple,
    WeiUrn,
)
from trialkit.errors import DesignError
from trialkit.protocol.tables.choices import choose
from trialkit.protocol.trial.conduct import Blinded, RandomisationType
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas

_LAWS: Mapping[RandomisationType, Law] = {
    RandomisationType.SIMPLE: Law.SIMPLE,
    RandomisationType.PERMUTED_BLOCKS: Law.BLOCKS,
    RandomisationType.STRATIFIED_BLOCKS: Law.BLOCKS,
    RandomisationType.MINIMISATION: Law.MINIMISATION,
    RandomisationType.BIASED_COIN: Law.EFRON,
    RandomisationType.URN: Law.URN,
    RandomisationType.BIG_STICK: Law.BIG_STICK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoices:
    """What is decided beside the protocol, so that it need not stand in it."""

    law: str = ""
    blocks: tuple[int, ...] = ()
    p: Fraction | None = None
    limit: int = 3
    alpha: int = 0
    beta: int = 1
    imbalance: str = Imbalance.RANGE.value
    preference: str = Preference.BEST.value
    factors: tuple[Factor, ...] = ()
    slots: int | None = None
    allow_fixed: bool = False
    training: bool = False


def plan_randomisation(
    protocol: Protocol, schemas: Schemas, choices: PlanChoices
) -> RandomisationPlan:
    """The plan, in which the protocol wins.

    Raises :class:`DesignError` where the choices contradict the protocol, where something is left
    open, and for blocks of one length in a trial that is not blinded.
    """
    law = _law(protocol, choices)
    planned = protocol.sample_size.planned if protocol.sample_size else None
    slots = choices.slots or planned
    if slots is None:
        raise DesignError("how many slots? The protocol has no sample size; give --slots")
    plan = RandomisationPlan(
        trial=protocol.trial.id,
        arms=Arms(shares=tuple(Share(code=arm.code, ratio=arm.share) for arm in protocol.arms)),
        scheme=_scheme(law, protocol, choices),
        factors=_factors(protocol, schemas, choices),
        slots=slots,
        use=Use.TRAINING if choices.training else Use.TRIAL,
    )
    if not choices.allow_fixed:
        _refuse_fixed_blocks(plan.scheme, protocol)
    return plan


def _law(protocol: Protocol, choices: PlanChoices) -> Law:
    stated = _LAWS.get(protocol.randomisation.type)
    chosen = choose(Law, choices.law, parameter="law") if choices.law else None
    if stated is None and chosen is None:
        raise DesignError(
            "how is it randomised? The protocol's randomisation.type is "
            f"{protocol.randomisation.type.value!r}; state it there, or give --law"
        )
    if stated is not None and chosen not in {None, stated}:
        raise DesignError(
            f"--law {choices.law} contradicts the protocol, whose randomisation.type is "
            f"{protocol.randomisation.type.value!r}"
        )
    law = chosen or stated
    if law is None:
        raise AssertionError("one of the two was given")
    return law


def _scheme(law: Law, protocol: Protocol, choices: PlanChoices) -> Scheme:
    match law:
        case Law.SIMPLE:
            return Simple()
        case Law.BLOCKS:
            return PermutedBlocks(lengths=_lengths(protocol, choices))
        case Law.EFRON:
            return EfronCoin() if choices.p is None else EfronCoin(p=choices.p)
        case Law.URN:
            return WeiUrn(alpha=choices.alpha, beta=choices.beta)
        case Law.BIG_STICK:
            return BigStick(limit=choices.limit)
        case Law.MINIMISATION:
            return Minimisation(
                imbalance=choose(Imbalance, choices.imbalance, parameter="imbalance"),
                preference=choose(Preference, choices.preference, parameter="preference"),
                p=Fraction(4, 5) if choices.p is None else choices.p,
            )


def _lengths(protocol: Protocol, choices: PlanChoices) -> tuple[int, ...]:
    stated = tuple(sorted(set(protocol.randomisation.block_sizes)))
    chosen = tuple(sorted(set(choices.blocks)))
    if stated and chosen and stated != chosen:
        raise DesignError(
            f"--blocks {','.join(map(str, chosen))} contradicts the protocol's block_sizes "
            f"{', '.join(map(str, stated))}"
        )
    if not stated and not chosen:
        raise DesignError("how long are the blocks? Give --blocks, such as 4,6")
    return chosen or stated


def _factors(protocol: Protocol, schemas: Schemas, choices: PlanChoices) -> tuple[Factor, ...]:
    """The factors of the protocol's ``strata``, with levels given or as sites and forms have them."""
    given = {factor.name: factor for factor in choices.factors}
    stated = protocol.randomisation.strata
    unknown = [name for name in given if stated and name not in stated]
    if unknown:
        raise DesignError(
            f"--factor {', '.join(unknown)}: the protocol's strata are {', '.join(stated)}"
        )
    names: Sequence[str] = stated or tuple(given)
    return tuple(given.get(name) or _known(name, protocol, schemas) for name in names)


def _known(name: str, protocol: Protocol, schemas: Schemas) -> Factor:
    if name == "site" and protocol.sites:
        return Factor(name=name, levels=tuple(site.code for site in protocol.sites))
    form_id, _, item_id = name.partition(".")
    for form in schemas.forms:
        for item in form.items if form.id == form_id else ():
            if item.id == item_id and item.offered:
                return Factor(name=name, levels=tuple(choice.code for choice in item.offered))
    raise DesignError(
        f"the levels of stratum {name!r} are not known; give --factor {name}=LEVEL,LEVEL"
    )


def _refuse_fixed_blocks(scheme: Scheme, protocol: Protocol) -> None:
    """With blocks of one length, whoever sees the arms knows the last of each block."""
    blinding = protocol.blinding
    blind = blinding.participants is Blinded.YES and blinding.providers is Blinded.YES
    if isinstance(scheme, PermutedBlocks) and len(scheme.lengths) == 1 and not blind:
        raise DesignError(
            f"all blocks have the length {scheme.lengths[0]}, and participants or providers are not "
            "blinded: they can work out the end of every block. Give two or more lengths, or pass "
            "--allow-fixed"
        )
