"""Sign-in, password and second factor: allauth's views, mounted singly, with our forms and templates.

Nothing of allauth is mounted that is not named here; there is no sign-up.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn

from stadthaus.accounts import forms
from stadthaus.accounts.audience import link, signed_in, signing_in

sign_in = signing_in(account.LoginView.as_view(template_name="accounts/sign_in.html", form_class=forms.SignInForm))
sign_out = signing_in(account.LogoutView.as_view(template_name="accounts/sign_out.html"))
closed = signing_in(account.AccountInactiveView.as_view(template_name="accounts/closed.html"))
enter_code = signing_in(
    second_factor.AuthenticateView.as_view(template_name="accounts/enter_code.html", form_class=forms.CodeForm)
)

change_password = signed_in(
    account.PasswordChangeView.as_view(
        template_name="accounts/change_password.html", form_class=forms.ChangePasswordForm
    )
)
ask_for_reset = signing_in(
    account.PasswordResetView.as_view(template_name="accounts/ask_for_reset.html", form_class=forms.AskForResetForm)
)
reset_sent = signing_in(account.PasswordResetDoneView.as_view(template_name="accounts/reset_sent.html"))
reset_password = link(
    account.PasswordResetFromKeyView.as_view(
        template_name="accounts/reset_password.html", form_class=forms.NewPasswordForm
    )
)
reset_done = signing_in(account.PasswordResetFromKeyDoneView.as_view(template_name="accounts/reset_done.html"))

confirm_by_password = signed_in(
    account.ReauthenticateView.as_view(
        template_name="accounts/confirm_by_password.html", form_class=forms.ConfirmPasswordForm
    )
)
confirm_by_code = signed_in(
    second_factor.ReauthenticateView.as_view(
        template_name="accounts/confirm_by_code.html", form_class=forms.ConfirmCodeForm
    )
)
confirm_by_key = signed_in(webauthn.ReauthenticateWebAuthnView.as_view(template_name="accounts/confirm_by_key.html"))

second_factors = signed_in(second_factor.IndexView.as_view(template_name="accounts/second_factors.html"))
set_up_app = signed_in(
    totp.ActivateTOTPView.as_view(template_name="accounts/set_up_app.html", form_class=forms.SetUpAppForm)
)
remove_app = signed_in(totp.DeactivateTOTPView.as_view(template_name="accounts/remove_app.html"))
emergency_codes = signed_in(codes.ViewRecoveryCodesView.as_view(template_name="accounts/emergency_codes.html"))
new_emergency_codes = signed_in(
    codes.GenerateRecoveryCodesView.as_view(template_name="accounts/new_emergency_codes.html")
)
download_emergency_codes = signed_in(
    codes.DownloadRecoveryCodesView.as_view(template_name="accounts/emergency_codes.txt")
)
keys = signed_in(webauthn.ListWebAuthnView.as_view(template_name="accounts/keys.html"))
add_key = signed_in(
    webauthn.AddWebAuthnView.as_view(template_name="accounts/add_key.html", form_class=forms.AddKeyForm)
)
remove_key = signed_in(webauthn.RemoveWebAuthnView.as_view(template_name="accounts/remove_key.html"))
