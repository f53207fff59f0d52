"""One comment with all that is held of it, ready for JSON."""

from typing import Any

from diurna.comments.models import Comment, Contact
from diurna.web.addresses import page_address
from diurna.web.comment_said import history


def export_of(comment: Comment) -> dict[str, Any]:
    """Words, names, addresses, state and history of a comment; times are UTC (ISO 8601)."""
    article = comment.thread.article
    contact = Contact.objects.filter(comment=comment).first()
    return {
        "id": str(comment.uuid),
        "article": {"title": article.title, "url": page_address(article)},
        "answers": str(comment.answers.uuid) if comment.answers is not None else None,
        "name": comment.name,
        "email": contact.email if contact is not None else "",
        "website": comment.website,
        "body": comment.body,
        "html": comment.html,
        "gif": comment.gif_alt,
        "state": comment.state,
        "written_at": comment.created_at,
        "published_at": comment.published_at,
        "edited_at": comment.edited_at,
        "history": [
            {
                "at": event.at,
                "what": event.what,
                "by": event.by,
                "rule": event.rule,
                "reason": event.reason,
            }
            for event in history(comment)
        ],
    }
