"""Golden frequencies of stretched rotary encodings. Run: python reference/catalogue/scalings.py

Two sources for each rope type of transformers: its own function (float32, so 2e-6), and the paper's formula with 40 digits.
The others (NTK-aware, resonance, high-frequency) have the formula alone.
"""

import mpmath
import numpy
import torch
from common import Family, positions
from transformers import LlamaConfig, PretrainedConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

family = Family("scalings", seed=7)
mpmath.mp.dps = 40
HF = "transformers 5.23.0, ROPE_INIT_FUNCTIONS"


def by_transformers(head_dim, base, parameters, length, maximum):
    """Frequencies and attention factor by the library's own function of that rope type."""
    config = PretrainedConfig()
    config.head_dim = head_dim
    config.hidden_size = head_dim
    config.num_attention_heads = 1
    config.max_position_embeddings = maximum
    config.rope_parameters = {"rope_theta": base, **parameters}
    frequencies, factor = ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, "cpu", seq_len=length)
    return frequencies.double().tolist(), float(factor)


def case(title, source, head_dim, base, scaling, options, frequencies, factor, length=1, tolerance=2e-6, rotary_dim=None):
    """One rotary encoding with its scaling: frequencies, and cos at position 0, which is the attention factor."""
    chosen = {"headDim": head_dim, "base": base, "scaling": {"construct": scaling, "options": options}}
    if rotary_dim is not None:
        chosen["rotaryDim"] = rotary_dim
    family.case(title, source, "rotary", chosen, positions([0, length - 1] if length > 1 else [0]),
                lambda: torch.tensor(frequencies, dtype=torch.float64), looked="vectors.inverseFrequencies",
                tolerance=tolerance, relative=True)
    if length == 1:
        family.case(f"{title}, attention factor", source, "rotary", chosen, positions([0]),
                    lambda: torch.full((1, len(frequencies)), factor, dtype=torch.float64), looked="vectors.cos",
                    tolerance=tolerance)


def plain(base, count, dim):
    return [mpmath.mpf(base) ** (-mpmath.mpf(2 * k) / dim) for k in range(count)]


