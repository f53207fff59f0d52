"""Texts that are made to be slow to search, and a list of words to search them for."""

import random
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

WORDS: Final = 10_000
_SYLLABLES: Final = "ba be bi bo bu da de di do du ka ke ki ko ku ra re ri ro ru".split()
_HAN: Final = [chr(number) for number in range(0x4E00, 0x4E40)]


def word_list(count: int = WORDS) -> list[str]:
    """So many entries: words, rows of words, beginnings, and words of scripts without spaces."""
    made = dict.fromkeys(_entry(number) for number in range(3 * count))
    return list(islice(made, count))


def _entry(number: int) -> str:
    rng = random.Random(number)  # noqa: S311  (a list, no secret)
    word = "".join(rng.choices(_SYLLABLES, k=rng.randint(3, 5)))
    match number % 10:
        case 0 | 1:
            return f"{word}*"
        case 2:
            return f"{word} {''.join(rng.choices(_SYLLABLES, k=2))}"
        case 3:
            return "".join(rng.choices(_HAN, k=rng.randint(2, 4)))
        case 4:
            # Each of these begins like the others.
            return "a " * rng.randint(2, 30) + word[:4]
        case 5:
            return "".join(chr(ord("а") + ord(char) - ord("a")) for char in word)
        case _:
            return word


def hostile_texts(size: int) -> Iterator[tuple[str, str]]:
    """Name and text of each; `size` is their length in bytes of UTF-8, about."""
    words = word_list()
    plain = [word.rstrip("*") for word in words if word.isascii()]
    near = [f"{word[:-1]}{'x' if word[-1] != 'x' else 'y'}" for word in plain]
    numbered = [f"{word}{number}" for number, word in zip(range(10 * WORDS), cycle(plain))]
    yield "one letter", _filled("a", size)
    yield "one letter, apart", _filled("a ", size)
    yield "letters apart by dots", _filled("i.d.i.o.t..", size)
    yield "one giant word", _filled("babebi", size)
    yield "joiners", _filled("b\u200da\u200c", size)
    yield "invisible", _filled("\u200b\u00ad", size)
    yield "marks on one letter", "a" + _filled("\u0301\u0316\u0335", size)
    yield "three marks on each letter", _filled("a\u0301\u0316\u0335", size)
    yield "accents that compose", _filled("e\u0301 ", size)
    yield "letters of Hangul apart", _filled("\u1112\u1161\u11ab", size)
    yield "words squared into one", _filled("\u3316\u337f\ufdfa", size)
    yield "Arabic with points", _filled("ك\u064eل\u0652ب ", size)
    yield "capitals that grow", _filled("İßﬃ", size)
    yield "mathematical letters", _filled("𝖎𝖉𝖎𝖔𝖙 ", size)
    rng = random.Random(1)  # noqa: S311  (texts, no secret)
    yield "Han", _filled("".join(rng.choices(_HAN, k=997)), size)
    yield "Han, near misses", _filled("".join(w[:-1] for w in words if w[0] >= "一"), size)
    yield "Thai", _filled("ไอ้บ้านี่", size)
    yield "near misses of all words", _filled(" ".join(near) + " ", size)
    yield "all words", _filled(" ".join(plain) + " ", size)
    yield "beginnings", _filled(" ".join(numbered) + " ", size)
    yield "words that differ", _filled(" ".join(_different(size)) + " ", size)
    yield "rows that nearly end", _filled("a " * 29 + "b ", size)
    yield "drawn out", _filled("baaabeeebiii ", size)
    yield "drawn out, each another way", _filled(" ".join(_drawn(size)) + " ", size)
    yield "digits for letters", _filled("b4b3b1 ", size)
    yield "digits, each another word", _filled(" ".join(_leet(size, plain)) + " ", size)
    yield "signs", _filled("@$!|", size)
    yield "signs and words", _filled("b@b! ", size)
    yield "letters of three scripts", _filled("аbсοрх ", size)
    yield "accents on all letters", _filled("bábébí ", size)
    yield "punctuation", _filled(".-_*", size)
    yield "spaces", _filled(" ", size)
    yield "every character there is", _all_characters(size)


def _filled(part: str, size: int) -> str:
    length = len(part.encode())
    return part * (size // length) if length <= size else part[: size * len(part) // length]


def _different(size: int) -> Iterator[str]:
    rng = random.Random(2)  # noqa: S311  (texts, no secret)
    return ("".join(rng.choices("bdkraeiou", k=6)) for _word in range(size // 7))


def _drawn(size: int) -> Iterator[str]:
    rng = random.Random(3)  # noqa: S311  (texts, no secret)
    for _word in range(size // 34):
        yield "".join(char * rng.randint(3, 8) for char in "babebi")


def _leet(size: int, words: list[str]) -> Iterator[str]:
    shapes = str.maketrans("aeio", "4310")
    made = 0
    for word in cycle(words):
        for keep in range(1, 9):
            yield word[:-keep].translate(shapes) + word[-keep:]
            made += len(word) + 1
            if made > size:
                return


def _all_characters(size: int) -> str:
    """As many different ones as there is room for, spread over all that are in use."""
    every = max(4 * 0x30000 // size, 1)
    return "".join(chr(n) for n in range(0x20, 0x30000, every) if not 0xD800 <= n < 0xE000)
