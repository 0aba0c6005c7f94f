"""Push the app to a Hugging Face Space, or all pretrained models as pages that need no server, and make the Space if it is not there.

    HF_TOKEN=... python deploy/space.py OWNER/NAME
    HF_TOKEN=... python deploy/space.py OWNER/NAME --hardware t4-small
    HF_TOKEN=... python deploy/space.py OWNER/NAME --static

The token, which may write, comes from the environment alone. What is pushed of the app are the files that git knows, as they are. A
persistent disk, without which runs are lost when the Space restarts, is mounted at /data in the Space's own settings.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

PROJECT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("tests/", "benchmarks/", ".ci/")
STATIC = """---
title: Generative Models Lab, pretrained models
emoji: 🖼️
sdk: static
license: mit
---

Generative models that draw in your browser: `index.html` lists them.
"""


def files() -> list[str]:
    """What a Space needs of the files that git knows."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if not name.startswith(LEFT_OUT)]


def push(api: HfApi, space: str, hardware: Any = None) -> str:
    """Make the Space of the app if need be, and replace its files; returns its address."""
    made = {"space_sdk": "docker", "space_hardware": hardware}
    # Patterns, of which a file's own name is one.
    return _replace(api, space, made, "Update the app", folder_path=PROJECT, allow_patterns=files())


def push_static(api: HfApi, space: str) -> str:
    """Make a static Space if need be, and replace its files by the gallery of all pretrained models; returns its address."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "genmodels.export.web.gallery", folder], cwd=PROJECT, check=True)
        Path(folder, "README.md").write_text(STATIC, encoding="utf-8")
        return _replace(api, space, {"space_sdk": "static"}, "Update the gallery", folder_path=folder)


def _replace(api: HfApi, space: str, made: dict[str, Any], message: str, **files: Any) -> str:
    """Make a Space as ``made`` says if it is not there, and replace all of its files in one commit; returns its address."""
    address = api.create_repo(space, repo_type="space", exist_ok=True, **made)
    api.upload_folder(repo_id=space, repo_type="space", delete_patterns="*", commit_message=message, **files)
    return str(address)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("space", metavar="OWNER/NAME", help="of the Space")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--hardware", help="such as t4-small; default: what the Space has, or a free CPU")
    kind.add_argument("--static", action="store_true", help="a gallery of the pretrained models, which needs no server")
    options = parser.parse_args()
    token = os.environ.get("HF_TOKEN")
    if not token:
        sys.exit("space.py: set HF_TOKEN to a token that may write to the Space.")
    api = HfApi(token=token)
    try:
        print(push_static(api, options.space) if options.static else push(api, options.space, options.hardware))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)  # the command has said why
    except HfHubHTTPError as error:
        sys.exit(f"space.py: the Hub refused ({str(error).strip().splitlines()[0]}); check the name and the token.")


if __name__ == "__main__":
    main()
