"""`python -m headshot`."""

import sys

from headshot.cli import main

sys.exit(main())
