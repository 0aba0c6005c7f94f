"""What is for the server alone: its secrets, and who may do what. No process that it starts gets any of it."""

import os

REPOSITORY, TOKEN = "GENMODELS_MIRROR", "HF_TOKEN"
POLICY = ("GENMODELS_TRAIN", "GENMODELS_PASSWORD", "GENMODELS_OPERATOR_PASSWORD", "GENMODELS_LOGINS")


def for_workers() -> dict[str, str]:
    """The environment for another process: this one's, without what is of the server alone. The Hub's token is so where there
    is a mirror; elsewhere it is the user's own."""
    kept_back = {*POLICY, TOKEN} if REPOSITORY in os.environ else {*POLICY}
    return {name: value for name, value in os.environ.items() if name not in kept_back}
