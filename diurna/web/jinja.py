"""Templates of the pages that readers ask for most, drawn by Jinja2.

It takes a quarter to a tenth of the time of Django's templates, and an article that nobody has kept
spends most of its time there (docs/decisions/articles-drawn-by-jinja.md). The files end in
`.jinja`; what they say to people is written as in Django's templates, with `{% translate %}` and
`{% blocktranslate %}`, so that the same tool collects it. There is an environment for each
language, and a sentence is looked up once, when the file is read, and not for each page.

What a file includes by name is put in its place when it is read, too: an `include` costs as much as
ten lines of a template, and a list has five for each of its stories.
"""

import builtins
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # not in the stubs
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer
from markupsafe import escape

from diurna.common.routes import address

_TEMPLATES: Final = Path(__file__).parent / "templates"
_PLACE: Final = re.compile(r"%\((\w+)\)s")
_LINE: Final = re.compile(r"\s*\n\s*")


def draw(name: str, /, **inputs: Any) -> SafeString:
    """The template with these inputs, in the language that is active.

    Everything is escaped but what is marked as safe.
    """
    text = environment(get_language()).get_template(name).render(inputs)
    return mark_safe(text)  # noqa: S308  (the template escapes)


@cache
def environment(language: str | None) -> Environment:
    """The templates with their sentences in one language; it has to be active while they load."""
    # Those who draw pages know these filters from Django's templates.
    from diurna.web.templatetags import reader

    made = _Environment(
        loader=FileSystemLoader(_TEMPLATES),
        extensions=[Translate, BlockTranslate],
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        auto_reload=settings.DEBUG,
    )
    made.globals |= {"url": address, "_": gettext, "picture_of": reader.picture_of}
    made.filters |= {
        "day": _in_this_zone(reader.day),
        "minute": _in_this_zone(reader.minute),
        "weekday": _in_this_zone(reader.weekday),
        "machine_time": reader.machine_time,
        "net": reader.net,
        "rich": reader.rich,
        "intcomma": intcomma,
    }
    return made


class _Environment(Environment):
    # Objects have attributes here and nothing else has; one that is not there is an error.
    getattr = staticmethod(builtins.getattr)  # type: ignore[assignment]  # the same, with C's speed

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = super()._parse(source, name, filename)
        # While somebody writes templates, a file that changed is to be seen in all that include it.
        return parsed if self.auto_reload else _Included(self).visit(parsed)

    def parsed(self, name: str) -> nodes.Template:
        """What the file of this name is made of, with what it includes."""
        assert self.loader is not None
        source, filename, _is_current = self.loader.get_source(self, name)
        return self._parse(source, name, filename)


class _Included(NodeTransformer):
    """Puts the files that are included by name in the place of their `{% include %}`."""

    def __init__(self, environment: _Environment) -> None:
        self._environment = environment

    def visit_Include(self, node: nodes.Include) -> nodes.Node:
        """What is in the file; what is set there stays there, as in one that is included."""
        if not isinstance(node.template, nodes.Const) or not node.with_context:
            return node
        body = self._environment.parsed(node.template.value).body
        return nodes.Scope(body, lineno=node.lineno)


class Translate(Extension):
    """`{% translate "…" %}`: the sentence in the language of the environment, as it is."""

    tags = {"translate"}

    def parse(self, parser: Parser) -> nodes.Node:
        """The sentence as text of the template."""
        line = next(parser.stream).lineno
        said = gettext(parser.stream.expect("string").value)
        return nodes.Output([nodes.TemplateData(said, lineno=line)], lineno=line)


class BlockTranslate(Extension):
    """`{% blocktranslate … %}…{% plural %}…{% endblocktranslate %}`: `with`, `count`, `trimmed`.

    Values are escaped, the sentence is not, as Django has it.
    """

    tags = {"blocktranslate"}

    def parse(self, parser: Parser) -> nodes.Node:
        """The sentence with its values; which form of two is said is decided when it is drawn."""
        line = next(parser.stream).lineno
        values, count, is_trimmed = self._options(parser)
        ends = ("name:plural", "name:endblocktranslate")
        one = _message(parser.parse_statements(ends), is_trimmed)
        many = ""
        if next(parser.stream).value == "plural":
            many = _message(parser.parse_statements(ends[1:], drop_needle=True), is_trimmed)
        if count is None:
            return nodes.Output(list(_parts(gettext(one), values, line)), lineno=line)
        named = {*_PLACE.findall(one), *_PLACE.findall(many)}
        given = nodes.Dict(
            [nodes.Pair(nodes.Const(name), _value(name, values)) for name in sorted(named)]
        )
        arguments = [nodes.Const(one), nodes.Const(many), count, given]
        said = nodes.MarkSafe(self.call_method("_counted", arguments))
        return nodes.Output([said], lineno=line)

    def _counted(self, one: str, many: str, count: int, values: Mapping[str, Any]) -> str:
        safe = {name: escape(value) for name, value in values.items()}
        return ngettext(one, many, count) % safe

    def _options(self, parser: Parser) -> tuple[dict[str, nodes.Expr], nodes.Expr | None, bool]:
        values: dict[str, nodes.Expr] = {}
        count: nodes.Expr | None = None
        counts = is_trimmed = False
        stream = parser.stream
        while stream.current.type != "block_end":
            name = stream.expect("name").value
            # A value may have the name of an option, too.
            is_option = not stream.skip_if("assign")
            if is_option:
                is_trimmed = is_trimmed or name == "trimmed"
                counts = name == "count"
            else:
                values[name] = parser.parse_expression(with_condexpr=False)
                if counts:
                    count, counts = values[name], False
        return values, count, is_trimmed


def _message(body: list[nodes.Node], is_trimmed: bool) -> str:
    """The sentence as it is collected, with `%(name)s` for the values."""
    parts = [part for output in body for part in getattr(output, "nodes", [output])]
    found = []
    for part in parts:
        if isinstance(part, nodes.TemplateData):
            found.append(part.data.replace("%", "%%"))
        elif isinstance(part, nodes.Name):
            found.append(f"%({part.name})s")
        else:
            raise TypeError(f"Only names may stand in a sentence to be translated, not {part}.")
    text = "".join(found)
    return _LINE.sub(" ", text.strip()) if is_trimmed else text


def _parts(said: str, values: Mapping[str, nodes.Expr], line: int) -> Iterator[nodes.Expr]:
    # The groups of the pattern alternate with what stands between them.
    for place, part in enumerate(_PLACE.split(said)):
        if place % 2:
            yield _value(part, values)
        elif part:
            yield nodes.TemplateData(part.replace("%%", "%"), lineno=line)


def _value(name: str, values: Mapping[str, nodes.Expr]) -> nodes.Expr:
    return values.get(name) or nodes.Name(name, "load")


def _in_this_zone(written: Callable[[Any], str]) -> Callable[[Any], str]:
    """The filter for moments of any zone, as Django has it for those that expect a local one."""
    return lambda moment: written(template_localtime(moment))
