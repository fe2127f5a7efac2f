"""The review station as a person uses it: a real browser, keys, pictures, and the file of decisions that is left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from archives import rows
from browser import browser, complaints, shoot
from extract.corrections import FILE, read_decisions
from extract.station.server import Server
from extract.station.station import Station
from reviewed import MISREAD, ONE, UNREAD, UNSURE, dataset


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture
def station(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    output, _ = dataset(tmp_path)
    with Server(Station(output, [], "核对员", ONE)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server, output
        server.shutdown()
        thread.join()


def shown(chrome: Chrome, code: str) -> None:
    """Wait until that cell is on the page and the page is at rest."""
    WebDriverWait(chrome, 20).until(
        lambda c: (
            c.execute_script("return document.body.dataset.cell || ''").endswith(f" {code}")
            and not c.execute_script("return document.body.getAttribute('aria-busy')")
        )
    )


def at_rest(chrome: Chrome) -> None:
    WebDriverWait(chrome, 20).until(
        lambda c: not c.execute_script("return document.body.getAttribute('aria-busy')")
    )
    WebDriverWait(chrome, 20).until(
        lambda c: c.execute_script("return [...document.images].every(i => i.complete && i.naturalWidth > 0)")
    )


def press(chrome: Chrome, *keys: str) -> None:
    at_rest(chrome)
    chrome.switch_to.active_element.send_keys(*keys)


def verdicts(chrome: Chrome) -> dict[str, str]:
    found = chrome.find_elements(By.CSS_SELECTOR, "[data-check]")
    return {str(e.get_attribute("data-check")): str(e.get_attribute("data-verdict")) for e in found}


def test_a_queue_is_worked_through_by_keys_alone(chrome: Chrome, station: tuple[Server, Path]) -> None:
    server, output = station
    chrome.get(server.url)
    shown(chrome, UNREAD)  # the most doubtful comes first
    at_rest(chrome)
    shoot(chrome, "review-unread")
    assert "未能读出" in chrome.find_element(By.ID, "confirm").text
    press(chrome, Keys.ENTER)  # what was not read cannot be confirmed
    shown(chrome, UNREAD)
    press(chrome, "t")
    chrome.switch_to.active_element.send_keys("25")
    assert verdicts(chrome)["requests.row_total.carried_out"] == "holds"  # live, before anything is kept
    assert not (output / FILE).exists()
    chrome.switch_to.active_element.send_keys(Keys.ENTER)
    shown(chrome, MISREAD)
    assert verdicts(chrome)["requests.row_total.partially_granted"] == "broken"
    at_rest(chrome)
    shoot(chrome, "review-misread")
    press(chrome, "2")
    shown(chrome, UNSURE)
    press(chrome, Keys.ENTER)
    WebDriverWait(chrome, 20).until(lambda c: c.find_element(By.ID, "done").is_displayed())
    shoot(chrome, "review-done")
    decisions, bad = read_decisions(output / FILE)
    assert bad == [] and [(d.code, d.action, d.who) for d in decisions] == [
        (UNREAD, "corrected", "核对员"), (MISREAD, "corrected", "核对员"), (UNSURE, "confirmed", "核对员"),
    ]  # fmt: skip
    press(chrome, "u")
    shown(chrome, UNSURE)  # undone, and back on the page
    assert [d.action for d in read_decisions(output / FILE)[0]][-1] == "undone"
    chrome.find_element(By.ID, "save").click()
    WebDriverWait(chrome, 20).until(lambda c: not c.find_element(By.ID, "save").is_enabled())
    cells = {row["code"]: row for row in rows(output / "cells.csv")}
    assert (
        cells[UNREAD]["status"] == "corrected"
        and cells[UNREAD]["filled"] == "25"
        and cells[UNREAD]["raw"] == ""
    )
    assert cells[UNSURE]["review"] == "true"
    assert complaints(chrome) == []


def test_skipping_language_help_and_sampling(chrome: Chrome, station: tuple[Server, Path]) -> None:
    server, output = station
    chrome.get(server.url)
    shown(chrome, UNREAD)
    press(chrome, "s")
    shown(chrome, MISREAD)
    press(chrome, "?")
    assert chrome.find_element(By.ID, "keys").is_displayed()
    chrome.find_element(By.ID, "language").click()
    assert chrome.find_element(By.CSS_SELECTOR, "h1").text == "Review station"
    assert chrome.execute_script("return document.documentElement.lang") == "en"
    at_rest(chrome)
    shoot(chrome, "review-english-help")
    chrome.find_element(By.CSS_SELECTOR, "#queue option[value=sample]").click()
    WebDriverWait(chrome, 20).until(lambda c: c.find_element(By.ID, "sample").is_displayed())
    first = chrome.execute_script("return document.body.dataset.cell")
    press(chrome, Keys.ENTER)
    WebDriverWait(chrome, 20).until(lambda c: c.execute_script("return document.body.dataset.cell") != first)
    at_rest(chrome)
    assert "1 cells drawn by chance" in chrome.find_element(By.ID, "sample").text
    assert read_decisions(output / FILE)[0][0].queue == "sample"
    shoot(chrome, "review-sample")
    chrome.find_element(By.ID, "language").click()
    assert complaints(chrome) == []


def test_a_picture_that_is_gone_says_so_in_its_place(chrome: Chrome, station: tuple[Server, Path]) -> None:
    server, output = station
    for file in (output.parent / "archive").iterdir():
        file.unlink()
    chrome.get(server.url)
    shown(chrome, UNREAD)
    WebDriverWait(chrome, 20).until(lambda c: "--archive" in c.find_element(By.ID, "close").text)
    complaints(chrome)
