"""Train from the command line, and what the app starts: `python train.py --help` tells all; see ``genmodels.cli.train``."""

import sys

from genmodels.cli.train import main

if __name__ == "__main__":
    sys.exit(main())
