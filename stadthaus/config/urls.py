"""All addresses of the program."""

from django.urls import include, path

handler400 = "stadthaus.portal.views.errors.bad_request"
handler403 = "stadthaus.portal.views.errors.forbidden"
handler404 = "stadthaus.portal.views.errors.not_found"
handler500 = "stadthaus.portal.views.errors.server_error"

urlpatterns = [
    path("", include("stadthaus.services.bulky_waste.urls")),  # looked through first: what most people come for
    path("", include("stadthaus.portal.urls")),
    path("", include("stadthaus.base_services.addresses.urls")),
    path("", include("stadthaus.base_services.payments.urls")),
    path("", include("stadthaus.base_services.messages.urls")),
    path("", include("stadthaus.accounts.urls")),
]
