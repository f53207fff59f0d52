# Finds a Chromium for the browser tests, or installs one. Read with `.` after setup.sh.

has_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    "$venv/bin/python" - >/dev/null 2>&1 <<'PYTHON'
from pathlib import Path
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    assert Path(playwright.chromium.executable_path).exists()
    playwright.chromium.launch(args=["--no-sandbox"]).close()
PYTHON
}

ensure_browser() {
    has_browser && return 0
    printf 'Installing Chromium for the browser tests ...\n' >&2
    "$venv/bin/python" -m playwright install chromium >"$log" 2>&1 && has_browser && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        {
            apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium
        } >>"$log" 2>&1
        has_browser && return 0
    fi
    return 1
}
