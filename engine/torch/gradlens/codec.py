"""The bytes of frames: the same as engine/run/codec.ts writes and reads."""

import json
import math
import struct
import sys
import zlib
from array import array

STREAM_HEADER = b"GLNS" + struct.pack("<HH", 1, 0)

#: Byte of each kind, as in codec.ts. Append only.
KINDS = {
    "start": 1,
    "source": 2,
    "layer": 3,
    "parameter": 4,
    "operation": 5,
    "step": 6,
    "phase": 7,
    "output": 8,
    "gap": 9,
    "error": 10,
    "end": 11,
    "non-finite": 12,
    "note": 13,
    "tensor": 14,
    "optimizer": 15,
    "loss": 16,
    "input": 17,
    "gradient-check": 18,
    "samples": 20,
}
_NAMES = {byte: kind for kind, byte in KINDS.items()}
_STEP = struct.Struct("<IIddd")
_HEAD = struct.Struct("<IIB")
_NO_ROWS = struct.pack("<II", 0, 0)
_BARE_STEP = struct.Struct("<IIddd6I")
_NO_ROWS_AT_ALL = (0,) * 6
_STEP_KIND = KINDS["step"]
_STEP_SEED = zlib.crc32(bytes((_STEP_KIND,)))


def _frame(kind, payload):
    byte = KINDS[kind]
    checksum = zlib.crc32(payload, zlib.crc32(bytes((byte,))))
    return _HEAD.pack(1 + len(payload), checksum, byte) + payload


def kind_of(frame):
    """The kind of a frame that is given as bytes."""
    return _NAMES[frame[_HEAD.size - 1]]


def encode(kind, **content):
    """A frame of any kind but a step."""
    try:
        text = json.dumps(content, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(content), allow_nan=False)
    return _frame(kind, text.encode("utf-8"))


def _finite(value):
    """JSON has no NaN and no infinities: they become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def encode_step(step, time, loss, learning_rate, parameters, layers, operations, histograms=None):
    """`parameters` and so on: rows of numbers by id; `histograms`: 256 counts, of each exponent, by id."""
    head = _STEP.pack(step, 0, time, loss, learning_rate)
    payload = head + _rows(parameters) + _rows(layers) + _rows(operations)
    return _frame("step", payload + _histograms(histograms) if histograms else payload)


def _histograms(histograms):
    """As HistogramWriter in engine/run/histogram.ts makes them: of each what was counted, and the bins that aren't empty."""
    values = array("I")
    for counts in histograms.values():
        filled = counts[1:255].nonzero()[0]
        first, end = (int(filled[0]) + 1, int(filled[-1]) + 2) if len(filled) else (255, 255)
        # exponents begin at -126, which is written as 1, and 256 is added
        values.extend((int(counts.sum()), int(counts[0]), int(counts[255]), first + 129, end - first))
        values.extend(counts[first:end].tolist())
    ids = array("I", histograms)
    head = struct.pack("<II", len(ids), len(values))
    if sys.byteorder == "big":
        ids.byteswap()
        values.byteswap()
    return head + ids.tobytes() + values.tobytes()


def encode_bare_step(step, time, loss, learning_rate):
    """The same without rows: most steps, so it has to be quick."""
    payload = _BARE_STEP.pack(step, 0, time, loss, learning_rate, *_NO_ROWS_AT_ALL)
    return _HEAD.pack(1 + _BARE_STEP.size, zlib.crc32(payload, _STEP_SEED), _STEP_KIND) + payload


def _rows(rows):
    if not rows:
        return _NO_ROWS
    ids = array("I", sorted(rows))
    values = array("f")
    for i in ids:
        values.extend(rows[i])
    columns = len(values) // len(ids)
    head = struct.pack("<II", len(ids), columns)
    if sys.byteorder == "big":
        ids.byteswap()
        values.byteswap()
    return head + ids.tobytes() + values.tobytes()
