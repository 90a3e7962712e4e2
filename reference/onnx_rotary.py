"""ONNX's test vectors of the operator RotaryEmbedding (opset 23). Run: python reference/onnx_rotary.py

`vectors`: the operator's own node tests, whose tables are random numbers: they fix the pairing, the turned part and the
direction, not the angles. `models`: one node run by ONNX' reference evaluator on tables of real angles.
"""

import json
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx.reference import ReferenceEvaluator

FIXTURE = Path(__file__).parent.parent / "packages/posenc/test/fixtures/onnx.golden.json"
SOURCE = f"onnx {onnx.__version__}"


def plain(array):
    array = numpy.asarray(array)
    return {"shape": list(array.shape), "data": array.astype(numpy.float64).flatten().tolist()}


def attributes(node):
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def by_head(array, num_heads):
    """[B, T, H·E] → [B, H, T, E]; four axes are left alone."""
    if array.ndim == 4:
        return array
    batch, length, _ = array.shape
    return array.reshape(batch, length, num_heads, -1).transpose(0, 2, 1, 3)


def vectors():
    cases = []
    numpy.random.seed(0)  # The node tests draw from NumPy's global generator.
    for case in collect_testcases("RotaryEmbedding"):
        # The same tests once more as expanded graphs have more than one node.
        if len(case.model.graph.node) != 1:
            continue
        given = attributes(case.model.graph.node[0])
        (inputs, outputs), = case.data_sets
        x, cos, sin, *places = (numpy.asarray(one) for one in inputs)
        if places:
            cos, sin = cos[places[0]], sin[places[0]]
        heads = given.get("num_heads", 0)
        x, y = by_head(x, heads), by_head(numpy.asarray(outputs[0]), heads)
        cases.append({
            "title": case.name,
            "source": SOURCE,
            "pairing": "interleaved" if given.get("interleaved") else "half",
            "rotaryDim": given.get("rotary_embedding_dim") or x.shape[-1],
            "cos": plain(cos[:, None]),
            "sin": plain(sin[:, None]),
            "x": plain(x),
            "y": plain(y),
        })
    return cases


def models():
    random = numpy.random.default_rng(23)
    cases = []
    for title, head_dim, rotary_dim, interleaved, base, places in [
        ("halves", 8, 8, 0, 10000.0, [[0, 1, 2, 3], [0, 1, 2, 3]]),
        ("interleaved, another base", 8, 8, 1, 500000.0, [[5, 6, 7, 8], [0, 9, 30, 4000]]),
        ("a part of the head", 12, 4, 0, 10000.0, [[100, 7, 7, 0], [1, 2, 3, 4]]),
        ("an interleaved part, one token", 12, 6, 1, 10000.0, [[4095], [17]]),
    ]:
        places = numpy.array(places, dtype=numpy.int64)
        angles = numpy.arange(4096)[:, None] * base ** (-numpy.arange(0, rotary_dim, 2) / rotary_dim)
        x = (numpy.round(random.standard_normal((2, 3, places.shape[1], head_dim)) * 256) / 256).astype(numpy.float64)
        node = helper.make_node("RotaryEmbedding", ["x", "cos", "sin", "places"], ["y"], interleaved=interleaved,
                                rotary_embedding_dim=0 if rotary_dim == head_dim else rotary_dim)
        kinds = {"x": TensorProto.DOUBLE, "cos": TensorProto.DOUBLE, "sin": TensorProto.DOUBLE, "places": TensorProto.INT64}
        graph = helper.make_graph(
            [node], "rotary", [helper.make_tensor_value_info(name, kind, None) for name, kind in kinds.items()],
            [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 23)])
        y, = ReferenceEvaluator(model).run(
            None, {"x": x, "cos": numpy.cos(angles), "sin": numpy.sin(angles), "places": places})
        cases.append({
            "title": title,
            "source": f"{SOURCE}, ReferenceEvaluator",
            "pairing": "interleaved" if interleaved else "half",
            "headDim": head_dim,
            "rotaryDim": rotary_dim,
            "base": base,
            "positions": places.tolist(),
            "x": plain(x),
            "y": plain(y),
        })
    return cases


golden = {"vectors": vectors(), "models": models()}
FIXTURE.write_text(json.dumps(golden) + "\n")
print(f"{FIXTURE.name}: {len(golden['vectors'])} vectors, {len(golden['models'])} models")
