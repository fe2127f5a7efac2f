"""A headless Chromium for tests of pages: made afresh, never downloaded, cut off from every network but loopback."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from conftest import ROOT, missing

SHOTS = ROOT / "tests" / "screenshots"
"""Where the pictures of pages are left, to be looked at."""

WIDE, NARROW = (1280, 900), (390, 844)

_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-device-scale-factor=1",
    "--hide-scrollbars", "--lang=zh-CN", "--proxy-server=127.0.0.1:1", "--proxy-bypass-list=127.0.0.1;localhost",
)  # fmt: skip


@contextmanager
def browser(folder: Path) -> Iterator[Chrome]:
    """A browser with a profile of its own in a folder; the test is skipped where Chromium or its driver is not here."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    driver = shutil.which("chromedriver")
    if not program or not driver:
        missing("Chromium with chromedriver")
    options = ChromeOptions()
    options.binary_location = str(program)
    for option in (*_OPTIONS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    os.environ.setdefault("SE_OFFLINE", "true")
    chrome = Chrome(options=options, service=Service(driver))
    try:
        yield chrome
    finally:
        chrome.quit()


def resize(chrome: Chrome, size: tuple[int, int]) -> None:
    """Give the page itself that size in CSS pixels."""
    chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600},
    )


def shoot(chrome: Chrome, name: str) -> None:
    """Leave pictures of the whole page at both widths, and see that nothing runs out of it sideways."""
    SHOTS.mkdir(exist_ok=True)
    for size in (WIDE, NARROW):
        resize(chrome, size)
        wide = chrome.execute_script("return document.documentElement.scrollWidth")
        assert wide <= size[0], f"{name} is {wide} pixels wide in a window of {size[0]}"
        shot = chrome.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png", "clip": _whole(chrome)}
        )
        (SHOTS / f"{name}-{size[0]}.png").write_bytes(base64.b64decode(shot["data"]))
    resize(chrome, WIDE)


def _whole(chrome: Chrome) -> dict[str, float]:
    size = chrome.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    return {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}


def complaints(chrome: Chrome) -> list[str]:
    """What the page has written to its console as errors or warnings since the last call."""
    return [
        entry["message"] for entry in chrome.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}
    ]
