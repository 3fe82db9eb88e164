"""Records what scikit-learn and pycocotools say of random predictions, for metrics.test.ts:

python metrics.py | gzip -9n > metrics.jsonl.gz
"""

import contextlib
import importlib.metadata
import io
import json

import numpy as np
import sklearn
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from sklearn import metrics

rng = np.random.default_rng(0)


def emit(kind, **fields):
    def plain(value):
        if isinstance(value, (np.ndarray, np.generic)):
            return value.tolist()
        return [plain(v) for v in value] if isinstance(value, list) else value

    print(json.dumps({"kind": kind, **{k: plain(v) for k, v in fields.items()}}, separators=(",", ":")))


print(json.dumps({"sklearn": sklearn.__version__, "pycocotools": importlib.metadata.version("pycocotools"), "numpy": np.__version__}))

# Classes: few and many samples, classes that are missing on one side or on both.
for n, classes, missing in [(1, 2, []), (20, 2, []), (60, 5, []), (30, 8, [3]), (200, 4, [0]), (12, 10, [])]:
    scores = rng.normal(size=(n, classes)).astype(np.float32)
    scores[:, missing] -= 100
    target = rng.integers(classes, size=n)
    if missing:
        target[target == missing[0]] = (missing[0] + 1) % classes
    predicted = scores.argmax(1)
    p, r, f, support = metrics.precision_recall_fscore_support(
        target, predicted, labels=range(max(predicted.max(), target.max()) + 1), zero_division=0)
    averages = {
        average: metrics.precision_recall_fscore_support(target, predicted, average=average, zero_division=0)[:3]
        for average in ["macro", "weighted", "micro"]
    }
    emit("classes", scores=scores, target=target, accuracy=metrics.accuracy_score(target, predicted),
         topK=[metrics.top_k_accuracy_score(target, scores[:, :2][:, 1] if classes == 2 else scores, k=k, labels=range(classes))
               if classes > 2 else None for k in (1, 2, 3)],
         confusion=metrics.confusion_matrix(target, predicted, labels=range(classes)), precision=p, recall=r, f1=f, support=support,
         averages={k: [float(x) for x in v] for k, v in averages.items()},
         jaccard=metrics.jaccard_score(target, predicted, labels=range(classes), average=None, zero_division=0))

# Areas under the curve, with and without ties; several classes against the rest.
for n, ties in [(2, False), (50, False), (50, True), (400, True)]:
    target = rng.integers(2, size=n)
    target[:2] = [0, 1]
    scores = rng.normal(size=n) + target
    scores = (np.round(scores) if ties else scores).astype(np.float32)
    emit("auc", scores=scores, target=target, value=metrics.roc_auc_score(target, scores))
for n, classes in [(30, 3), (100, 5)]:
    target = np.concatenate([np.arange(classes), rng.integers(classes, size=n - classes)])
    scores = rng.dirichlet(np.ones(classes), size=n)
    emit("auc", scores=scores, target=target, value=metrics.roc_auc_score(target, scores, multi_class="ovr"))

# Regression: one and several outputs, and constant targets.
for shape in [(10,), (40, 1), (25, 3)]:
    target = rng.normal(size=shape)
    prediction = target + rng.normal(size=shape) * 0.5
    emit("r2", prediction=prediction, target=target, value=metrics.r2_score(target, prediction))
for prediction in [[2.0, 2.0, 2.0], [2.0, 2.5, 2.0]]:
    emit("r2", prediction=prediction, target=[2.0, 2.0, 2.0], value=metrics.r2_score([2.0, 2.0, 2.0], prediction))


def coco(detections, truth, images, categories):
    """COCO's own evaluation of boxes [left, top, right, bottom]."""
    def xywh(box):
        return [box[0], box[1], box[2] - box[0], box[3] - box[1]]

    with contextlib.redirect_stdout(io.StringIO()):
        reference = COCO()
        reference.dataset = {
            "images": [{"id": i} for i in range(images)], "categories": [{"id": c} for c in range(categories)],
            "annotations": [{"id": i + 1, "image_id": t["image"], "category_id": t["classId"], "bbox": xywh(t["box"]), "iscrowd": 0,
                             "area": xywh(t["box"])[2] * xywh(t["box"])[3]} for i, t in enumerate(truth)],
        }
        reference.createIndex()
        found = reference.loadRes([{"image_id": d["image"], "category_id": d["classId"], "bbox": xywh(d["box"]), "score": d["score"]}
                                   for d in detections])
        evaluation = COCOeval(reference, found, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"][:, :, :, 0, 2]
    per_class = [[c, float(precision[:, :, c].mean())] for c in range(categories) if (precision[:, :, c] > -1).all()]
    return {"map": evaluation.stats[0], "map50": evaluation.stats[1], "map75": evaluation.stats[2], "perClass": per_class}


# Scenes: boxes found a little beside the true ones, some twice, some missed, some of another class, some out of nothing; scores
# that are equal; more than a hundred detections in one image; a class without any box.
for images, categories, boxes, noise, crowd in [(1, 1, 3, 0.05, 0), (6, 3, 4, 0.08, 0), (12, 4, 6, 0.15, 0), (3, 2, 5, 0.1, 130)]:
    detections, truth = [], []
    for image in range(images):
        for _ in range(boxes):
            corner, size = rng.uniform(0, 80, 2), rng.uniform(8, 40, 2)
            box = np.round(np.concatenate([corner, corner + size]), 2)
            kind = int(rng.integers(max(1, categories - 1)))
            truth.append({"image": image, "classId": kind, "box": box.tolist()})
            for _ in range(rng.integers(0, 3)):
                moved = np.round(box + rng.normal(size=4) * noise * np.tile(size, 2), 2)
                guess = kind if rng.random() < 0.8 else int(rng.integers(categories))
                detections.append({"image": image, "classId": guess, "box": moved.tolist(), "score": float(np.round(rng.random(), 2))})
    for _ in range(crowd):
        corner = np.round(rng.uniform(0, 80, 2), 2)
        detections.append({"image": 0, "classId": 0, "box": [*corner.tolist(), *(corner + 12).tolist()], "score": float(np.round(rng.random(), 3))})
    emit("detection", detections=detections, truth=truth, **coco(detections, truth, images, categories))
