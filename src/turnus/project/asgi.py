"""The entry for an ASGI server: `turnus.project.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "turnus.project.settings")
application = get_asgi_application()
