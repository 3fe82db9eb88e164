"""What a process says of its run besides steps, and how it is held: start, notes, pauses, the end."""

import functools
import os
import sys
import threading
import time

import torch

from . import codec, ranks, sites
from .control import Control
from .inspect import inspect
from .measure import SAMPLE
from .record import ACTIVATION_STATISTICS, EXACT, PARAMETER_STATISTICS
from .source import Sources
from .stream import Stream, complain


def guarded(method):
    """An error of the observer's own switches the observer off. What it takes counts as its own time."""

    @functools.wraps(method)
    def call(self, *args):
        if not self.on:
            return None
        began = time.perf_counter()
        try:
            return method(self, *args)
        except Exception as error:
            self.fail(error)
            return None
        finally:
            seconds = time.perf_counter() - began
            self.sampler.spent += seconds
            self.record.seconds += seconds

    return call


class Watching:
    """The observer's side that is turned to whoever watches. What it watches is the observer's own affair."""

    def __init__(self, settings, startup):
        self.settings = settings
        self.on = True
        self.stream = Stream()
        self.sources = Sources()
        self.control = Control(None, False, None)
        self.step = 0
        self.stop_message = None
        self._startup = startup
        self._told_sources = set()
        self._notes = set()
        self._clock = time.perf_counter()
        self._started_at = time.time()
        self._paused = 0.0
        self._ended = False

    def release(self):
        """Takes back what was hooked into torch for a while."""

    def is_between(self):
        """True where a step is complete and the next has not begun."""
        return False

    def end_step(self):
        """Tells the step that is complete."""

    def last_step(self):
        """Tells the step under way."""

    def find(self, request):
        """The tensor that a request means, or a text that says why there is none."""
        return "There is nothing to see."

    def looked_at(self, at_forward):
        """A pause is over."""

    def clock(self):
        """When training would have begun if it had never been paused, by the clock of `time.perf_counter`."""
        return self._clock + self._paused

    def seconds(self):
        return time.perf_counter() - self.clock()

    def open(self):
        """Connects, and says what this is; called when there is something to tell."""
        if self.stream.opened:
            return
        settings, startup = self.settings, self._startup
        rank, world = ranks.rank_and_world()
        script = startup.script
        start = dict(
            script=script,
            cwd=settings.cwd,
            arguments=startup.arguments,
            engine="torch",
            engineVersion=str(torch.__version__),
            pid=os.getpid(),
            startedAt=int(self._started_at * 1000),
            sampling=dict(elements=SAMPLE, exact=list(EXACT), budget=settings.budget),
            parameterStatistics=PARAMETER_STATISTICS,
            activationStatistics=ACTIVATION_STATISTICS,
        )
        if world is not None:
            start.update(rank=rank, worldSize=world)
        log = settings.log and ranks.log_path(settings.log, script, rank, time.localtime())
        if log:
            start.update(log=os.path.abspath(log))
        connection = self.stream.open(codec.encode("start", **start), settings.link, settings.token, log)
        self.control = Control(connection, settings.owned, self.abort)
        self.tell_source(script)

    def tell_source(self, file):
        if file in self._told_sources:
            return
        self._told_sources.add(file)
        text = self.sources.text(file)
        if text:
            self.stream.put(codec.encode("source", file=file, text=text))

    def note(self, topic, message):
        """Said once."""
        if topic not in self._notes:
            self._notes.add(topic)
            self.stream.put(codec.encode("note", topic=topic, message=message, step=self.step))

    def fail(self, error):
        """Switches the observer off and says so. Training goes on."""
        self.on = False
        self.release()
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = place and "%s:%d" % (os.path.basename(place.tb_frame.f_code.co_filename), place.tb_lineno)
        text = "GradLens no longer watches this run, because of an error of its own: %r (%s)." % (error, where)
        if os.environ.get("GRADLENS_DEBUG"):
            import traceback

            traceback.print_exc()
        complain(text[len("GradLens ") :])
        try:
            self.note("observer", text + " Training goes on.")
            self.stream.flush()
        except Exception:
            pass

    def boundary(self, phase):
        """Between phases: holds the run while it is paused, and doesn't return from a stop."""
        control = self.control
        if control.quiet or not self.on:
            return
        if control.command == "stop":
            self.stop()
        over = phase == "forward" and self.is_between()
        if not control.pauses_before(self.step + over):
            return
        began = time.perf_counter()
        if over:
            self._end_step_now()
        control.hold(self.step)
        place = self._phase_frame(phase)
        self._put_phase("paused", place)
        control.wait(self._answer, self._send_on)
        self._paused += time.perf_counter() - began
        self.sampler.forgive(time.perf_counter() - began)
        self._put_phase("resumed", place)
        self._go_on(phase)
        if control.command == "stop":
            self.stop()

    @guarded
    def _go_on(self, phase):
        self.looked_at(phase == "forward")

    @guarded
    def _end_step_now(self):
        self.end_step()

    def _phase_frame(self, phase):
        site = sites.call_site(sys._getframe(1))
        return dict(phase=phase, step=self.step, site=sites.as_json(site))

    @guarded
    def _put_phase(self, state, place):
        self.stream.put(codec.encode("phase", state=state, **place), now=True)

    @guarded
    def _answer(self, request):
        self.stream.put(inspect(self.find(request), request), now=True)

    @guarded
    def _send_on(self):
        self.stream.flush()
        return self.stream.backed_up

    def stop(self):
        """As asked: leaves through the script's own `finally` clauses, without a traceback."""
        site = sites.call_site(sys._getframe(1))
        message, self.stop_message = self.stop_message, None
        self.end(self.control.reason, 0, message, site)
        raise SystemExit(0)

    def abort(self, message):
        """From the listening thread: the script doesn't answer. Says where it is, and ends the process."""
        frame = sys._current_frames().get(threading.main_thread().ident)
        site = sites.call_site(frame)
        where = " The script was busy at line %d and did not answer." % site[1] if site else ""
        text = "Stopped.%s" % where if site else message.get("message")
        try:
            self.end(message.get("reason") or "stopped", None, text, site)
        finally:
            os._exit(1)

    def end(self, ended, code, message, site, error=None):
        """The last words; only the first ones count."""
        if self._ended or self.stream.closed:
            return
        self._ended = self.control.ending = True
        try:
            if self.on:
                self.last_step()
        except Exception as trouble:
            self.fail(trouble)
        self.on = False
        self.release()
        if error is not None:
            self.stream.put(codec.encode("error", **error))
        content = dict(ended=ended, exitCode=code, message=message, site=sites.as_json(site), time=self.seconds())
        content.update(measuring=self.sampler.measuring)
        self.stream.put(codec.encode("end", **content))
        self.stream.close()
