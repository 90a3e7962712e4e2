"""Golden numbers of encodings that act on embeddings. Run: python reference/catalogue/input.py"""

import math
import os

os.environ["KERAS_BACKEND"] = "torch"

import numpy
import torch
from common import Family, positions
from keras_hub.layers import SinePositionEncoding
from transformers import Kimi_K25VisionConfig, ReformerConfig, SamVisionConfig, ViTConfig, Wav2Vec2Config
from transformers.models.detr.modeling_detr import DetrSinePositionEmbedding
from transformers.models.kimi_k25.modeling_kimi_k25 import Kimi_K25VisionPositionEmbeddings
from transformers.models.m2m_100.modeling_m2m_100 import M2M100SinusoidalPositionalEmbedding
from transformers.models.perceiver.modeling_perceiver import build_linear_positions, generate_fourier_features
from transformers.models.reformer.modeling_reformer import AxialPositionEmbeddings
from transformers.models.roformer.modeling_roformer import RoFormerSinusoidalPositionalEmbedding
from transformers.models.sam.modeling_sam import SamPositionalEmbedding
from transformers.models.vit.modeling_vit import ViTEmbeddings
from transformers.models.vit_mae.modeling_vit_mae import build_2d_sinusoidal_position_embedding
from transformers.models.wav2vec2.modeling_wav2vec2 import Wav2Vec2PositionalConvEmbedding

family = Family("input", seed=5)
HF = "transformers 5.23.0"


def grid(*extents):
    return torch.cartesian_prod(*[torch.arange(n) for n in extents]).reshape(-1, len(extents)).tolist()


def line(values):
    return [[value] for value in values]


def resampling():
    """torch.nn.functional.interpolate, in float64."""
    for old, new in [((3, 4), (5, 2)), ((4, 4), (7, 9)), ((5, 6), (2, 3)), ((1, 3), (2, 5)), ((3, 2), (1, 1))]:
        table = family.real(*old, 2)
        for mode in ["bilinear", "bicubic"]:
            for antialias, corners in [(False, False), (True, False), (False, True)]:
                value = torch.nn.functional.interpolate(table.permute(2, 0, 1)[None], size=new, mode=mode, antialias=antialias,
                                                        align_corners=corners)[0].permute(1, 2, 0)
                family.function(f"{old} to {new}, {mode}, antialias {antialias}, corners {corners}", "PyTorch 2.13.0, interpolate",
                                "resampleGrid", [table.flatten().tolist(), list(old), list(new),
                                                 {"mode": mode, "antialias": antialias, "alignCorners": corners}],
                                value.flatten().tolist(), 1e-13)


