"""What the environment sets: one declaration of each ``GENMODELS_`` variable, with its type, its bounds and a line of help.

Always of the environment as it is when asked: Streamlit adds ``.streamlit/secrets.toml`` to that of a server that already runs.
Variables that other programs define, such as ``RANK``, are read where they are used. Read by pydantic alone: pydantic-settings takes a
mapping that is not ``os.environ`` by a private argument only.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from genmodels.errors import UserError

PREFIX = "GENMODELS_"
TRAIN, OPERATOR_PASSWORD = f"{PREFIX}TRAIN", f"{PREFIX}OPERATOR_PASSWORD"
HUB_TOKEN = "HF_TOKEN"  # the Hub's own variable
Who = Literal["anyone", "password", "login", "nobody"]
# What a value must be, by pydantic's name for what is wrong with it; else a number above 0.
EXPECTED = {
    "literal_error": f"one of {', '.join(get_args(Who))}",
    "bool_parsing": "0 or 1",
    "int_from_float": "a whole number",
}


class SettingsError(UserError):
    """A variable whose value means nothing."""


def _number(text: str) -> float | str:
    """Lets a whole number be written as 1e3; what is no number is left to the field's type, which refuses it."""
    try:
        return float(text)
    except ValueError:
        return text


Folder = Annotated[Path, BeforeValidator(os.path.expanduser)]
Count = Annotated[PositiveInt, BeforeValidator(_number)]
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Declared = TypeVar("Declared", bound="Variables")


def _variable(field: str) -> str:
    return PREFIX + field.upper()


class Variables(BaseModel):
    """Fields that the environment sets, each by the variable that is its alias."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, alias_generator=_variable)

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """From ``environment``, by default this process's; raises ``SettingsError``, which names a variable that means nothing."""
        given = os.environ if environment is None else environment
        ours = {name.upper(): value for name, value in given.items() if name.upper().startswith(PREFIX)}
        # Empty is as good as absent, but not for who may train: a slip there would let everybody in.
        return _read(cls, frozenset((name, value) for name, value in ours.items() if value or name == TRAIN))

    @classmethod
    def by_variable(cls) -> dict[str, FieldInfo]:
        """The fields, by the names of the variables that set them."""
        return {str(field.validation_alias): field for field in cls.model_fields.values()}


class Settings(Variables):
    """Where a process finds and keeps things."""

    home: Folder | None = Field(None, description="Where runs, caches and downloads are kept.")
    data: Folder | None = Field(None, description="Data sets in torchvision's layout, looked at first and only read.")
    spare: bool = Field(True, description="Whether a process with torch loaded is kept ready for the next start.")
    mirror: str | None = Field(
        None, description="OWNER/NAME of a dataset repository on the Hub that keeps copies of runs."
    )
    in_container: bool = Field(False, description="Whether what lies on no mounted disk is lost with the container.")


class Access(Variables):
    """Who may do what on a public server. It is the server's alone: no process that it starts inherits any of this."""

    who: Who = Field("anyone", validation_alias=TRAIN, description="Who starts and imports runs.")
    password: SecretStr = Field(SecretStr(""), description="What opens training where it takes a password.")
    operator: SecretStr = Field(
        SecretStr(""), validation_alias=OPERATOR_PASSWORD, description="The operator's password; empty: there is none."
    )
    logins: frozenset[str] = Field(
        frozenset(),
        repr=False,
        description="E-mail addresses that may train, with commas between; none: all that sign in.",
    )

    @field_validator("logins", mode="before")
    @classmethod
    def _split(cls, text: str) -> frozenset[str]:
        return frozenset(filter(None, (address.strip().casefold() for address in text.split(","))))

    @model_validator(mode="after")
    def _has_its_password(self) -> Self:
        if self.who == "password" and not self.password:
            raise ValueError(f"{TRAIN} is password, so {PREFIX}PASSWORD must be set.")
        return self


class Limits(Variables):
    """How much visitors of a public server may have; None for as much as they like."""

    most_epochs: Count | None = Field(None, description="Epochs of a run.")
    most_hours: Amount | None = Field(None, description="Hours of a run at a time.")
    longest_queue: Count | None = Field(None, description="Runs of all visitors that are under way or wait, at once.")
    runs_per_visitor: Count | None = Field(None, description="Runs of one visitor that are under way or wait, at once.")
    disk_quota_gb: Amount | None = Field(None, description="What all runs together may take on the disk, in GB.")
    own_images: bool = Field(True, description="Whether visitors train on folders and uploads of their own.")
    most_files: Count | None = Field(None, description="Own images of a visitor, at once.")
    most_megabytes: Amount | None = Field(None, description="Own images of a visitor, together, in MB.")


def for_workers() -> dict[str, str]:
    """The environment for another process: this one's, without what is of the server alone. The Hub's token is so where there
    is a mirror; elsewhere it is the user's own."""
    kept_back = {*Access.by_variable(), HUB_TOKEN} if Settings.read().mirror else {*Access.by_variable()}
    return {name: value for name, value in os.environ.items() if name.upper() not in kept_back}


@lru_cache(maxsize=16)  # pages ask several times a second, and to read takes a millisecond
def _read(declared: type[Declared], values: frozenset[tuple[str, str]]) -> Declared:
    try:
        return declared.model_validate(dict(values))
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    if not first["loc"]:  # of several variables together
        return str(first["ctx"]["error"])
    return f"{first['loc'][0]} must be {EXPECTED.get(first['type'], 'a number above 0')}."
