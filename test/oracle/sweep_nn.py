"""The cases of sweep.py that are about what torch.nn has beside the common layers."""

import itertools

import torch
import torch.nn.functional as F

LAYOUTS = ["c", "t", "s"]


def add(case, t):
    # activations: away from kinks, at special values, and at the kinks themselves (a range of width 0)
    options = {"celu": [()], "softshrink": [(), (1.5,)], "hardshrink": [(), (1.5,)], "threshold": [(0.1, 20)], "rrelu": [(), (0.2, 0.4)],
               "softplus": [(2,), (1, 1.5), (0.5, 0.2)], "elu": [(0.7,)], "leaky_relu": [(0.2,)], "hardtanh": [(-0.5, 1.5)], "softmin": [(1,)]}
    options["celu"].append((1.7,))
    camel = {"leaky_relu": "leakyRelu"}
    for name, variants in options.items():
        f = getattr(F, name)
        for args, layout in itertools.product(variants, LAYOUTS):
            case("F." + camel.get(name, name), lambda x: f(x, *args), [t(2, 4, l=layout, lo=-4, hi=4)], *args)
        for args in variants:
            case("F." + camel.get(name, name), lambda x: f(x, *args), [t(2, 4, d="float32", s=4, lo=-8, hi=8)], *args)
        if name in ("softshrink", "hardshrink", "threshold", "hardtanh"):
            args = variants[0]
            case("F." + name, lambda x: f(x, *args), [t(12, lo=None, hi=0)], *args, second=False)
    for name in ("softshrink", "hardshrink", "celu", "rrelu", "leaky_relu", "relu6", "hardswish"):
        for kink in (-0.5, 0.0, 0.5, 6.0, -3.0, 3.0):
            case("F." + camel.get(name, name), getattr(F, name), [t(2, lo=kink, hi=kink)], second=False)

    # convolutions
    modes = ("zeros", "reflect", "replicate", "circular")
    for mode, padding, rank in itertools.product(modes, (1, 2, "same", "valid"), (1, 2, 3)):
        modules = (None, torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d)
        size = (6, 5, 4)[:rank]
        kernel = (4, 3, 2)[:rank]
        module = modules[rank](2, 4, kernel, padding=padding, padding_mode=mode, groups=2, dtype=torch.float64)
        case(f"F.conv{rank}d", lambda x, w, b: module._conv_forward(x, w, b), [t(1, 2, *size), t(4, 1, *kernel, s=1), t(4, s=2)],
             {"padding": padding, "paddingMode": mode, "groups": 2}, second=rank < 3)
    for dilation in (1, 2):
        case("F.conv3d", lambda x, w: F.conv3d(x, w, padding="same", dilation=dilation), [t(1, 1, 4, 5, 4), t(2, 1, 2, 3, 1, s=1)],
             None, {"padding": "same", "dilation": dilation})
    case("F.conv2d", F.conv2d, [t(2, 5, 4), t(3, 2, 2, 2, s=1), t(3, s=2)])
    case("F.conv1d", F.conv1d, [t(2, 5), t(3, 2, 2, s=1), t(3, s=2)])
    case("F.convTranspose2d", F.conv_transpose2d, [t(2, 3, 4), t(2, 3, 2, 2, s=1)])
    for stride, padding, dilation, groups, extra in itertools.product((1, 2, (1, 2, 3)), (0, 1, (1, 0, 1)), (1, 2, (2, 1, 1)), (1, 2), (0, 1)):
        o = {"stride": stride, "padding": padding, "outputPadding": extra, "groups": groups, "dilation": dilation}
        case("F.convTranspose3d", lambda x, w, b: F.conv_transpose3d(x, w, b, stride, padding, extra, groups, dilation),
             [t(1, 2, 3, 2, 3), t(2, 1, 2, 3, 2, s=1), t(groups, s=2)], o, second=stride != 1 and dilation == 1)

    # pooling
    for k, stride, padding, ceil in itertools.product((2, 3), (1, 2, 3), (0, 1), (False, True)):
        shapes = ((2, 2, 7), (1, 2, 7, 6), (1, 2, 7, 4, 5))
        o = {"stride": stride, "padding": padding, "ceilMode": ceil}
        for rank, layout in ((1, "c"), (2, "t"), (3, "c"), (3, "s")):
            x = t(*shapes[rank - 1], l=layout)
            most, mean = getattr(F, f"max_pool{rank}d"), getattr(F, f"avg_pool{rank}d")
            for dilation in (1, 2):
                case(f"F.maxPool{rank}d", lambda x: most(x, k, stride, padding, dilation, ceil), [x], k, o | {"dilation": dilation})
            case(f"indexed.maxPool{rank}d", lambda x: most(x, k, stride, padding, 1, ceil, return_indices=True)[0], [x], k, o | {"returnIndices": True})
            case(f"indicesOf.maxPool{rank}d", lambda x: most(x, k, stride, padding, 1, ceil, return_indices=True)[1], [x], k, o | {"returnIndices": True})
            for count in (False, True):
                case(f"F.avgPool{rank}d", lambda x: mean(x, k, stride, padding, ceil, count), [x], k, o | {"countIncludePad": count})
        for rank in (2, 3):
            mean = getattr(F, f"avg_pool{rank}d")
            case(f"F.avgPool{rank}d", lambda x: mean(x, k, stride, padding, ceil, True, 3), [t(*shapes[rank - 1])], k, o | {"divisorOverride": 3})
    for rank, size in ((1, 9), (2, 6), (3, 4)):
        most, back = getattr(F, f"max_pool{rank}d"), getattr(F, f"max_unpool{rank}d")
        for k, stride in ((2, 2), (2, 3)):
            def unpooled(x):
                values, indices = most(x, k, stride, return_indices=True)
                return back(values * values, indices, k, stride, output_size=x.shape)
            case(f"maxUnpool{rank}d", unpooled, [t(1, 2, *[size] * rank)], k, stride)
    case("F.maxPool2d", lambda x: F.max_pool2d(x, 2), [t(2, 5, 4)], 2)
    case("F.maxPool2d", lambda x: F.max_pool2d(x, (2, 1), (1, 2)), [t(1, 2, 5, 4)], [2, 1], [1, 2])
    case("F.avgPool2d", lambda x: F.avg_pool2d(x, (2, 1), (1, 2)), [t(2, 5, 4)], [2, 1], [1, 2])
    case("F.maxPool3d", lambda x: F.max_pool3d(x, 2, 2), [t(1, 1, 2, 2, 2, lo=1, hi=1)], 2)  # of equals the first
    for rank, p, k, stride, ceil in itertools.product((1, 2, 3), (1, 2, 3), (2, 3), (None, 1), (False, True)):
        f = getattr(F, f"lp_pool{rank}d")
        o = {"ceilMode": ceil} | ({} if stride is None else {"stride": stride})
        case(f"F.lpPool{rank}d", lambda x: f(x, p, k, stride, ceil), [t(1, 2, *(7, 5, 4)[:rank], lo=0.2, hi=2)], p, k, o)
    sized = {"nearest": (1, 2, 3), "nearest-exact": (1, 2, 3), "linear": (1,), "bilinear": (2,), "bicubic": (2,), "trilinear": (3,), "area": (1, 2, 3)}
    for mode, ranks in sized.items():
        for rank, layout in itertools.product(ranks, LAYOUTS):
            x = t(1, 2, *(5, 4, 3)[:rank], l=layout)
            corners = (None,) if mode.startswith("nearest") or mode == "area" else (None, False, True)
            for align in corners:
                for o in ({"size": 7}, {"size": 2}, {"size": 1}, {"size": [8, 3, 6][:rank]}, {"scaleFactor": 2}, {"scaleFactor": 1.7}, {"scaleFactor": 0.6}, {"scaleFactor": [2, 1.5, 3][:rank]}):
                    scale = o.get("scaleFactor")
                    case("F.interpolate", lambda x: F.interpolate(x, o.get("size"), scale, mode, align), [x], o | {"mode": mode, "alignCorners": align}, second=False)
    for size, layout in itertools.product((1, 2, 3), LAYOUTS):
        x = t(1, 2, 5, 4, 3, l=layout)
        case("F.adaptiveAvgPool3d", lambda x: F.adaptive_avg_pool3d(x, size), [x], size)
        case("F.adaptiveMaxPool3d", lambda x: F.adaptive_max_pool3d(x, size), [x], size)
        for rank in (1, 2, 3):
            shape = (1, 2, 5, 4, 3)[: 2 + rank]
            f = getattr(F, f"adaptive_max_pool{rank}d")
            case(f"indicesOf.adaptiveMaxPool{rank}d", lambda x: f(x, size, return_indices=True)[1], [t(*shape, l=layout)], size, {"returnIndices": True})
    case("F.adaptiveAvgPool2d", lambda x: F.adaptive_avg_pool2d(x, (None, 3)), [t(2, 5, 4)], [None, 3])
    case("F.adaptiveMaxPool2d", lambda x: F.adaptive_max_pool2d(x, (2, None)), [t(1, 2, 5, 4)], [2, None])

    # losses
    for red, layout in itertools.product(("mean", "sum", "none"), LAYOUTS):
        o = {"reduction": red}
        x, y = t(3, 4, l=layout), t(3, 4, s=1)
        classes = t(3, d="int32", lo=0, hi=4)
        for p, margin in itertools.product((1, 2), (1, 0.3)):
            case("F.multiMarginLoss", lambda x, y: F.multi_margin_loss(x, y, p, margin, reduction=red), [x, classes], o | {"p": p, "margin": margin})
        case("weighted.multiMarginLoss", lambda x, y, w: F.multi_margin_loss(x, y, weight=w.detach(), reduction=red), [x, classes, t(4, s=3, lo=0.2)], o)
        for list_ in ([[3, 0, -1, 1], [-1, 2, 0, 1], [0, 1, 2, 3]], [[1, -1, -1, -1], [2, 2, -1, 0], [0, -1, 2, 3]]):
            case("listed.multilabelMarginLoss", lambda x: F.multilabel_margin_loss(x, torch.tensor(list_), reduction=red), [x], list_, o)
        case("F.multilabelSoftMarginLoss", lambda x, y: F.multilabel_soft_margin_loss(x, y.detach(), reduction=red), [x, t(3, 4, d="int32", lo=0, hi=2)], o)
        case("weighted.multilabelSoftMarginLoss", lambda x, y, w: F.multilabel_soft_margin_loss(x, y, w.detach(), reduction=red),
             [x, t(3, 4, s=1, lo=0, hi=1), t(4, s=3, lo=0.2)], o)
        case("weighted.binaryCrossEntropy", lambda x, y, w: F.binary_cross_entropy(x, y, w.detach(), reduction=red),
             [t(3, 4, l=layout, lo=0.1, hi=0.9), t(3, 4, s=1, lo=0.1, hi=0.9), t(3, 1, s=3, lo=0.2)], o)
        case("weighted.binaryCrossEntropyWithLogits", lambda x, y, w: F.binary_cross_entropy_with_logits(x, y, w.detach(), reduction=red),
             [x, t(3, 4, s=1, lo=0.1, hi=0.9), t(3, 4, s=3, lo=0.2)], o)
        for log, full in itertools.product((False, True), repeat=2):
            case("F.poissonNllLoss", lambda x, y: F.poisson_nll_loss(x, y.detach() if full else y, log, full, reduction=red),
                 [t(3, 4, l=layout, lo=0.3, hi=3), t(3, 4, s=1, d="int32", lo=0, hi=6) if full else t(3, 4, s=1, lo=0, hi=3)], o | {"logInput": log, "full": full})
        for full, shape in itertools.product((False, True), ((3, 4), (3, 1), (3,))):
            case("F.gaussianNllLoss", lambda x, y, v: F.gaussian_nll_loss(x, y, v, full, 0.5, red), [x, y, t(*shape, s=2, lo=0.1, hi=2)],
                 o | {"full": full, "eps": 0.5})
        for swap, p in itertools.product((False, True), (1, 2, 3)):
            case("F.tripletMarginLoss", lambda a, b, c: F.triplet_margin_loss(a, b, c, 0.7, p, 1e-6, swap, reduction=red), [x, y, t(3, 4, s=2)],
                 o | {"margin": 0.7, "p": p, "swap": swap})
        case("F.marginRankingLoss", lambda x, y, z: F.margin_ranking_loss(x, y, z, 0.1, reduction=red), [x, y, t(3, 4, s=5)], o | {"margin": 0.1})
    for p, keep in itertools.product((1, 2, 3), (False, True)):
        case("F.pairwiseDistance", lambda x, y: F.pairwise_distance(x, y, p, keepdim=keep), [t(3, 4), t(3, 4, s=1)], {"p": p, "keepdim": keep})
