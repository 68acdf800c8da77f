"""The outputs of an earlier run, which go when those of this one have come, or would mislead."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trialkit.checks.queries.queries import Queries
from trialkit.disk.content import Content, whole
from trialkit.errors import DataFileError, TrialkitError
from trialkit.files.whole_files import placed, read_whole, write_together
from trialkit.outputs.answers_set_aside import answers_set_aside
from trialkit.outputs.names import FIGURES, FINDINGS, LISTING_FOR_SITES, MANIFEST, REPORT, RESULTS

Files = Mapping[str, Content]
"""Files by their names in the output folder."""
NONE: Files = {}


def replace_outputs(
    out: Path, files: Files, *, queries: Queries, keeping: Files = NONE
) -> list[Path]:
    """These files in the place of everything that an earlier run left in ``out``, or no change.

    Answers in an earlier listing that ``queries`` does not have stay under a name of their own.

    What goes would be taken for this run's. It has a name that trialkit itself writes; drawings go
    only beside a manifest, the sign that trialkit drew there. A file named in ``keeping`` stays if
    it holds these very bytes.
    """
    kept = {} if _is_kept(out, LISTING_FOR_SITES, keeping) else answers_set_aside(out, queries)
    return write_together(placed({**kept, **files}, out), leaving=_earlier(out, keeping))


@contextmanager
def leaving_at_least(
    out: Path, files: Callable[[], Files], *, queries: Queries, keeping: Files = NONE
) -> Iterator[None]:
    """Where the trial itself stops the block, ``files`` take the place of the earlier outputs.

    A file that cannot be read or written says nothing about them: then all stays as it is.
    """
    try:
        yield
    except DataFileError:
        raise
    except TrialkitError:
        replace_outputs(out, files(), queries=queries, keeping=keeping)
        raise


def _earlier(out: Path, keeping: Files) -> Iterator[Path]:
    """The files of an earlier run that do not hold what is kept."""
    drawings = sorted((out / FIGURES).glob("*.svg")) if (out / MANIFEST).is_file() else []
    for drawn in drawings:
        yield from (drawn, drawn.with_suffix(".png"))
    for name in (*FINDINGS, *RESULTS, *REPORT):
        if not _is_kept(out, name, keeping):
            yield out / name


def _is_kept(out: Path, name: str, keeping: Files) -> bool:
    return name in keeping and read_whole(out / name) == whole(keeping[name])
