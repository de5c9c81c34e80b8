"""Each promise of SECURITY.md and of the README's Privacy section names a test that is there."""

from __future__ import annotations

import re

from tests import ROOT


def test_every_promise_names_a_test_that_exists() -> None:
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    privacy = readme.split("\n## Privacy\n")[1].split("\n## ")[0]
    promises = (ROOT / "SECURITY.md").read_text(encoding="utf-8").split("What is promised")[1]
    for text in (privacy, promises):
        lines = re.findall(r"^- .*(?:\n  .*)*", text, re.M)
        assert len(lines) >= 6
        for line in lines:
            named = re.findall(r"\btest_\w+", line)
            assert named and set(named) <= known, line
