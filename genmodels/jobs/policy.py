"""What a public server lets its visitors do. By default everything; an operator sets limits by environment variables, or by
the same names in ``.streamlit/secrets.toml``: see ``genmodels.settings``."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from genmodels.config.base import RunConfig
from genmodels.data.folder_check import NO_FOLDERS, image_files, local
from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.runs.run import Run
from genmodels.settings import Access, Limits, SettingsError


class PolicyError(UserError):
    """Something that this server does not allow, or a limit that says nothing."""


@dataclass(frozen=True)
class Visitor:
    """Who wants something: how their runs are marked, "" for nobody in particular; whether they may train; and whether they
    are the operator, who may do everything."""

    owner: str = ""
    trains: bool = True
    operator: bool = False


class Policy(Access, Limits):
    """Who may start runs, import them and change them; and how much a run may be."""

    @property
    def owned(self) -> bool:
        """Whether a run may be changed by nobody but who started it, and the operator. At home everybody changes everything."""
        return bool(self.operator) or self.who == "login"

    @property
    def tells_apart(self) -> bool:
        """Whether it matters who a visitor is."""
        return self.owned or self.runs_per_visitor is not None

    @property
    def closed(self) -> bool:
        """Whether nobody trains here, not even an operator."""
        return self.who == "nobody" and not self.operator

    def opens(self, password: str) -> bool:
        """Whether this is the password of those who may train."""
        return _same(password, self.password)

    def operates(self, password: str) -> bool:
        """Whether this is the operator's password."""
        return _same(password, self.operator)

    def admits(self, address: str) -> bool:
        """Whether who has signed in with this e-mail address may train."""
        return not self.logins or address.casefold() in self.logins

    def refusal(self, visitor: Visitor, run: Run) -> str | None:
        """Why ``visitor`` may not change ``run``, as a sentence, or None."""
        if visitor.operator:
            return None
        if not visitor.trains:
            if self.closed:
                return N_("On this server nobody changes runs.")
            return N_("On this server only those who may train change runs.")
        if not self.owns(visitor, run.owner):
            return N_("Somebody else has started this run: only they and the operator of this server may change it.")
        return None

    def owns(self, visitor: Visitor, owner: str) -> bool:
        """Whether ``visitor``, who may train, may change what ``owner`` has started."""
        return visitor.operator or not self.owned or (bool(visitor.owner) and visitor.owner == owner)

    def check(self, config: RunConfig, queued: int, own: int = 0, runs: int = 1) -> None:
        """Raise ``PolicyError`` when so many ``runs`` as ``config`` may not be started together while so many are under way, and so
        many of them are of the same visitor."""
        if self.most_epochs is not None and config.epochs > self.most_epochs:
            raise PolicyError(
                N_(
                    "This server trains at most {most_epochs:,} epochs a run: choose fewer.",
                    most_epochs=self.most_epochs,
                )
            )
        if self.longest_queue is not None and queued + runs > self.longest_queue:
            raise PolicyError(
                N_(
                    "The queue of this server is full ({queued} runs): try again when one of them has ended.",
                    queued=queued,
                )
                if runs == 1
                else N_(
                    "The queue of this server has room for {room} of these {runs} runs: start fewer together, or try again when "
                    "others have ended.",
                    room=max(0, self.longest_queue - queued),
                    runs=runs,
                )
            )
        if self.runs_per_visitor is not None and own + runs > self.runs_per_visitor:
            raise PolicyError(
                N_(
                    "This server has at most {runs_per_visitor} of a visitor's runs under way: stop one of yours, or "
                    "wait.",
                    runs_per_visitor=self.runs_per_visitor,
                )
                if runs == 1
                else N_(
                    "This server has at most {runs_per_visitor} of a visitor's runs under way, and {own} of yours are: start fewer "
                    "than these {runs} together, or wait.",
                    runs_per_visitor=self.runs_per_visitor,
                    own=own,
                    runs=runs,
                )
            )
        if config.dataset == "folder":
            self.check_folder(local(config.folder))

    def check_folder(self, folder: Path) -> None:
        """Raise ``PolicyError`` when nobody may train on the images of a folder, or they are too much."""
        self.check_images(found.st_size for _, found in image_files(folder))

    def check_images(self, sizes: Iterable[int]) -> None:
        """Raise ``PolicyError`` when a visitor may bring no own images, or those of these sizes in bytes are too much; looks no
        further then."""
        if not self.own_images:
            raise PolicyError(NO_FOLDERS)
        if self.most_files is None and self.most_megabytes is None:
            return
        total = 0
        for count, size in enumerate(sizes, 1):
            total += size
            if self.most_files is not None and count > self.most_files:
                raise PolicyError(
                    N_(
                        "This server takes at most {most_files:,} images of your own: choose fewer.",
                        most_files=self.most_files,
                    )
                )
            if self.most_megabytes is not None and total > self.most_megabytes * 10**6:
                raise PolicyError(
                    N_(
                        "This server takes at most {most_megabytes:g} MB of your own images: choose fewer or smaller ones.",
                        most_megabytes=self.most_megabytes,
                    )
                )


def policy(environment: Mapping[str, str] | None = None) -> Policy:
    """The limits in force; raises ``PolicyError`` that names the variable which says nothing."""
    try:
        return Policy.read(environment)
    except SettingsError as error:
        raise PolicyError(str(error)) from error


def _same(given: str, password: SecretStr) -> bool:
    """Compared in a time that does not tell how much of it is right; where there is no password, none is right."""
    return bool(password) and hmac.compare_digest(given.encode(), password.get_secret_value().encode())
