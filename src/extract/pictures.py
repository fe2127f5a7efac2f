"""Pictures of a document, read: those of tables become tables, those of pages become text and tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from extract.layouts import FORM
from extract.model import Block, Document, Picture, Problem, Table, Text
from extract.readers.pdf_furniture import is_page_number
from extract.scan.read import Readers, load_readers, read_picture
from extract.settings import Settings

_LITTLE_TEXT = 300
"""A document with fewer characters of text of its own keeps its text in its pictures."""


@cache
def _readers(settings: Settings) -> Readers:
    """One set of readers per process and settings: loading the models takes about a second."""
    return load_readers(settings)


def read_pictures(document: Document, settings: Settings) -> tuple[Document, list[Problem]]:
    """Replace the pictures of a document by what they show; a picture that shows neither stays.

    Running text is read from pictures of whole pages, and from any picture of a document that has hardly any text
    of its own; a photograph or a chart inside an article is searched for tables only.
    """
    if not any(isinstance(block, Picture) and block.data for block in document.blocks):
        return document, []
    native = sum(len(block.text) for block in document.blocks if isinstance(block, Text))
    blocks: list[Block] = []
    problems: list[Problem] = []
    for block in document.blocks:
        if not isinstance(block, Picture) or not block.data:
            blocks.append(block)
            continue
        page = block.name.startswith("page-") or native < _LITTLE_TEXT
        wanted = settings if page else replace(settings, text="none")
        found, met = read_picture(block, wanted, _readers(replace(settings, text="full", workers=0)), FORM)
        if page:
            found = tuple(b for b in found if not (isinstance(b, Text) and is_page_number(b.text)))
        useful = found if page or any(isinstance(b, Table) for b in found) else ()
        blocks.extend(useful or (block,))
        problems.extend(replace(p, file=block.place.file) for p in met if page or p.kind != "text_not_read")
    return document.with_blocks(tuple(blocks)), problems
