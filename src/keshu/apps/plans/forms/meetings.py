"""What the pages of meetings ask for. Shape only; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms

from keshu.apps.plans.forms.issues import day_field, organisation_field, text_field
from keshu.apps.plans.models import AgendaSection


class MeetingForm(forms.Form):
    """Its name, day, place and people."""

    title = forms.CharField(label="会议名称", max_length=120, error_messages={"required": "请填写会议名称。"})
    held_on = day_field("召开日期")
    since = day_field("上次会议")
    place = forms.CharField(label="地点", max_length=80, required=False)
    host = forms.CharField(label="主持人", max_length=60, required=False)
    attendees = text_field("出席人员", rows=2)

    def __init__(self, *args: Any, plans: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].help_text = "这一天以后新完成的、新提出的列入议程。"
        if plans is not None:
            field = organisation_field("工作要点")
            field.choices = plans
            self.fields = {"plan": field, **self.fields}


class _WithOrganisation(forms.Form):
    """A form whose organisation is chosen from a list."""

    chosen_field = "organisation"

    def __init__(self, *args: Any, owners: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.chosen_field].choices = [("", "不指定"), *owners]  # type: ignore[attr-defined]


class ItemForm(_WithOrganisation):
    """A line of the agenda."""

    section = forms.ChoiceField(label="类别", choices=AgendaSection.choices)
    title = forms.CharField(label="议题", max_length=200, error_messages={"required": "请填写议题。"})
    organisation = organisation_field("汇报单位", required=False)
    text = text_field("情况", rows=5)


class DecisionForm(_WithOrganisation):
    """What was decided, who carries it out, until when."""

    chosen_field = "owner"

    text = text_field("议定事项", rows=3, required=True)
    owner = organisation_field("责任单位", required=False)
    due_on = day_field("完成时限", required=False)
