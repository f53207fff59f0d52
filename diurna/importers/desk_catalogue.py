"""What an import leaves to tidy at the desk: people, sections, pictures."""

from typing import Final, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.permissions import policy_registry

from diurna.common.errors import DiurnaError
from diurna.importers.desk import editor_of, for_editors, one_batch
from diurna.importers.models import ImportRecord
from diurna.newsroom.generic_names import is_generic_name
from diurna.newsroom.merging import merge_contributors, merge_sections, similar_contributors
from diurna.newsroom.models import Contributor, Photograph, Section

# Moving a story takes some hundredths of a second; so many are moved for one press of the button.
MOVES_A_REQUEST: Final = 100
MAX_DESCRIPTION: Final = 255
PICTURES_A_PAGE: Final = 20

Thing = TypeVar("Thing", Contributor, Section, Photograph)


@require_http_methods(["GET", "POST"])
@for_editors
def people(request: HttpRequest) -> HttpResponseBase:
    """People who may be one, and a form to make one of any two."""
    if request.method == "POST":
        return _merge_people(request)
    everybody = list(Contributor.objects.annotate(stories=Count("bylines")).order_by("name"))
    stories = {one.pk: one.stories for one in everybody}
    pairs = [
        (one, stories[one.pk], other, stories[other.pk])
        for one, other in similar_contributors(everybody)
    ]
    return render(
        request,
        "importers/desk/people.html",
        {
            "batch": one_batch(request, pairs),
            "everybody": everybody,
            "generic": [one for one in everybody if one.stories and is_generic_name(one.name)],
        },
    )


def _merge_people(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("newsroom.change_contributor"):
        raise PermissionDenied
    keep = _chosen(Contributor, request.POST.get("keep", ""))
    merge = _chosen(Contributor, request.POST.get("merge", ""))
    if keep is None or merge is None:
        messages.error(request, _("Please choose two people."))
        return redirect("diurna_import_people")
    name = merge.name
    try:
        with transaction.atomic():
            # Before the row goes, so that the next import finds the person who was kept.
            records = ImportRecord.objects.filter(contributor=merge)
            records.update(contributor=keep, is_made=False)
            merge_contributors(keep=keep, merge=merge, actor=editor_of(request))
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("“%(merged)s” is now “%(kept)s”.") % {"merged": name, "kept": keep.name},
        )
    return redirect("diurna_import_people")


@require_http_methods(["GET", "POST"])
@for_editors
def sections(request: HttpRequest) -> HttpResponseBase:
    """All sections, to rename, and a form to merge one into another."""
    if request.method == "POST":
        return _merge_sections(request)
    rows = [
        (section, section.get_descendants().filter(content_type__model="article").count())
        for section in Section.objects.order_by("path")
    ]
    return render(
        request,
        "importers/desk/sections.html",
        {
            "rows": rows,
            "source": request.GET.get("source", ""),
            "target": request.GET.get("target", ""),
        },
    )


def _merge_sections(request: HttpRequest) -> HttpResponse:
    source = _chosen(Section, request.POST.get("source", ""))
    target = _chosen(Section, request.POST.get("target", ""))
    if source is None or target is None:
        messages.error(request, _("Please choose two sections."))
        return redirect("diurna_import_sections")
    pk, title = source.pk, source.title
    records = list(ImportRecord.objects.filter(page_id=pk).values_list("pk", flat=True))
    try:
        left = merge_sections(
            source=source, target=target, actor=editor_of(request), limit=MOVES_A_REQUEST
        )
    except DiurnaError as error:
        messages.error(request, str(error))
        return redirect("diurna_import_sections")
    if left:
        words = ngettext(
            "%(n)d page is left in “%(title)s”; press Merge again.",
            "%(n)d pages are left in “%(title)s”; press Merge again.",
            left,
        )
        messages.warning(request, words % {"n": left, "title": title})
        address = reverse("diurna_import_sections")
        return redirect(f"{address}?source={pk}&target={target.pk}")
    # The next import brings new stories where the old ones went.
    ImportRecord.objects.filter(pk__in=records).update(page=target, is_made=False)
    messages.success(
        request,
        _("“%(source)s” is part of “%(target)s” now.") % {"source": title, "target": target.title},
    )
    return redirect("diurna_import_sections")


@require_http_methods(["GET", "POST"])
@for_editors
def pictures(request: HttpRequest) -> HttpResponseBase:
    """Pictures without a description, each with a field for one."""
    if request.method == "POST":
        return _describe(request)
    found = Photograph.objects.filter(description="").order_by("-pk")
    return render(
        request,
        "importers/desk/pictures.html",
        {"batch": one_batch(request, found, PICTURES_A_PAGE), "longest": MAX_DESCRIPTION},
    )


def _describe(request: HttpRequest) -> HttpResponse:
    picture = _chosen(Photograph, request.POST.get("picture", ""))
    may_change = policy_registry.get_by_type(Photograph).user_has_permission_for_instance
    if picture and not may_change(request.user, "change", picture):
        raise PermissionDenied
    words = " ".join(request.POST.get("description", "").split())
    if picture is None:
        messages.error(request, _("This picture was deleted meanwhile."))
    elif not words or len(words) > MAX_DESCRIPTION:
        messages.error(request, _("Please describe the picture in up to 255 characters."))
    else:
        picture.description = words
        picture.save(update_fields=["description"])
        messages.success(request, _("“%(title)s” is described.") % {"title": picture.title})
    page = request.POST.get("p", "")
    address = reverse("diurna_import_pictures")
    return redirect(f"{address}?p={page}" if page.isdecimal() else address)


def _chosen(model: type[Thing], number: str) -> Thing | None:
    return model._default_manager.filter(pk=number).first() if number.isdecimal() else None
