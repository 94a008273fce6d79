"""The portal's settings: one file; what differs between machines comes from typed environment variables (docs/settings.md)."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- This machine -------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# The demonstration runs on one's own machine: known accounts, plain http, mails into files. Never on a public host.
DEMO = env.bool("DEMO", default=DEBUG)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
DEMO_SECRET_KEY = "demonstration-only-" + "0" * 40  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET_KEY if DEMO else "")
if not SECRET_KEY or (SECRET_KEY == DEMO_SECRET_KEY and not DEMO):
    raise ImproperlyConfigured("Set SECRET_KEY: a long random text, the same on every web host.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000" if DEMO else "").rstrip("/")
if not BASE_URL:
    raise ImproperlyConfigured(
        "Set BASE_URL: the address under which visitors reach the portal, as in https://portal.example."
    )

# --- Applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "portal",
    "portal.users",
    "knowledge",
    "portal.contact",
    "networks",
    "experiences",
    "search",
    "portal.home",
    "portal.demo",
    "portal.bench",
    "wagtail.contrib.redirects",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.users.apps.AccountsConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "portal.home.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.caching.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "portal.caching.EtagMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.light.WeightMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.PublicationRefusedMiddleware",
    "portal.redirection.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.frame",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A database whose host is gone is noticed before the visitor gives up.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5} | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What all processes share, such as how often somebody asked. A database that several hosts share keeps it for all of them.
SHARED_CACHE = (
    {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "cache"}
    if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
)
CACHES = {
    "default": SHARED_CACHE | {"OPTIONS": {"MAX_ENTRIES": 20_000}},
    # Whole pages, per process: the counter in the database makes all processes forget at once (portal/caching.py).
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Accounts -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "portal.users.backends.AccountBackend"]
DEMO_PASSWORD = "demonstration"  # noqa: S105  (published; opens no account outside a demonstration)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
# Wrong passwords are slowed by account and by address, before the password is hashed.
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_HANDLER = "portal.users.wrong_passwords.WrongPasswords"  # an address may have more of them than an account
AXES_LOCKOUT_CALLABLE = "portal.views.too_many_attempts"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="security@step-portal.example")
AXES_CLIENT_IP_CALLABLE = "portal.users.backends.client_address"
PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # how many proxies stand before the portal
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "sessionid" if DEMO else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEMO else "__Host-csrftoken"
SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
if PROXY_HEADER := env.str("PROXY_SSL_HEADER", default=""):
    SECURE_PROXY_SSL_HEADER = (PROXY_HEADER, "https")
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"

X_FRAME_OPTIONS = "DENY"  # Wagtail's previews answer SAMEORIGIN themselves
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Languages ----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English"), ("es", "Español"), ("pt", "Português")]
# Our texts, then what the packages leave untranslated in Spanish and Portuguese: it would be said in French.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "portal" / "locale_of_packages"]
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "portal.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
MODELTRANSLATION_CUSTOM_FIELDS = ("StreamField", "RichTextField")
# An item is shown in one language as a whole (portal/languages.py): never field by field.
MODELTRANSLATION_ENABLE_FALLBACKS = False

# --- Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"
FILES_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Documents lie outside every served path; portal.files.views asks who may read them. (Text: the location goes into tasks.)
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(FILES_ROOT), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 31_536_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_MAX_BYTES = 50 * 2**20

# --- Mail ---------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}" if DEMO else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
# What is sent goes into the queue; the worker delivers it through this (portal/mail.py).
MAIL_TRANSPORT = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_BACKEND = "portal.mail.QueueBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portail@step-portal.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Wagtail ------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "STEP"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_PAGE_MODEL = "portal.PortalPage"
WAGTAIL_I18N_ENABLED = False
# Wagtail's texts in Portuguese are those of Portugal; ours, in "pt", are found from there.
WAGTAILADMIN_PERMITTED_LANGUAGES = [("pt-pt" if code == "pt" else code, name) for code, name in LANGUAGES]
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILREDIRECTS_AUTO_CREATE = False  # portal.receivers makes them in every language
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False  # a publisher may correct a comma while approving
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_DOCUMENT_MODEL = "portal.File"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.files.forms.FileForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = FILE_MAX_BYTES
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "xlsx", "csv", "png", "jpg", "jpeg", "txt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_IMAGE_MODEL = "portal.PortalImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.image_form.ImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 2**20
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no outside address is ever fetched
WAGTAILADMIN_USER_LOGIN_FORM = "portal.users.forms.LoginForm"
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "portal.users.passwords.PasswordResetForm"  # noqa: S105
WAGTAILUSERS_PASSWORD_REQUIRED = False  # an account without one gets a link to choose it
PASSWORD_RESET_TIMEOUT = 24 * 3600

# --- Search -------------------------------------------------------------------------------------------------------
SEARCH_ENGINE = env.str("SEARCH_ENGINE", default="tantivy")
SEARCH_PATH = Path(env.str("SEARCH_PATH", default=str(VAR_DIR / "search")))
SEARCH_URL = env.list("SEARCH_URL", default=["http://127.0.0.1:9200"])
SEARCH_INDEX = env.str("SEARCH_INDEX", default="step-portal")
SEARCH_API_KEY = env.str("SEARCH_API_KEY", default="")
SEARCH_CA_CERTS = env.str("SEARCH_CA_CERTS", default="")
SEARCH_TIMEOUT = env.float("SEARCH_TIMEOUT", default=1.0)
SEARCH_SHARDS = env.int("SEARCH_SHARDS", default=1)
SEARCH_REPLICAS = env.int("SEARCH_REPLICAS", default=1)

# --- Operation ----------------------------------------------------------------------------------------------------
# Seconds by which index, queue and schedule may be behind before /readyz says so.
HEALTH_LAG = env.float("HEALTH_LAG", default=180.0)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # It writes a line per request, and a traceback of what the search says in a line of its own.
    "loggers": {"elastic_transport": {"level": "ERROR"}},
}
