"""What a trial is, whenever it is told: its registration, documents, aims, setting, people, harms."""

import re

from trialkit.grammar import by_number
from trialkit.protocol.trial.factors import cells
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim
from trialkit.report.content.content import Block
from trialkit.report.content.text import Paragraph, Run, WebAddress
from trialkit.report.guidelines.answers import Told, answering, listed, planning, said, stated
from trialkit.report.numbers.numbers import day
from trialkit.report.words.en.dates import registration_number
from trialkit.report.words.en.unsaid import unsaid_of
from trialkit.report.words.en.wording import (
    capitalised,
    counted,
    listing,
    lowered,
    number_word,
    sentence,
)

_RANDOMISED = ("randomised", "randomized")
_SEVERAL_ARMS = re.compile(
    r"\b(?:multi|three|four|five|six|[3-6])[- ]?(?:parallel[- ])?(?:arm|group)"
)
_WITH_MARGIN = ("non-inferiority", "noninferiority", "equivalence")
_FOLLOWED = ("https://", "http://")


def identity(protocol: Protocol, *lines: str) -> tuple[str, ...]:
    """The lines under the title: the registration, then these."""
    registration = protocol.registration
    if registration is None:
        return lines
    return (f"Registered as {registration_number(registration)}", *lines)


def title_claims(protocol: Protocol) -> tuple[Claim, ...]:
    """What the title itself answers: that the trial is randomised, when it says so."""
    words = protocol.trial.title.casefold()
    claims: tuple[Claim, ...] = ()
    if any(word in words for word in _RANDOMISED):
        claims += answering("1a", "randomised in the title")
        claims += planning("1a", "a protocol of a randomised trial")
    if any(word in words for word in _WITH_MARGIN):
        claims += answering("1a", "named in the title", checklist="margins")
    if "cluster" in words:
        claims += answering("1a", "named in the title", checklist="cluster")
    if _SEVERAL_ARMS.search(words):
        claims += answering("title", "named in the title", checklist="multiarm")
    return claims


def design_sentence(protocol: Protocol) -> str:
    """Type, framework, arms and, where it is written, ratio in a sentence."""
    arms = protocol.arms
    ratio = allocation_ratio(protocol)
    allocated = f", allocated {ratio}" if ratio else ""
    labels = listing([arm.label for arm in arms])
    framework = protocol.trial.aim.value
    article = "an" if framework[0] in "aeiou" else "a"
    if protocol.factors:
        return (
            f"This is {article} {framework} {_randomised(protocol)} {factorial_design(protocol)}"
            f"{allocated} ({labels}).{_clustered(protocol)}"
        )
    if protocol.is_crossover:
        return (
            f"This is {article} {framework} randomised crossover trial of {_treatments(protocol)}: "
            f"participants are randomised to one of {number_word(len(arms))} sequences{allocated} "
            f"({labels}).{_washouts(protocol)}"
        )
    return (
        f"This is {article} {framework} {_randomised(protocol)} trial with {number_word(len(arms))} "
        f"parallel groups{allocated} ({labels}).{_clustered(protocol)}"
    )


def factorial_design(protocol: Protocol) -> str:
    """The table, the factors with their levels, and to how many combinations one is allocated."""
    factors, arms = protocol.factors, protocol.arms
    table = " \N{MULTIPLICATION SIGN} ".join(str(len(each.levels)) for each in factors)
    named = listing(
        [
            f"{each.label} ({listing([level.label for level in each.levels], last='or')})"
            for each in factors
        ]
    )
    there = len(cells(factors))
    whole = len(arms) == there
    which = number_word(there) if whole else f"{number_word(len(arms))} of the {number_word(there)}"
    kind = "factorial" if whole else "partial factorial"
    return f"{table} {kind} trial of {named}: each participant is allocated to one of {which} combinations"


def _treatments(protocol: Protocol) -> str:
    """What is compared, and in how many periods."""
    named = listing([lowered(each.label) for each in protocol.treatments])
    return f"{named} in {number_word(len(protocol.periods))} periods"


def _washouts(protocol: Protocol) -> str:
    """How long nobody is treated before each later period, or why there is no such time."""
    said = [
        f"{lowered(each.label)}: {counted(each.washout_days, 'day')} of washout before it"
        if each.washout_days
        else f"{lowered(each.label)}: no washout before it ({lowered(each.no_washout)})"
        for each in protocol.periods
        if each.washout_days or each.no_washout
    ]
    return f" {capitalised('; '.join(said))}." if said else ""


def _randomised(protocol: Protocol) -> str:
    clusters = protocol.clusters
    return "cluster randomised" if clusters and clusters.randomised else "randomised"


