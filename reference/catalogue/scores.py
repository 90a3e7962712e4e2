"""Golden numbers of biases added to attention scores. Run: python reference/catalogue/scores.py"""

import math

import torch
from common import MASKED, Family, positions
from transformers import BeitConfig
from transformers.models.beit.modeling_beit import BeitRelativePositionBias
from transformers.models.swin.modeling_swin import SwinRelativePositionBias
from x_transformers.x_transformers import DynamicPositionBias

family = Family("scores", seed=1)


def kerple():
    """Chi et al. 2022, equations 5 and 6; chijames/KERPLE megatron/mpu/layers.py:192, :281 clamps the parameters' data."""
    source = "arXiv 2205.09921, equations 5 and 6"

    def distances(queries, keys):
        return (torch.tensor(queries)[:, None] - torch.tensor(keys)[None]).abs().double()

    def logarithm(p, a, d):
        p.data.clamp_(min=1e-2)
        a.data.clamp_(min=1e-2)
        return (-p * torch.log(1 + a * d))[None]

    def power(p, a, d):
        p.data.clamp_(min=1e-2, max=2)
        a.data.clamp_(min=1e-2)
        # |0|^p has an infinite derivative for p < 1; the diagonal is 0 for every p.
        safe = torch.where(d == 0, torch.ones_like(d), d)
        return (-a * torch.where(d == 0, torch.zeros_like(d), safe**p))[None]

    places = [0, 1, 2, 7, 100]
    for heads in [1, 6]:
        learned = {"p": family.real(heads, 1, 1).abs() + 0.1, "a": family.real(heads, 1, 1).abs() + 0.1}
        # Outside the bounds: below both, and (for the power) above 2.
        learned["p"][0], learned["a"][-1] = 2.5, 1 / 256
        if heads > 1:
            learned["p"][2], learned["a"][3] = 1 / 256, -0.5
        for kernel, formula in [("logarithm", logarithm), ("power", power)]:
            d = distances(places, places)
            family.case(
                f"{kernel}, {heads} heads", source, "kerple", {"numHeads": heads, "kernel": kernel}, positions(places),
                lambda p, a, f=formula, d=d: f(p, a, d), learned=learned,
            )
    d = distances([40], [0, 5, 40])
    family.case(
        "one query among cached keys", source, "kerple", {"numHeads": 2}, positions([40]), lambda p, a: logarithm(p, a, d),
        keys=positions([0, 5, 40]), learned={"p": torch.ones(2, 1, 1), "a": torch.ones(2, 1, 1)},
    )


def grid(rows, columns):
    return [[row, column] for row in range(rows) for column in range(columns)]


def alibi_on_grids():
    """data2vec 2, get_alibi with dims=2, for grids of any shape (fairseq at 3d262bb2, examples/data2vec/models/modalities)."""
    places = torch.tensor(grid(2, 3)).double()
    steps = (places[:, None] - places[None]).abs()
    for heads, slopes in [(4, [2.0**-2, 2.0**-4, 2.0**-6, 2.0**-8]), (3, [2.0**-4, 2.0**-8, 2.0**-2])]:
        for name, lengths in [("manhattan", steps.sum(-1)), ("euclidean", (steps**2).sum(-1).sqrt())]:
            value = -torch.tensor(slopes)[:, None, None] * lengths
            family.case(f"2 × 3 patches, {name}, {heads} heads", "fairseq at 3d262bb2, get_alibi", "alibi",
                        {"numHeads": heads, "axes": 2, "distance": name}, positions(grid(2, 3), 2), lambda v=value: v[None],
                        tolerance=1e-15)


