"""Golden files for the lab's readers of R data, bzip2 and IDX, from other implementations.

    pip install -r reference/requirements-readers.txt
    python reference/readers.py

writes packages/lab/test/fixtures/data/{rdata,bunzip2,idx}.golden.json:
files that R itself wrote (those that the package rdata ships for its tests, MIT licence) with their values by rdata,
one of them as a lazy-load pair; texts packed by CPython's bz2; arrays packed by numpy.

With a folder of unpacked Debian packages as an argument it prints the sums of the published series that
packages/lab/test/data/published-series.test.ts compares with.
"""

import base64
import bz2
import gzip
import hashlib
import json
import random
import struct
import sys
import tempfile
import warnings
import zlib
from pathlib import Path

import numpy as np
import rdata
from rdata.parser import RObjectType

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "packages/lab/test/fixtures/data"
R_FILES = Path(rdata.__file__).parent / "tests/data/generated"
# What the lab does not read: code, environments, complex numbers, strings of a class of their own.
LEFT_OUT = (
    "builtin", "function", "environment", "emptyenv", "namespace", "complex", "expression", "file", "deferred_string",
    "encoding_bytes", "s4",
)
TYPES = {
    RObjectType.LGL: "logical",
    RObjectType.INT: "integer",
    RObjectType.REAL: "double",
    RObjectType.STR: "character",
    RObjectType.VEC: "list",
    RObjectType.LIST: "list",
    RObjectType.SYM: "symbol",
}


def text(char) -> str | None:
    """A string of R; rdata leaves the bytes as they are."""
    if char.value is None:
        return None
    return char.value.decode("latin-1" if char.info.gp & 4 else "utf-8")


def number(value) -> float | str | None:
    """A number, or its name where JSON has none; masked is what is not available."""
    if value is np.ma.masked or value is None:
        return "NaN"
    value = float(value)
    return value if np.isfinite(value) else {np.inf: "Infinity", -np.inf: "-Infinity"}.get(value, "NaN")


def symbol(obj) -> str:
    return text(obj.referenced_object.value if obj.info.type is RObjectType.REF else obj.value)


def pairs(obj) -> list[tuple[str, object]]:
    """The tags and values of a linked list."""
    found = []
    while obj is not None and obj.info.type is not RObjectType.NILVALUE:
        found.append((symbol(obj.tag) if obj.tag is not None else "", obj.value[0]))
        obj = obj.value[1]
    return found


def dump(obj) -> dict:
    if obj.info.type is RObjectType.NILVALUE:
        return {"type": "null", "attributes": {}}
    attributes = {name: dump(value) for name, value in pairs(obj.attributes)} if obj.attributes is not None else {}
    kind = TYPES[obj.info.type]
    if kind in ("logical", "integer", "double"):
        values = [number(value) for value in obj.value]
    elif kind == "character":
        values = [text(value) for value in obj.value]
    elif obj.info.type is RObjectType.VEC:
        values = [dump(value) for value in obj.value]
    else:
        raise TypeError(kind)
    return {"type": kind, "values": values, "attributes": attributes}


def r_files() -> list[dict]:
    cases = []
    for path in sorted(R_FILES.glob("*__xdr__*.rda")):
        name = path.name.removeprefix("test_")
        if any(part in name for part in LEFT_OUT):
            continue
        parsed = rdata.parser.parse_file(path, expand_altrep=True)
        try:
            values = {key: dump(value) for key, value in pairs(parsed.object)}
        except KeyError as kind:
            print(f"{name}: left out for {kind}")
            continue
        data = path.read_bytes()
        if len(json.dumps(values)) > 4000:
            continue
        cases.append({"name": name, "file": base64.b64encode(data).decode(), "values": values})
    return cases


