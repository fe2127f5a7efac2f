"""The atlas: a dataset as a folder of pages that open from disk, with charts, search and a switch of the language.

    Dataset ─ collect ─▶ plain data ─ write ─▶ data/*.js + one page per question + the chart library

Pages without a server cannot fetch files, so data are scripts. What a page needs is split by what it shows: the overview loads
sums alone, an agency's page the shard that the agency is in, a measure's page that measure.
"""
