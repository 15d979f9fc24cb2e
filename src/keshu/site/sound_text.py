"""What no database holds as text (the null character, half a character) is taken out before anybody reads what came in.

One place for every address: the query, the cookies and the form. Names of uploaded files are cleaned by Django, what stands in
the files by their readers. A path with such a character leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from keshu.apps.bureau.queries.requests import Request
from keshu.kernel.text import is_sound, sound

Answer = Callable[[Request], HttpResponse]


class SoundAddress:
    """Cleans the query and the cookies, refuses (400) such a path. Stands before everything that reads them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if not is_sound(request.path_info):
            words = "这个地址里有不能显示的字符，请从菜单或页面上的链接重新打开。"
            return render(request, "refused.html", {"message": words, "code": 400}, status=400)
        request.GET = sound_query(request.GET)
        request.COOKIES = {name: sound(value) for name, value in request.COOKIES.items()}
        return self.get_response(request)


class SoundForm:
    """Cleans the form. Stands after what sends people away, so that nobody's upload is read who may not send one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> None:
        if request.method == "POST":
            request.POST = sound_query(request.POST)


def sound_query(given: QueryDict) -> Any:
    """The same query where there is nothing to clean, as nearly always."""
    if all(is_sound(name) and all(map(is_sound, values)) for name, values in given.lists()):
        return given
    clean = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        clean.setlist(sound(name), [sound(value) for value in values])
    clean._mutable = False  # as every request has it
    return clean
