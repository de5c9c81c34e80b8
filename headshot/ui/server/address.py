"""The address that the page is served at: its port found before anything is built, and no proxy on the way to it."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from headshot.errors import UserError
from headshot.language import tr

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})  # the names of this machine on itself
_PORTS = range(7860, 7960)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_WHY = {
    errno.EADDRINUSE: ("is taken by another program", "Choose another with PORT=…"),
    errno.EACCES: ("may not be used by this account", "Choose one from 1024 on with PORT=…"),
    errno.EADDRNOTAVAIL: ("is not an address of this machine", "HOST=127.0.0.1 is this machine alone, 0.0.0.0 all."),
}


def free_port(host: str, port: int | None) -> int:
    """Find where to listen: at `port`, or for None at the first free one from 7860.

    Raises UserError where `host` is no name or address of this machine, and where nothing is free.
    """
    try:
        found = socket.getaddrinfo(host, port or 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise UserError(
            tr("HOST is “{host}”, which no machine is called.", host=host), "Try 127.0.0.1 or 0.0.0.0."
        ) from None
    family, *_, address = found[0]
    fault = errno.EADDRINUSE
    for one in _PORTS if port is None else (port,):
        fault = _fault(family, (str(address[0]), one))
        if fault == 0:
            return one
        if fault != errno.EADDRINUSE:
            break
    why, hint = _WHY.get(fault, (os.strerror(fault), tr("Choose another with HOST=… and PORT=…")))
    what = (
        host
        if fault == errno.EADDRNOTAVAIL
        else tr("Port {port}", port=port)
        if port
        else tr("Each port from 7860 to 7959")
    )
    raise UserError(f"{what} {tr(why)}.", hint)


def _fault(family: int, address: tuple[str, int]) -> int:
    """The number of the error with which an address cannot be listened at, or 0.

    Gradio asks for the port on 127.0.0.1, too, wherever it is to listen.
    """
    for kind, place in ((family, address), (socket.AF_INET, ("127.0.0.1", address[1]))):
        try:
            with closing(socket.socket(kind, socket.SOCK_STREAM)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except OSError as error:
            return error.errno or errno.EINVAL
    return 0


def keep_proxies_away(host: str) -> None:
    """Name this machine in NO_PROXY, in this process: requests to ourselves (MCP's) go past the user's proxy."""
    names = {name.strip() for key in ("no_proxy", "NO_PROXY") for name in os.environ.get(key, "").split(",")}
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(sorted((names | LOCAL | {host}) - {""}))


@contextmanager
def no_proxies() -> Iterator[None]:
    """No proxy for whatever asks while it is open.

    When it starts, Gradio asks itself whether it is there; its client fails at the sight of a proxy that it does not
    know (SOCKS without a further package), even where NO_PROXY keeps the request away from it..
    """
    names = {name for proxy in _PROXIES for name in (proxy, proxy.upper())}
    held = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(held)


@contextmanager
def both_families(host: str) -> Iterator[None]:
    """While it is open, a server that is begun at `::` listens on IPv4 as well, as its name says to people.

    asyncio opens an address of IPv6 for IPv6 alone; at no address at all, it opens one of each kind.
    """
    import uvicorn  # not before the address was looked at

    class Both(uvicorn.Config):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **{**named, "host": ""})

    config = uvicorn.Config
    if host == "::":
        uvicorn.Config = Both  # type: ignore[misc]
    try:
        yield
    finally:
        uvicorn.Config = config  # type: ignore[misc]
