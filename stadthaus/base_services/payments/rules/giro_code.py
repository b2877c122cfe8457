"""The QR code on a transfer form (GiroCode): EPC069-12, version 002, as text.

Twelve lines: service tag, version, character set, SEPA credit transfer, BIC, name, IBAN, amount,
purpose code, structured reference, text, information for the payer. At most 331 bytes.
"""

import re

LONGEST_PAYLOAD = 331
_LONGEST_NAME = 70
_LONGEST_TEXT = 140
_LONGEST_INFORMATION = 70
_MOST_CENTS = 99_999_999_999
_LINE_BREAKING = re.compile(r"\s+")


def payload(*, name: str, iban: str, bic: str, amount_cents: int, text: str, information: str) -> str:
    """The text inside the code; `text` is what the bank hands on to the town (the Kassenzeichen)."""
    if not 1 <= amount_cents <= _MOST_CENTS:
        raise ValueError(f"a transfer of {amount_cents} cents cannot be coded")
    lines = [
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        _plain(bic).replace(" ", ""),
        _plain(name)[:_LONGEST_NAME],
        _plain(iban).replace(" ", ""),
        f"EUR{amount_cents // 100}.{amount_cents % 100:02d}",
        "",
        "",
        _plain(text)[:_LONGEST_TEXT],
    ]
    room = LONGEST_PAYLOAD - len("\n".join([*lines, ""]).encode())
    if room < 0:
        raise ValueError("name and text of the transfer are too long for the code")
    lines.append(_cut_to_bytes(_plain(information)[:_LONGEST_INFORMATION], room))
    return "\n".join(lines)


def _plain(text: str) -> str:
    return _LINE_BREAKING.sub(" ", text).strip()


def _cut_to_bytes(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore")
