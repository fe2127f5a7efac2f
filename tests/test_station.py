"""The review station without a browser: its queues, what it lets in and what not, the interval, the command."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from archives import rows
from extract.corrections import FILE, Decision, read_decisions
from extract.errors import ExitCode, InputNotFoundError
from extract.originals import Originals
from extract.settings import Settings
from extract.sheets import Sheet, cut
from extract.station.interval import share_interval
from extract.station.queue import silent_errors
from extract.station.server import Server
from extract.station.station import Refused, Station
from extract.web import script, words
from reviewed import MISREAD, ONE, PICTURE, UNREAD, UNSURE, dataset

# --- the interval


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # from tables of the exact binomial interval
        (0, 100, 0.0, 0.0362), (3, 100, 0.0062, 0.0852), (1, 10, 0.0025, 0.4450), (10, 10, 0.6915, 1.0), (0, 0, 0.0, 1.0),
        (50, 100, 0.3983, 0.6017), (0, 300, 0.0, 0.0122),
    ],
)  # fmt: skip
def test_the_interval_is_the_exact_one(hits: int, n: int, low: float, high: float) -> None:
    assert share_interval(hits, n) == pytest.approx((low, high), abs=6e-5)


@tried(deadline=None)
@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(count: tuple[int, int]) -> None:
    hits, n = count
    low, high = share_interval(hits, n)
    assert 0 <= low <= (hits / n if n else 0.5) <= high <= 1
    other = share_interval(n - hits, n)
    assert (1 - other[1], 1 - other[0]) == pytest.approx((low, high), abs=1e-9)


def test_more_hits_than_cells_is_no_count() -> None:
    with pytest.raises(ValueError, match="no count"):
        share_interval(3, 2)


def test_silent_errors_count_numbers_to_compute_with() -> None:
    def sampled(code: str, old: str, new: str, queue: str = "sample") -> Decision:
        return Decision("t", "w", "id", code, "corrected", old, new, "", queue)

    made = [
        sampled("a", "3", "3"), sampled("b", "3", "8"), sampled("c", "0", ""), sampled("d", "?", "5"),
        sampled("e", "1", "2", "doubtful"),
    ]  # fmt: skip
    found = silent_errors(made, "sample")
    assert (found["looked"], found["wrong"]) == (4, 2)  # a printed 0 for a blank computes the same


# --- the station


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dataset(tmp_path_factory.mktemp("station"))[0]


@pytest.fixture
def station(original: Path) -> Iterator[Station]:
    yield Station(original, [], "核对员", ONE)
    (original / FILE).unlink(missing_ok=True)
    Station(original, [], "", ONE).save()


def codes(station: Station, queue: str = "doubtful") -> list[str]:
    return [code for _, code in station.state(queue)["next"]]


def test_the_most_doubtful_come_first(station: Station) -> None:
    assert codes(station) == [UNREAD, MISREAD, UNSURE]
    report = station.state("doubtful")["next"][0][0]
    station.skip(report, UNREAD)
    assert codes(station) == [MISREAD, UNSURE, UNREAD]


def test_a_cell_is_shown_with_candidates_and_sums(station: Station) -> None:
    report = station.state("doubtful")["next"][0][0]
    cell = station.cell(report, MISREAD)
    assert [round(c["probability"], 2) for c in cell["candidates"]] == [0.6, 0.3]
    assert [s["check"] for s in cell["sums"]] == [
        "requests.row_total.partially_granted",
        "requests.results_total.total",
    ]
    assert cell["form"]["columns"][-1] == "总计" and len(cell["form"]["rows"]) == 25
    for partners in (False, True):
        assert station.crop(report, MISREAD, partners=partners).startswith(b"\x89PNG")


def test_decisions_are_kept_at_once_and_survive_the_station(station: Station, original: Path) -> None:
    report = station.state("doubtful")["next"][0][0]
    assert station.decide(report, MISREAD, "38", "看得清", "doubtful")["status"] == "corrected"
    again = Station(original, [], "", ONE)
    assert codes(again) == [UNREAD, UNSURE]
    kept = read_decisions(original / FILE)[0][0]
    assert (kept.old, kept.new, kept.reason, kept.action) == ("39", "38", "看得清", "corrected")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", kept.when)
    again.save()
    cells = {row["code"]: row for row in rows(original / "cells.csv")}
    assert (cells[MISREAD]["status"], cells[MISREAD]["raw"]) == ("corrected", "39")


def test_undo_goes_back_one_decision_at_a_time(station: Station) -> None:
    report = station.state("doubtful")["next"][0][0]
    for code in (UNREAD, MISREAD):
        station.decide(report, code, "7", "", "doubtful")
    assert (station.undo()["code"], station.undo()["code"]) == (MISREAD, UNREAD)
    assert codes(station) == [UNREAD, MISREAD, UNSURE]
    with pytest.raises(Refused):
        station.undo()


@pytest.mark.parametrize(
    ("code", "new", "refusal"),
    [(UNSURE, "12a", "no_number"), ("requests.none", "1", "unknown"), (UNSURE, "9" * 101, "unknown")],
)
def test_what_cannot_be_kept_is_refused(
    station: Station, original: Path, code: str, new: str, refusal: str
) -> None:
    report = station.state("doubtful")["next"][0][0]
    with pytest.raises(Refused) as told:
        station.decide(report, code, new, "", "doubtful")
    assert told.value.code == refusal and not (original / FILE).exists()


def test_a_sample_is_of_cells_not_flagged_and_goes_on_where_it_ended(
    station: Station, original: Path
) -> None:
    first = station.state("sample")
    assert not {UNREAD, MISREAD, UNSURE} & set(codes(station, "sample")) and first["population"] == 197
    report, code = first["next"][0]
    cell = station.cell(report, code)
    station.decide(report, code, cell["shown"], "", "sample")
    station.decide(report, MISREAD, "38", "", "doubtful")  # what was flagged is never drawn, decided or not
    other = Station(original, [], "", ONE).state("sample")
    assert other["population"] == 197
    assert (other["done"], other["sample"]["looked"], other["sample"]["wrong"]) == (1, 1, 0)
    assert other["next"][0] == first["next"][1]


def test_a_file_that_is_not_the_one_that_was_read_is_not_shown(
    station: Station, original: Path, tmp_path: Path
) -> None:
    report = station.state("doubtful")["next"][0][0]
    for content, refusal in ((b"", "other_file"), (None, "no_original")):
        if content is not None:
            (tmp_path / PICTURE.name).write_bytes(content)
        else:
            (tmp_path / PICTURE.name).unlink()
        elsewhere = Station(original, [tmp_path], "", ONE)
        with pytest.raises(Refused) as told:
            elsewhere.crop(report, MISREAD, partners=False)
        assert told.value.code == refusal


def test_a_folder_without_a_dataset_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError, match="extract run"):
        Station(tmp_path, [], "", ONE)


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/passwd", "link.txt", "a.zip!../x", "..\\secret.txt", ""]
)
def test_no_name_leads_out_of_the_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert Originals([archive], Settings()).path(name) is None


def test_boxes_at_the_edge_are_cut_all_the_same() -> None:
    import numpy as np

    from extract.model import Box

    sheet = Sheet(np.full((40, 60, 3), 255, np.uint8), Box(0, 0, 60, 40))
    assert cut(sheet, Box(0, 0, 5, 5)).startswith(b"\x89PNG")
    assert cut(sheet, Box(50, 30, 60, 40), [Box(0, 30, 10, 40)]).startswith(b"\x89PNG")


# --- the server


@pytest.fixture
def server(station: Station) -> Iterator[Server]:
    with Server(station) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(server: Server, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send one request as it stands; the path begins with the token where it has {token} in it."""
    connection = http.client.HTTPConnection(server.hosts[0], timeout=10)
    method = "GET" if body is None else "POST"
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path.format(token=server.token), data, named)
    response = connection.getresponse()
    answer = response.status, dict(response.getheaders()), response.read()
    connection.close()
    return answer


