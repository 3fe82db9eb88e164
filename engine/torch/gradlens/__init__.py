"""GradLens' observer for PyTorch: watches a training script from outside and tells what it sees as frames.

Standard library and the user's own torch only; Python 3.8 and torch 1.13 or newer. Nothing of it is imported by a
script: `inject/sitecustomize.py` arms it in every Python process that has GRADLENS=1 in its environment, and
`python -m gradlens SCRIPT` does the same without it.
"""

__version__ = "0.1.0"


def load_ipython_extension(shell):
    """`%load_ext gradlens` in a notebook."""
    from .notebook import load

    load(shell)
