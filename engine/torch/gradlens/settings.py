"""What whoever watches has asked for, in the environment."""

import json
import os


class Settings:
    """The GRADLENS_… variables; see ARCHITECTURE.md."""

    def __init__(self, environ=None):
        environ = os.environ if environ is None else environ

        def asked(name):
            # What a run is launched with outweighs what any terminal of an editor's window has.
            return environ.get("GRADLENS_" + name) or environ.get("GRADLENS_WINDOW_" + name) or ""

        try:
            options = json.loads(asked("OPTIONS") or "{}")
        except ValueError:
            options = {}
        host, _, port = asked("LINK").rpartition(":")
        #: (host, port) of whoever watches, or None.
        self.link = (host, int(port)) if host and port.isdigit() else None
        self.token = asked("TOKEN")
        #: File or folder of the run log, or None.
        #: A window's is for what its window watches, not for what somebody else has launched.
        windows = None if environ.get("GRADLENS_LINK") else environ.get("GRADLENS_WINDOW_LOG")
        self.log = environ.get("GRADLENS_LOG") or windows or None
        #: Overrides the script's own seed.
        self.seed = options.get("seed")
        #: Stop after so many steps.
        self.steps = options.get("steps")
        #: Share of training time that measuring may take, in percent.
        self.budget = min(100.0, max(0.0, float(options.get("budget", 5))))
        self.script = options.get("script")
        self.cwd = options.get("cwd") or os.getcwd()
        #: The training must not outlive whoever watches it.
        self.owned = bool(options.get("owned"))

    @property
    def wanted(self):
        """True if there is anywhere to send frames to."""
        return self.link is not None or self.log is not None
