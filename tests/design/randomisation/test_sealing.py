"""Every slot of a list is encrypted for itself: it opens with its key and in its place alone."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.design.randomisation.conftest import counted
from trialkit.design.randomisation import sealing
from trialkit.design.randomisation.lists import ListedSlot
from trialkit.design.randomisation.sealing import (
    open_slot,
    require_cryptography,
    seal_list,
    slot_name,
)
from trialkit.errors import DesignError

KEY = bytes(range(32))
LIST = [
    ListedSlot(stratum="site=N", number=1, arm="NEW", block=1),
    ListedSlot(stratum="site=N", number=2, arm="ÄLTERE", block=1),
    ListedSlot(stratum="site=S", number=1, arm="NEW", block=1),
]


def test_a_slot_is_its_nonce_and_its_arm_padded_to_one_length() -> None:
    """Decrypted by the library alone: AES-GCM with the slot's name as what it belongs to."""
    sealed = seal_list(LIST, KEY, counted("x"))
    assert list(sealed) == ["site=N|1", "site=N|2", "site=S|1"]
    assert slot_name("site=N", 2) == "site=N|2"
    assert len({len(each) for each in sealed.values()}) == 1
    fresh = counted("x")
    for slot, (name, text) in zip(LIST, sealed.items(), strict=True):
        nonce, content = bytes.fromhex(text)[:12], bytes.fromhex(text)[12:]
        assert nonce == fresh(12)
        opened = AESGCM(KEY).decrypt(nonce, content, name.encode())
        assert opened == slot.arm.encode() + b"\0" * (64 - len(slot.arm.encode()))
        assert open_slot(sealed, KEY, stratum=slot.stratum, number=slot.number) == slot.arm


def test_a_slot_that_is_not_there_or_not_in_its_place_is_refused() -> None:
    sealed = seal_list(LIST, KEY, counted("x"))
    with pytest.raises(DesignError, match=r"the sealed list has no slot site=N\|3"):
        open_slot(sealed, KEY, stratum="site=N", number=3)
    moved = sealed | {"site=N|2": sealed["site=N|1"]}
    for other, key in ((moved, KEY), (sealed, KEY[::-1])):
        with pytest.raises(DesignError, match=r"slot site=N\|2 does not open: the key is of"):
            open_slot(other, key, stratum="site=N", number=2)


@pytest.mark.parametrize("size", [16, 31, 33])
def test_the_key_of_the_seal_has_256_bits(size: int) -> None:
    with pytest.raises(DesignError, match=f"key of the seal must have 32 bytes, got {size}"):
        seal_list(LIST, b"k" * size, counted("x"))


def test_without_the_library_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    require_cryptography()
    monkeypatch.setattr(sealing, "AVAILABLE", False)
    with pytest.raises(DesignError, match=r"pip install 'trialkit\[randomisation\]'"):
        require_cryptography()


@pytest.mark.parametrize("text", ["", "00", "not hexadecimal", "0" * 40, "ü"])
def test_a_slot_that_is_no_sealed_slot_is_refused(text: str) -> None:
    with pytest.raises(DesignError, match=r"slot site=N\|1 does not open"):
        open_slot({"site=N|1": text}, KEY, stratum="site=N", number=1)
