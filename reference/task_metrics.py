"""Golden numbers for the lab's scores of texts, answers, spans, classes, alignments and quantiles, and for its
order-blind baselines, from other implementations.

    pip install setuptools-scm==8.3.1 wheel==0.48.0
    pip install --no-build-isolation -r reference/requirements-metrics.txt
    python reference/task_metrics.py

writes packages/lab/test/fixtures/task-metrics.golden.json:
BLEU and chrF by sacreBLEU, ROUGE by rouge-score, answers by torchmetrics' SQuAD v1.1, spans by seqeval, classes,
pinball loss and naive Bayes by scikit-learn, alignment error rate and IBM model 1 by nltk.
"""

import json
import random
import warnings
from pathlib import Path

import numpy as np
import torch
from nltk.translate import AlignedSent, Alignment, IBMModel1, alignment_error_rate
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as lenient_scores
from seqeval.metrics.v1 import precision_recall_fscore_support as strict_scores
from seqeval.scheme import IOB2
from sklearn.metrics import accuracy_score, f1_score, mean_pinball_loss
from sklearn.metrics import precision_recall_fscore_support as class_scores
from sklearn.naive_bayes import MultinomialNB
from torchmetrics.functional.text import squad

OUTPUT = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures/task-metrics.golden.json"

# Hypothesis and reference, in pairs.
WRITTEN = [
    ("", ""),
    ("", "a reference"),
    ("a hypothesis", ""),
    (" \t\n", "words"),
    ("one", "one"),
    ("one", "two"),
    ("one two", "one two"),
    ("one two three", "one two three"),
    ("one two three four", "one two three four"),
    ("four three two one", "one two three four"),
    ("the the the the the the the", "The cat is on the mat."),
    ("the the the the", "the the"),
    ("a b a b a b a b", "a b a b"),
    ("a b a b", "a b a b a b a b"),
    ("In the beginning God created the heaven and earth.", "In the beginning God created the heavens and the earth."),
    ("En el principio creó Dios los cielos y la tierra.", "En el principio crió Dios los cielos y la tierra."),
    ("¿Qué es esto? ¡Nada!", "¿Qué es esto? ¡Nada!"),
    ("¿Qué es esto?", "Que es esto"),
    ("Hello, world! It's 3.14, not 3,14; nor .5 or 5.", "Hello world. It's 3.14 , not 3,14 ; nor .5 or 5 ."),
    ("A well-known pre-1990 idea, 1989-91 (see [1]).", "A well known pre - 1990 idea, 1989-91 (see [1])."),
    ("&quot;Quoted&quot; &amp; &lt;tagged&gt;", '"Quoted" & <tagged>'),
    ("&amp;lt;b&amp;gt; &amp;amp;", "&lt;b&gt; &amp;"),
    ("<skipped>text with <skipped> marks", "text with marks"),
    ("a hyphen-\nated line\nand another", "a hyphenated line and another"),
    ("ends with a hyphen-\n", "ends with a hyphen"),
    ("U.S.A. and e.g. 1.000,50 €", "USA and eg 1,000.50 €"),
    ("...", "…"),
    (".", "."),
    ("!?", "! ?"),
    ("a,b,c", "a, b, c"),
    ("1,2,a.3,b", "1, 2, a. 3, b"),
    ("x..y,,z", "x . . y , , z"),
    ("$5 + 6% = ~11 @ #1 ^2 `x` {y} |z| \\w/", "$5+6%=~11 @#1^2`x`{y}|z|\\w/"),
    ("it's 'quoted' o'clock rock-'n'-roll", "its quoted oclock rock n roll"),
    ("(hi)", "( hi )"),
    ('"Yes," he said. "No!"', "Yes , he said No"),
    ("wait... what?!", "wait ... what ?!"),
    ("non\u00a0breaking\u2003and\u3000wide spaces", "non breaking and wide spaces"),
    ("next\u0085line and\u001cfile separator", "next line and file separator"),
    ("zero\u200bwidth and \ufeffmark", "zero width and mark"),
    ("día\u0301 cafe\u0301", "día café"),
    ("Straße ΣΊΣΥΦΟΣ İstanbul", "strasse σίσυφος istanbul"),
    ("K and k", "k and K"),
    ("日本語のテキスト。", "日本語の文章。"),
    ("Привет, мир!", "Привет мир"),
    ("Привет, мир!", "Привет, мир!"),
    ("שלום עולם", "שלום לעולם"),
    ("naïve façade 2nd co-op", "naive facade 2nd coop"),
    ("👍 great 👍👍 family 👨‍👩‍👧", "👍 great 👍 family 👨‍👩‍👦"),
    ("😀.", "😀 ."),
    ("😀", "😀"),
    ("𝒳,𝒴.1", "𝒳 , 𝒴 . 1"),
    ("CASE matters", "case matters"),
    ("snake_case and under_score", "snake case and under score"),
    ("tabs\tand  double  spaces ", " tabs and double spaces"),
    ("short", "a much longer reference than the hypothesis has words for"),
    ("a much longer hypothesis than the reference has words for indeed", "short"),
    ("the cat sat on the mat the cat sat", "the cat sat on the mat"),
    ("police killed the gunman", "police kill the gunman"),
    ("the gunman kill police", "police killed the gunman"),
    ("GNU Privacy Guard - minimalist public key operations", "GNU privacy guard - minimalist public key operation"),
    ("library for reading and writing PNG images (development files)", "PNG library - development (version 1.6)"),
]

