"""Golden numbers for the lab's models: the same transformers and GRUs in PyTorch, float64, with logits, loss and gradients.

A second implementation: attention by scaled_dot_product_attention, recurrence by torch.nn.GRU, rotations, slopes and
buckets by Hugging Face transformers. Writes packages/lab/test/fixtures/models.golden.json.
Run from the repository's root after installing reference/requirements.txt.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.gptj.modeling_gptj import apply_rotary_pos_emb as turn_interleaved
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb as turn_half
from transformers.models.t5.modeling_t5 import T5Attention

OUT = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures/models.golden.json"
torch.manual_seed(11)
torch.set_default_dtype(torch.float64)

DIM, HEADS, WIDE, LAYERS = 8, 2, 12, 2
HEAD = DIM // HEADS
SOURCE_VOCABULARY, TARGET_VOCABULARY, CLASSES = 7, 6, 3
B, T, U, MAXIMUM = 2, 4, 5, 6
SOURCE_LENGTHS = [4, 3]
MASKED = -1e9

ENCODINGS = [
    "none",
    "sinusoidal",
    "learned",
    "rotary",
    "rotary:pairing=interleaved",
    "alibi",
    "alibi:direction=symmetric",
    "t5",
]


def draw(*shape, scale=1.0):
    """Few digits, so that the file stays short and nothing is rounded on the way."""
    return torch.round(scale * torch.randn(*shape) * 256) / 256


class Weights(dict):
    """Parameters by the lab's names, drawn when first asked for; weights are [inputs, outputs]."""

    def get_or_draw(self, name, *shape, scale=0.5):
        if name not in self:
            self[name] = draw(*shape, scale=scale).requires_grad_()
        return self[name]

    def linear(self, name, x, outputs):
        weight = self.get_or_draw(f"{name}.weight", x.shape[-1], outputs)
        return x @ weight + self.get_or_draw(f"{name}.bias", outputs)

    def norm(self, name, x):
        gain = self.get_or_draw(f"{name}.gain", x.shape[-1])
        return F.layer_norm(x, x.shape[-1:], gain, self.get_or_draw(f"{name}.bias", x.shape[-1]), 1e-5)

    def embed(self, name, tokens, vocabulary, dim):
        return F.embedding(tokens, self.get_or_draw(f"{name}.weight", vocabulary, dim))


def split(x):
    return x.reshape(x.shape[0], x.shape[1], HEADS, HEAD).transpose(1, 2)


def merge(x):
    return x.transpose(1, 2).reshape(x.shape[0], -1, DIM)


def rotate(encoding, q, k):
    length = q.shape[2]
    frequencies = 10000.0 ** (-torch.arange(0, HEAD, 2) / HEAD)
    angles = torch.outer(torch.arange(length, dtype=torch.float64), frequencies)
    if encoding == "rotary":
        both = torch.cat([angles, angles], -1)[None]
        return turn_half(q, k, both.cos(), both.sin())
    sin, cos = angles.sin()[None], angles.cos()[None]
    turned = [turn_interleaved(x.transpose(1, 2), sin, cos).transpose(1, 2) for x in (q, k)]
    return turned[0], turned[1]


def slopes(heads):
    # Column 1 of the tensor is slope · 1.
    return build_alibi_tensor(torch.ones(1, 2), heads, torch.float64)[:, 0, 1]


