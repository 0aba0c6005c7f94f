"""The journal of the store's file, on a disk of this machine and on one that is pretended to be a network's."""

import sqlite3
from contextlib import closing

import pytest

from genmodels.errors import UserError
from genmodels.runs import database
from genmodels.runs.store import Store
from tests.support.training import tiny


def journal(store: Store) -> str:
    with closing(sqlite3.connect(store.path)) as connection:
        mode: str = connection.execute("PRAGMA journal_mode").fetchone()[0]
    return mode


def over_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "is_local", lambda folder: False)


def test_only_a_disk_of_this_machine_has_a_write_ahead_log(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    assert journal(store) == "wal"
    store.path.unlink()
    over_a_network(monkeypatch)
    again = Store()
    again.create(tiny().model_dump())
    assert journal(again) == "delete"


def test_a_store_with_such_a_log_that_is_opened_over_a_network_loses_it_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
):
    run = Store().create(tiny().model_dump())
    over_a_network(monkeypatch)
    store = Store()
    assert (journal(store), store.get(run.id)) == ("delete", run)


def test_a_log_that_another_host_brings_back_is_not_used_over_a_network(monkeypatch: pytest.MonkeyPatch):
    """Such as the server of the disk, to which it is a disk of its own."""
    with monkeypatch.context() as patch:
        over_a_network(patch)
        store = Store()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    run = store.create(tiny().model_dump())
    assert (journal(store), store.get(run.id)) == ("delete", run)


def test_a_log_that_is_in_use_is_refused_over_a_network_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    over_a_network(monkeypatch)
    monkeypatch.setattr(Store, "patience", 0.1)
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("SELECT * FROM runs").fetchall()
        with pytest.raises(UserError, match=r"^The run store is on a network disk[^.]*\.$"):
            Store()
    assert Store().runs() == []
    assert journal(store) == "delete"
