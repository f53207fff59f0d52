"""“Ready to switch”: what is to be done before readers are sent from the old site to this one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diurna.importers.models import Decision, ImportConflict, ImportRun, MissingFile
from diurna.importers.wordpress.left_behind import absent, binned
from diurna.newsroom.generic_names import is_generic_name
from diurna.newsroom.models import Article, Contributor, Photograph, Section
from diurna.newsroom.models.settings import NavigationItem, NewsroomSettings

# What WordPress calls the category of those that have none, in the languages seen most.
DEFAULT_SECTIONS: Final = frozenset({"uncategorized", "uncategorised", "news", "general"})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing: whether it is done, in a sentence, and where to do it (empty for nowhere)."""

    subject: str
    well: bool
    sentence: str
    link: str = ""


def checks() -> list[Check]:
    """All checks, in the order in which they are best done."""
    every: tuple[Callable[[], Check], ...] = (
        _failed, _conflicts, _gone, _missing, _names, _alt_texts, _sections, _drafts, _navigation,
        _looks, _address, _mail, _span,
    )  # fmt: skip
    return [check() for check in every]


def last_run() -> ImportRun | None:
    """The last import that still stands; rehearsals do not count."""
    return (
        ImportRun.objects.filter(dry_run=False, undone_at=None)
        .order_by("-started_at", "-pk")
        .first()
    )


def _failed() -> Check:
    subject = _("The last import")
    run = last_run()
    if run is None:
        return Check(subject, False, _("Nothing was imported yet."), reverse("diurna_imports"))
    link = reverse("diurna_import_run", args=[run.pk])
    if run.finished_at is None:
        return Check(subject, False, _("It did not come to its end; start it again."), link)
    number = run.counts.get("failed", 0)
    if not number:
        return Check(subject, True, _("No item failed."), link)
    words = ngettext("%(n)d item failed.", "%(n)d items failed.", number) % {"n": number}
    return Check(subject, False, words, f"{link}?outcome=failed")


def _conflicts() -> Check:
    number = ImportConflict.objects.filter(decision=Decision.OPEN).count()
    words = ngettext(
        "%(n)d page waits for a decision.", "%(n)d pages wait for a decision.", number
    ) % {"n": number}
    return Check(
        _("Conflicts"),
        not number,
        words if number else _("None is open."),
        reverse("diurna_import_conflicts"),
    )


def _gone() -> Check:
    """What the old site has taken away since an earlier import brought it."""
    subject = _("Taken away on the old site")
    run = last_run()
    if run is None:
        return Check(subject, True, _("Nothing was imported yet."))
    link = reverse("diurna_import_run", args=[run.pk])
    in_bin, not_there = binned(run).count(), absent(run).count()
    if not in_bin + not_there:
        return Check(subject, True, _("Nothing of it is public here."), link)
    words = _(
        "Still public here: %(bin)d that are in its bin or left out, %(absent)d that the last"
        " export lacks."
    ) % {"bin": in_bin, "absent": not_there}
    return Check(subject, False, words, f"{link}?outcome=skipped" if in_bin else link)


def _missing() -> Check:
    number = MissingFile.objects.count()
    words = ngettext("%(n)d file is missing.", "%(n)d files are missing.", number) % {"n": number}
    return Check(
        _("Files of the old site"),
        not number,
        words if number else _("All of them came."),
        reverse("diurna_import_missing"),
    )


def _names() -> Check:
    people = Contributor.objects.filter(bylines__isnull=False).distinct()
    found = [name for name in people.values_list("name", flat=True) if is_generic_name(name)]
    words = _("By-lines name nobody: %(names)s.") % {"names": ", ".join(found[:5])}
    return Check(
        _("Names"),
        not found,
        words if found else _("Every by-line names somebody."),
        reverse("diurna_import_people"),
    )


def _alt_texts() -> Check:
    number = Photograph.objects.filter(description="").count()
    words = ngettext(
        "%(n)d picture has no description.", "%(n)d pictures have no description.", number
    ) % {"n": number}
    return Check(
        _("Pictures"),
        not number,
        words if number else _("Every picture is described."),
        reverse("diurna_import_pictures"),
    )


def _sections() -> Check:
    titles = Section.objects.values_list("title", flat=True)
    found = [title for title in titles if title.casefold() in DEFAULT_SECTIONS]
    words = _("Better give these another name, or merge them: %(names)s.") % {
        "names": ", ".join(found)
    }
    return Check(
        _("Sections"),
        not found and bool(titles),
        words if found else _("Each has a name of its own.") if titles else _("There is none."),
        reverse("diurna_import_sections"),
    )


def _drafts() -> Check:
    waiting = Q(live=False) | Q(has_unpublished_changes=True)
    number = Article.objects.filter(waiting, public_revisions=None).count()
    words = ngettext("%(n)d draft waits.", "%(n)d drafts wait.", number) % {"n": number}
    return Check(
        _("Drafts"),
        True,
        words if number else _("None waits."),
        reverse("wagtailadmin_explore_root"),
    )


def _navigation() -> Check:
    found = dict(NavigationItem.objects.values_list("place").annotate(Count("pk")).order_by())
    words = _("%(head)d links at the head, %(foot)d at the foot.") % {
        "head": found.get("head", 0),
        "foot": found.get("foot", 0),
    }
    return Check(_("Navigation"), bool(found), words, _settings_address())


def _looks() -> Check:
    about = NewsroomSettings.current()
    absent = [
        word
        for word, value in (
            (_("a motto or a logo"), about.motto or about.logo_id),
            (_("a description"), about.description),
            (_("a publisher"), about.publisher),
            (_("a contact address"), about.contact),
        )
        if not value
    ]
    words = _("Still to be set: %(words)s.") % {"words": ", ".join(absent)}
    return Check(
        _("Name and looks"),
        not absent,
        words if absent else _("All is set."),
        _settings_address(),
    )


def _address() -> Check:
    parts = urlsplit(settings.DIURNA_SITE_URL)
    host = parts.hostname or ""
    local = host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")
    well = parts.scheme == "https" and not local
    words = (
        _("This site is %(address)s.")
        if well
        else _("SITE_URL is %(address)s; set it to the public https address.")
    ) % {"address": settings.DIURNA_SITE_URL}
    return Check(_("Address"), well, words)


def _mail() -> Check:
    kind = settings.EMAIL_BACKEND.split(".")[-2]
    well = kind not in {"filebased", "console", "locmem", "dummy"}
    words = _("Mail is sent.") if well else _("No mail is sent yet; set EMAIL_URL.")
    return Check(_("Mail"), well, words)


def _span() -> Check:
    live = Article.objects.live().exclude(first_published_at=None).order_by("first_published_at")
    oldest, newest = live.first(), live.last()
    subject = _("Articles")
    if oldest is None or newest is None:
        return Check(subject, False, _("None is public."))
    number = live.count()
    words = ngettext(
        "%(n)d is public, from %(oldest)s.",
        "%(n)d are public, from %(oldest)s to %(newest)s.",
        number,
    ) % {
        "n": number,
        "oldest": f"{oldest.first_published_at:%Y-%m-%d}",
        "newest": f"{newest.first_published_at:%Y-%m-%d}",
    }
    return Check(subject, True, words, reverse("wagtailadmin_explore_root"))


def _settings_address() -> str:
    return reverse("wagtailsettings:edit", args=["newsroom", "newsroomsettings"])
