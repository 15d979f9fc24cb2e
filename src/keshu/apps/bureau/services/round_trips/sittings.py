"""What the sittings of the house's ledgers share: the person, the day, the names they may use, whose their uploads are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from keshu.apps.bureau.models import Organisation
from keshu.apps.bureau.queries.organisation_names import OrganisationNames
from keshu.apps.bureau.services.refusals import Refused

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User


@dataclass
class Seat:
    """One person at one moment."""

    by: User
    at: datetime
    _organisations: dict[int, Organisation] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return timezone.localtime(self.at).date()

    @cached_property
    def names(self) -> OrganisationNames:
        return OrganisationNames(self.by, on=self.on)

    @cached_property
    def organisation(self) -> Organisation:
        """The first the person belongs to; uploads are kept for it."""
        number = min(self.by.scope.organisation_ids, default=None)
        if number is None:
            raise Refused("您还没有任职，不能导入。")
        return Organisation.objects.get(pk=number)

    def organisation_named(self, text: str) -> Organisation:
        """The organisation a cell names; LookupError where there is none."""
        number = self.names.find(text).id
        if number not in self._organisations:
            self._organisations[number] = Organisation.objects.get(pk=number)
        return self._organisations[number]
