"""Golden numbers of encodings that turn queries and keys. Run: python reference/catalogue/rotary.py"""

import math

import numpy
import torch
from common import Family, positions
from rotary_embedding_torch import RotaryEmbedding, apply_rotary_emb
from transformers import DINOv3ViTConfig, Glm4vTextConfig, PixtralVisionConfig, Qwen2VLTextConfig
from transformers.models.qwen2_vl.configuration_qwen2_vl import Qwen2VLVisionConfig
from transformers.models.dinov3_vit.modeling_dinov3_vit import DINOv3ViTRopePositionEmbedding
from transformers.models.glm4v import modeling_glm4v as glm4v
from transformers.models.pixtral.modeling_pixtral import PixtralVisionRotaryEmbedding
from transformers.models.qwen2_vl.modeling_qwen2_vl import (
    Qwen2VLModel,
    Qwen2VLRotaryEmbedding,
    Qwen2VLVisionRotaryEmbedding,
    apply_rotary_pos_emb_vision,
)
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VLModel
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLModel, Qwen3VLTextRotaryEmbedding
from x_transformers.x_transformers import PolarEmbedding, apply_polar_pos_emb
from x_transformers.x_transformers import RotaryEmbedding as XRotaryEmbedding
from x_transformers.x_transformers import apply_rotary_pos_emb as x_apply

family = Family("rotary", seed=4)
HF = "transformers 5.23.0"


def grid(*extents):
    return torch.cartesian_prod(*[torch.arange(n) for n in extents]).reshape(-1, len(extents))


def rotate_half(x):
    first, second = x.chunk(2, -1)
    return torch.cat([-second, first], -1)


def scores(turn_queries, turn_keys=None):
    """Turned queries times turned keys."""
    turn_keys = turn_keys or turn_queries
    return lambda queries, keys: turn_queries(queries) @ turn_keys(keys).transpose(-1, -2)


def heads(length, head_dim, count=2):
    return {"queries": family.real(2, count, length, head_dim), "keys": family.real(2, count, length, head_dim)}


