"""Django's settings. Everything that differs between installations comes from `env.py`."""

import os
from typing import Any

from turnus.project.env import Database, read_environment

ENVIRONMENT = read_environment(os.environ)


def django_database(database: Database) -> dict[str, Any]:
    """`database` in the form Django asks for, with the durability that money needs."""
    if database.engine == "sqlite3":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": database.name,
            "OPTIONS": {
                # Writers queue at BEGIN, so a transaction never fails halfway for want of the write lock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                # FULL: a commit that was reported is on the disk even if the power fails.
                # Recursive triggers: a row that INSERT OR REPLACE would delete is guarded as one that DELETE would.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA recursive_triggers=ON",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "turnus", "connect_timeout": 10, **dict(database.options)},
    }


SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "turnus.records",
    "turnus.parties",
    "turnus.access",
    "turnus.documents",
    "turnus.delivery",
    "turnus.checks",
    "turnus.ledger",
    "turnus.catalog",
    "turnus.contracts",
    "turnus.invoices",
    "turnus.payables",
    "turnus.integration",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]

ROOT_URLCONF = "turnus.project.urls"
ASGI_APPLICATION = "turnus.project.asgi.application"

DATABASES = {"default": django_database(ENVIRONMENT.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = ENVIRONMENT.language
USE_TZ = True
TIME_ZONE = "UTC"
