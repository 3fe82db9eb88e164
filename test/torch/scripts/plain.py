"""Runs other scripts one after another, unwatched, and prints what each printed, as JSON."""
import contextlib
import io
import json
import runpy
import sys

printed = {}
for script in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as text:
        runpy.run_path(script, run_name="__main__")
    printed[script] = text.getvalue()
json.dump(printed, sys.stdout)
