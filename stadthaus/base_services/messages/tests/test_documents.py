from pathlib import Path

import pytest
from pytest_django import Settings

from stadthaus.base_services.messages import documents
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.base_services.messages.tests.factories import TOWN, some_content

SOURCE = """Betreff: Wir kommen am {{ day }}
{% if day %}
Legen Sie {{ what }} bereit.
{% endif %}

– bis 6:00 Uhr
– an die Straße

→ Bestellung ansehen: http://testserver/b/abc/
"""
TEXT = """Guten Tag,

Legen Sie Öfen & "Herde" <alt> bereit.

– bis 6:00 Uhr
– an die Straße

Bestellung ansehen:
http://testserver/b/abc/

Freundliche Grüße
Stadt Werne

--\N{SPACE}
Bürgerbüro · Telefon 02389 71-0
Montag bis Freitag 8:00–12:00 Uhr
"""


@pytest.fixture
def content(tmp_path: Path, settings: Settings) -> Content:
    (tmp_path / "mail.txt").write_text(SOURCE)
    (frame,) = settings.TEMPLATES
    settings.TEMPLATES = [{**frame, "DIRS": [tmp_path]}]
    context = {"day": "Dienstag, 9. Dezember", "what": 'Öfen & "Herde" <alt>'}
    return documents.render("mail.txt", context, to="erika@example.org", town=TOWN)


def test_the_subject_comes_from_the_first_line(content: Content) -> None:
    assert (content.to, content.subject) == ("erika@example.org", "Wir kommen am Dienstag, 9. Dezember")


def test_the_text_has_greeting_words_and_signature(content: Content) -> None:
    assert content.text == TEXT


def test_the_html_says_the_same_escaped(content: Content) -> None:
    assert "Legen Sie Öfen &amp; &quot;Herde&quot; &lt;alt&gt; bereit." in content.html
    assert '<a href="http://testserver/b/abc/"' in content.html
    assert "<li" in content.html
    assert "02389 71-0" in content.html


def test_the_mail_comes_from_the_town_and_asks_for_no_automatic_answer() -> None:
    mail = documents.as_mail(Message(message_id="<message-1@werne.example>"), some_content(), town=TOWN).message()
    assert mail["From"] == "Stadt Werne <buergerbuero@werne.example>"
    assert "<buergerbuero@werne.example>" in mail["Reply-To"]
    assert mail["Message-ID"] == "<message-1@werne.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "de"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
