"""Tables of the bureau app."""

from keshu.apps.bureau.models.attachments import Attachment, StoredFile
from keshu.apps.bureau.models.audit import AuditAction, AuditEntry
from keshu.apps.bureau.models.jobs import Job, JobState
from keshu.apps.bureau.models.organisations import GOVERNMENT_KINDS, Organisation, OrganisationKind, OwnerAlias
from keshu.apps.bureau.models.people import WHOLE_SITE_ROLES, Membership, Role, Scope, User
from keshu.apps.bureau.models.successions import Succession, SuccessionKind
from keshu.apps.bureau.models.views import SavedView

__all__ = [
    "GOVERNMENT_KINDS", "WHOLE_SITE_ROLES", "Attachment", "AuditAction", "AuditEntry", "Job", "JobState", "Membership",
    "Organisation", "OrganisationKind", "OwnerAlias", "Role", "SavedView", "Scope", "StoredFile", "Succession",
    "SuccessionKind", "User",
]  # fmt: skip
