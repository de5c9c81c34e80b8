"""What is printed beside the result: how far a generator is, what the user should know, what was kept."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headshot.language import tr

if TYPE_CHECKING:
    from headshot.studio.job import Job
    from headshot.types import Kept


class NotePrinter:
    """Prints a job's notes to standard error, each line once however often it is called."""

    def __init__(self, job: Job[Any]) -> None:
        self._job = job
        self._printed: set[str] = set()

    def __call__(self) -> None:
        from headshot.types import State

        job = self._job
        checks = [f"{c.sentence} {c.remedy}".strip() for c in job.checks if c.state >= State.AMBER]
        lines = [tr("pose: {line}", line=line) for line in job.pose_lines]
        lines += [tr("note: {line}", line=line) for line in (*checks, *job.notes(_options))]
        for line in lines:
            if line not in self._printed:
                self._printed.add(line)
                print(line, file=sys.stderr)


def print_step(item: Any) -> None:
    """A generator's preview as a line on standard error; a finished picture is none."""
    from headshot.types import Preview

    if isinstance(item, Preview):
        message = tr("step {step} of {steps}", step=item.step, steps=item.steps)
        print(f"{message} {item.note}".rstrip(), file=sys.stderr)


def kept_lines(kept: Sequence[Kept]) -> list[str]:
    """What the user asked to keep, a line each; [] where nothing was asked."""
    if not kept:
        return []
    width = max(len(k.said) for k in kept)
    return ["", tr("What you asked to keep:"), *(f"{tr(k.state):<12}  {k.said:<{width}}  {k.sentence}" for k in kept)]


def _options(wanted: Mapping[str, Any]) -> str:
    return " ".join(shlex.join(["--set", f"{key}={value}"]) for key, value in wanted.items())
