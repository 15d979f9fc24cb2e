"""The recorder: what it saves is told, what it must not tell is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditAction, AuditEntry, Job, Organisation, OwnerAlias, SavedView, User
from keshu.apps.bureau.queries.history import field_label, history_of, lines_of
from keshu.apps.bureau.queries.recorded_words import INTERNAL
from keshu.apps.bureau.services import audit

pytestmark = pytest.mark.django_db


def last() -> AuditEntry:
    entry = AuditEntry.objects.first()
    assert entry is not None
    return entry


def test_a_new_row_is_recorded_with_what_it_holds() -> None:
    planner, bureau = make.person("planner"), make.bureau()
    alias = OwnerAlias(text="三区两县", group=["county"])
    audit.Recorder(by=planner, at=AT, why="年初梳理").create(alias, organisation=bureau)
    entry = last()
    assert (entry.at, entry.by, entry.action, entry.why) == (AT, planner, AuditAction.CREATE, "年初梳理")
    assert (entry.subject_type, entry.subject_id, entry.subject_name) == (
        "bureau.owneralias",
        str(alias.pk),
        "三区两县",
    )
    assert (entry.organisation, entry.before, entry.after) == (bureau, {}, {"text": "三区两县", "group": ["county"]})


def test_a_change_is_recorded_field_by_field() -> None:
    office = make.office(name="外国专家处", short_name="外专处")
    log = audit.Recorder(by=None, at=AT)
    log.update(office, organisation=office, name="外国专家服务处", short_name="外专处", closed_on=date(2026, 4, 1))
    entry = last()
    assert entry.before == {"name": "外国专家处", "closed_on": None}
    assert entry.after == {"name": "外国专家服务处", "closed_on": "2026-04-01"}
    office.refresh_from_db()
    assert (office.name, office.closed_on) == ("外国专家服务处", date(2026, 4, 1))


def test_no_change_leaves_no_entry() -> None:
    office = make.office(name="外国专家处")
    audit.Recorder(by=None, at=AT).update(office, name="外国专家处", parent_id=office.parent_id)
    assert not AuditEntry.objects.exists()


def test_a_relation_is_set_by_row_or_by_number() -> None:
    here, there = make.office(), make.office()
    alias = make.alias("某处", here)
    log = audit.Recorder(by=None, at=AT)
    log.update(alias, organisation=here, organisation_id=there.pk)
    alias.refresh_from_db()
    assert alias.organisation == there
    assert (last().before, last().after) == ({"organisation": here.pk}, {"organisation": there.pk})
    assert last().organisation == here


def test_a_password_is_recorded_as_changed_and_never_shown() -> None:
    person = make.person("clerk")
    person_before = person.password
    audit.Recorder(by=person, at=AT).update(person, password="pbkdf2$neu", must_change_password=True)
    entry = last()
    assert entry.before == {"password": "（不记录）", "must_change_password": False}
    assert entry.after == {"password": "（不记录）", "must_change_password": True}
    newcomer = User(username="xinren", name="新人", password="pbkdf2$x")
    audit.Recorder(by=None, at=AT).create(newcomer)
    assert last().after["password"] == "（不记录）"
    audit.Recorder(by=None, at=AT).note(
        action=AuditAction.UPDATE, subject=person, after={"api_token": "abc", "n": {"secret": "s"}}
    )
    assert last().after == {"api_token": "（不记录）", "n": {"secret": "（不记录）"}}
    assert not AuditEntry.objects.filter(after__icontains="pbkdf2").exists()
    assert person_before != "pbkdf2$neu"


def test_long_values_are_kept_by_head_length_and_hash() -> None:
    # head -c 3000 /dev/zero | tr '\\0' a | sha256sum
    digest = "556ac82f23f64d2f41b3fb3b9a171791364021aa95c0af6df9e2b5e1d88c8038"
    audit.Recorder(by=None, at=AT).note(action=AuditAction.UPDATE, subject=None, after={"text": "a" * 3000})
    assert last().after["text"] == "a" * 200 + f"…（共 3000 字，SHA-256 {digest}）"


def test_a_deleted_row_stays_in_the_trail() -> None:
    alias = make.alias("高新处", make.office(name="高新技术处"))
    organisation_id, number = alias.organisation_id, alias.pk
    audit.Recorder(by=None, at=AT).delete(alias)
    assert not OwnerAlias.objects.filter(pk=number).exists()
    assert (last().action, last().subject_id) == (AuditAction.DELETE, str(number))
    assert last().before == {"text": "高新处", "organisation": organisation_id}


def test_many_rows_leave_one_entry_about_their_parent() -> None:
    city = make.city()
    rows = [Organisation(name=f"澜{n}街道", short_name=f"澜{n}", kind="department", parent=city) for n in range(3)]
    made = audit.Recorder(by=None, at=AT).create_many(
        Organisation, rows, organisation=city, summary={"来源": "名册"}, subject=city
    )
    assert len({row.pk for row in made}) == 3
    assert AuditEntry.objects.count() == 1
    assert (last().subject_type, last().subject_id) == ("bureau.organisation", str(city.pk))
    assert last().after == {"数量": 3, "来源": "名册"}


def test_nothing_is_saved_when_the_trail_cannot_be_written(monkeypatch: Any) -> None:
    office = make.office(name="外国专家处")

    def full(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(AuditEntry, "save", full)
    with pytest.raises(OSError, match="disk full"), transaction.atomic():
        audit.Recorder(by=None, at=AT).update(office, name="外国专家服务处")
    office.refresh_from_db()
    assert office.name == "外国专家处"


def test_the_history_of_a_row_reads_as_sentences() -> None:
    planner, city = make.person("planner"), make.city()
    office = make.office(name="外国专家处", short_name="外专处")
    park = make.park(name="云澜高新区")
    log = audit.Recorder(by=planner, at=AT, why="机构改革")
    log.update(office, organisation=office, name="外国专家服务处", kind="unit", parent_id=park.pk)
    (line,) = history_of(office, planner)
    assert (line.by, line.action, line.why) == (planner.name, "修改", "机构改革")
    assert [str(change) for change in line.changes] == [
        "上级单位：市科技局 → 云澜高新区",
        "类别：处室 → 直属单位",
        "名称：外国专家处 → 外国专家服务处",
    ]
    assert city.name == "云澜市"


def test_the_trail_is_shown_to_those_it_concerns() -> None:
    site = make.site()
    people = site.people
    log = audit.Recorder(by=people["clerk"], at=AT)
    log.note(action=AuditAction.UPDATE, subject=site.gaoxin, organisation=site.gaoxin)
    log.note(action=AuditAction.SIGN_IN, subject=people["clerk"], organisation=site.gaoxin)

    def actions(role: str) -> list[str]:
        return sorted(AuditEntry.objects.visible_to(people[role]).values_list("action", flat=True))

    assert actions("clerk") == ["sign_in", "update"]
    assert actions("office_head") == ["update"]
    assert actions("auditor") == actions("operator") == actions("leader") == actions("planner") == ["sign_in", "update"]
    assert actions("county_clerk") == actions("enterprise") == actions("expert") == actions("bank") == []


def test_every_recorded_column_has_a_chinese_name() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("keshu.") and model is not Job]
    nameless = [
        f"{model.__name__}.{field.name}"
        for model in models
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in INTERNAL and field_label(field, field.name).isascii()
    ]
    assert nameless == []


def test_a_saved_view_is_told_in_words() -> None:
    person = make.person("clerk", name="许诺")
    view = SavedView(owner=person, ledger="plans.targets", name="高新", query="q=%E9%AB%98%E6%96%B0&due=soon")
    audit.Recorder(by=person, at=AT).create(view)
    (line,) = lines_of([last()])
    assert {change.label: change.after for change in line.changes} == {
        "所有人": "许诺", "台账": "目标台账", "视图名称": "高新", "条件": "查找“高新”，另有 1 个条件", "全体人员可用": "否",
    }  # fmt: skip


def test_notes_are_told_in_words_and_inner_marks_are_kept_back() -> None:
    here, there = make.office(name="甲处", short_name="甲处"), make.office(name="乙处", short_name="乙处")
    audit.Recorder(by=None, at=AT).note(
        action=AuditAction.UPDATE, subject=here,
        before={"organisation_ids": [here.pk]},
        after={"organisation_ids": [there.pk, here.pk], "rows": ["target-1", "node-2"], "accepted": {"target": 3}, "version": 7},
    )  # fmt: skip
    (line,) = lines_of([last()])
    assert {change.label: (change.before, change.after) for change in line.changes} == {
        "对应单位": ("甲处", "乙处、甲处"), "改动的行": ("", "2 行"), "一并确认": ("", "目标 3"),
    }  # fmt: skip
