"""nginx, for comparison: one worker on one core that sends one page from files."""

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.header import tool
from bench.homes import HOST
from bench.processes import LOOPBACK, pinned, started, status_of, wait_until

NAME: Final = "page.html"
# Everything that costs nginx time and is not the sending is off; what makes it faster is on.
CONFIGURATION: Final = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  default_type application/octet-stream;
  types {{ text/html html; }}
  charset utf-8;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  {cache}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen {host}:{port} backlog=1024;
    root {folder};
    gzip_static on;
  }}
}}
"""
OPEN_FILES: Final = "open_file_cache max=100 inactive=600s; open_file_cache_valid 600s;"


def available() -> bool:
    """Whether nginx is installed."""
    return bool(tool("nginx"))


@contextmanager
def serving(
    page: Mapping[str, bytes], environ: Mapping[str, str], *, port: int, core: int | None
) -> Iterator[int]:
    """nginx with the bodies of a page: `""` plain, `gzip` stored beside it; its process id."""
    folder = Path(environ["DIURNA_HOME"]) / "nginx"
    folder.mkdir()
    (folder / NAME).write_bytes(page[""])
    (folder / f"{NAME}.gz").write_bytes(page.get("gzip") or gzip.compress(page[""], 4, mtime=0))
    text = CONFIGURATION.format(folder=folder, host=LOOPBACK, port=port, cache=OPEN_FILES)
    file = folder / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    # Started by root, its worker would be another user, who may not read the folder: one process.
    command = [*pinned(core), tool("nginx"), "-p", str(folder), "-c", str(file)]
    with started(command, environ) as pid:
        wait_until(lambda: status_of(port, f"/{NAME}") == 200, f"nginx on {HOST}", environ)
        yield pid
