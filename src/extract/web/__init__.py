"""What the pages share: their words in Chinese and English (`words.csv`), look and small helpers."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files


@cache
def words() -> dict[str, tuple[str, str]]:
    """Return the pages' words by key: (Chinese, English)."""
    text = files("extract.web").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["key"]: (row["zh"], row["en"]) for row in csv.DictReader(text.splitlines())}


def script(name: str, data: object) -> str:
    """Return data as a script that a page without a server can load: `window.data.<name> = …`.

    Texts may hold anything: `<` is escaped, so that no text ends a script.
    """
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = body.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(window.data = window.data || {{}})[{json.dumps(name)}] = {safe};\n"


def words_script() -> str:
    """Return the words as a script."""
    return script("words", words())
