"""Writing golden cases of the catalogue. Every family is one script: python reference/catalogue/<family>.py

A case is an encoding with what it is given and what the reference makes of it, with gradients by PyTorch in float64.
"""

import gzip
import json
from pathlib import Path

import numpy
import torch

FIXTURES = Path(__file__).parent.parent.parent / "packages/posenc/test/fixtures/catalogue"
MASKED = -1e9
torch.set_default_dtype(torch.float64)


def positions(values, axes=1):
    """Positions of one sequence, [t] or [t][axes]; of a batch, [b][t] (axes 1) or [b][t][axes]."""
    array = numpy.asarray(values, dtype=numpy.float64)
    if axes == 1 and array.ndim == 1:
        array = array[None, :, None]
    elif axes == 1 and array.ndim == 2:
        array = array[:, :, None]
    elif array.ndim == 2:
        array = array[None]
    if array.size == 0:
        array = array.reshape(1, 0, axes)
    batch, length, _ = array.shape
    return {"values": array.flatten().tolist(), "batch": batch, "length": length, "axes": axes}


def plain(tensor):
    tensor = torch.as_tensor(tensor)
    kind = "real" if tensor.is_floating_point() else "integer"
    return {"shape": list(tensor.shape), "data": tensor.detach().double().flatten().tolist(), "type": kind}


def causal_mask(length):
    """[1, 1, length, length]: 0 up to the query, MASKED after it."""
    return torch.triu(torch.full((length, length), MASKED), 1)[None, None]


def scaled_scores(queries, keys):
    return queries @ keys.transpose(-1, -2) / queries.shape[-1] ** 0.5


def attention(scores, mask, values):
    return torch.softmax(scores + mask, -1) @ values


class Family:
    """Collects the cases of one family and writes them."""

    def __init__(self, name, seed):
        self.name = name
        self.random = numpy.random.default_rng(seed)
        self.cases = []
        self.functions = []

    def real(self, *shape, scale=1.0):
        """Normal draws with few digits: the same in float32, and short in the file."""
        return torch.tensor(numpy.round(self.random.standard_normal(shape) * 256) / 256 * scale)

    def activations(self, heads, length, head_dim, model_dim=None, batch=2, key_length=None, mask=None):
        """Queries, keys, values, the layer's input and a mask, as a content or structure encoding receives them."""
        key_length = length if key_length is None else key_length
        model_dim = heads * head_dim if model_dim is None else model_dim
        return {
            "queries": self.real(batch, heads, length, head_dim),
            "keys": self.real(batch, heads, key_length, head_dim),
            "values": self.real(batch, heads, key_length, head_dim),
            "hiddenQueries": self.real(batch, length, model_dim),
            "hiddenKeys": self.real(batch, key_length, model_dim),
            "mask": torch.zeros(1, 1, length, key_length) if mask is None else mask,
        }

    def case(self, title, source, construct, options, queries, compute, keys=None, looked=None, activations=None,
             learned=None, tolerance=1e-12, gradients=True, relative=False):
        """`compute` receives all activations and learned parameters by name and gives the value.

        Masks get no gradient. With `looked` = 'signals.NAME' or 'vectors.NAME', the value is a table without gradients.
        `relative`: the tolerance is of each element, however small it is, and not of max(1, element).
        """
        leaves = {
            name: torch.as_tensor(value).clone().requires_grad_(torch.as_tensor(value).is_floating_point())
            for name, value in {**(activations or {}), **(learned or {})}.items()
        }
        value = torch.as_tensor(compute(**leaves))
        record = {
            "title": title,
            "source": source,
            "construct": construct,
            "options": options,
            "queries": queries,
            "keys": queries if keys is None else keys,
            "activations": {name: plain(leaf) for name, leaf in (activations or {}).items()},
            "learned": {name: plain(leaf) for name, leaf in (learned or {}).items()},
            "value": plain(value),
            "gradients": {},
            "tolerance": tolerance,
        }
        if looked is not None:
            record["looked"] = looked
        if relative:
            record["relative"] = True
        host = looked is not None and "." in looked
        if not host:
            cotangent = self.real(*value.shape)
            record["cotangent"] = plain(cotangent)
            if gradients and value.requires_grad:
                value.backward(cotangent)
                for name, leaf in leaves.items():
                    if name == "mask" or not leaf.requires_grad:
                        continue
                    key = f"learned.{name}" if name in (learned or {}) else name
                    record["gradients"][key] = plain(leaf.grad if leaf.grad is not None else torch.zeros_like(leaf))
        self.cases.append(record)

    def function(self, title, source, name, arguments, value, tolerance=1e-15):
        """A function of plain numbers (an exported one) and its result."""
        value = numpy.atleast_1d(numpy.asarray(value, dtype=numpy.float64)).flatten().tolist()
        self.functions.append(
            {"title": title, "source": source, "function": name, "arguments": arguments, "value": value, "tolerance": tolerance}
        )

    def write(self):
        FIXTURES.mkdir(parents=True, exist_ok=True)
        path = FIXTURES / f"{self.name}.golden.json.gz"
        text = json.dumps({"cases": self.cases, "functions": self.functions}, allow_nan=False)
        path.write_bytes(gzip.compress(text.encode(), mtime=0))
        print(f"{path.name}: {len(self.cases)} cases, {len(self.functions)} functions, {path.stat().st_size} bytes")
