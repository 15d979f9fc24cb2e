"""群机器人: which groups are told of what, what was sent to each, and setting them up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keshu.apps.bureau.forms import RobotForm
from keshu.apps.bureau.models import DeliveryState, GroupRobot, RobotDelivery
from keshu.apps.bureau.permissions import Refused, can_keep_robot, keeps_all_robots, keeps_robots, may_keep_robot
from keshu.apps.bureau.queries.history import history_of
from keshu.apps.bureau.queries.ledger import read_ledger
from keshu.apps.bureau.queries.organisations import tree_choices
from keshu.apps.bureau.queries.requests import Request
from keshu.apps.bureau.queries.robots import DELIVERIES, ROBOTS, topic_label, topics
from keshu.apps.bureau.services import robots as services
from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.views.audience import for_government
from keshu.apps.bureau.views.exporting import exported

CRUMB = ("群机器人", "bureau:robot-list")


@require_safe
@for_government
def index(request: Request) -> HttpResponseBase:
    rows = GroupRobot.objects.visible_to(request.user).select_related("organisation", "hears")
    if "export" in request.GET:
        return exported(ROBOTS, rows, request, title="群机器人")
    page = read_ledger(ROBOTS, rows, request.GET, user=request.user)
    context = {"title": "群机器人", "ledger": page, "may_keep": keeps_robots(request.user)}
    return render(request, "bureau/robots/list.html", context)


@require_safe
@for_government
def detail(request: Request, pk: int) -> HttpResponseBase:
    """The robot and what was sent to its group."""
    robot = _robot(request, pk)
    rows = robot.deliveries.visible_to(request.user)
    if "export" in request.GET:
        return exported(DELIVERIES, rows, request, title=f"{robot}的群消息")
    may_keep = may_keep_robot(request.user, robot)
    again = [DeliveryState.GIVEN_UP, DeliveryState.UNSURE]
    context = {
        "title": str(robot),
        "robot": robot,
        "facts": _facts(robot),
        "ledger": read_ledger(DELIVERIES, rows, request.GET, user=request.user),
        "failed": rows.filter(state__in=again)[:20] if may_keep else (),
        "entries": history_of(robot, request.user),
        "may_keep": may_keep,
    }
    return render(request, "bureau/robots/detail.html", context)


@require_http_methods(["GET", "POST"])
@for_government
@sensitive_post_parameters("address", "secret")
@sensitive_variables("form")
def create(request: Request) -> HttpResponse:
    if not keeps_robots(request.user):
        raise Refused("群机器人由规划办公室设置；处室负责人和县区（园区）经办可以设置本单位的。")
    form = _form(request, initial={"topics": [topic.key for topic in topics()]})
    if request.method == "POST" and form.is_valid():
        robot = carried_out(form, lambda: services.enter_robot(form.given, by=request.user, at=timezone.now()))
        if robot is not None:
            messages.success(request, f"已登记“{robot}”。请发送一条测试消息，看群里是否收到。")
            return redirect("bureau:robot-detail", pk=robot.pk)
    return _form_page(request, form, title="登记群机器人", back=reverse("bureau:robot-list"))


@require_http_methods(["GET", "POST"])
@for_government
@sensitive_post_parameters("address", "secret")
@sensitive_variables("form")
def edit(request: Request, pk: int) -> HttpResponse:
    robot = _robot(request, pk)
    can_keep_robot(request.user, robot)
    names = ("name", "kind", "topics")
    initial = {name: getattr(robot, name) for name in names}
    initial |= {"organisation": robot.organisation_id, "hears": robot.hears_id}
    form = _form(request, initial=initial, is_known=True)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form, lambda: services.change_robot(robot, form.given, by=request.user, at=timezone.now())
        )
        if changed is not None:
            messages.success(request, f"“{changed}”已修改。")
            return redirect("bureau:robot-detail", pk=pk)
    return _form_page(request, form, title=f"修改“{robot}”", back=reverse("bureau:robot-detail", args=[pk]))


@require_POST
@for_government
def switch(request: Request, pk: int) -> HttpResponse:
    robot = _robot(request, pk)
    robot = services.switch_robot(robot, is_on=request.POST.get("on") == "1", by=request.user, at=timezone.now())
    messages.success(request, f"“{robot}”已{'启用' if robot.is_on else '停用'}。")
    return redirect("bureau:robot-detail", pk=pk)


@require_POST
@for_government
def send_trial(request: Request, pk: int) -> HttpResponse:
    services.try_robot(_robot(request, pk), by=request.user, at=timezone.now())
    messages.success(request, "测试消息半分钟内发出。稍后刷新本页，看“对方答复”。")
    return redirect("bureau:robot-detail", pk=pk)


@require_POST
@for_government
def resend(request: Request, pk: int) -> HttpResponse:
    rows = RobotDelivery.objects.visible_to(request.user).select_related("robot")
    delivery = services.resend(get_object_or_404(rows, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, f"“{delivery}”已重新排队。")
    return redirect("bureau:robot-detail", pk=delivery.robot_id)


def _robot(request: Request, pk: int) -> GroupRobot:
    rows = GroupRobot.objects.visible_to(request.user).select_related("organisation", "hears", "created_by")
    return get_object_or_404(rows, pk=pk)


def _facts(robot: GroupRobot) -> list[tuple[str, str]]:
    """Of the address the host alone; of the secret, whether there is one."""
    return [
        ("状态", "启用" if robot.is_on else "停用"),
        ("所属单位", str(robot.organisation)),
        ("类型", robot.get_kind_display()),
        ("主机", robot.host),
        ("签名", "有密钥" if robot.signing_secret else "没有密钥"),
        ("告知范围", str(robot.hears)),
        ("告知内容", "、".join(topic_label(key) for key in robot.topics)),
    ]


def _form(request: Request, *, initial: dict[str, object], is_known: bool = False) -> RobotForm:
    choices = tree_choices(request.user, on=timezone.localdate())
    seats = request.user.scope.organisation_ids
    own = choices if keeps_all_robots(request.user) else [each for each in choices if each[0] in seats]
    offered = [(topic.key, f"{topic.label}：{topic.says}") for topic in topics()]
    return RobotForm(
        request.POST or None, organisations=own, hears=choices if keeps_all_robots(request.user) else own,
        topics=offered, is_known=is_known, initial=initial,
    )  # fmt: skip


def _form_page(request: Request, form: RobotForm, *, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "bureau/robots/form.html", context, status=422 if form.errors else 200)