def sandwich():
    """Chi et al. 2023, code of the appendix."""
    for heads, channels, places in [(6, 128, [0, 1, 10, 100, 1000]), (4, 6, [3, 4, 19])]:
        at = torch.tensor(places).double()[:, None]
        k = torch.arange(channels // 2).double()
        angles = at / 10000 ** (2 * k / channels)
        table = torch.cat([angles.sin(), angles.cos()], -1)
        ratio = torch.arange(1, heads + 1).double() * 8 / heads
        value = (table @ table.T)[None] / ratio[:, None, None]
        family.case(f"{heads} heads, {channels} channels", "arXiv 2212.10356, appendix", "sandwich",
                    {"numHeads": heads, "channels": channels}, positions(places), lambda v=value: v[None], tolerance=1e-11)


def fire():
    """Li et al. 2024, code of the appendix."""

    def formula(query_places, key_places, threshold, steepness, multiplier, hiddenWeight, hiddenBias, outputWeight, outputBias):
        i, j = torch.tensor(query_places).double(), torch.tensor(key_places).double()
        distance = torch.log((steepness * (i[:, None] - j[None])).abs() + 1)
        normalizer = torch.log((steepness * torch.maximum(i, (multiplier * threshold).abs())[:, None]).abs() + 1) + 1e-6
        hidden = torch.relu((distance / normalizer)[..., None] @ hiddenWeight + hiddenBias)
        return (hidden @ outputWeight + outputBias).permute(2, 0, 1)[None]

    for title, places, keys, threshold in [
        ("below the threshold", [0, 1, 2, 3], None, 512.0), ("beyond it", [0, 3, 7, 100, 131072], None, 6.0),
        ("one query among cached keys", [40], [0, 5, 40], 20.0),
    ]:
        keys = places if keys is None else keys
        learned = {"steepness": torch.tensor([0.3]), "multiplier": torch.tensor([1.25]), "hiddenWeight": family.real(1, 5),
                   "hiddenBias": family.real(5), "outputWeight": family.real(5, 3), "outputBias": family.real(3)}
        family.case(title, "arXiv 2310.04418, appendix", "fire", {"numHeads": 3, "width": 5, "threshold": threshold},
                    positions(places), lambda q=places, k=keys, t=threshold, **given: formula(q, k, t, **given),
                    keys=positions(keys), learned=learned)


def dynamic_position_bias():
    """x-transformers' own class, which computes in float32."""
    for title, length, depth, logarithm, norm in [
        ("linear distances", 4, 2, False, False), ("logarithmic distances", 4, 1, True, False), ("normalised", 3, 2, False, True),
    ]:
        module = DynamicPositionBias(5, heads=3, depth=depth, log_distance=logarithm, norm=norm).float()
        learned = {}
        for layer in range(depth):
            learned[f"layer{layer}Weight"] = family.real(1 if layer == 0 else 5, 5)
            learned[f"layer{layer}Bias"] = family.real(5)
            if norm:
                learned[f"layer{layer}Gain"] = family.real(5)
                if layer > 0:
                    learned[f"layer{layer}Shift"] = family.real(5)
        learned["outputWeight"], learned["outputBias"] = family.real(5, 3), family.real(3)

        def compute(module=module, depth=depth, norm=norm, length=length, **given):
            names = {f"mlp.{depth}.weight": given["outputWeight"].T, f"mlp.{depth}.bias": given["outputBias"]}
            for layer in range(depth):
                names[f"mlp.{layer}.0.weight"] = given[f"layer{layer}Weight"].T
                names[f"mlp.{layer}.0.bias"] = given[f"layer{layer}Bias"]
                if norm and layer == 0:
                    names["mlp.0.1.gamma"] = given["layer0Gain"]
                elif norm:
                    names[f"mlp.{layer}.1.weight"] = given[f"layer{layer}Gain"]
                    names[f"mlp.{layer}.1.bias"] = given[f"layer{layer}Shift"]
            names = {name: value.float() for name, value in names.items()}
            return torch.func.functional_call(module, names, (length, length))[None].double()

        family.case(title, "x-transformers 2.31.10, DynamicPositionBias", "dynamicPositionBias",
                    {"numHeads": 3, "width": 5, "depth": depth, "distance": "logarithm" if logarithm else "linear",
                     "normalize": norm}, positions(list(range(length))), compute, learned=learned,
                    tolerance=4e-6)


def swin():
    """The index of transformers' Swin, and its table picked by it."""
    for rows, columns in [(2, 3), (3, 2), (1, 4)]:
        layer = SwinRelativePositionBias(3, (rows, columns))
        index = layer.relative_position_index.view(-1)
        size = rows * columns
        table = family.real((2 * rows - 1) * (2 * columns - 1), 3)
        family.case(f"{rows} × {columns}", "transformers 5.23.0, SwinRelativePositionBias", "swin",
                    {"numHeads": 3, "rows": rows, "columns": columns}, positions(grid(rows, columns), 2),
                    lambda table, i=index, n=size: table[i].view(n, n, -1).permute(2, 0, 1)[None],
                    learned={"table": table}, tolerance=0)
    for rows, columns in [(2, 3), (3, 2)]:
        config = BeitConfig(image_size=(rows * 4, columns * 4), patch_size=4, num_attention_heads=3)
        module = BeitRelativePositionBias(config).double()
        table = family.real((2 * rows - 1) * (2 * columns - 1) + 3, 3)
        index = BeitRelativePositionBias.generate_relative_position_index((rows, columns)).view(-1)
        size = rows * columns + 1
        family.case(f"{rows} × {columns} with a class token", "transformers 5.23.0, BeitRelativePositionBias", "beit",
                    {"numHeads": 3, "rows": rows, "columns": columns}, positions([[-1, -1], *grid(rows, columns)], 2),
                    lambda table, i=index, n=size: table[i].view(n, n, -1).permute(2, 0, 1)[None],
                    learned={"table": table}, tolerance=0)


def graphormer():
    """Ying et al. 2021, equation 6: a path of three nodes, with a fourth that stands alone."""
    distances = [[0, 1, 2, -1], [1, 0, 1, -1], [2, 1, 0, -1], [-1, -1, -1, 0]]
    for limit in [20, 1]:
        rows = torch.tensor([[limit + 1 if d < 0 else min(d, limit) for d in row] for row in distances])
        family.case(f"paths of at most {limit}", "arXiv 2106.05234, equation 6", "graphormer",
                    {"numHeads": 3, "nodes": 4, "maximumDistance": limit}, positions(distances, 4),
                    lambda table, r=rows: table[r].permute(2, 0, 1)[None], learned={"table": family.real(limit + 2, 3)},
                    tolerance=0)
    # microsoft/Graphormer graphormer/data/collator.py: attn_bias[spatial_pos >= spatial_pos_max] = -inf, which is -1e9 here;
    # its distances of pairs without a path are beyond every limit.
    far = torch.tensor([[510 if d < 0 else d for d in row] for row in distances])
    rows = torch.tensor([[3 if d < 0 else d for d in row] for row in distances])
    family.case("far nodes hidden", "microsoft/Graphormer, collator.py", "graphormer",
                {"numHeads": 3, "nodes": 4, "maximumDistance": 2, "beyond": "hidden"}, positions(distances, 4),
                lambda table: (table[rows] + torch.where(far >= 2, MASKED, 0.0)[..., None]).permute(2, 0, 1)[None],
                learned={"table": family.real(4, 3)}, tolerance=1e-15)


for make in [kerple, alibi_on_grids, sandwich, fire, dynamic_position_bias, swin, graphormer]:
    make()
family.write()
