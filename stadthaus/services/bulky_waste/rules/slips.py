"""Addresses and numbers to answer to, as people type them."""

import re

from stadthaus.kernel.words import differ_by_one_slip

# Where most people here have their mail. A name that nearly is one of these may still be somebody's own: we only ask.
_WELL_KNOWN = (
    *("gmail.com", "googlemail.com", "t-online.de", "web.de", "gmx.de", "gmx.net", "freenet.de", "arcor.de"),
    *("outlook.de", "outlook.com", "hotmail.de", "hotmail.com", "yahoo.de", "yahoo.com", "icloud.com"),
)
_SAID_BEFORE = re.compile(r"^(telefonnummer|telefon|tel|fon|phone|mobil|handy)\s*[.:]*\s*", re.IGNORECASE)


def address_meant(email: str) -> str:
    """What was probably meant, if the provider has one typing error: "a@gmial.com" → "a@gmail.com"; or ""."""
    person, at, provider = email.rpartition("@")
    typed = provider.lower()
    if typed in _WELL_KNOWN:
        return ""
    return next((f"{person}{at}{known}" for known in _WELL_KNOWN if differ_by_one_slip(typed, known)), "")


def number_alone(phone: str) -> str:
    """A telephone number without the word before it: "Tel. 02389 123456" → "02389 123456"."""
    return _SAID_BEFORE.sub("", phone)
