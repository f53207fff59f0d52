"""Which threads name an account."""

from diurna.accounts.models import User
from diurna.comments.models import Comment


def threads_naming(user: User) -> set[str]:
    """The surrogate keys of the threads in which it has written something that readers see."""
    written = Comment.objects.on_page().filter(user=user).order_by()
    articles = written.values_list("thread__article__uuid", flat=True).distinct()
    keys = {f"thread-{name}" for name in articles}
    # The feed of all comments, too.
    return keys | {"comments"} if keys else keys
