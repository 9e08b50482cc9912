# A Django site in one file: gunicorn library:application, or `python3 library.py check|migrate|showmigrations`.
# DB_HOST names MariaDB; without it SQLite is used. HOLD_SECONDS is how long a page keeps its connection.
import os
import sys
import time

import django
from django.conf import settings

host = os.environ.get("DB_HOST")
settings.configure(
    DEBUG=False,
    SECRET_KEY=os.environ.get("SECRET_KEY", "not-a-secret-of-anything"),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "catalog"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": "library",
            "USER": "library",
            "PASSWORD": os.environ.get("DB_PASSWORD", ""),
            "HOST": host,
        }
        if host
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DB_FILE", "/tmp/library.sqlite3")}
    },
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
    },
)
sys.path.insert(0, os.environ.get("APP_DIR", "/srv/app/library_apps"))
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def loans(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT SLEEP(%s)", [float(os.environ.get("HOLD_SECONDS", "0"))])
    return HttpResponse("loans\n")


def live(request):
    return HttpResponse("alive\n")


def ready(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready\n")


urlpatterns = [path("loans", loans), path("livez", live), path("readyz", ready)]
application = get_wsgi_application()

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
