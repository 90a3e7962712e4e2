"""Files of rows as other programs write them, and what these programs read from them.

    pip install -r reference/requirements-rows.txt
    python reference/rows.py

writes packages/lab/test/fixtures/rows/: tables by Python's csv module, pandas and pyarrow, tagged sentences whose spans
seqeval finds, questions in the format of SQuAD with offsets as Python counts; and rows.golden.json, what the readers of
packages/lab/src/data/rows must find in them.
"""

import csv
import datetime
import gzip
import io
import json
import warnings
from pathlib import Path

import pandas
import pyarrow
import pyarrow.parquet
from seqeval.scheme import IOB1, IOB2, IOBES, Entities

FIXTURES = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures/rows"

HEADER = ["id", "text", "label", "note"]
TABLE = [
    ["1", "plain", "a", "x"],
    ["2", "two\nlines", "b", 'said "yes", then left'],
    ["3", "Ünïcödé – 漢字 😀", "a", ""],
    ["4", "comma, semicolon; tab\tend", "c", '"'],
    ["5", "", "b", "three\n\nlines"],
    ["6", "apostrophe's", "a", "0x10"],
]


def write(name: str, content: bytes) -> None:
    (FIXTURES / name).write_bytes(content)


def compressed(content: bytes) -> bytes:
    """Gzip without the time of day, so that making it again changes nothing."""
    return gzip.compress(content, mtime=0)


def tables(golden: dict) -> None:
    """The same table as Python's csv module and pandas write it, in several encodings; lines on which rows begin."""

    def text(**options) -> str:
        stream = io.StringIO(newline="")
        csv.writer(stream, **options).writerows([HEADER, *TABLE])
        return stream.getvalue()

    plain = text()
    write("table.csv", plain.encode())
    write("bom.csv", b"\xef\xbb\xbf" + text(delimiter=";", quoting=csv.QUOTE_ALL).encode())
    write("utf-16-le.csv", b"\xff\xfe" + text(delimiter="\t").encode("utf-16-le"))
    write("utf-16-be.csv", b"\xfe\xff" + text(lineterminator="\n").encode("utf-16-be"))
    write("table.csv.gz", compressed(plain.encode()))
    frame = pandas.DataFrame(TABLE, columns=HEADER)
    write("pandas.tsv", frame.to_csv(sep="\t", index=False).encode())
    write("pandas.jsonl", frame.to_json(orient="records", lines=True).encode())
    write("pandas.json", frame.to_json(orient="records", indent=1, force_ascii=False).encode())
    # The csv module says on which line a record ends; a record begins after the one before.
    reader = csv.reader(io.StringIO(plain, newline=""))
    ends, records = zip(*((reader.line_num, record) for record in reader))
    golden["table"] = {
        "columns": records[0],
        "rows": [dict(zip(records[0], record)) for record in records[1:]],
        "lines": [end + 1 for end in ends[:-1]],
    }


def parquet(golden: dict) -> None:
    """Two groups of rows with every usual type, compressed in several ways."""
    table = pyarrow.table(
        {
            "text": ["one", None, "Ünïcödé 😀", "four", "five"],
            "whole": pyarrow.array([1, -2, 2**53 - 1, 2**62, None], pyarrow.int64()),
            "small": pyarrow.array([1, 2, 3, 4, 5], pyarrow.int16()),
            "number": [0.1, -1e300, 2.5, None, 1 / 3],
            "truth": [True, False, None, True, False],
            "when": pyarrow.array(
                [datetime.datetime(2024, 1, day, 12, 30) for day in range(1, 6)], pyarrow.timestamp("us")
            ),
            "tokens": [["a", "b"], [], ["c"], None, ["d", "e", "f"]],
            "place": [{"x": 1, "y": "p"}] * 5,
        }
    )
    for compression in ["snappy", "gzip", "zstd", "brotli", "none"]:
        pyarrow.parquet.write_table(table, FIXTURES / f"{compression}.parquet", compression=compression, row_group_size=3)
    write("snappy.parquet.gz", compressed((FIXTURES / "snappy.parquet").read_bytes()))
    read = pyarrow.parquet.read_table(FIXTURES / "zstd.parquet").to_pylist()
    golden["parquet"] = {
        "columns": table.column_names,
        "rows": [
            # JavaScript's numbers do not hold 2^62: it is written as a text here.
            {**row, "when": row["when"].isoformat() + "Z", "whole": str(row["whole"]) if row["whole"] == 2**62 else row["whole"]}
            for row in read
        ],
    }


SENTENCES = [
    [("Ana", "PER", 0), ("Lima", "PER", 0), ("visits", None, 0), ("Rio", "LOC", 1), (".", None, 0)],
    [("no", None, 0), ("names", None, 0)],
    [("Peru", "LOC", 2), ("Chile", "LOC", 3), ("Bolivia", "LOC", 4), ("Ana", "PER", 5)],
    [("New", "LOC", 6), ("South", "LOC", 6), ("Wales", "LOC", 6)],
    [("😀", "MISC", 7), ("naïve", None, 0), ("Łódź", "LOC", 8)],
]


