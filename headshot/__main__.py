"""`python -m headshot`."""

import sys

from headshot.environment import silence_native_logs

silence_native_logs()

from headshot.cli.main import main  # noqa: E402 - the terminal is set up first

sys.exit(main())
