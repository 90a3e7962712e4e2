"""Golden numbers of encodings that compute from content. Run: python reference/catalogue/content.py"""

import math

import torch
from common import MASKED, Family, attention, causal_mask, positions, scaled_scores
from transformers import DebertaV2Config, Swinv2Config, XLNetConfig
from transformers.models.deberta_v2.modeling_deberta_v2 import DisentangledSelfAttention, make_log_bucket_position
from transformers.models.inkling.modeling_inkling import InklingRelativeLogits
from transformers.models.sam.configuration_sam import SamVisionConfig
from transformers.models.sam.modeling_sam import SamVisionAttention
from transformers.models.swinv2.modeling_swinv2 import Swinv2SelfAttention
from transformers.models.xlnet.modeling_xlnet import XLNetRelativeAttention
from x_transformers.x_transformers import CoPE, DataDependentAlibi, RelativeProjPositionalBias

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


def music_transformer():
    """Huang et al. 2018: skewed vectors, padded and sliced as in tensor2tensor; pair by pair where tokens are not consecutive."""
    def skewed(queries, keys, values, mask, hiddenQueries, hiddenKeys, table, beyond="none"):
        length, rows = queries.shape[2], table.shape[1]
        if beyond == "none":
            missing, first = max(length - rows, 0), max(rows - length, 0)
            vectors = torch.nn.functional.pad(table, (0, 0, missing, 0))[:, first : first + length]
        else:
            vectors = table[:, [max(rows - length + t, 0) for t in range(length)]]
        products = torch.einsum("bhie,hje->bhij", queries, vectors)
        padded = torch.nn.functional.pad(products, (1, 0)).reshape(*products.shape[:2], length + 1, length)[:, :, 1:]
        return attention(scaled_scores(queries, keys) + padded / queries.shape[-1] ** 0.5, mask, values)

    def pairs(queries, keys, values, mask, hiddenQueries, hiddenKeys, table, places=None, key_places=None, beyond="none"):
        distance = (torch.tensor(places)[:, None] - torch.tensor(key_places)[None]).clamp(min=0)
        vectors = table[:, table.shape[1] - 1 - distance.clamp(max=table.shape[1] - 1)]
        if beyond == "none":
            vectors = vectors * (distance < table.shape[1])[..., None]
        extra = torch.einsum("bhie,hije->bhij", queries, vectors) / queries.shape[-1] ** 0.5
        return attention(scaled_scores(queries, keys) + extra, mask, values)

    source = "arXiv 1809.04281, section 3.4; tensor2tensor at bafdc1b6, get_relative_embeddings_left"
    for title, start, length, farthest, beyond in [
        ("every distance", 0, 5, 4, "none"), ("far distances", 7, 6, 2, "none"), ("shared far distances", 7, 6, 2, "share"),
        ("more rows than tokens", 0, 3, 9, "none"),
    ]:
        family.case(f"skewed, {title}", source, "musicTransformer",
                    {"numHeads": 3, "headDim": 4, "maximumDistance": farthest, "beyond": beyond},
                    positions(list(range(start, start + length))), lambda b=beyond, **given: skewed(beyond=b, **given),
                    learned={"table": family.real(3, farthest + 1, 4)},
                    activations=family.activations(3, length, 4, mask=causal_mask(length)))
    for places, key_places, beyond in [([0, 2, 3, 9], [0, 2, 3, 9], "none"), ([9], [0, 4, 9], "share"), ([9], [0, 4, 6, 9], "none"),
                                       ([0, 1, 2, 3], [0, 1, 2, 3], "none")]:
        mask = torch.where(torch.tensor(key_places)[None] > torch.tensor(places)[:, None], MASKED, 0.0)[None, None]
        family.case(f"pair by pair, {len(places)} at {places[-1]}, {beyond}", source, "musicTransformer",
                    {"numHeads": 3, "headDim": 4, "maximumDistance": 3, "beyond": beyond}, positions(places),
                    lambda p=places, k=key_places, b=beyond, **given: pairs(places=p, key_places=k, beyond=b, **given),
                    keys=positions(key_places),
                    learned={"table": family.real(3, 4, 4)},
                    activations=family.activations(3, len(places), 4, key_length=len(key_places), mask=mask))


