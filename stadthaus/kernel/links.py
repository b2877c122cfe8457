"""Private links: a public id and a proof that only the town can make.

The proof is HMAC-SHA-256(key, id, serial), cut to 100 bits. Only the serial is stored; raising it
revokes every link that was sent. The key belongs to the backup: with it, links in old mails work
after a restore.
"""

import base64
import hashlib
import hmac

_PROOF_LENGTH = 20
_ID_LENGTH = 12


def new_public_id(random_bytes: bytes) -> str:
    """A public id of 12 characters (60 bits) from at least eight random bytes."""
    return _base32(random_bytes)[:_ID_LENGTH]


def make_link(key: bytes, public_id: str, serial: int) -> str:
    """The path part of a private link: the public id followed by its proof."""
    return public_id + _proof(key, public_id, serial)


def public_id_of(link: str) -> str:
    """The public id inside a link; nothing is proven yet."""
    return link[:_ID_LENGTH]


def is_genuine(key: bytes, link: str, serial: int) -> bool:
    """Whether the link was made by this town with this serial; takes the same time for any wrong link."""
    expected = make_link(key, public_id_of(link), serial)
    return hmac.compare_digest(expected.encode(), link.encode())


def _proof(key: bytes, public_id: str, serial: int) -> str:
    digest = hmac.new(key, f"{public_id}:{serial}".encode(), hashlib.sha256).digest()
    return _base32(digest)[:_PROOF_LENGTH]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()