def axial():
    """The classes make cos and sin in float32, for small positions: 2e-6."""
    places = grid(2, 3)
    config = Qwen2VLVisionConfig(embed_dim=16, num_heads=2)
    config.head_dim = 8
    config.rope_parameters = {"rope_type": "axial", "rope_theta": 10000.0}
    cos, sin = Qwen2VLVisionRotaryEmbedding(config)(torch.zeros(1), places)

    def vision(x):  # The function takes [tokens, heads, dim].
        rows = [apply_rotary_pos_emb_vision(one.transpose(0, 1), one.transpose(0, 1), cos, sin)[0].transpose(0, 1) for one in x]
        return torch.stack(rows).double()

    family.case("a vision tower of Qwen2-VL", f"{HF}, apply_rotary_pos_emb_vision", "axialRotary", {"headDim": 8},
                positions(places.tolist(), 2), scores(vision), activations=heads(6, 8), tolerance=4e-6)

    config = PixtralVisionConfig(head_dim=8, hidden_size=16, num_attention_heads=2, image_size=64, patch_size=16)
    config.rope_parameters = {"rope_type": "axial", "rope_theta": 10000.0}
    cos, sin = (table.double() for table in PixtralVisionRotaryEmbedding(config)(torch.zeros(1), places))
    turn = lambda x, cos=cos, sin=sin: x * cos + rotate_half(x) * sin
    family.case("Pixtral", f"{HF}, PixtralVisionRotaryEmbedding", "axialRotary", {"headDim": 8, "spectrum": "shared"},
                positions(places.tolist(), 2), scores(turn), activations=heads(6, 8), tolerance=4e-6)

    config = DINOv3ViTConfig(hidden_size=16, num_attention_heads=2, image_size=(32, 48), patch_size=16, rope_theta=100.0)
    module = DINOv3ViTRopePositionEmbedding(config).eval()
    cos, sin = (table.double() for table in module(torch.zeros(1, 3, 32, 48)))
    turn = lambda x, cos=cos, sin=sin: x * cos + rotate_half(x) * sin
    family.case("DINOv3", f"{HF}, DINOv3ViTRopePositionEmbedding", "axialRotary",
                {"headDim": 8, "coordinates": "centered", "extents": [2, 3], "base": 100}, positions(places.tolist(), 2),
                scores(turn), activations=heads(6, 8), tolerance=4e-6)
    # Products of queries and keys do not see where a cell's coordinate lies within it; the table does.
    family.case("DINOv3, table", f"{HF}, DINOv3ViTRopePositionEmbedding", "axialRotary",
                {"headDim": 8, "coordinates": "centered", "extents": [2, 3], "base": 100}, positions(places.tolist(), 2),
                lambda: cos[None, None, :, :4], looked="signals.cos", tolerance=4e-6)

    for title, extents, kind, options in [
        ("three axes, interleaved", (2, 1, 3), "lang", {}), ("pixels", (3, 2), "pixel",
                                                              {"spectrum": "pixel", "coordinates": "corners"}),
    ]:
        axes = len(extents)
        module = RotaryEmbedding(4, freqs_for=kind, max_freq=10)
        angles = module.get_axial_freqs(*extents).reshape(-1, 4 * axes).double()
        more = {"extents": list(extents)} if kind == "pixel" else {}
        family.case(title, "rotary-embedding-torch 0.9.1, get_axial_freqs", "axialRotary",
                    {"headDim": 4 * axes + 2, "axes": axes, "channels": [4] * axes, "pairing": "interleaved", **options, **more},
                    positions(grid(*extents).tolist(), axes), scores(lambda x, a=angles: apply_rotary_emb(a, x).double()),
                    activations=heads(math.prod(extents), 4 * axes + 2), tolerance=4e-6)

    # Unequal shares, as in CogVideoX: 16, 24 and 24 of 64; written out.
    places, shares = grid(2, 2, 2), [2, 4, 4]
    angles = torch.cat([places[:, a : a + 1].double() * 10000.0 ** (-torch.arange(0, c, 2) / c) for a, c in enumerate(shares)], -1)
    cos, sin = angles.cos().repeat_interleave(2, -1), angles.sin().repeat_interleave(2, -1)
    swap = lambda x: torch.stack([-x[..., 1::2], x[..., ::2]], -1).flatten(-2)
    family.case("unequal shares", "arXiv 2408.06072, section 2.2", "axialRotary",
                {"headDim": 10, "axes": 3, "channels": shares, "pairing": "interleaved"}, positions(places.tolist(), 3),
                scores(lambda x, c=cos, s=sin: x * c + swap(x) * s), activations=heads(8, 10))


