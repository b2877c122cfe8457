"""What a mail server's refusal means."""

import re
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

_PERMANENT = range(500, 600)
_ENHANCED = re.compile(rb"^[245]\.\d{1,3}\.\d{1,3}\b")
_POLICY = b"5.7."


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
