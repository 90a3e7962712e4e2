"""Golden numbers of the encodings: tables and rotations of transformers, 50-digit sines, gradients of PyTorch.

Writes packages/posenc/test/fixtures/encodings.golden.json. Run: python reference/encodings.py
"""

import json
from pathlib import Path

import mpmath
import numpy
import torch
import transformers
from transformers import GPTNeoXConfig, LlamaConfig
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.codegen import modeling_codegen
from transformers.models.gpt_neox import modeling_gpt_neox
from transformers.models.gptj import modeling_gptj
from transformers.models.llama import modeling_llama
from transformers.models.marian.modeling_marian import MarianSinusoidalPositionalEmbedding
from transformers.models.roformer.modeling_roformer import RoFormerSinusoidalPositionalEmbedding
from transformers.models.t5.modeling_t5 import T5Attention
from transformers.models.whisper.modeling_whisper import sinusoids
from transformers.models.xlm.modeling_xlm import create_sinusoidal_embeddings

OUTPUT = Path(__file__).parent.parent / "packages/posenc/test/fixtures/encodings.golden.json"
torch.set_default_dtype(torch.float64)
random = numpy.random.default_rng(20250811)
mpmath.mp.dps = 50


def real(*shape):
    """Normal draws with few digits, so that they are the same in float32 and short in the file."""
    return torch.tensor(numpy.round(random.standard_normal(shape) * 256) / 256)


def plain(tensor):
    kind = "real" if tensor.is_floating_point() else "integer"
    return {"shape": list(tensor.shape), "data": tensor.detach().double().flatten().tolist(), "type": kind}


def t5_buckets():
    settings = [(32, 128), (32, 64), (16, 128), (8, 20), (8, 300), (64, 256), (320, 800), (4, 10), (12, 50)]
    offsets = torch.arange(-300, 301)
    return [
        {
            "options": {"bidirectional": both, "numBuckets": buckets, "maxDistance": distance},
            "firstOffset": -300,
            "buckets": T5Attention._relative_position_bucket(offsets, both, buckets, distance).tolist(),
        }
        for both in [False, True]
        for buckets, distance in settings
    ]


def alibi_biases():
    """BLOOM's tensor: slope · key position, equal to ALiBi up to a constant for each query."""
    mask = torch.ones(1, 5, dtype=torch.int64)
    return [
        {"numHeads": heads, "bias": plain(build_alibi_tensor(mask, heads, torch.float64))}
        for heads in [*range(1, 21), 32, 40, 112]
    ]


def llama(head_dim, base, positions):
    parameters = {"rope_type": "default", "rope_theta": base}
    config = LlamaConfig(hidden_size=2 * head_dim, num_attention_heads=2, head_dim=head_dim, rope_parameters=parameters)
    queries, keys = real(1, 2, len(positions), head_dim), real(1, 2, len(positions), head_dim)
    cos, sin = modeling_llama.LlamaRotaryEmbedding(config)(queries, torch.tensor([positions]))
    outputs = modeling_llama.apply_rotary_pos_emb(queries, keys, cos, sin)
    options = {"headDim": head_dim, "rotaryDim": head_dim, "base": base, "pairing": "half"}
    return rotation("Llama", 32, options, positions, queries, keys, outputs)


def llama_float64(head_dim, base, positions):
    """Llama's rotation of float64 tensors, given angles that were not rounded to float32."""
    frequencies = torch.tensor([float(frequency) for frequency in inverse_frequencies(base, head_dim, "paper")])
    angles = torch.tensor(positions).double()[:, None] * frequencies
    cos, sin = [f(torch.cat([angles, angles], -1))[None] for f in (torch.cos, torch.sin)]
    queries, keys = real(1, 2, len(positions), head_dim), real(1, 2, len(positions), head_dim)
    outputs = modeling_llama.apply_rotary_pos_emb(queries, keys, cos, sin)
    options = {"headDim": head_dim, "rotaryDim": head_dim, "base": base, "pairing": "half"}
    return rotation("Llama", 64, options, positions, queries, keys, outputs)