def multimodal():
    places = torch.tensor([[0, 0, 0], [1, 1, 1], [1, 1, 2], [1, 2, 1], [2, 1, 1], [4, 4, 4], [9, 0, 3]])
    for title, cls, sections, order in [
        ("Qwen2-VL", Qwen2VLRotaryEmbedding, [2, 3, 3], "chunked"),
        ("Qwen3-VL", Qwen3VLTextRotaryEmbedding, [4, 2, 2], "interleaved"),
    ]:
        config = Qwen2VLTextConfig(hidden_size=32, num_attention_heads=2, max_position_embeddings=64)
        config.head_dim = 16
        config.rope_parameters = {"rope_type": "default", "rope_theta": 1000000.0, "mrope_section": sections}
        module = cls(config)
        cos, sin = module(torch.zeros(1), places.T[:, None])
        cos, sin = cos[0].double(), sin[0].double()
        turn = lambda x, cos=cos, sin=sin: x * cos + rotate_half(x) * sin
        family.case(title, f"{HF}, {cls.__name__}", "multimodalRotary", {"headDim": 16, "sections": sections, "order": order},
                    positions(places.tolist(), 3), scores(turn), activations=heads(7, 16), tolerance=4e-6)

    # Half of the channels, in interleaved pairs.
    config = Glm4vTextConfig(hidden_size=64, num_attention_heads=2, max_position_embeddings=64)
    config.head_dim = 32
    config.rope_parameters = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5,
                              "mrope_section": [2, 3, 3]}
    cos, sin = (table.double() for table in glm4v.Glm4vTextRotaryEmbedding(config)(torch.zeros(1), places.T[:, None]))
    turned = lambda queries, keys: glm4v.apply_rotary_pos_emb(queries, keys, cos, sin)
    family.case("GLM-4V", f"{HF}, Glm4vTextRotaryEmbedding", "multimodalRotary",
                {"headDim": 32, "rotaryDim": 16, "sections": [2, 3, 3], "pairing": "interleaved", "base": 10000},
                positions(places.tolist(), 3), lambda queries, keys: (lambda q, k: q @ k.transpose(-1, -2))(*turned(queries, keys)),
                activations=heads(7, 32), tolerance=4e-6)

    # Positions: transformers' own rule, and the rule before February 2026.
    class Stub:
        class config:
            class vision_config:
                spatial_merge_size = 1
        get_vision_position_ids = Qwen2VLModel.get_vision_position_ids

    for title, parts in [
        ("image", [("text", 2), ("grid", (1, 2, 3)), ("text", 2)]),
        ("a long video", [("text", 1), ("grid", (5, 2, 2)), ("text", 1), ("grid", (1, 1, 2)), ("text", 3)]),
        ("text only", [("text", 4)]),
    ]:
        kinds, grids, older, start = [], [], [], 0
        for kind, value in parts:
            if kind == "text":
                kinds += [0] * value
                older += [[start + t] * 3 for t in range(value)]
                start += value
            else:
                kinds += [2] * math.prod(value)
                grids.append(value)
                block = [[start + t, start + r, start + c] for t, r, c in grid(*value).tolist()]
                older += block
                start = max(max(row) for row in block) + 1
        ids, _ = Qwen2VLModel.get_rope_index(Stub(), torch.zeros(1, len(kinds), dtype=torch.long), torch.tensor([kinds]),
                                             video_grid_thw=torch.tensor(grids) if grids else None)
        segments = [{kind: value if kind == "text" else list(value)} for kind, value in parts]
        family.function(title, f"{HF}, Qwen2VLModel.get_rope_index", "multimodalPositions", [segments],
                        ids[:, 0].T.flatten().tolist(), 0)
        family.function(f"{title}, the older rule", "transformers before c281a2de89: the largest number plus 1",
                        "multimodalPositions", [segments, {"next": "maximum"}], torch.tensor(older).flatten().tolist(), 0)

    # Time between frames, in float32: 3.0769… times 39 is 120 there, and 119.99… in float64.
    class Timed(Stub):
        class config:
            class vision_config:
                spatial_merge_size = 1
                tokens_per_second = 4

        get_vision_position_ids = Qwen2_5_VLModel.get_vision_position_ids

    for fps in [0.65, 1, 1.3, 2, 2.4, 2.6, 3, 5.2, 7, 10, 23.976, 29.97]:
        kinds = torch.tensor([[0] + [2] * 60 + [0]])
        ids, _ = Qwen2_5_VLModel.get_rope_index(
            Timed(), torch.zeros(1, 62, dtype=torch.long), kinds, video_grid_thw=torch.tensor([[60, 1, 1]]),
            second_per_grid_ts=torch.tensor([2 / fps], dtype=torch.float32))
        family.function(f"{fps} frames a second", f"{HF}, Qwen2_5_VLModel.get_rope_index", "multimodalPositions",
                        [[{"text": 1}, {"grid": [60, 1, 1], "interval": 4 * (2 / fps)}, {"text": 1}]],
                        ids[:, 0].T.flatten().tolist(), 0)

    # A video of three frames, each after the four tokens of its timestamp.
    kinds = ([0] * 4 + [2] * 6) * 3 + [0] * 2
    ids, _ = Qwen3VLModel.get_rope_index(Stub(), torch.zeros(1, len(kinds), dtype=torch.long), torch.tensor([kinds]),
                                         video_grid_thw=torch.tensor([[3, 2, 3]]))
    family.function("one grid per frame", f"{HF}, Qwen3VLModel.get_rope_index", "multimodalPositions",
                    [[{"text": 4}, {"grid": [1, 2, 3]}] * 3 + [{"text": 2}]], ids[:, 0].T.flatten().tolist(), 0)


