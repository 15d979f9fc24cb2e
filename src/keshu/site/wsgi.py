"""The WSGI entry that the server loads."""

import os

from django.core.wsgi import get_wsgi_application

from keshu.site.memory import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
with loading():
    application = get_wsgi_application()
    import keshu.site.urls  # noqa: F401  (or the first page would load them)
