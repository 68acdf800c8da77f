"""A signature under what tests change."""

from datetime import UTC, datetime

from trialkit.store.changes.change_log import Signature

SIGNED = Signature(who="Ann", on=datetime(2025, 3, 31, 8, 30, 5, tzinfo=UTC), reason="a test")