def test_the_page_and_its_parts_are_there(server: Server) -> None:
    for name in (
        "",
        "review.js",
        "review.css",
        "common.js",
        "common.css",
        "words.js",
        "state?queue=doubtful",
    ):
        status, headers, body = ask(server, "/{token}/" + name)
        assert status == 200 and body
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Referrer-Policy"] == "no-referrer" and headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/state?queue=doubtful", "/{token}", "/{token}x/", "/{token}/../{token}/", "/{token}/review.html",
        "/{token}/..%2f..%2fcorrections.csv", "/{token}/../../../etc/passwd", "/{token}/reports.duckdb",
        "/{token}//etc/passwd", "/wrong/state?queue=doubtful", "/{token}/cell?report=..%2f&code=..%2f",
    ],
)  # fmt: skip
def test_nothing_else_is_there(server: Server, path: str) -> None:
    assert ask(server, path)[0] == 404


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "127.0.0.1", "127.0.0.1.example.org"])
def test_other_names_for_this_machine_are_not_answered(server: Server, host: str) -> None:
    assert ask(server, "/{token}/state?queue=doubtful", Host=host)[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "application/json"}, {"Content_Type": "application/json", "Origin": "http://example.org"},
        {"Content_Type": "application/json", "Origin": "null"}, {"Content_Type": "text/plain", "Origin": "own"},
        {"Content_Type": "application/x-www-form-urlencoded", "Origin": "own"},
    ],
)  # fmt: skip
def test_posts_from_elsewhere_change_nothing(server: Server, original: Path, headers: dict[str, str]) -> None:
    report = server.station.state("doubtful")["next"][0][0]
    body = {"report": report, "code": UNSURE, "new": "1", "reason": "", "queue": "doubtful"}
    own = {k: f"http://{server.hosts[0]}" if v == "own" else v for k, v in headers.items()}
    assert ask(server, "/{token}/decide", body, **own)[0] == 403
    assert not (original / FILE).exists()


