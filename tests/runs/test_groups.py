"""Runs that were started together: known by what the store has of them, and once, of earlier versions, by their names."""

import json
from pathlib import Path

import pytest

from genmodels.config.families import DCGANConfig, FlowConfig, VAEConfig
from genmodels.runs.archive import unpack
from genmodels.runs.earlier_groups import group_by_name
from genmodels.runs.groups import KINDS, group_of, groups, new_group
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.runs.test_store_upkeep import of_the_first_version
from tests.support.archives import a_run, zipped

AT = "01 Nov 10.00.00"


def named(store: Store, *names: str, config: type = DCGANConfig) -> list[Run]:
    return [store.create(config().model_dump(), name) for name in names]


def together(store: Store) -> list[list[str]]:
    """The names in each group."""
    return [[run.name for run in group.runs] for group in groups(store.runs())]


def test_a_group_is_of_what_was_started_together_in_that_order():
    store, mark = Store(), new_group("sweep")
    first = [store.create(VAEConfig(seed=seed).model_dump(), f"seed {seed}", group=mark) for seed in range(3)]
    store.create(VAEConfig().model_dump(), "alone")
    second = store.create(VAEConfig().model_dump(), "other", group=new_group("pair"))
    assert together(store) == [["other"], ["seed 0", "seed 1", "seed 2"]]
    assert [group.kind for group in groups(store.runs())] == ["pair", "sweep"]
    assert [group.ids for group in groups(store.runs(), "pair")] == [(second.id,)]
    found = group_of(first[1], store.runs())
    assert found is not None
    assert found.ids == tuple(run.id for run in first)


def test_no_two_groups_are_the_same_however_fast_they_follow():
    assert len({new_group(kind) for kind in KINDS for _ in range(20)}) == 20 * len(KINDS)


def test_a_run_of_another_owner_is_in_no_group_of_mine():
    store, mark = Store(), new_group("sweep")
    for owner in ("anna", "ben", "anna"):
        store.create(VAEConfig().model_dump(), owner, owner=owner, group=mark)
    assert sorted(together(store)) == [["anna", "anna"], ["ben"]]


def test_a_group_survives_the_loss_of_the_store_and_travels_in_a_zip(tmp_path: Path):
    store, mark = Store(), new_group("sweep")
    run = a_run(store)
    store.update(run.id, group=mark)
    store.save_copy(run.id)
    store.path.unlink()
    elsewhere = Store(tmp_path / "elsewhere")
    (tmp_path / "run.zip").write_bytes(zipped(Store(), run))
    for found in (Store().get(run.id), unpack(elsewhere, tmp_path / "run.zip")):
        assert found is not None
        assert found.group == mark


@pytest.mark.parametrize(
    ("name", "family", "kind"),
    [
        (f"hinge: Comparison {AT}", "dcgan", "objectives"),
        (f"Comparison {AT}: hinge", "dcgan", "objectives"),
        (f"VAE: Pair {AT}", "vae", "pair"),
        (f"DCGAN: Pair {AT}", "dcgan", "pair"),
        (f"Flow: All three {AT}", "flow", "three"),
        (f"hinge: Comparison {AT}", "vae", ""),
        (f"hinge: Comparison {AT}, one more epoch", "dcgan", ""),
        ("Comparison of all that I tried", "dcgan", ""),
        ("Comparison: mine", "dcgan", ""),
        ("VAE on mnist", "vae", ""),
    ],
)
def test_a_name_of_an_earlier_version_tells_its_group(name: str, family: str, kind: str):
    assert group_by_name(name, family).partition("-")[0] == kind


def test_groups_of_an_earlier_store_are_found_once():
    store = Store()
    named(store, f"minimax: Comparison {AT}", f"Comparison {AT}: hinge", "Comparison of mine")
    named(store, f"DCGAN: All three {AT}"), named(store, f"Flow: All three {AT}", config=FlowConfig)
    of_the_first_version(store)
    expected = [
        [f"DCGAN: All three {AT}", f"Flow: All three {AT}"],
        [f"minimax: Comparison {AT}", f"Comparison {AT}: hinge"],
    ]
    assert together(Store()) == expected
    one = next(run for run in store.runs() if run.name.startswith("minimax"))
    Store().describe(one.id, name="My best one")
    (late,) = named(Store(), f"late: Comparison {AT}")
    assert late.group == ""
    for _ in range(2):  # once more from the folders alone
        again = Store()
        assert [len(members) for members in together(again)] == [2, 2]
        assert "My best one" in together(again)[1]
        again.path.unlink()


def test_folders_of_an_earlier_version_bring_back_the_groups_that_their_names_tell():
    store = Store()
    for objective in ("minimax", "hinge"):
        (run,) = named(store, f"{objective}: Comparison {AT}")
        store.update(run.id, state="stopped")
        store.save_copy(run.id)
        path = store.folder(run.id) / "run.json"
        document = json.loads(path.read_text())
        assert document.pop("group") == ""
        path.write_text(json.dumps(document))
    store.path.unlink()
    assert [len(members) for members in together(Store())] == [2]