def transformer_xl():
    """XLNet's own rel_attn_core in both directions, and the formula with gaps."""
    config = XLNetConfig(d_model=12, n_head=3, d_inner=4, n_layer=1, dropout=0.0)
    layer = XLNetRelativeAttention(config).double().eval()
    length = 5
    places = torch.arange(length, -length, -1).double()
    waves = places[:, None] * 10000.0 ** (-torch.arange(0, 12, 2).double() / 12)
    sinusoids = torch.cat([waves.sin(), waves.cos()], -1)

    def theirs(queries, keys, values, mask, hiddenQueries, hiddenKeys, contentBias, positionBias, projectionWeight):
        names = {"r_w_bias": contentBias[:, 0], "r_r_bias": positionBias[:, 0]}
        relative = (sinusoids @ projectionWeight).view(-1, 1, 3, 4).expand(-1, queries.shape[0], -1, -1)
        swap = lambda x: x.permute(2, 0, 1, 3)  # [B, H, T, E] to [T, B, H, E]
        hidden = (mask < 0).double().expand(queries.shape[0], 3, length, length).permute(2, 3, 0, 1)

        class Call(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = layer

            def forward(self):
                return self.layer.rel_attn_core(swap(queries), swap(keys), swap(values), relative, attn_mask=hidden)

        output = torch.func.functional_call(Call(), {f"layer.{name}": value for name, value in names.items()}, ())
        return output.permute(1, 2, 0, 3)

    learned = lambda: {"contentBias": family.real(3, 1, 4), "positionBias": family.real(3, 1, 4), "projectionWeight": family.real(12, 12)}
    for title, mask in [("both directions", None), ("under a causal mask", causal_mask(5))]:
        family.case(f"XLNet, {title}", "transformers 5.23.0, XLNetRelativeAttention.rel_attn_core", "transformerXl",
                    {"numHeads": 3, "headDim": 4, "modelDim": 12}, positions(list(range(3, 8))), theirs, learned=learned(),
                    activations=family.activations(3, 5, 4, mask=mask), tolerance=1e-11)

    def formula(queries, keys, values, mask, hiddenQueries, hiddenKeys, contentBias, positionBias, projectionWeight):
        distance = (torch.tensor([9.0, 30.0])[:, None] - torch.tensor([0.0, 4.0, 9.0, 30.0])[None])[..., None]
        waves = distance * 10000.0 ** (-torch.arange(0, 12, 2).double() / 12)
        relative = (torch.cat([waves.sin(), waves.cos()], -1) @ projectionWeight).view(2, 4, 3, 4)
        scores = torch.einsum("bhie,bhje->bhij", queries + contentBias, keys)
        scores = scores + torch.einsum("bhie,ijhe->bhij", queries + positionBias, relative)
        return attention(scores / 2, mask, values)

    family.case("gaps, two queries among four keys", "arXiv 1901.02860, section 3.3", "transformerXl",
                {"numHeads": 3, "headDim": 4, "modelDim": 12}, positions([9, 30]), formula, keys=positions([0, 4, 9, 30]),
                learned=learned(), activations=family.activations(3, 2, 4, key_length=4))


def deberta():
    for title, length, buckets, farthest in [("no buckets", 6, -1, 4), ("buckets", 9, 4, 12), ("more rows than needed", 3, 8, 64)]:
        config = DebertaV2Config(hidden_size=12, num_attention_heads=3, relative_attention=True, position_buckets=buckets,
                                 max_relative_positions=farthest, pos_att_type=["c2p", "p2c"], share_att_key=False,
                                 hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, max_position_embeddings=farthest)
        layer = DisentangledSelfAttention(config).double().eval()
        span = buckets if buckets > 0 else farthest

        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, table, keyWeight, keyBias, queryWeight, queryBias,
                    layer=layer):
            class Call(torch.nn.Module):
                def __init__(self):
                    super().__init__()
                    self.layer = layer

                def forward(self):
                    return self.layer.disentangled_attention_bias(queries.flatten(0, 1), keys.flatten(0, 1), None, table, 3)

            names = {"layer.pos_key_proj.weight": keyWeight.T, "layer.pos_key_proj.bias": keyBias,
                     "layer.pos_query_proj.weight": queryWeight.T, "layer.pos_query_proj.bias": queryBias}
            bias = torch.func.functional_call(Call(), names, ()).view(*queries.shape[:2], queries.shape[2], -1)
            scores = queries @ keys.transpose(-1, -2) / (3 * queries.shape[-1]) ** 0.5 + bias
            return attention(scores, mask, values)

        family.case(title, "transformers 5.23.0, DisentangledSelfAttention", "deberta",
                    {"numHeads": 3, "headDim": 4, "modelDim": 12, "buckets": max(buckets, 0), "maximumDistance": farthest},
                    positions(list(range(length))), compute,
                    learned={"table": family.real(2 * span, 12), "keyWeight": family.real(12, 12), "keyBias": family.real(12),
                             "queryWeight": family.real(12, 12), "queryBias": family.real(12)},
                    activations=family.activations(3, length, 4), tolerance=2e-7)  # Its divisor is float32.
    for distance in [0, 1, -1, 128, 129, -129, 200, -300, 400, 511, 512, 1000]:
        expected = make_log_bucket_position(torch.tensor([distance]), 256, 512)
        family.function(f"bucket of {distance}", "transformers 5.23.0, make_log_bucket_position", "debertaBucket",
                        [distance, {"buckets": 256, "maximumDistance": 512}], [float(expected[0])], 0)


