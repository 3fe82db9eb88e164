"""A language model of words, as a package: `python -m words.train`."""
