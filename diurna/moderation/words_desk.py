"""The lists of words at the desk: changed in two presses, what they would do seen first."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.common.errors import DiurnaError, Invalid
from diurna.moderation import words
from diurna.moderation.models import WordList
from diurna.moderation.tryout_desk import Shown, tried_out
from diurna.moderation.tryout_reading import rules_in_force
from diurna.moderation.words import Entries, read_entries

MAY_SEE: Final = "moderation.view_word"
# Ten thousand words of the longest kind.
LARGEST_FILE: Final = 1_000_000
_SALT: Final = "diurna.moderation.words"
# Time enough to read the list of what would change, and to ask a colleague.
_TRIED_FOR: Final = 86_400
_LISTS: Final = (WordList.BANNED, WordList.SUSPECT)


@dataclass(frozen=True, kw_only=True)
class Box:
    """One list as its text area shows it: the lines, and what is wrong with some of them."""

    name: str
    label: str
    text: str
    entries: Entries

    @property
    def rows(self) -> int:
        """The height of the text area, in lines."""
        return min(max(self.text.count("\n") + 3, 8), 24)


@require_http_methods(["GET", "POST"])
@needs(MAY_SEE)
def lists(request: HttpRequest) -> HttpResponse:
    """Both lists; POST tries them out (`do=try`) or, once tried, switches them on (`do=switch`)."""
    boxes = [_stored(name) for name in _LISTS]
    shown: Shown | None = None
    if request.method == "POST":
        boxes = [_typed(request, name) for name in _LISTS]
        try:
            boxes = [
                _with_file(request, box, name) for box, name in zip(boxes, _LISTS, strict=True)
            ]
            if not any(box.entries.problems for box in boxes):
                if request.POST.get("do") == "switch" and _was_tried(request, boxes):
                    return _switch_on(request, boxes)
                shown = _try(request, boxes)
        except DiurnaError as error:
            messages.error(request, str(error))
        if any(box.entries.problems for box in boxes):
            messages.error(request, _("Some lines can’t be used; they are named below the lists."))
    context = {
        "boxes": boxes,
        "shown": shown,
        "proof": _proof(boxes) if shown is not None else "",
        "may_change": request.user.has_perm(words.MAY_CHANGE),
    }
    return render(request, "moderation/desk/words.html", context)


def _try(request: HttpRequest, boxes: list[Box]) -> Shown:
    if request.POST.get("do") == "switch":
        messages.warning(
            request, _("The lists have changed since they were tried; here is what they would do.")
        )
    rows = [(box.name, word) for box in boxes for word in box.entries.patterns]
    if len(rows) > words.MOST_WORDS:
        raise Invalid(words.too_many())
    return tried_out(request, replace(rules_in_force(), words=words.matcher_of(rows)))


def _switch_on(request: HttpRequest, boxes: list[Box]) -> HttpResponse:
    assert isinstance(request.user, User)  # the guard let in nobody else
    banned, suspect = (list(box.entries.patterns) for box in boxes)
    came, went = words.change_lists(banned=banned, suspect=suspect, moderator=request.user)
    said = _("The lists are in force: %(came)d entries came, %(went)d went.")
    messages.success(request, said % {"came": came, "went": went})
    return redirect("diurna_words")


def _stored(name: WordList) -> Box:
    return _box(name, "\n".join(words.entries_of(name)))


def _typed(request: HttpRequest, name: WordList) -> Box:
    return _box(name, request.POST.get(name.value, "").replace("\r\n", "\n"))


def _with_file(request: HttpRequest, box: Box, name: WordList) -> Box:
    """The list with the lines of the file that came for it below its own."""
    file = request.FILES.get(f"{name.value}_file")
    if not isinstance(file, UploadedFile):
        return box
    return _box(name, f"{box.text.rstrip()}\n{_lines_of(file)}".lstrip("\n"))


def _box(name: WordList, text: str) -> Box:
    return Box(name=name.value, label=str(name.label), text=text, entries=read_entries(text))


def _lines_of(file: UploadedFile[Any]) -> str:
    if (file.size or 0) > LARGEST_FILE:
        raise Invalid(_("This file is larger than 1 MB; please split it."))
    try:
        return str(file.read().decode("utf-8-sig")).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Invalid(
            _("This file is no text in UTF-8; please save it as plain text, one entry a line.")
        ) from error


def _proof(boxes: list[Box]) -> str:
    """What says that these lists, and no others, have been tried."""
    return signing.dumps(_digest(boxes), salt=_SALT)


def _was_tried(request: HttpRequest, boxes: list[Box]) -> bool:
    try:
        proof = signing.loads(request.POST.get("proof", ""), salt=_SALT, max_age=_TRIED_FOR)
    except signing.BadSignature:
        return False
    return bool(proof == _digest(boxes))


def _digest(boxes: list[Box]) -> str:
    entries = "\0".join("\n".join(box.entries.patterns) for box in boxes)
    return hashlib.sha256(entries.encode()).hexdigest()


urlpatterns = [path("words/", lists, name="diurna_words")]
