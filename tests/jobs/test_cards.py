"""Which cards a process may use, by what the user has set and a pretended NVML."""

import subprocess
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from genmodels import machine
from genmodels.jobs import cards
from genmodels.jobs.cards import unlisted, visible
from tests.support.pretended_nvml import Gpu, pretend, pretend_no_nvml, some, uuid

MIG = ["MIG-aaaaaaaa-1", "MIG-bbbbbbbb-2"]
ONE_MIG = {1: MIG}  # the second card in MIG mode


def numbers(found: list[cards.Card]) -> list[Any]:
    """The cards, as their number in the order of the bus, or as the UUID of a MIG instance."""
    for card in found:
        assert len(card.locks) == 1, card
    return [card.locks[0] if card.is_mig else int(card.locks[0][4:12], 16) for card in found]


@pytest.mark.parametrize("count", [0, 1, 4, 8])
def test_all_cards_may_be_used_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch, count: int):
    pretend(monkeypatch, count)
    found = visible()
    assert numbers(found) == [*range(count)]
    assert [card.entry for card in found] == [uuid(number) for number in range(count)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("3", [3]),
        ("3,1", [3, 1]),
        (" 3 , 1 ", [3, 1]),
        ("", []),
        ("-1", []),
        ("0,2,-1,1", [0, 2]),
        ("0,9,1", [0]),
        ("0,,1", [0]),
        ("0,x,1", [0]),
        ("2,2", []),
        ("1gpu,2", [1, 2]),
        (uuid(3), [3]),
        (uuid(3)[:12], [3]),
        (f"{uuid(3)},{uuid(0)[:12]}", [3, 0]),
        (f"2,{uuid(2)}", []),
        ("GPU-0000000", []),  # of several
        ("GPU-ffff,1", []),
        ("MIG-ffff", []),
        ("GPU-", []),
    ],
)
def test_what_the_user_has_set_is_read_as_cuda_reads_it(
    monkeypatch: pytest.MonkeyPatch, said: str, expected: list[int]
):
    pretend(monkeypatch, 4, said)
    found = visible()
    assert numbers(found) == expected
    words = [word.strip() for word in said.split(",")]
    assert [card.entry for card in found] == words[: len(found)], "it is handed on in the user's own words"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, [0, 2, 3, *MIG]),
        ("0,1", [0, MIG[0]]),
        (MIG[1], [MIG[1]]),
        ("MIG-b", [MIG[1]]),
        (",".join(reversed(MIG)), [*reversed(MIG)]),
        (f"{MIG[1]},{uuid(3)}", [MIG[1], 3]),
        (f"MIG-{uuid(1)}/8/0", [MIG[1]]),
        (f"MIG-{uuid(1)}/9/0", []),
        (f"{MIG[0]},{uuid(1)}", []),
    ],
)
@pytest.mark.parametrize("count", [4, 8])
def test_instances_of_a_card_in_mig_mode_are_cards_of_their_own(
    monkeypatch: pytest.MonkeyPatch, said: str | None, expected: list[Any], count: int
):
    pretend(monkeypatch, some(count, ONE_MIG), said)
    further = [] if said is not None else [*range(4, count)]
    assert numbers(visible()) == [*expected[:3], *further, *expected[3:]]


def test_a_card_in_mig_mode_without_instances_is_none(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, some(2, {0: []}))
    assert numbers(visible()) == [1]
    pretend(monkeypatch, some(2, {0: []}), "0,1")
    assert visible() == []


@pytest.mark.parametrize("order", ["PCI_BUS_ID", ""])
def test_cards_of_one_kind_are_numbered_by_the_bus_however_nvml_lists_them(monkeypatch: pytest.MonkeyPatch, order: str):
    pretend(monkeypatch, some(3)[::-1], order=order)
    assert numbers(visible()) == [0, 1, 2]


def test_cards_that_this_process_may_not_look_at_have_no_number(monkeypatch: pytest.MonkeyPatch):
    """As in a job of a cluster, which numbers what it was given from 0 on."""
    denied = Gpu(uuid(9), error=pynvml.NVML_ERROR_NO_PERMISSION)
    pretend(monkeypatch, [denied, *some(2)], "0")
    assert numbers(visible()) == [0]