def learned():
    swap = lambda x: torch.stack([-x[..., 1::2], x[..., ::2]], -1).flatten(-2)
    places = [0, 1, 5, 40]
    module = RotaryEmbedding(8, learned_freq=True)

    def one(queries, keys, frequencies):
        angles = (torch.tensor(places).double()[:, None] * frequencies[0, :, 0]).repeat_interleave(2, -1)
        turn = lambda x: apply_rotary_emb(angles, x)
        return turn(queries) @ turn(keys).transpose(-1, -2)

    family.case("learned frequencies", "rotary-embedding-torch 0.9.1, apply_rotary_emb", "learnedRotary", {"headDim": 8},
                positions(places), one, activations=heads(4, 8), learned={"frequencies": module.freqs.detach().double()[None, :, None] + 1 / 64})

    points = grid(2, 3)

    def mixed(queries, keys, frequencies):
        angles = torch.einsum("ta,hka->htk", points.double(), frequencies)
        cos, sin = angles.cos().repeat_interleave(2, -1), angles.sin().repeat_interleave(2, -1)
        turn = lambda x: x * cos + swap(x) * sin
        return turn(queries) @ turn(keys).transpose(-1, -2)

    family.case("mixed axes", "arXiv 2403.13298, equation 14", "mixedRotary", {"numHeads": 2, "headDim": 8},
                positions(points.tolist(), 2), mixed, activations=heads(6, 8), learned={"frequencies": family.real(2, 4, 2)})


