"""Python imports this at its start, because this folder is on PYTHONPATH. Arms the observer and gets out of the way."""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))


def _arm():
    import importlib.util

    # By its place, so that nothing of ours is on the script's path.
    package = os.path.dirname(_here)
    spec = importlib.util.spec_from_file_location(
        "gradlens", os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["gradlens"] = module
    spec.loader.exec_module(module)
    from gradlens.arm import arm

    arm()


def _chain():
    """The sitecustomize that Python would have found without us."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != _here]
    ours = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if ours is not None:
            sys.modules["sitecustomize"] = ours
        if getattr(error, "name", None) != "sitecustomize":
            raise


if os.environ.get("GRADLENS", "0") not in ("", "0"):
    try:
        _arm()
    except Exception as error:
        sys.stderr.write("GradLens: can't watch this process: %r\n" % (error,))
_chain()
