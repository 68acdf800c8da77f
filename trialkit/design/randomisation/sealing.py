"""The list under seal: every slot encrypted for itself, so that one can be opened alone.

AES-256-GCM, with the slot's name as associated data: a slot that was moved or changed does not
open. All slots are padded to one length, so that the size of none tells its arm.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec

from trialkit.design.randomisation.lists import KEY_BYTES, ListedSlot
from trialkit.errors import DesignError

if find_spec("cryptography"):
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AVAILABLE = find_spec("cryptography") is not None
_NONCE_BYTES = 12
_PADDED = 64

RandomBytes = Callable[[int], bytes]
"""Where fresh random bytes come from; ``secrets.token_bytes``, but for tests."""


def require_cryptography() -> None:
    """Say what to install where the seal cannot be made."""
    if not AVAILABLE:
        raise DesignError(
            "a randomisation list is kept encrypted, which needs the package cryptography: "
            "pip install 'trialkit[randomisation]'"
        )


def seal_list(
    slots: Iterable[ListedSlot], seal_key: bytes, random_bytes: RandomBytes
) -> dict[str, str]:
    """Each slot's arm, encrypted, by the slot's name."""
    cipher = _cipher(seal_key)
    sealed = {}
    for slot in slots:
        name = slot_name(slot.stratum, slot.number)
        nonce = random_bytes(_NONCE_BYTES)
        content = slot.arm.encode().ljust(_PADDED, b"\0")
        sealed[name] = (nonce + cipher.encrypt(nonce, content, name.encode())).hex()
    return sealed


def open_slot(sealed: Mapping[str, str], seal_key: bytes, *, stratum: str, number: int) -> str:
    """The arm of one slot; no other is opened.

    Raises :class:`DesignError` where the seal was tampered with or the key is another.
    """
    name = slot_name(stratum, number)
    if name not in sealed:
        raise DesignError(f"the sealed list has no slot {name}")
    cipher = _cipher(seal_key)
    try:
        content = bytes.fromhex(sealed[name])
        opened = cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], name.encode())
    except (InvalidTag, ValueError):  # a ValueError for what is no hexadecimal number, or too short
        raise DesignError(
            f"slot {name} does not open: the key is of another list, or the sealed list was changed"
        ) from None
    return opened.rstrip(b"\0").decode()


def slot_name(stratum: str, number: int) -> str:
    """How a slot is called in the sealed list."""
    return f"{stratum}|{number}"


def _cipher(seal_key: bytes) -> "AESGCM":
    require_cryptography()
    if len(seal_key) != KEY_BYTES:
        raise DesignError(f"the key of the seal must have {KEY_BYTES} bytes, got {len(seal_key)}")
    return AESGCM(seal_key)
