"""What libraries with a known defect give, beside what is right. Run: python reference/pitfalls.py

`wrong` comes from the library itself where it can be installed (transformers, x-transformers, keras-hub, diffusers), and is
transcribed from its source where it cannot (MLX, ggml, nanochat, LongLM); `source` says which. `right` comes from another
library or from arithmetic with more digits. docs/known-pitfalls.md describes each.
"""

import importlib.util
import json
import math
import os
import re
from pathlib import Path
from types import SimpleNamespace

os.environ["KERAS_BACKEND"] = "torch"

import mpmath
import numpy
import torch
from keras_hub.layers import RotaryEmbedding as KerasRotary
from rotary_embedding_torch import RotaryEmbedding
from transformers import PretrainedConfig, SmolLM3Config, Swinv2Config
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.bloom.modeling_bloom import build_alibi_tensor as bloom_alibi
from transformers.models.deberta_v2.modeling_deberta_v2 import build_relative_position, build_rpos
from transformers.models.falcon.modeling_falcon import build_alibi_tensor as falcon_alibi
from transformers.models.omdet_turbo.modeling_omdet_turbo import OmDetTurboHybridEncoder
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLTextRotaryEmbedding
from transformers.models.sam.configuration_sam import SamVisionConfig
from transformers.models.sam.modeling_sam import SamPositionalEmbedding
from transformers.models.swinv2.modeling_swinv2 import Swinv2SelfAttention
from transformers.models.vit_mae.configuration_vit_mae import ViTMAEConfig
from transformers.models.vit_mae.modeling_vit_mae import ViTMAEModel, build_2d_sinusoidal_position_embedding
from transformers.models.vjepa2.modeling_vjepa2 import rotate_queries_or_keys

FIXTURE = Path(__file__).parent.parent / "packages/posenc/test/fixtures/pitfalls.golden.json"
mpmath.mp.dps = 40
HF = "transformers 5.23.0"
pitfalls = {}


def numbers(values):
    return torch.as_tensor(numpy.asarray(values)).double().flatten().tolist()


def pitfall(name, source, right, wrong, **given):
    pitfalls[name] = {"source": source, "right": numbers(right), "wrong": numbers(wrong), **given}


def rope(head_dim, length, maximum, parameters):
    config = PretrainedConfig()
    config.head_dim = config.hidden_size = head_dim
    config.num_attention_heads = 1
    config.max_position_embeddings = maximum
    config.rope_parameters = {"rope_theta": 10000.0, **parameters}
    return ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, "cpu", seq_len=length)[0]


def dynamic_ntk():
    # 4 · 7168/4096 − 3 = 4: the length at which the dynamic factor is keras-hub's static one.
    right = rope(128, 7168, 4096, {"rope_type": "dynamic", "factor": 4.0})
    wrong = KerasRotary(rope_type="dynamic", scaling_factor=4.0)._get_inverse_freq(128)
    pitfall("dynamicNtk", f"right: {HF}; wrong: keras-hub 0.32.0, RotaryEmbedding", right, wrong.detach().cpu())


def yarn_truncate():
    parameters = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4096, "truncate": False}
    right = rope(128, None, 16384, parameters)
    config = PretrainedConfig()
    config.head_dim = config.hidden_size = 128
    config.num_attention_heads = 1
    config.max_position_embeddings = 16384
    config.rope_parameters = {"full_attention": {"rope_theta": 10000.0, **parameters}}
    wrong = ROPE_INIT_FUNCTIONS["yarn"](config, "cpu", layer_type="full_attention")[0]
    pitfall("yarnTruncate", f"right: {HF}, keys given flat; wrong: the same keys given for a layer type", right, wrong)


def ntk_factor():
    path = Path(importlib.util.find_spec("diffusers").origin).parent / "models/embeddings.py"
    source = re.search(r"^def get_1d_rotary_pos_embed\(.*?(?=^def )", path.read_text(), re.M | re.S).group(0)
    scope = {"torch": torch, "np": numpy}
    exec(source, scope)
    wrong = scope["get_1d_rotary_pos_embed"](128, numpy.array([1.0]), ntk_factor=4.0, freqs_dtype=torch.float64).angle()[0]
    right = RotaryEmbedding(128, theta_rescale_factor=4.0).freqs
    pitfall("ntkFactor", "right: rotary-embedding-torch 0.9.1, theta_rescale_factor; wrong: diffusers 0.42.1, get_1d_rotary_pos_embed",
            right.detach(), wrong)


