"""Django settings, every one derived from ``core.config``; nothing here reads the environment."""

from pathlib import Path
from typing import Any

from ventanilla.core.config import Config, config
from ventanilla.host.folders import DataFolder
from ventanilla.project.database import database
from ventanilla.project.logs import logging_for
from ventanilla.project.sign_in import *  # noqa: F403 - settings too, on a page of their own

CONFIG = config()
VENTANILLA: Config = CONFIG  # what the apps read of the configuration, through django.conf.settings
FOLDER = DataFolder(CONFIG.data_folder)
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = CONFIG.debug
SECRET_KEY = CONFIG.secret_key or FOLDER.secret_key()
ALLOWED_HOSTS = CONFIG.hosts
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "ventanilla.accounts",
    "ventanilla.crm",
    "ventanilla.intranet",
    "ventanilla.register",
    "ventanilla.channels",
    "ventanilla.evidence",
    "ventanilla.workspace",
    "ventanilla.desk",
    "ventanilla.web",
    "procrastinate.contrib.django",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ventanilla.project.security.content_security_policy",
    "ventanilla.project.compression.Compression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ventanilla.web.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "ventanilla.web.weight.WeighedRequests",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ventanilla.web.sign_in.presence.seen_now_and_then",
    "ventanilla.web.sign_in.second_factor.demanded_second_factor",
    "ventanilla.project.security.no_zero_byte",
]

ROOT_URLCONF = "ventanilla.project.urls"
WSGI_APPLICATION = "ventanilla.project.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "ventanilla.web.folding.Loader",
                    ["django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": database(CONFIG, FOLDER)}
PROCRASTINATE_IMPORT_PATHS = ["ventanilla.desk.jobs"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Tries to sign in count for all processes. Nothing else is cached here: what strangers do in the
# portal is counted elsewhere (web.limits), so that its keys never push these out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_counter",
        "KEY_PREFIX": "v",
        "OPTIONS": {"MAX_ENTRIES": 10_000, "CULL_FREQUENCY": 4},
    }
}

# Sign-in
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Words and time: moments are stored and computed in UTC; a pack's zone is applied when printing.
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "idioma"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = None  # served from where they are installed: nothing is collected
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FOLDER.evidence},
    },
    "evidence": {
        "BACKEND": "ventanilla.evidence.storage.DurableFileSystemStorage",
        "OPTIONS": {
            "location": FOLDER.evidence,
            "min_free_bytes": CONFIG.evidence_min_free_bytes,
        },
    },
    "staticfiles": {"BACKEND": "ventanilla.project.compression.FingerprintedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600  # the address changes with the content
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# The browser's side of security
SESSION_ENGINE = "ventanilla.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.is_secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ventanilla.web.views.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = CONFIG.is_secure
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIG.is_secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.behind_proxy else None
X_FRAME_OPTIONS = "DENY"

LOGGING_CONFIG = None
logging_for(CONFIG)