def tupe():
    """Ke et al. 2021, equations 7 and 10."""
    for title, places, untie in [("TUPE-A", [0, 1, 2, 5], False), ("a class token", [0, 1, 2, 5], True), ("no class token here", [1, 3], True)]:
        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, table, gain, shift, queryWeight, queryBias, keyWeight,
                    keyBias, first=None, places=places):
            vectors = torch.nn.functional.layer_norm(table, (12,), gain, shift)[places]
            heads = lambda x: x.view(len(places), 3, 4).transpose(0, 1)
            products = heads(vectors @ queryWeight + queryBias) @ heads(vectors @ keyWeight + keyBias).transpose(-1, -2) / 8**0.5
            if first is not None and places[0] == 0:
                products = products.clone()
                products[:, :, 0] = first[1, :, 0]
                products[:, 0, :] = first[0, :, 0]
            return attention(scaled_scores(queries, keys) / 2**0.5 + products[None], mask, values)

        learned = {"table": family.real(6, 12), "gain": family.real(12), "shift": family.real(12), "queryWeight": family.real(12, 12),
                   "queryBias": family.real(12), "keyWeight": family.real(12, 12), "keyBias": family.real(12)}
        if untie:
            learned["first"] = family.real(2, 3, 1, 1)
        family.case(title, "arXiv 2006.15595, equations 7 and 10", "tupe",
                    {"numHeads": 3, "modelDim": 12, "maximumPositions": 6, "untieFirst": untie}, positions(places), compute,
                    learned=learned, activations=family.activations(3, len(places), 4), tolerance=1e-11)


def decomposed():
    for rows, columns in [(2, 3), (3, 1)]:
        config = SamVisionConfig(hidden_size=12, num_attention_heads=3, use_rel_pos=True, image_size=16, patch_size=4)
        layer = SamVisionAttention(config, window_size=0).double()

        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, rowTable, columnTable, layer=layer, rows=rows, columns=columns):
            bias = layer.get_decomposed_rel_pos(queries.flatten(0, 1), rowTable, columnTable, (rows, columns), (rows, columns))
            return attention(scaled_scores(queries, keys) + bias.reshape(*queries.shape[:3], -1), mask, values)

        family.case(f"{rows} × {columns}", "transformers 5.23.0, SamVisionAttention.get_decomposed_rel_pos", "decomposed",
                    {"headDim": 4, "rows": rows, "columns": columns},
                    positions([[r, c] for r in range(rows) for c in range(columns)], 2), compute,
                    learned={"rowTable": family.real(2 * rows - 1, 4), "columnTable": family.real(2 * columns - 1, 4)},
                    activations=family.activations(3, rows * columns, 4))


