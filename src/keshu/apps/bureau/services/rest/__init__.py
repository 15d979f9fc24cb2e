"""What the API (数据接口) of every app is made of: tokens, documented operations, lists, problems, repeated requests.

An app's ``api`` declares its operations with :func:`operation`, reads lists through :func:`listed` and writes through
:func:`once`; the site's API root turns refusals into problems (RFC 9457).
"""

from keshu.apps.bureau.models import TokenScope
from keshu.apps.bureau.services.rest.access import ApiRequest, NotAdmitted, PersonalToken, TooManyRequests
from keshu.apps.bureau.services.rest.files import file_answer, unchanged
from keshu.apps.bureau.services.rest.listing import Asked, Found, Several, listed
from keshu.apps.bureau.services.rest.operations import operation
from keshu.apps.bureau.services.rest.repeating import forget_answers, once
from keshu.apps.bureau.services.rest.schemas import (
    LARGEST_ID,
    Fault,
    Given,
    Named,
    Page,
    Problem,
    RowId,
    government_only,
    named,
    person,
    plain,
    row_or_404,
)

__all__ = [
    "LARGEST_ID", "ApiRequest", "Asked", "Fault", "Found", "Given", "Named", "NotAdmitted", "Page",
    "PersonalToken", "Problem", "RowId", "Several", "TokenScope", "TooManyRequests", "file_answer", "forget_answers",
    "government_only", "listed", "named", "once", "operation", "person", "plain", "row_or_404", "unchanged",
]  # fmt: skip
