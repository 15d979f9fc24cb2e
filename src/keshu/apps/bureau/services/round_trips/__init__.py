"""The house's own ledgers that travel to Excel and back: organisations, people, names in documents."""

from keshu.apps.bureau.services.round_trips import aliases, organisations, people

__all__ = ["aliases", "organisations", "people"]
