"""Calls over the Model Context Protocol: what one asked for ends when its caller leaves.

Gradio asks itself for what a tool is to do, and goes on waiting for the answer where nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
from typing import Any

from gradio import mcp


class Calls(mcp.GradioMCPServer):  # type: ignore[misc]
    """As Gradio's own; a call that is cancelled takes its request out of the queue, or ends the work on it."""

    async def _execute_tool_without_progress(self, job: Any) -> list[Any]:
        try:
            return [await asyncio.wrap_future(job.future)]
        except asyncio.CancelledError:
            _end(job)
            raise

    async def _execute_tool_with_progress(self, job: Any, progress_token: str | int) -> Any:
        try:
            return await super()._execute_tool_with_progress(job, progress_token)
        except asyncio.CancelledError:
            _end(job)
            raise


def _end(job: Any) -> None:
    """Have the app told, by a request of its own, which the loop that answers it must not wait for."""
    asyncio.get_running_loop().run_in_executor(None, job.cancel)


def install() -> None:
    """Let Gradio use `Calls`, in this process."""
    mcp.GradioMCPServer = Calls
