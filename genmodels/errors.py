"""Errors whose message is meant for the user."""


class UserError(Exception):
    """Something a user can mend; the message is one sentence with the way out, fit to be shown as it is."""


class DataError(UserError):
    """The images cannot be had."""


class TrainingError(UserError):
    """Training cannot go on."""