def video_rotation():
    generator = torch.Generator().manual_seed(5)
    draw = lambda: torch.round(torch.randn(8, generator=generator, dtype=torch.float64) * 64) / 64
    query, key = draw(), draw()
    pairs = [(3, 1), (10, 8), (100, 98)]
    turn = lambda x, p: rotate_queries_or_keys(x[None, None, None], torch.tensor([[[float(p)]]], dtype=torch.float64))[0, 0, 0]
    wrong = [float(turn(query, i) @ turn(key, j)) for i, j in pairs]

    def product(i, j):
        to_complex = lambda x: torch.view_as_complex(x.view(4, 2))
        angles = torch.tensor([float(mpmath.mpf(10000) ** (-mpmath.mpf(k) / 4)) for k in range(4)], dtype=torch.float64)
        at = lambda x, p: to_complex(x) * torch.polar(torch.ones(4, dtype=torch.float64), angles * p)
        return float((at(query, i) * at(key, j).conj()).real.sum())

    pitfall("videoRotation", f"right: complex products; wrong: {HF}, VJEPA2 rotate_queries_or_keys",
            [product(i, j) for i, j in pairs], wrong, query=numbers(query), key=numbers(key), pairs=pairs)


def grid_order():
    wrong = OmDetTurboHybridEncoder.build_2d_sincos_position_embedding(3, 2, 8)[0]
    row_major = [[column, row] for row in range(2) for column in range(3)]
    omega = [float(mpmath.mpf(10000) ** (-mpmath.mpf(k) / 2)) for k in range(2)]
    right = [[f(place * w) for place in places for f in (math.sin, math.cos) for w in omega] for places in row_major]
    pitfall("gridOrder", f"right: its formula, row by row as the features are; wrong: {HF}, OmDetTurbo build_2d_sincos_position_embedding",
            right, wrong)


def grid_names():
    config = ViTMAEConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, image_size=4, patch_size=2)
    embeddings = ViTMAEModel(config).embeddings
    embeddings.patch_embeddings.projection._is_hf_initialized = False
    torch.nn.init.zeros_(embeddings.position_embeddings)
    for parameter in embeddings.parameters():
        parameter._is_hf_initialized = False
    embeddings.initialize_weights()
    right = embeddings.position_embeddings[0, 1:].detach()
    assert right.abs().sum() > 0
    rows_first = build_2d_sinusoidal_position_embedding(2, 2, 8)
    pitfall("gridNames", f"right: {HF}, table of ViTMAEModel; wrong: rows first, as the names in MAE's code say", right, rows_first)


def deberta_lengths():
    query, key = torch.zeros(1, 3, 4), torch.zeros(1, 12, 4)
    right = build_relative_position(key, key, bucket_size=4, max_position=16)
    wrong = build_rpos(query, key, None, 16, 4)  # as DisentangledSelfAttention calls it: span first, buckets second
    pitfall("debertaLengths", f"right: {HF}, build_relative_position; wrong: build_rpos as DisentangledSelfAttention calls it", right, wrong)


def slopes():
    right = bloom_alibi(torch.ones(1, 2), 12, torch.float32)[:, 0, 1]
    wrong = [2 ** (-8 * (k + 1) / 12) for k in range(12)]
    pitfall("slopes", f"right: {HF}, BLOOM build_alibi_tensor; wrong: MLX before its pull request 3071 and node-mlx 4bf8b1d, transcribed",
            right, wrong)
    exact = [mpmath.mpf(2) ** (-(k + 1)) for k in range(8)] + [mpmath.mpf(2) ** (-mpmath.mpf(2 * k + 1) / 2) for k in range(4)]
    pitfall("slopePrecision", f"right: 40 digits; wrong: {HF}, Falcon build_alibi_tensor", [float(x) for x in exact],
            falcon_alibi(torch.ones(1, 2), 12, torch.float32)[:, 0, 1])


def self_extend():
    window, group, query, key = 16, 6, 40, 3
    right = query // group - key // group + window - window // group
    wrong = query // group + window - window / group - key // group
    pitfall("selfExtend", "right: arXiv 2401.01325, equations 3 and 4; wrong: LongLM cdbbb06, self_extend_patch, transcribed", [right], [wrong])


def leftover_channels():
    sections, places = [24, 20, 20], [5.0, 7.0, 9.0]
    pairs = 64
    angles = torch.tensor(places)[:, None, None, None].expand(3, 1, 1, pairs)
    right = Qwen3VLTextRotaryEmbedding.recomposition_frequencies(SimpleNamespace(mrope_section=sections), angles.clone())[0, 0, :pairs]
    time, height, width = sections
    fourth = 0.0
    wrong = [
        places[1] if k % 3 == 1 and k < 3 * height else places[2] if k % 3 == 2 and k < 3 * width
        else places[0] if k % 3 == 0 and k < 3 * time else fourth
        for k in range(pairs)
    ]
    pitfall("leftoverChannels", f"right: {HF}, Qwen3VLTextRotaryEmbedding.recomposition_frequencies; wrong: ggml d99724f2, IMROPE, transcribed",
            right, wrong, sections=sections, places=places)


