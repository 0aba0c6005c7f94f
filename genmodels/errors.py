"""Errors whose message is meant for the user."""

from genmodels.language import N_


class UserError(Exception):
    """Something a user can mend; the message is one sentence with the way out, fit to be shown as it is."""


class DataError(UserError):
    """The images cannot be had."""


class TrainingError(UserError):
    """Training cannot go on."""


class DeviceError(TrainingError):
    """A device that is asked for is not there."""


def disk_failed(error: OSError, then: str) -> str:
    """What to tell of a disk that is full or broken, and what can be done when it is mended."""
    return N_(
        "The disk or a file failed ({strerror}); free some space, then {then}.",
        strerror=error.strerror or error,
        then=then,
    )
