"""All settings, in one file. Works with nothing set; `KESHU_*` variables override. docs/operate.md explains each one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from keshu.kernel.chain import ALGORITHMS

PACKAGE = Path(__file__).resolve().parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def _secret_key(folder: Path) -> str:
    """The stored key; on the first run a new one, readable by this user alone."""
    path = folder / "secret_key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


STORAGE = Path(os.environ.get("KESHU_STORAGE", "var")).resolve()
STORAGE.mkdir(parents=True, exist_ok=True)

DEBUG = _flag("KESHU_DEBUG", False)
SECRET_KEY = os.environ.get("KESHU_SECRET_KEY") or _secret_key(STORAGE)
# Keys of before: they still open what they signed and sealed.
SECRET_KEY_FALLBACKS = [k for k in os.environ.get("KESHU_OLD_SECRET_KEYS", "").split(",") if k]
ALLOWED_HOSTS = [h for h in os.environ.get("KESHU_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("KESHU_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "keshu.apps.bureau",
    "keshu.apps.plans",
    "keshu.apps.briefings",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "keshu.site.api_apart.ApiApart",
    "keshu.site.middleware.UploadLimit",
    "keshu.site.sound_text.SoundAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "keshu.site.sound_text.SoundForm",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "keshu.site.middleware.FragmentsApart",
    "keshu.site.middleware.WorkingSession",
    "keshu.site.middleware.FirstPassword",
    "keshu.site.middleware.SecondFactorDue",
    "keshu.site.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "keshu.site.urls"
WSGI_APPLICATION = "keshu.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "keshu.site.shell.shell",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("KESHU_DATABASE_URL", f"sqlite:///{STORAGE / 'keshu.sqlite3'}"), conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;",
    }

else:
    # Pages ask short questions; compiling their plans costs more than it brings.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c jit=off"

# --- people and sessions
AUTH_USER_MODEL = "bureau.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "bureau:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "bureau:sign-in"
SESSION_COOKIE_AGE = 8 * 3600  # one working day of inactivity
SESSION_SAVE_EVERY_REQUEST = False  # site.middleware.WorkingSession renews it, so that reading a page is not a write
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SECURE_COOKIES = _flag("KESHU_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
if SECURE_COOKIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Whoever holds one of these roles must use the second factor.
TOTP_ROLES = frozenset(r.strip() for r in os.environ.get("KESHU_TOTP_ROLES", "").split(",") if r.strip())

# The API: requests a minute of one token, and the longest a token may hold (days).
API_RATE = max(1, int(os.environ.get("KESHU_API_RATE", "120")))
TOKEN_DAYS = max(1, int(os.environ.get("KESHU_TOKEN_DAYS", "365")))

# Five wrong passwords lock the pair of account and address for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_CLIENT_IP_CALLABLE = "keshu.site.addresses.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail keeps who signed in when
AXES_LOCKOUT_CALLABLE = "keshu.apps.bureau.views.sign_in.locked_out"

# --- pages
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = os.environ.get("KESHU_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = STORAGE / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [PACKAGE / "static"]
# Beside the package in a checkout, wherever the command is called.
if (ASSETS := Path(os.environ.get("KESHU_ASSETS", PACKAGE.parents[2] / "build" / "assets")).resolve()).is_dir():
    STATICFILES_DIRS.append(ASSETS)
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STORAGE / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- uploads (bytes)
UPLOAD_LIMIT = int(os.environ.get("KESHU_UPLOAD_LIMIT", 50 * 1024 * 1024))
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- background jobs, on the database
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- mail: none is sent until a server is named
EMAIL_HOST = os.environ.get("KESHU_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("KESHU_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("KESHU_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KESHU_MAIL_PASSWORD", "")
EMAIL_USE_TLS = _flag("KESHU_MAIL_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("KESHU_MAIL_FROM", "keshu@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.dummy.EmailBackend"
)
# The address people open the site at, for links in mails; without it mails ask the reader to sign in.
SITE_URL = os.environ.get("KESHU_SITE_URL", next(iter(CSRF_TRUSTED_ORIGINS), "")).rstrip("/")
DIGEST_HOUR = min(23, max(0, int(os.environ.get("KESHU_DIGEST_HOUR", "8"))))  # of the day, local time

# --- group robots: hosts they may live on besides the makers' own; named here, a host may lie within the bureau's network
ROBOT_HOSTS = [h for h in os.environ.get("KESHU_ROBOT_HOSTS", "").replace(" ", "").split(",") if h]

# --- the trail: every entry is chained to the one before by this hash; each names its own, so a change is no break
AUDIT_HASH = os.environ.get("KESHU_AUDIT_HASH", "sha256").strip().lower()
if AUDIT_HASH not in ALGORITHMS:
    raise ImproperlyConfigured(f"KESHU_AUDIT_HASH={AUDIT_HASH}：请设为 {' 或 '.join(ALGORITHMS)}")
AUDIT_MAIL = [address for address in os.environ.get("KESHU_AUDIT_MAIL", "").replace(" ", "").split(",") if address]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("KESHU_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
