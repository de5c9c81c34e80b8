"""`python -m headshot`, and `headshot` where it is installed: a command, `app` for the page, `mcp` for agents."""

import gc
import sys

from headshot.environment import keep_freed_memory, leave, silence_native_logs

silence_native_logs()


def main() -> int:
    """Run what the command line asks for; returns the exit status."""
    keep_freed_memory()
    if sys.argv[1:2] == ["app"]:
        from headshot.ui.launch import app

        return app(sys.argv[2:])
    if sys.argv[1:2] == ["mcp"]:
        from headshot.ui.agent import run

        return run(sys.argv[2:])
    gc.set_threshold(50_000)  # a command sets off 150 collections else, in a thirtieth of its time
    if sys.argv[1:2] == ["make"] and not {"-h", "--help"}.intersection(sys.argv):
        # Ahead of the command line itself, a tenth of a second in which one core would wait.
        from headshot.cli.loading import begin

        begin()
    from headshot.cli.main import main as command

    leave(command())


if __name__ == "__main__":
    sys.exit(main())
