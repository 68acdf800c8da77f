"""A Dask cluster as an executor: ``--scheduler tcp://host:8786`` (extra ``trialkit[dask]``)."""

from collections.abc import Iterator
from concurrent.futures import CancelledError as CancelledFuture
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.util import find_spec

from trialkit import __version__
from trialkit.errors import DesignError

if find_spec("distributed"):
    from distributed import CancelledError, Client
    from distributed.scheduler import KilledWorker

_AVAILABLE = find_spec("distributed") is not None
_CONNECT_SECONDS = 20


@contextmanager
def dask_cluster(address: str) -> Iterator[Executor]:
    """The cluster whose scheduler listens at ``address``, as an executor.

    Raises :class:`DesignError` without Dask, without an answer, without workers, and where a worker
    has another trialkit, which might compute something else.
    """
    if not _AVAILABLE:
        raise DesignError("--scheduler needs Dask: pip install 'trialkit[dask]'")
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DesignError(
            f"{address}: no scheduler answers ({error}); start one by 'dask scheduler'"
        ) from None
    with client:
        _check_workers(client.run(_version), address)
        executor = client.get_executor(pure=False)
        try:
            yield executor
        except KilledWorker as error:
            raise DesignError(
                f"{address}: the cluster gave a chunk up, since every worker that did it died; "
                f"is there enough memory for --chunk? ({error})"
            ) from None
        except (CancelledError, CancelledFuture):
            raise DesignError(
                f"{address}: the cluster dropped the work; is its scheduler still running?"
            ) from None
        finally:
            executor.shutdown(wait=False)  # what is left, after an error, is cancelled


def _version() -> str:
    return __version__


def _check_workers(versions: dict[str, str], address: str) -> None:
    if not versions:
        raise DesignError(f"{address}: the scheduler has no workers; start them by 'dask worker'")
    other = {worker: found for worker, found in versions.items() if found != __version__}
    if other:
        worker, found = next(iter(other.items()))
        raise DesignError(
            f"{len(other)} workers have another trialkit ({worker} has {found}, this is "
            f"{__version__}); install the same everywhere"
        )