# Prediction and accepted answers. All have a word left after normalisation: SQuAD v1.1 has no rule for others.
ANSWERS = [
    ("Paris", ["Paris"]),
    ("paris.", ["Paris"]),
    ("the city of Paris", ["Paris", "city of Paris"]),
    ("The United States of America", ["United States", "USA"]),
    ("an apple a day", ["Apple day"]),
    ("theatre and anthem", ["the atre", "theatre anthem"]),
    ("año a año", ["año año", "a"]),
    ("a_b the_c", ["ab thec", "b c"]),
    ("ñandú the ñ", ["ñandú ñ"]),
    ("é a", ["é"]),
    ("aé thé", ["é é"]),
    ("one one two", ["one two two", "two"]),
    ("one two three", ["three two one"]),
    ("1,234.5", ["12345", "1 234.5"]),
    ("U.S.", ["us", "u s"]),
    ("it's", ["its", "it s"]),
    ("“curly” – dash", ["curly dash", "“curly” dash"]),
    ("wide\u00a0space\u3000here", ["wide space here"]),
    ("42", ["forty-two", "42 %"]),
    ("-5 °C", ["5 °C"]),
    ("nothing in common", ["wholly different"]),
    ("İ", ["i̇"]),
    ("2 a 3", ["2 3"]),
    ("2a 3an", ["2 3", "a3"]),
    ("²a a²", ["²a a²", "² ²"]),
    ("total: 652,230 sq km", ["652,230 sq km", "total: 652,230 sq km; land: 652,230 sq km"]),
]

# Predicted and expected tags of sentences.
TAGS = [
    ("O O O", "O O O"),
    ("B-PER I-PER O", "B-PER I-PER O"),
    ("I-PER I-PER O", "B-PER I-PER O"),
    ("B-PER I-LOC O", "B-PER I-PER O"),
    ("B-PER I-LOC I-PER", "B-PER O B-PER"),
    ("B-PER B-PER B-PER", "B-PER I-PER I-PER"),
    ("O I-LOC I-LOC", "O B-LOC I-LOC"),
    ("I-LOC O I-LOC", "O I-LOC O"),
    ("B-LOC I-LOC", "B-LOC B-LOC"),
    ("O O", "B-ORG I-ORG"),
    ("B-ORG I-ORG", "O O"),
    ("B-A-B I-A-B I-A", "B-A-B I-A-B O"),
    ("B I O I", "B I O B"),
    ("B-PER", "B-PER"),
    ("I-PER", "B-PER"),
    ("B-LOC", "B-PER"),
    ("B-NORP O B-NORP I-NORP", "B-NORP O O B-NORP"),
    ("O B-PER I-PER I-LOC I-LOC", "O B-PER I-PER B-LOC I-LOC"),
]


