"""Golden values and gradients of every tensor operation, from PyTorch in float64 and (erf) mpmath.

Writes packages/posenc/test/fixtures/operations.json. Run: python reference/operations.py
"""

import json
from pathlib import Path

import mpmath
import numpy
import torch

OUTPUT = Path(__file__).parent.parent / "packages/posenc/test/fixtures/operations.json"
torch.set_default_dtype(torch.float64)
random = numpy.random.default_rng(20240607)
cases = []


def real(*shape, scale=1.0, offset=0.0):
    return torch.tensor(random.standard_normal(shape) * scale + offset, dtype=torch.float64)


def positive(*shape):
    return torch.tensor(random.uniform(0.2, 3.0, shape), dtype=torch.float64)


def integer(values):
    return torch.tensor(values, dtype=torch.int64)


def literal(values):
    return torch.tensor(values, dtype=torch.float64)


def plain(tensor):
    if isinstance(tensor, (int, float)):
        return tensor
    kind = "real" if tensor.is_floating_point() else "integer"
    return {"shape": list(tensor.shape), "data": tensor.detach().flatten().tolist(), "type": kind}


def case(title, operation, compute, inputs, **arguments):
    """`compute` receives the inputs; `arguments` are what else the operation is given in TypeScript."""
    leaves = [
        tensor.clone().requires_grad_() if torch.is_tensor(tensor) and tensor.is_floating_point() else tensor
        for tensor in inputs
    ]
    output = compute(*leaves)
    record = {
        "title": f"{operation}: {title}",
        "operation": operation,
        "inputs": [plain(tensor) for tensor in inputs],
        "arguments": arguments,
        "output": plain(output),
    }
    if output.requires_grad:
        cotangent = real(*output.shape)
        output.backward(cotangent)
        record["cotangent"] = plain(cotangent)
        record["gradients"] = [
            plain(leaf.grad if leaf.grad is not None else torch.zeros_like(leaf))
            if torch.is_tensor(leaf) and leaf.requires_grad
            else None
            for leaf in leaves
        ]
    cases.append(record)


def elementwise():
    pairs = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div}
    for name, compute in pairs.items():
        case("equal shapes", name, compute, [real(2, 3), positive(2, 3)])
        case("a row and a column broadcast", name, compute, [real(3, 1), positive(1, 4)])
        case("a missing axis broadcasts", name, compute, [real(2, 3, 2), positive(2)])
        case("the left one broadcasts", name, compute, [real(1, 2), positive(3, 2, 2)])
        case("a number on the right", name, compute, [real(2, 2), 2.5])
        case("a number on the left", name, lambda a, b, f=compute: f(torch.tensor(a, dtype=b.dtype), b), [2.5, positive(2, 2)])
        case("a tensor without axes", name, compute, [real(2, 2), positive()])
    case("integers times a half are real", "multiply", torch.mul, [integer([1, 2, -3]), 0.5])
    case("integers over integers are real", "divide", torch.div, [integer([3, 5]), integer([2, 4])])
    case("integers plus reals are real", "add", torch.add, [integer([3, 5]), literal([0.25, -0.5])])

    case("equal shapes", "maximum", torch.maximum, [real(3, 4), real(3, 4)])
    case("broadcasting", "maximum", torch.maximum, [real(3, 1), real(4)])
    case("ties share the gradient", "maximum", torch.maximum, [literal([1, 2, 3, -1]), literal([1, 5, 3, -1])])
    case("a number", "maximum", lambda a, b: torch.maximum(a, torch.tensor(b, dtype=a.dtype)), [real(5), 0.0])

    for name in ["exp", "sin", "cos", "tanh", "sigmoid", "erf"]:
        case("ordinary values", name, getattr(torch, name), [real(3, 4)])
        case("small and exact zero", name, getattr(torch, name), [literal([0.0, -0.01, 0.125, -0.5])])
    case("far from zero", "sigmoid", torch.sigmoid, [literal([-700.0, -100.0, -30.0, 30.0, 100.0, 700.0])])
    case("far from zero", "tanh", torch.tanh, [literal([-500.0, -20.0, 20.0, 500.0])])
    case("far from zero", "erf", torch.erf, [literal([-50.0, -4.0, -2.9, 2.9, 4.0, 50.0])])
    for name in ["sin", "cos"]:
        case("several turns", name, getattr(torch, name), [literal([-40.0, -6.5, 3.0, 20.0, 100.0])])
    case("far below zero", "exp", torch.exp, [literal([-1000.0, -50.0])])
    case("ordinary values", "log", torch.log, [positive(3, 4)])
    case("ordinary values", "sqrt", torch.sqrt, [positive(3, 4)])
    case("integers", "sqrt", torch.sqrt, [integer([4, 9, 2])])

    flags = integer([[1, 0, 1], [0, 0, 1]])
    choose = lambda c, a, b: torch.where(c != 0, a, b)
    case("equal shapes", "where", choose, [flags, real(2, 3), real(2, 3)])
    case("everything broadcasts", "where", choose, [integer([[1], [0]]), real(3), real(4, 1, 1)])
    case("real flags", "where", choose, [literal([1.0, 0.0]), real(2), real(2)])
    case("a number", "where", choose, [flags, real(2, 3), -1e9])
    case("two numbers", "where", lambda c, a, b: torch.where(c != 0, a, b).double(), [flags, 0.5, -2.0])
    case("integers stay integers", "where", choose, [integer([1, 0]), integer([7, 8]), integer([5, 6])])
    case("no gradient flows", "stopGradient", lambda x: x.detach() + 0 * x, [real(2, 3)])


