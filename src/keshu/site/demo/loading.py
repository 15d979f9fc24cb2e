"""Set up 云澜市: organisations, people, and its documents, read through the same services a person's upload goes through."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.queries import standing
from keshu.apps.bureau.services import organisations, people
from keshu.apps.bureau.services.attachments import store_upload
from keshu.apps.bureau.services.owners import remember_alias
from keshu.apps.plans.queries.plans import plans_of
from keshu.apps.plans.queries.review_board import review_board
from keshu.apps.plans.services import intake, publishing, review
from keshu.apps.plans.services.rows import RowRef
from keshu.site.demo import checkins, standings
from keshu.site.demo.appraisals import load_appraisals
from keshu.site.demo.bulletins import load_bulletins
from keshu.site.demo.city import ACCOUNTS, BODIES, BUREAU, CITY, PASSWORD
from keshu.site.demo.docx import word_file
from keshu.site.demo.issues import load_issues
from keshu.site.demo.meetings import hold_meeting, meeting_moment, prepare_meeting
from keshu.site.demo.supervision import load_notices

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import WorkPlan

DOCUMENTS = Path(__file__).parent / "documents"


@dataclass(frozen=True, slots=True)
class Paper:
    """A demo document: its template, who issues and imports it, whether last year's, and whether it is already published."""

    template: str
    name: str
    organisation: str
    importer: str
    years_back: int
    month_day: tuple[int, int]
    is_published: bool = True


PAPERS = (
    Paper("last_plan.txt", "云澜市{last}年科技工作要点.docx", BUREAU.short_name, "planner", 1, (2, 16)),
    Paper("last_summary.txt", "云澜市科技局{last}年工作总结.docx", BUREAU.short_name, "planner", 1, (12, 29)),
    Paper("plan.txt", "云澜市{year}年科技工作要点.docx", BUREAU.short_name, "planner", 0, (2, 12)),
    Paper("county.txt", "青岭县{year}年科技工作要点.docx", "青岭县", "county", 0, (3, 9), is_published=False),
)


class NotADemo(Exception):
    """The database holds a real bureau's data; the demo city is not loaded over it."""


def load(*, reset: bool = False) -> str:
    """Load the demo city unless it is there; returns what to tell the person, in Chinese.

    Raises
    ------
    NotADemo
        real organisations are present
    """
    if standing.has_real_data():
        raise NotADemo("数据库中已有正式数据，不能载入演示城市。请换一个 KESHU_STORAGE 或 KESHU_DATABASE_URL。")
    if reset:
        call_command("flush", interactive=False, verbosity=0)
    if not standing.has_demo_data():
        with transaction.atomic():
            _load(timezone.now())
    rows = "\n".join(f"  {a.username:<12}{a.name}" for a in ACCOUNTS if a.is_shown)
    return f"演示城市“云澜市”已就绪（均为演示数据）。演示账号，密码都是 {PASSWORD}：\n{rows}"


def set_up_city(now: datetime) -> tuple[dict[str, Organisation], dict[str, User]]:
    """The city before anything happens in it: its organisations by short name, its people by user name."""
    bodies = _set_up_bodies(now)
    return bodies, _set_up_people(bodies, now)


def _load(now: datetime) -> None:
    bodies, staff = set_up_city(now)
    # A plan is out by mid-February; until then last year's is the current one.
    year = now.year if (now.month, now.day) >= (2, 15) else now.year - 1
    for paper in PAPERS:
        _import(paper, year=year, bodies=bodies, staff=staff, now=now)
    plan = plans_of(staff["planner"]).get(
        organisation=bodies[BUREAU.short_name], year=year, kind="plan", state="published"
    )
    _live(plan, bodies=bodies, staff=staff, now=now)


