"""The house's own ledgers that travel to Excel and back: organisations, people, names in documents, the calendar."""

from keshu.apps.bureau.services.round_trips import aliases, calendar, organisations, people

__all__ = ["aliases", "calendar", "organisations", "people"]
