"""What can’t be deleted as something needs it: a sentence says so, wherever it is tried."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from diurna.common.areas import is_desk

_NAMED: Final = 3
_LONGEST_NAME: Final = 80


class StaysAsLongAsUsed:
    """Answers a deletion at the desk that the database refuses: singly, in bulk, in a race.

    Wagtail asks nobody before it deletes a document, and asks about snippets before others may
    have begun to use them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead back to the question whether to delete, with what hinders it."""
        if not isinstance(error, ProtectedError) or not is_desk(request.path):
            return None
        users = sorted({_name(one) for one in error.protected_objects})
        messages.error(
            request,
            _("Nothing was deleted, as it is still used by: %(names)s. Please change that first.")
            % {"names": "; ".join(users[:_NAMED]) + ("; …" if len(users) > _NAMED else "")},
        )
        return redirect(request.get_full_path())


def _name(user: Any) -> str:
    # A by-line, a citation or a copy says nothing by itself; its story or source does.
    owner = getattr(user, "article", None) if not hasattr(user, "title") else None
    return f"“{Truncator(str(owner or user)).chars(_LONGEST_NAME)}”"
