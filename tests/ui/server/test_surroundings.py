"""The app starts in surroundings that people have, and where it cannot it says so in one sentence."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from headshot.environment import cache_folder
from headshot.errors import UserError
from headshot.ui.server import address
from headshot.ui.server.address import both_families, free_port, keep_proxies_away, no_proxies
from tests import ROOT
from tests.fixtures.browser import LIMIT
from tests.fixtures.shared_photos import photo_path

READ_ONLY = """for d in "$1" "$2" "$3"; do mount --bind "$d" "$d" && mount -o remount,ro,bind "$d" || exit 77; done
exec "$4" app.py"""


def test_an_address_that_cannot_be_served_is_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        for host, port, said in (
            ("127.0.0.1", taken, f"Port {taken} is taken by another program"),
            ("no.such.host.invalid", 7860, "HOST is “no.such.host.invalid”, which no machine is called"),
            ("a" * 300, None, "which no machine is called"),
            ("192.0.2.7", None, "192.0.2.7 is not an address of this machine"),
        ):
            with pytest.raises(UserError, match=said) as fault:
                free_port(host, port)
            assert fault.value.hint and "\n" not in str(fault.value)


def test_without_a_port_the_first_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr(address, "_PORTS", (taken, 0))
        assert free_port("127.0.0.1", None) == 0
        assert {free_port(host, 0) for host in ("::1", "::", "localhost", "0.0.0.0")} == {0}


def test_the_address_is_looked_at_before_anything_is_built() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        environment = {**os.environ, "PORT": port, "HOST": "127.0.0.1"}
        run = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 2 and run.stdout == "" and run.stderr.count("\n") == 1
    assert run.stderr.startswith(f"headshot: Port {port} is taken") and "server_port" not in run.stderr


def test_no_proxy_stands_between_us_and_ourselves(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "socks4://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "intern.example.org")
    monkeypatch.setenv("NO_PROXY", "")
    with no_proxies():
        httpx.Client().close()
    assert os.environ["ALL_PROXY"] == os.environ["http_proxy"] == "socks4://127.0.0.1:9"
    keep_proxies_away("192.168.0.5")
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "127.0.0.1,192.168.0.5,::1,intern.example.org,localhost"


def test_all_addresses_are_those_of_both_families() -> None:
    """HOST=:: answers on 127.0.0.1 as well; other addresses on what they are alone."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")

    def answering(host: str) -> list[str]:
        port = free_port(host, None)
        with both_families(host):
            server = uvicorn.Server(uvicorn.Config(PlainTextResponse("ok"), host=host, port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            end = time.monotonic() + LIMIT
            while not server.started:
                assert thread.is_alive() and time.monotonic() < end
                time.sleep(0.01)
            found = []
            for name in ("127.0.0.1", "[::1]"):
                with suppress(httpx.ConnectError):
                    found.append(httpx.get(f"http://{name}:{port}/", trust_env=False).text and name)
            return found
        finally:
            server.should_exit = True
            thread.join(LIMIT)

    assert answering("::") == ["127.0.0.1", "[::1]"]
    assert answering("::1") == ["[::1]"] and answering("127.0.0.1") == ["127.0.0.1"]


@pytest.mark.sweep
@pytest.mark.data
def test_a_container_makes_a_picture(tmp_path: Path) -> None:
    """Program and cache read-only, no home, a SOCKS proxy without an answer, IPv6, behind a proxy of ours."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("no mounts of one's own here")
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
        port = probe.getsockname()[1]
    cache_folder().mkdir(parents=True, exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if k not in ("XDG_CONFIG_HOME", "HEADSHOT_CONFIG")}
    around = {"HOME": "/proc/none", "XDG_CACHE_HOME": str(cache_folder().parent), "TMPDIR": str(tmp_path)}
    around |= {"HOST": "[::1]", "PORT": str(port), "HEADSHOT_PUBLIC": "1", "HEADSHOT_HOSTS": "headshot.example.org"}
    around |= dict.fromkeys(("ALL_PROXY", "all_proxy"), "socks5://127.0.0.1:9") | {"PYTHONDONTWRITEBYTECODE": "1"}
    places = [str(ROOT), sys.prefix, str(cache_folder()), sys.executable]
    command = ["unshare", "-m", "--propagation", "private", "bash", "-c", READ_ONLY, "-", *places]
    with (tmp_path / "log").open("w") as log:
        app = subprocess.Popen(command, cwd=ROOT, env={**kept, **around}, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://[::1]:{port}", trust_env=False, timeout=LIMIT) as client:
            client.headers["host"] = "headshot.example.org"
            end = time.monotonic() + LIMIT
            while True:
                assert app.poll() is None and time.monotonic() < end, (tmp_path / "log").read_text()
                try:
                    assert client.get("/").status_code == 200
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            photo = base64.b64encode(photo_path("coleman_1.jpg").read_bytes()).decode()
            call = client.post("/gradio_api/call/v2/headshot", json={"photo": photo, "consent": True}).json()
            answer = client.get(f"/gradio_api/call/headshot/{call['event_id']}").text
        assert "event: complete" in answer, (answer[:300], (tmp_path / "log").read_text())
        made = json.loads(answer.split("event: complete\ndata: ", 1)[1])[0]
        assert made["picture"] and any("not signed" in note for note in made["notes"])
    finally:
        app.terminate()
        app.wait()
    assert not list(tmp_path.glob("hs-process-*")) and "Traceback" not in (tmp_path / "log").read_text()
