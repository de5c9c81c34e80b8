"""A small model hub on 127.0.0.1: enough of the hub's HTTP interface for huggingface_hub to download from it.

After the hub's public API: /api/models/{repo}/revision/{rev}, /api/models/{repo}/tree/{rev},
/{repo}/resolve/{rev}/{path} with ETag, X-Repo-Commit and Content-Length.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """`repositories`: repo → path → bytes. `gets`: files sent; `cut`, `swap`, `status` spoil answers."""

    def __init__(self, repositories: Mapping[str, Mapping[str, bytes]]) -> None:
        self.repositories = {repo: dict(files) for repo, files in repositories.items()}
        self.gets: list[str] = []
        self.cut: dict[str, int] = {}  # path → how many GETs still break off half-way
        self.swap: dict[str, int] = {}  # path → how many GETs still send other bytes of the same length
        self.refuse: dict[str, int] = {}  # path → the status that is answered in its place
        self.status = 0  # answer everything with this status
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_HEAD(self) -> None:
                hub._answer(self, body=False)

            def do_GET(self) -> None:
                hub._answer(self, body=True)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Hub:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler, body: bool) -> None:
        parts = unquote(urlsplit(request.path).path).strip("/").split("/")
        if self.status:
            return self._send(request, self.status, b"", {})
        if parts[:2] == ["api", "models"]:
            repo = "/".join(parts[2:4])
            if repo not in self.repositories:
                return self._send(request, 404, b"", {"X-Error-Code": "RepoNotFound"})
            return self._json(request, self._tree(repo) if parts[4] == "tree" else self._info(repo))
        repo, path = "/".join(parts[:2]), "/".join(parts[4:])
        if repo not in self.repositories:
            return self._send(request, 404, b"", {"X-Error-Code": "RepoNotFound"})
        if path in self.refuse:
            return self._send(request, self.refuse[path], b"", {})
        if path not in self.repositories[repo]:
            return self._send(request, 404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
        data = self.repositories[repo][path]
        headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT}
        if not body:
            return self._send(request, 200, data, headers, body=False)
        self.gets.append(path)
        if self.swap.get(path, 0) > 0:
            self.swap[path] -= 1
            data = bytes(255 - b for b in data)
        if self.cut.get(path, 0) > 0:
            self.cut[path] -= 1
            self._send(request, 200, data, headers, body=False)
            request.wfile.write(data[: len(data) // 2])
            request.wfile.flush()
            request.close_connection = True
            return None
        return self._send(request, 200, data, headers)

    def _info(self, repo: str) -> dict[str, object]:
        siblings = [{"rfilename": p} for p in self.repositories[repo]]
        return {
            "id": repo,
            "modelId": repo,
            "sha": COMMIT,
            "private": False,
            "tags": [],
            "downloads": 0,
            "likes": 0,
            "siblings": siblings,
        }

    def _tree(self, repo: str) -> list[dict[str, object]]:
        files = self.repositories[repo].items()
        return [
            {
                "type": "file",
                "path": p,
                "size": len(d),
                "oid": hashlib.sha1(d).hexdigest(),
                "lfs": {"oid": hashlib.sha256(d).hexdigest(), "size": len(d), "pointerSize": 130},
            }
            for p, d in files
        ]

    def _json(self, request: BaseHTTPRequestHandler, value: object) -> None:
        self._send(request, 200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(
        self,
        request: BaseHTTPRequestHandler,
        status: int,
        data: bytes,
        headers: Mapping[str, str],
        body: bool = True,
    ) -> None:
        request.send_response(status)
        for key, value in headers.items():
            request.send_header(key, value)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        if body and request.command != "HEAD":
            request.wfile.write(data)
