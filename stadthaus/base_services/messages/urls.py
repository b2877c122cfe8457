"""Addresses of the office's letters and calls, and of the demo's mailbox."""

from django.urls import path

from stadthaus.base_services.messages.views import demo, office

app_name = "messages"
_DESK = "buero/briefe-und-anrufe/"
_RUN = f"{_DESK}druckstapel/<int:run_id>/"
_MAIL = f"{_DESK}e-mails/<int:message_id>/"
_CALL = f"{_DESK}anrufe/<int:message_id>/<int:attempt>/"

urlpatterns = [
    path(_DESK, office.to_do, name="to_do"),
    path(f"{_DESK}druckstapel/", office.make_print_run, name="make_print_run"),
    path(f"{_RUN}briefe.pdf", office.letters_pdf, name="letters_pdf"),
    path(f"{_RUN}gedruckt/", office.mark_printed, name="mark_printed"),
    path(f"{_MAIL}noch-einmal/", office.send_again, name="send_again"),
    path(f"{_MAIL}anders-gesagt/", office.told_otherwise, name="told_otherwise"),
    path(f"{_CALL}gesagt/", office.told, name="told"),
    path(f"{_CALL}nicht-erreicht/", office.not_reached, name="not_reached"),
    path("postkorb/", demo.inbox, name="inbox"),
    path("postkorb/<int:number>/", demo.one_message, name="one_message"),
    path("postkorb/<int:number>/html/", demo.as_html, name="as_html"),
]
