"""What of the journal still holds, and what has to be read.

A report is read again when its content, a name of its files, a file its pages refer to, an option that decides what is
read, or the code that reads its kind of file is another; when a limit had ended it and the limits are others; or on demand.
"""

from __future__ import annotations

from hashlib import sha256

from extract.rows import schema
from extract.settings import Settings
from extract.store import Store
from extract.versions import digest, everything, reading

_KEPT = """
CREATE OR REPLACE TEMP TABLE kept AS
WITH first AS (SELECT content, arg_min(key, n) AS key FROM journal.units GROUP BY content)
SELECT d.key FROM journal.done d JOIN first f ON f.key = d.key AND f.content = d.content
WHERE NOT (d.limited AND d.limits <> $limits)
    AND NOT ($reread = 'all' OR ($reread <> 'none' AND d.status = 'failed')
        OR ($reread = 'partial' AND d.status IN ('partial', 'no_tables')))
    AND d.kinds || '/' || d.fingerprint IN (SELECT unnest(CAST($versions AS VARCHAR[])))
    AND d.key NOT IN (SELECT unnest(CAST($moved AS VARCHAR[])))
"""
_TODO = """
INSERT INTO journal.todo
WITH first AS (SELECT content, arg_min(key, n) AS key, min(n) AS n FROM journal.units GROUP BY content)
SELECT u.n, u.key, u.payload, u.files FROM journal.units u JOIN first f ON f.n = u.n
ANTI JOIN journal.done d ON d.key = u.key ORDER BY u.n
"""


def stamp(listing: str, settings: Settings) -> str:
    """Return a text that is the same for two runs which leave the same dataset; empty where that cannot be told."""
    if not listing:
        return ""
    told = (
        listing,
        settings.reading,
        settings.limits,
        everything(),
        digest("export", "finish"),
    )
    return sha256("\n".join(told).encode()).hexdigest()


def stamped(store: Store) -> str:
    """Return the stamp of the run that last came to its end."""
    found = store.rows("SELECT value FROM journal.stamp")
    return str(found[0][0]) if found else ""


def set_stamp(store: Store, value: str) -> None:
    """Note that a run came to its end, its exports written; one that found pages to depend on files not listed cannot."""
    with store.transaction() as sql:
        sql.execute("DELETE FROM journal.stamp")
        if value and not _unlisted(store):
            sql.execute("INSERT INTO journal.stamp VALUES (?)", [value])


def plan(store: Store, settings: Settings) -> int:
    """Drop what does not hold any more, list what has to be read; return how many files that is."""
    versions = _versions(store)
    moved = _moved(store)
    with store.transaction() as sql:
        sql.execute("DELETE FROM journal.stamp; DELETE FROM journal.todo")
        sql.execute(
            _KEPT,
            {"limits": settings.limits, "reread": settings.reread, "versions": versions, "moved": moved},
        )
        sql.execute(
            "CREATE OR REPLACE TEMP TABLE gone AS SELECT * FROM journal.done d ANTI JOIN kept k USING (key)"
        )
        if store.number("SELECT count(*) FROM gone"):
            for name, fields in schema().items():
                if name != "problems" and any(f.field == "report_id" for f in fields):
                    sql.execute(f'DELETE FROM "{name}" WHERE report_id IN (SELECT report_id FROM gone)')  # noqa: S608
            for name in ("done", "neighbours", "problems"):
                sql.execute(f"DELETE FROM journal.{name} WHERE key IN (SELECT key FROM gone)")  # noqa: S608
        sql.execute(
            "DELETE FROM journal.entries e WHERE NOT EXISTS (FROM journal.listing l WHERE l.path = e.path)"
        )
        sql.execute(_TODO)
    return store.number("SELECT coalesce(sum(files), 0) FROM journal.todo")


def _versions(store: Store) -> list[str]:
    """Return the kinds and fingerprints of done reports that today's code would give them too."""
    rows = store.rows("SELECT DISTINCT kinds, fingerprint FROM journal.done")
    return [f"{kinds}/{known}" for kinds, known in rows if reading(kinds.split(",")) == known]


_CHANGED = """
SELECT DISTINCT near.key, near.file, near.digest, c.digest FROM journal.neighbours near
LEFT JOIN (SELECT l.file || e.suffix AS file, e.digest FROM journal.listing l JOIN journal.entries e
    USING (path, size, mtime) WHERE e.m >= 0) c ON c.file = near.file
WHERE near.digest <> CASE WHEN c.digest IS NULL OR contains(c.digest, ':') THEN '' ELSE c.digest END
"""


def _moved(store: Store) -> list[str]:
    """Return the keys of reports a file of which their pages refer to is another than when they were read."""
    return [key for key, _, _, _ in store.rows(_CHANGED)]


def _unlisted(store: Store) -> bool:
    return bool(store.number(f"SELECT count(*) FROM ({_CHANGED})"))  # noqa: S608 - a query of ours
