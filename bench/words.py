"""What rules about words and links cost for texts that are made to be slow: 1 MB each.

    bin/bench words [BYTES]      1,000,000 if not given; what a reader may send is 5,000 characters

Two lists of 10,000 entries in all: words, beginnings, rows of words, and words of scripts without
spaces. First all of each text is searched, although no comment gets so far; then it is taken as a
comment is. Processor time, the best of three runs.
"""

import sys
import time
from collections.abc import Callable
from typing import Final

from bench.hostile_links import hostile_links
from bench.hostile_words import WORDS, hostile_texts, word_list
from diurna.common.comment_text import render
from diurna.moderation.word_matching import Matcher, read_pattern

SIZE: Final = 1_000_000
REPEATS: Final = 3
TARGET: Final = 0.1
OWN_HOSTS: Final = frozenset({"bench.example"})


def main() -> None:
    """Print the figures."""
    size = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else SIZE
    begun = time.process_time()
    matcher = Matcher((word, read_pattern(word)) for word in word_list())
    _say(f"{WORDS:,} entries made ready in {time.process_time() - begun:.2f} s of processor time\n")
    _say(f"{'words':34} {'characters':>10} {'ms':>7} {'found':>7}")
    took = [
        _line(name, text, lambda t: len(matcher.found(t))) for name, text in hostile_texts(size)
    ]
    _say(f"\n{'links':34} {'characters':>10} {'ms':>7} {'found':>7}")
    took += [_line(name, text, _links) for name, text in hostile_links(size)]
    _say(f"\n{'both, a text of that size sent':34} {'characters':>10} {'ms':>7} {'found':>7}")
    texts = [*hostile_texts(size), *hostile_links(size)]
    sent = [_line(name, text, lambda t: _as_sent(matcher, t)) for name, text in texts]
    _say(f"\nsent, the slowest: {max(sent) * 1000:.0f} ms; searched whole:")
    slow, worst = sum(each > TARGET for each in took), 1000 * max(took)
    _say(f"above {TARGET * 1000:.0f} ms: {slow} of {len(took)}; the slowest {worst:.0f} ms")


def _links(text: str) -> int:
    return len(render(text, own_hosts=OWN_HOSTS).links)


def _as_sent(matcher: Matcher[str], text: str) -> int:
    """As a comment goes: cut where no comment is so long, read as Markdown, then searched."""
    shown = render(text, own_hosts=OWN_HOSTS)
    return sum(len(matcher.found(each)) for each in (shown.plain, *shown.links))


def _line(name: str, text: str, count: Callable[[str], int]) -> float:
    best = float("inf")
    for _run in range(REPEATS):
        begun = time.process_time()
        found = count(text)
        best = min(best, time.process_time() - begun)
    _say(f"{name:34} {len(text):10,} {1000 * best:7.1f} {found:7,}")
    return best


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
