"""PyTorch's side of `npm run bench -- train`: the same decoder, weights, data and one thread.

python reference/bench_train.py FILE.safetensors WARMUP STEPS  →  {"loss": first loss, "milliseconds": [...]}
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from safetensors import safe_open

torch.set_num_threads(1)
path, warmup, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with safe_open(path, framework="pt") as file:
    stored = {name: file.get_tensor(name) for name in file.keys()}
    metadata = file.metadata()
heads, layers, rate = int(metadata["heads"]), int(metadata["layers"]), float(metadata["rate"])
tokens, labels = stored.pop("tokens").long(), stored.pop("labels").long()
weights = {name: value.clone().requires_grad_() for name, value in stored.items()}
length = tokens.shape[1]
width = weights["decoder.embedding.weight"].shape[1] // heads

angles = torch.outer(torch.arange(length, dtype=torch.float64), 10000.0 ** (-torch.arange(0, width, 2) / width))
cos, sin = angles.cos().float(), angles.sin().float()


def linear(name, x):
    return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def norm(name, x):
    return F.layer_norm(x, x.shape[-1:], weights[f"{name}.gain"], weights[f"{name}.bias"], 1e-5)


def turn(x):
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


def forward():
    x = F.embedding(tokens, weights["decoder.embedding.weight"])
    for layer in range(layers):
        name = f"decoder.layers.{layer}"
        normal = norm(f"{name}.attention.norm", x)
        q, k, v = (
            linear(f"{name}.attention.{part}", normal).unflatten(-1, (heads, width)).transpose(1, 2)
            for part in ("queries", "keys", "values")
        )
        mixed = F.scaled_dot_product_attention(turn(q), turn(k), v, is_causal=True)
        x = x + linear(f"{name}.attention.output", mixed.transpose(1, 2).flatten(2))
        wide = F.gelu(linear(f"{name}.feedForward.wide", norm(f"{name}.feedForward.norm", x)))
        x = x + linear(f"{name}.feedForward.narrow", wide)
    return linear("output", norm("decoder.norm", x))


decaying = [value for name, value in weights.items() if value.dim() == 2 and "embedding" not in name]
others = [value for name, value in weights.items() if value.dim() != 2 or "embedding" in name]
optimiser = torch.optim.AdamW(
    [{"params": decaying, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=rate, betas=(0.9, 0.98)
)
first, milliseconds = None, []
for step in range(warmup + steps):
    start = time.perf_counter()
    optimiser.zero_grad()
    logits = forward()
    loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten())
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(weights.values()), 1.0)
    optimiser.step()
    value = loss.item()
    if first is None:
        first = value
    if step >= warmup:
        milliseconds.append(1000 * (time.perf_counter() - start))
print(json.dumps({"loss": first, "milliseconds": milliseconds}))
