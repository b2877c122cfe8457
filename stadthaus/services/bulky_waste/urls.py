"""Addresses of the bulky-waste card."""

from django.urls import path

from stadthaus.services.bulky_waste.views import (
    catalogue,
    citizen,
    contractor,
    crew,
    later,
    link,
    money,
    office,
    things,
)

app_name = "bulky_waste"
_DRAFT = "sperrmuell/bestellen/<slug:public_id>/"
_OWN = "bestellung/<slug:link>/"

urlpatterns = [
    path("sperrmuell/", citizen.service, name="service"),
    path("sperrmuell/nicht-hier/<slug:reason>/", citizen.not_for_you, name="not_for_you"),
    path("sperrmuell/weitermachen/<slug:link>/", later.resume, name="resume"),
    path("sperrmuell/bestellen/", citizen.begin, name="begin"),
    path(f"{_DRAFT}wo/", citizen.where, name="where"),
    path(f"{_DRAFT}was/", things.what, name="what"),
    path(f"{_DRAFT}was/hinzufuegen/", things.add_item, name="add_item"),
    path(f"{_DRAFT}was/<slug:line>/anzahl/", things.count_item, name="count_item"),
    path(f"{_DRAFT}was/<slug:line>/form/", things.turn_item, name="turn_item"),
    path(f"{_DRAFT}was/eigenes/", things.own_item, name="own_item"),
    path(f"{_DRAFT}was/fertig/", things.what_done, name="what_done"),
    path(f"{_DRAFT}wer/", citizen.who, name="who"),
    path(f"{_DRAFT}wann/", citizen.when, name="when"),
    path(f"{_DRAFT}platz/", citizen.place, name="place"),
    path(f"{_DRAFT}pruefen/", citizen.check, name="check"),
    path(f"{_DRAFT}spaeter/", later.later, name="later"),
    path(_OWN, link.own_order, name="own_order"),
    path(f"{_OWN}ausweisen/", link.prove, name="prove"),
    path(f"{_OWN}karte.pdf", link.card, name="card"),
    path(f"{_OWN}ueberweisung.pdf", link.transfer_slip, name="transfer_slip"),
    path(f"{_OWN}kalender.ics", link.calendar, name="calendar"),
    path(f"{_OWN}foto.jpg", link.photo, name="photo"),
    path(f"{_OWN}stornieren/", money.cancel, name="cancel"),
    path(f"{_OWN}bezahlen/", money.way, name="way"),
    path(f"{_OWN}konto/", money.account, name="account"),
]

_ORDER = "buero/sperrmuell/<int:number>/"
_DAY = "entsorger/tage/<int:day_id>/"
_STOP = "fahrt/<int:number>/"

urlpatterns += [
    path("buero/sperrmuell/", office.orders, name="office_orders"),
    path("buero/sperrmuell/katalog/", catalogue.catalogue, name="office_catalogue"),
    path("buero/sperrmuell/katalog/<slug:key>/", catalogue.volume, name="office_volume"),
    path("buero/sperrmuell/ohne-termin/", office.without_day, name="office_without_day"),
    path(_ORDER, office.order, name="office_order"),
    path(f"{_ORDER}foto/<slug:kind>.jpg", office.photo, name="office_photo"),
    path(f"{_ORDER}stornieren/", office.cancel, name="office_cancel"),
    path(f"{_ORDER}gebuehr-zurueck/", office.fee_back, name="office_fee_back"),
    path(f"{_ORDER}neuer-tag/", office.new_day, name="office_new_day"),
    path("entsorger/", contractor.days, name="contractor_days"),
    path(_DAY, contractor.day, name="contractor_day"),
    path(f"{_DAY}liste.csv", contractor.day_csv, name="contractor_csv"),
    path(f"{_DAY}liste.pdf", contractor.day_pdf, name="contractor_pdf"),
    path(f"{_DAY}telefon/", contractor.phone, name="contractor_phone"),
    path("fahrt/", crew.home, name="crew_home"),
    path(_STOP, crew.stop, name="crew_stop"),
    path(f"{_STOP}platz.jpg", crew.place_photo, name="crew_photo"),
    path(f"{_STOP}mitgenommen/", crew.collected, name="crew_collected"),
    path(f"{_STOP}teilweise/", crew.left_partly, name="crew_left_partly"),
    path(f"{_STOP}nicht/", crew.left_all, name="crew_left_all"),
    path(f"{_STOP}rueckgaengig/", crew.undo, name="crew_undo"),
]
