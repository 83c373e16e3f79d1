"""Layers that stand in the database, described otherwise, given columns, and removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from layers.errors import InputError
from layers.secrecy import rank
from layers.store.adding import check_name, check_opacity
from layers.store.column_writing import ColumnValues
from layers.store.editing import LayerChange
from layers.store.naming import column_name
from layers.store.postgis.adding import place, require_free_name
from layers.store.postgis.connecting import Connection, in_schema
from layers.store.postgis.plans import LayerPlan
from layers.store.postgis.values import check_texts, fitted_name
from layers.words import _


def update_layer(
    connection: Connection, plans: Sequence[LayerPlan], plan: LayerPlan, change: LayerChange
) -> None:
    """Change a layer's description inside the transaction that is open; the database writes it down."""
    _check(plans, plan, change)
    values = _values(change)
    if values:
        settings = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values)
        connection.execute(
            sql.SQL("UPDATE {} SET {} WHERE uid = %s").format(
                sql.Identifier(plan.schema, "zs_layers"), settings
            ),
            (*values.values(), plan.info.uid),
        )
    if change.order is not None:
        place(connection, plan.schema, [each.info.uid for each in plans], plan.info.uid, change.order)


def remove_layer(connection: Connection, plan: LayerPlan) -> None:
    """Delete a layer inside the transaction that is open; its identifiers are kept from being used again."""
    connection.execute(in_schema(plan.schema, "SELECT {schema}.zs_drop_layer(%s)"), (plan.info.uid,))


def add_columns(connection: Connection, plan: LayerPlan, columns: Sequence[ColumnValues]) -> bool:
    """Add the columns a layer does not have yet; tell whether there were any.

    Raises
    ------
    InputError
        When a name cannot be used.
    """
    new = [column for column in columns if column.name not in plan.columns]
    names, taken = list(plan.columns), list(plan.columns.values())
    for column in new:
        check_texts([column.name, column.alias, column.unit], plan.info.name)
        if column_name(column.name, names) != column.name:
            raise InputError(
                _("Column “{name}” of layer “{layer}” cannot keep its name.").format(
                    name=column.name, layer=plan.info.name
                ),
                remedy=_("Give it another name that occurs once; letter case does not count."),
            )
        fitted = fitted_name(column.name, taken)
        names.append(column.name)
        taken.append(fitted)
        connection.execute(
            in_schema(plan.schema, "SELECT {schema}.zs_add_column(%s, %s, %s, %s, %s, %s)"),
            (plan.info.uid, column.name, fitted, column.type.value, column.alias, column.unit),
        )
    return bool(new)


def _values(change: LayerChange) -> dict[str, Any]:
    given = {
        "name": change.name,
        "visible": change.visible,
        "opacity": change.opacity,
        "style": None if change.style is None else change.style.model_dump_json(),
        "standard": change.standard,
        "status": change.status,
        "secrecy": change.secrecy,
    }
    return {name: value for name, value in given.items() if value is not None}


def _check(plans: Sequence[LayerPlan], plan: LayerPlan, change: LayerChange) -> None:
    texts = (change.name, change.standard, change.status, change.secrecy)
    check_texts([text for text in texts if text is not None], plan.info.name)
    if change.name is not None:
        check_name(change.name)
        if change.name != plan.info.name:
            require_free_name(plans, change.name)
    if change.opacity is not None:
        check_opacity(change.opacity)
    if change.secrecy is not None:
        rank(change.secrecy)
    if change.standard:
        from layers.classification import standard

        standard(change.standard)
