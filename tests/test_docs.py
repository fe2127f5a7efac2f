"""What is written about the package is what it does: pages made from data, catalogues, exported names."""

import ast
import csv
import importlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import extract
from conftest import ROOT
from extract.errors import ExitCode
from extract.model import Problem
from extract.problems import INFORMATIVE, catalogue, message
from extract.rows import schema
from extract.settings import Settings

SOURCE = ROOT / "src" / "extract"
MODULES = sorted(SOURCE.rglob("*.py"))


@pytest.fixture(scope="module")
def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["problems", "dataset", "facts", "crosswalk", "measures"])
def test_pages_are_what_the_tool_would_write(make_docs: ModuleType, page: str) -> None:
    there = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    assert there == getattr(make_docs, page)(), "run: python tools/make_docs.py"


def test_pages_name_every_kind_and_column() -> None:
    problems = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert [kind for kind in catalogue() if f"`{kind}`" not in problems] == []
    dataset = (ROOT / "docs" / "dataset.md").read_text(encoding="utf-8")
    assert [f for columns in schema().values() for f in columns if f"`{f.field}`" not in dataset] == []


def test_every_table_row_of_the_pages_has_as_many_cells_as_its_head() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        width = 0
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            bars = len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line))) if line.startswith("|") else 0
            assert not (width and bars) or bars == width, f"{path.name}:{number}"
            width = bars


def test_every_kind_has_its_words_in_both_languages() -> None:
    with (SOURCE / "problems.csv").open(encoding="utf-8", newline="") as stream:
        kinds = list(csv.DictReader(stream))
    assert len({row["kind"] for row in kinds}) == len(kinds) == len(catalogue())
    for row in kinds:
        assert re.fullmatch(r"[a-z_]+", row["kind"]) and row["title"]
        assert row["en"].count("{detail}") == row["zh"].count("{detail}") == 1
        assert re.search(r"[\u4e00-\u9fff]", row["zh"]) and not re.search(r"[\u4e00-\u9fff]", row["en"])
    assert set(catalogue()) >= INFORMATIVE


@pytest.mark.parametrize("detail", ["", "Limit: 300 s.", "{braces} and %s", "年报"])
def test_sentences_take_any_detail(detail: str) -> None:
    for kind in catalogue():
        for language in ("en", "zh"):
            told = message(Problem("read", kind, detail), language)
            assert detail in told and told == told.strip() and "{detail}" not in told


def literals(names: set[str], position: int) -> dict[str, set[str]]:
    """Texts that the code gives as an argument of some calls, with the modules that do."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                given = node.args[position : position + 1]
                for value in given:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        found.setdefault(value.value, set()).add(path.name)
    return found


def test_every_kind_in_the_code_is_in_the_catalogue() -> None:
    used = literals({"ReadError"}, 0) | literals({"Problem"}, 1)
    assert {kind: where for kind, where in used.items() if kind not in catalogue()} == {}


def test_every_stage_in_the_code_is_in_the_schema() -> None:
    stage = next(f for f in schema()["problems"] if f.field == "stage")
    assert [name for name in literals({"Problem"}, 0) if name not in stage.description] == []


def test_every_reason_to_look_is_in_the_schema() -> None:
    described = next(f for f in schema()["cells"] if f.field == "review_reason").description
    reasons: set[str] = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "review_reason"
                and isinstance(node.value, ast.Constant)
            ):
                reasons.add(str(node.value.value))
    assert len(reasons) >= 4
    assert [reason for reason in reasons if reason not in described] == []


def test_exported_names_import() -> None:
    assert extract.__all__ == sorted(extract.__all__) and len(set(extract.__all__)) == len(extract.__all__)
    for name in extract.__all__:
        assert getattr(extract, name).__doc__, name
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = extract.nothing_of_this_name  # type: ignore[attr-defined]


def test_the_package_alone_loads_none_of_its_heavy_libraries() -> None:
    told = "import sys, extract; print(sorted({'pandas', 'duckdb', 'cv2', 'onnxruntime', 'typer'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_every_module_imports_and_says_what_it_is(path: Path) -> None:
    name = ".".join(("extract", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
    assert importlib.import_module(name).__doc__


def test_every_setting_is_explained() -> None:
    text = (SOURCE / "settings.py").read_text(encoding="utf-8")
    for name in Settings.__dataclass_fields__:
        assert re.search(rf'^    {name}: [^\n]+\n    """', text, re.MULTILINE), name


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_tells_every_exit_code(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    codes = [int(code) for code in ExitCode if code not in {ExitCode.UNEXPECTED, ExitCode.INTERRUPTED}]
    line = next(line for line in text.splitlines() if re.search(r"Exit codes|退出码", line))
    tail = text[text.index(line) : text.index(line) + 400]
    assert [code for code in codes if not re.search(rf"(?<!\d){code}(?!\d)", tail)] == []
