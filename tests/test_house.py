"""The house rules, held by machine: which room may call which, what an import loads, how long a module is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

FILES = sorted([ROOT / "app.py", *(ROOT / "headshot").rglob("*.py")])
HEAVY = {
    "torch",
    "diffusers",
    "transformers",
    "insightface",
    "onnx",
    "onnxruntime",
    "mediapipe",
    "dlib",
    "peft",
    "accelerate",
}

# Room → the rooms that it may import from. types and errors are open to all.
_OPEN = {"types", "errors", "text", "headshot"}
MAY: dict[str, set[str]] = {
    "app": {"ui", "photo", "engines", "native_logs"},
    "__main__": {"cli", "native_logs"},
    "ui": {"studio", "files", "authenticity", "engines", "canvas", "photo", "direction", "weights", "imaging"},
    "cli": {"studio", "files", "authenticity", "engines", "photo", "direction", "weights"},
    "studio": {"files", "authenticity", "engines", "canvas", "photo", "direction", "weights", "imaging"},
    "files": {"authenticity", "direction", "imaging"},
    "engines": {"canvas", "authenticity", "photo", "direction", "weights", "imaging"},
    "authenticity": {"photo", "weights", "imaging"},
    "canvas": {"photo", "direction", "imaging"},
    "photo": {"weights", "imaging"},
    "direction": set(),
    "weights": set(),
    "imaging": set(),
    "types": set(),
    "errors": set(),
    "text": set(),
    "native_logs": set(),
    "headshot": set(),
}
LONG = {"headshot/types.py": 430}  # records alone, one after another


def room(module: str) -> str:
    parts = module.split(".")
    return "headshot" if module == "headshot" else parts[1] if parts[0] == "headshot" else parts[0]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> list[tuple[str, int, bool]]:
    """(module, line, at the top level) for each import, `from headshot import x` as headshot.x where x is a module."""
    found: list[tuple[str, int, bool]] = []

    def visit(node: ast.AST, top: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                found.extend((a.name, child.lineno, top) for a in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}:{child.lineno} imports relatively"
                for alias in child.names:
                    whole = f"{child.module}.{alias.name}"
                    there = (ROOT / whole.replace(".", "/")).with_suffix(".py").is_file()
                    package = (ROOT / whole.replace(".", "/")).is_dir()
                    found.append((whole if there or package else str(child.module), child.lineno, top))
            inner = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            visit(child, top and not inner and not typing)

    visit(ast.parse(path.read_text(encoding="utf-8")), True)
    return found


def test_every_room_is_on_the_plan() -> None:
    assert {room(module_of(f)) for f in FILES} <= set(MAY)


def test_the_plan_has_no_way_back() -> None:
    """The table itself has no cycle: a topological order exists (Kahn)."""
    left = {name: set(to) - {name} for name, to in MAY.items()}
    while ends := [n for n, to in left.items() if not to & set(left)]:
        for name in ends:
            del left[name]
    assert not left, f"in a circle: {sorted(left)}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_follow_the_arrows(path: Path) -> None:
    here = room(module_of(path))
    for module, line, top in imports(path):
        base = module.split(".")[0]
        if base == "headshot":
            there = room(module)
            assert there == here or there in MAY[here] | _OPEN, f"{path.name}:{line} {here} → {there}"
        assert not (top and base in HEAVY), f"{path.name}:{line} loads {base} at the top"
        if base == "gradio":
            assert here == "ui", f"{path.name}:{line} knows Gradio"


@pytest.mark.parametrize(
    "module", ["headshot.ui.page", "headshot.cli.main", "headshot.studio.session", "headshot.engines", "app"]
)
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print('LOADED', *sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip().splitlines()[-1] == "LOADED"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_stay_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONG.get(str(path.relative_to(ROOT)), 300)
    assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{path.name} does not say what it is for"


def tracked() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if run.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in run.stdout.decode().split("\0") if name]


# Assembled, so that this file does not hold what it looks for.
_PLACES = ("/wo" + r"rk/(?!flows)", r"\." + "library", "/ro" + "ot/", r"/home/(?!user\b)\w+", "/Us" + "ers/")
_PRIVATE = re.compile("|".join(_PLACES))


def test_no_path_of_a_machine_is_in_a_tracked_file() -> None:
    found = []
    for path in tracked():
        if path.suffix in (".png", ".jpg", ".webp", ".gz", ".safetensors", ".onnx") or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if _PRIVATE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_no_photo_weight_or_secret_is_tracked() -> None:
    kinds = {".onnx", ".safetensors", ".tflite", ".dat", ".bin", ".ckpt", ".pt", ".pth", ".pem", ".key"}
    assert [p.name for p in tracked() if p.suffix in kinds] == []
    assert [p.name for p in tracked() if p.is_file() and p.stat().st_size > 3_000_000] == []