def random_pairs(rng: random.Random) -> list[tuple[str, str]]:
    """References of a few frequent words, so that n-grams repeat, and hypotheses made of them by edits."""
    words = "the a of and king , in his land . was to great city God's 1,000 said : men who".split()
    pairs = []
    for _ in range(20):
        reference = [rng.choice(words) for _ in range(rng.randrange(3, 25))]
        hypothesis = list(reference)
        for _ in range(rng.randrange(0, 8)):
            at = rng.randrange(0, len(hypothesis) + 1)
            change = rng.choice(["insert", "delete", "replace", "swap"])
            if change == "insert":
                hypothesis.insert(at, rng.choice(words))
            elif at < len(hypothesis) - 1 and change == "swap":
                hypothesis[at], hypothesis[at + 1] = hypothesis[at + 1], hypothesis[at]
            elif at < len(hypothesis) and change == "replace":
                hypothesis[at] = rng.choice(words)
            elif at < len(hypothesis) and change == "delete":
                del hypothesis[at]
        pairs.append((" ".join(hypothesis), " ".join(reference)))
    return pairs


def bleu_of(score) -> dict:
    return {
        "score": score.score,
        "precisions": score.precisions,
        "brevityPenalty": score.bp,
        "hypothesisLength": score.sys_len,
        "referenceLength": score.ref_len,
    }


def triple(score) -> dict:
    return {"precision": float(score[0]), "recall": float(score[1]), "f1": float(score[2])}


def texts() -> dict:
    pairs = WRITTEN + random_pairs(random.Random(1))
    corpus, sentence = BLEU(), BLEU(effective_order=True)
    chrf, chrf_words = CHRF(), CHRF(word_order=2)
    rouge = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    tokenize = Tokenizer13a()
    items = []
    means = {"rouge1": [], "rouge2": [], "rougeL": []}
    for hypothesis, reference in pairs:
        scores = rouge.score(reference, hypothesis)
        for name, values in means.items():
            values.append(scores[name])
        items.append(
            {
                "hypothesis": hypothesis,
                "reference": reference,
                "tokens13a": tokenize(hypothesis).split(),
                "sentenceBleu": bleu_of(sentence.sentence_score(hypothesis, [reference])),
                "chrf": chrf.sentence_score(hypothesis, [reference]).score,
                "chrfWords": chrf_words.sentence_score(hypothesis, [reference]).score,
                "rouge": {name: triple(score) for name, score in scores.items()},
            }
        )
    # Corpora: all pairs, and stretches that leave orders without matches or without n-grams.
    corpora = []
    for start, end in [(0, len(pairs)), (0, 4), (3, 8), (0, 10), (4, 5), (6, 8), (10, 14), (40, 52), (58, len(pairs))]:
        hypotheses = [hypothesis for hypothesis, _ in pairs[start:end]]
        references = [[reference for _, reference in pairs[start:end]]]
        corpora.append(
            {
                "start": start,
                "end": end,
                "bleu": bleu_of(corpus.corpus_score(hypotheses, references)),
                "chrf": chrf.corpus_score(hypotheses, references).score,
                "chrfWords": chrf_words.corpus_score(hypotheses, references).score,
                "rouge": {name: triple(np.mean(values[start:end], axis=0)) for name, values in means.items()},
            }
        )
    signatures = [str(metric.get_signature()) for metric in (corpus, sentence, chrf, chrf_words)]
    return {"signatures": signatures, "pairs": items, "corpora": corpora}


