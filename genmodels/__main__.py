import sys

from genmodels.cli.main import main

sys.exit(main())
