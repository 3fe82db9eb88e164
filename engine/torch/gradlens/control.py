"""Control, against the stream's direction: pause, step, resume, stop, inspect. One JSON object a line."""

import json
import os
import signal
import sys
import threading
import time

#: How long a script whose watcher is gone may take to end after SIGTERM, in seconds.
GRACE = 2.0


class Control:
    """A thread of its own listens, so that a script can be told to stop wherever it is; it sleeps until spoken to."""

    def __init__(self, connection, owned, on_abort):
        self._changed = threading.Condition()
        #: `run`, `pause`, `stop`, or, until the next boundary, `phase` and `step`.
        self.command = "run"
        self.reason = "stopped"
        self._requests = []
        #: The step of the last pause.
        self._paused_at = -1
        #: This process has said its last words.
        self.ending = False
        self._owned = owned
        self._on_abort = on_abort
        if connection is not None:
            listener = threading.Thread(target=self._listen, args=(connection,), name="gradlens", daemon=True)
            listener.start()

    @property
    def quiet(self):
        """Nearly free: asked at every boundary."""
        return self.command == "run"

    def pauses_before(self, step):
        """`step`: the number of the one that is going on."""
        return self.command in ("pause", "phase") or (self.command == "step" and step > self._paused_at)

    def hold(self, step):
        """From now on paused: before anybody is told, or an answer to that could be lost."""
        self._paused_at = step
        with self._changed:
            if self.command != "stop":
                self.command = "pause"

    def wait(self, answer, send_on):
        """
        Blocks until told something other than to pause; meanwhile `answer` is called with each request, and `send_on`,
        which says whether something is left that a slow reader has still to be sent.
        """
        with self._changed:
            while self.command == "pause":
                while self._requests:
                    answer(self._requests.pop(0))
                # In pieces, so that Ctrl-C is heard on every platform.
                self._changed.wait(0.02 if send_on() else 0.2)

    def _say(self, command):
        with self._changed:
            if self.command != "stop":  # nothing calls a stop back
                self.command = command
            self._changed.notify_all()

    def _listen(self, connection):
        import select

        text = b""
        while True:
            try:
                select.select([connection], [], [])
                chunk = connection.recv(65536)
            except (BlockingIOError, InterruptedError):
                continue
            except (OSError, ValueError):
                chunk = b""  # reset, or closed by this process itself
            if not chunk:
                if not self.ending:
                    self._alone()
                return
            lines = (text + chunk).split(b"\n")
            text = lines.pop()
            for line in lines:
                try:
                    self._obey(json.loads(line.decode("utf-8")))
                except ValueError:
                    pass

    def _obey(self, message):
        do = message.get("do")
        if do == "pause":
            self._say("pause")
        elif do == "resume":
            self._say("run")
        elif do == "step":
            self._say("step" if message.get("until") == "step" else "phase")
        elif do == "stop":
            self.reason = message.get("reason") or "stopped"
            self._say("stop")
        elif do == "inspect":
            with self._changed:
                self._requests.append(message)
                self._changed.notify_all()
        elif do == "abort":
            self._on_abort(message)

    def _alone(self):
        """Whoever started this run is gone: nobody can stop it any more, so it must not go on."""
        if not self._owned:
            self._say("run")
            return
        if sys.is_finalizing():
            return
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)