@pytest.mark.parametrize("body", [[], "x", {"new": 3}, {"report": "x"}, {"a": "x" * 20_000}])
def test_odd_bodies_are_refused(server: Server, body: object) -> None:
    own = {"Content_Type": "application/json", "Origin": f"http://{server.hosts[0]}"}
    assert ask(server, "/{token}/decide", body, **own)[0] in {403, 404}


def test_a_post_of_the_page_itself_is_kept(server: Server, original: Path) -> None:
    report = server.station.state("doubtful")["next"][0][0]
    own = {"Content_Type": "application/json", "Origin": f"http://{server.hosts[0]}"}
    body = {"report": report, "code": UNSURE, "new": "1", "reason": "=1+1", "queue": "doubtful"}
    status, _, answer = ask(server, "/{token}/decide", body, **own)
    assert status == 200 and json.loads(answer)["status"] == "corrected"
    assert len(read_decisions(original / FILE)[0]) == 1


def test_only_loopback_is_listened_on(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1" and len(server.token) >= 22


# --- words and the command


def test_every_word_that_a_page_asks_for_is_there() -> None:
    import extract

    folder = Path(str(extract.__file__)).parent
    known = words()
    for path in [
        *folder.glob("station/static/*"),
        *folder.glob("web/*.js"),
        *folder.glob("atlas/static/*.html"),
        *folder.glob("atlas/static/pages.js"),
    ]:
        text = path.read_text(encoding="utf-8")
        asked = set(re.findall(r"""data-word(?:-label)?="(\w+)"|word\("(\w+)\"""", text))
        assert [name for pair in asked for name in pair if name and name not in known] == [], path.name
    assert all(zh and en for zh, en in known.values())


def test_scripts_of_data_end_where_they_should() -> None:
    text = script("x", {"a": "</script><!--\u2028"})
    assert "</script>" not in text and "<!--" not in text and "\u2028" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
def test_the_command_serves_until_it_is_stopped(original: Path, station: Station) -> None:
    station.decide(station.state("doubtful")["next"][0][0], UNSURE, "1", "", "doubtful")
    command = [
        sys.executable,
        "-c",
        "from extract.cli import main; main()",
        "review",
        str(original),
        "--no-browser",
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines[0].startswith("2 cells wait") and re.search(
            r"http://127\.0\.0\.1:\d+/[\w-]{22}/", lines[1]
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == ExitCode.OK
    cells = {row["code"]: row for row in rows(original / "cells.csv")}
    assert cells[UNSURE]["status"] == "corrected"


def test_the_command_where_no_dataset_is(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from extract.cli import main; main()", "review", str(tmp_path), "--no-browser"],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert (
        done.returncode == ExitCode.INPUT_NOT_FOUND
        and "extract run" in done.stderr
        and "Traceback" not in done.stderr
    )
