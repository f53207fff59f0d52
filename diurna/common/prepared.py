"""Querysets whose SQL is written once and only run afterwards.

Django writes the SQL of a queryset anew each time, from the model's fields up: for the row of an
article with what its page shows that takes a millisecond, and running it a twentieth of one. A page
asks a dozen such questions, always the same. So the ones on the way of every reader are compiled
once in a process; what differs from page to page stands in them as a `Slot`.

Nothing is kept but the text of the question: the database is asked each time. `build` must depend
on its arguments alone, since it runs once for each set of them: what time it is, or what a row
says, has to be a slot. What comes out is what `list(queryset)` gives, without prefetches; of
`values_list` that is tuples, which cost a tenth of what objects do.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import get_related_populators
from django.db.models.signals import post_init

M = TypeVar("M", bound=Model)

# More different sets of arguments than this are a mistake: each keeps its SQL for good.
MOST_FORMS: Final = 64


class Slot(Expression):
    """A place in a queryset whose value comes with each run, under this name.

    `field` says how the value is written for the database, such as `UUIDField()`. Among several,
    it stands for a column and not for a relation: `image__pk__in`, where a list of numbers would do
    for `image__in`.
    """

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A placeholder, and in the parameters what says which value comes there."""
        return "%s", [_Place(self.name, self.output_field)]


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    field: Any


class _Maker:
    """Makes objects of one model from rows, as its `from_db` does, in a fifth of the time.

    `Model.__init__` is made for whatever may be given to it, and a page reads a hundred rows. The
    first object is made by `from_db`; where it has the columns and beside them only None, the
    next ones get theirs without `__init__`.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._is_plain: bool | None = None
        self._set: tuple[str, ...] = ()
        self._empty: dict[str, None] = {}

    def from_db(self, db: str, names: Sequence[str], values: Sequence[Any]) -> Any:
        """An object with these columns, those of the query that this maker is for."""
        if not self._is_plain:
            return self._usual(db, names, values)
        made = self._model.__new__(self._model)
        state = made._state = ModelState()
        state.db, state.adding = db, False
        made.__dict__.update(self._empty)
        made.__dict__.update(zip(names, values, strict=True))
        for name in self._set:
            setattr(made, name, made.__dict__.pop(name))
        # Pictures look there whether their width is known.
        if post_init.has_listeners(self._model):
            post_init.send(sender=self._model, instance=made)
        return made

    def _usual(self, db: str, names: Sequence[str], values: Sequence[Any]) -> Any:
        made = self._model.from_db(db, names, values)
        if self._is_plain is None:
            self._set = tuple(name for name in names if _is_set(self._model, name))
            others = {name: vars(made)[name] for name in vars(made).keys() - {"_state", *names}}
            self._empty = {name: None for name, value in others.items() if value is None}
            # Of a column that was not read Django finds the value itself: a page's `id`.
            columns = {field.attname for field in self._model._meta.concrete_fields}
            self._is_plain = not others.keys() - columns - self._empty.keys()
        return made


def _is_set(model: Any, name: str) -> bool:
    """Whether something is done with a value that is put there: that of a StreamField is parsed."""
    there = getattr(model, name, None)
    # This one only forgets what was read of another row.
    return hasattr(there, "__set__") and not isinstance(there, ForeignKeyDeferredAttribute)


@dataclass(frozen=True, slots=True)
class _Written:
    """A question as one database wants it, and how its rows become objects."""

    sql: str
    parameters: list[Any]
    compiler: Any
    converters: Any
    # None where rows stay tuples.
    objects: "_Objects | None"


@dataclass(frozen=True, slots=True)
class _Objects:
    """How a row becomes an object with those it is related to."""

    maker: _Maker
    names: list[str]
    own: slice
    populators: list[Any]
    annotations: list[tuple[str, int]]
    shared: str
    shared_at: int | None


class Prepared(Generic[M]):
    """A queryset that is written once; `build(*form)` gives it, with slots for what differs.

    `shared` names a relation of `select_related` that is the same for many rows: it becomes one
    object for all that have it, and not one for each.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *, shared: str = "") -> None:
        self._build = build
        self._shared = shared
        self._written: dict[tuple[Any, ...], _Written | None] = {}

    def run(self, *form: Any, **values: Any) -> list[M]:
        """The objects of the queryset of this form, with these values in its slots; one query."""
        written = self._find(form)
        return _found(written, values) if written else []

    def first(self, *form: Any, **values: Any) -> M | None:
        """The first object, None where there is none; the queryset has to bring its own limit."""
        found = self.run(*form, **values)
        return found[0] if found else None

    def _find(self, form: tuple[Any, ...]) -> _Written | None:
        known = self._written
        if form not in known:
            if len(known) >= MOST_FORMS:
                known.clear()
            known[form] = _write(self._build(*form), self._shared)
        return known[form]


