"""The entry: serve the page. A Hugging Face Space runs this file as it stands."""

from __future__ import annotations

import sys

from headshot.environment import silence_native_logs
from headshot.ui.launch import main

if __name__ == "__main__":
    silence_native_logs()
    sys.exit(main())
