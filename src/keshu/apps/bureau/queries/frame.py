"""What the frame of every page shows: the bureau's name, whether these are demo data, one's running jobs and unread notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, IntegerField, Subquery, Value

from keshu.apps.bureau.models import Job, Organisation, OrganisationKind
from keshu.apps.bureau.queries.notices import unread_count

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

_NO_BUREAU_YET = "科学技术局"


@dataclass(frozen=True, slots=True)
class Frame:
    """`bureau` is the bureau's full name; `jobs` counts the reader's own unfinished jobs, `notices` the unread ones."""

    bureau: str
    is_demo: bool
    jobs: int
    notices: int


def page_frame(user: User | None) -> Frame:
    """The frame for `user`, or for somebody who has not signed in yet (None). One query."""
    mine = Job.objects.unfinished().filter(created_by_id=user.pk if user else None).order_by()
    bureau = (
        Organisation.objects.filter(kind=OrganisationKind.BUREAU)
        .order_by("pk")
        .annotate(
            has_demo=Exists(Organisation.objects.filter(is_demo=True)),
            job_count=Subquery(mine.values("created_by_id").annotate(count=Count("pk")).values("count")),
            notice_count=unread_count(user) if user else Value(None, IntegerField()),
        )
    )
    row = bureau.values_list("name", "has_demo", "job_count", "notice_count").first()
    name, is_demo, jobs, notices = row or (_NO_BUREAU_YET, False, 0, 0)
    return Frame(bureau=name, is_demo=is_demo, jobs=jobs or 0, notices=notices or 0)