def gpt_neox(head_dim, rotary_dim, base, positions):
    parameters = {"rope_type": "default", "rope_theta": base, "partial_rotary_factor": rotary_dim / head_dim}
    config = GPTNeoXConfig(hidden_size=2 * head_dim, num_attention_heads=2, rope_parameters=parameters)
    queries, keys = real(1, 2, len(positions), head_dim), real(1, 2, len(positions), head_dim)
    cos, sin = modeling_gpt_neox.GPTNeoXRotaryEmbedding(config)(queries, torch.tensor([positions]))
    outputs = modeling_gpt_neox.apply_rotary_pos_emb(queries, keys, cos, sin)
    options = {"headDim": head_dim, "rotaryDim": rotary_dim, "base": base, "pairing": "half"}
    return rotation("GPT-NeoX", 32, options, positions, queries, keys, outputs)


def interleaved(model, code, head_dim, rotary_dim, positions):
    """GPT-J and CodeGen keep heads after positions; their tables are float64 here because the default type is."""
    table = code.create_sinusoidal_positions(max(positions) + 1, rotary_dim)[torch.tensor(positions)][None]
    sin, cos = table.chunk(2, dim=-1)
    inputs = [real(1, 2, len(positions), head_dim) for _ in range(2)]
    outputs = []
    for x in inputs:
        by_position = x.transpose(1, 2)
        turned = code.apply_rotary_pos_emb(by_position[..., :rotary_dim], sin, cos)
        outputs.append(torch.cat([turned, by_position[..., rotary_dim:]], dim=-1).transpose(1, 2))
    options = {"headDim": head_dim, "rotaryDim": rotary_dim, "base": 10000, "pairing": "interleaved"}
    return rotation(model, 64, options, positions, *inputs, outputs)


def rotation(model, bits, options, positions, queries, keys, outputs):
    return {
        "model": model,
        "bits": bits,
        "options": options,
        "positions": positions,
        "queries": plain(queries),
        "keys": plain(keys),
        "turnedQueries": plain(outputs[0]),
        "turnedKeys": plain(outputs[1]),
    }


def rotations():
    gaps = [0, 1, 2, 7, 8, 30]
    return [
        llama(8, 10000.0, [0, 1, 2, 3, 4]),
        llama(16, 500000.0, [11, 12, 13]),
        llama(8, 10000.0, gaps),
        llama_float64(8, 10000.0, gaps),
        llama_float64(16, 1000000.0, [4093, 4096, 131072]),
        gpt_neox(16, 4, 10000.0, gaps),
        gpt_neox(12, 6, 100.0, [5, 6, 9]),
        interleaved("GPT-J", modeling_gptj, 8, 8, [0, 1, 2, 3, 4]),
        interleaved("GPT-J", modeling_gptj, 16, 4, gaps),
        interleaved("GPT-J", modeling_gptj, 12, 6, [1000, 1001, 2047]),
        interleaved("CodeGen", modeling_codegen, 16, 8, [3, 60, 61]),
    ]


def sinusoidal_tables():
    tables = []

    def table(model, dim, layout, exponent, numbers):
        options = {"dim": dim, "layout": layout, "exponent": exponent, "base": 10000}
        tables.append({"model": model, "options": options, "table": plain(numbers)})

    for dim in [4, 8, 14, 64]:
        table("Whisper", dim, "halves", "tensor2tensor", sinusoids(40, dim))
    for dim in [2, 8, 14, 64]:
        table("XLM", dim, "interleaved", "paper", create_sinusoidal_embeddings(40, dim, torch.empty(40, dim)))
    for dim in [2, 8, 14, 64]:
        table("Marian", dim, "halves", "paper", MarianSinusoidalPositionalEmbedding(40, dim).create_weight())
    table("RoFormer", 8, "halves", "paper", RoFormerSinusoidalPositionalEmbedding(40, 8).create_weight())
    return tables


def inverse_frequencies(base, dim, exponent):
    """With 50 digits."""
    pairs = dim // 2
    step, denominator = (2, dim) if exponent == "paper" else (1, max(pairs - 1, 1))
    return [mpmath.power(mpmath.mpf(base), -mpmath.mpf(k * step) / denominator) for k in range(pairs)]


