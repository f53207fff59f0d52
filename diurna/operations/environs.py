"""What Granian says of a request, as the environment that WSGI has (PEP 3333).

Granian gives values of headers as text, and those with a byte that is not ASCII not at all. Such a
header is empty here: it was sent, but nobody knows what it said.
"""

import sys
from typing import Any, Final

Environ = dict[str, Any]

# What `instant` looks at.
_READY_HEADERS: Final = {
    "accept-encoding": "ACCEPT_ENCODING",
    "authorization": "AUTHORIZATION",
    "cookie": "COOKIE",
    "host": "HOST",
    "if-modified-since": "IF_MODIFIED_SINCE",
    "if-none-match": "IF_NONE_MATCH",
    "x-forwarded-proto": "X_FORWARDED_PROTO",
}


def ready_environ(scope: Any) -> Environ | None:
    """As much of a WSGI environment as `instant` looks at.

    None where the headers need a closer look: Host more than once, or values that are not ASCII.
    """
    headers = scope.headers
    items = headers.items()
    found = dict(items)
    if len(found) != len(headers):
        return None
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": _latin(scope.path),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": _host(scope.client),
        "wsgi.url_scheme": scope.scheme,
    }
    # Hardly ever is one repeated.
    for name, value in items if len(items) != len(found) else found.items():
        if name in _READY_HEADERS:
            if name == "host" and "HTTP_HOST" in environ:
                return None
            _add(environ, _READY_HEADERS[name], value)
    if "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority or ""
    return environ


def wsgi_environ(scope: Any, body: Any) -> Environ:
    """The request as PEP 3333 has it, with `body` (a binary file) as its input."""
    server, _colon, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin(scope.path),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]") or "localhost",
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_SOFTWARE": "Granian",
        "REMOTE_ADDR": _host(scope.client),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    items = scope.headers.items()
    read = {name for name, _value in items}
    if len(read) != len(scope.headers):
        items += [(name, "") for name in scope.headers if name not in read]
    for name, value in items:
        # `X_Forwarded_For` would become the same key as the header that a proxy sets.
        if "_" not in name:
            _add(environ, name.upper().replace("-", "_"), value)
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _add(environ: Environ, name: str, value: str) -> None:
    key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
    if key not in environ:
        environ[key] = value
    else:
        # Repeated headers are one list (RFC 9110, 5.3), and cookies another (RFC 9113, 8.2.3). Of
        # Host there is no list, so that no site has the name which this makes (RFC 9112, 3.2).
        environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + value


def _latin(path: str) -> str:
    # WSGI has the path's bytes, each as one character.
    return path if path.isascii() else path.encode("utf-8", "replace").decode("latin-1")


def _host(client: str) -> str:
    """The address without its port; empty where the request came by a Unix socket."""
    return client.rpartition(":")[0].strip("[]")