def _live(plan: WorkPlan, *, bodies: Mapping[str, Organisation], staff: Mapping[str, User], now: datetime) -> None:
    """The year up to the first meeting, the meeting with what was known then, and the year since."""
    chance, met = random.Random(checkins.SEED), meeting_moment(plan, now=now)
    began = checkins.begin_rhythm(plan, staff=staff, now=now)
    checkins.live_until(met, plan, since=began, bodies=bodies, staff=staff, chance=chance)
    standings.add_past_figures(plan, by=staff["planner"], at=met)
    standings.judge(plan, at=met)
    hold_meeting(plan, bodies=bodies, staff=staff, at=met)
    checkins.live_through(plan, since=met, bodies=bodies, staff=staff, chance=chance, now=now)
    load_issues(plan, bodies=bodies, staff=staff, now=now)
    load_notices(plan, bodies=bodies, staff=staff, now=now)
    standings.judge(plan, at=now)
    prepare_meeting(plan, staff=staff, before=met, now=now)
    load_bulletins(plan, staff=staff, now=now)
    load_appraisals(plan, bodies=bodies, staff=staff, now=now)


def _set_up_bodies(now: datetime) -> dict[str, Organisation]:
    """All organisations by short name, with the aliases that documents use."""
    made: dict[str, Organisation] = {}
    for body in (CITY, BUREAU, *BODIES):
        fields = organisations.OrganisationFields(
            name=body.name,
            short_name=body.short_name,
            kind=body.kind,
            parent_id=made[body.parent].pk if body.parent else None,
        )
        made[body.short_name] = organisations.create_organisation(fields, by=None, at=now, is_demo=True)
    return made


def _set_up_people(bodies: Mapping[str, Organisation], now: datetime) -> dict[str, User]:
    staff = {}
    for account in ACCOUNTS:
        fields = people.PersonFields(name=account.name, username=account.username)
        person = people.create_person(fields, password=PASSWORD, by=None, at=now, must_change=False, is_demo=True)
        since = now.date().replace(year=now.year - 2, month=1, day=1)
        people.grant_role(
            person, organisation=bodies[account.organisation], role=account.role, from_on=since, by=None, at=now
        )
        staff[account.username] = person
    for body in BODIES:
        for alias in body.aliases:
            remember_alias(text=alias, organisation_id=bodies[body.short_name].pk, by=staff["operator"], at=now)
    return staff


def _import(
    paper: Paper, *, year: int, bodies: Mapping[str, Organisation], staff: Mapping[str, User], now: datetime
) -> None:
    """One document the whole way: Word file, upload, reading, and for most of them publishing."""
    years = {"year": year, "last": year - 1}
    text = (DOCUMENTS / paper.template).read_text(encoding="utf-8").format(**years)
    day = datetime.combine(now.date().replace(year - paper.years_back, *paper.month_day), time(9, 30))
    at = min(now, timezone.make_aware(day))
    by, name = staff[paper.importer], paper.name.format(**years)
    upload = SimpleUploadedFile(name, word_file(text))
    attachment = store_upload(file=upload, name=name, organisation=bodies[paper.organisation], by=by, at=at)
    result = intake.read_document(
        attachment_id=attachment.pk, name=name, revises_id=None, progress=_no_progress, by=by, at=at
    )
    if paper.is_published:
        _publish(plans_of(by).get(pk=result.plan_id), by=by, at=at)


def _publish(plan: WorkPlan, *, by: User, at: datetime) -> None:
    """As a planner does: doubtful rows are confirmed as such, the rest goes through as it stands."""
    board = review_board(plan, user=by)
    keys = (*board.targets_in_order, *board.tasks_in_order)
    doubtful = [RowRef.parse(key.ref) for key in keys if key.is_doubtful]
    if doubtful:
        review.accept_rows(plan, rows=doubtful, by=by, at=at, version=None)
    publishing.publish_plan(plan, accept_rest=True, by=by, at=at)


def _no_progress(done: int, total: int, message: str, *, at_once: bool = False) -> None:
    """Nobody watches the demo being loaded."""