def exact_tables():
    positions = [0, 1, -1, 0.5, 3, 17, 255, 4097, 65535, 131072, 1000003]
    positions += [2**24 + 1, -(2**26), 2**28 - 1, 2**28, 2**40 + 1]
    settings = [(10000, 64, "paper"), (10000, 64, "tensor2tensor"), (10000, 8, "tensor2tensor"), (10000, 2, "paper")]
    settings += [(500000, 128, "paper"), (1000000, 48, "paper"), (100, 14, "paper"), (7.5, 6, "paper")]
    tables = []
    for base, dim, exponent in settings:
        frequencies = inverse_frequencies(base, dim, exponent)
        angles = [[mpmath.mpf(position) * frequency for frequency in frequencies] for position in positions]
        tables.append(
            {
                "base": base,
                "dim": dim,
                "exponent": exponent,
                "positions": positions,
                "inverseFrequencies": [float(frequency) for frequency in frequencies],
                "cos": [[float(mpmath.cos(angle)) for angle in row] for row in angles],
                "sin": [[float(mpmath.sin(angle)) for angle in row] for row in angles],
            }
        )
    return tables


def exact_slopes():
    """2^(−8k/n) with 50 digits for the heads of a power of two, then every second slope of the next one."""
    slopes = []
    for heads in [1, 2, 3, 5, 8, 12, 20, 40, 112]:
        power = 2 ** (heads.bit_length() - 1)
        exponents = [mpmath.mpf(-8 * k) / power for k in range(1, power + 1)]
        exponents += [mpmath.mpf(-8 * k) / (2 * power) for k in range(1, 2 * power, 2)]
        values = [float(mpmath.power(2, exponent)) for exponent in exponents[:heads]]
        slopes.append({"numHeads": heads, "slopes": values})
    return slopes


# Gradients. Each function is written here a second time, by other means than in the library.

gradient_cases = []


def gradient(title, name, options, positions, compute, parameters):
    leaves = {key: value.clone().requires_grad_() for key, value in parameters.items()}
    output = compute(**leaves)
    cotangent = real(*output.shape)
    output.backward(cotangent)
    gradient_cases.append(
        {
            "title": title,
            "encoding": name,
            "options": options,
            **positions,
            "parameters": {key: plain(value) for key, value in parameters.items()},
            "value": plain(output),
            "cotangent": plain(cotangent),
            "gradients": {key: plain(leaf.grad) for key, leaf in leaves.items()},
        }
    )


def rotate(x, positions, rotary_dim, base, pairing):
    """By multiplication of complex numbers."""
    frequencies = torch.tensor([float(frequency) for frequency in inverse_frequencies(base, rotary_dim, "paper")])
    turns = torch.polar(torch.ones(()), torch.tensor(positions).double()[:, None] * frequencies)
    moving, rest = x[..., :rotary_dim], x[..., rotary_dim:]
    axis = -1 if pairing == "interleaved" else -2
    pairs = moving.unflatten(-1, (-1, 2) if pairing == "interleaved" else (2, -1))
    numbers = torch.complex(pairs.select(axis, 0), pairs.select(axis, 1)) * turns
    return torch.cat([torch.stack([numbers.real, numbers.imag], axis).flatten(-2), rest], -1)


def softmax_of(scores, bias, hidden=None):
    total = scores + bias
    return (total if hidden is None else total.masked_fill(hidden, -1e9)).softmax(-1)


def input_gradients():
    rows = [3, 0, 5, 3]

    def sinusoid(positions, layout, exponent):
        frequencies = torch.tensor([float(f) for f in inverse_frequencies(10000, 6, exponent)])
        angles = torch.tensor(positions).double()[:, None] * frequencies
        both = torch.stack([angles.sin(), angles.cos()], -1 if layout == "interleaved" else -2)
        return both.flatten(-2)

    gradient(
        "learned: the product of the input and its sum with the rows",
        "learned",
        {"dim": 6, "maximumPositions": 7},
        {"queries": rows},
        lambda x, table: x * (x + torch.nn.functional.embedding(torch.tensor(rows), table)),
        {"x": real(2, 4, 6), "table": real(7, 6)},
    )
    for layout in ["interleaved", "halves"]:
        for exponent in ["paper", "tensor2tensor"]:
            gradient(
                f"sinusoidal {layout} {exponent}: the product of the input and its sum with the table",
                "sinusoidal",
                {"dim": 6, "layout": layout, "exponent": exponent},
                {"queries": [0, 1, 40, 41]},
                lambda x, l=layout, e=exponent: x * (x + sinusoid([0, 1, 40, 41], l, e)),
                {"x": real(2, 4, 6)},
            )


