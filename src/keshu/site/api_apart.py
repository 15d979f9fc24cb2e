"""Requests of programs, kept apart from those of browsers: no cookie counts, and every refusal is a problem."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from keshu.site.api import problem

PREFIX = "/api/v1/"
JSON = ("application/json", "application/problem+json")


class ApiApart:
    """Gives a request below the API its moment and takes its cookies; what the house refuses as a page becomes a problem.

    Stands before everything that refuses. A program's session would be a browser's, with rights that its token has not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.COOKIES = {}
        request.at = timezone.now()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code < 400 or response.get("Content-Type", "").partition(";")[0] in JSON:
            return response
        told = problem(response.status_code)
        if "Allow" in response:
            told["Allow"] = response["Allow"]
        return told
