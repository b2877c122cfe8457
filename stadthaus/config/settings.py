"""All settings, safe by default: without an environment nothing starts but a clear message."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from stadthaus.config import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("STADTHAUS_VAR", str(BASE_DIR / "var")))

# Demo mode fills believable data, offers the demo payment page, shows sent messages under /postkorb/
# and lets staff sign in without a second factor. It is never on by default.
DEMO = env.flag("STADTHAUS_DEMO")
DEBUG = env.flag("STADTHAUS_DEBUG")
TOWN = env.text("STADTHAUS_TOWN", "werne")
TOWN_DIR = BASE_DIR / "towns" / TOWN

SECRET_KEY = env.secret("STADTHAUS_SECRET_KEY")
LINK_KEY = env.secret("STADTHAUS_LINK_KEY").encode()
PUBLIC_URL = env.text("STADTHAUS_URL").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.words("STADTHAUS_HOSTS")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = env.number("STADTHAUS_TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "stadthaus.work",
    "stadthaus.town",
    "stadthaus.ui",
    "stadthaus.accounts",
    "stadthaus.base_services.addresses",
    "stadthaus.base_services.payments",
    "stadthaus.base_services.collection_tours",
    "stadthaus.base_services.messages",
    "stadthaus.services.bulky_waste",
    "stadthaus.portal",
]

MIDDLEWARE = [
    "stadthaus.accounts.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stadthaus.config.csp.OnePolicyMiddleware",
    "stadthaus.accounts.middleware.readable_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stadthaus.portal.middleware.method_explained",
    "stadthaus.accounts.middleware.audience_required",
]

ROOT_URLCONF = "stadthaus.config.urls"
WSGI_APPLICATION = "stadthaus.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "stadthaus.ui.context.page_frame",
            ],
        },
    },
]
FORM_RENDERER = "stadthaus.ui.forms.KernRenderer"

DATABASES = {
    "default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'stadthaus.sqlite3'}")),
}
# What DATABASE_URL itself says (`?sslmode=verify-full`) is kept.
_options = DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "stadthaus.config.sqlite"
    DATABASES["default"]["CONN_MAX_AGE"] = None  # opening the file anew costs more than most pages
    _options["transaction_mode"] = "IMMEDIATE"
    _options["timeout"] = 20
    _options["cached_statements"] = 1024  # Python keeps 128 of them ready; the pages of an order alone need more
    _options["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        # An order changes some 45 pages: with SQLite's 1000 every twentieth waits until all are copied.
        "PRAGMA wal_autocheckpoint=8000;"
    )
else:
    DATABASES["default"]["ENGINE"] = "stadthaus.config.postgresql"
    # While the database is away, people are told so after three seconds, not after half a minute.
    _options["pool"] = {"min_size": 1, "max_size": env.number("STADTHAUS_DB_POOL", 4), "timeout": 3}
    # Statements are planned once for each connection, not each time: it halves what the database has to do.
    _options["server_side_binding"] = True
    _options["prepare_threshold"] = 3
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["stadthaus.accounts.providers.sign_in.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/buero/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 10 * 3600  # a working day
RATE_FACTOR = env.number("STADTHAUS_RATE_FACTOR", 1)  # raised for load tests only
ACCOUNT_ADAPTER = "stadthaus.accounts.providers.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # ours count instead, one UPSERT each
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "stadthaus.accounts.providers.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Stadthaus"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "stadthaus.accounts.providers.sign_in.EverydayPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# The parts of the desk, in the order of their links: label, name of the first page, permission it needs.
DESK_PARTS = [
    ("Übersicht", "portal:office", ""),
    ("Bestellungen", "bulky_waste:office_orders", "orders.view"),
    ("Briefe und Anrufe", "messages:to_do", "messages.send"),
    ("Kasse", "payments:open", "payments.view"),
    ("Abholtage", "bulky_waste:contractor_days", "tours.view"),
    ("Fahrzeuge", "accounts:crews", "tours.change"),
    ("Katalog", "bulky_waste:office_catalogue", "rules.view"),
    ("Regeln", "portal:rules", "rules.view"),
    ("Aufgaben", "portal:unfinished", "work.retry"),
    ("Zugänge", "accounts:staff_list", "staff.manage"),
]

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [VAR_DIR / "front_end"]  # KERN, icons and fonts, built by `manage.py build_front_end`
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's icons are data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "stadthaus.portal.views.errors.csrf_failure"
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc  # never the host a request claims
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
LARGEST_BODY = 32 * 1024 * 1024  # photos may have 10 MB; whoever sends a larger one is told at the field, up to here
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # a form without its files

PAYMENT_PROVIDER = env.text("STADTHAUS_PAYMENT_PROVIDER", "")  # for online payments; none without a name

EMAIL_HOST = env.text("STADTHAUS_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("STADTHAUS_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("STADTHAUS_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("STADTHAUS_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("STADTHAUS_SMTP_STARTTLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("STADTHAUS_MAIL_FROM", "stadthaus@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
)

env.refuse_faults()
LOGGING_CONFIG = None
logs.configure()
