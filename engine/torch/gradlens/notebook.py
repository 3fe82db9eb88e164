"""`%load_ext gradlens` in a Jupyter kernel: the same observer; a notebook has no end, so each cell's frames are sent."""

import os
import sys

from . import windows
from .arm import arm
from .settings import Settings


def load(shell):
    if not Settings().wanted:
        # A kernel that was there before the window listened, or of a Jupyter server, hasn't inherited its variables.
        os.environ.update(windows.environment())
    settings = Settings()
    if not settings.wanted:
        sys.stderr.write("GradLens: nobody listens. Open the notebook's folder in VS Code, or set GRADLENS_LOG to a file.\n")
        return
    startup = arm(settings)

    def after_cell(*_):
        if startup.observer is not None:
            startup.observer.between()

    shell.events.register("post_run_cell", after_cell)
    os.environ["GRADLENS"] = "1"  # for the processes that cells start
