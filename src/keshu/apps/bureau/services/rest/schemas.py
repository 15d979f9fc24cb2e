"""Shapes that all operations share: a problem, a page of rows, a row named."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import Http404
from ninja import Field, Path, Schema
from pydantic import ConfigDict

from keshu.apps.bureau.permissions import Refused

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

R = TypeVar("R", bound=models.Model)
LARGEST_ID = 2**63 - 1
RowId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="编号。Row id.", examples=[1])]


class Fault(Schema):
    """One thing that is wrong, and where."""

    field: str | None = Field(
        description="有问题的字段；null 表示整个请求。The field, null for the whole.", examples=["title"]
    )
    message: str = Field(
        description="哪里不对、怎样改。What is wrong and what is right.", examples=["请填写问题，用一句话写明。"]
    )


class Problem(Schema):
    """A refusal, after RFC 9457 (application/problem+json)."""

    type: str = Field("about:blank", description="固定为 about:blank。")
    title: str = Field(description="状态的名称。Name of the status.", examples=["内容不能接受"])
    status: int = Field(description="HTTP 状态码。", examples=[422])
    detail: str = Field(
        description="原因，可以直接给人看。The reason, fit for people.", examples=["请填写问题，用一句话写明。"]
    )
    errors: list[Fault] = Field(default_factory=list, description="逐个字段的问题。Faults by field.")


class Given(Schema):
    """What a request's body holds; what is not known is refused, so that nothing misspelt is lost."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    """A row by its id and name."""

    id: int = Field(description="编号。", examples=[12])
    name: str = Field(description="名称。", examples=["高新技术处"])


class Page(Schema):
    """So many rows of a list; ``rows`` is declared by each list."""

    total: int = Field(description="符合条件的总数。Rows found in all.", examples=[1])
    limit: int = Field(description="本页最多多少条。", examples=[50])
    offset: int = Field(description="从第几条起（0 为第一条）。", examples=[0])
    next: str | None = Field(description="下一页的地址；null 表示没有了。Address of the next page.", examples=[None])


def named(row: models.Model | None) -> Named | None:
    """The row's id and what it is called; None for none."""
    return None if row is None else Named(id=row.pk, name=str(row))


def person(user: Any) -> str | None:
    """A colleague by name, as the pages show them; nothing else of a person leaves the house."""
    return None if user is None else str(user)


def row_or_404(rows: QuerySet[R], pk: int) -> R:
    """The row of that number among these."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def plain(value: Decimal | None) -> Decimal | None:
    """A number without the zeros of its column: 420 and not 420.000000."""
    if value is None:
        return None
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral() else short


def government_only(user: User, refusal: str) -> None:
    """As the pages of the area: for the government's own people and for those who read everything."""
    if not (user.scope.is_government or user.scope.is_everything):
        raise Refused(refusal)


def example_of(model: type[Schema]) -> dict[str, Any]:
    """An example of a shape out of the examples of its fields, in the form of JSON."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if field.examples:
            found[name] = field.examples[0]
        elif not field.is_required():
            found[name] = field.get_default(call_default_factory=True)
    return found
