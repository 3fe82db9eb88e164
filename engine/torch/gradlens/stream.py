"""Where frames go: to whoever watches, over loopback TCP, and into a run log. Training never waits for either."""

import os
import select
import socket
import sys
import threading
import time

from . import codec

#: Beyond this many bytes waiting for a slow reader, step frames are left out (and counted).
BACKLOG_BYTES = 1024 * 1024
#: Frames are gathered for so long, in seconds, before they are sent in one go.
GATHER = 0.03


class Stream:
    """Frames are held until `open`; a process that never trains never opens its stream."""

    def __init__(self):
        self._lock = threading.RLock()
        self._gathered = []
        self._flushed = 0.0
        self._socket = None
        self._log = None
        self._backlog = bytearray()
        #: Steps left out since the reader last kept up, and the frame of the latest.
        self._missed = 0
        self._latest_missed = b""
        self.opened = False
        self.closed = False

    def open(self, start, link, token, log):
        """`start`: the start frame. `link`: (host, port) or None. `log`: path or None. Gives the socket, if any."""
        with self._lock:
            self.opened = True
            self._gathered.insert(0, (start, False))
            if log is not None:
                try:
                    os.makedirs(os.path.dirname(os.path.abspath(log)), exist_ok=True)
                    self._log = open(log, "wb", buffering=0)
                    self._log.write(codec.STREAM_HEADER)
                except OSError as error:
                    self._log = None
                    complain("the run log can't be written: %s" % error)
            if link is not None:
                try:
                    self._socket = socket.create_connection(link, timeout=1)
                    self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._socket.sendall(token.encode() + b"\n" + codec.STREAM_HEADER)
                    self._socket.setblocking(False)
                except OSError as error:
                    self._socket = None
                    complain("nobody listens any more at %s:%s (%s)" % (link[0], link[1], error))
            self.flush()
            return self._socket

    @property
    def backed_up(self):
        return len(self._backlog) > 0

    def put(self, frame, is_step=False, now=False):
        """Takes a frame; `now` sends what was gathered at once."""
        with self._lock:
            if self.closed:
                return
            self._gathered.append((frame, is_step))
            if self.opened and (now or time.perf_counter() - self._flushed > GATHER):
                self.flush()

    def put_step(self, now, numbers):
        """
        A step of which nothing was measured but its number, time, loss and learning rate: most steps, so it's quick.
        `now`: by the clock of `time.perf_counter`.
        """
        self._gathered.append((numbers, True))
        if now - self._flushed > GATHER and self.opened:
            self.flush()

    def flush(self):
        with self._lock:
            self._flushed = time.perf_counter()
            gathered, self._gathered = self._gathered, []
            gathered = [(codec.encode_bare_step(*f) if type(f) is tuple else f, step) for f, step in gathered]
            if self._log is not None and gathered:
                try:
                    self._log.write(b"".join([frame for frame, _ in gathered]))
                except OSError as error:  # a full disk, say, ends the log and not the run
                    self._log = None
                    complain("the run log can't be written: %s" % error)
            if self._socket is not None:
                self._send(gathered)

    def _send(self, gathered):
        backlog = self._backlog
        for frame, is_step in gathered:
            keeps_up = len(backlog) <= BACKLOG_BYTES
            if is_step and not keeps_up:
                self._missed += 1
                self._latest_missed = frame
                continue
            # whoever looks at a run that is held or over sees its last step
            if keeps_up or codec.kind_of(frame) in ("phase", "end"):
                self._catch_up()
            backlog += frame
        try:
            while backlog:
                del backlog[: self._socket.send(backlog)]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self._drop_socket()

    def _catch_up(self):
        if self._missed > 1:
            self._backlog += codec.encode("gap", steps=self._missed - 1)
        if self._missed:
            self._backlog += self._latest_missed
        self._missed = 0

    def _drop_socket(self):
        self._backlog = bytearray()
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def close(self, seconds=0.5):
        """Sends what is left, waiting for a slow reader no longer than that."""
        with self._lock:
            if self.closed or not self.opened:
                return
            if self._socket is not None:
                self._catch_up()
            until = time.monotonic() + seconds
            self.flush()
            while self._socket is not None and self._backlog and time.monotonic() < until:
                select.select([], [self._socket], [], 0.05)
                self.flush()
            self.closed = True
            self._drop_socket()
            if self._log is not None:
                self._log.close()
                self._log = None

    def abandon(self):
        """In a forked child: the parent goes on writing, so nothing of it may be touched."""
        self.closed = True
        self._lock = threading.RLock()
        if self._socket is not None:
            self._socket.close()  # closes the child's copy only
        self._socket = self._log = None


def complain(text):
    try:
        sys.stderr.write("GradLens: %s\n" % text)
    except Exception:
        pass  # no stderr, no message