def answers() -> dict:
    def score(pairs):
        predictions = [{"id": str(at), "prediction_text": prediction} for at, (prediction, _) in enumerate(pairs)]
        targets = [{"id": str(at), "answers": {"text": accepted, "answer_start": [0] * len(accepted)}}
                   for at, (_, accepted) in enumerate(pairs)]
        found = squad(predictions, targets)
        return {"exactMatch": found["exact_match"].item() / 100, "f1": found["f1"].item() / 100}

    torch.set_default_dtype(torch.float64)
    items = [{"prediction": pair[0], "accepted": pair[1], **score([pair])} for pair in ANSWERS]
    return {"items": items, "corpus": score(ANSWERS)}


def spans() -> dict:
    def random_tags(rng: random.Random, length: int) -> list[str]:
        return [rng.choice(["O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC"]) for _ in range(length)]

    rng = random.Random(2)
    sentences = [(predicted.split(), expected.split()) for predicted, expected in TAGS]
    for length in range(3, 15):
        expected = random_tags(rng, length)
        predicted = [tag if rng.random() < 0.8 else rng.choice(["O", "I-PER", "B-LOC"]) for tag in expected]
        sentences.append((predicted, expected))

    def score(some) -> dict:
        predicted, expected = [pair[0] for pair in some], [pair[1] for pair in some]
        modes = {}
        for mode, scorer, options in [("lenient", lenient_scores, {}), ("strict", strict_scores, {"scheme": IOB2})]:
            each = scorer(expected, predicted, average=None, zero_division=0, **options)
            averages = {}
            if len(each[0]) > 0:
                for average in ("micro", "macro"):
                    averages[average] = triple(scorer(expected, predicted, average=average, zero_division=0, **options))
            modes[mode] = {
                **averages,
                "types": [{**triple([values[at] for values in each]), "support": int(each[3][at])}
                          for at in range(len(each[0]))],
            }
        return modes

    return {
        "sentences": [{"predicted": pair[0], "expected": pair[1], **score([pair])} for pair in sentences],
        "corpus": score(sentences),
    }


def classes() -> list[dict]:
    rng = random.Random(3)
    cases = [
        ([0, 1, 2], [0, 1, 2]),
        ([0, 0, 0, 0], [0, 1, 2, 0]),  # two classes never predicted
        ([3, 3, 1], [0, 1, 1]),  # a class never expected
        ([1], [0]),
        ([5], [5]),
        ([2, 1, 0], [0, 2, 1]),
    ]
    for size in (10, 50, 200):
        expected = [rng.choice([0, 0, 0, 1, 2, 12]) for _ in range(size)]
        cases.append(([label if rng.random() < 0.6 else rng.randrange(0, 9) for label in expected], expected))
    results = []
    for predicted, expected in cases:
        labels = sorted(set(predicted) | set(expected))
        each = class_scores(expected, predicted, labels=labels, zero_division=0)
        results.append(
            {
                "predicted": predicted,
                "expected": expected,
                "accuracy": float(accuracy_score(expected, predicted)),
                "macroF1": float(f1_score(expected, predicted, average="macro", zero_division=0)),
                "classes": [{"label": label, **triple([values[at] for values in each]), "support": int(each[3][at])}
                            for at, label in enumerate(labels)],
            }
        )
    return results


def alignments() -> list[dict]:
    rng = random.Random(4)
    results = []
    for _ in range(12):
        points = [(source, target) for source in range(5) for target in range(5)]
        sure = rng.sample(points, rng.randrange(1, 7))
        possible = sorted(set(sure) | set(rng.sample(points, rng.randrange(0, 6))))
        found = rng.sample(sure, rng.randrange(0, len(sure)))
        predicted = sorted(set(rng.sample(points, rng.randrange(0, 6))) | set(found))
        rate = alignment_error_rate(Alignment(sure), Alignment(predicted), Alignment(possible))
        results.append({"predicted": predicted, "sure": sure, "possible": possible, "errorRate": rate})
    return results


