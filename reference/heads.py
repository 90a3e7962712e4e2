"""Golden numbers for the lab's heads, losses, decoding and attention, in float64.

A second implementation: an encoder-decoder of Hugging Face transformers (Pegasus: pre-norm, and its position table is
replaced by a learned one) with its own attention weights and its own beam search, torch.nn.GRU in two directions,
torch's cross-entropy, scikit-learn's pinball loss. Writes packages/lab/test/fixtures/heads.golden.json.
Run from the repository's root after installing reference/requirements.txt and reference/requirements-tasks.txt.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from sklearn.metrics import mean_pinball_loss
from transformers import PegasusConfig, PegasusForConditionalGeneration

OUT = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures/heads.golden.json"
torch.set_default_dtype(torch.float64)

DIM, HEADS, WIDE, LAYERS, VOCABULARY, MAXIMUM = 8, 2, 12, 2, 7, 10
START, END = 1, 2
# Of 500 seeds those whose text differs most between sources and numbers of beams, and ends at different lengths.
SEEDS = (41, 178, 198)
SOURCES = [[3, 4, 5, 6, 3], [6, 5], [4, 4, 3]]
T = max(map(len, SOURCES))


def draw(*shape, scale=1.0):
    """Few digits, so that the file stays short and nothing is rounded on the way."""
    return torch.round(scale * torch.randn(*shape) * 256) / 256


def numbers(tensor):
    """None where there is no number."""
    flat = tensor.detach().flatten().tolist()
    return {"shape": list(tensor.shape), "data": [None if x != x else float(f"{x:.13g}") for x in flat]}


def at_tokens(tensor, mask):
    """Nothing is said of padded positions [B, T, ...]."""
    return tensor.detach().masked_fill(mask.reshape(*mask.shape, *[1] * (tensor.dim() - 2)) == 0, torch.nan)


def padded():
    tokens = torch.zeros(len(SOURCES), T, dtype=torch.long)
    mask = torch.zeros(len(SOURCES), T, dtype=torch.long)
    for row, source in enumerate(SOURCES):
        tokens[row, : len(source)] = torch.tensor(source)
        mask[row, : len(source)] = 1
    return tokens, mask


def encoder_decoder(seed):
    """Weights wide enough apart that positions and sources decide what is written."""
    torch.manual_seed(seed)
    config = PegasusConfig(
        vocab_size=VOCABULARY, d_model=DIM, encoder_layers=LAYERS, decoder_layers=LAYERS, encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS, encoder_ffn_dim=WIDE, decoder_ffn_dim=WIDE, max_position_embeddings=MAXIMUM,
        activation_function="gelu", scale_embedding=False, dropout=0.0, attention_dropout=0.0, activation_dropout=0.0,
        pad_token_id=0, eos_token_id=END, forced_eos_token_id=None, decoder_start_token_id=START,
        attn_implementation="eager",
    )
    model = PegasusForConditionalGeneration(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            norm = "layer_norm.weight" in name or "layernorm.weight" in name
            scale = 1.5 if "embed_positions" in name or "encoder_attn" in name else 0.6
            parameter.copy_(1 + draw(*parameter.shape, scale=0.1) if norm else draw(*parameter.shape, scale=scale))
        # Padding and start are not written, the end now and then.
        model.final_logits_bias.copy_(torch.tensor([[-9.0, -9.0, 0.5, 0.0, 0.0, 0.0, 0.0]]))
    return model.double()


def weights_of(model):
    """Under the lab's names; the lab's linear weights are [inputs, outputs]."""
    state = model.state_dict()
    named = {}

    def linear(to, start):
        named[f"{to}.weight"] = numbers(state[f"{start}.weight"].T)
        named[f"{to}.bias"] = numbers(state[f"{start}.bias"])

    def norm(to, start):
        named[f"{to}.gain"] = numbers(state[f"{start}.weight"])
        named[f"{to}.bias"] = numbers(state[f"{start}.bias"])

    def attention(to, start, start_norm):
        norm(f"{to}.norm", start_norm)
        for part, name in (("queries", "q"), ("keys", "k"), ("values", "v"), ("output", "out")):
            linear(f"{to}.{part}", f"{start}.{name}_proj")

    for stack in ("encoder", "decoder"):
        start = f"model.{stack}"
        named[f"{stack}.embedding.weight"] = numbers(state["model.shared.weight"])
        named[f"{stack}.positions.0.learned.table"] = numbers(state[f"{start}.embed_positions.weight"])
        for layer in range(LAYERS):
            to, of = f"{stack}.layers.{layer}", f"{start}.layers.{layer}"
            attention(f"{to}.attention", f"{of}.self_attn", f"{of}.self_attn_layer_norm")
            if stack == "decoder":
                attention(f"{to}.cross", f"{of}.encoder_attn", f"{of}.encoder_attn_layer_norm")
            norm(f"{to}.feedForward.norm", f"{of}.final_layer_norm")
            linear(f"{to}.feedForward.wide", f"{of}.fc1")
            linear(f"{to}.feedForward.narrow", f"{of}.fc2")
        norm(f"{stack}.norm", f"{start}.layer_norm")
    named["output.weight"] = numbers(state["model.shared.weight"].T)
    named["output.bias"] = numbers(state["final_logits_bias"].reshape(-1))
    return named


def written(tokens):
    """Without start, end and what follows it."""
    tokens = tokens[1:]
    return tokens[: tokens.index(END)] if END in tokens else tokens


def generation(seed):
    model = encoder_decoder(seed)
    tokens, mask = padded()
    answers = []
    for beams in (1, 2, 3, 4):
        out = model.generate(
            input_ids=tokens, attention_mask=mask, num_beams=beams, do_sample=False, max_new_tokens=8, length_penalty=1.0,
            early_stopping="never" if beams > 1 else False,
        )
        answers.append({"beams": beams, "sequences": [written(row) for row in out.tolist()]})
    target = torch.tensor([[START, 4, 3, 5], [START, 6, 6, 0], [START, 5, 4, 0]])
    out = model(input_ids=tokens, attention_mask=mask, decoder_input_ids=target, output_attentions=True)
    attentions = {}
    for layer in range(LAYERS):
        attentions[f"encoder.layers.{layer}.attention"] = numbers(at_tokens(out.encoder_attentions[layer].mean(1), mask))
        attentions[f"decoder.layers.{layer}.attention"] = numbers(out.decoder_attentions[layer].mean(1))
        attentions[f"decoder.layers.{layer}.cross"] = numbers(out.cross_attentions[layer].mean(1))
    alignment = torch.stack(out.cross_attentions).mean((0, 2))
    return {
        "parameters": weights_of(model), "target": target.flatten().tolist(), "targetLength": target.shape[1],
        "logits": numbers(out.logits), "attentions": attentions, "alignment": numbers(alignment), "answers": answers,
        "maximumLength": 8,
    }, model


QUANTILES = [0.1, 0.5, 0.9]
HORIZON = 2


def heads(model):
    """Linear heads on the encoder's hidden states of the same model."""
    torch.manual_seed(7)
    tokens, mask = padded()
    hidden = model.model.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state.detach()
    cases = {}

    def head(outputs):
        return draw(DIM, outputs, scale=1.5).requires_grad_(), draw(outputs, scale=0.3).requires_grad_()

    def keep(kind, weight, bias, prediction, loss, labels, **more):
        gradients = torch.autograd.grad(loss, [weight, bias], allow_unused=True)
        cases[kind] = {
            "weight": numbers(weight), "bias": numbers(bias), "prediction": numbers(at_tokens(prediction, mask)), "labels": labels,
            "loss": loss.item(), "gradients": {"weight": numbers(gradients[0]), "bias": numbers(gradients[1])}, **more,
        }

    weight, bias = head(4)
    tags = torch.tensor([[0, 3, 1, 1, 2], [2, 0, -1, -1, -1], [-1, 1, 3, -1, -1]])
    logits = hidden @ weight + bias
    loss = F.cross_entropy(logits.reshape(-1, 4), tags.reshape(-1), ignore_index=-1)
    best = [logits[row, : len(source)].argmax(-1).tolist() for row, source in enumerate(SOURCES)]
    keep("tokens", weight, bias, logits, loss, tags.flatten().tolist(), tags=best)

    weight, bias = head(2)
    spans = torch.tensor([[1, 3], [0, 0], [2, 2]])
    logits = hidden @ weight + bias
    # Each row alone, over its own positions: no mask at all.
    losses = [
        F.cross_entropy(logits[row, : len(source), side], spans[row, side])
        for row, source in enumerate(SOURCES)
        for side in (0, 1)
    ]
    keep("span", weight, bias, logits, torch.stack(losses).mean(), spans.flatten().tolist())

    weight, bias = head(HORIZON * len(QUANTILES))
    values = draw(len(SOURCES), T, HORIZON)
    values[0, 2, 1] = torch.nan
    values[1, 2:] = torch.nan
    values[2, 3:] = torch.nan
    prediction = hidden @ weight + bias
    shaped = prediction.reshape(len(SOURCES), T, HORIZON, len(QUANTILES))
    scored = ~values.isnan()
    by_quantile = [
        mean_pinball_loss(values[scored].numpy(), shaped[..., q][scored].detach().numpy(), alpha=alpha)
        for q, alpha in enumerate(QUANTILES)
    ]
    # For gradients, from absolute values: |e|/2 + (alpha - 1/2)·e.
    errors = values[scored][:, None] - shaped[scored]
    loss = (errors.abs() / 2 + (torch.tensor(QUANTILES) - 0.5) * errors).mean()
    assert abs(loss.item() - sum(by_quantile) / len(QUANTILES)) < 1e-14
    labels = [None if x != x else x for x in values.flatten().tolist()]
    keep("values", weight, bias, prediction, loss, labels, byQuantile=by_quantile)
    return cases


