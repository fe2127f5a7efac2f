"""The atlas: its data hand-checked, its pages in a real browser from disk, without a network, by keyboard, on a phone."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from archives import outcome, report_text, tabbed
from browser import NARROW, WIDE, browser, complaints, resize, shoot
from extract.atlas.write import PAGES, write_atlas
from extract.errors import InputNotFoundError, OutputError
from extract.form import edition
from extract.originals import remember_archives
from extract.record import Outcome
from extract.store import Store
from made import consistent, requests_rows
from reviewed import PICTURE, record

ODD = "<img src=x onerror=document.title=1>.txt"
"""A file whose name would be markup."""
ONLY_PICTURE = "槐浦市审计局"


def broken_text(agency: str, year: int) -> bytes:
    """A report of which a row sum and the balance of its column are wrong as published, and last year's is not taken up."""
    values = {**consistent(5), "new.total": "6", "carried_in.natural_person": "2", "carried_in.total": "2"}
    lines = [
        f"{agency}{year}年政府信息公开工作年度报告",
        "一、总体情况",
        "全年<b>按时</b>公开各类政府信息，答复各类申请，没有出现差错。",
        "三、收到和处理政府信息公开申请情况",
    ]
    return tabbed(lines, requests_rows(values))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of four agencies: one with two sound years, one broken, one with an odd file name, one from a picture."""
    folder = tmp_path_factory.mktemp("atlas")
    archive, output = folder / "年报", folder / "output"
    archive.mkdir()
    files = {
        "甲2022.txt": report_text("岚汀市砚池区粮食局", 2022, 3), "甲2023.txt": report_text("岚汀市砚池区粮食局", 2023, 8),
        "乙2022.txt": report_text("岚汀市砚池区财政局", 2022, 3),
        "乙2023.txt": broken_text("岚汀市砚池区财政局", 2023), ODD: report_text("岚汀市教育局", 2023, 2),
    }  # fmt: skip
    store = Store(output)
    for name, data in files.items():
        (archive / name).write_bytes(data)
        store.add(outcome(name, data, "txt"))
    (archive / PICTURE.name).write_bytes(PICTURE.read_bytes())
    made = record()
    store.add(Outcome((made.file,), made, ()))
    remember_archives(store.connection, [archive])
    store.close()
    write_atlas(output)
    return output


def data(output: Path, name: str) -> Any:
    text = (output / "atlas" / "data" / f"{name}.js").read_text(encoding="utf-8")
    found = re.fullmatch(r"\(window\.data = window\.data \|\| \{\}\)\[\"(.+?)\"\] = (.+);\n", text, re.DOTALL)
    assert found is not None and found[1] == name
    return json.loads(found[2])


def ask(output: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(output / "reports.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


# --- the data


def test_the_overview_counts_what_is_there(output: Path) -> None:
    found = data(output, "overview")
    totals = found["totals"]
    assert (totals["reports"], totals["agencies"], totals["review"]) == (6, 4, 3)
    assert [(y["year"], y["reports"]) for y in found["years"]] == [(2022, 3), (2023, 3)]
    assert (totals["checks"]["source_error"], totals["checks"]["doubtful"], found["errors"]) == (4, 7, 6)
    assert ["", "岚汀市", {"2022": 2, "2023": 3}] in found["regions"]


def test_every_cell_stands_where_it_belongs(output: Path) -> None:
    shards = [data(output, f"agency/{path.stem}") for path in (output / "atlas/data/agency").iterdir()]
    reports = {r["id"]: r for shard in shards for agency in shard.values() for r in agency["reports"]}
    rows = ask(
        output,
        "SELECT report_id, code, filled, status, review, edition FROM cells WHERE code NOT LIKE 'extra.%'",
    )
    assert len(reports) == 6 and len(rows) == 1200
    letters = {
        "printed": "p",
        "blank": "b",
        "repaired": "r",
        "derived": "d",
        "missing": "m",
        "corrected": "c",
    }
    for report, code, filled, status, review, form in rows:
        at = list(edition(form).cells).index(code)
        letter = letters[status].upper() if review else letters[status]
        assert (reports[report]["cells"][at], reports[report]["marks"][at]) == (filled, letter), code


def test_a_measure_has_its_parts_and_no_filled_zero(output: Path) -> None:
    agencies, found = data(output, "agencies"), data(output, "measure/disclosure_rate")
    rows = list(zip(*(found[name] for name in ("agency", "year", "numerator", "denominator")), strict=True))
    grain = agencies["agency"].index("岚汀市砚池区粮食局")
    assert (grain, 2023, 8, 8) in rows
    reviews = data(output, "measure/review_correction_rate")
    at = reviews["agency"].index(grain)
    assert (
        reviews["numerator"][at] is None and reviews["denominator"][at] is None
    )  # its table is missing: no 0


def test_errors_are_the_checks_that_the_page_breaks(output: Path) -> None:
    errors = [e for e in data(output, "errors") if "sides" in e]
    names = data(output, "agencies")["agency"]
    assert {(names[e["agency"]], e["check"]) for e in errors} == {
        ("岚汀市砚池区财政局", "requests.row_total.new"), ("岚汀市砚池区财政局", "requests.balance.natural_person"),
        ("岚汀市砚池区财政局", "requests.balance.total"), (ONLY_PICTURE, "requests.row_total.granted"),
    }  # fmt: skip
    granted = next(e for e in errors if e["check"] == "requests.row_total.granted")
    assert (granted["left"], granted["right"]) == (126, 162) and granted["picture"]
    assert (output / "atlas" / "crops" / granted["picture"]).read_bytes().startswith(b"\x89PNG")
    assert sum(value for code, value, *_ in granted["cells"] if not code.endswith(".total")) == 126


def test_what_two_years_say_against_each_other_is_an_error_too(output: Path) -> None:
    between = [e for e in data(output, "errors") if "message" in e and e["verdict"] == "source_error"]
    names = data(output, "agencies")["agency"]
    assert [(names[e["agency"]], e["year"], e["left"], e["right"]) for e in between] == [
        ("岚汀市砚池区财政局", 2023, 0, 2), ("岚汀市砚池区财政局", 2023, 0, 2)
    ]  # fmt: skip
    assert all(zh and en for e in between for zh, en in (e["title"], e["message"]))


def test_links_lead_to_the_published_files(output: Path) -> None:
    shard = data(output, "agency/0")
    links = [r["link"] for agency in shard.values() for r in agency["reports"]]
    assert len(links) == 6
    for link in links:
        assert (output / "atlas" / unquote(link)).is_file(), link


def test_no_page_names_a_network_address(output: Path) -> None:
    for path in (output / "atlas").glob("*.*"):
        assert not re.search(r"(?:https?:)?//[a-z]", path.read_text(encoding="utf-8")), path.name
    for name in ("LICENSE", "NOTICE", "LICENSE-d3", "echarts.common.min.js"):
        assert (output / "atlas" / "echarts" / name).stat().st_size > 100


def test_only_our_own_folder_is_replaced(output: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "论文.docx").write_bytes(b"x")
    with pytest.raises(OutputError, match="something else"):
        write_atlas(output, mine)
    assert (mine / "论文.docx").read_bytes() == b"x"
    for _ in range(2):
        assert write_atlas(output, tmp_path / "new", pictures=0).is_file()
    assert not (tmp_path / "new" / "crops").exists()


def test_where_no_dataset_is(tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError):
        write_atlas(tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- the pages


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("browser")) as started:
        resize(started, WIDE)
        yield started


def go(chrome: Chrome, output: Path, page: str) -> None:
    file, _, place = page.partition("#")
    chrome.get("about:blank")
    chrome.get((output / "atlas" / file).as_uri() + (f"#{place}" if place else ""))
    settled(chrome)


def settled(chrome: Chrome) -> None:
    """Wait until what is loaded on demand is there and drawn."""
    WebDriverWait(chrome, 20).until(
        lambda c: c.execute_script(
            "const p = location.pathname; return document.querySelector('main h1') && "
            "(p.endsWith('agency.html') ? document.body.dataset.charts : p.endsWith('measure.html') ? document.body.dataset.ready : true)"
        )
    )


def text(chrome: Chrome) -> str:
    return str(chrome.find_element(By.TAG_NAME, "main").text)


def number_of(output: Path, agency: str) -> int:
    return int(data(output, "agencies")["agency"].index(agency))


def test_every_page_opens_from_disk_and_fits_both_widths(chrome: Chrome, output: Path) -> None:
    pages = [
        "index.html",
        "agencies.html",
        f"agency.html#{number_of(output, ONLY_PICTURE)}",
        "measure.html#disclosure_rate",
        "errors.html",
    ]
    assert {page.partition(".")[0] for page in pages} == set(PAGES)
    chrome.get_log("performance")  # what the browser asked for on its own start
    for page in pages:
        go(chrome, output, page)
        shoot(chrome, f"atlas-{page.partition('.')[0]}")
        assert complaints(chrome) == [], page
    asked = [json.loads(entry["message"])["message"] for entry in chrome.get_log("performance")]
    addresses = {m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"}
    assert addresses and all(a.startswith(("file:", "data:", "about:")) for a in addresses)


def test_the_chart_and_its_words_are_there(chrome: Chrome, output: Path) -> None:
    go(chrome, output, "index.html")
    charts = chrome.find_elements(By.CSS_SELECTOR, ".chart")
    assert len(charts) == 2 and all(chart.find_elements(By.TAG_NAME, "svg") for chart in charts)
    assert all(chart.get_attribute("aria-label") for chart in charts)  # told to those who do not see it


def test_agencies_are_searched_and_sorted_by_keyboard(chrome: Chrome, output: Path) -> None:
    go(chrome, output, "agencies.html")
    field = chrome.find_element(By.ID, "find_agency")
    field.send_keys("砚池区")
    assert len(chrome.find_elements(By.CSS_SELECTOR, "tbody tr")) == 2
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(Keys.DELETE)
    button = chrome.find_element(By.CSS_SELECTOR, "[data-sort=errors]")
    button.send_keys(Keys.ENTER)
    first = chrome.find_element(By.CSS_SELECTOR, "tbody tr a")
    assert first.text == "岚汀市砚池区财政局"
    assert chrome.find_element(By.CSS_SELECTOR, "th[aria-sort=descending]").text.startswith("发布方差错")
    assert chrome.switch_to.active_element.get_attribute("data-sort") == "errors"  # where the keyboard was
    first.send_keys(Keys.ENTER)
    settled(chrome)
    assert chrome.find_element(By.TAG_NAME, "h1").text == "岚汀市砚池区财政局"
    assert "不符：5 ≠ 6" in text(chrome)


def test_an_agency_shows_its_years_side_by_side(chrome: Chrome, output: Path) -> None:
    go(chrome, output, f"agency.html#{number_of(output, '岚汀市砚池区粮食局')}")
    head = [e.text for e in chrome.find_elements(By.CSS_SELECTOR, ".requests thead th")][1:]
    assert head == ["2022", "2023"]
    row = next(
        e
        for e in chrome.find_elements(By.CSS_SELECTOR, ".requests tbody tr")
        if e.text.startswith("一、本年新收")
    )
    assert [e.text for e in row.find_elements(By.TAG_NAME, "td")] == ["3", "8"]
    chrome.find_element(By.CSS_SELECTOR, "#applicant option[value='1']").click()
    settled(chrome)
    WebDriverWait(chrome, 10).until(
        lambda c: (
            [e.text for e in c.find_elements(By.CSS_SELECTOR, ".requests tbody tr:first-child td")]
            == ["0", "0"]
        )
    )


def test_a_measure_is_ranked_and_filtered(chrome: Chrome, output: Path) -> None:
    go(chrome, output, "measure.html#new_requests")
    assert [e.text for e in chrome.find_elements(By.CSS_SELECTOR, "tbody tr td:nth-child(3)")] == [
        "8",
        "6",
        "2",
    ]
    assert "3/3" in text(chrome) and "不足 30 家" in text(chrome)
    quantiles = [e.text for e in chrome.find_elements(By.CSS_SELECTOR, ".tiles dd")][1:4]
    assert quantiles == ["2.8", "6", "7.6"]  # of 2, 6, 8
    chrome.find_element(By.ID, "find_agency").send_keys("教育")
    assert len(chrome.find_elements(By.CSS_SELECTOR, "tbody tr")) == 1


def test_errors_show_the_print(chrome: Chrome, output: Path) -> None:
    go(chrome, output, "errors.html")
    image = chrome.find_element(By.CSS_SELECTOR, "article img")
    chrome.execute_script("arguments[0].scrollIntoView()", image)
    WebDriverWait(chrome, 10).until(
        lambda c: c.execute_script("return arguments[0].naturalWidth", image) > 100
    )
    assert image.get_attribute("alt")


def test_texts_of_reports_are_never_markup(chrome: Chrome, output: Path) -> None:
    go(chrome, output, f"agency.html#{number_of(output, '岚汀市教育局')}")
    assert ODD in text(chrome)
    assert chrome.title != "1" and chrome.find_elements(By.CSS_SELECTOR, "main img[src=x]") == []


def test_the_language_is_kept_from_page_to_page(chrome: Chrome, output: Path) -> None:
    go(chrome, output, "index.html")
    assert chrome.execute_script("return document.documentElement.lang") == "zh-Hans"
    chrome.find_element(By.ID, "language").click()
    assert chrome.find_element(By.TAG_NAME, "h1").text == "Overview"
    go(chrome, output, "errors.html")
    assert chrome.find_element(By.TAG_NAME, "h1").text == "Errors of publishers"
    shoot(chrome, "atlas-errors-english")
    chinese = {e.text for e in chrome.find_elements(By.CSS_SELECTOR, "nav a, .filters label, footer")}
    assert not any(re.search(r"[\u4e00-\u9fff]", word.split("\n")[0]) for word in chinese)
    chrome.find_element(By.ID, "language").click()
    assert chrome.find_element(By.TAG_NAME, "h1").text == "发布方的差错"


def test_a_page_prints(chrome: Chrome, output: Path) -> None:
    go(chrome, output, "measure.html#new_requests")
    printed = base64.b64decode(chrome.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert printed.startswith(b"%PDF") and len(printed) > 10_000
    from extract.readers.pdf_pictures import open_pdf

    with open_pdf(printed) as document:
        told = "".join(page.get_textpage().get_text_range() for page in document)
    assert "岚汀市砚池区粮食局" in told.replace("\r\n", "") and "English" not in told


def test_on_a_phone_nothing_is_too_small_to_touch(chrome: Chrome, output: Path) -> None:
    resize(chrome, NARROW)
    go(chrome, output, "agencies.html")
    small = chrome.execute_script(
        "const touched = document.querySelectorAll('nav a, .filters input, .filters select, #language');"
        "return [...touched].filter(e => e.getBoundingClientRect().height < 24).map(e => e.id || e.textContent)"
    )
    resize(chrome, WIDE)
    assert small == []


def test_an_address_of_nothing_says_so(chrome: Chrome, output: Path) -> None:
    chrome.get((output / "atlas" / "agency.html").as_uri() + "#999")
    WebDriverWait(chrome, 10).until(lambda c: "没有这个机关" in text(c))
    assert complaints(chrome) == []


def test_the_command(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from extract import cli

    monkeypatch.setattr(
        "sys.argv", ["extract", "atlas", str(output), "--to", str(tmp_path / "pages"), "--pictures", "0"]
    )
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    assert capsys.readouterr().out == f"open {tmp_path / 'pages' / 'index.html'}\n"
    assert [p.name for p in (tmp_path / "pages" / "data" / "agency").iterdir()] == ["0.js"]
