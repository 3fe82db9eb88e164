"""Many steps for a reader that reads nothing until the run is held; then all of it goes into a file."""
import socket
import sys
import threading

from gradlens import codec
from gradlens.control import Control
from gradlens.stream import Stream

STEPS = 400
rows = {parameter: [float(parameter)] * 19 for parameter in range(1000)}

server = socket.create_server(("127.0.0.1", 0))
stream = Stream()
stream.open(codec.encode("start"), server.getsockname(), "x", None)
reader, _ = server.accept()
for step in range(STEPS):
    stream.put(codec.encode_step(step, 0.0, 1.0, 0.1, rows, {}, {}), is_step=True, now=True)
stream.put(codec.encode("phase", state="paused", phase="forward", step=STEPS, site=None), now=True)

control = Control(None, False, None)
control.hold(STEPS)


def send_on():
    stream.flush()
    return stream.backed_up


threading.Thread(target=control.wait, args=(None, send_on), daemon=True).start()
taken = bytearray()
while b'"paused"' not in taken[-65552:]:
    taken += reader.recv(65536)
with open(sys.argv[1], "wb") as file:
    file.write(taken)
