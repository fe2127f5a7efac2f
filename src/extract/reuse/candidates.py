"""Which reports may share passages: MinHash signatures of their blocks in buckets, so that no pair has to be looked at that shares none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from extract.errors import EnvironmentFault
from extract.reuse.shingles import Flags, Hashes, Shingled

if TYPE_CHECKING:
    from datasketch import MinHashLSH

PERMUTATIONS = 32
BANDS, ROWS = 8, 4
"""Eight bands of four: blocks whose sets are alike by half share a bucket in four cases of ten, alike by four fifths in 98 of 100."""
FEWEST = 15
"""Shingles of its own that a block needs to be looked for."""
BUCKET = 60
"""Reports that one block is compared with at most; more have it only where it is nearly common form."""
NEAREST = 8
"""Reports that a report is compared with in full: those that share most blocks with it."""


def common_form(texts: Sequence[Shingled], agencies: Sequence[str], share: float, least: int) -> Hashes:
    """Return the shingles that stand in the reports of more than a share of all agencies, and of more than `least`, sorted."""
    by_agency: dict[str, list[Hashes]] = {}
    for text, agency in zip(texts, agencies, strict=True):
        by_agency.setdefault(agency, []).append(text.hashes)
    once = [np.unique(np.concatenate(hashes)) for hashes in by_agency.values()]
    found, counts = (
        np.unique(np.concatenate(once), return_counts=True) if once else (np.zeros(0, np.uint64), np.zeros(0))
    )
    return found[counts > max(least, share * len(by_agency))]


def within(hashes: Hashes, known: Hashes) -> Flags:
    """Say which hashes are among sorted ones."""
    if not len(known):
        return np.zeros(len(hashes), dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.asarray(known[at] == hashes, dtype=np.bool_)


def nearest(
    texts: Sequence[Shingled], common: Sequence[Flags], agencies: Sequence[str], years: Sequence[int]
) -> list[list[int]]:
    """Return for each text those of other agencies, of its year or before, that share most blocks with it, the most first.

    Raises EnvironmentFault where the library for it is not installed.
    """
    index = _index()
    blocks = [
        (i, block)
        for i, (text, flags) in enumerate(zip(texts, common, strict=True))
        for block in _own(text, flags)
    ]
    signatures = list(_signatures(block for _, block in blocks))
    with index.insertion_session() as session:
        for key, signature in enumerate(signatures):
            session.insert(key, signature, check_duplication=False)
    shared: list[Counter[int]] = [Counter() for _ in texts]
    for (i, _), signature in zip(blocks, signatures, strict=True):
        found = {blocks[key][0] for key in index.query(signature)}
        others = sorted(j for j in found if agencies[j] != agencies[i] and years[j] <= years[i])
        # the nearest in time are the likeliest sources
        shared[i].update(others[-BUCKET:])
    return [[j for j, _ in counter.most_common(NEAREST)] for counter in shared]


def _index() -> MinHashLSH:
    try:
        from datasketch import MinHashLSH  # noqa: PLC0415 - an extra, and heavy
    except ImportError as error:
        raise EnvironmentFault(
            "text reuse needs datasketch: pip install 'gov-report-extract[reuse]'"
        ) from error
    return MinHashLSH(params=(BANDS, ROWS), num_perm=PERMUTATIONS, prepickle=False)


def _own(text: Shingled, common: Flags) -> Iterator[list[int]]:
    """Yield the shingles of each block that are no common form, as numbers of 32 bits."""
    for start, end in text.blocks:
        own = text.hashes[start:end][~common[start:end]]
        if len(own) >= FEWEST:
            yield (own & np.uint64(0xFFFFFFFF)).tolist()


def _signatures(blocks: Iterable[list[int]]) -> Iterator[object]:
    from datasketch import MinHash  # noqa: PLC0415

    yield from MinHash.generator(blocks, num_perm=PERMUTATIONS, hashfunc=_as_it_is, seed=1)


def _as_it_is(number: int) -> int:
    return number
