"""Addresses below `/account/comments/`."""

from django.urls import URLPattern, path

from diurna.web import comment_appeal, comment_own

_WAYS = {"<uuid:uuid>": "account_comment", "<str:token>": "account_comment_by_receipt"}


def _of_one(key: str, name: str) -> list[URLPattern]:
    return [
        path(f"{key}/", comment_own.comment, name=name),
        path(f"{key}/edit/", comment_own.edit, name=f"{name}_edit"),
        path(f"{key}/delete/", comment_own.delete, name=f"{name}_delete"),
        path(f"{key}/claim/", comment_own.claim, name=f"{name}_claim"),
        path(f"{key}/export/", comment_own.export, name=f"{name}_export"),
        path(f"{key}/appeal/", comment_appeal.appeal, name=f"{name}_appeal"),
    ]


urlpatterns = [
    path("", comment_own.comments, name="account_comments"),
    *(pattern for key, name in _WAYS.items() for pattern in _of_one(key, name)),
]
