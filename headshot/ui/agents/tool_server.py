"""The tools as a server of the Model Context Protocol: over the app's address, or over standard input and output."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import anyio

from headshot import __version__
from headshot.errors import UserError
from headshot.files.asker import Asker, asked_by
from headshot.ui.agents.tools import TOOLS, Answer, Call, tool_of

if TYPE_CHECKING:
    from mcp import types
    from mcp.server import Server

AT_ONCE = 1  # calls at work; a picture is a second or two
MOST_WAITING = 24
_TOO_MANY = UserError("Too many calls are waiting here just now.", "Try again in a minute.")
_LEFT = UserError("The caller has left.")


def agent_server(
    read: Callable[[str], bytes],
    agreed: Callable[[object], bool],
    *,
    about: str,
    bug: Callable[[Exception], str],
    save: Callable[[str, bytes], str] | None = None,
    speaks: Callable[[Server[Any]], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> Server[Any]:
    """Make the server. `read`, `agreed`, `save` as in Call; `about`: its instructions for a model; `bug`: logs a fault
    that nobody but us can mend, and says a sentence; `speaks`: sets the caller's language.
    """
    from mcp import types
    from mcp.server import Server

    server: Server[Any] = Server("headshot", version=__version__, instructions=about)
    places = anyio.Semaphore(AT_ONCE)

    @server.list_tools()  # type: ignore[no-untyped-call, untyped-decorator]
    async def listed() -> list[types.Tool]:
        return [
            types.Tool(name=name, description=tool.about, inputSchema=tool.schema(saves=save is not None))
            for name, tool in TOOLS.items()
        ]

    @server.call_tool()  # type: ignore[untyped-decorator]
    async def called(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        left = threading.Event()

        def go_on(_: object) -> None:
            if left.is_set():
                raise _LEFT

        call = Call(read, agreed, go_on, save)
        try:
            if places.statistics().tasks_waiting >= MOST_WAITING:
                raise _TOO_MANY
            async with places:
                with speaks(server), asked_by(Asker(go_on=go_on)):
                    return _result(
                        await anyio.to_thread.run_sync(tool_of(name).run, call, arguments, abandon_on_cancel=True)
                    )
        except UserError as fault:
            return _fault(str(fault))
        except Exception as fault:  # noqa: BLE001 (whatever it is, the library would tell its words to the caller)
            return _fault(bug(fault))
        finally:
            left.set()

    return server


def _result(answer: Answer) -> types.CallToolResult:
    from mcp import types

    content: list[Any] = [types.TextContent(type="text", text=answer.text)]
    if answer.picture:
        data = base64.b64encode(answer.picture).decode()
        content.append(types.ImageContent(type="image", data=data, mimeType="image/jpeg"))
    return types.CallToolResult(content=content)


def _fault(sentence: str) -> types.CallToolResult:
    from mcp import types

    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], isError=True)
