"""Makes Parquet as the `datasets` library of Hugging Face writes its SQuAD and its translation data sets, for the tests
of tasks: answers as lists of texts and of places in code points, and texts within a column of objects.

    pip install -r reference/requirements-rows.txt
    python reference/hugging_face_rows.py
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FIXTURES = Path(__file__).parent.parent / "packages/lab/test/fixtures/rows"
NOUNS = ["stone", "river", "lamp", "road", "tower", "field", "bell"]
VALUES = ["blue", "tall", "café", "número", "数据", "old", "wide", "cold", "red", "thin", "soft"]


def question(index: int) -> dict:
    """Facts of which one is asked for; a sign of two UTF-16 units stands before every answer."""
    count = 3 + index % 4
    facts = [(NOUNS[(index + at) % 7], f"{VALUES[(index * 3 + at) % 11]} {VALUES[(index + at * 5) % 11]}") for at in range(count)]
    noun, answer = facts[index % count]
    context = " ".join(f"The {name} 𝄞 is {value}." for name, value in facts) + f" So no. {chr(97 + index % 26)}{chr(97 + index // 26)}."
    start = context.index(answer, context.index(f"The {noun} "))
    return {
        "id": f"q{index}",
        "title": f"t{index}",
        "context": context,
        "question": f"What is the {noun}?",
        "answers": {"text": [answer], "answer_start": [start]},
    }


def pair(index: int) -> dict:
    words = [NOUNS[(index // 7**at) % 7] for at in range(3 + index % 4)]
    return {"translation": {"en": f"the {' '.join(words)}", "de": f"{' '.join(reversed(words))} das"}}


SQUAD = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("context", pa.string()),
        ("question", pa.string()),
        ("answers", pa.struct([("text", pa.list_(pa.string())), ("answer_start", pa.list_(pa.int32()))])),
    ]
)
TRANSLATION = pa.schema([("translation", pa.struct([("en", pa.string()), ("de", pa.string())]))])

for name, schema, make, rows in [("squad", SQUAD, question, 200), ("translation", TRANSLATION, pair, 300)]:
    table = pa.Table.from_pylist([make(index) for index in range(rows)], schema=schema)
    pq.write_table(table, FIXTURES / f"hugging-face-{name}.parquet", compression="snappy")
