"""Maker of invented reports: values, words, tables, and a writer for each file shape."""