DIFFERENT = [Gpu(uuid(0), "NVIDIA T400", 1), Gpu(uuid(1), "NVIDIA RTX 3090", 2), Gpu(uuid(2), "NVIDIA RTX 3090", 3)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The environments in which CUDA was asked for its order: the second card, the third, the first."""
    environments = []

    def run(command: list[str], env: dict[str, str], **options: Any) -> SimpleNamespace:
        environments.append(env)
        return SimpleNamespace(stdout="\n".join(uuid(number) for number in (1, 2, 0)))

    monkeypatch.setattr(subprocess, "run", run)
    cards._asked_of_cuda.cache_clear()
    return environments


@pytest.mark.parametrize(("said", "expected"), [(None, [1, 2, 0]), ("0", [1]), ("2,0", [0, 1]), (uuid(0), [0])])
def test_different_cards_are_numbered_as_cuda_says(
    monkeypatch: pytest.MonkeyPatch, asked: list[dict[str, str]], said: str | None, expected: list[int]
):
    pretend(monkeypatch, DIFFERENT, said)
    for _ in range(2):
        assert numbers(visible()) == expected
    (environment,) = asked  # once, as it takes seconds
    assert cards.VISIBLE not in environment


def test_different_cards_are_numbered_by_the_bus_where_the_user_says_so(
    monkeypatch: pytest.MonkeyPatch, asked: list[dict[str, str]]
):
    pretend(monkeypatch, DIFFERENT, "0,2", order="PCI_BUS_ID")
    assert numbers(visible()) == [0, 2]
    assert asked == []


@pytest.mark.parametrize(
    ("said", "entries"), [(None, ["0", "1", "2"]), ("2,0", ["2", "0"]), ("0,9", ["0"]), ("1,1", [])]
)
def test_where_the_order_is_not_known_a_number_stays_and_may_mean_any(
    monkeypatch: pytest.MonkeyPatch, said: str | None, entries: list[str]
):
    def fail(*arguments: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("cuda_order", 60)

    monkeypatch.setattr(subprocess, "run", fail)
    cards._asked_of_cuda.cache_clear()
    pretend(monkeypatch, DIFFERENT, said)
    found = visible()
    assert [card.entry for card in found] == entries
    assert all(card.locks == (uuid(0), uuid(1), uuid(2)) for card in found)
    assert all("CUDA_DEVICE_ORDER=PCI_BUS_ID" in card.doubt for card in found)
    monkeypatch.setenv(cards.VISIBLE, uuid(2))
    assert numbers(visible()) == [2], "a UUID leaves no doubt"


def test_cuda_is_asked_by_its_uuids(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    cuda_order = pytest.importorskip("genmodels.jobs.cuda_order")
    started: list[int] = []
    driver = SimpleNamespace(
        cuInit=started.append,
        cuDeviceGetCount=lambda: (0, 2),
        cuDeviceGet=lambda index: (0, index),
        cuDeviceGetUuid=lambda device: (0, SimpleNamespace(bytes=bytes([device, *range(1, 16)]))),
    )
    monkeypatch.setattr(cuda_order, "driver", driver)
    cuda_order.main()
    assert capsys.readouterr().out.split() == [
        "GPU-00010203-0405-0607-0809-0a0b0c0d0e0f",
        "GPU-01010203-0405-0607-0809-0a0b0c0d0e0f",
    ]
    assert started == [0]


def test_cuda_tells_the_cards_of_this_machine():
    """None, where there is no driver."""
    cards._asked_of_cuda.cache_clear()
    there = {gpu.uuid for gpu in cards._gpus() or []}
    assert {*cards._asked_of_cuda(("of", "this", "machine"))} == there


@pytest.mark.parametrize(
    ("said", "entries"),
    [
        (None, ["0", "1", "2"]),
        ("3,1", ["3", "1", None]),
        (f"{MIG[0]}, {uuid(2)}", [MIG[0], uuid(2), None]),
        ("0,-1,1", ["0", None, None]),
        ("", [None, None, None]),
    ],
)
def test_where_nvml_does_not_answer_the_user_is_taken_at_his_word(
    monkeypatch: pytest.MonkeyPatch, said: str | None, entries: list[str | None]
):
    pretend_no_nvml(monkeypatch, said)
    assert visible() == []
    found = [unlisted(index) for index in range(3)]
    assert [card and card.entry for card in found] == entries
    assert all("NVML does not answer" in card.doubt for card in found if card)
    assert len({card.locks for card in found if card}) == sum(card is not None for card in found)


def test_where_nvml_answers_nothing_is_taken_at_a_word(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, 1, "0,1")
    assert unlisted(1) is None


def test_without_any_driver_nothing_is_taken_at_a_word(monkeypatch: pytest.MonkeyPatch):
    pretend_no_nvml(monkeypatch, "0")
    monkeypatch.setattr(machine, "has_gpu_driver", lambda: False)
    assert unlisted(0) is None
