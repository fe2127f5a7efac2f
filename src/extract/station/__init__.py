"""The review station: one page on loopback where a person decides about doubtful cells, picture beside number."""