def cope():
    for title, length, limit in [("counts within the table", 5, 6), ("counts beyond it", 8, 3)]:
        module = CoPE(4, 3, limit).double()

        def undivided(queries, keys, values, mask, hiddenQueries, hiddenKeys, table, module=module):
            scores = scaled_scores(queries, keys)
            added = torch.func.functional_call(module, {"pos_emb": table}, (queries, scores + mask))
            return attention(scores + added, mask, values)

        def divided(queries, keys, values, mask, hiddenQueries, hiddenKeys, table, limit=limit):
            """The lines of facebookresearch/RAM with its defaults."""
            logits = queries @ keys.transpose(-1, -2)
            gates = torch.sigmoid(logits / 2) * (mask == 0).double()
            counted = gates.flip(-1).cumsum(-1).flip(-1).clamp(max=limit - 1)
            fixed = queries @ table.T
            upper, lower = fixed.gather(-1, counted.ceil().long()), fixed.gather(-1, counted.floor().long())
            weight = counted - counted.floor()
            return attention((logits + upper * weight + lower * (1 - weight)) / 2, mask, values)

        for scaling, compute, source in [("undivided", undivided, "x-transformers 2.31.10, CoPE"),
                                         ("divided", divided, "facebookresearch/RAM at 5420e20, context_position.py")]:
            family.case(f"{scaling}, {title}", source, "cope", {"headDim": 4, "maximumPositions": limit, "scaling": scaling},
                        positions(list(range(length))), compute, learned={"table": family.real(limit, 4)},
                        activations=family.activations(3, length, 4, mask=causal_mask(length)))


def inkling():
    for length, extent in [(5, 8), (6, 3)]:
        module = InklingRelativeLogits(2, extent).double()

        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, mixWeight, profiles, module=module):
            mixtures = (hiddenQueries @ mixWeight).view(*hiddenQueries.shape[:2], 3, 2)
            at = torch.arange(hiddenQueries.shape[1])
            bias = torch.func.functional_call(module, {"proj": profiles}, (mixtures, at, at))
            return attention(scaled_scores(queries, keys) + bias, mask, values)

        family.case(f"{length} tokens, extent {extent}", "transformers 5.23.0, InklingRelativeLogits", "inkling",
                    {"numHeads": 3, "modelDim": 12, "extent": extent, "profiles": 2}, positions(list(range(length))), compute,
                    learned={"mixWeight": family.real(12, 6), "profiles": family.real(2, extent)},
                    activations=family.activations(3, length, 4, mask=causal_mask(length)))
    module = RelativeProjPositionalBias(12, 3, num_distance_basis=2, max_dist=4).double()

    def theirs(queries, keys, values, mask, hiddenQueries, hiddenKeys, mixWeight, profiles):
        names = {"to_distance_weights.0.weight": mixWeight.T, "to_distance_weights.0.bias": torch.zeros(6), "distance_bank": profiles}
        bias = torch.func.functional_call(module, names, (hiddenQueries,))
        return attention(scaled_scores(queries, keys) + bias, mask, values)

    family.case("without its bias", "x-transformers 2.31.10, RelativeProjPositionalBias", "inkling",
                {"numHeads": 3, "modelDim": 12, "extent": 4, "profiles": 2}, positions(list(range(5))), theirs,
                learned={"mixWeight": family.real(12, 6), "profiles": family.real(2, 4)},
                activations=family.activations(3, 5, 4, mask=causal_mask(5)))


def self_attention(length, mask=None):
    """Activations whose queries' and keys' tokens are the same."""
    given = family.activations(3, length, 4, mask=mask)
    given["hiddenQueries"] = given["hiddenKeys"]
    return given


