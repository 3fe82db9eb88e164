"""Runs other scripts one after another, unwatched, each as if it were the only one; prints what each printed, as JSON."""
import contextlib
import io
import json
import os
import runpy
import sys

printed = {}
own_path = sys.path[0]
for script in sys.argv[1:]:
    file, *sys.argv[1:] = script.split()
    sys.argv[0], sys.path[0] = file, os.path.dirname(file) or own_path
    with contextlib.redirect_stdout(io.StringIO()) as text:
        runpy.run_path(file, run_name="__main__")
    printed[script] = text.getvalue()
json.dump(printed, sys.stdout)
