"""Change within each arm, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinArms:
    """Change from baseline in each arm: a description, never evidence of an effect."""

    method: Method
