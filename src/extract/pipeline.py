"""The whole way of a report on one page: files in, record out.

    sources ─ read ─▶ documents ─ pictures read ─▶ one document ─ stitch, split, relabel, paragraphs ─▶ sections, tables
            ─ map ─▶ placed cells ─ values, reconcile, derive, checks, review ─▶ record
   sections ─ facts ─▶ numbers in the text ─ text checks, structure checks ─▶ record

Each step is a pure function of another module. What one step cannot do becomes a problem, never an exception that
ends a run.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from extract.checks import CheckResult, evaluate
from extract.derive import derive
from extract.errors import ReadError
from extract.facts import find_facts
from extract.head import Head, read_head
from extract.judge import why_no_report
from extract.mapping import Mapping, map_tables
from extract.model import Block, Document, Picture, Problem, Source, Table, Text
from extract.paragraphs import paragraphs
from extract.pictures import read_pictures
from extract.proofread import proofread
from extract.readers import read_document
from extract.reconcile import reconcile
from extract.record import Outcome, Record, report_id
from extract.relabel import relabel
from extract.review import careful, mark
from extract.sections import Section, find_sections
from extract.settings import Settings
from extract.split import split
from extract.stitch import stitch
from extract.structure import structure_checks
from extract.text_checks import listed, resolve, text_checks
from extract.values import values_of


def read_report(sources: Sequence[Source], settings: Settings) -> Outcome:
    """Read the files of one report, the main one first, into an outcome. Never raises for what is in the files."""
    started = time.perf_counter()
    names = tuple(source.file for source in sources)
    documents, problems = _read_all(sources, settings)
    if not documents:
        return Outcome(names, None, tuple(problems))
    document, found = read_pictures(_join(documents), settings)
    problems += found
    blocks = paragraphs(relabel(split(stitch(document.blocks))))
    sections = find_sections(blocks)
    tables = [block for block in blocks if isinstance(block, Table)]
    mapping = map_tables(tables)
    meta = dict(document.meta)
    recognised = [bool(block.place.picture) for block in blocks if isinstance(block, Text)]
    head = read_head(sections, meta, sources[0].file, recognised=all(recognised))
    reason = why_no_report(sections, head, mapping, meta)
    if reason:
        return Outcome(names, None, (Problem("judge", "not_a_report", reason), *_unread(problems)))
    problems += _about(mapping, head, tables, blocks, problems)
    record = _record(sources, document.kind, head, sections, mapping, settings)
    record = _with_text(record, settings, clear=not any(recognised))
    record = replace(record, problems=tuple(problems), seconds=time.perf_counter() - started)
    return Outcome(names, record, _joined(sources))


def _read_all(sources: Sequence[Source], settings: Settings) -> tuple[list[Document], list[Problem]]:
    """Read each file; one that cannot be read becomes a problem and the others go on."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            document = read_document(source, settings)
        except ReadError as error:
            problems.append(Problem("read", error.kind, error.detail, source.file, error.page))
            continue
        blocks = tuple(_named(block, source.file, cells=len(sources) > 1) for block in document.blocks)
        documents.append(document.with_blocks(blocks))
        problems.extend(replace(p, file=p.file or source.file) for p in document.problems)
    return documents, problems


def _named(block: Block, file: str, *, cells: bool) -> Block:
    """Return a block that says which file it stands in; in a report of several files so does each cell."""
    block = replace(block, place=replace(block.place, file=file))
    if isinstance(block, Table) and cells:
        return replace(block, cells=tuple(replace(c, place=replace(c.place, file=file)) for c in block.cells))
    return block


def _join(documents: Sequence[Document]) -> Document:
    """Put the documents of one report together; the first gives its kind, and what metadata it lacks the others."""
    meta: dict[str, str] = {}
    for document in documents:
        meta = {**dict(document.meta), **meta}
    blocks = tuple(block for document in documents for block in document.blocks)
    return Document(documents[0].kind, blocks, tuple(meta.items()))


def _record(
    sources: Sequence[Source],
    kind: str,
    head: Head,
    sections: tuple[Section, ...],
    mapping: Mapping,
    settings: Settings,
) -> Record:
    edition = mapping.edition
    values = values_of(mapping)
    results: tuple[CheckResult, ...] = ()
    if edition:
        values = derive(reconcile(values, edition.checks, settings), edition.checks, settings)
        judging = careful(values, settings)
        results = evaluate(values, edition.checks, judging)
        values = mark(values, edition, results, judging)
        results += evaluate(values, edition.limits, judging)
    return Record(
        report_id=report_id(sources),
        file=sources[0].file,
        files=tuple(source.file for source in sources),
        sha256=sources[0].sha256,
        format=kind,
        head=head,
        edition=edition.name if edition else "",
        sections=sections,
        values=tuple(values.values()),
        checks=results,
        problems=(),
    )


def _with_text(record: Record, settings: Settings, *, clear: bool) -> Record:
    """Add what the running text states, and the checks of it; `clear` is false for text read from pictures."""
    values = {value.code: value for value in record.values}
    facts, lists = listed(find_facts(record.sections, record.year), record.sections)
    facts = resolve(facts, values, record.edition)
    results = text_checks(facts, lists, record.sections, values, record.edition, settings, clear=clear)
    results += structure_checks(record.sections, record.head, clear=clear)
    results += proofread(record.sections) if clear else ()
    return replace(record, facts=facts, checks=(*record.checks, *results))


def _about(
    mapping: Mapping, head: Head, tables: Sequence[Table], blocks: Sequence[Block], met: Sequence[Problem]
) -> list[Problem]:
    """Return the problems of a report as a whole: tables missing or in conflict, agency or year not told."""
    found: list[Problem] = []
    if not (head.agency and head.year):
        lacking = "agency" if not head.agency else "year"
        found.append(Problem("head", "head_incomplete", f"Not found: {lacking}."))
    for conflict in mapping.conflicts[:1]:
        also = len(mapping.conflicts) - 1
        detail = f"{conflict.code}: {conflict.kept!r} kept, {conflict.other!r} elsewhere; {also} more cells."
        found.append(Problem("map", "table_conflict", detail))
    if mapping.edition is None:
        return found + _no_table(tables, blocks, met)
    for name in mapping.edition.tables:
        if name not in mapping.used.values():
            found.append(Problem("map", "table_missing", f"Table: {name}."))
    return found


def _no_table(tables: Sequence[Table], blocks: Sequence[Block], met: Sequence[Problem]) -> list[Problem]:
    """Say why no statutory table was found, where that can be told."""
    if any(p.kind == "picture_missing" for p in met):
        return []
    pictures = sum(1 for block in blocks if isinstance(block, Picture))
    detail = f"The file holds {len(tables)} other tables and {pictures} pictures without a table."
    return [Problem("map", "no_table_found", detail)]


def _unread(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Of a file that is no report only failures to read matter, not what its pages lack."""
    return tuple(p for p in problems if p.kind in {"damaged", "encrypted", "too_large", "page_unreadable"})


def _joined(sources: Sequence[Source]) -> tuple[Problem, ...]:
    """Account for the further files of a report."""
    return tuple(
        Problem("find", "joined", f"Report: {sources[0].file}", source.file) for source in sources[1:]
    )