def read(queryset: QuerySet[M]) -> list[M]:
    """As `list(queryset)`, without prefetches: written anew, but its objects made as quickly.

    For a question of which there are too many forms to keep them.
    """
    try:
        written = _compiled(queryset.query.get_compiler(DEFAULT_DB_ALIAS), "")
    except EmptyResultSet:
        return []
    return _found(written, {})


def padded(values: Sequence[Any]) -> list[Any]:
    """The same values, the last repeated until there are 1, 2, 4, 8, ... of them.

    For `IN`, where repetition changes nothing: so there are few forms of a question and not one for
    every length. Empty for none.
    """
    if not values:
        return []
    size = 1 << (len(values) - 1).bit_length()
    return [*values, *[values[-1]] * (size - len(values))]


class _KnownRows(QuerySet[M]):
    """The rows of a relation that have been read; what narrows them down asks the database."""

    def _chain(self) -> Any:
        numbers = [row.pk for row in self]
        narrowed: Any = QuerySet(self.model)
        return narrowed.filter(pk__in=numbers)._chain()


def known_rows(owner: Model, name: str, model: type[M], rows: Sequence[M]) -> None:
    """Let `owner.<name>.all()` give these rows without a query, as after a prefetch.

    What narrows them down (`filter`, `order_by`) is a query for these rows, in the model's order.
    """
    known: Any = _KnownRows(model)
    known._result_cache = list(rows)
    known._prefetch_done = True
    cache: dict[str, Any] = owner.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = known


def _write(queryset: QuerySet[Any], shared: str) -> _Written | None:
    if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # Django's own name
        raise ValueError("A prepared queryset reads one query; prefetch on its own afterwards.")
    # A connection of its own: that of this thread would never be let go.
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        return _compiled(queryset.query.get_compiler(connection=connection), shared)
    except EmptyResultSet:
        return None
    finally:
        connection.close()


def _compiled(compiler: Any, shared: str) -> _Written:
    sql, parameters = compiler.as_sql()
    columns = [column for column, *_rest in compiler.select[: compiler.col_count]]
    return _Written(
        sql=sql,
        parameters=list(parameters),
        compiler=compiler,
        converters=compiler.get_converters(columns),
        objects=None if compiler.query.values_select else _objects(compiler, shared),
    )


def _objects(compiler: Any, shared: str) -> _Objects:
    told = compiler.klass_info
    own = slice(told["select_fields"][0], told["select_fields"][-1] + 1)
    related = [one["field"].name for one in told.get("related_klass_infos", ())]
    # The stubs are those of a later Django.
    populators = get_related_populators(told, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # 6.0's stub
    _quicken(populators)
    return _Objects(
        maker=_Maker(told["model"]),
        names=[column.target.attname for column, *_rest in compiler.select[own]],
        own=own,
        populators=populators,
        annotations=list(compiler.annotation_col_map.items()),
        shared=shared,
        shared_at=related.index(shared) if shared else None,
    )


def _quicken(populators: list[Any]) -> None:
    """Let those who make the related objects make them by a `_Maker`, too."""
    for one in populators:
        one.model_cls = _Maker(one.model_cls)
        _quicken(one.related_populators)


def _found(written: _Written, values: dict[str, Any]) -> list[Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    parameters = [
        one.field.get_db_prep_value(values[one.name], connection, prepared=False)
        if isinstance(one, _Place)
        else one
        for one in written.parameters
    ]
    compiler = copy(written.compiler)
    compiler.connection = connection
    compiler.as_sql = lambda: (written.sql, parameters)
    rows = chain.from_iterable(compiler.execute_sql())
    if written.converters:
        rows = compiler.apply_converters(rows, written.converters)
    if written.objects is None:
        return [tuple(row) for row in rows]
    seen: dict[Any, Any] = {}
    return [_object(written.objects, row, seen) for row in rows]


def _object(written: _Objects, row: Sequence[Any], seen: dict[Any, Any]) -> Any:
    # As `django.db.models.query.ModelIterable` does it.
    found = written.maker.from_db(DEFAULT_DB_ALIAS, written.names, row[written.own])
    for place, populator in enumerate(written.populators):
        if place == written.shared_at:
            key = row[populator.cols_start + populator.pk_idx]
            if key in seen:
                populator.local_setter(found, seen[key])
                continue
            populator.populate(row, found)
            seen[key] = getattr(found, written.shared)
        else:
            populator.populate(row, found)
    for name, place in written.annotations:
        setattr(found, name, row[place])
    return found
