"""Golden numbers of extensions of rotary models and of attention sinks. Run: python reference/catalogue/structure.py"""

import math
from types import SimpleNamespace

import torch
from common import MASKED, Family, attention, causal_mask, positions
from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.gpt_oss import modeling_gpt_oss
from transformers.models.ministral3.modeling_ministral3 import get_llama_4_attn_scale

family = Family("structure", seed=6)


def turned(x, places, base, pairing="half", frequencies=None):
    """x [B, H, T, E] turned by its places [T], which need not be whole numbers; channels without a frequency stay."""
    if frequencies is not None and 2 * len(frequencies) < x.shape[-1]:
        dim = 2 * len(frequencies)
        return torch.cat([turned(x[..., :dim], places, base, pairing, frequencies), x[..., dim:]], -1)
    dim = x.shape[-1]
    if frequencies is None:
        frequencies = base ** (-torch.arange(0, dim, 2) / dim)
    angles = torch.as_tensor(places, dtype=torch.float64)[:, None] * frequencies
    cos, sin = angles.cos(), angles.sin()
    if pairing == "half":
        first, second = x[..., : dim // 2], x[..., dim // 2 :]
        return torch.cat([first * cos - second * sin, first * sin + second * cos], -1)
    first, second = x[..., 0::2], x[..., 1::2]
    return torch.stack([first * cos - second * sin, first * sin + second * cos], -1).flatten(-2)


def scores_at(queries, keys, query_places, key_places, base, pairing, frequencies=None):
    q, k = (turned(x, at, base, pairing, frequencies) for x, at in [(queries, query_places), (keys, key_places)])
    return q @ k.transpose(-1, -2) / queries.shape[-1] ** 0.5


def case(title, source, construct, options, places, score, key_places=None, heads=2, tolerance=1e-12):
    """`score(queries, keys, i, j, base, pairing)` gives all scores of queries at i and keys at j."""
    key_places = places if key_places is None else key_places
    i, j = torch.tensor(places, dtype=torch.float64), torch.tensor(key_places, dtype=torch.float64)
    base, pairing = options.get("base", 10000), options.get("pairing", "half")
    future = torch.where(j[None] > i[:, None], MASKED, 0.0)[None, None]
    family.case(
        title, source, construct, {"headDim": 6, **options}, positions(places),
        lambda queries, keys, values, mask, **_: attention(score(queries, keys, i, j, base, pairing), mask, values),
        keys=positions(key_places),
        activations=family.activations(heads, len(places), 6, key_length=len(key_places), mask=future),
        tolerance=tolerance,
    )


LONG = list(range(23))
GAPS = [0, 1, 5, 6, 20, 21, 300, 131072]


def rectified():
    """bojone/rerope at 2cbd019: where(|i − j| < window, scores, scores at the window or leaking on)."""
    source = "bojone/rerope at 2cbd019, rerope_patch.py and leaky_rerope_patch.py"

    def rerope(window):
        def score(q, k, i, j, base, pairing):
            near = scores_at(q, k, i, j, base, pairing)
            far = scores_at(q, k, i * 0 + window, j * 0, base, pairing)
            return torch.where((i[:, None] - j[None]).abs() < window, near, far)

        return score

    def leaky(window, k_factor):
        def score(q, k, i, j, base, pairing):
            near = scores_at(q, k, i, j, base, pairing)
            far = scores_at(q, k, (i + window * (k_factor - 1)) / k_factor, j / k_factor, base, pairing)
            return torch.where((i[:, None] - j[None]).abs() < window, near, far)

        return score

    case("ReRoPE", source, "rectifiedRotary", {"window": 5}, LONG, rerope(5))
    case("ReRoPE, gaps, interleaved, other base", source, "rectifiedRotary", {"window": 16, "pairing": "interleaved", "base": 500}, GAPS, rerope(16))
    case("Leaky ReRoPE", source, "rectifiedRotary", {"window": 4, "leak": 1 / 8}, LONG, leaky(4, 8))
    case("Leaky ReRoPE, one query among cached keys", source, "rectifiedRotary", {"window": 4, "leak": 1 / 3}, [22], leaky(4, 3), key_places=LONG, heads=3)


def self_extend():
    source = "datamllab/LongLM at 18950b5, self_extend_patch/Llama.py"

    def grouped(g1, g2):
        def score(q, k, i, j, base, pairing):
            near = scores_at(q, k, i, j, base, pairing)
            group_q = i // g1 + g2 - g2 / g1
            far = scores_at(q, k, group_q, j // g1, base, pairing)
            neighbours = torch.ones(len(i), len(j)).bool() & ((i[:, None] - j[None]) < g2)
            return torch.where(neighbours, near, far)

        return score

    case("groups of 3", source, "selfExtend", {"groupSize": 3, "window": 6}, LONG, grouped(3, 6))
    case("gaps", source, "selfExtend", {"groupSize": 4, "window": 4, "pairing": "interleaved"}, GAPS, grouped(4, 4))
    case("one query among cached keys", source, "selfExtend", {"groupSize": 2, "window": 8}, [22], grouped(2, 8), key_places=LONG)


def lambda_attention():
    source = "Glaciohound/LM-Infinite at 5f35e5d, models/lambda_attention.py"

    def infinite(first, recent):
        def score(q, k, i, j, base, pairing):
            rot = scores_at(q, k, i, j, base, pairing)
            stationary = scores_at(q, k, i * 0 + recent, j * 0, base, pairing)
            distance = i[:, None] - j[None]
            score = torch.where(distance < recent, rot, torch.full_like(rot, MASKED))
            return torch.where((distance >= recent) & (j[None] < first), stationary, score)

        return score

    def streaming(first, recent):
        """StreamingLLM token by token: evict_for_space(1), number what is kept 0, 1, 2 …, turn by those numbers."""

        def score(q, k, i, j, base, pairing):
            rows = []
            for row, place in enumerate(i.tolist()):
                kept = [at for at, key in enumerate(j.tolist()) if key <= place]
                if len(kept) > first + recent:
                    kept = kept[:first] + kept[-recent:]
                numbers = list(range(len(kept)))
                inside = scores_at(q[:, :, row : row + 1], k[:, :, kept], [numbers[-1]], numbers, base, pairing)
                line = torch.full((*q.shape[:2], 1, len(j)), MASKED)
                line[..., kept] = inside
                rows.append(line)
            return torch.cat(rows, 2)

        return score

    for first, recent in [(2, 4), (0, 3), (4, 30)]:
        case(f"LM-Infinite, {first} first, {recent} recent", source, "lambdaAttention", {"firstTokens": first, "recentTokens": recent, "distances": "limit"}, LONG, infinite(first, recent))
    source = "mit-han-lab/streaming-llm at 2e50426, StartRecentKVCache.evict_for_space, positions counted inside the cache"
    for first, recent in [(2, 4), (0, 3), (4, 30)]:
        case(f"StreamingLLM, {first} first, {recent} recent", source, "lambdaAttention", {"firstTokens": first, "recentTokens": recent}, LONG, streaming(first, recent))


LLAMA3 = {"factor": 8, "originalLength": 64, "lowFrequencyFactor": 1, "highFrequencyFactor": 4}


def llama3_frequencies(dim):
    config = LlamaConfig(
        hidden_size=dim, num_attention_heads=1, head_dim=dim,
        rope_parameters={"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
                         "high_freq_factor": 4.0, "original_max_position_embeddings": 64})
    return ROPE_INIT_FUNCTIONS["llama3"](config, "cpu")[0].double()


def dual_chunk():
    source = "HKUNLP/ChunkLlama at 15c5787, chunkllama_attn_replace.py"

    def chunked(chunk_size, local, frequencies=None):
        length = chunk_size - local

        def score(q, k, i, j, base, pairing):
            q_t = torch.arange(length, dtype=torch.float64)
            qc_t = (q_t + length).clamp(max=chunk_size)
            inside = (i % length).long()
            intra = scores_at(q, k, q_t[inside], j % length, base, pairing, frequencies)
            successive = scores_at(q, k, qc_t[inside], j % length, base, pairing, frequencies)
            inter = scores_at(q, k, qc_t[torch.full_like(inside, length - 1)], j % length, base, pairing, frequencies)
            between = i[:, None] // length - j[None] // length
            return torch.where(between == 0, intra, torch.where(between == 1, successive, inter))

        return score

    case("chunks of 4 of 6", source, "dualChunkAttention", {"chunkSize": 6, "localWindow": 2}, LONG, chunked(6, 2))
    case("chunks of 5 of 8, interleaved", source, "dualChunkAttention", {"chunkSize": 8, "localWindow": 3, "pairing": "interleaved"}, LONG, chunked(8, 3))
    case("gaps", source, "dualChunkAttention", {"chunkSize": 12, "localWindow": 4}, GAPS, chunked(12, 4))
    case("4 of 6 channels, Llama 3 scaling", f"{source}; transformers 5.23.0, rope type llama3", "dualChunkAttention",
         {"chunkSize": 6, "localWindow": 2, "rotaryDim": 4, "scaling": {"construct": "llama3Scaling", "options": LLAMA3}}, LONG,
         chunked(6, 2, llama3_frequencies(4)), tolerance=1e-7)  # Its frequencies are float32.


def sinks():
    source = "transformers 5.23.0, gpt_oss eager_attention_forward"
    for title, length, mask in [("causal", 5, causal_mask(5)), ("everything seen", 3, None)]:
        module = SimpleNamespace(num_key_value_groups=1, training=False)

        def compute(queries, keys, values, mask, sinks, **_):
            module.sinks = sinks
            output, _ = modeling_gpt_oss.eager_attention_forward(module, queries, keys, values, mask, scaling=4**-0.5)
            return output.transpose(1, 2)

        family.case(
            title, source, "attentionSinks", {"numHeads": 3}, positions(list(range(length))), compute,
            activations=family.activations(3, length, 4, mask=mask), learned={"sinks": family.real(3)},
        )


def temperatures():
    """transformers' own lines where they are functions; the others from their attention classes."""
    places = [0, 1, 7, 8, 8190, 8191, 8192, 16383, 999999]
    p = torch.tensor(places).double()
    schedules = [
        ("llama4", 8192, 0.1, torch.log1p(torch.floor((p + 1.0) / 8192)) * 0.1 + 1.0, "transformers 5.23.0, Llama4TextAttention"),
        ("llama4", 8, 0.5, torch.log1p(torch.floor((p + 1.0) / 8)) * 0.5 + 1.0, "transformers 5.23.0, Llama4TextAttention"),
        ("ministral", 8192, 0.1, get_llama_4_attn_scale(p[None], 0.1, 8192).flatten(), "transformers 5.23.0, get_llama_4_attn_scale"),
        ("inkling", 8192, 0.1, 1.0 + 0.1 * torch.log(((p + 1) / 8192).clamp(min=1.0)), "transformers 5.23.0, InklingAttention"),
        ("log-length", 8, None, (torch.log(p + 1) / math.log(8)).clip(1), "bojone/rerope at 2cbd019"),
        ("constant", None, 1.87385, torch.full_like(p, 1.87385), "DeepSeek-V3: (0.1 ln 40 + 1)^2"),
    ]
    for schedule, length, factor, value, source in schedules:
        given = {"length": length, "factor": factor}
        options = {name: number for name, number in given.items() if number is not None}
        family.case(f"{schedule}, {length}", source, "attentionTemperature", {"schedule": schedule, **options}, positions(places),
                    lambda v=value: v.reshape(1, 1, -1, 1), looked="signals.temperature", tolerance=1e-14)
    given = family.activations(3, 4, 4, mask=causal_mask(4))

    def scaled(queries, keys, values, mask, hiddenQueries, hiddenKeys):
        tau = torch.log1p(torch.floor((torch.arange(4.0) + 1) / 2)) * 0.5 + 1
        return attention((queries * tau[:, None]) @ keys.transpose(-1, -2) / 2, mask, values)

    family.case("queries are multiplied", "transformers 5.23.0, Llama4TextAttention", "attentionTemperature",
                {"schedule": "llama4", "length": 2, "factor": 0.5}, positions([0, 1, 2, 3]), scaled, activations=given)


def scalable():
    """Nakanishi 2025, equation 3: n is the number of keys that are seen."""
    for title, bias, mask in [("causal", False, causal_mask(5)), ("with a bias", True, causal_mask(5)), ("everything seen", False, None)]:
        def compute(queries, keys, values, mask, hiddenQueries, hiddenKeys, factor, bias=None):
            scores = queries @ keys.transpose(-1, -2) / 2
            outputs = []
            for i in range(5):
                seen = (mask.expand(1, 1, 5, 5)[0, 0, i] == 0).nonzero().flatten()
                scale = factor[:, 0] * math.log(len(seen)) + (0 if bias is None else bias[:, 0])
                weights = torch.softmax(scores[:, :, i, seen] * scale, -1)
                outputs.append((weights[..., None, :] @ values[:, :, seen])[..., 0, :])
            return torch.stack(outputs, 2)

        learned = {"factor": family.real(3, 1, 1)}
        if bias:
            learned["bias"] = family.real(3, 1, 1)
        family.case(title, "arXiv 2501.19399, equation 3", "scalableSoftmax", {"numHeads": 3, "bias": bias}, positions(list(range(5))),
                    compute, learned=learned, activations=family.activations(3, 5, 4, mask=mask))


temperatures()
scalable()
rectified()
self_extend()
lambda_attention()
dual_chunk()
sinks()
family.write()
