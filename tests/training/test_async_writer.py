"""Files that are written beside training: in order, never too many at once, and no failure is lost."""

import threading

import pytest

from genmodels.training.async_writer import MOST_PENDING, Writer


def test_training_waits_for_a_slow_disk_and_everything_is_written_in_order():
    disk_goes_on, written = threading.Event(), []

    def write(number: int) -> None:
        disk_goes_on.wait(60)
        written.append(number)

    with Writer() as writer:
        for number in range(MOST_PENDING):
            writer.write(write, number)
        training = threading.Thread(target=writer.write, args=(write, MOST_PENDING))
        training.start()
        training.join(0.3)
        assert training.is_alive(), "more and more copies of the weights would fill the memory"
        assert written == []
        disk_goes_on.set()
        training.join(60)
        writer.wait()
        assert written == [*range(MOST_PENDING + 1)]


def test_what_went_wrong_is_raised_where_training_goes_on():
    def fail() -> None:
        raise OSError(28, "No space left on device")

    with Writer() as writer:
        writer.write(fail)
        with pytest.raises(OSError, match="No space left"):
            writer.wait()
        writer.wait()
