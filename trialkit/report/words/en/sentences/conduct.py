"""How harms are compared, and by which programs all is computed."""

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.manifest import Manifest
from trialkit.report.numbers.numbers import confidence
from trialkit.report.words.en.sentences.harms import by_arm
from trialkit.report.words.language.account import Account


def harms_sentences(account: Account) -> str:
    """How harms were compared."""
    protocol = account.protocol
    return (
        f"Harms are counted in {by_arm(protocol, account.index)}, as participants with at least "
        f"one event and as events{_harms_limits(protocol)}. "
        "By severities that have an order, each participant is counted once, by the worst. What is "
        "not recorded of an event is counted apart and taken for neither yes nor no; the counts "
        "that it leaves open have no limits and no difference. "
        "No p values are computed for harms."
    )


def _harms_limits(protocol: Protocol) -> str:
    """The limits that the tables of harms print, by the names of their methods."""
    level = confidence(protocol.plan.confidence_level)
    zero = f"; where nobody in an arm had one, its risk has the exact (Clopper and Pearson) upper {level} limit"
    if not protocol.experimental or protocol.is_crossover:
        return zero
    return f"; differences of risks have Newcombe's hybrid score {level} intervals{zero}"


def software_sentence(manifest: Manifest) -> str:
    """The programs and their versions."""
    named = {each.name: each.version for each in manifest.versions}
    libraries = [
        f"{name} {named[key]}"
        for key, name in (
            ("pingouin", "pingouin"),
            ("scipy", "SciPy"),
            ("numpy", "NumPy"),
            ("pandas", "pandas"),
        )
        if key in named
    ]
    own = f"trialkit {named.get('trialkit', '')}".strip()
    text = f"Analyses were made with {own} under Python {named.get('Python', '')}".strip()
    return f"{text} ({', '.join(libraries)})." if libraries else f"{text}."
