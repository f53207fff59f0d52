# Makes .venv with what a command needs. Read by the commands in bin/ with `.`; POSIX sh.
#
#   . "$(dirname "$0")/lib/setup.sh"
#   setup server      what `diurna serve` needs
#   setup dev         that, and what tests and checks need
#
# Nothing is installed when nothing changed. Set DIURNA_SETUP_VERBOSE=1 to watch the installer.

set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
venv=$root/.venv
log=$root/.venv.log

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

# The first Python on the PATH that is new enough, or nothing.
find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s' "$candidate"
            return
        fi
    done
}

make_venv() {
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python '>=3.11' "$venv" 2>"$log" || explain "a virtual environment"
        return
    fi
    python=$(find_python)
    [ -n "$python" ] || fail "Python 3.11 or newer is needed and was not found; install it (Debian and Ubuntu: apt install python3 python3-venv), or install uv, which brings its own."
    "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
        fail "This Python has no venv module; install it (Debian and Ubuntu: apt install python3-venv), or install uv."
    "$python" -m venv --clear "$venv" >"$log" 2>&1 || explain "a virtual environment"
}

# One sentence about why the installer failed, from what it said.
explain() {
    if grep -qiE 'name resolution|resolve host|dns error|network is unreachable|connection (refused|reset)|failed to establish|error sending request|timed out|proxyerror|could not connect' "$log"; then
        fail "Installing $1 needs the network, which does not answer; connect this machine and try again (what the installer said is in $log)."
    fi
    if grep -qiE 'no space left' "$log"; then
        fail "The disk is full; make room (about 600 MB) and try again."
    fi
    if grep -qiE 'hash' "$log" && grep -qiE 'mismatch|do not match' "$log"; then
        fail "A package is not the one that was locked (its hash differs), so it was not installed; look at $log before trying again."
    fi
    if grep -qiE 'no matching distribution|no wheels|has no usable wheels|not a supported wheel|no solution found|unsatisfiable|no binary' "$log"; then
        fail "Some packages have no build for this system ($(uname -s) $(uname -m)); use Linux or macOS on x86-64 or ARM64 with Python 3.11 to 3.14 (which ones: $log)."
    fi
    tail -n 5 "$log" >&2
    fail "Installing $1 failed; the whole story is in $log."
}

install() {
    if command -v uv >/dev/null 2>&1; then
        set -- uv pip install --python "$venv/bin/python" --compile-bytecode "$@"
    else
        # An environment that uv made has no pip of its own.
        "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >"$log" 2>&1 || return 1
        set -- "$venv/bin/python" -m pip install --disable-pip-version-check --no-input "$@"
    fi
    if [ -n "${DIURNA_SETUP_VERBOSE:-}" ]; then
        "$@" 2>&1 | tee "$log" || return 1
    else
        "$@" >"$log" 2>&1
    fi
}

# What was installed is named by the files that ask for it, the place, and the Python.
fingerprint() {
    {
        cat "requirements/$1.txt" pyproject.toml
        printf '%s\n' "$root"
        "$venv/bin/python" -c 'import sys; print(sys.version)'
    } | cksum
}

is_current() {
    [ -f "$venv/.diurna-$1" ] && [ "$(cat "$venv/.diurna-$1")" = "$(fingerprint "$1")" ]
}

setup() {
    if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        make_venv
    fi
    # What the tests need includes what the server needs, in the same versions.
    if is_current dev || is_current "$1"; then
        return
    fi
    printf 'Installing what is needed into .venv ...\n' >&2
    install --require-hashes --only-binary :all: -r "requirements/$1.txt" ||
        explain "the packages that Diurna stands on"
    install --no-deps --no-build-isolation -e . || explain "Diurna itself"
    "$venv/bin/python" -m compileall -q diurna >/dev/null
    fingerprint "$1" >"$venv/.diurna-$1"
    rm -f "$log"
}