def score_bias(weights, encoding, stack, length):
    """[H, length, length], or None."""
    i = torch.arange(length)[:, None]
    j = torch.arange(length)[None, :]
    distance = (j - i).abs().to(torch.float64)
    if encoding.startswith("alibi"):
        if stack == "decoder" or encoding.endswith("symmetric"):
            return -slopes(HEADS)[:, None, None] * distance
        half = -slopes(HEADS // 2)[:, None, None] * distance
        return torch.cat([half.masked_fill(j > i, MASKED), half.masked_fill(j < i, MASKED)])
    if encoding == "t5":
        buckets = T5Attention._relative_position_bucket(j - i, stack == "encoder", 32, 128)
        table = weights.get_or_draw(f"{stack}.positions.0.t5.table", 32, HEADS)
        return math.sqrt(HEAD) * F.embedding(buckets, table).permute(2, 0, 1)
    return None


def add_positions(weights, encoding, stack, x):
    length = x.shape[1]
    if encoding == "sinusoidal":
        # Own code: the tables of Hugging Face transformers are float32 (they are compared in encodings.py).
        angles = torch.outer(torch.arange(length, dtype=torch.float64), 10000.0 ** (-torch.arange(0, DIM, 2) / DIM))
        return x + torch.stack([angles.sin(), angles.cos()], -1).flatten(1)
    if encoding == "learned":
        return x + weights.get_or_draw(f"{stack}.positions.0.learned.table", MAXIMUM, DIM)[:length]
    return x


def attention(weights, name, x, memory, mask, rotation=None):
    q, k, v = (split(weights.linear(f"{name}.{part}", y, DIM)) for part, y in (("queries", x), ("keys", memory), ("values", memory)))
    if rotation is not None:
        q, k = rotate(rotation, q, k)
    return weights.linear(f"{name}.output", merge(F.scaled_dot_product_attention(q, k, v, attn_mask=mask)), DIM)


def feed_forward(weights, name, x):
    normal = weights.norm(f"{name}.feedForward.norm", x)
    wide = F.gelu(weights.linear(f"{name}.feedForward.wide", normal, WIDE))
    return x + weights.linear(f"{name}.feedForward.narrow", wide, DIM)


def run_stack(weights, encoding, stack, x, mask, memory=None, memory_mask=None):
    rotation = encoding if encoding.startswith("rotary") else None
    x = add_positions(weights, encoding, stack, x)
    bias = score_bias(weights, encoding, stack, x.shape[1])
    full = mask if bias is None else mask + bias
    for layer in range(LAYERS):
        name = f"{stack}.layers.{layer}"
        normal = weights.norm(f"{name}.attention.norm", x)
        x = x + attention(weights, f"{name}.attention", normal, normal, full, rotation)
        if memory is not None:
            normal = weights.norm(f"{name}.cross.norm", x)
            x = x + attention(weights, f"{name}.cross", normal, memory, memory_mask)
        x = feed_forward(weights, name, x)
    return weights.norm(f"{stack}.norm", x)


def gru(weights, stack, x, state):
    """torch.nn.GRU, with the lab's [in, 3S] weights put in their places."""
    width = x.shape[-1]
    states = []
    for layer in range(LAYERS):
        name = f"{stack}.layers.{layer}"
        parts = {
            "weight_ih_l0": weights.get_or_draw(f"{name}.input.weight", width, 3 * width).T,
            "weight_hh_l0": weights.get_or_draw(f"{name}.state.weight", width, 3 * width).T,
            "bias_ih_l0": weights.get_or_draw(f"{name}.input.bias", 3 * width),
            "bias_hh_l0": weights.get_or_draw(f"{name}.state.bias", 3 * width),
        }
        cell = torch.nn.GRU(width, width, batch_first=True)
        x, last = torch.func.functional_call(cell, parts, (x, state[layer][None]))
        states.append(last[0])
    return x, states


def gru_source(weights, source, width):
    """Last states: each sequence is read alone, up to its own length."""
    embedded = weights.embed("encoder.embedding", source, SOURCE_VOCABULARY, width)
    rows = [
        gru(weights, "encoder", embedded[row : row + 1, :length], [torch.zeros(1, width)] * LAYERS)[1]
        for row, length in enumerate(SOURCE_LENGTHS)
    ]
    return [torch.cat([row[layer] for row in rows]) for layer in range(LAYERS)]


def gru_width(architecture):
    layers = LAYERS * (2 if architecture == "encoder-decoder" else 1)
    weights = layers * (4 * DIM**2 + 2 * DIM * WIDE) + (LAYERS * 4 * DIM**2 if architecture == "encoder-decoder" else 0)
    return round(math.sqrt(weights / (6 * layers)))


def forward(weights, encoding, architecture, source, target):
    vocabulary = TARGET_VOCABULARY if architecture == "encoder-decoder" else SOURCE_VOCABULARY
    outputs = {"encoder": CLASSES, "decoder": SOURCE_VOCABULARY, "encoder-decoder": TARGET_VOCABULARY}[architecture]
    if encoding == "gru":
        width = gru_width(architecture)
        if architecture == "encoder":
            return weights.linear("output", gru_source(weights, source, width)[-1], outputs)
        state = [torch.zeros(B, width)] * LAYERS if architecture == "decoder" else gru_source(weights, source, width)
        x = weights.embed("decoder.embedding", target, vocabulary, width)
        return weights.linear("output", gru(weights, "decoder", x, state)[0], outputs)

    padding = torch.zeros(B, 1, 1, T)
    for row, length in enumerate(SOURCE_LENGTHS):
        padding[row, ..., length:] = MASKED
    memory = None
    if architecture != "decoder":
        x = weights.embed("encoder.embedding", source, SOURCE_VOCABULARY, DIM)
        memory = run_stack(weights, encoding, "encoder", x, padding)
        if architecture == "encoder":
            means = torch.stack([memory[row, :length].mean(0) for row, length in enumerate(SOURCE_LENGTHS)])
            return weights.linear("output", means, outputs)
    x = weights.embed("decoder.embedding", target, vocabulary, DIM)
    causal = torch.triu(torch.full((U, U), MASKED), 1)
    x = run_stack(weights, encoding, "decoder", x, causal, memory, padding if memory is not None else None)
    return weights.linear("output", x, outputs)


def numbers(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{x:.13g}") for x in tensor.detach().flatten().tolist()]}


def case(encoding, architecture):
    weights = Weights()
    source = torch.randint(1, SOURCE_VOCABULARY, (B, T))
    for row, length in enumerate(SOURCE_LENGTHS):
        source[row, length:] = 0
    vocabulary = TARGET_VOCABULARY if architecture == "encoder-decoder" else SOURCE_VOCABULARY
    target = torch.randint(1, vocabulary, (B, U))
    if architecture == "encoder":
        labels = torch.randint(0, CLASSES, (B,))
    else:
        labels = torch.randint(0, vocabulary, (B, U))
        labels[1, 3:] = -1
    logits = forward(weights, encoding, architecture, source, target)
    loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1), ignore_index=-1)
    gradients = dict(zip(weights, torch.autograd.grad(loss, list(weights.values()))))
    return {
        "encoding": encoding,
        "architecture": architecture,
        "source": source.flatten().tolist(),
        "target": target.flatten().tolist(),
        "labels": labels.flatten().tolist(),
        "parameters": {name: numbers(value) for name, value in weights.items()},
        "logits": numbers(logits),
        "loss": loss.item(),
        "gradients": {name: numbers(value) for name, value in gradients.items()},
    }


cases = [
    case(encoding, architecture)
    for encoding in [*ENCODINGS, "gru"]
    for architecture in ("encoder", "decoder", "encoder-decoder")
    if not (encoding == "alibi:direction=symmetric" and architecture == "decoder")
]
sizes = {
    "modelDim": DIM, "numHeads": HEADS, "feedForwardDim": WIDE, "layers": LAYERS, "batch": B, "sourceLength": T,
    "targetLength": U, "sourceLengths": SOURCE_LENGTHS, "maximumLength": MAXIMUM,
    "sourceVocabulary": SOURCE_VOCABULARY, "targetVocabulary": TARGET_VOCABULARY, "classes": CLASSES,
}
OUT.write_text(json.dumps({"sizes": sizes, "cases": cases}, separators=(",", ":")))
