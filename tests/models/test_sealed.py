"""What is sealed opens only with its key, and can be found without being read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sealed import SealProblem, Vault, new_key, parse_keys

OLD, NEW = bytes(32), bytes(range(32))


@given(st.text())
def test_what_was_sealed_opens_to_the_same_text(text: str) -> None:
    vault = Vault([OLD], [OLD])
    assert vault.open_text("note", vault.seal_text("note", text)) == text


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    vault = Vault([OLD], [OLD])
    assert vault.seal("note", b"x") != vault.seal("note", b"x")


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    before, after = Vault([OLD], [OLD]), Vault([NEW, OLD], [NEW, OLD])
    assert after.open("note", before.seal("note", b"x")) == b"x"
    with pytest.raises(SealProblem):
        before.open("note", after.seal("note", b"x"))


def test_a_rotation_changes_neither_look_ups_nor_message_ids() -> None:
    before, after = Vault([OLD], [OLD]), Vault([NEW, OLD], [NEW, OLD])
    assert before.address_index("a@example.com") == after.address_index("a@example.com")
    assert before.mail_id_key == after.mail_id_key


def test_a_value_opens_only_for_its_own_purpose() -> None:
    vault = Vault([OLD], [OLD])
    with pytest.raises(SealProblem):
        vault.open("text", vault.seal("note", b"x"))


@given(st.integers(0, 40), st.integers(1, 255))
def test_a_changed_value_does_not_open(place: int, change: int) -> None:
    vault = Vault([OLD], [OLD])
    sealed = bytearray(vault.seal("note", b"some words"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealProblem):
        vault.open("note", bytes(sealed))


def test_an_address_is_found_whatever_its_case() -> None:
    vault = Vault([OLD], [OLD])
    assert vault.address_index(" Mari@Example.com ") == vault.address_index("mari@example.com")


@pytest.mark.parametrize("listed", ["", "short", "not base64!", new_key() + ",x"])
def test_a_bad_key_is_named_and_not_shown(listed: str) -> None:
    with pytest.raises(SealProblem) as problem:
        parse_keys(listed, "DATA_KEY")
    assert "DATA_KEY" in str(problem.value)
    assert not listed or listed not in str(problem.value)