def quantiles() -> dict:
    rng = np.random.default_rng(5)
    actual = np.round(rng.normal(size=30), 3)
    levels = [0.05, 0.1, 0.5, 0.9, 0.975]
    forecasts = [np.round(rng.normal(loc=level - 0.5, size=30), 3) for level in levels]
    forecasts[2][:5] = actual[:5]
    losses = [float(mean_pinball_loss(actual, forecast, alpha=level)) for forecast, level in zip(forecasts, levels)]
    return {
        "actual": actual.tolist(),
        "quantiles": levels,
        "forecasts": [forecast.tolist() for forecast in forecasts],
        "losses": losses,
        "mean": float(np.mean(losses)),
    }


def lexicon() -> dict:
    """nltk divides the counts of a target word that stands twice in a sentence by two, so none does here."""
    corpora = {
        "textbook": [("das haus", "the house"), ("das buch", "the book"), ("ein buch", "a book")],
        "longer": [
            ("klein ist das haus", "the house is small"),
            ("das haus ist ja groß", "the house is big"),
            ("das buch ist ja klein", "the book is small"),
            ("das haus", "the house"),
            ("das buch", "the book"),
            ("ein buch", "a book"),
            ("ja ja ein haus", "yes a house"),
        ],
    }
    results = {}
    for name, sentences in corpora.items():
        pairs = [(source.split(), target.split()) for source, target in sentences]
        vocabularies = [sorted({word for pair in pairs for word in pair[side]}) for side in (0, 1)]
        bitext = [AlignedSent(target, source) for source, target in pairs]
        model = IBMModel1(bitext, 7)
        table = model.translation_table
        results[name] = {
            "pairs": [{"source": [vocabularies[0].index(word) for word in source],
                       "target": [vocabularies[1].index(word) for word in target],
                       "alignment": [-1 if at is None else at for _, at in sorted(aligned.alignment)]}
                      for (source, target), aligned in zip(pairs, bitext)],
            "iterations": 7,
            # Rows: source words, then the null word. nltk never trains words that stand in no pair together.
            "probabilities": [
                [table[target][source]
                 if source is None or any(source in pair[0] and target in pair[1] for pair in pairs) else 0
                 for target in vocabularies[1]]
                for source in [*vocabularies[0], None]
            ],
        }
    return results


def naive_bayes() -> dict:
    rng = random.Random(6)
    vocabulary, labels = 12, [0, 0, 0, 1, 1, 2]
    documents = [[rng.randrange(0, vocabulary - 2) for _ in range(rng.randrange(1, 9))] for _ in labels]
    documents[1] = []
    queries = [[rng.randrange(0, vocabulary) for _ in range(rng.randrange(0, 7))] for _ in range(10)]
    counts = lambda some: np.array([np.bincount(tokens, minlength=vocabulary) for tokens in some])  # noqa: E731
    as_integers = lambda some: [np.array(tokens, dtype=int) for tokens in some]  # noqa: E731
    results = {"vocabulary": vocabulary, "documents": documents, "labels": labels, "queries": queries, "models": []}
    for smoothing in (1.0, 0.1):
        model = MultinomialNB(alpha=smoothing).fit(counts(as_integers(documents)), labels)
        features = counts(as_integers(queries))
        results["models"].append(
            {
                "smoothing": smoothing,
                "logPriors": model.class_log_prior_.tolist(),
                "logLikelihoods": model.feature_log_prob_.tolist(),
                "joint": model.predict_joint_log_proba(features).tolist(),
                "predicted": model.predict(features).tolist(),
            }
        )
    return results


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    golden = {
        "texts": texts(),
        "answers": answers(),
        "spans": spans(),
        "classes": classes(),
        "alignments": alignments(),
        "quantiles": quantiles(),
        "lexicon": lexicon(),
        "naiveBayes": naive_bayes(),
    }
    OUTPUT.write_text(json.dumps(golden) + "\n")