def forgetting():
    for title, causal in [("causal", True), ("both directions", False)]:
        module = DataDependentAlibi(12, 3, causal=causal).double()

        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, gateWeight, gateBias, module=module):
            names = {"to_forget_gates.0.weight": gateWeight.T, "to_forget_gates.0.bias": gateBias}
            bias = torch.func.functional_call(module, names, (hiddenKeys,))
            return attention(scaled_scores(queries, keys) + bias, mask, values)

        gates = 3 if causal else 6
        family.case(title, "x-transformers 2.31.10, DataDependentAlibi", "forgetting",
                    {"numHeads": 3, "modelDim": 12, "bidirectional": not causal}, positions(list(range(5))), compute,
                    learned={"gateWeight": family.real(12, gates), "gateBias": family.real(gates)},
                    activations=self_attention(5, causal_mask(5) if causal else None))

    def cable(queries, keys, values, mask, hiddenQueries, hiddenKeys, gateWeight, gateBias):
        sums = torch.cumsum(-torch.nn.functional.softplus(hiddenKeys @ gateWeight + gateBias), 1).permute(0, 2, 1)
        return attention(scaled_scores(queries, keys) + sums[..., None] - sums[..., None, :], mask, values)

    family.case("causal", "arXiv 2503.08067, equation 5; axiomlab/Cable at 8bc6b83", "cable", {"numHeads": 3, "modelDim": 12},
                positions([3, 4, 9, 20]), cable, learned={"gateWeight": family.real(12, 3), "gateBias": family.real(3)},
                activations=self_attention(4, causal_mask(4)))
    one = self_attention(4)
    one["queries"], one["hiddenQueries"], one["mask"] = family.real(2, 3, 1, 4), one["hiddenKeys"][:, 3:], torch.zeros(1, 1, 1, 4)

    def last(queries, keys, values, mask, hiddenQueries, hiddenKeys, gateWeight, gateBias):
        sums = torch.cumsum(-torch.nn.functional.softplus(hiddenKeys @ gateWeight + gateBias), 1).permute(0, 2, 1)
        return attention(scaled_scores(queries, keys) + sums[..., 3:, None] - sums[..., None, :], mask, values)

    family.case("the last query alone", "arXiv 2503.08067, equation 5", "cable", {"numHeads": 3, "modelDim": 12}, positions([20]), last,
                keys=positions([3, 4, 9, 20]), learned={"gateWeight": family.real(12, 3), "gateBias": family.real(3)}, activations=one)


