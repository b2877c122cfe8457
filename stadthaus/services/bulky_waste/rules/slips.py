"""Addresses and numbers to answer to, as people type them."""

import re

from stadthaus.kernel.words import differ_by_one_slip

# Where most people here have their mail. A name that nearly is one of these may still be somebody's own: we only ask.
_WELL_KNOWN = (
    *("gmail.com", "googlemail.com", "t-online.de", "web.de", "gmx.de", "gmx.net", "freenet.de", "arcor.de"),
    *("outlook.de", "outlook.com", "hotmail.de", "hotmail.com", "yahoo.de", "yahoo.com", "icloud.com"),
)
_SAID_BEFORE = re.compile(r"^(telefonnummer|telefon|tel|fon|phone|mobil|handy)\s*[.:]*\s*", re.IGNORECASE)
_NO_ENDING = re.compile(r"\.(con|cmo|vom|xom|comm)$")


def address_meant(email: str) -> str:
    """What was probably meant, if the provider has one typing error: "a@gmial.com" → "a@gmail.com"; or "".

    An ending that does not exist (".con") is mended first, whoever the provider is.
    """
    person, at, provider = email.rpartition("@")
    typed = provider.lower()
    if typed in _WELL_KNOWN:
        return ""
    mended = _NO_ENDING.sub(".com", typed)
    near = next((known for known in _WELL_KNOWN if mended == known or differ_by_one_slip(mended, known)), "")
    meant = near or (mended if mended != typed else "")
    return f"{person}{at}{meant}" if meant else ""


def number_alone(phone: str) -> str:
    """A telephone number without the word before it: "Tel. 02389 123456" → "02389 123456"."""
    return _SAID_BEFORE.sub("", phone)
