"""Tracebacks look exactly as they would without us: our frames are unlinked from them."""

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def _is_ours(traceback):
    return traceback.tb_frame.f_code.co_filename.startswith(_PACKAGE)


def unlink(error):
    """For an `except` clause that ends in a bare `raise`, which adds no entry of its own: takes ours out."""
    error.__traceback__ = without_us(error.__traceback__)


def without_us(traceback):
    while traceback is not None and _is_ours(traceback):
        traceback = traceback.tb_next
    at = traceback
    while at is not None:
        while at.tb_next is not None and _is_ours(at.tb_next):
            at.tb_next = at.tb_next.tb_next
        at = at.tb_next
    return traceback


def clean(error):
    """The whole chain of errors."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error.__traceback__ = without_us(error.__traceback__)
        error = error.__cause__ or error.__context__
