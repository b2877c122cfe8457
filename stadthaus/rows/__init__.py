"""Writes and reads rows by statements that are put together once in each process.

The ORM puts a statement together anew each time, which costs several times what running it does; an order is a
hundred of them. Values are adapted by the fields of the model, as the ORM does, or travel as JSON (inserts of several
rows on PostgreSQL). Signals of single models are not sent; a model with `db_default` or `db_column` cannot be inserted
here. Writes belong to the caller's transaction.
"""

from stadthaus.rows.blocks import Reader, gather, gathered, run, together
from stadthaus.rows.reads import Given, Prepared
from stadthaus.rows.writes import (
    amend,
    change,
    change_and_lock,
    change_or_raise,
    delete,
    find_or_raise,
    insert,
    insert_all,
    insert_if_free,
)

__all__ = [
    "Given",
    "Prepared",
    "Reader",
    "amend",
    "change",
    "change_and_lock",
    "change_or_raise",
    "delete",
    "find_or_raise",
    "gather",
    "gathered",
    "insert",
    "insert_all",
    "insert_if_free",
    "run",
    "together",
]
