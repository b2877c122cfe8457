"""Addresses of sign-in (under the names allauth asks for) and, as `accounts:…`, of accesses and crews."""

from django.urls import include, path, re_path

from stadthaus.accounts.views import contractor, crew, office, sign_in

_own = [
    path("buero/zugaenge/", office.staff_list, name="staff_list"),
    path("buero/zugaenge/rollen/", office.role_table, name="role_table"),
    path("buero/zugaenge/neu/", office.add_staff, name="add_staff"),
    path("buero/zugaenge/<int:user_id>/", office.staff_member, name="staff_member"),
    path("buero/zugaenge/<int:user_id>/rolle-geben/", office.grant_role, name="grant_role"),
    path("buero/zugaenge/<int:user_id>/rolle-nehmen/", office.revoke_role, name="revoke_role"),
    path("buero/zugaenge/<int:user_id>/schliessen/", office.close_access, name="close_access"),
    path("buero/zugaenge/<int:user_id>/oeffnen/", office.open_access, name="open_access"),
    path("buero/zugaenge/<int:user_id>/neu-anfangen/", office.propose_new_start, name="propose_new_start"),
    path("buero/zugaenge/vorschlag/<int:proposal_id>/bestaetigen/", office.confirm, name="confirm"),
    path("buero/zugaenge/vorschlag/<int:proposal_id>/ablehnen/", office.decline, name="decline"),
    path("entsorger/fahrzeuge/", contractor.crews, name="crews"),
    path("entsorger/fahrzeuge/<int:device_id>/abmelden/", contractor.end_shift, name="end_shift"),
    path("fahrt/anmelden/<str:token>/", crew.sign_in, name="crew_sign_in"),
    path("fahrt/abmelden/", crew.sign_out, name="crew_sign_out"),
]

urlpatterns = [
    path("anmelden/", sign_in.sign_in, name="account_login"),
    path("anmelden/abmelden/", sign_in.sign_out, name="account_logout"),
    path("anmelden/geschlossen/", sign_in.closed, name="account_inactive"),
    path("anmelden/code/", sign_in.enter_code, name="mfa_authenticate"),
    path("anmelden/passwort/", sign_in.change_password, name="account_change_password"),
    path("anmelden/passwort/vergessen/", sign_in.ask_for_reset, name="account_reset_password"),
    path("anmelden/passwort/gesendet/", sign_in.reset_sent, name="account_reset_password_done"),
    path("anmelden/passwort/geschafft/", sign_in.reset_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^anmelden/passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        sign_in.reset_password,
        name="account_reset_password_from_key",
    ),
    path("anmelden/bestaetigen/", sign_in.confirm_by_password, name="account_reauthenticate"),
    path("anmelden/bestaetigen/code/", sign_in.confirm_by_code, name="mfa_reauthenticate"),
    path("anmelden/bestaetigen/schluessel/", sign_in.confirm_by_key, name="mfa_reauthenticate_webauthn"),
    path("anmelden/zweiter-faktor/", sign_in.second_factors, name="mfa_index"),
    path("anmelden/zweiter-faktor/app/", sign_in.set_up_app, name="mfa_activate_totp"),
    path("anmelden/zweiter-faktor/app/entfernen/", sign_in.remove_app, name="mfa_deactivate_totp"),
    path("anmelden/zweiter-faktor/notfallcodes/", sign_in.emergency_codes, name="mfa_view_recovery_codes"),
    path("anmelden/zweiter-faktor/notfallcodes/neu/", sign_in.new_emergency_codes, name="mfa_generate_recovery_codes"),
    path(
        "anmelden/zweiter-faktor/notfallcodes/datei/",
        sign_in.download_emergency_codes,
        name="mfa_download_recovery_codes",
    ),
    path("anmelden/zweiter-faktor/schluessel/", sign_in.keys, name="mfa_list_webauthn"),
    path("anmelden/zweiter-faktor/schluessel/neu/", sign_in.add_key, name="mfa_add_webauthn"),
    path("anmelden/zweiter-faktor/schluessel/<int:pk>/entfernen/", sign_in.remove_key, name="mfa_remove_webauthn"),
    path("", include((_own, "accounts"))),
]