def lazy_pair() -> dict:
    """`test_ts` and `test_vector` as R's makeLazyLoadDB lays them out; the index is written by rdata."""
    database, variables = b"", {}
    expected = {}
    for name in ("ts", "vector"):
        plain = (R_FILES / f"test_{name}__xdr__version_3.rds").read_bytes()
        if plain[:2] == b"\x1f\x8b":
            plain = gzip.decompress(plain)
        packed = struct.pack(">I", len(plain)) + zlib.compress(plain)
        variables[name] = np.array([len(database), len(packed)], dtype=np.int32)
        database += packed
        expected[name] = dump(rdata.parser.parse_data(plain, expand_altrep=True).object)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index.rds"
        rdata.write_rds(index, {"variables": variables, "references": {}, "compressed": True})
        rdx = gzip.compress(gzip.decompress(index.read_bytes()), mtime=0)  # the file holds the time it was made at
    return {
        "rdx": base64.b64encode(rdx).decode(),
        "rdb": base64.b64encode(database).decode(),
        "values": expected,
    }


def bzip2_cases() -> list[dict]:
    rng = random.Random(7)
    words = [f"word{index}" for index in range(50)]
    texts = {
        "empty": b"",
        "one byte": b"a",
        "runs of 3 to 260 equal bytes": b"".join(bytes([65 + run % 20]) * run for run in range(3, 261)),
        "all bytes": bytes(range(256)) * 2,
        "random bytes": rng.randbytes(2000),
        "three blocks": " ".join(rng.choice(words[:4]) * 100 for _ in range(5000)).encode(),
        "words": " ".join(rng.choice(words) for _ in range(4000)).encode(),
    }
    return [
        {
            "name": name,
            "packed": base64.b64encode(bz2.compress(plain, 9)).decode(),
            "bytes": len(plain),
            "sha256": hashlib.sha256(plain).hexdigest(),
        }
        for name, plain in texts.items()
    ]


def idx_cases() -> list[dict]:
    rng = np.random.default_rng(5)
    kinds = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    cases = []
    for code, kind in kinds.items():
        dtype = np.dtype(kind)
        array = rng.normal(size=(2, 3, 4)) * 50 if dtype.kind == "f" else rng.integers(
            np.iinfo(dtype).min, np.iinfo(dtype).max, size=(2, 3, 4), endpoint=True)
        array = array.astype(dtype)
        header = bytes([0, 0, code, array.ndim]) + b"".join(struct.pack(">I", size) for size in array.shape)
        data = header + array.tobytes()
        cases.append({
            "name": kind,
            "file": base64.b64encode(data if code % 2 == 0 else gzip.compress(data, mtime=0)).decode(),
            "shape": list(array.shape),
            "values": [float(value) for value in array.ravel()],
        })
    return cases


def published(folder: Path) -> None:
    """SHA-256 of the numbers as little-endian doubles, column after column."""
    library = folder / "usr/lib/R/site-library"

    def lazy(package: str, name: str):
        index = rdata.parser.parse_data(gzip.decompress((library / package / "data/Rdata.rdx").read_bytes()))
        variables = dict(zip(
            [text(one) for one in pairs(index.object.value[0].attributes)[0][1].value],
            index.object.value[0].value, strict=True))
        offset, length = variables[name].value
        data = (library / package / "data/Rdata.rdb").read_bytes()[offset + 4:offset + length]
        return rdata.parser.parse_data(zlib.decompress(data), expand_altrep=True).object

    def show(name: str, values) -> None:
        print(name, len(values), hashlib.sha256(np.asarray(values, dtype="<f8").tobytes()).hexdigest())

    tcmd = dict(pairs(rdata.parser.parse_file(library / "tseries/data/tcmd.rda").object))
    show("tcmd", tcmd["tcmd"].value)
    quotes = lazy("timeSeries", "USDCHF")
    show("USDCHF", quotes.value)
    show("positions", dict(pairs(quotes.attributes))["positions"].value)
    show("taylor", lazy("forecast", "taylor").value)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        published(Path(sys.argv[1]))
    else:
        FIXTURES.mkdir(parents=True, exist_ok=True)
        for name, content in (
            ("rdata", {"files": r_files(), "lazy": lazy_pair()}),
            ("bunzip2", bzip2_cases()),
            ("idx", idx_cases()),
        ):
            path = FIXTURES / f"{name}.golden.json"
            path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
            print(path.relative_to(ROOT), path.stat().st_size)