def rotary_gradients():
    queries, keys = [40, 41], [0, 1, 7, 40, 41]
    for pairing in ["half", "interleaved"]:
        for rotary_dim, base in [(8, 10000), (4, 10000), (6, 500)]:
            turn = lambda x, positions, d=rotary_dim, b=base, p=pairing: rotate(x, positions, d, b, p)
            gradient(
                f"rotary {pairing} {rotary_dim} of 8 channels, base {base}: scores",
                "rotary",
                {"headDim": 8, "rotaryDim": rotary_dim, "base": base, "pairing": pairing},
                {"queries": queries, "keys": keys},
                lambda q, k, t=turn: t(q, queries) @ t(k, keys).transpose(-1, -2),
                {"q": real(2, 2, 2, 8), "k": real(2, 2, 5, 8)},
            )


def score_gradients():
    queries, keys = [4, 9, 30], [0, 4, 9, 29, 30, 200]
    offsets = torch.tensor(keys)[None] - torch.tensor(queries)[:, None]
    for both, scale in [(True, 1.0), (True, 8.0), (False, 2.5)]:
        buckets = T5Attention._relative_position_bucket(offsets, both, 8, 20)
        gradient(
            f"t5 {'bidirectional' if both else 'causal'} scale {scale}: weights",
            "t5",
            {"numHeads": 3, "bidirectional": both, "numBuckets": 8, "maxDistance": 20, "scale": scale},
            {"queries": queries, "keys": keys},
            lambda scores, table, b=buckets, s=scale: softmax_of(scores, table[b].permute(2, 0, 1) * s),
            {"scores": real(2, 3, 3, 6), "table": real(8, 3)},
        )
    near_queries, near_keys = [2, 3, 6], [0, 1, 2, 3, 6, 7]
    offsets = torch.tensor(near_keys)[None] - torch.tensor(near_queries)[:, None]
    distance = offsets.abs().double()
    three, two = [torch.tensor(slopes)[:, None, None] for slopes in ([1 / 16, 1 / 256, 1 / 4], [1 / 16, 1 / 256] * 2)]
    sides = torch.stack([offsets > 0, offsets > 0, offsets < 0, offsets < 0])
    for direction, slopes, hidden in [("causal", three, None), ("symmetric", three, None), ("left-right", two, sides)]:
        gradient(
            f"alibi {direction}: weights",
            "alibi",
            {"numHeads": len(slopes), "direction": direction},
            {"queries": near_queries, "keys": near_keys},
            lambda scores, m=slopes, h=hidden: softmax_of(scores, -m * distance, h),
            {"scores": real(2, len(slopes), 3, 6)},
        )


input_gradients()
rotary_gradients()
score_gradients()
document = {
    "source": f"transformers {transformers.__version__}, PyTorch {torch.__version__.split('+')[0]}, "
    f"mpmath {mpmath.__version__} with 50 digits",
    "command": "python reference/encodings.py",
    "t5Buckets": t5_buckets(),
    "alibiBiases": alibi_biases(),
    "alibiSlopes": exact_slopes(),
    "rotations": rotations(),
    "sinusoidalTables": sinusoidal_tables(),
    "exactTables": exact_tables(),
    "gradients": gradient_cases,
}
lines = []
for key, value in document.items():
    if isinstance(value, str):
        lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    else:
        records = ",\n".join("    " + json.dumps(record, separators=(",", ":")) for record in value)
        lines.append(f"  {json.dumps(key)}: [\n{records}\n  ]")
OUTPUT.parent.mkdir(parents=True, exist_ok=True)
OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
print(f"{OUTPUT.name}: {OUTPUT.stat().st_size / 1e6:.2f} MB")