def temperatures():
    places = torch.tensor([8190.0, 8191.0, 8192.0, 16383.0])
    llama = torch.log1p(torch.floor((places.double() + 1.0) / 8192)) * 0.1 + 1.0
    ministral = 1 + 0.1 * torch.log(1 + torch.floor(places.double() / 8192))
    pitfall("temperatures", f"right: {HF}, Llama4TextAttention; wrong: get_llama_4_attn_scale of Ministral3, for a Llama 4", llama, ministral,
            places=numbers(places))


def swin_distances():
    config = Swinv2Config(window_size=8, image_size=32, patch_size=4, embed_dim=12, depths=[1], num_heads=[3])
    layer = Swinv2SelfAttention(config, 12, 3, 8)
    table = layer.create_coords_table_and_index()[0][0, :, 0, 0]
    even = torch.linspace(-1, 1, 15, dtype=torch.float64)
    named = torch.sign(even) * torch.log2(torch.abs(even) * 7 + 1) / 3
    pitfall("swinDistances", f"right: {HF}, Swinv2SelfAttention; wrong: scaled so that the edge is at 1, as its comment says", table, named)


def frozen_matrix():
    module = SamPositionalEmbedding(SamVisionConfig(num_pos_feats=4))
    trained = [name for name, parameter in module.named_parameters() if parameter.requires_grad]
    assert trained == ["positional_embedding"]
    pitfalls["frozenMatrix"] = {"source": f"{HF}, SamPositionalEmbedding", "trained": trained}


def direction():
    x = numpy.array([1.0, 2.0, 3.0, 4.0])
    omega = [1.0, float(mpmath.mpf(10000) ** mpmath.mpf("-0.5"))]
    turned = [(x[k] + 1j * x[k + 2]) * mpmath.expj(3 * omega[k]) for k in range(2)]
    right = [float(z.real) for z in turned] + [float(z.imag) for z in turned]
    back = [(x[k] + 1j * x[k + 2]) * mpmath.expj(-3 * omega[k]) for k in range(2)]
    wrong = [float(z.real) for z in back] + [float(z.imag) for z in back]
    pitfall("direction", "right: complex products; wrong: nanochat 92d63d4, apply_rotary_emb, transcribed", right, wrong)


def layers():
    ones = SmolLM3Config(num_hidden_layers=8).no_rope_layers
    pitfall("noRopeLayers", f"right: layers with rotary in {HF}, SmolLM3Config; wrong: the layers that the name no_rope_layers says",
            ones, [1 - value for value in ones])


def angle_precision():
    frequencies = torch.tensor([float(mpmath.mpf(10000) ** (-mpmath.mpf(2 * k) / 128)) for k in range(64)], dtype=torch.float64)
    for name, dtype in [("angleBfloat16", torch.bfloat16), ("angleFloat32", torch.float32)]:
        places = torch.tensor([256.0, 4096.0, 32768.0, 131072.0], dtype=torch.float64)
        wrong = places.to(dtype)[:, None] * frequencies.to(dtype)
        cos = [[float(mpmath.cos(mpmath.mpf(p) * mpmath.mpf(10000) ** (-mpmath.mpf(2 * k) / 128))) for k in range(64)]
               for p in (256, 4096, 32768, 131072)]
        errors = (wrong.double() - places[:, None] * frequencies).abs().amax(-1)
        pitfall(name, f"right: 40 digits; wrong: angles and table in {dtype}", cos, wrong.cos().double(), places=numbers(places),
                largestAngleError=numbers(errors))
    recurrence = torch.empty(64, dtype=torch.float32)
    scale = torch.tensor(10000.0, dtype=torch.float32) ** (-2.0 / 128)
    theta = torch.tensor(131072.0, dtype=torch.float32)
    for k in range(64):
        recurrence[k] = theta
        theta = theta * scale
    cos = [float(mpmath.cos(mpmath.mpf(131072) * mpmath.mpf(10000) ** (-mpmath.mpf(2 * k) / 128))) for k in range(64)]
    pitfall("angleRecurrence", "right: 40 digits; wrong: ggml d99724f2, theta *= theta_scale, transcribed", cos, recurrence.cos().double(),
            largestAngleError=[float((recurrence.double() - 131072.0 * frequencies).abs().max())])


for make in [dynamic_ntk, yarn_truncate, ntk_factor, video_rotation, grid_order, grid_names, deberta_lengths, slopes, self_extend,
             leftover_channels, temperatures, swin_distances, frozen_matrix, direction, layers, angle_precision]:
    make()
FIXTURE.write_text(json.dumps(pitfalls, indent=0, allow_nan=False) + "\n")
print(f"{FIXTURE.name}: {len(pitfalls)} pitfalls, {FIXTURE.stat().st_size} bytes")
