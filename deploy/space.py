"""Push the app to a Hugging Face Space, and make the Space if it is not there.

    HF_TOKEN=... python deploy/space.py OWNER/NAME
    HF_TOKEN=... python deploy/space.py OWNER/NAME --hardware t4-small

The token, which may write, comes from the environment alone. What is pushed are the files that git knows, as they are. A
persistent disk, without which runs are lost when the Space restarts, is mounted at /data in the Space's own settings.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

PROJECT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("tests/", "benchmarks/", ".ci/")


def files() -> list[str]:
    """What a Space needs of the files that git knows."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if not name.startswith(LEFT_OUT)]


def push(api: HfApi, space: str, hardware: Any = None) -> str:
    """Make the Space if need be, and replace its files in one commit; returns its address."""
    address = api.create_repo(space, repo_type="space", space_sdk="docker", space_hardware=hardware, exist_ok=True)
    # Patterns, of which a file's own name is one.
    api.upload_folder(
        repo_id=space, repo_type="space", folder_path=PROJECT, allow_patterns=files(), delete_patterns="*",
        commit_message="Update the app",
    )  # fmt: skip
    return str(address)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("space", metavar="OWNER/NAME", help="of the Space")
    parser.add_argument("--hardware", help="such as t4-small; default: what the Space has, or a free CPU")
    options = parser.parse_args()
    token = os.environ.get("HF_TOKEN")
    if not token:
        sys.exit("space.py: set HF_TOKEN to a token that may write to the Space.")
    try:
        print(push(HfApi(token=token), options.space, options.hardware))
    except HfHubHTTPError as error:
        sys.exit(f"space.py: the Hub refused ({str(error).strip().splitlines()[0]}); check the name and the token.")


if __name__ == "__main__":
    main()
