"""The fences: who may import whom, no import cycles, files of readable length."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "extract"
HEAVY = {  # each heavy library only in its own files
    "pandas": {"rows", "dataset", "matrix", "panel", "across", "compare", "compare_sheets", "reuse", "tabular", "atlas"},
    "duckdb": {"store", "export", "dataset", "correct", "originals", "station"}, "pyarrow": {"parts", "partfiles", "store"},
    "fsspec": {"places"},
    "distributed": {"cluster"}, "psutil": {"workers"},
    "typer": {"cli", "commands", "page_commands"},
    "rich": {"cli", "commands", "page_commands", "progress", "show", "doctor", "station"},
    "datasketch": {"reuse.candidates"}, "xlsxwriter": {"tabular"},
    "extractous": {"readers.doc"}, "olefile": {"kinds", "readers.doc", "readers.doc_pictures"},
    "python_calamine": {"readers.sheets"}, "py7zr": {"containers"},
}  # fmt: skip
LAYERS = [  # lowest first; a module may import its own layer and those below
    {"model", "errors", "settings", "versions", "worker"},
    {"mail"},
    {"problems", "form", "kinds", "containers", "web"},
    {
        "archive",
        "places",
        "readers",
        "scan",
        "numbers",
        "labels",
        "align",
        "stitch",
        "split",
        "paragraphs",
        "dates",
        "grid",
        "sheet",
    },
    {"walk", "workers"},
    {"find", "map_types", "sections", "layouts", "skeleton", "fragments", "block_parts", "parted"},
    {"group", "map_requests", "map_blocks", "map_outcomes", "map_statistics", "head", "pictures", "relabel"},
    {"mapping", "facts"},
    {"judge", "values"},
    {"sums"},
    {"checks", "derive", "same_print", "told"},
    {"reconcile"},
    {"record", "review", "percent_checks"},
    {"text_checks", "structure", "proofread"},
    {"corrections"},
    {"pipeline", "rows", "wide_panel"},
    {"parts", "export"},
    {"reading"},
    {"store", "runlog", "local", "partfiles", "correct", "originals", "sheets"},
    {"journal", "plan", "cluster"},
    {"finish"},
    {"archive_run", "overlay", "formula"},
    {"measures", "agencies", "station"},
    {"dataset", "matrix", "panel"},
    {"across", "compare", "reuse", "tabular"},
    {"compare_sheets", "atlas"},
    {"api", "progress", "show", "doctor", "commands", "page_commands"},
    {"cli"},
]


def modules() -> dict[str, Path]:
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix("__init__").rstrip(".")
        if name:
            found[name] = path
    return found


def imports(path: Path, *, top_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def ours(path: Path) -> set[str]:
    known = modules()
    return {
        n.removeprefix("extract.")
        for n in imports(path, top_only=True)
        if n.removeprefix("extract.") in known and n.startswith("extract.")
    }


def layer(name: str) -> int:
    part = name.split(".", maxsplit=1)[0]
    return next((i for i, names in enumerate(LAYERS) if part in names), -1)


def test_every_module_has_a_layer() -> None:
    assert [name for name in modules() if layer(name) < 0] == []


def test_imports_go_down() -> None:
    wrong = [
        (name, other)
        for name, path in modules().items()
        for other in ours(path)
        if layer(other) > layer(name)
    ]
    assert wrong == []


def test_readers_and_scan_know_nothing_of_the_form() -> None:
    allowed = {"model", "errors", "settings", "kinds", "mail", "readers", "scan"}
    wrong = [
        (name, other)
        for name, path in modules().items()
        if name.split(".")[0] in {"readers", "scan"}
        for other in ours(path)
        if other.split(".")[0] not in allowed
    ]
    assert wrong == []


def test_no_inner_module_imports_the_package_itself() -> None:
    assert [n for n, p in modules().items() if "extract" in imports(p, top_only=True) and n != "cli"] == []


def test_heavy_libraries_stay_in_their_files() -> None:
    wrong = [
        (name, library)
        for name, path in modules().items()
        for library in {i.split(".")[0] for i in imports(path, top_only=True)}
        if library in HEAVY and not {name, name.split(".")[0]} & HEAVY[library]
    ]
    assert wrong == []


def test_files_are_of_readable_length() -> None:
    assert [n for n, p in modules().items() if len(p.read_text(encoding="utf-8").splitlines()) > 400] == []
