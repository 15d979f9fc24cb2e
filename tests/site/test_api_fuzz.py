"""Odd requests made from the API's own description, sent to the running server: it keeps to what it says.

The draws are the same each time (derandomized), about a minute's worth in all.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.house.test_api import OPERATIONS, ROWS
from tests.house.world import build
from tests.programs import token_for

from keshu.site.api_schema import document

schemathesis = pytest.importorskip("schemathesis", reason="pinned in requirements/dev.lock")

PREFIX = "/api/v1/"
EXAMPLES = 10
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
)  # fmt: skip
# Who asks: one who may do much, and one of a county, who may do little.
ASKERS = ("planner", "county_clerk")


@pytest.mark.django_db(transaction=True)
def test_odd_requests_break_nothing(live_server: Any, settings: Any) -> None:
    settings.API_RATE = 10**6
    world = build()
    headers = [{"Authorization": f"Bearer {token_for(world.people[role])[1]}"} for role in ASKERS]
    found, tried, answers = operations(), 0, Counter[int]()
    checks = [schemathesis.checks.CHECKS.get_one(name) for name in CHECKS]  # known once a description was read
    for operation in found:
        rows = [row.pk for row in world.rows[ROWS[operation.path.removeprefix(PREFIX).partition("/")[0]]]]
        for mode in schemathesis.GenerationMode:
            answers.update(fuzz(operation, mode, rows=rows, headers=headers, checks=checks, base_url=live_server.url))
        tried += 1
    assert tried == len(OPERATIONS)
    assert min(answers[status] for status in (200, 403, 404, 422)) > 5, answers


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(document())
    return [result.ok() for result in schema.get_all_operations()]


def fuzz(
    operation: Any, mode: Any, *, rows: list[int], headers: list[dict[str, str]], checks: list[Any], base_url: str
) -> list[int]:
    """So many requests of one operation: as described, or against the description; for rows there are, and others.

    Returns what was answered.
    """
    answers: list[int] = []

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        row=st.sampled_from([*rows, None]),
        asker=st.sampled_from(headers),
    )
    def sent(case: Any, row: int | None, asker: dict[str, str]) -> None:
        if row is not None and case.path_parameters:
            case.path_parameters["pk"] = row
        response = case.call(base_url=base_url, headers=asker)
        case.validate_response(response, checks=checks)
        answers.append(response.status_code)

    sent()
    return answers
