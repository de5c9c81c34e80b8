"""The rules of docs/architecture.md, checked: which room imports which, what an import loads, how long a module is."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import ROOT

HOUSE = ROOT / "headshot"
FILES = sorted([ROOT / "app.py", *HOUSE.rglob("*.py")])
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
OPEN = {"types", "errors", "text", "language", "environment", "headshot"}  # every room may import them
MOST_LINES = 250
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".heic", ".tif", ".tiff", ".bmp"}


class Import(NamedTuple):
    """One import: who imports, what (a module where it is one of ours), on which line, and whether at the top level."""

    by: str
    module: str
    line: int
    top: bool


def name_of(path: Path) -> str:
    """The path from the project's root, with slashes."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(module: str) -> str:
    """ "headshot.ui.page" → "ui"; "headshot" and "app" are rooms of their own."""
    parts = module.split(".")
    return parts[1] if parts[0] == "headshot" and len(parts) > 1 else parts[0]


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def imports() -> tuple[Import, ...]:
    """Every import of every module, `from headshot import x` as headshot.x where x is a module."""
    ours = {module_of(path) for path in FILES}
    found: list[Import] = []

    def visit(by: str, node: ast.AST, top: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                found.extend(Import(by, a.name, child.lineno, top) for a in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{by}:{child.lineno} imports relatively"
                for alias in child.names:
                    whole = f"{child.module}.{alias.name}"
                    found.append(Import(by, whole if whole in ours else str(child.module), child.lineno, top))
            inner = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            visit(by, child, top and not inner and not typing)

    for path in FILES:
        visit(module_of(path), tree(path), True)
    return tuple(found)


@functools.cache
def table() -> dict[str, set[str]]:
    """Room → rooms that it may import, from the table in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|[^|]+\|([^|]*)\|$", text, re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a room has two rows"
    return {name: set(re.findall(r"`(\w+)`", may)) for name, may in rows}


def arrows(folder: str) -> dict[str, set[str]]:
    """Child of the package `folder` → children that it imports; `__init__` of the package itself is no child."""
    depth = folder.count(".") + 1
    graph: dict[str, set[str]] = {}
    for path in FILES:
        parts = module_of(path).split(".")
        if ".".join(parts[:depth]) == folder and len(parts) > depth:
            graph.setdefault(parts[depth], set())
    for found in imports():
        by, to = found.by.split("."), found.module.split(".")
        if by[:depth] == to[:depth] == folder.split(".") and len(by) > depth and len(to) > depth:
            if to[depth] != by[depth]:
                graph[by[depth]].add(to[depth])
    return graph


def floors(graph: dict[str, set[str]]) -> Iterator[set[str]]:
    """The nodes in layers, each importing only from layers before it; stops where only circles are left."""
    left = {name: set(to) for name, to in graph.items()}
    while ends := {n for n, to in left.items() if not to & left.keys()}:
        yield ends
        for name in ends:
            del left[name]


def test_the_table_names_every_room_and_no_other() -> None:
    assert table().keys() == {room(module_of(path)) for path in FILES} - {"headshot"}
    unknown = {name: may - table().keys() for name, may in table().items() if may - table().keys()}
    assert not unknown, f"rooms in the last column that have no row: {unknown}"


def test_imports_follow_the_table() -> None:
    wrong = []
    for by, module, line, top in imports():
        here, base = room(by), module.split(".")[0]
        if base == "headshot" and room(module) not in table().get(here, set()) | OPEN | {here}:
            wrong.append(f"{by}:{line}: {here} → {room(module)} is not in docs/architecture.md")
        if top and base in HEAVY:
            wrong.append(f"{by}:{line}: loads {base} when it is imported")
        if base == "gradio" and here != "ui":
            wrong.append(f"{by}:{line}: imports Gradio outside headshot/ui")
    assert wrong == []


def test_no_circle_in_any_folder_and_at_most_eight_floors() -> None:
    graphs = {"the table": table()} | {
        p: arrows(p) for p in map(module_of, FILES) if (ROOT / p.replace(".", "/")).is_dir()
    }
    for name, graph in graphs.items():
        layers = list(floors(graph))
        left = set(graph) - set().union(*layers)
        assert not left, f"{name}: in a circle or above one: {sorted(left)}"
        if name in ("the table", "headshot"):
            assert len(layers) <= 8, f"{name} has {len(layers)} floors: {layers}"


def test_the_top_stays_small() -> None:
    folders = [p.name for p in HOUSE.iterdir() if any(p.glob("*.py"))]
    files = [p.name for p in HOUSE.glob("*.py")]
    assert len(folders) <= 12 and len(files) <= 6, f"{sorted(folders)}, {sorted(files)}"


def test_importing_loads_nothing_heavy() -> None:
    """All entries and all of the page in one process, the lightest first, so that each answers for what it adds.

    As where gradio was installed without its extra for programs: `mcp` cannot be imported.
    """
    page = [module_of(path) for path in FILES if HOUSE / "ui" in path.parents]
    modules = ["headshot.studio.session", "headshot.engines", "headshot.cli.main", "headshot.ui.page", *page, "app"]
    code = (
        "import sys\nsys.modules['mcp'] = None\n"
        f"for name in {modules}:\n __import__(name)\n print('LOADED', name, {HEAVY} & set(sys.modules))\n"
        "print('SPEAKS MCP', sys.modules['headshot.ui.serve'].speaks_mcp())"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    said = [line for line in run.stdout.splitlines() if line.startswith(("LOADED", "SPEAKS"))]
    assert said == [*(f"LOADED {name} set()" for name in modules), "SPEAKS MCP False"]


def test_modules_stay_small_and_say_what_they_are() -> None:
    wrong = []
    for path in FILES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            wrong.append(f"{name_of(path)} has {lines} lines, more than {MOST_LINES}")
        if not ast.get_docstring(tree(path)):
            wrong.append(f"{name_of(path)} has no docstring")
    assert wrong == []


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
    pictures = {name_of(p) for p in tracked() if p.suffix.lower() in PICTURES}
    assert pictures <= {"docs/screenshot.jpg", "headshot/ui/icon.png"}


def test_the_documents_name_what_exists() -> None:
    """Every path in the documents for developers is there, and every `file:name` is defined in that file."""
    missing = []
    for document in ("docs/architecture.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for path, name in re.findall(r"`((?:headshot|tests|presets|docs|benchmarks)/[\w./-]*)(?::(\w+))?`", text):
            where = ROOT / path
            if not where.exists() or (
                name and not re.search(rf"^\s*(?:def|class) {name}\b", where.read_text("utf-8"), re.MULTILINE)
            ):
                missing.append(f"{document}: {path}{':' + name if name else ''}")
    assert missing == []


def test_the_tests_of_a_file_stay_together(request: pytest.FixtureRequest) -> None:
    """Else each worker starts the app, loads diffusers and opens the photos for itself: nothing else would show it."""
    if request.config.getoption("loadgroup", False):
        assert request.node.nodeid.endswith("@tests/test_house.py")
