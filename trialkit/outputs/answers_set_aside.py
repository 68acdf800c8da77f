"""Answers that somebody typed into the listing of an earlier run, and that nobody recorded yet.

The listing is written anew by every run. Whoever answered in the one in the folder of outputs, and not
in a copy, finds the answers in a file beside the new one.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from trialkit.checks.queries.answer_files import read_answers
from trialkit.checks.queries.answering import unrecorded
from trialkit.checks.queries.queries import Queries
from trialkit.disk.content import Content
from trialkit.errors import DataFileError
from trialkit.files.whole_files import read_whole
from trialkit.outputs.names import LISTING_FOR_SITES, SET_ASIDE


def answers_set_aside(out: Path, queries: Queries) -> Mapping[str, Content]:
    """The listing in ``out`` under a name of its own, where it holds answers that no history has.

    So does one that cannot be read: who knows what is in it.
    """
    listing = out / LISTING_FOR_SITES
    content = read_whole(listing)
    if content is None or not _holds_answers(listing, queries):
        return {}
    digest = hashlib.sha256(content).hexdigest()[:8]
    return {f"{SET_ASIDE}{digest}{listing.suffix}": content}


def _holds_answers(listing: Path, queries: Queries) -> bool:
    try:
        return bool(unrecorded(read_answers(listing), queries))
    except DataFileError:
        return True
