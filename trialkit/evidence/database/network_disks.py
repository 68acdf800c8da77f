"""On what kind of disk a file lies: write-ahead logging needs one host, and not a network drive."""

from pathlib import Path

from trialkit.errors import EvidenceError

MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "davfs"}
)


def refuse_network_disk(path: Path, mounts: Path = MOUNTS) -> None:
    """Raise :class:`EvidenceError` where the file would lie on a network drive."""
    kind = disk_of(path, mounts)
    if kind in _NETWORK:
        raise EvidenceError(
            f"{path}: lies on a network drive ({kind}), on which SQLite may lose what several write; put "
            "the trial on a disk of this machine, or keep the store in PostgreSQL (--url)"
        )


def disk_of(path: Path, mounts: Path = MOUNTS) -> str:
    """The kind of file system that the path lies on; empty where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    place = path.resolve()
    mounted = dict(_mount(line) for line in lines if len(line.split()) > 2)  # the last one counts
    above = [at for at in (place, *place.parents) if at in mounted]
    return mounted[above[0]] if above else ""


def _mount(line: str) -> tuple[Path, str]:
    _, at, kind, *_ = line.split()
    return Path(at.replace("\\040", " ").replace("\\011", "\t")), kind