def xpos():
    for title, length in [("5 tokens", 5), ("600 tokens", 600)]:
        keep = torch.tensor([0, 1, length // 2, length - 2, length - 1])
        module = XRotaryEmbedding(8, use_xpos=True)
        frequencies, scale = module(torch.arange(length))
        frequencies, scale = frequencies.double()[:, keep], scale.double()[:, keep]

        def compute(queries, keys, f=frequencies, s=scale):
            return x_apply(queries, f, s) @ x_apply(keys, f, s**-1).transpose(-1, -2)

        family.case(f"{title}, centred on half of them", "x-transformers 2.31.10, RotaryEmbedding(use_xpos=True)", "xpos",
                    {"headDim": 8, "center": length // 2}, positions(keep.tolist()), compute, activations=heads(5, 8),
                    tolerance=1e-5 if length < 10 else 2e-4)
        exact = -(torch.arange(0, 8, 2).double() + 0.4 * 8) / (1.4 * 8)
        at = keep.double()[:, None]
        angles = at * 10000.0 ** (-torch.arange(0, 8, 2).double() / 8)

        def formula(queries, keys, angles=angles, at=at, zeta=-exact, half=length // 2):
            power = zeta ** ((at - half) / 512)
            swap = lambda x: torch.stack([-x[..., 1::2], x[..., ::2]], -1).flatten(-2)
            wide = lambda table: table.repeat_interleave(2, -1)
            q = (queries * wide(angles.cos()) + swap(queries) * wide(angles.sin())) * wide(power)
            k = (keys * wide(angles.cos()) + swap(keys) * wide(angles.sin())) * wide(1 / power)
            return q @ k.transpose(-1, -2)

        family.case(f"{title}, the paper's formula", "arXiv 2212.10554, algorithm 1", "xpos", {"headDim": 8},
                    positions(keep.tolist()), formula, activations=heads(5, 8))


def polar():
    places = torch.tensor([0, 1, 5, 40])
    for length, learned in [(4, family.real(2, 1, 6) - 1)]:
        module = PolarEmbedding(6, 2).double()

        def compute(queries, keys, shift):
            angles = places.double()[:, None] * 10000.0 ** (-torch.arange(6).double() / 6)
            bounded = shift.clamp(-2 * math.pi, 0)
            # apply_polar_pos_emb casts to float32; its three lines in float64.
            polar = lambda x, f: torch.cat([torch.nn.functional.softplus(x) * f.cos(), torch.nn.functional.softplus(x) * f.sin()], -1)
            return polar(queries, angles) @ polar(keys, angles + bounded).transpose(-1, -2)

        given = heads(length, 6)
        family.case("a learned shift", "arXiv 2509.10534; x-transformers 2.31.10, PolarEmbedding", "polar",
                    {"numHeads": 2, "headDim": 6}, positions(places.tolist()), compute, activations=given, learned={"shift": learned})
        with torch.no_grad():
            module.learned_bias.copy_(learned)
        frequencies, bias = module(places)
        theirs = lambda queries, keys, shift: (
            apply_polar_pos_emb(queries, frequencies) @ apply_polar_pos_emb(keys, frequencies + bias).transpose(-1, -2)
        ).double()
        family.case("the library's numbers", "x-transformers 2.31.10, apply_polar_pos_emb", "polar", {"numHeads": 2, "headDim": 6},
                    positions(places.tolist()), theirs, activations=given, learned={"shift": learned}, tolerance=2e-5, gradients=False)


def fourier():
    """The computation of FourierEmbedding (yiju-zhao/Fourier-Position-Embedding at 0a73bbe, olmo/model.py), step by step.

    rope_clamp_floor_freq and _to_zero, fourier_ignore_zero, _separate_basis and _separate_head as in its configurations;
    fourier_norm is their default, false, and true.
    """
    length = 41
    keep = [0, 1, 5, 40]
    for trained in [512, 20, 7]:
        inverse = 1 / (10000.0 ** (torch.arange(0, 8, 2).double() / 8))
        inverse[inverse < 2 * torch.pi / trained] = 0
        inverse = inverse[inverse != 0]
        steps = torch.einsum("t,d->td", torch.arange(length).double(), inverse)[None, None]
        width = min(len(inverse), 8 // 4)
        for normalize in [False, True]:

            def embed(x, sin, cos):
                wide = [torch.nn.functional.pad(wave, (0, 8 // 2 - width), value=1).repeat(1, 1, 1, 2) for wave in (sin, cos)]
                return x * wide[1] + rotate_half(x) * wide[0]

            def compute(queries, keys, sinMixture, cosMixture, steps=steps, normalize=normalize):
                share = lambda mixture: mixture / mixture.sum(-2, keepdim=True) if normalize else mixture
                sin = torch.einsum("bhtD,hDd->bhtd", steps.sin().expand(1, 2, -1, -1), share(sinMixture))[:, :, keep]
                cos = torch.einsum("bhtD,hDd->bhtd", steps.cos().expand(1, 2, -1, -1), share(cosMixture))[:, :, keep]
                return embed(queries, sin, cos) @ embed(keys, sin, cos).transpose(-1, -2)

            mixture = lambda: family.real(2, len(inverse), width).abs() + 0.5
            for trainable in [True, False]:
                title = f"trained on {trained}, {'trained' if trainable else 'fixed'} mixtures{', normalised' * normalize}"
                family.case(title, "yiju-zhao/Fourier-Position-Embedding at 0a73bbe", "fourierRotary",
                            {"numHeads": 2, "headDim": 8, "trainedLength": trained, "trainable": trainable,
                             **({"normalize": True} if normalize else {})},
                            positions(keep), compute, activations=heads(4, 8),
                            learned={"sinMixture": mixture(), "cosMixture": mixture()}, gradients=trainable)


def lie():
    for axes, places, block in [(2, grid(2, 3), 4), (3, grid(2, 1, 2), 8), (1, torch.tensor([[0], [3], [8]]), 2)]:
        blocks = 8 // block

        def compute(queries, keys, generators, places=places, block=block, blocks=blocks):
            upper = torch.triu(generators.view(-1, blocks, block, block), 1)
            matrix = torch.einsum("ta,abij->tbij", places.double() / 3, upper - upper.transpose(-1, -2))
            rotation = torch.matrix_exp(matrix)
            turn = lambda x: torch.einsum("tbij,zhtbj->zhtbi", rotation, x.unflatten(-1, (blocks, block))).flatten(-2)
            return turn(queries) @ turn(keys).transpose(-1, -2)

        family.case(f"{axes} axes, blocks of {block}", "arXiv 2406.10322, section 4, by torch.matrix_exp", "lieRotary",
                    {"headDim": 8, "blockSize": block, "axes": axes, "extent": 3}, positions(places.flatten().tolist() if axes == 1 else places.tolist(), axes), compute,
                    activations=heads(len(places), 8), learned={"generators": family.real(axes, blocks * block * block) * 3},
                    tolerance=1e-11)

    # As at the start of training, at 5/3 of the extent: the norm of the exponent is above 200.
    draws = torch.tensor(numpy.round(family.random.uniform(0, 2 * math.pi, (1, 64 * 64)) * 256) / 256)
    places = torch.tensor([0.0, 1.0, 5.0]) / 3

    def whole(queries, keys, generators):
        upper = torch.triu(generators.view(64, 64), 1)
        skew = upper - upper.T
        assert torch.linalg.matrix_norm(skew * places[-1], 2) > 200
        rotation = torch.matrix_exp(places[:, None, None] * skew)
        turn = lambda x: torch.einsum("tij,zhtj->zhti", rotation, x)
        return turn(queries) @ turn(keys).transpose(-1, -2)

    family.case("a whole head of 64", "arXiv 2406.10322, section 4, by torch.matrix_exp", "lieRotary",
                {"headDim": 64, "blockSize": 64, "axes": 1, "extent": 3}, positions([0, 1, 5]), whole,
                activations=heads(3, 64, count=1), learned={"generators": draws}, tolerance=1e-11)


def grape():
    places = [0, 1, 5, 40]
    for planes in [4, 2, 1]:
        share = 8 // planes

        def compute(queries, keys, a, b, logSpeeds, share=share):
            generator = a[:, 0, :, :, None] * b[:, 0, :, None, :] - b[:, 0, :, :, None] * a[:, 0, :, None, :]
            turns = torch.tensor(places).double()[:, None] * logSpeeds.exp()
            rotation = torch.matrix_exp(turns[None, :, :, None, None] * generator[:, None])  # [H, T, planes, share, share]
            turn = lambda x: torch.einsum("htpij,zhtpj->zhtpi", rotation, x.unflatten(-1, (-1, share))).flatten(-2)
            return turn(queries) @ turn(keys).transpose(-1, -2)

        family.case(f"{planes} planes", "arXiv 2512.07805, section 3, by torch.matrix_exp", "grape",
                    {"numHeads": 2, "headDim": 8, "planes": planes}, positions(places), compute, activations=heads(4, 8),
                    learned={"a": family.real(2, 1, planes, share), "b": family.real(2, 1, planes, share),
                             "logSpeeds": family.real(planes) - 1}, tolerance=2e-10)


for make in [axial, multimodal, learned, xpos, polar, fourier, lie, grape]:
    make()
family.write()