def layout():
    case("same elements", "reshape", lambda x: x.reshape(3, 4), [real(2, 6)], shape=[3, 4])
    case("to no axes", "reshape", lambda x: x.reshape(()), [real(1, 1)], shape=[])
    case("integers", "reshape", lambda x: x.reshape(2, 2), [integer([1, 2, 3, 4])], shape=[2, 2])
    case("three axes", "permute", lambda x: x.permute(2, 0, 1), [real(2, 3, 4)], axes=[2, 0, 1])
    case("four axes", "permute", lambda x: x.permute(0, 2, 1, 3), [real(2, 3, 2, 2)], axes=[0, 2, 1, 3])
    case("negative axes", "permute", lambda x: x.permute(-1, 0, 1), [real(2, 3, 2)], axes=[-1, 0, 1])
    case("middle axis", "slice", lambda x: x[:, 1:3], [real(2, 4, 3)], axis=1, start=1, stop=3)
    case("last axis, from the end", "slice", lambda x: x[..., 0:1], [real(2, 4)], axis=-1, start=0, stop=1)
    case("whole axis", "slice", lambda x: x[0:2], [real(2, 3)], axis=0, start=0, stop=2)
    join = lambda axis: lambda *xs: torch.cat(xs, axis)
    case("first axis", "concatenate", join(0), [real(1, 3), real(2, 3)], axis=0)
    case("last axis", "concatenate", join(-1), [real(2, 3), real(2, 1), real(2, 2)], axis=-1)
    case("integers", "concatenate", join(0), [integer([1, 2]), integer([3])], axis=0)
    rows = lambda table, indices: table[indices]
    case("repeated rows", "take", rows, [real(4, 3), integer([2, 0, 2, 2])])
    case("two axes of indices", "take", rows, [real(3, 2), integer([[0, 2], [1, 1]])])
    case("a table of one axis", "take", rows, [real(5), integer([[4, 0]])])
    case("a table of three axes", "take", rows, [real(3, 2, 2), integer([1, 1])])
    case("one index without axes", "take", rows, [real(3, 2), integer(1)])
    case("an integer table", "take", rows, [integer([10, 20, 30]), integer([2, 1])])


def reductions():
    shapes = {
        "matrices": ((2, 3), (3, 4)),
        "a batch of matrices": ((2, 2, 3), (2, 3, 2)),
        "a batch times one matrix": ((2, 2, 3), (3, 2)),
        "one matrix times a batch": ((2, 3), (2, 3, 2)),
        "leading axes broadcast": ((2, 1, 2, 3), (3, 3, 2)),
        "leading ones broadcast": ((1, 2, 3), (2, 3, 2)),
        "one row": ((1, 3), (3, 1)),
    }
    for title, (a, b) in shapes.items():
        case(title, "matmul", torch.matmul, [real(*a), real(*b)])
    for axis in [0, 1, -1]:
        case(f"axis {axis}", "sum", lambda x: x.sum(axis, keepdim=True), [real(2, 3, 2)], axis=axis)
        case(f"axis {axis}", "max", lambda x: x.amax(axis, keepdim=True), [real(2, 3, 2)], axis=axis)
        case(f"axis {axis}", "cumulativeSum", lambda x: x.cumsum(axis), [real(2, 3, 2)], axis=axis)
    ties = literal([[1, 3, 3, 0], [2, 2, 2, 2]])
    case("ties share the gradient", "max", lambda x: x.amax(-1, keepdim=True), [ties], axis=-1)
    soft = lambda x: x.softmax(-1)
    case("ordinary values", "softmax", soft, [real(2, 3, 4)])
    case("large values", "softmax", soft, [literal([[1000.0, 999.0, -1000.0], [-5000.0, -5001.0, -4999.0]])])
    case("masked keys", "softmax", soft, [literal([[0.5, -1e9, 1.5], [-1e9, -1e9, -1e9]])])
    case("one key", "softmax", soft, [real(3, 1)])


def exact_erf():
    mpmath.mp.dps = 40
    points = [0.0, 1e-10, -0.3, 0.5, 1.0, -1.7, 2.5, 2.9999, 3.0, 3.0001, -3.5, 4.5, 6.0, 10.0]
    return [[x, float(mpmath.erf(mpmath.mpf(x)))] for x in points]


elementwise()
layout()
reductions()
document = {
    "source": f"PyTorch {torch.__version__.split('+')[0]} in float64; erf from mpmath {mpmath.__version__}",
    "command": "python reference/operations.py",
    "cases": cases,
    "erf": exact_erf(),
}
OUTPUT.parent.mkdir(parents=True, exist_ok=True)
lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in document.items() if key != "cases"]
lines.append('  "cases": [\n' + ",\n".join("    " + json.dumps(record) for record in cases) + "\n  ]")
OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
print(f"{len(cases)} cases in {OUTPUT.name}")
