"""Tables for a program of its own that a test starts: made from the models, as the tests' own database is."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command


def make_tables() -> None:
    """Every table in an empty database. The migrations themselves are tried where sites are set up (backup, serving)."""
    settings.MIGRATION_MODULES = dict.fromkeys(("bureau", "plans", "briefings"))
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
