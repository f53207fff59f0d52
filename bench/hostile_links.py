"""Texts that are made to be slow to find links in."""

from collections.abc import Iterator


def hostile_links(size: int) -> Iterator[tuple[str, str]]:
    """Name and text of each; `size` is their length in bytes of UTF-8, about."""
    for name, part in {
        "no link": "a",
        "short addresses": "http://a.example ",
        "addresses that differ": "".join(f"http://a{number}.example/ " for number in range(997)),
        "schemes alone": "https://",
        "www alone": " www.a",
        "hosts in other scripts": "http://éé.example ",
        "hosts in disguise": "http://ａ.example ",
        "labels": "a.",
        "Markdown links": "[a](http://a.example) ",
        "brackets": "[",
        "brackets that close": "](",
        "angle brackets": "<http://a.example> ",
        "stars": "*a ",
        "back ticks": "`",
        "ampersands": "&",
        "quotes in quotes": "> ",
        "joiners": "a\u200d",
        "at signs": "a@",
    }.items():
        yield name, part * (size // len(part.encode()))
    begin = "http://a.example/"
    yield "one address", begin + "a" * size
    yield "one address of full stops", begin + "." * size
    yield "one address of brackets", begin + "(" * (size // 2) + ")" * (size // 2)
    yield "one address of signs", begin + "%" * size
    yield "one host", "http://" + "a." * (size // 2)
    yield "marks on one letter", "a" + "\u0301" * (size // 2)
