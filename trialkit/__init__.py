"""trialkit: a clinical trial written down once, as a protocol, and everything that follows from it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trialkit.analysis import ancova, compare_means, compare_proportions, mixed_anova
    from trialkit.pipeline import run_trial
    from trialkit.protocol import Protocol, load_protocol
    from trialkit.steps.trial_folder import open_folder as open

__version__ = "0.1.0"

__all__ = [
    "Protocol",
    "__version__",
    "ancova",
    "compare_means",
    "compare_proportions",
    "load_protocol",
    "mixed_anova",
    "open",
    "run_trial",
]

_HOMES = {
    "Protocol": "trialkit.protocol",
    "ancova": "trialkit.analysis",
    "compare_means": "trialkit.analysis",
    "compare_proportions": "trialkit.analysis",
    "load_protocol": "trialkit.protocol",
    "mixed_anova": "trialkit.analysis",
    "open": "trialkit.steps.trial_folder",
    "run_trial": "trialkit.pipeline",
}

_OWN_NAMES = {"open": "open_folder"}
"""What a name is called where it lives, if not the same."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``--help`` needs no pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module 'trialkit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), _OWN_NAMES.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)
