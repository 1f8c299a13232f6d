"""Encryption at rest and blind look-up (GDPR Art. 32).

AES-256-GCM under a key per purpose, derived from DATA_KEY by HKDF; each value carries
the id of the key that sealed it, so `new,old` lists rotate without a stop. Look-up
digests are HMAC-SHA-256 under a key of their own, always the *last* key of the list:
rotating an index means re-computing it.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_KEY_ID = 4


class SealProblem(Exception):
    """A value that no configured key opens, or a key that is no key."""


class SpoiledValue(SealProblem):
    """A value that was changed since it was sealed; others under its key may open."""


def new_key() -> str:
    """A fresh 256-bit key in the form DATA_KEY and SECRET_KEY take (base64url)."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def parse_keys(listed: str, name: str) -> tuple[bytes, ...]:
    """`new,old` base64url keys of 32 bytes each; `name` is the setting, for the error."""
    keys = tuple(_parse_key(part.strip(), name) for part in listed.split(",") if part.strip())
    if not keys:
        raise SealProblem(f"{name} is empty: give a key of 32 random bytes in base64url.")
    return keys


def _parse_key(text: str, name: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SealProblem(f"{name} must be a list of 32-byte keys in base64url, newest first.")
    return key


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"netpro/{purpose}".encode()).derive(
        key
    )


class Vault:
    """Seals and opens values; digests them for look-up. One per process."""

    def __init__(self, data_keys: Sequence[bytes], secret_keys: Sequence[bytes]) -> None:
        self._data_keys = {_derive(key, "id")[:_KEY_ID]: key for key in data_keys}
        self._current = next(iter(self._data_keys))
        # keyed once: each digest begins with a copy
        self._indexing = hmac.new(_derive(data_keys[-1], "index"), digestmod=hashlib.sha256)
        self._mail_id_key = _derive(secret_keys[-1], "message-id")
        self._cipher = lru_cache(maxsize=256)(self._new_cipher)

    def _new_cipher(self, key_id: bytes, purpose: str) -> AESGCM:
        return AESGCM(_derive(self._data_keys[key_id], f"seal/{purpose}"))

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """Encrypts: key id (4 bytes), nonce (12), ciphertext with tag."""
        nonce = os.urandom(_NONCE)
        cipher = self._cipher(self._current, purpose)
        return self._current + nonce + cipher.encrypt(nonce, plain, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """Decrypts; SealProblem when no key fits, SpoiledValue when the value was changed."""
        key_id, nonce = bytes(sealed[:_KEY_ID]), bytes(sealed[_KEY_ID : _KEY_ID + _NONCE])
        if key_id not in self._data_keys:
            raise SealProblem("A stored value was sealed with a key that DATA_KEY does not list.")
        try:
            return self._cipher(key_id, purpose).decrypt(
                nonce, memoryview(sealed)[_KEY_ID + _NONCE :], purpose.encode()
            )
        except InvalidTag as problem:
            raise SpoiledValue(
                "A stored value does not open: wrong key, or it was changed."
            ) from problem

    def seal_text(self, purpose: str, text: str | None) -> bytes | None:
        """None stays None."""
        return None if text is None else self.seal(purpose, text.encode("utf-8", "surrogatepass"))

    def open_text(self, purpose: str, sealed: bytes | None) -> str | None:
        """None stays None."""
        return (
            None if sealed is None else self.open(purpose, sealed).decode("utf-8", "surrogatepass")
        )

    def seal_json(self, purpose: str, value: Any) -> bytes:
        """Any JSON value."""
        return self.seal(
            purpose, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        )

    def open_json(self, purpose: str, sealed: bytes | None) -> Any:
        """None stays None."""
        return None if sealed is None else json.loads(self.open(purpose, sealed))

    def index(self, purpose: str, value: str | bytes) -> str:
        """Keyed digest (64 hex) under which a value can be found but not read."""
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        digest = self._indexing.copy()
        digest.update(purpose.encode() + b"\0")
        digest.update(data)
        return digest.hexdigest()

    def address_index(self, address: str) -> str:
        """Keyed digest of an e-mail address: case and surrounding space do not count."""
        return self.index("address", address.strip().casefold())

    @property
    def mail_id_key(self) -> bytes:
        """Key of the HMAC inside our Message-IDs; the last one, so that a rotation keeps ids."""
        return self._mail_id_key