def dape():
    """The lines of chuanyang-Zheng/DAPE: a network over heads (version 1), convolutions over keys (version 2).

    With a kernel, zero columns stand after the last key, as they do for every other query, whose later keys are zeroed.
    """
    slopes = torch.tensor([2.0**-4, 2.0**-8, 2.0**-2])
    for kernel in [1, 3, 5]:
        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, adaptHiddenWeight, adaptHiddenBias, adaptOutputWeight,
                    adaptOutputBias, kernel=kernel):
            length = queries.shape[2]
            at = torch.arange(length)
            scores = scaled_scores(queries, keys)
            bias = (-(at[:, None] - at[None]).abs() * slopes[:, None, None])[None].expand_as(scores)
            both = torch.cat([scores, bias], 1)
            if kernel > 1:
                both = torch.nn.functional.pad(torch.tril(both), (0, kernel // 2))
            as_kernel = lambda weight, inputs: weight.view(kernel, inputs, -1).permute(2, 1, 0)[:, :, None]
            hidden = torch.nn.functional.conv2d(both, as_kernel(adaptHiddenWeight, 6), adaptHiddenBias, padding=(0, kernel // 2))
            added = torch.nn.functional.conv2d(torch.nn.functional.leaky_relu(hidden), as_kernel(adaptOutputWeight, 5),
                                               adaptOutputBias, padding=(0, kernel // 2))
            return attention(scores + bias + added[..., :length], mask, values)

        family.case(f"ALiBi, kernel {kernel}", "chuanyang-Zheng/DAPE at bde344a", "dape",
                    {"numHeads": 3, "width": 5, "kernel": kernel, "bias": {"construct": "alibi", "options": {"numHeads": 3}}},
                    positions(list(range(5))), compute,
                    learned={"adaptHiddenWeight": family.real(kernel * 6, 5), "adaptHiddenBias": family.real(5),
                             "adaptOutputWeight": family.real(kernel * 5, 3), "adaptOutputBias": family.real(3)},
                    activations=family.activations(3, 5, 4, mask=causal_mask(5)))


def turned(x, angles, interleaved):
    cos, sin = angles.cos(), angles.sin()
    a, b = (x[..., ::2], x[..., 1::2]) if interleaved else x.chunk(2, -1)
    first, second = a * cos - b * sin, a * sin + b * cos
    return torch.stack([first, second], -1).flatten(-2) if interleaved else torch.cat([first, second], -1)


def contextual_rotary():
    for pairing in ["half", "interleaved"]:
        def carope(queries, keys, values, mask, hiddenQueries, hiddenKeys, baseWeight, flag=pairing == "interleaved"):
            speed = 1 / (torch.nn.functional.softplus(hiddenKeys @ baseWeight) + 1)  # [B, T, H]
            powers = torch.stack([speed**k for k in [1, 2]], -1)
            angles = powers.cumsum(1).permute(0, 2, 1, 3)
            return attention(scaled_scores(turned(queries, angles, flag), turned(keys, angles, flag)), mask, values)

        family.case(pairing, "arXiv 2507.23083, section 3", "contextAwareRotary",
                    {"numHeads": 3, "headDim": 4, "modelDim": 12, "pairing": pairing}, positions([0, 1, 2, 3, 4]), carope,
                    learned={"baseWeight": family.real(12, 3)}, activations=self_attention(5, causal_mask(5)))

    def selective(queries, keys, values, mask, hiddenQueries, hiddenKeys, downWeight, upWeight, kernel):
        B, T, _ = hiddenKeys.shape
        normal = torch.nn.functional.normalize(hiddenKeys.view(B, T, 3, 4), dim=-1).view(B, T, 12)
        phi = (normal @ downWeight @ upWeight).transpose(1, 2)  # [B, C, T]
        mixed = torch.nn.functional.conv1d(torch.nn.functional.pad(phi, (kernel.shape[0] - 1, 0)), kernel.T[:, None], groups=6)
        frequencies = 500000.0 ** (-torch.arange(0, 4, 2).double() / 4)
        angles = frequencies * mixed.cumsum(-1).view(B, 3, 2, T).transpose(-1, -2)
        return attention(scaled_scores(turned(queries, angles, False), turned(keys, angles, False)), mask, values)

    for kernel, length in [(4, 6), (4, 2), (1, 3)]:
        family.case(f"kernel {kernel}, {length} tokens", "arXiv 2511.17388, the authors' SelectiveRoPE", "selectiveRotary",
                    {"numHeads": 3, "headDim": 4, "modelDim": 12, "rank": 2, "kernel": kernel}, positions(list(range(length))), selective,
                    learned={"downWeight": family.real(12, 2), "upWeight": family.real(2, 6), "kernel": family.real(kernel, 6)},
                    activations=self_attention(length, causal_mask(length)))


def path():
    """Yang et al. 2025, equation 3, reflection by reflection."""
    def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, downWeight, upWeight, kernel, betaWeight, betaBias):
        B, T, _ = hiddenKeys.shape
        w = (hiddenKeys @ downWeight @ upWeight).transpose(1, 2)
        w = torch.nn.functional.conv1d(torch.nn.functional.pad(w, (kernel.shape[0] - 1, 0)), kernel.T[:, None], groups=12)
        w = torch.nn.functional.normalize(torch.nn.functional.silu(w).view(B, 3, 4, T).transpose(-1, -2), dim=-1)
        beta = 2 * torch.sigmoid(hiddenKeys @ betaWeight + betaBias).transpose(1, 2)
        rows = []
        for i in range(T):
            row = []
            for j in range(T):
                key = keys[:, :, j]
                for t in range(j + 1, i + 1):
                    key = key - beta[:, :, t, None] * w[:, :, t] * (w[:, :, t] * key).sum(-1, keepdim=True)
                row.append((queries[:, :, i] * key).sum(-1))
            rows.append(torch.stack(row, -1))
        return attention(torch.stack(rows, -2) / 2, mask, values)

    for length, kernel in [(6, 3), (1, 3), (9, 1)]:
        family.case(f"{length} tokens, kernel {kernel}", "arXiv 2505.16381, equation 3", "path",
                    {"numHeads": 3, "headDim": 4, "modelDim": 12, "rank": 2, "kernel": kernel}, positions(list(range(length))), compute,
                    learned={"downWeight": family.real(12, 2), "upWeight": family.real(2, 12), "kernel": family.real(kernel, 12),
                             "betaWeight": family.real(12, 3), "betaBias": family.real(3)},
                    activations=self_attention(length, causal_mask(length)), tolerance=1e-10)


for make in [shaw, swin_v2, music_transformer, transformer_xl, deberta, tupe, decomposed, cope, inkling, forgetting, dape,
             contextual_rotary, path]:
    make()
family.write()
