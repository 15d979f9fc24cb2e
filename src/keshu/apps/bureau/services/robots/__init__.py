"""群机器人: groups of 企业微信, 钉钉 and 飞书 are told of the bureau's work, each of what it may hear, and of each event once.

An app declares its topics and announces in the transaction that makes the change; the worker sends.
"""

from keshu.apps.bureau.queries.robots import Topic, listening, register
from keshu.apps.bureau.services.robots.announcing import Announcement, Line, announce, daytime
from keshu.apps.bureau.services.robots.keeping import (
    RobotFields,
    change_robot,
    enter_robot,
    resend,
    switch_robot,
    try_robot,
)
from keshu.apps.bureau.services.robots.sending import send_due

__all__ = [
    "Announcement", "Line", "RobotFields", "Topic", "announce", "change_robot", "daytime", "enter_robot", "listening",
    "register", "resend", "send_due", "switch_robot", "try_robot",
]  # fmt: skip
