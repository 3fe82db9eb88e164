"""Writes small files with NumPy, Pillow, PyTorch and safetensors, and says what is in them, for files.test.ts:

python files.py | gzip -9n > files.jsonl.gz
"""

import base64
import io
import json
import warnings

import numpy as np
import PIL
import safetensors
import safetensors.torch
import torch
from PIL import Image
from safetensors.numpy import save

rng = np.random.default_rng(0)


def emit(name, data, **fields):
    print(json.dumps({"name": name, "bytes": base64.b64encode(data).decode(), **fields}, separators=(",", ":")))


def content(array):
    values = array.reshape(-1).astype(np.float64)
    return {"shape": list(array.shape), "values": [float(v) if np.isfinite(v) else str(v).replace("inf", "Infinity").replace("nan", "NaN") for v in values]}


def saved(array, version=None):
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.lib.format.write_array(file, array, version=version, allow_pickle=True)
    return file.getvalue()


print(json.dumps({"numpy": np.__version__, "pillow": PIL.__version__, "safetensors": safetensors.__version__}))

TYPES = ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]


def sample(kind, shape):
    array = rng.integers(0, 100, shape) if kind[0] == "u" else rng.integers(-100, 100, shape) if kind[0] == "i" else rng.normal(size=shape) * 3
    return (array > 0 if kind == "b1" else array).astype(kind)


for kind in TYPES:
    for end in "<>":
        for shape in [(), (3,), (2, 3, 4)]:
            for order in "CF":
                array = np.asarray(sample(kind, shape), dtype=np.dtype(kind).newbyteorder(end), order=order)
                emit(f"{end}{kind}-{order}-{len(shape)}.npy", saved(array), **content(array))
emit("empty.npy", saved(np.zeros((0, 4), "f4")), shape=[0, 4], values=[])
special = np.array([np.nan, np.inf, -np.inf, -0.0, 6e-8, 65504], "f2")
emit("special.npy", saved(special), **content(special))
for version in [(2, 0), (3, 0)]:
    emit(f"v{version[0]}.npy", saved(np.arange(6, dtype="f4").reshape(2, 3), version), **content(np.arange(6.0).reshape(2, 3)))
emit("slice.npy", saved(np.arange(24.0).reshape(4, 6)[::2, ::-3]), **content(np.arange(24.0).reshape(4, 6)[::2, ::-3]))
for name, array in {"complex": np.zeros(2, "c8"), "text": np.array(["a", "bc"]), "time": np.zeros(2, "M8[s]"), "record": np.zeros(2, [("x", "f4"), ("y", "i4")]),
                    "object": np.array([{}, None], dtype=object)}.items():
    emit(f"{name}.npy", saved(array), error="holds elements that a tensor can't")
emit("huge.npy", saved(np.array([1, 2**40], "i8")), error="int32 can't hold")

for name, write in {"plain": np.savez, "packed": np.savez_compressed}.items():
    file = io.BytesIO()
    arrays = {"x": sample("f4", (2, 3)), "y": sample("i8", (4,)), "deep/name": sample("b1", (2, 2))}
    write(file, **arrays)
    emit(f"{name}.npz", file.getvalue(), entries={k: content(v) for k, v in arrays.items()})

tensors = {"w": sample("f4", (2, 3)), "d": sample("f8", (2,)), "h": sample("f2", (3,)), "i": sample("i8", (2, 2)), "u": sample("u1", (5,)), "b": sample("b1", (3,)),
           "scalar": np.array(2.5, "f4"), "none": np.zeros((0, 3), "f4"), "layer.0.weight": sample("f4", (1,))}
emit("all.safetensors", save(tensors, metadata={"format": "np"}), entries={k: content(v) for k, v in tensors.items()})

# A network with all its state, and what it answers.
torch.manual_seed(0)
network = torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3, padding=1), torch.nn.BatchNorm2d(4), torch.nn.GELU(), torch.nn.Flatten(2),
                              torch.nn.LSTM(20, 6, batch_first=True, bidirectional=True))
for _ in range(3):
    network(torch.randn(5, 2, 4, 5) * 2 + 1)  # running statistics
question = torch.randn(2, 2, 4, 5)
with torch.no_grad():
    answer = network.eval()(question)[0]
emit("network.safetensors", safetensors.torch.save(network.state_dict()), question=content(question.numpy()), answer=content(answer.numpy()))

# Images: noise is as hard as it gets for PNG, which loses nothing; a smooth picture is fair to JPEG.
noise = rng.integers(0, 256, (5, 7, 4), dtype=np.uint8)
y, x = np.mgrid[0:24, 0:20] / 24
smooth = np.stack([x, y, 1 - (x + y) / 2], 2)
smooth = (smooth * 255).astype(np.uint8)


def image(name, picture, **options):
    file = io.BytesIO()
    picture.save(file, name.rsplit(".")[-1].replace("jpg", "jpeg"), **options)
    seen = Image.open(io.BytesIO(file.getvalue()))
    modes = {mode: content(np.asarray(seen.convert(mode)).reshape(picture.height, picture.width, -1).transpose(2, 0, 1)) for mode in ["RGB", "RGBA", "L"]}
    emit(name, file.getvalue(), modes=modes)


image("rgb.png", Image.fromarray(noise[..., :3]))
image("rgba.png", Image.fromarray(noise))
image("gray.png", Image.fromarray(noise[..., 0]))
image("grayalpha.png", Image.fromarray(noise[..., :2].copy(), "LA"))
image("palette.png", Image.fromarray(noise[..., :3]).quantize(9))
image("palette4.png", Image.fromarray(noise[..., :3]).quantize(4), bits=2)
image("bits.png", Image.fromarray(noise[..., 0] > 128))
image("optimized.png", Image.fromarray(smooth), optimize=True)
for quality in [50, 95]:
    image(f"fine{quality}.jpg", Image.fromarray(smooth), quality=quality, subsampling=0)
image("coarse.jpg", Image.fromarray(smooth), quality=90, subsampling=2)
image("progressive.jpg", Image.fromarray(smooth), quality=90, progressive=True, subsampling=0)
image("gray.jpg", Image.fromarray(smooth[..., 0]), quality=90)
