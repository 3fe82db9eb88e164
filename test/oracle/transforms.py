"""Records what torchvision does to small images, for transforms.test.ts: 
python transforms.py | gzip -9n > transforms.jsonl.gz

Only its functions of tensors are used: with --tensors-only, a torchvision whose compiled operators don't fit the installed torch
will do.
"""

import json
import sys
import types

import torch

# Registers shapes of the compiled operators, which may not be there.
if "--tensors-only" in sys.argv:
    sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
import torchvision
from torchvision.transforms import functional as F
from torchvision.transforms import v2

torch.manual_seed(0)
MODES = {"nearest": F.InterpolationMode.NEAREST, "bilinear": F.InterpolationMode.BILINEAR}


def plain(value):
    if isinstance(value, torch.Tensor):
        return {"shape": list(value.shape), "values": [float(f"{v:.8g}") for v in value.reshape(-1).tolist()]}
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def case(name, image, output, *args):
    print(json.dumps({"name": name, "image": plain(image), "args": plain(args), "output": plain(output)}, separators=(",", ":")))


print(json.dumps({"torchvision": torchvision.__version__, "torch": torch.__version__}))
photo, gray = torch.rand(3, 7, 9), torch.rand(1, 6, 6)
few = torch.tensor([0.0, 0.25, 0.5, 1.0])[torch.randint(4, (3, 5, 6))]  # colours with equal channels, black and white

for image in [photo, gray]:
    case("hflip", image, F.hflip(image))
    case("vflip", image, F.vflip(image))
    for window in [(1, 2, 3, 4), (-2, -1, 6, 5), (4, 3, 5, 9)]:
        case("crop", image, F.crop(image, *window), *window)
    for size in [(2, 3), (5, 4), (3, 6), (8, 4), (10, 12)]:
        case("centerCrop", image, F.center_crop(image, size), size)
    for size in [4, 11, (3, 5), (14, 4), (7, 20), (1, 1)]:
        for antialias in [True, False]:
            output = F.resize(image, size, antialias=antialias)
            case("resize", image, output, size, {"antialias": antialias})
    case("resizedCrop", image, F.resized_crop(image, 1, 1, 4, 5, (3, 8), antialias=True), [1, 1, 4, 5], (3, 8))
    for mode, interpolation in MODES.items():
        for angle in [0, 17.3, -90, 180, 200.5]:
            case("rotate", image, F.rotate(image, angle, interpolation), angle, {"interpolation": mode})
        for angle, translate, scale, shear in [(0, (2, -1), 1.0, (0, 0)), (33, (0, 0), 1.3, (0, 0)), (0, (0, 0), 1.0, (20, 0)),
                                               (-12, (1, 2), 0.7, (10, -15))]:
            output = F.affine(image, angle, list(translate), scale, list(shear), interpolation)
            case("affine", image, output, {"angle": angle, "translate": translate, "scale": scale, "shear": shear}, {"interpolation": mode})
    case("erase", image, F.erase(image, 1, 2, 3, 2, torch.tensor(0.5)), 1, 2, 3, 2, 0.5)

case("normalize", photo, F.normalize(photo, [0.4, 0.5, 0.6], [0.2, 0.3, 0.25]), [0.4, 0.5, 0.6], [0.2, 0.3, 0.25])
case("normalize", gray, F.normalize(gray, [0.5], [0.5]), [0.5], [0.5])
for image in [photo, few]:
    case("rgbToGrayscale", image, F.rgb_to_grayscale(image), 1)
    case("rgbToGrayscale", image, F.rgb_to_grayscale(image, 3), 3)
    for factor in [0.0, 0.3, 1.0, 1.8]:
        case("adjustBrightness", image, F.adjust_brightness(image, factor), factor)
        case("adjustContrast", image, F.adjust_contrast(image, factor), factor)
        case("adjustSaturation", image, F.adjust_saturation(image, factor), factor)
    for share in [-0.5, -0.13, 0.0, 0.21, 0.5]:
        case("adjustHue", image, F.adjust_hue(image, share), share)

# Batches: v2 takes the sample before each one, and draws its own numbers. The test is given them.
batch, target = torch.rand(4, 2, 6, 5), torch.eye(4)
order = [3, 0, 1, 2]
share = 0.3
mixed = v2.MixUp(num_classes=4)
params = {"labels": target, "batch_size": 4, "lam": share}
case("mixup", batch, [mixed.transform(batch, params), mixed.transform(target, params)], target, order, share)
cut = v2.CutMix(num_classes=4)
params = {"labels": target, "batch_size": 4, "box": (1, 2, 4, 6), "lam_adjusted": 1 - 3 * 4 / 30}
case("cutmix", batch, [cut.transform(batch, params), cut.transform(target, params)], target, order, [2, 1, 4, 3])