def _clustered(protocol: Protocol) -> str:
    """What is allocated, and to what participants belong; nothing where there are no clusters."""
    clusters = protocol.clusters
    if clusters is None:
        return ""
    if clusters.randomised:
        return f" {capitalised(clusters.plural)} are allocated, with all participants in them."
    labels = [protocol.arm(code).label for code in clusters.arms]
    of = f"those of {listing(labels)} " if labels else ""
    return f" Participants are allocated one by one, and {of}belong to {clusters.plural}."


def allocation_ratio(protocol: Protocol) -> str:
    """The ratio in which the arms are allocated, ``2:1``; empty where an arm's part is not written."""
    parts = [arm.ratio for arm in protocol.arms]
    return "" if None in parts else ":".join(map(str, parts))


def design(protocol: Protocol) -> Block:
    """The sentence on the design as what it answers."""
    claims = answering("9", "type", "framework")
    if allocation_ratio(protocol):
        claims += answering("9", "allocation ratio")
    if protocol.allocates_clusters:
        claims += answering("3a", "design of clusters", checklist="cluster")
        claims += answering("9", "clusters allocated", checklist="cluster")
    return Paragraph(runs=(design_sentence(protocol),), claims=claims)


def primary_outcomes(protocol: Protocol) -> list[str]:
    """Their labels."""
    return [each.label for each in protocol.outcomes if each.role.value == "primary"]


def other_outcomes(protocol: Protocol) -> str:
    """How many outcomes there are beside the primary, in a sentence; empty where there are none."""
    others = len(protocol.outcomes) - len(primary_outcomes(protocol))
    are = by_number(others, "is", "are")
    return f"There {are} {counted(others, 'other outcome')}." if others else ""


def registration(protocol: Protocol) -> tuple[Block, ...]:
    """Where, under which number and when the trial was registered."""
    record = protocol.registration
    if record is None:
        return ()
    runs: list[Run] = [registration_number(record)]
    if record.url:
        safe = record.url.startswith(_FOLLOWED)
        runs += [" (", WebAddress(url=record.url) if safe else record.url, ")"]
    runs.append(f", registered on {day(record.date)}.")
    silent = unsaid_of(
        {
            "the registry": (record.registry,),
            "the number": (record.id,),
            "its address": (record.url,),
        }
    )
    claims = (
        *answering("2", "registry and number", lacks=silent),
        *answering("2", "date of registration"),
    )
    return (Paragraph(runs=tuple(runs), claims=claims),)


def documents(protocol: Protocol) -> tuple[Block | None, ...]:
    """Where protocol and plan can be read."""
    own, plan = protocol.documents, "statistical analysis plan"
    return (
        said("3", "protocol", own.protocol, head="Protocol"),
        said("3", plan, own.analysis_plan, head="Statistical analysis plan"),
    )


def funding(protocol: Protocol) -> Block | None:
    """Who pays."""
    return said("5a", "sources", protocol.funding.source, head="Funding", none_answers=True)


def funder(protocol: Protocol) -> Block | None:
    """What who pays has a say in."""
    role = protocol.funding.role
    return said("5a", "role of the funder", role, head="Role of the funder", none_answers=True)


def objectives(protocol: Protocol) -> tuple[Block | None, ...]:
    """What is asked of benefits and of harms."""
    own = protocol.objectives
    return (
        listed("7", "benefits", own.benefits, head="Benefits"),
        listed("7", "harms", own.harms, head="Harms"),
    )


def setting(protocol: Protocol) -> tuple[Block | None, ...]:
    """The setting and the sites."""
    return (said("11", "setting", protocol.trial.setting), _places(protocol))


def _places(protocol: Protocol) -> Block | None:
    """The sites by name; None where none is given."""
    labels = [site.label for site in protocol.sites]
    if not labels:
        return None
    lacks = unsaid_of({f"site {site.code}": (site.label,) for site in protocol.sites})
    words = f"Sites: {sentence(listing(labels))}"
    return Paragraph(runs=(words,), claims=answering("11", "places", lacks=lacks))


def ethics(protocol: Protocol) -> Block | None:
    """Who approved the trial."""
    return stated(protocol.trial.ethics, planning("30", "approval"), head="Ethics")


def eligibility(protocol: Protocol, *, providers: str = "") -> Told:
    """Who may take part, and who may treat; ``providers`` is the head of the latter."""
    own = protocol.eligibility
    return {
        "12a": (
            listed("12a", "inclusion criteria", own.inclusion, head="Inclusion"),
            listed("12a", "exclusion criteria", own.exclusion, head="Exclusion", none_answers=True),
        ),
        "12b": (said("12b", "sites and providers", own.providers, head=providers),),
    }


def harms(protocol: Protocol) -> tuple[Block | None, ...]:
    """What a harm is, and how it is looked for."""
    return (
        said("15", "definition", protocol.harms.definition, head="Definition"),
        said("15", "assessment", protocol.harms.assessment, head="Assessment"),
    )
