"""The engine of many machines: the same dataset as on one, from places that are no folders, with workers that are lost."""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import extract
from archives import report_text, rows, zipped
from conftest import ROOT
from extract import cluster as engine
from extract import places
from extract.errors import EnvironmentFault, InputNotFoundError
from extract.partfiles import finished_parts, read_part
from extract.settings import Settings

fsspec = pytest.importorskip("fsspec", reason="the extra extract[dask] is not installed")
distributed = pytest.importorskip("distributed", reason="the extra extract[dask] is not installed")
sys.path.insert(0, str(ROOT / "bench"))
from soak import age, cluster, differences, make_archive  # noqa: E402

LOCAL = Settings(workers=1, isolate=False)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster of threads in this process, which sees `memory://`."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0", protocol="inproc"
    ) as local:
        yield local.scheduler_address


@pytest.fixture
def memory() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    yield files
    files.store.clear()
    files.pseudo_dirs[:] = [""]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    for name, agency, year in (("b/a", "甲", 2021), ("b/b", "乙", 2022), ("c/c", "丙", 2023)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_bytes(report_text(f"岚汀市{agency}局", year))
    shutil.copy(folder / "b" / "a.txt", folder / "c" / "again.txt")
    (folder / "z.zip").write_bytes(zipped(("e.txt", report_text("岚汀市戊局")), ("f.docx", b"")))
    (folder / "notice.txt").write_text("关于放假的通知", encoding="utf-8")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04")
    age(folder)
    return folder


def test_archive_and_output_in_memory_give_the_dataset_of_folders(
    archive: Path, tmp_path: Path, memory: Any, scheduler: str
) -> None:
    memory.put(str(archive), "/archive", recursive=True)
    there = Settings(engine="dask", scheduler=scheduler, isolate=False)
    extract.read_archive("memory://archive", "memory://out", there)
    extract.read_archive(archive, tmp_path / "local", LOCAL)
    (tmp_path / "fetched").mkdir()
    for name in memory.glob("/out/*.csv"):
        memory.get_file(name, str(tmp_path / "fetched" / name.rpartition("/")[2]))
    assert differences(tmp_path / "local", tmp_path / "fetched") == []
    assert memory.exists("/out/reports.duckdb") and memory.exists("/out/datapackage.json")
    told = json.loads(memory.cat_file("/out/parts/manifest.json"))
    assert sum(part["in_dataset"] for part in told["parts"]) == 6
    again = extract.read_archive("memory://archive", "memory://out", there)
    assert again.kept == again.files == 8


def test_parts_alone_give_the_dataset_again(archive: Path, tmp_path: Path, scheduler: str) -> None:
    there = Settings(engine="dask", scheduler=scheduler, isolate=False)
    output = tmp_path / "out"
    extract.read_archive(archive, output, there)
    shutil.copytree(output, tmp_path / "first")
    for path in output.iterdir():
        if path.is_file():
            path.unlink()
    extract.read_archive(archive, output, there)
    events = [json.loads(line) for line in (output / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [e["attempts"] for e in events if e["event"] == "file"] == [0] * 6  # taken from parts, not read
    assert differences(tmp_path / "first", output) == []


def test_a_part_has_the_rows_of_its_reports_and_one_that_holds_none_any_more_goes(
    archive: Path, tmp_path: Path, scheduler: str
) -> None:
    there = Settings(engine="dask", scheduler=scheduler, isolate=False)
    output = tmp_path / "out"
    extract.read_archive(archive, output, there)
    parts = finished_parts(str(output))
    results = [result for name in parts for _, result in read_part(str(output), name)]
    assert sum(len(r.tables["cells"]) for r in results if "cells" in r.tables) == len(
        rows(output / "cells.csv")
    )
    shutil.rmtree(archive / "b")
    shutil.rmtree(archive / "c")
    for name in ("z.zip", "notice.txt", "broken.docx"):
        (archive / name).unlink()
    (archive / "new.txt").write_bytes(report_text("岚汀市庚局"))
    extract.read_archive(archive, output, there)
    assert not set(parts) & set(finished_parts(str(output)))


def test_local_engine_reads_urls_too(archive: Path, tmp_path: Path, memory: Any) -> None:
    memory.put(str(archive), "/archive", recursive=True)
    extract.read_archive("memory://archive", tmp_path / "url", LOCAL)
    extract.read_archive(archive, tmp_path / "local", LOCAL)
    assert differences(tmp_path / "local", tmp_path / "url") == []


def test_a_page_at_a_url_has_its_pictures_and_none_from_outside(memory: Any) -> None:
    from extract.find import find, load

    for name in ("secret.png", "in/img/1.png"):
        memory.pipe_file(f"/{name}", b"\x89PNG\r\n\x1a\n" + name.encode())
    memory.pipe_file("/in/a.html", b"<html></html>")
    source = load(next(f for f in find(["memory://in"], LOCAL) if f.file == "a.html"), LOCAL)  # type: ignore[arg-type]
    assert source.neighbour("img/1.png") == b"\x89PNG\r\n\x1a\nin/img/1.png"
    assert source.neighbour("../secret.png") is None and source.neighbour("img/../../secret.png") is None


def test_what_is_not_there_is_told(tmp_path: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputNotFoundError, match="memory://nothing"):
        extract.read_archive("memory://nothing", tmp_path / "out", LOCAL)
    with pytest.raises(EnvironmentFault, match="dask scheduler"):
        (tmp_path / "a.txt").write_bytes(report_text())
        monkeypatch.setattr(engine, "_TO_ANSWER", 1)
        extract.read_archive(
            tmp_path / "a.txt", tmp_path / "out", Settings(engine="dask", scheduler="tcp://127.0.0.1:9")
        )
    with pytest.raises(EnvironmentFault, match="no-such-protocol"):
        places.content("no-such-protocol://x")


def test_workers_of_another_version_are_refused(
    archive: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = engine._engine
    monkeypatch.setattr(
        engine, "_engine", lambda settings, version, place: whole(settings, f"{version} other", place)
    )
    with pytest.raises(EnvironmentFault, match="another version"):
        extract.read_archive(
            archive, tmp_path / "out", Settings(engine="dask", scheduler=scheduler, isolate=False)
        )


@pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
def test_a_lost_worker_costs_only_what_it_had_in_hand(tmp_path: Path) -> None:
    """`make soak` in short."""
    make_archive(tmp_path / "archive", 60, templates=9)
    found = cluster(tmp_path / "archive", tmp_path)
    assert (found["differences"], found["orphans"]) == (0, 0), found["examples"]
    assert 0 < found["worker_killed_after_files"] < found["files"]


def test_settings_of_the_cluster() -> None:
    with pytest.raises(ValueError, match="goes with engine 'dask'"):
        replace(LOCAL, scheduler="tcp://x:1")
