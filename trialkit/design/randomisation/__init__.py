"""Randomisation: lists made from a key, committed to beforehand, given out one slot at a time."""

from trialkit.design.randomisation.emergency import unblind
from trialkit.design.randomisation.keeping import allocate, commit, correct, reveal, void
from trialkit.design.randomisation.lists import canonical_list, commitment, make_list
from trialkit.design.randomisation.minimisation import Factor, Minimisation
from trialkit.design.randomisation.plans import RandomisationPlan
from trialkit.design.randomisation.properties import DesignProperties, exact_properties
from trialkit.design.randomisation.record import Allocated, Moment
from trialkit.design.randomisation.report import DesignReport, design_report
from trialkit.design.randomisation.schemes import (
    Arms,
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Share,
    Simple,
    WeiUrn,
    arms_of,
    sequence,
)
from trialkit.design.randomisation.stream import Stream
from trialkit.design.randomisation.vault import Secrets, Vault, fresh_secrets, vault_for
from trialkit.design.randomisation.verifying import ListVerification, verify

__all__ = [
    "Allocated",
    "Arms",
    "BigStick",
    "DesignProperties",
    "DesignReport",
    "EfronCoin",
    "Factor",
    "ListVerification",
    "Minimisation",
    "Moment",
    "PermutedBlocks",
    "RandomisationPlan",
    "Secrets",
    "Share",
    "Simple",
    "Stream",
    "Vault",
    "WeiUrn",
    "allocate",
    "arms_of",
    "canonical_list",
    "commit",
    "commitment",
    "correct",
    "design_report",
    "exact_properties",
    "fresh_secrets",
    "make_list",
    "reveal",
    "sequence",
    "unblind",
    "vault_for",
    "verify",
    "void",
]
