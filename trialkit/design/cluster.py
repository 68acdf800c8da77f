"""A Dask cluster as an executor: ``--scheduler tcp://host:8786`` (extra ``trialkit[dask]``)."""

from collections.abc import Iterator
from concurrent.futures import CancelledError as CancelledFuture
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.util import find_spec

from trialkit import __version__
from trialkit.errors import DesignError

_AVAILABLE = find_spec("distributed") is not None
_CONNECT_SECONDS = 20
_GREETINGS = 10

if _AVAILABLE:
    from distributed import CancelledError, Client
    from distributed.scheduler import KilledWorker

    class _Client(Client):
        """A client that is closed already where its greeting fails: nothing would answer its end."""

        def __init__(self, address: str) -> None:
            try:
                super().__init__(  # type: ignore[no-untyped-call]
                    address, timeout=_CONNECT_SECONDS, set_as_default=False
                )
            except AssertionError:
                self.status = "closed"
                raise


@contextmanager
def dask_cluster(address: str) -> Iterator[Executor]:
    """The cluster whose scheduler listens at ``address``, as an executor.

    Raises :class:`DesignError` without Dask, without an answer, without workers, and where a worker
    has another trialkit, which might compute something else.
    """
    if not _AVAILABLE:
        raise DesignError("--scheduler needs Dask: pip install 'trialkit[dask]'")
    with connected(address) as client:
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


def connected(address: str) -> "_Client":
    """A client of the scheduler, asked for again where it was told of somebody else's work first.

    A scheduler that tells everybody of cancelled work in the moment in which it greets a newcomer
    sends both together, and the client, which expects the greeting alone, gives up with a bare
    ``AssertionError`` (distributed 2026.8).
    """
    for _ in range(_GREETINGS):
        try:
            return _Client(address)
        except AssertionError:
            continue
        except (OSError, ValueError) as error:
            raise DesignError(
                f"{address}: no scheduler answers ({error}); start one by 'dask scheduler'"
            ) from None
    raise DesignError(
        f"{address}: the scheduler is too busy with other people's work to take another client "
        f"({_GREETINGS} times tried); run again in a while"
    )


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
