"""One key for each way to write the same contact, by which unpaid orders are counted."""

import re

from stadthaus.kernel.words import fold

KEY_LENGTH = 254


def contact_key(email: str, phone: str, name: str, address: str) -> str:
    """The e-mail address without capitals and tag, else the telephone's national digits, else name and address.

    "Erika+1@Example.org" → "erika@example.org", "+49 (0)2389 71123" → "0238971123". Without "+" a 49 in front of eight
    digits or more is the country too.
    """
    if email:
        mailbox, _, domain = email.casefold().rpartition("@")
        return f"{mailbox.partition('+')[0] or mailbox}@{domain}"[:KEY_LENGTH]
    national = re.sub(r"^((\+|00)49|49(?=[0-9]{8}))", "", re.sub(r"[^0-9+]", "", phone)).lstrip("+0")
    return f"0{national}" if national else f"{fold(name)}, {fold(address)}"[:KEY_LENGTH]
