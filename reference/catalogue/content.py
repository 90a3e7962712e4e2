"""Golden numbers of encodings that compute from content. Run: python reference/catalogue/content.py"""

import math

import torch
from common import Family, attention, causal_mask, positions, scaled_scores
from transformers import Swinv2Config
from transformers.models.swinv2.modeling_swinv2 import Swinv2SelfAttention

family = Family("content", seed=2)


def shaw():
    """Shaw et al. 2018, equations 3 to 5, written out pair by pair."""
    source = "arXiv 1803.02155, equations 3 to 5"

    def formula(queries, keys, values, mask, keyTable, query_places, key_places, clip, valueTable=None, **_):
        rows = (torch.tensor(key_places)[None] - torch.tensor(query_places)[:, None]).clamp(-clip, clip) + clip
        extra = torch.einsum("bhie,ije->bhij", queries, keyTable[rows]) / queries.shape[-1] ** 0.5
        weights = torch.softmax(scaled_scores(queries, keys) + extra + mask, -1)
        output = weights @ values
        return output if valueTable is None else output + torch.einsum("bhij,ije->bhie", weights, valueTable[rows])

    for title, places, key_places, clip, both, mask in [
        ("both sides", [0, 1, 2, 3, 4], None, 2, True, None),
        ("under a causal mask", [0, 1, 2, 3, 4], None, 3, True, causal_mask(5)),
        ("keys only, with gaps", [3, 4, 19, 60], None, 16, False, None),
        ("one query among cached keys", [9], [0, 5, 9], 4, True, None),
    ]:
        key_places = places if key_places is None else key_places
        learned = {"keyTable": family.real(2 * clip + 1, 4)}
        if both:
            learned["valueTable"] = family.real(2 * clip + 1, 4)
        family.case(
            title, source, "shaw", {"headDim": 4, "maximumDistance": clip, "values": both}, positions(places),
            lambda p=places, k=key_places, c=clip, **given: formula(query_places=p, key_places=k, clip=c, **given),
            keys=positions(key_places), learned=learned,
            activations=family.activations(3, len(places), 4, key_length=len(key_places), mask=mask),
        )


def swin_v2():
    """The scores of transformers' Swin v2, whose window is the whole input."""
    for title, rows, columns, scale in [("3 × 2", 3, 2, 1.0), ("a scale above the bound", 2, 2, 6.0)]:
        layer = Swinv2SelfAttention(Swinv2Config(), 12, 3, (rows, columns))
        coordinates = layer.relative_coords_table.double()
        index, size = layer.relative_position_index.view(-1), rows * columns

        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, logitScale, hiddenWeight, hiddenBias, outputWeight,
                    coordinates=coordinates, index=index, size=size):
            cosine = torch.nn.functional.normalize(queries, dim=-1) @ torch.nn.functional.normalize(keys, dim=-1).transpose(-2, -1)
            scores = cosine * torch.clamp(logitScale, max=math.log(1 / 0.01)).exp()
            table = (torch.relu(coordinates @ hiddenWeight + hiddenBias) @ outputWeight).view(-1, 3)
            bias = 16 * torch.sigmoid(table[index].view(size, size, -1).permute(2, 0, 1))
            return attention(scores + bias[None], mask, values)

        learned = {"logitScale": torch.full((3, 1, 1), scale), "hiddenWeight": family.real(2, 7), "hiddenBias": family.real(7),
                   "outputWeight": family.real(7, 3)}
        # The table of coordinates is float32 there.
        family.case(title, "transformers 5.23.0, Swinv2SelfAttention", "swinV2",
                    {"numHeads": 3, "rows": rows, "columns": columns, "width": 7},
                    positions([[r, c] for r in range(rows) for c in range(columns)], 2), compute, learned=learned,
                    activations=family.activations(3, size, 4), tolerance=2e-6)


shaw()
swin_v2()
family.write()
