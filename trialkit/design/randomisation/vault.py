"""Where the secrets of a randomisation are kept: a folder of its own, never within the trial's.

* ``plan.json``     the plan, with its block lengths: confidential, but no key
* ``secret.json``   the key of the list and the nonce of the commitment; after ``commit`` it can be
  locked away, but with minimisation, and is needed again to verify and to reveal
* ``seal.key``, ``sealed.json``   the list under seal, for the one who allocates
* ``commitment.txt``   what was committed to, by which the vault of one trial is told from another's

Nothing here changes when somebody is randomised.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from trialkit.design.randomisation.lists import KEY_BYTES, canonical_list, commitment
from trialkit.design.randomisation.plans import RandomisationPlan, plan_from_text
from trialkit.disk.reading import bytes_within
from trialkit.disk.refusals import why
from trialkit.errors import DesignError
from trialkit.files.json_reading import json_object
from trialkit.files.whole_files import together, write_together
from trialkit.limits import LARGEST_SECRET
from trialkit.protocol.tables.canonical import canonical

PLAN, SECRET, SEAL, SEALED = "plan.json", "secret.json", "seal.key", "sealed.json"
COMMITTED = "commitment.txt"
DESIGN_REPORT = "design_report.csv"
HASH = re.compile(r"[0-9a-f]{64}")
"""A SHA-256 as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Secrets:
    """The keys of a list: 256 bits each, from the operating system. They do not print."""

    key: bytes
    nonce: bytes
    seal: bytes


def fresh_secrets(random_bytes: Callable[[int], bytes]) -> Secrets:
    """New keys; pass ``secrets.token_bytes``."""
    return Secrets(
        key=random_bytes(KEY_BYTES), nonce=random_bytes(KEY_BYTES), seal=random_bytes(KEY_BYTES)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The folder of the secrets."""

    folder: Path

    @property
    def is_committed(self) -> bool:
        """Whether keys were drawn already."""
        return (self.folder / SECRET).exists() or (self.folder / SEAL).exists()

    def write_plan(self, plan: RandomisationPlan, *, report: str = "") -> Path:
        """Keep the plan with its design report; others can replace them until keys are drawn."""
        if self.is_committed:
            raise DesignError(
                f"{self.folder}: has the keys of a list that was committed to; plan another one in "
                "another folder"
            )
        texts = {PLAN: plan.to_text() + "\n"} | ({DESIGN_REPORT: report} if report else {})
        self._write(texts)
        return self.folder / PLAN

    def read_plan(self) -> RandomisationPlan:
        """The plan."""
        text = self._read(PLAN)
        try:
            return plan_from_text(text)
        except DesignError as error:
            raise DesignError(
                f"{self.folder / PLAN}: {error}, or put back a backup of the vault"
            ) from None

    def commitment(self) -> str:
        """What the list of this vault was committed to by.

        Empty where that is not told: in a vault of earlier versions whose key is locked away.
        """
        with suppress(DesignError):
            stated = self._read(COMMITTED).strip()
            if HASH.fullmatch(stated):
                return stated
        with suppress(DesignError):
            key, nonce = self.read_key()
            return commitment(nonce, canonical_list(self.read_plan(), key))
        return ""

    @contextmanager
    def keeping(
        self, secrets: Secrets, sealed: Mapping[str, str], committed: str
    ) -> Iterator[None]:
        """Keep the keys and the sealed list, unless the block fails: then they were never there."""
        key = canonical({"key": secrets.key.hex(), "nonce": secrets.nonce.hex()})
        kept = {
            SECRET: f"{key}\n",
            SEAL: f"{secrets.seal.hex()}\n",
            SEALED: json.dumps(dict(sealed), ensure_ascii=False, indent=0) + "\n",
            COMMITTED: f"{committed}\n",
        }
        for name in kept:
            if (self.folder / name).exists():
                raise DesignError(f"{self.folder / name}: exists and is never replaced")
        files = {self.folder / name: text.encode() for name, text in kept.items()}
        with together(files, is_private=True):
            yield

    def read_key(self) -> tuple[bytes, bytes]:
        """The key of the list and the nonce of the commitment."""
        try:
            raw = json_object(self._read(SECRET))
            return bytes.fromhex(raw["key"]), bytes.fromhex(raw["nonce"])
        except (ValueError, KeyError, TypeError):
            raise DesignError(f"{self.folder / SECRET}: holds no key and nonce") from None

    def read_seal(self) -> bytes:
        """The key of the seal."""
        try:
            return bytes.fromhex(self._read(SEAL).strip())
        except ValueError:
            raise DesignError(f"{self.folder / SEAL}: holds no key") from None

    def read_sealed(self) -> dict[str, str]:
        """The sealed list."""
        try:
            read = json_object(self._read(SEALED))
        except ValueError as error:
            raise DesignError(
                f"{self.folder / SEALED}: is no sealed list ({error}); bring it back from a backup"
            ) from None
        return {str(name): str(content) for name, content in read.items()}

    def write_table(self, name: str, text: str) -> Path:
        """Keep a table that tells block lengths or arms; the one before is replaced."""
        self._write({name: text})
        return self.folder / name

    def _write(self, texts: Mapping[str, str]) -> None:
        """Files that only their owner can read."""
        files = {self.folder / name: text.encode() for name, text in texts.items()}
        write_together(files, is_private=True)

    def _read(self, name: str) -> str:
        path = self.folder / name
        try:
            return bytes_within(path, LARGEST_SECRET).decode("utf-8")
        except FileNotFoundError:
            raise DesignError(
                f"{path}: does not exist; it is made by 'trialkit randomise "
                f"{'plan' if name == PLAN else 'commit'}'"
            ) from None
        except OSError as error:
            raise DesignError(f"{path}: cannot be read: {why(error)}") from None
        except UnicodeDecodeError as error:
            raise DesignError(
                f"{path}: byte {error.start + 1} is not UTF-8, so it is damaged; bring it back from "
                "a backup"
            ) from None


def vault_for(trial: Path, folder: Path) -> Vault:
    """The vault in ``folder``, which may not lie in the trial's folder, nor hold it.

    Whoever reads the data must not meet the list.
    """
    inside, outside = folder.resolve(), trial.resolve()
    if inside.is_relative_to(outside) or outside.is_relative_to(inside):
        raise DesignError(
            f"{folder}: the vault must lie apart from the trial's folder {trial}, where everybody "
            "who works with the data can read"
        )
    return Vault(folder=folder)
