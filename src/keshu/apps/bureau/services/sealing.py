"""Secrets that must be read again are stored sealed: Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from SECRET_KEY.

Keys of before (KESHU_OLD_SECRET_KEYS) still open what they sealed; what is sealed now is sealed with the present one.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"keshu.bureau.sealing"


class Unreadable(ValueError):
    """None of the known keys opens it: SECRET_KEY was replaced and the old one is not named."""


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("sealed with a key that is neither SECRET_KEY nor among SECRET_KEY_FALLBACKS") from None


def sealed_anew(sealed: str) -> str:
    """The same secret under the present key."""
    return seal(unseal(sealed))


def _fernet() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
