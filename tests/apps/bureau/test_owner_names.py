"""Names as documents print them, and whom they mean: resolved against one invented city."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tests.factories import ON, make

from keshu.apps.bureau.queries.owners import GROUPS, resolve_owner, resolve_owners
from keshu.apps.bureau.queries.owners.words import group_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SimpleNamespace:
    places = SimpleNamespace(bureau=make.bureau())
    for name, short in (
        ("办公室", "办公室"),
        ("规划与资源配置处", "规划处"),
        ("高新技术处", "高新处"),
        ("科研平台处", "平台处"),
        ("成果转化处", "成果处"),
        ("农村与社会发展处", "农社处"),
        ("政策法规与监督处", "法规处"),
        ("机关党委", "机关党委"),
    ):
        make.office(name=name, short_name=short)
    make.unit(name="云澜市生产力促进中心", short_name="市生产力促进中心")
    make.department(name="云澜市财政局", short_name="市财政局")
    make.department(name="云澜市工业和信息化局", short_name="市工信局")
    make.department(name="国家税务总局云澜市税务局", short_name="市税务局")
    make.department(name="中共云澜市委组织部", short_name="市委组织部")
    places.yunhu, places.qingling = make.county(name="云湖区"), make.county(name="青岭县")
    make.park(name="云澜高新区")
    make.park(name="澜江经开区")
    make.department(name="青岭县财政局", short_name="青岭县财政局", city=places.qingling)
    make.organisation("office", name="科技创新股", parent=places.qingling)
    make.enterprise(name="云澜星河装备有限公司", short_name="星河装备")
    return places


EXACT = {
    "规划与资源配置处": "规划处",
    "规划处": "规划处",
    "市科技局高新处": "高新处",
    "局办公室": "办公室",
    "高新处（外专办）": "高新处",
    "云澜市财政局": "市财政局",
    "市财政局": "市财政局",
    "财政局": "市财政局",
    "市工业和信息化局": "市工信局",
    "云澜市工信局": "市工信局",
    "市税务局": "市税务局",
    "市委组织部": "市委组织部",
    "组织部": None,
    "市科学技术局": "市科技局",
    "市科技局": "市科技局",
    "云湖区": "云湖区",
    "云湖区科技局": "云湖区",
    "云湖区人民政府": "云湖区",
    "青岭县科学技术局": "青岭县",
    "高新区": "云澜高新区",
    "市高新区管委会": "云澜高新区",
    "云澜高新技术产业开发区管委会": "云澜高新区",
    "机关党委": "机关党委",
    "市生产力促进中心": "市生产力促进中心",
    "青岭县财政局": "青岭县财政局",
    "星河装备": "星河装备",
    "云澜星河装备有限公司": "星河装备",
}


@pytest.mark.parametrize(
    ("text", "meant"), [(t, m) for t, m in EXACT.items() if m], ids=[t for t, m in EXACT.items() if m]
)
def test_names_are_known(city: SimpleNamespace, text: str, meant: str) -> None:
    found = resolve_owner(text, home=city.bureau, on=ON)
    assert ([str(ref) for ref in found.organisations], found.certainty) == ([meant], "name")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("高新科", "高新处"),
        ("高新技术科", "高新处"),
        ("科研处", "平台处"),
        ("成果转化与区域创新处", "成果处"),
        ("国际交流合作处", None),
    ],
)
def test_near_names_are_guessed_and_said_to_be(city: SimpleNamespace, text: str, meant: str | None) -> None:
    found = resolve_owner(text, home=city.bureau, on=ON)
    assert found.certainty == ("guess" if meant else "unknown")
    assert [str(ref) for ref in found.organisations] == ([meant] if meant else [])


@pytest.mark.parametrize("text", ["科技金融办", "科技服务中心", "科技监督科"])
def test_an_office_named_after_science_is_not_the_whole_bureau(city: SimpleNamespace, text: str) -> None:
    found = resolve_owner(text, home=city.bureau, on=ON)
    assert city.bureau.pk not in {ref.id for ref in found.organisations}
    named = resolve_owner("科技局", home=city.bureau, on=ON)
    assert [ref.id for ref in named.organisations] == [city.bureau.pk]


def test_a_name_like_none_is_unknown(city: SimpleNamespace) -> None:
    found = resolve_owner("欧阳鹏飞", home=city.bureau, on=ON)
    assert (found.organisations, found.certainty, found.candidates) == ((), "unknown", ())


OFFICES = ["办公室", "规划处", "高新处", "平台处", "成果处", "农社处", "法规处", "机关党委"]
COUNTIES = ["云湖区", "青岭县"]
PARKS = ["云澜高新区", "澜江经开区"]
GROUP_NAMES = {
    "各处室": OFFICES,
    "局机关各科室": OFFICES,
    "各科室": OFFICES,
    "各县区": COUNTIES,
    "各县（市、区）": COUNTIES,
    "各县〔市、区〕科技主管部门": COUNTIES,
    "各区县科技局": COUNTIES,
    "各市县": COUNTIES,
    "各县(市)区科技局": COUNTIES,
    "各园区": PARKS,
    "园区": PARKS,
    "各功能区": PARKS,
    "各高新区": ["云澜高新区"],
    "各经开区": ["澜江经开区"],
    "各县区、园区": COUNTIES + PARKS,
    "各县（市、区）、各园区": COUNTIES + PARKS,
    "各县区园区": COUNTIES + PARKS,
    "各区县（功能区）": COUNTIES + PARKS,
    "各板块": COUNTIES + PARKS,
    "直属单位": ["市生产力促进中心"],
    "各处室、直属单位": [*OFFICES, "市生产力促进中心"],
    "各处室和各直属单位": [*OFFICES, "市生产力促进中心"],
    "各县区、高新处": [*COUNTIES, "高新处"],
    "办公室、规划处": ["办公室", "规划处"],
}


@pytest.mark.parametrize(("text", "members"), GROUP_NAMES.items(), ids=GROUP_NAMES)
def test_group_words_expand_to_their_members(city: SimpleNamespace, text: str, members: list[str]) -> None:
    found = resolve_owner(text, home=city.bureau, on=ON)
    assert sorted(str(ref) for ref in found.organisations) == sorted(members)
    assert found.certainty == "name"


@pytest.mark.parametrize("text", ["各有关单位", "各单位", "相关处室", "有关县区", "市直有关部门"])
def test_vague_group_words_are_guesses(city: SimpleNamespace, text: str) -> None:
    found = resolve_owner(text, home=city.bureau, on=ON)
    assert found.certainty == "guess"
    assert len(found.organisations) >= 2


@pytest.mark.parametrize("word", GROUPS, ids=lambda word: word.example)
def test_each_group_word_reads_its_example(word: object) -> None:
    assert group_words(word.example)[0].kinds == word.kinds  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["县产业园区管委会", "区科技局", "县科技特派员工作站", "各乡镇人民政府", "云澜高新区", "市区联动办"]
)
def test_a_name_that_only_looks_like_a_group_is_none(text: str) -> None:
    assert group_words(text) == []


def test_names_are_taken_from_where_the_document_stands(city: SimpleNamespace) -> None:
    county = city.qingling
    assert [ref.name for ref in resolve_owner("县财政局", home=county, on=ON).organisations] == ["青岭县财政局"]
    assert [ref.name for ref in resolve_owner("市财政局", home=county, on=ON).organisations] == ["云澜市财政局"]
    assert [ref.id for ref in resolve_owner("县科技局", home=county, on=ON).organisations] == [county.pk]
    assert [ref.name for ref in resolve_owner("各股室", home=county, on=ON).organisations] == ["科技创新股"]
    office = make.office(name="对外合作处")
    assert resolve_owner("局高新处", home=office, on=ON).organisations[0].short_name == "高新处"


def test_an_alias_comes_before_all_but_a_registered_name(city: SimpleNamespace) -> None:
    make.alias("高新科", city.yunhu)
    make.alias("三区两县", group=("county",))
    make.alias("高新处", city.yunhu)
    make.alias("规划与资源配置处", city.yunhu)
    found = resolve_owners(["高新科", "三区两县", " 高 新科", "高新处", "规划与资源配置处"], home=city.bureau, on=ON)
    assert [(r.certainty, [str(o) for o in r.organisations]) for r in found.values()] == [
        ("alias", ["云湖区"]),
        ("alias", COUNTIES),
        ("alias", ["云湖区"]),
        ("name", ["高新处"]),
        ("name", ["规划处"]),
    ]


def test_of_namesakes_the_alias_says_which(city: SimpleNamespace) -> None:
    make.office(name="监督一处", short_name="监督处")
    second = make.office(name="监督二处", short_name="监督处")
    make.alias("监督处", second)
    assert resolve_owner("监督处", home=city.bureau, on=ON).organisations[0].id == second.pk


def test_a_closed_organisation_is_not_meant(city: SimpleNamespace) -> None:
    make.office(name="外国专家处", closed_on=ON)
    assert resolve_owner("外国专家处", home=city.bureau, on=ON).certainty != "name"


def test_one_name_borne_twice_is_left_to_the_person(city: SimpleNamespace) -> None:
    make.office(name="监督处", short_name="督导处")
    make.office(name="督导处")
    found = resolve_owner("督导处", home=city.bureau, on=ON)
    assert (found.organisations, found.certainty, len(found.candidates)) == ((), "guess", 2)


def test_a_whole_document_takes_five_queries(city: SimpleNamespace, django_assert_max_num_queries: object) -> None:
    names = [*EXACT, *GROUP_NAMES, "某不认识的单位"]
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        found = resolve_owners(names, home=city.bureau, on=ON)
    assert set(found) == set(names)