def tagged(scheme: str, sentence: list) -> list[str]:
    """Tags of one sentence by the definition of each scheme."""
    tags = []
    for index, (_, kind, chunk) in enumerate(sentence):
        if kind is None:
            tags.append("O")
            continue
        before = sentence[index - 1] if index > 0 else ("", None, -1)
        after = sentence[index + 1] if index + 1 < len(sentence) else ("", None, -1)
        first = before[1:] != (kind, chunk)
        last = after[1:] != (kind, chunk)
        if scheme == "IOB1":
            letter = "B" if first and before[1] == kind else "I"
        elif scheme == "IOB2":
            letter = "B" if first else "I"
        else:
            letter = {(True, True): "S", (True, False): "B", (False, True): "E", (False, False): "I"}[first, last]
        tags.append(f"{letter}-{kind}")
    return tags


def conll(golden: dict) -> None:
    """The same sentences in each scheme; the spans are seqeval's."""
    spans = {}
    for name, scheme in [("IOB1", IOB1), ("IOB2", IOB2), ("IOBES", IOBES)]:
        tags = [tagged(name, sentence) for sentence in SENTENCES]
        found = Entities(tags, scheme=scheme).entities
        spans[name] = [[[e.tag, e.start, e.end] for e in sentence] for sentence in found]
        separator = "\t" if name == "IOB2" else " "
        lines = ["-DOCSTART- -X- O O", ""] if name == "IOB1" else []
        for number, (sentence, line_tags) in enumerate(zip(SENTENCES, tags)):
            if name == "IOB1" and number == 2:
                lines += ["-DOCSTART- -X- O O", ""]
            middle = [] if name == "IOBES" else ["NN", "I-NP"]
            lines += [separator.join([word, *middle, tag]) for (word, _, _), tag in zip(sentence, line_tags)] + [""]
        write(f"{name.lower()}.conll", ("\n".join(lines) + "\n").encode())
    assert spans["IOB1"] == spans["IOB2"] == spans["IOBES"]
    golden["conll"] = {
        "tokens": [[word for word, _, _ in sentence] for sentence in SENTENCES],
        "spans": spans["IOB2"],
        "iob2": [tagged("IOB2", sentence) for sentence in SENTENCES],
    }


def squad(golden: dict) -> None:
    """Offsets in code points in the file; in UTF-16 units in the golden."""
    contexts = [
        ("Rivers", "The Amazon rises in Peru. The Amazon is long."),
        ("Signs", "😀 smiles and 🐟 swims; naïve 😀 again."),
    ]
    asked = [
        (0, "q1", "Where does it rise?", ["Peru"], 0),
        (0, "q2", "What is long?", ["The Amazon", "Amazon"], 26),
        (1, "q3", "What swims?", ["🐟"], 0),
        (1, "q4", "What is said of the second smile?", ["naïve 😀 again", "naïve"], 0),
        (1, "q5", "Who sings?", [], 0),
    ]

    def units(context: str, offset: int) -> int:
        return len(context[:offset].encode("utf-16-le")) // 2

    rows, data = [], []
    for number, (title, context) in enumerate(contexts):
        questions = []
        for place, name, question, answers, start in asked:
            if place != number:
                continue
            found = [(answer, context.index(answer, start)) for answer in answers]
            questions.append(
                {
                    "id": name,
                    "question": question,
                    "answers": [{"text": answer, "answer_start": at} for answer, at in found],
                    "is_impossible": not answers,
                    **({} if answers else {"plausible_answers": [{"text": "🐟", "answer_start": 13}]}),
                }
            )
            rows.append(
                {
                    "id": name,
                    "title": title,
                    "question": question,
                    "context": context,
                    "answers": [{"text": answer, "start": units(context, at)} for answer, at in found],
                    "impossible": not answers,
                }
            )
        data.append({"title": title, "paragraphs": [{"context": context, "qas": questions}]})
    write("squad-2.json", json.dumps({"version": "v2.0", "data": data}).encode())
    first = [{"title": "Rivers", "paragraphs": [{**data[0]["paragraphs"][0]}]}]
    for question in first[0]["paragraphs"][0]["qas"]:
        del question["is_impossible"]
    write("squad-1.1.json", json.dumps({"data": first, "version": "1.1"}, indent=2, ensure_ascii=False).encode())
    golden["squad"] = rows


def main() -> None:
    warnings.filterwarnings("ignore")
    FIXTURES.mkdir(parents=True, exist_ok=True)
    golden: dict = {}
    for make in [tables, parquet, conll, squad]:
        make(golden)
    text = json.dumps(golden, ensure_ascii=False, indent=1)
    write("rows.golden.json", (text + "\n").encode())


if __name__ == "__main__":
    main()
