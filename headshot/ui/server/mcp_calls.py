"""The Model Context Protocol at the app's address: our few tools in place of one for each of Gradio's endpoints."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from gradio import mcp
from starlette.responses import JSONResponse

from headshot.language import speaking, tr
from headshot.ui.agents.tool_server import agent_server
from headshot.ui.agents.tools import TOOLS
from headshot.ui.components.consent import given
from headshot.ui.components.uploads import claim
from headshot.ui.server.blocks import BUG
from headshot.ui.server.log import log_fault
from headshot.ui.server.spoken import language_of_request

if TYPE_CHECKING:
    from mcp.server import Server

_ABOUT = (
    "A photo's place: upload the file with curl -F files=@me.jpg ADDRESS/gradio_api/upload and give the path that it "
    "answers. It is read once and gone within a minute. Never send a photo as text."
)
_FILE = "/gradio_api/file="


class Calls(mcp.GradioMCPServer):  # type: ignore[misc]
    """Gradio's transport with our tools. `asked`: whether consent is, since others reach the app."""

    def __init__(self, blocks: Any, *, asked: bool) -> None:
        self._asked = asked
        super().__init__(blocks)

    def create_mcp_server(self) -> Server[Any]:
        """Make the server that answers at /gradio_api/mcp/."""
        return agent_server(
            lambda place: claim(_path(place)).read(),
            partial(given, asked=self._asked),
            about=_ABOUT,
            bug=_logged,
            speaks=lambda server: speaking(language_of_request(server.request_context.request)),
        )

    async def get_complete_schema(self, request: Any) -> JSONResponse:
        """The tools at /gradio_api/mcp/schema, for those who list them without a session."""
        tools = [{"name": n, "description": t.about, "inputSchema": t.schema(saves=False)} for n, t in TOOLS.items()]
        return JSONResponse(tools)


def _path(place: str) -> str:
    """The path of an upload, whether it came as the route answered it or as the address of the file."""
    return unquote(urlsplit(place).path.partition(_FILE)[2]) if _FILE in place else place


def _logged(fault: Exception) -> str:
    log_fault(fault)
    return tr(BUG)


def install(*, asked: bool) -> None:
    """Let Gradio use `Calls`, in this process."""
    mcp.GradioMCPServer = partial(Calls, asked=asked)
