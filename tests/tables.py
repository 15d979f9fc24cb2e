"""Tables for a program of its own that a test starts: made from the models, as the tests' own database is."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.management import call_command


def make_tables() -> None:
    """Every table in an empty database. The migrations themselves are tried where sites are set up (backup, serving).

    Django's own apps too are made from their models: tables made so come before any migration is played, and ours
    refer to Django's.
    """
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