def linear():
    for head_dim, base, factor in [(8, 10000.0, 4.0), (128, 1000000.0, 8.0), (6, 500.0, 1.0)]:
        frequencies, attention = by_transformers(head_dim, base, {"rope_type": "linear", "factor": factor}, None, 4096)
        case(f"linear by {factor}", HF, head_dim, base, "linearScaling", {"factor": factor}, frequencies, attention)
        exact = [float(f / factor) for f in plain(base, head_dim // 2, head_dim)]
        case(f"linear by {factor}, 40 digits", "arXiv 2306.15595, equation 4", head_dim, base, "linearScaling",
             {"factor": factor}, exact, 1, tolerance=3e-16)


def ntk():
    for head_dim, base, factor in [(128, 10000.0, 4.0), (64, 10000.0, 8.0), (6, 10000.0, 1.0)]:
        larger = base * mpmath.mpf(factor) ** (mpmath.mpf(head_dim) / (head_dim - 2))
        case(f"NTK-aware by {factor}", "arXiv 2309.00071, definition 1", head_dim, base, "ntkScaling", {"factor": factor},
             [float(f) for f in plain(larger, head_dim // 2, head_dim)], 1, tolerance=2e-14)
    for head_dim, factor, length in [(128, 2.0, 8192), (128, 4.0, 16384), (128, 4.0, 4096), (64, 2.0, 4097), (64, 2.0, 100)]:
        frequencies, attention = by_transformers(
            head_dim, 10000.0, {"rope_type": "dynamic", "factor": factor}, length, 4096)
        options = {"factor": factor, "originalLength": 4096}
        case(f"dynamic NTK by {factor} at {length}", HF, head_dim, 10000.0, "dynamicNtkScaling", options, frequencies,
             attention, length=length)
        stretch = max(mpmath.mpf(factor) * length / 4096 - (mpmath.mpf(factor) - 1), 1)
        larger = 10000 * stretch ** (mpmath.mpf(head_dim) / (head_dim - 2))
        case(f"dynamic NTK by {factor} at {length}, 40 digits", "emozilla 2023", head_dim, 10000.0, "dynamicNtkScaling",
             options, [float(f) for f in plain(larger, head_dim // 2, head_dim)], 1, length=length, tolerance=2e-14)


def yarn():
    names = {"beta_fast": "betaFast", "beta_slow": "betaSlow", "truncate": "truncate", "mscale": "mscale",
             "mscale_all_dim": "mscaleAllDim", "attention_factor": "attentionFactor"}
    settings = [
        ("Llama 2", 128, 10000.0, 16.0, 4096, {}),
        ("DeepSeek-V3", 64, 10000.0, 40.0, 4096, {"mscale": 1.0, "mscale_all_dim": 1.0}),
        ("DeepSeek-V2-Lite", 64, 10000.0, 40.0, 4096, {"mscale": 0.707, "mscale_all_dim": 0.707}),
        ("unequal mscales", 64, 10000.0, 40.0, 4096, {"mscale": 1.0, "mscale_all_dim": 0.5}),
        ("one mscale is ignored", 64, 10000.0, 40.0, 4096, {"mscale": 0.5}),
        ("gpt-oss", 64, 150000.0, 32.0, 4096, {"truncate": False, "beta_fast": 32.0, "beta_slow": 1.0}),
        ("Qwen 2.5", 128, 1000000.0, 4.0, 32768, {}),
        ("an attention factor", 64, 10000.0, 4.0, 2048, {"attention_factor": 1.5}),
        ("other bounds", 64, 10000.0, 4.0, 2048, {"beta_fast": 16.0, "beta_slow": 2.0}),
        ("factor 1", 64, 10000.0, 1.0, 2048, {}),
    ]
    for title, head_dim, base, factor, original, keys in settings:
        parameters = {"rope_type": "yarn", "factor": factor, "original_max_position_embeddings": original, **keys}
        frequencies, attention = by_transformers(head_dim, base, parameters, None, int(original * factor))
        options = {"factor": factor, "originalLength": original, **{names[key]: value for key, value in keys.items()}}
        case(f"YaRN, {title}", HF, head_dim, base, "yarnScaling", options, frequencies, attention, tolerance=4e-6)
        # With 40 digits: the ramp of the authors' code.
        fast, slow = keys.get("beta_fast", 32), keys.get("beta_slow", 1)
        place = lambda turns: head_dim * mpmath.log(mpmath.mpf(original) / (2 * mpmath.pi * turns)) / (2 * mpmath.log(base))
        low, high = place(fast), place(slow)
        if keys.get("truncate", True):
            low, high = mpmath.floor(low), mpmath.ceil(high)
        low, high = max(low, 0), min(high, head_dim - 1)
        exact = []
        for k, f in enumerate(plain(base, head_dim // 2, head_dim)):
            ramp = min(max((k - low) / (high - low), 0), 1)
            exact.append(float(f / factor * ramp + f * (1 - ramp)))
        term = lambda m: mpmath.mpf(m) * mpmath.log(factor) / 10 + 1
        default = term(keys["mscale"]) / term(keys["mscale_all_dim"]) if "mscale_all_dim" in keys else term(1)
        case(f"YaRN, {title}, 40 digits", "jquesnelle/yarn at 995db5b", head_dim, base, "yarnScaling", options, exact,
             float(keys.get("attention_factor", default)), tolerance=1e-14)
    # The ramp as printed: linear in the number of turns (equation 17 and 20 of the paper).
    exact = []
    for f in plain(10000, 32, 64):
        turns = 4096 * f / (2 * mpmath.pi)
        keep = min(max((turns - 1) / 31, 0), 1)
        exact.append(float((1 - keep) * f / 8 + keep * f))
    case("YaRN, the ramp as printed", "arXiv 2309.00071, definition 2", 64, 10000.0, "yarnScaling",
         {"factor": 8.0, "originalLength": 4096, "ramp": "rotations"}, exact, float(term_of(8)), tolerance=2e-15)


def term_of(factor):
    return mpmath.log(factor) / 10 + 1


def longrope():
    draws = numpy.round(family.random.uniform(1, 40, (2, 48)) * 64) / 64
    short, long = (1 + draws[0] / 64).tolist(), numpy.sort(draws[1]).tolist()
    for title, length, keys in [
        ("short", 4096, {}), ("long", 4097, {}), ("with an attention factor", 8192, {"attention_factor": 1.2}),
    ]:
        parameters = {"rope_type": "longrope", "factor": 32.0, "original_max_position_embeddings": 4096,
                      "short_factor": short, "long_factor": long, **keys}
        frequencies, attention = by_transformers(96, 10000.0, parameters, length, 131072)
        options = {"factor": 32.0, "originalLength": 4096, "shortFactors": short, "longFactors": long}
        if keys:
            options["attentionFactor"] = 1.2
        case(f"LongRoPE, {title}", HF, 96, 10000.0, "longRopeScaling", options, frequencies, attention, length=length)
        factors = long if length > 4096 else short
        exact = [float(f / mpmath.mpf(s)) for f, s in zip(plain(10000, 48, 96), factors)]
        case(f"LongRoPE, {title}, 40 digits", "arXiv 2402.13753", 96, 10000.0, "longRopeScaling", options, exact, 1,
             length=length, tolerance=3e-16)
    family.case("LongRoPE, attention factor of Phi-3", HF, "rotary",
                {"headDim": 96, "scaling": {"construct": "longRopeScaling", "options": {
                    "factor": 32.0, "originalLength": 4096, "shortFactors": short, "longFactors": long}}},
                positions([0]), lambda: torch.full((1, 48), attention_of(short, long)), looked="vectors.cos", tolerance=1e-12)


def attention_of(short, long):
    parameters = {"rope_type": "longrope", "factor": 32.0, "original_max_position_embeddings": 4096,
                  "short_factor": short, "long_factor": long}
    return by_transformers(96, 10000.0, parameters, 1, 131072)[1]


def llama3():
    for title, head_dim, base, factor, low, high, original in [
        ("Llama 3.1", 128, 500000.0, 8.0, 1.0, 4.0, 8192), ("Llama 3.2", 64, 500000.0, 32.0, 1.0, 4.0, 8192),
        ("equal bounds (Llama 4 Scout)", 128, 500000.0, 16.0, 1.0, 1.0, 8192), ("factor 1", 64, 10000.0, 1.0, 1.0, 4.0, 2048),
    ]:
        options = {"factor": factor, "originalLength": original, "lowFrequencyFactor": low, "highFrequencyFactor": high}
        parameters = {"rope_type": "llama3", "factor": factor, "low_freq_factor": low, "high_freq_factor": high,
                      "original_max_position_embeddings": original}
        frequencies, attention = by_transformers(head_dim, base, parameters, None, 131072)
        case(title, HF, head_dim, base, "llama3Scaling", options, frequencies, attention)
        exact = []
        for f in plain(base, head_dim // 2, head_dim):
            length = 2 * mpmath.pi / f
            if length < mpmath.mpf(original) / high:
                exact.append(float(f))
            elif length > mpmath.mpf(original) / low:
                exact.append(float(f / factor))
            else:
                smooth = (original / length - low) / (mpmath.mpf(high) - low)
                exact.append(float((1 - smooth) * f / factor + smooth * f))
        case(f"{title}, 40 digits", "meta-llama/llama-models at a9c89c4, apply_scaling", head_dim, base, "llama3Scaling",
             options, exact, 1, tolerance=2e-15)


def proportional():
    for share, factor, head_dim in [(0.25, 1.0, 64), (0.75, 1.0, 16), (0.3, 8.0, 20), (1.0, 1.0, 8), (0.0, 1.0, 8)]:
        parameters = {"rope_type": "proportional", "partial_rotary_factor": share, "factor": factor}
        frequencies, attention = by_transformers(head_dim, 1000000.0, parameters, None, 4096)
        case(f"proportional, {share} of {head_dim} by {factor}", HF, head_dim, 1000000.0, "proportionalScaling",
             {"share": share, "factor": factor}, frequencies, attention)
        turning = int(share * head_dim // 2)
        exact = [float(f / factor) if k < turning else 0.0 for k, f in enumerate(plain(1000000, head_dim // 2, head_dim))]
        case(f"proportional, {share} of {head_dim} by {factor}, 40 digits", "arXiv 2410.06205, section 6", head_dim,
             1000000.0, "proportionalScaling", {"share": share, "factor": factor}, exact, 1, tolerance=3e-16)


def resonance():
    for head_dim, base in [(64, 10000.0), (8, 500000.0)]:
        exact = [float(2 * mpmath.pi / mpmath.nint(2 * mpmath.pi / f)) for f in plain(base, head_dim // 2, head_dim)]
        case(f"resonance, base {base}", "arXiv 2403.00071, section 4.1", head_dim, base, "resonanceScaling", {}, exact, 1,
             tolerance=3e-16)


def high_frequency():
    for head_dim, base, length in [(64, 10000.0, 4096), (8, 500000.0, 64), (16, 10000.0, 7), (8, 10000.0, 6)]:
        exact = [float(f) if f * length >= 2 * mpmath.pi else 0.0 for f in plain(base, head_dim // 2, head_dim)]
        case(f"high-frequency, base {base}, trained on {length}", "arXiv 2410.21216: those of a turn or more", head_dim, base,
             "highFrequencyScaling", {"originalLength": length}, exact, 1, tolerance=3e-16)


def partial():
    """Half of a head: transformers takes the ramp and the bands from the channels that turn."""
    for title, scaling, keys, options in [
        ("linear", "linearScaling", {"rope_type": "linear", "factor": 4.0}, {"factor": 4.0}),
        ("YaRN", "yarnScaling", {"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 2048},
         {"factor": 8.0, "originalLength": 2048}),
        ("Llama 3", "llama3Scaling", {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                                      "original_max_position_embeddings": 2048}, {"factor": 8.0, "originalLength": 2048}),
        ("dynamic NTK", "dynamicNtkScaling", {"rope_type": "dynamic", "factor": 2.0}, {"factor": 2.0, "originalLength": 2048}),
    ]:
        length = 8192 if title == "dynamic NTK" else 1
        frequencies, attention = by_transformers(
            64, 10000.0, {**keys, "partial_rotary_factor": 0.5}, length, 2048 if length > 1 else 16384)
        assert len(frequencies) == 16
        case(f"{title}, half of a head", HF, 64, 10000.0, scaling, options, frequencies, attention, length=length,
             tolerance=4e-6, rotary_dim=32)


def lengths():
    """Queries and keys at different positions share one table, made for the largest of both."""
    short, long = [1.0, 1.0, 1.5, 2.0], [1.0, 2.0, 4.0, 4.0]
    for title, scaling, keys, options in [
        ("dynamic NTK", "dynamicNtkScaling", {"rope_type": "dynamic", "factor": 2.0}, {"factor": 2.0, "originalLength": 16}),
        ("LongRoPE", "longRopeScaling",
         {"rope_type": "longrope", "factor": 4.0, "original_max_position_embeddings": 16, "short_factor": short, "long_factor": long},
         {"factor": 4.0, "originalLength": 16, "shortFactors": short, "longFactors": long}),
    ]:
        config = LlamaConfig(hidden_size=16, num_attention_heads=2, max_position_embeddings=16 if title == "dynamic NTK" else 64)
        config.rope_parameters = {"rope_theta": 10000.0, **keys}
        cos, sin = (table.double() for table in LlamaRotaryEmbedding(config)(torch.zeros(1), torch.arange(40)[None]))
        for which, at in [("a query before the last key", [3, 11]), ("the last query", [39])]:

            def compute(queries, keys, at=at, cos=cos, sin=sin):
                turn = lambda x, rows: apply_rotary_pos_emb(x, x, cos[:, rows], sin[:, rows])[0]
                return turn(queries, at) @ turn(keys, list(range(40))).transpose(-1, -2)

            family.case(f"{title}, {which}", "transformers 5.23.0, LlamaRotaryEmbedding", "rotary",
                        {"headDim": 8, "scaling": {"construct": scaling, "options": options}}, positions(at), compute,
                        keys=positions(list(range(40))),
                        activations={"queries": family.real(1, 2, len(at), 8), "keys": family.real(1, 2, 40, 8)}, tolerance=1e-5)


for make in [linear, ntk, yarn, longrope, llama3, proportional, resonance, high_frequency, partial, lengths]:
    make()
family.write()
