"""Addresses of the bulky-waste card."""

from django.urls import include, path

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

_of_draft = [
    path("wo/", citizen.where, name="where"),
    path("was/", things.what, name="what"),
    path("was/hinzufuegen/", things.add_item, name="add_item"),
    path("was/elektrisch/<slug:key>/", things.electrical, name="electrical"),
    path("was/<slug:line>/anzahl/", things.count_item, name="count_item"),
    path("was/<slug:line>/form/", things.turn_item, name="turn_item"),
    path("was/eigenes/", things.own_item, name="own_item"),
    path("was/fertig/", things.what_done, name="what_done"),
    path("wer/", citizen.who, name="who"),
    path("wann/", citizen.when, name="when"),
    path("platz/", citizen.place, name="place"),
    path("pruefen/", citizen.check, name="check"),
    path("spaeter/", later.later, name="later"),
]
_of_own_order = [
    path("", link.own_order, name="own_order"),
    path("ausweisen/", link.prove, name="prove"),
    path("karte.pdf", link.card, name="card"),
    path("ueberweisung.pdf", link.transfer_slip, name="transfer_slip"),
    path("kalender.ics", link.calendar, name="calendar"),
    path("foto.jpg", link.photo, name="photo"),
    path("stornieren/", money.cancel, name="cancel"),
    path("bezahlen/", money.way, name="way"),
    path("konto/", money.account, name="account"),
]
_of_order = [
    path("", office.order, name="office_order"),
    path("foto/<slug:kind>.jpg", office.photo, name="office_photo"),
    path("stornieren/", office.cancel, name="office_cancel"),
    path("gebuehr-zurueck/", office.fee_back, name="office_fee_back"),
    path("neuer-tag/", office.new_day, name="office_new_day"),
    path("link/", office.send_link, name="office_send_link"),
]
_of_day = [
    path("", contractor.day, name="contractor_day"),
    path("liste.csv", contractor.day_csv, name="contractor_csv"),
    path("liste.pdf", contractor.day_pdf, name="contractor_pdf"),
    path("telefon/", contractor.phone, name="contractor_phone"),
]
_of_stop = [
    path("", crew.stop, name="crew_stop"),
    path("platz.jpg", crew.place_photo, name="crew_photo"),
    path("mitgenommen/", crew.collected, name="crew_collected"),
    path("teilweise/", crew.left_partly, name="crew_left_partly"),
    path("nicht/", crew.left_all, name="crew_left_all"),
    path("rueckgaengig/", crew.undo, name="crew_undo"),
]

urlpatterns = [
    path("sperrmuell/", citizen.service, name="service"),
    path("sperrmuell/nicht-hier/<slug:reason>/", citizen.not_for_you, name="not_for_you"),
    path("sperrmuell/weitermachen/<slug:link>/", later.resume, name="resume"),
    path("sperrmuell/link/", later.lost_link, name="lost_link"),
    path("sperrmuell/bestellen/", citizen.begin, name="begin"),
    path("sperrmuell/bestellen/<slug:public_id>/", include(_of_draft)),
    path("bestellung/<slug:link>/", include(_of_own_order)),
    path("buero/sperrmuell/", office.orders, name="office_orders"),
    path("buero/sperrmuell/katalog/", catalogue.catalogue, name="office_catalogue"),
    path("buero/sperrmuell/katalog/<slug:key>/", catalogue.volume, name="office_volume"),
    path("buero/sperrmuell/ohne-termin/", office.without_day, name="office_without_day"),
    path("buero/sperrmuell/<int:number>/", include(_of_order)),
    path("entsorger/", contractor.days, name="contractor_days"),
    path("entsorger/tage/<int:day_id>/", include(_of_day)),
    path("fahrt/", crew.home, name="crew_home"),
    path("fahrt/<int:number>/", include(_of_stop)),
]
