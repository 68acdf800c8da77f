"""The stratum of somebody who is to be randomised: as it is named, held to what the store knows.

A factor is recorded by the item of its name, in a form with one row for each participant; sites by the
item with ``purpose = "site"``, too. What is recorded need not be named again, and must not differ.
"""

from collections.abc import Mapping, Sequence

from trialkit.design.randomisation.minimisation import Factor
from trialkit.errors import EvidenceError
from trialkit.evidence.standing.answers_of_one import KnownOfOne
from trialkit.schemas.forms.forms import Purpose
from trialkit.steps.stages import OpenedTrial


def levels_known(
    opened: OpenedTrial,
    known: KnownOfOne,
    *,
    subject: str,
    factors: Sequence[Factor],
    named: Mapping[str, str],
) -> dict[str, str]:
    """The level of each factor that is named or recorded; one that is neither is not among them.

    Raises :class:`EvidenceError` where what is named is not what the store has, or where it is
    another site than one at which whoever acts may randomise.
    """
    levels = dict(named)
    for factor in factors:
        for place, level in _recorded(factor, opened, known):
            if levels.setdefault(factor.name, level) != level:
                raise EvidenceError(
                    f"{subject}: the stratum named is {factor.name}={levels[factor.name]}, and {place} is "
                    f"{level}; nothing was opened. Name that one, or correct what was entered first"
                )
        if _is_of_sites(factor, opened) and known.own_sites:
            _refuse_other_site(subject, factor, levels, known.own_sites)
    return levels


def _recorded(factor: Factor, opened: OpenedTrial, known: KnownOfOne) -> list[tuple[str, str]]:
    """Where a level of the factor stands for the participant, and which it is."""
    is_of_sites = _is_of_sites(factor, opened)
    found = [
        (f"{form.id}.{item.id}", known.answers.get((form.id, item.id), ""))
        for form in opened.schemas.forms
        for item in form.items
        if form.key == ("subject_id",)
        and (item.id == factor.name or (is_of_sites and item.purpose is Purpose.SITE))
    ]
    found += [("the participant's site", known.site)] if is_of_sites else []
    return [(place, level) for place, level in found if level in factor.levels]


def _is_of_sites(factor: Factor, opened: OpenedTrial) -> bool:
    """Whether the factor is the site: its levels are sites of the protocol, or an item of it says so."""
    sites = {site.code for site in opened.protocol.sites}
    named = {
        item.id
        for form in opened.schemas.forms
        for item in form.items
        if item.purpose is Purpose.SITE
    }
    return factor.name in {*named, Purpose.SITE.value} or {*factor.levels} <= sites


def _refuse_other_site(
    subject: str, factor: Factor, levels: dict[str, str], own: frozenset[str]
) -> None:
    if factor.name not in levels and len(own) == 1:
        levels[factor.name] = next(iter(own))
    level = levels.get(factor.name)
    if level is not None and level not in own:
        raise EvidenceError(
            f"{subject}: the stratum named is {factor.name}={level}, and whoever asks acts at "
            f"{', '.join(sorted(own))} alone; nothing was opened. Name the stratum of that site"
        )
