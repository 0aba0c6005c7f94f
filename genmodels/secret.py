"""The mirror's token, which comes from the environment and goes to no process that the server starts."""

import os

REPOSITORY, TOKEN = "GENMODELS_MIRROR", "HF_TOKEN"


def without_token() -> dict[str, str]:
    """The environment for another process: this one's, but where there is a mirror, its token stays here."""
    return {name: value for name, value in os.environ.items() if name != TOKEN or REPOSITORY not in os.environ}
