"""Tables of the bureau app."""

from keshu.apps.bureau.models.attachments import Attachment, StoredFile
from keshu.apps.bureau.models.audit import AuditAction, AuditEntry
from keshu.apps.bureau.models.calendar import CalendarDay, CalendarYear
from keshu.apps.bureau.models.feeds import CalendarFeed
from keshu.apps.bureau.models.imports import ImportRow, ImportRun, ImportState
from keshu.apps.bureau.models.jobs import Job, JobState
from keshu.apps.bureau.models.notices import MailState, Notice, NoticeMail, NoticePreference
from keshu.apps.bureau.models.organisations import GOVERNMENT_KINDS, Organisation, OrganisationKind, OwnerAlias
from keshu.apps.bureau.models.paper_checks import PaperCheck, PaperCheckState
from keshu.apps.bureau.models.people import WHOLE_SITE_ROLES, Membership, Role, Scope, User
from keshu.apps.bureau.models.robots import ROBOT_ROLES, DeliveryState, GroupRobot, RobotDelivery, RobotKind
from keshu.apps.bureau.models.sign_in import RecoveryCode, SecondFactor, SignInSession
from keshu.apps.bureau.models.successions import Succession, SuccessionKind
from keshu.apps.bureau.models.tokens import AccessToken, KeptAnswer, TokenScope
from keshu.apps.bureau.models.trail import TrailAnchor, TrailHead
from keshu.apps.bureau.models.views import SavedView

__all__ = [
    "GOVERNMENT_KINDS", "ROBOT_ROLES", "WHOLE_SITE_ROLES", "AccessToken", "Attachment", "AuditAction", "AuditEntry",
    "CalendarDay", "CalendarFeed", "CalendarYear", "DeliveryState", "GroupRobot",
    "ImportRow", "ImportRun", "ImportState", "Job", "JobState", "KeptAnswer", "MailState", "Membership", "Notice", "NoticeMail",
    "NoticePreference", "Organisation", "OrganisationKind", "OwnerAlias", "PaperCheck", "PaperCheckState",
    "RecoveryCode", "RobotDelivery", "RobotKind", "Role", "SavedView",
    "Scope", "SecondFactor", "SignInSession", "StoredFile", "Succession", "SuccessionKind", "TokenScope", "TrailAnchor",
    "TrailHead", "User",
]  # fmt: skip
