from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest

from stadthaus.base_services.messages.rules.delivery import describe, in_words, is_permanent

ADDRESS = "erika@example.org"


def refused(code: int, text: bytes = b"") -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({ADDRESS: (code, text)})


@pytest.mark.parametrize(
    "error", [refused(550, b"5.1.1 unknown"), refused(553), refused(552), SMTPDataError(554, b"5.6.0 bad content")]
)
def test_a_refused_recipient_or_mail_is_permanent(error: Exception) -> None:
    assert is_permanent(error)


@pytest.mark.parametrize("error", [refused(450, b"4.2.0 greylisted"), refused(421), SMTPDataError(452, b"full")])
def test_a_reply_that_says_later_is_temporary(error: Exception) -> None:
    assert not is_permanent(error)


@pytest.mark.parametrize(
    "error",
    [
        refused(554, b"5.7.1 Relay access denied"),
        SMTPSenderRefused(550, b"unknown sender", "buergerbuero@werne.example"),
        SMTPAuthenticationError(535, b"5.7.8 wrong password"),
        SMTPConnectError(554, b"no service"),
    ],
)
def test_a_fault_in_our_settings_is_temporary(error: Exception) -> None:
    assert not is_permanent(error)


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionRefusedError(), SMTPServerDisconnected("bye")])
def test_a_server_that_cannot_be_reached_is_temporary(error: Exception) -> None:
    assert not is_permanent(error)


def test_a_fault_is_described_by_its_codes_without_the_address() -> None:
    assert describe(refused(550, b"5.1.1 <erika@example.org> unknown")) == "SMTP 550 5.1.1"
    assert describe(SMTPDataError(554, "kaputt für erika@example.org")) == "SMTP 554"
    assert describe(TimeoutError("erika@example.org")) == "TimeoutError"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused(550, b"5.1.1 unknown"), "nimmt nichts an. Vielleicht"),
        (refused(551), "nimmt nichts an. Vielleicht"),
        (refused(552, b"5.2.2 full"), "Postfach ist voll"),
        (SMTPDataError(554, b"5.6.0 bad content"), "abgelehnt"),
        (refused(554, b"5.7.1 Relay access denied"), "von uns nichts an"),
        (SMTPAuthenticationError(535, b"wrong password"), "von uns nichts an"),
        (refused(450, b"4.2.0 greylisted"), "vertröstet"),
        (TimeoutError(), "nicht zu erreichen"),
    ],
)
def test_why_a_mail_did_not_go_out_is_said_in_german(error: Exception, words: str) -> None:
    assert words in in_words(describe(error))


def test_a_fault_that_is_not_the_mail_servers_is_the_technicians() -> None:
    assert "Technik" in in_words("")
