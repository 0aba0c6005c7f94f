import sys

from genmodels.gpu_check.main import main

sys.exit(main())