def learned_grid():
    config = ViTConfig(hidden_size=6, image_size=12, patch_size=4, num_attention_heads=1)
    module = ViTEmbeddings(config).double()

    def compute(x, table, height, width):
        names = {"position_embeddings": table[None], "cls_token": torch.zeros(1, 1, 6)}
        probe = torch.zeros(1, 1 + height * width, 6)

        class Call(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.module = module

            def forward(self):
                return self.module.interpolate_pos_encoding(probe, height * 4, width * 4)

        return x + torch.func.functional_call(Call(), {f"module.{name}": value for name, value in names.items()}, ())

    for height, width in [(3, 3), (5, 2), (2, 3)]:
        more = {} if (height, width) == (3, 3) else {"inputRows": height, "inputColumns": width}
        family.case(f"to {height} × {width} with a class token", f"{HF}, ViTEmbeddings.interpolate_pos_encoding", "learnedGrid",
                    {"dim": 6, "rows": 3, "columns": 3, "classToken": True, **more},
                    positions([[-1, -1], *grid(height, width)], 2),
                    lambda x, table, h=height, w=width: compute(x, table, h, w),
                    activations={"x": family.real(2, 1 + height * width, 6)}, learned={"table": family.real(10, 6)}, tolerance=1e-11)


def sinusoidal_grid():
    for rows, columns in [(2, 3), (3, 1)]:
        blocks = build_2d_sinusoidal_position_embedding(rows, columns, 8, dtype=torch.float64)
        family.case(f"blocks, {rows} × {columns}", f"{HF}, build_2d_sinusoidal_position_embedding", "sinusoidalGrid", {"dim": 8},
                    positions(grid(rows, columns), 2), lambda b=blocks: b, looked="vectors.table", tolerance=4e-16)
        # facebookresearch/mae: meshgrid(w, h), "here w goes first": the first half of the channels holds the columns.
        omega = 1 / 10000 ** (numpy.arange(2) / 2)
        w, h = numpy.meshgrid(numpy.arange(columns), numpy.arange(rows))
        half = lambda place: numpy.concatenate([numpy.sin(numpy.outer(place.flatten(), omega)), numpy.cos(numpy.outer(place.flatten(), omega))], 1)
        family.case(f"MAE, {rows} × {columns}", "facebookresearch/mae at efb2a80, get_2d_sincos_pos_embed", "sinusoidalGrid",
                    {"dim": 8, "layout": "reversed"}, positions(grid(rows, columns), 2),
                    lambda a=half(w), b=half(h): torch.tensor(numpy.concatenate([a, b], 1)), looked="vectors.table", tolerance=4e-16)
        # timm build_sincos2d_pos_embed: bands of h and of w side by side, sines of both, then cosines of both.
        place = torch.tensor(grid(rows, columns)).double()
        bands = (place[:, :, None] * torch.tensor(omega)).flatten(1)
        family.case(f"timm, {rows} × {columns}", "timm at aa4b5850, build_sincos2d_pos_embed", "sinusoidalGrid",
                    {"dim": 8, "layout": "sines-first"}, positions(grid(rows, columns), 2),
                    lambda b=bands: torch.cat([b.sin(), b.cos()], 1), looked="vectors.table", tolerance=4e-16)
        for normalize in [False, True]:
            module = DetrSinePositionEmbedding(4, normalize=normalize)
            table = module(torch.Size([1, 8, rows, columns]), "cpu", torch.float64)[0].permute(1, 2, 0).reshape(-1, 8)
            options = {"dim": 8, "layout": "interleaved", "offset": 1}
            if normalize:
                options |= {"normalize": True, "extents": [rows, columns]}
            family.case(f"DETR, {rows} × {columns}, {'normalised' if normalize else 'steps'}", f"{HF}, DetrSinePositionEmbedding",
                        "sinusoidalGrid", options, positions(grid(rows, columns), 2), lambda t=table: t, looked="vectors.table",
                        tolerance=1e-14)


def odd_sinusoids():
    """An odd width: transformers' own tables, and keras-hub's layer, whose tables are float32."""
    places = [0, 1, 2, 3, 40, 511]
    for dim in [3, 7]:
        roformer = RoFormerSinusoidalPositionalEmbedding(512, dim)
        roformer = roformer.create_weight()[places].double()
        m2m = M2M100SinusoidalPositionalEmbedding.get_embedding(512, dim)[places].double() if dim > 3 else None
        keras = torch.as_tensor(SinePositionEncoding()(torch.zeros(1, 512, dim, dtype=torch.float32)))[0][places].detach().cpu().double()
        for source, options, table in [
            (f"{HF}, RoFormerSinusoidalPositionalEmbedding", {"layout": "halves"}, roformer),
            (f"{HF}, M2M100SinusoidalPositionalEmbedding", {"layout": "halves", "exponent": "tensor2tensor"}, m2m),
            ("keras-hub 0.32.0, SinePositionEncoding", {}, keras),
        ]:
            if table is not None:
                family.case(f"a width of {dim}", source, "sinusoidal", {"dim": dim, **options}, positions(places), lambda t=table: t,
                            looked="vectors.table", tolerance=5e-5 if "tensor2tensor" in str(options) or not options else 1e-7)


def space_time():
    config = Kimi_K25VisionConfig(hidden_size=6, pos_emb_height=2, pos_emb_width=2, pos_emb_time=4, num_attention_heads=1)
    module = Kimi_K25VisionPositionEmbeddings(config).double()

    def sinusoidal(x, space):
        names = {"position_embeddings": space.view(2, 2, 6)}
        return torch.func.functional_call(module, names, (x[0], torch.tensor([[3, 2, 2]])))[None]

    family.case("Kimi K2.5, three frames", f"{HF}, Kimi_K25VisionPositionEmbeddings", "spaceTime",
                {"dim": 6, "rows": 2, "columns": 2, "time": "sinusoidal"}, positions(grid(3, 2, 2), 3), sinusoidal,
                activations={"x": family.real(1, 12, 6)}, learned={"space": family.real(4, 6)}, tolerance=1e-6)
    places = torch.tensor(grid(2, 3, 2))
    family.case("TimeSformer", "arXiv 2102.05095, section 3", "spaceTime", {"dim": 6, "frames": 2, "rows": 3, "columns": 2},
                positions(places.tolist(), 3), lambda x, space, time: x + space[places[:, 1] * 2 + places[:, 2]] + time[places[:, 0]],
                activations={"x": family.real(2, 12, 6)}, learned={"space": family.real(6, 6), "time": family.real(2, 6)},
                tolerance=1e-14)


def axial():
    config = ReformerConfig(axial_pos_shape=(3, 4), axial_pos_embds_dim=(2, 4), hidden_size=6, hidden_dropout_prob=0.0,
                            attn_layers=["local"], local_attn_chunk_length=2)
    module = AxialPositionEmbeddings(config).double().eval()
    for places in [[0, 1, 4, 5, 7], [11, 0]]:
        def compute(x, rowTable, columnTable, places=places):
            names = {"weights.0": rowTable[:, None], "weights.1": columnTable[None]}
            return x + torch.func.functional_call(module, names, (torch.tensor([places]),))

        family.case(f"places {places}", f"{HF}, AxialPositionEmbeddings", "axialLearned",
                    {"dim": 6, "rows": 3, "columns": 4, "rowDim": 2}, positions(places), compute,
                    activations={"x": family.real(2, len(places), 6)},
                    learned={"rowTable": family.real(3, 2), "columnTable": family.real(4, 4)}, tolerance=1e-14)


def fourier():
    for extents, bands in [((3, 4), 2), ((5,), 3), ((2, 2, 3), 1)]:
        axes = len(extents)
        linear = build_linear_positions(extents).double().reshape(1, -1, axes)
        features = generate_fourier_features(linear, bands, extents)[0].double()
        places = grid(*extents) if axes > 1 else list(range(extents[0]))
        family.case(f"{extents}, {bands} bands", f"{HF}, generate_fourier_features", "fourierFeatures",
                    {"dim": 4, "extents": list(extents), "bands": bands}, positions(places, axes), lambda f=features: f,
                    looked="vectors.features", tolerance=2e-6)
        width = features.shape[-1]
        family.case(f"{extents}, through the linear layer", "arXiv 2103.03206, section 3.2", "fourierFeatures",
                    {"dim": 4, "extents": list(extents), "bands": bands}, positions(places, axes),
                    lambda x, projectionWeight, f=features: x + f @ projectionWeight, activations={"x": family.real(2, len(places), 4)},
                    learned={"projectionWeight": family.real(width, 4)}, tolerance=4e-6)

    config = SamVisionConfig(num_pos_feats=3, scale=1.0)
    module = SamPositionalEmbedding(config).double()
    rows, columns = 2, 3
    places = torch.tensor(grid(rows, columns)).double()

    def sam(x, matrix):
        pixels = (places.flip(-1) + 0.5).reshape(1, rows, columns, 2)  # (x, y), as in SamModel.get_image_wide_positional_embeddings
        names = {"positional_embedding": matrix.flip(0)}
        return x + torch.func.functional_call(module, names, (pixels, (rows, columns))).reshape(-1, 6)

    family.case("SAM", f"{HF}, SamPositionalEmbedding", "randomFourier", {"dim": 6, "extents": [rows, columns]},
                positions(places.long().tolist(), 2), sam, activations={"x": family.real(2, 6, 6)}, learned={"matrix": family.real(2, 3)},
                tolerance=1e-13, gradients=False)

    for axes, places in [(1, [0, 3, 7]), (2, grid(2, 2))]:
        at = torch.tensor(places).double().reshape(-1, axes)

        def learnable(x, frequencies, hiddenWeight, hiddenBias, outputWeight, outputBias, at=at):
            angles = at @ frequencies
            waves = torch.cat([angles.cos(), angles.sin()], -1) / 8**0.5
            hidden = torch.nn.functional.gelu(waves @ hiddenWeight + hiddenBias)
            return x + hidden @ outputWeight + outputBias

        family.case(f"learnable, {axes} axes", "arXiv 2106.02795, algorithm 1", "learnableFourier",
                    {"dim": 4, "axes": axes, "features": 8, "hidden": 5}, positions(places, axes), learnable,
                    activations={"x": family.real(2, len(places), 4)},
                    learned={"frequencies": family.real(axes, 4), "hiddenWeight": family.real(8, 5), "hiddenBias": family.real(5),
                             "outputWeight": family.real(5, 4), "outputBias": family.real(4)})


def time():
    stamps = [1700000000.25, 1700000060.0, 1700003600.5]
    for title, places, unit, origin in [("small times", [0.0, 0.5, 3.25], 1, "zero"), ("stamps in minutes", stamps, 60, "first")]:
        at = (torch.tensor(places) - (places[0] if origin == "first" else 0)) / unit

        def t2v(x, frequencies, phases, at=at):
            angles = at[:, None] * frequencies + phases
            return x + torch.cat([angles[:, :1], angles[:, 1:].sin()], -1)

        family.case(f"Time2Vec, {title}", "arXiv 1907.05321, equation 1", "time2vec", {"dim": 4, "unit": unit, "origin": origin},
                    positions(places), t2v, activations={"x": family.real(2, 3, 4)},
                    learned={"frequencies": family.real(4), "phases": family.real(4)})

        def functional(x, frequencies, at=at):
            angles = at[:, None] * frequencies
            return x + torch.stack([angles.cos(), angles.sin()], -1).flatten(-2) / 2**0.5

        family.case(f"functional, {title}", "arXiv 2002.07962, equation 4", "functionalTime", {"dim": 4, "unit": unit, "origin": origin},
                    positions(places), functional, activations={"x": family.real(2, 3, 4)}, learned={"frequencies": family.real(2)})


def cape():
    """gcambara/cape at d456950: frequencies per channel, a quarter turn for odd channels, x times the root of d."""
    for scale in [1.0, 30.0]:
        places = [-2.5, -0.75, 0.5, 3.0]
        channel = torch.arange(6).double()
        frequencies = scale * torch.exp(-2 * torch.floor(channel / 2) * math.log(1e4) / 6)
        table = torch.sin(torch.tensor(places)[:, None] * frequencies + (channel % 2) * math.pi / 2)
        family.case(f"frequencies times {scale}", "gcambara/cape at d456950, CAPE1d", "cape", {"dim": 6, "frequencyScale": scale},
                    positions(places), lambda x, t=table: x * 6**0.5 + t, activations={"x": family.real(2, 4, 6)}, tolerance=1e-13)


def convolutions():
    for rows, columns, kernel in [(2, 3, 3), (4, 3, 5)]:
        def peg(x, kernel, bias, rows=rows, columns=columns, size=kernel):
            image = x.transpose(1, 2).reshape(-1, 4, rows, columns)
            weight = kernel.T.reshape(4, 1, size, size)
            return x + torch.nn.functional.conv2d(image, weight, bias, padding=size // 2, groups=4).flatten(2).transpose(1, 2)

        family.case(f"{rows} × {columns}, kernel {kernel}", "timm at aa4b5850, PosConv; PyTorch conv2d", "positionalEncodingGenerator",
                    {"dim": 4, "kernel": kernel}, positions(grid(rows, columns), 2), peg,
                    activations={"x": family.real(2, rows * columns, 4)}, learned={"kernel": family.real(kernel**2, 4), "bias": family.real(4)})
    order = [3, 0, 5, 1, 4, 2]  # Tokens of a 2 × 3 grid in another order: neighbours are found by place.
    inverse = torch.argsort(torch.tensor(order))

    def shuffled(x, kernel, bias):
        image = x[:, inverse].transpose(1, 2).reshape(-1, 4, 2, 3)
        out = torch.nn.functional.conv2d(image, kernel.T.reshape(4, 1, 3, 3), bias, padding=1, groups=4).flatten(2).transpose(1, 2)
        return x + out[:, order]

    family.case("tokens in another order", "PyTorch conv2d", "positionalEncodingGenerator", {"dim": 4},
                positions([grid(2, 3)[token] for token in order], 2), shuffled, activations={"x": family.real(2, 6, 4)},
                learned={"kernel": family.real(9, 4), "bias": family.real(4)})
    for kernel, groups, length in [(4, 2, 7), (3, 1, 5), (8, 3, 3)]:
        config = Wav2Vec2Config(hidden_size=6, num_conv_pos_embeddings=kernel, num_conv_pos_embedding_groups=groups)
        module = Wav2Vec2PositionalConvEmbedding(config).double()

        def conv(x, direction, size, bias, module=module):
            names = {"conv.parametrizations.weight.original0": size[None, None], "conv.bias": bias,
                     "conv.parametrizations.weight.original1": direction.permute(2, 1, 0)}
            return x + torch.func.functional_call(module, names, (x,))

        family.case(f"kernel {kernel}, {groups} groups, {length} tokens", f"{HF}, Wav2Vec2PositionalConvEmbedding", "convolutional",
                    {"dim": 6, "kernel": kernel, "groups": groups}, positions(list(range(4, 4 + length))), conv,
                    activations={"x": family.real(2, length, 6)},
                    learned={"direction": family.real(kernel, 6 // groups, 6), "size": family.real(kernel), "bias": family.real(6)})


def graphs():
    """A graph of two parts and a node alone: numpy's powers of D^-1 A, and its breadth-first distances."""
    edges, nodes = [[0, 1], [1, 2], [2, 0], [2, 3], [4, 5]], 7
    adjacency = numpy.zeros((nodes, nodes))
    for a, b in edges:
        adjacency[a, b] = adjacency[b, a] = 1
    degree = adjacency.sum(1)
    walk = numpy.divide(adjacency, degree[:, None], out=numpy.zeros_like(adjacency), where=degree[:, None] > 0)
    powers = numpy.stack([numpy.diag(numpy.linalg.matrix_power(walk, k)) for k in [1, 2, 3, 4]], 1)
    family.function("two parts and a node alone", "arXiv 2110.07875, equation 10", "randomWalkPositions", [nodes, edges, 4],
                    powers.flatten().tolist(), 1e-15)
    distances = numpy.full((nodes, nodes), -1)
    reach = numpy.eye(nodes)
    for length in range(nodes):
        distances[(reach > 0) & (distances < 0)] = length
        reach = reach @ adjacency
    family.function("two parts and a node alone", "powers of the adjacency matrix", "shortestPathPositions", [nodes, edges],
                    distances.flatten().tolist(), 0)
    features = family.real(3, 2)
    for name in ["laplacian", "randomWalk"]:
        family.case("through the linear layer", "arXiv 2012.09699, section 2.3", name, {"dim": 4, "features": 2}, positions(features.tolist(), 2),
                    lambda x, projectionWeight, projectionBias: x + features @ projectionWeight + projectionBias,
                    activations={"x": family.real(2, 3, 4)},
                    learned={"projectionWeight": family.real(2, 4), "projectionBias": family.real(4)}, tolerance=1e-14)


def abacus():
    places = [1, 2, 0, 1, 2, 3, 0]
    family.case("95+105=", "arXiv 2405.17399, section 3.1", "abacus", {"dim": 4, "maximumDigits": 3, "maximumOffset": 2}, positions(places),
                lambda x, table: x + table[places], activations={"x": family.real(2, 7, 4)}, learned={"table": family.real(6, 4)}, tolerance=1e-15)


for make in [resampling, learned_grid, sinusoidal_grid, odd_sinusoids, space_time, axial, fourier, time, cape, convolutions, graphs, abacus]:
    make()
family.write()
