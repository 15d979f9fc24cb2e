"""A person's deadlines as an iCalendar file (RFC 5545), and whose feed a secret address is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from keshu.apps.bureau.models import CalendarFeed, User
from keshu.apps.bureau.queries.deadlines import Deadline


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def reader_of(token: str) -> User | None:
    """Whose address it is; None where there is none, or the account is switched off."""
    feed = CalendarFeed.objects.filter(token_hash=hash_of(token), user__is_active=True).select_related("user").first()
    return None if feed is None else feed.user


def calendar_file(deadlines: Iterable[Deadline], *, name: str, on: date, address: Callable[[str], str]) -> bytes:
    """An all-day event for each. The same deadlines give the same bytes all day, so that an ETag can tell."""
    calendar = Calendar()
    calendar.add("prodid", "-//Keshu//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT6H")
    for each in deadlines:
        event = Event()
        event.add("uid", each.uid)
        event.add("dtstamp", datetime.combine(on, time(), UTC))
        event.add("dtstart", each.day)
        event.add("dtend", each.day + timedelta(days=1))
        event.add("summary", each.title)
        event.add("url", address(each.link))
        event.add("transp", "TRANSPARENT")
        if each.text:
            event.add("description", each.text)
        calendar.add_component(event)
    return calendar.to_ical()
