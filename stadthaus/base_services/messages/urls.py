"""Addresses of the demo's mailbox."""

from django.urls import path

from stadthaus.base_services.messages.views import demo

app_name = "messages"
urlpatterns = [
    path("postkorb/", demo.inbox, name="inbox"),
    path("postkorb/<int:number>/", demo.one_message, name="one_message"),
    path("postkorb/<int:number>/html/", demo.as_html, name="as_html"),
]
