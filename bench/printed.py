"""Gives a bench that only prints the common header, and `--json FILE`.

python -m bench.printed NAME [ARGUMENTS...] [--json FILE]
"""

import argparse
import subprocess
import sys
from typing import Final

from bench.header import Header
from bench.homes import ROOT
from bench.result import Result, json_option, write

MODULES: Final = {
    "comments": ("comments", "What does a thread cost: processor time and queries?"),
    "gate": ("gate", "How long does a writer wait at most, with sixteen writing to SQLite?"),
    "import": ("importing", "How fast does an export of WordPress come in, with how much memory?"),
    "ledger": ("ledger", "What does a batch cost the log at any size, and to check it all?"),
    "spam": ("spam", "What does the spam filter cost, and how good is it?"),
    "verify": ("verify", "How long does `diurna verify` take for a large log?"),
    "votes": ("votes", "How many votes a second, each committed before it is answered?"),
    "words": ("words", "What do rules about words cost, for hostile texts?"),
}


def main() -> None:
    """Run it, show what it prints as it comes, and write it down where a file is named."""
    parser = argparse.ArgumentParser(prog="bin/bench", add_help=False)
    parser.add_argument("name", choices=MODULES)
    json_option(parser)
    asked, rest = parser.parse_known_args()
    header = Header.now()
    module, question = MODULES[asked.name]
    printed: list[str] = []
    sys.stdout.write("\n".join(["", *header.lines(), "", ""]))
    sys.stdout.flush()
    with subprocess.Popen(
        [sys.executable, "-m", f"bench.{module}", *rest],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as bench:
        assert bench.stdout is not None
        for line in bench.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            printed.append(line.rstrip())
    if bench.returncode == 0 and asked.json is not None:
        write(Result(asked.name, question, printed=printed), header, asked.json)
    sys.exit(bench.returncode)


if __name__ == "__main__":
    main()
