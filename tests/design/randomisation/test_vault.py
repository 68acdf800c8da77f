"""The folder of the secrets: what it keeps, what it never replaces, and who can read it."""

import json
import stat
from pathlib import Path

import pytest

from tests.design.randomisation.conftest import blocks_plan, counted, minimised_plan
from trialkit.design.randomisation.lists import canonical_list, commitment
from trialkit.design.randomisation.vault import Secrets, Vault, fresh_secrets
from trialkit.errors import DataFileError, DesignError

KEYS = Secrets(key=b"k" * 32, nonce=b"n" * 32, seal=b"s" * 32)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(folder=tmp_path / "a" / "vault")


def keep(vault: Vault) -> None:
    with vault.keeping(KEYS, {"site=N|1": "00"}, "c" * 64):
        pass


def test_fresh_secrets_are_drawn_one_after_the_other_with_256_bits_each() -> None:
    drawn, again = fresh_secrets(counted("x")), counted("x")
    assert [drawn.key, drawn.nonce, drawn.seal] == [again(32), again(32), again(32)]


def test_a_plan_can_be_replaced_until_keys_are_drawn(vault: Vault) -> None:
    assert not vault.is_committed
    assert vault.write_plan(minimised_plan()) == vault.folder / "plan.json"
    vault.write_plan(blocks_plan())
    assert vault.read_plan() == blocks_plan()
    keep(vault)
    assert vault.is_committed
    with pytest.raises(DesignError) as error:
        vault.write_plan(minimised_plan())
    assert str(error.value) == (
        f"{vault.folder}: has the keys of a list that was committed to; plan another one in "
        "another folder"
    )
    for name in ("secret.json", "seal.key"):
        (vault.folder / name).unlink()
        # one of the two is enough
        assert vault.is_committed is (name == "secret.json")


def test_keys_are_read_back_and_stand_apart(vault: Vault) -> None:
    keep(vault)
    assert vault.read_key() == (KEYS.key, KEYS.nonce)
    assert vault.read_seal() == KEYS.seal
    kept = json.loads((vault.folder / "secret.json").read_text())
    assert kept == {"key": KEYS.key.hex(), "nonce": KEYS.nonce.hex()}
    with pytest.raises(DesignError, match=r"secret.json: exists and is never replaced"):
        keep(vault)


def test_a_commitment_that_cannot_be_written_leaves_no_keys(vault: Vault) -> None:
    vault.write_plan(blocks_plan())
    with pytest.raises(DataFileError), vault.keeping(KEYS, {}, "c" * 64):
        raise DataFileError("the disk of the record is full")
    assert [path.name for path in vault.folder.iterdir()] == ["plan.json"]
    keep(vault)
    assert vault.is_committed


def test_files_are_their_owners_alone(vault: Vault) -> None:
    vault.write_plan(blocks_plan())
    keep(vault)
    assert stat.S_IMODE(vault.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in vault.folder.iterdir()} == {0o600}
    assert vault.read_sealed() == {"site=N|1": "00"}


def test_a_table_replaces_the_one_before(vault: Vault) -> None:
    vault.write_table("balance.csv", "one")
    path = vault.write_table("balance.csv", "two")
    assert path.read_text() == "two"


def test_what_is_not_there_or_holds_nothing_is_told(vault: Vault) -> None:
    with pytest.raises(
        DesignError, match=r"plan.json: does not exist; .* 'trialkit randomise plan'"
    ):
        vault.read_plan()
    for read in (vault.read_key, vault.read_seal, vault.read_sealed):
        with pytest.raises(DesignError, match=r"does not exist; .* 'trialkit randomise commit'"):
            read()
    vault.folder.mkdir(parents=True)
    for name in ("secret.json", "seal.key", "sealed.json"):
        (vault.folder / name).write_text("{x")
    for read, said in (
        (vault.read_key, "secret.json: holds no key and nonce"),
        (vault.read_seal, "seal.key: holds no key"),
        (vault.read_sealed, "sealed.json: is no sealed list"),
    ):
        with pytest.raises(DesignError, match=said):
            read()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff", b"", b"[]", b"7", b"null", b'"x"', b"[" * 20_000, b'{"a":' * 20_000, b'{"p": NaN}',
        b'{"key": "00", "key": "11", "nonce": "22"}',
    ],
    ids=range(10),
)  # fmt: skip
def test_a_damaged_file_of_the_vault_is_named(vault: Vault, content: bytes) -> None:
    vault.folder.mkdir(parents=True)
    for name, read in (
        ("plan.json", vault.read_plan),
        ("secret.json", vault.read_key),
        ("sealed.json", vault.read_sealed),
    ):
        (vault.folder / name).write_bytes(content)
        with pytest.raises(DesignError, match=f"{vault.folder / name}: "):
            read()
    (vault.folder / "seal.key").write_bytes(content)
    if content == b"\xff":
        with pytest.raises(DesignError, match="byte 1 is not UTF-8, so it is damaged"):
            vault.read_seal()


@pytest.mark.parametrize("p", ['"1/0"', "Infinity", "[]", '"x"'])
def test_a_plan_whose_chance_is_none_is_no_plan(vault: Vault, p: str) -> None:
    path = vault.write_plan(minimised_plan())
    path.write_text(path.read_text().replace('"4/5"', p))
    with pytest.raises(DesignError, match=r"plan.json: this is no plan of a randomisation"):
        vault.read_plan()


def test_what_was_committed_to_is_told_by_its_file_or_by_the_key(vault: Vault) -> None:
    vault.write_plan(blocks_plan())
    assert vault.commitment() == ""
    keep(vault)
    assert vault.commitment() == "c" * 64
    path = vault.folder / "commitment.txt"
    from_key = commitment(KEYS.nonce, canonical_list(blocks_plan(), KEYS.key))
    path.write_text("garbage")
    assert vault.commitment() == from_key
    path.unlink()  # a vault of earlier versions
    assert vault.commitment() == from_key
    (vault.folder / "secret.json").unlink()
    assert vault.commitment() == ""
