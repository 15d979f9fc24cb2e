"""The first account of an empty site."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from keshu.apps.bureau.queries import standing
from keshu.apps.bureau.services import Unacceptable, organisations, people


def create_operator(*, username: str, name: str, city: str, bureau: str, password: str) -> str:
    """Set up the city (or county), its bureau and its operator; returns what to tell the person.

    Raises
    ------
    Unacceptable
        the site has organisations already, or a field is not as it should be; Chinese, nothing is saved
    """
    if standing.has_real_data() or standing.has_demo_data():
        raise Unacceptable("这个数据库已有单位和人员。请由现有的系统管理员在“局机关 / 人员”中增加账号。")
    now = timezone.now()
    with transaction.atomic():
        place = organisations.OrganisationFields(name=city, short_name=city, kind="city", parent_id=None)
        city_id = organisations.create_organisation(place, by=None, at=now).pk
        short = f"{city[-1]}科技局"
        fields = organisations.OrganisationFields(name=bureau, short_name=short, kind="bureau", parent_id=city_id)
        home = organisations.create_organisation(fields, by=None, at=now)
        card = people.PersonFields(name=name, username=username)
        person = people.create_person(card, password=password, by=None, at=now, must_change=False)
        people.grant_role(person, organisation=home, role="operator", from_on=timezone.localdate(), by=None, at=now)
    return f"已建立“{bureau}”和系统管理员账号 {username}。运行 keshu serve 后登录，先添加处室和人员。"
