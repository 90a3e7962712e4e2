"""Golden numbers for the lab's optimiser, losses and checkpoints, from PyTorch and the safetensors package.

Writes packages/lab/test/fixtures/training.golden.json and checkpoint.golden.safetensors.
Run from the repository's root after installing reference/requirements.txt.
"""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file

OUT = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures"
torch.manual_seed(7)
torch.set_default_dtype(torch.float64)

BETAS, EPSILON, DECAY, CLIP = (0.9, 0.98), 1e-8, 0.01, 1.0


def numbers(tensor):
    return {"shape": list(tensor.shape), "data": tensor.detach().flatten().tolist()}


def optimiser_steps():
    """Six steps of AdamW after clipping, with a new rate each; only `weight` decays."""
    parameters = {"weight": torch.randn(3, 4), "bias": torch.randn(4)}
    tracked = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    optimiser = torch.optim.AdamW(
        [
            {"params": [tracked["weight"]], "weight_decay": DECAY},
            {"params": [tracked["bias"]], "weight_decay": 0.0},
        ],
        betas=BETAS,
        eps=EPSILON,
    )
    steps = []
    for step in range(1, 7):
        rate = 0.01 * step
        # Every other gradient is larger than the clipping norm.
        scale = 3.0 if step % 2 else 0.05
        gradients = {name: scale * torch.randn_like(value) for name, value in tracked.items()}
        for name, value in tracked.items():
            value.grad = gradients[name].clone()
        norm = torch.nn.utils.clip_grad_norm_(list(tracked.values()), CLIP)
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.step()
        steps.append(
            {
                "rate": rate,
                "norm": float(norm),
                "gradients": {name: numbers(value) for name, value in gradients.items()},
                "parameters": {name: numbers(value) for name, value in tracked.items()},
            }
        )
    return {"start": {name: numbers(value) for name, value in parameters.items()}, "steps": steps}


def losses():
    logits = 4 * torch.randn(2, 3, 5)
    logits[0, 0, 1] = 300.0  # where a careless exponential overflows
    labels = torch.tensor([[1, 4, -1], [0, -1, -1]])
    flat = torch.nn.functional.cross_entropy(
        logits.reshape(-1, 5), labels.reshape(-1), ignore_index=-1, reduction="none"
    )
    mean = torch.nn.functional.cross_entropy(logits.reshape(-1, 5), labels.reshape(-1), ignore_index=-1)
    values, targets = torch.randn(2, 3, 2), torch.randn(2, 3, 2)
    targets[0, 1, 0] = math.nan
    seen = ~torch.isnan(targets)
    squared = torch.nn.functional.mse_loss(values[seen], targets[seen])
    return {
        "logits": numbers(logits),
        "labels": labels.flatten().tolist(),
        "nats": numbers(flat),
        "mean": float(mean),
        "values": numbers(values),
        "targets": [None if math.isnan(x) else x for x in targets.flatten().tolist()],
        "squared": float(squared),
    }


def schedule():
    """Linear warm-up, then torch's cosine annealing from the peak to a twentieth of it."""
    peak, warmup, steps = 0.004, 10, 50
    parameter = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.SGD([parameter], lr=peak)
    linear = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda at: min(1.0, (at + 1) / warmup))
    rates = []
    for _ in range(warmup):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        linear.step()
    optimiser = torch.optim.SGD([parameter], lr=peak)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=steps - warmup, eta_min=peak / 20)
    for _ in range(steps - warmup):
        optimiser.step()
        cosine.step()
        rates.append(optimiser.param_groups[0]["lr"])
    return {"peak": peak, "warmup": warmup, "steps": steps, "rates": rates}


def checkpoint():
    tensors = {
        "parameters.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 7,
        "first.bias": torch.tensor([-0.5, 1e-30, 3e38], dtype=torch.float32),
        "empty": torch.zeros(0, 4, dtype=torch.float32),
        "scalar": torch.tensor(2.5, dtype=torch.float32),
    }
    save_file(tensors, OUT / "checkpoint.golden.safetensors", metadata={"note": "ä ünicode", "step": "12"})
    return {name: numbers(value.to(torch.float64)) for name, value in tensors.items()}


OUT.joinpath("training.golden.json").write_text(
    json.dumps(
        {
            "optimiser": optimiser_steps(),
            "losses": losses(),
            "schedule": schedule(),
            "checkpoint": checkpoint(),
        }
    )
)