def bidirectional():
    """A tagger: each sequence is read alone, up to its own length, by torch.nn.GRU in both directions."""
    # As many weights as the transformer's layers: 18 S² a layer.
    state = round(((LAYERS * (4 * DIM**2 + 2 * DIM * WIDE)) / (18 * LAYERS)) ** 0.5)
    tags = 4
    cell = torch.nn.GRU(2 * state, state, num_layers=LAYERS, batch_first=True, bidirectional=True)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.copy_(draw(*parameter.shape, scale=0.5))
    embedding, weight, bias = draw(VOCABULARY, 2 * state), draw(2 * state, tags), draw(tags)
    named = {"encoder.embedding.weight": numbers(embedding), "output.weight": numbers(weight), "output.bias": numbers(bias)}
    for layer in range(LAYERS):
        for suffix, to in (("", ""), ("_reverse", ".backward")):
            for part, name in (("input", "ih"), ("state", "hh")):
                start = f"encoder.layers.{layer}{to}.{part}"
                named[f"{start}.weight"] = numbers(getattr(cell, f"weight_{name}_l{layer}{suffix}").T)
                named[f"{start}.bias"] = numbers(getattr(cell, f"bias_{name}_l{layer}{suffix}"))
    logits = [(cell(embedding[torch.tensor(source)][None])[0][0] @ weight + bias) for source in SOURCES]
    return {"parameters": named, "tags": tags, "logits": [numbers(row) for row in logits]}


cases, first = [], None
for seed in SEEDS:
    case, model = generation(seed)
    first = first or model
    cases.append(case)
sizes = {
    "modelDim": DIM, "numHeads": HEADS, "feedForwardDim": WIDE, "layers": LAYERS, "vocabulary": VOCABULARY,
    "maximumLength": MAXIMUM, "startToken": START, "endToken": END, "horizon": HORIZON, "quantiles": QUANTILES,
}
OUT.write_text(
    json.dumps(
        {"sizes": sizes, "sources": SOURCES, "generation": cases, "heads": heads(first), "gru": bidirectional()},
        separators=(",", ":"),
    )
)
