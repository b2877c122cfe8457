"""What a mail server's refusal means."""

import re
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

_PERMANENT = range(500, 600)
_ENHANCED = re.compile(rb"^[245]\.\d{1,3}\.\d{1,3}\b")
_POLICY = b"5.7."
_DESCRIBED = re.compile(r"SMTP (?P<code>\d{3})(?: (?P<enhanced>[245]\.\d+\.\d+))?")
_SIGN_IN = {"530", "534", "535", "538"}
_UNKNOWN = {"550", "551", "553"}
_FULL = {"5.2.2", "4.2.2"}
_ADDRESS_REFUSED = "Diese E-Mail-Adresse nimmt nichts an. Vielleicht ist sie falsch geschrieben."
_MAILBOX_FULL = "Das Postfach ist voll."
_MAIL_REFUSED = "Der Mailserver hat die Nachricht abgelehnt."
_POLICY_WORDS = "Der Mailserver nimmt von uns nichts an. Bitte sagen Sie der Technik Bescheid."
_PUT_OFF = "Der Mailserver hat die Nachricht tagelang vertröstet."
_SILENT = "Der Mailserver war tagelang nicht zu erreichen."
_NOT_OURS = "Die Nachricht ließ sich tagelang nicht verschicken. Bitte sagen Sie der Technik Bescheid."


def is_permanent(error: Exception) -> bool:
    """Whether the server refused this recipient or this mail for good: a reply 5xx (RFC 5321, 4.2.1).

    Not counted are refusals that concern us and not this mail, because they end when somebody
    repairs the settings: a sign-in or sender refused, and replies 5.7.x (policy, RFC 3463, 3.8).
    """
    replies = _replies(error) if isinstance(error, SMTPRecipientsRefused | SMTPDataError) else []
    return bool(replies) and all(code in _PERMANENT and not text.startswith(_POLICY) for code, text in replies)


def describe(error: Exception) -> str:
    """The fault without personal data: reply codes only, since servers repeat the address in their text."""
    codes = [f"{code} {_enhanced(text)}".strip() for code, text in _replies(error)]
    return f"SMTP {', '.join(codes)}" if codes else type(error).__name__


def in_words(described: str) -> str:
    """Why a mail did not go out, in German, from what `describe` noted about it."""
    found = _DESCRIBED.match(described)
    if found is None:
        return _SILENT if described else _NOT_OURS
    code, enhanced = found["code"], found["enhanced"] or ""
    if enhanced.startswith("5.7.") or code in _SIGN_IN:
        return _POLICY_WORDS
    if enhanced in _FULL or (code == "552" and not enhanced):
        return _MAILBOX_FULL
    if enhanced.startswith(("5.1.", "5.2.")) or (code in _UNKNOWN and not enhanced):
        return _ADDRESS_REFUSED
    return _MAIL_REFUSED if code.startswith("5") else _PUT_OFF


def _replies(error: Exception) -> list[tuple[int, bytes]]:
    if isinstance(error, SMTPRecipientsRefused):
        return list(error.recipients.values())
    if isinstance(error, SMTPResponseException):
        text = error.smtp_error
        return [(error.smtp_code, text if isinstance(text, bytes) else text.encode())]
    return []


def _enhanced(text: bytes) -> str:
    found = _ENHANCED.match(text)
    return found.group().decode() if found else ""
