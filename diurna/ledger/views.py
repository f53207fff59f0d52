"""The log at its public addresses, for any tool that knows c2sp.org/tlog-tiles.

Public data for everybody: no cookie, any origin may read it, and what never changes may be kept for
ever.
"""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response, set_response_etag

from diurna.common.errors import Missing
from diurna.ledger import reading
from diurna.ledger.models import Log
from diurna.ledger.tiles import TILE_WIDTH, TileAddress, TileError
from diurna.ledger.tree import HASH_SIZE

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
_FOR_EVER = "public, max-age=31536000, immutable"
# A partial tile never changes either, but nobody needs it once the next checkpoint is out.
_FOR_A_DAY = "public, max-age=86400"
_FOR_A_MOMENT = "public, max-age=2, must-revalidate"

View = Callable[..., HttpResponse]


def _public(view: Callable[..., HttpResponse]) -> View:
    """The view for GET and HEAD, with a validator, readable from any origin."""

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        log = reading.active_log()
        if log is None:
            raise Http404("This newsroom has no log yet.")
        response = view(log, **named)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        set_response_etag(response)
        known = get_conditional_response(request, etag=response.headers["ETag"], response=response)
        if known is None:
            return response
        known.headers["Access-Control-Allow-Origin"] = "*"
        return known

    return answer


def _respond(content: str | bytes, kind: str, cache: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": cache})


@_public
def checkpoint(log: Log) -> HttpResponse:
    """The last checkpoint, signed."""
    return _respond(reading.latest_checkpoint(log).note, TEXT, _FOR_A_MOMENT)


@_public
def key(log: Log) -> HttpResponse:
    """The key that signs checkpoints now, in the form that verifiers take."""
    return _respond(f"{log.verifier_key}\n", TEXT, _FOR_A_MOMENT)


@_public
def announcement(log: Log, number: str) -> HttpResponse:
    """A note of the key before about a new key or address, counted from 1."""
    row = log.announcements.filter(number=int(number)).first()
    if row is None:
        raise Http404("There is no such announcement.")
    return _respond(row.note, TEXT, _FOR_A_MOMENT)


@_public
def tile(log: Log, address: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries."""
    try:
        wanted = TileAddress.parse(f"tile/{address}")
        content = reading.tile(log, wanted)
    except (TileError, Missing) as error:
        raise Http404(str(error)) from error
    return _respond(content, BYTES, _FOR_EVER if wanted.width == TILE_WIDTH else _FOR_A_DAY)


def nothing_here(_request: HttpRequest) -> HttpResponse:
    """What looks like an address of the log and is none."""
    raise Http404("The log has nothing at this address.")


@_public
def proof(log: Log, leaf: str) -> HttpResponse:
    """The offline proof of the entry with this leaf hash (64 hexadecimal digits)."""
    try:
        found = reading.proof_of(log, bytes.fromhex(leaf)[:HASH_SIZE])
    except Missing as error:
        raise Http404(str(error)) from error
    response = _respond(str(found), TEXT, _FOR_A_MOMENT)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.index}.tlog-proof"'
    return response
