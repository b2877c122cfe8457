"""Addresses of payments; included at the root as `payments:…`."""

from django.urls import path

from stadthaus.base_services.payments.views import citizen, demo, office

app_name = "payments"
_DESK = "buero/kasse/"
_REFUND = f"{_DESK}erstattungen/<int:order_id>/"
_WAIVER = f"{_DESK}erlasse/<int:waiver_id>/"
_REQUEST = f"{_DESK}zahlung/<str:public_id>/"

urlpatterns = [
    path("bezahlen/zurueck/<str:attempt_id>/", citizen.came_back, name="came_back"),
    path("bezahlen/meldung/<str:provider_ref>/", citizen.notification, name="notification"),
    path("bezahlen/<str:public_id>/", citizen.pay, name="pay"),
    path("demo-bezahlseite/<str:provider_ref>/", demo.payment_page, name="demo_page"),
    path(_DESK, office.open_requests, name="open"),
    path(f"{_DESK}zu-klaeren/", office.unclear, name="unclear"),
    path(f"{_DESK}ohne-termin/", office.without_date, name="without_date"),
    path(f"{_DESK}alle/", office.all_requests, name="all"),
    path(f"{_DESK}erstattungen/", office.refunds, name="refunds"),
    path(f"{_DESK}erlasse/", office.waivers, name="waivers"),
    path(f"{_DESK}buchungen/", office.ledger, name="ledger"),
    path(_REQUEST, office.request_page, name="request"),
    path(f"{_REQUEST}eingegangen/", office.mark_received, name="mark_received"),
    path(f"{_REQUEST}zweite-ueberweisung/", office.take_second_transfer, name="take_second_transfer"),
    path(f"{_REQUEST}kassieren/", office.take_at_counter, name="take_at_counter"),
    path(f"{_REQUEST}papierkarte/", office.redeem_paper_card, name="redeem_paper_card"),
    path(f"{_REQUEST}nicht-bezahlt/", office.declare_unpaid, name="declare_unpaid"),
    path(f"{_REQUEST}ueberzahlt/", office.accept_overpayment, name="accept_overpayment"),
    path(f"{_REQUEST}zurueckzahlen/", office.refund_without_date, name="refund_without_date"),
    path(f"{_REQUEST}erlass/", office.request_waiver, name="request_waiver"),
    path(f"{_REFUND}genehmigen/", office.approve_refund, name="approve_refund"),
    path(f"{_REFUND}ablehnen/", office.refuse_refund, name="refuse_refund"),
    path(f"{_REFUND}streichen/", office.drop_refund, name="drop_refund"),
    path(f"{_REFUND}konto/", office.enter_account, name="enter_account"),
    path(f"{_REFUND}ausgezahlt/", office.mark_refunded, name="mark_refunded"),
    path(f"{_REFUND}ausgehaendigt/", office.hand_out, name="hand_out"),
    path(f"{_WAIVER}genehmigen/", office.approve_waiver, name="approve_waiver"),
    path(f"{_WAIVER}ablehnen/", office.refuse_waiver, name="refuse_waiver"),
]
