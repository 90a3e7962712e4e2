"""Small pictures and arrays in the formats people have, and what other implementations read in them.

    pip install -r reference/requirements-pictures.txt
    python reference/pictures.py

writes packages/lab/test/fixtures/pictures/pictures.golden.json: PNG files by Pillow and pypng, JPEG files by Pillow and
arrays by NumPy, all in base64, with what Pillow reads in the pictures and NumPy in the arrays, and how PyTorch resizes.
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
import png
import torch
from PIL import Image, ImageOps

FIXTURES = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures/pictures"
FILES = Path(tempfile.mkdtemp())
WIDTH, HEIGHT = 13, 9
ORIENTATION = 0x0112


def smooth(channels: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A picture without edges, so that JPEG decoders agree, and without any symmetry."""
    rows, columns = np.mgrid[0:height, 0:width]
    planes = [
        128 + 70 * np.sin(0.25 * columns + 0.4 * channel) + 40 * np.cos(0.33 * rows - 0.7 * channel)
        for channel in range(channels)
    ]
    return np.clip(np.round(np.stack(planes, axis=-1)), 0, 255).astype(np.uint8)


def write_png_files(rng: np.random.Generator) -> None:
    noise = lambda *shape: rng.integers(0, 256, shape, dtype=np.uint8)  # noqa: E731
    Image.fromarray(noise(HEIGHT, WIDTH)).save(FILES / "grey.png")
    Image.fromarray(noise(HEIGHT, WIDTH, 3)).save(FILES / "color.png")
    Image.fromarray(noise(HEIGHT, WIDTH, 4)).save(FILES / "color-alpha.png")
    Image.fromarray(noise(HEIGHT, WIDTH, 2), mode="LA").save(FILES / "grey-alpha.png")
    Image.fromarray((noise(HEIGHT, WIDTH) > 127)).save(FILES / "one-bit.png")
    Image.fromarray(smooth(3)).quantize(11).save(FILES / "palette.png")
    Image.fromarray(smooth(3)).quantize(200).save(FILES / "palette-large.png")
    transparent = Image.fromarray(smooth(3)).quantize(5)
    transparent.save(FILES / "palette-transparent.png", transparency=bytes([0, 255, 128, 255, 64]))
    # A grey value and a color that stand for "nothing here".
    Image.fromarray(noise(HEIGHT, WIDTH) // 64 * 64).save(FILES / "grey-key.png", transparency=64)
    Image.fromarray(noise(HEIGHT, WIDTH, 3) // 128 * 128).save(FILES / "color-key.png", transparency=(128, 0, 128))
    for depth in (2, 4):
        rows = rng.integers(0, 2**depth, (HEIGHT, WIDTH)).tolist()
        with open(FILES / f"{depth}-bit.png", "wb") as file:
            png.Writer(WIDTH, HEIGHT, greyscale=True, bitdepth=depth).write(file, rows)
    with open(FILES / "interlaced.png", "wb") as file:
        rows = noise(HEIGHT, WIDTH, 3).reshape(HEIGHT, -1).tolist()
        png.Writer(WIDTH, HEIGHT, greyscale=False, interlace=True).write(file, rows)
    with open(FILES / "sixteen-bit.png", "wb") as file:
        png.Writer(WIDTH, HEIGHT, greyscale=True, bitdepth=16).write(
            file, rng.integers(0, 2**16, (HEIGHT, WIDTH)).tolist()
        )


def write_jpeg_files() -> None:
    color = Image.fromarray(smooth(3))
    color.save(FILES / "color.jpg", quality=95, subsampling=0)
    color.save(FILES / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    color.save(FILES / "rgb.jpg", quality=95, subsampling=0, keep_rgb=True)
    color.save(FILES / "restarts.jpg", quality=95, subsampling=0, restart_marker_blocks=1)
    Image.fromarray(smooth(3, 40, 24)).save(FILES / "half-color.jpg", quality=95, subsampling=2)
    Image.fromarray(smooth(1)[:, :, 0]).save(FILES / "grey.jpg", quality=95)
    color.convert("CMYK").save(FILES / "cmyk.jpg", quality=95)
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        color.save(FILES / f"orientation-{orientation}.jpg", quality=95, subsampling=0, exif=exif)


def read_picture(path: Path) -> dict:
    """Upright, transparent pixels over black, grey where the file is grey."""
    picture = ImageOps.exif_transpose(Image.open(path))
    is_grey = picture.mode in ("1", "L", "LA", "I")
    with_alpha = picture.convert("RGBA")
    over_black = Image.alpha_composite(Image.new("RGBA", picture.size, (0, 0, 0, 255)), with_alpha).convert("RGB")
    array = np.asarray(over_black)[:, :, :1] if is_grey else np.asarray(over_black)
    height, width, channels = array.shape
    return {
        "height": height,
        "width": width,
        "channels": channels,
        "pixels": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(),
        "grey": base64.b64encode(np.asarray(over_black.convert("L")).tobytes()).decode(),
    }


def write_arrays(rng: np.random.Generator) -> dict:
    arrays = {
        "bytes": rng.integers(0, 256, (3, 4, 4), dtype=np.uint8),
        "color": rng.integers(0, 256, (2, 3, 3, 3), dtype=np.uint8),
        "columns-first": np.asfortranarray(rng.integers(0, 256, (3, 4, 2), dtype=np.uint8)),
        "big-endian": rng.integers(0, 256, (2, 2, 3)).astype(">i2"),
        "float32": rng.random((2, 3, 3), dtype=np.float32),
        "float64": rng.random((2, 3, 3)),
        "integers": rng.integers(-5, 9, 7).astype("<i8"),
        "unsigned": rng.integers(0, 9, 7).astype(">u4"),
        "booleans": rng.integers(0, 2, (2, 3, 3)).astype(bool),
        "words": np.array(["cat", "dog", "éléphant", "🐈"]),
        "byte-words": np.array([b"cat", b"doggy"]),
        "scalar": np.array(5, dtype="<i4"),
        "empty": np.zeros((0, 4, 4), dtype=np.uint8),
    }
    for name, array in arrays.items():
        np.save(FILES / f"{name}.npy", array)
    with open(FILES / "version-2.npy", "wb") as file:
        np.lib.format.write_array(file, arrays["bytes"], version=(2, 0))
    np.save(FILES / "objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    np.save(FILES / "complex.npy", np.array([1 + 2j]))
    np.savez(FILES / "archive.npz", a=arrays["integers"])
    golden = {**arrays, "version-2": arrays["bytes"]}
    return {
        name: {
            "shape": list(array.shape),
            "values": [
                value.decode() if isinstance(value, bytes) else value
                for value in np.ascontiguousarray(array).ravel().tolist()
            ],
        }
        for name, array in golden.items()
    }


def resized(rng: np.random.Generator) -> list[dict]:
    cases = []
    for height, width, size in ((4, 4, 3), (4, 4, 5), (9, 13, 4), (5, 3, 6), (7, 7, 7), (20, 6, 3), (1, 1, 3)):
        picture = rng.integers(0, 256, (height, width)).astype(np.float64)
        tensor = torch.from_numpy(picture)[None, None]
        small = torch.nn.functional.interpolate(tensor, (size, size), mode="bilinear", antialias=True)
        cases.append(
            {
                "height": height,
                "width": width,
                "size": size,
                "pixels": picture.astype(int).ravel().tolist(),
                "resized": [round(value, 9) for value in small.ravel().tolist()],
            }
        )
    return cases


def main() -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(4)
    write_png_files(rng)
    write_jpeg_files()
    refused = {"sixteen-bit.png", "cmyk.jpg"}
    pictures = {
        path.name: read_picture(path)
        for path in sorted([*FILES.glob("*.png"), *FILES.glob("*.jpg")])
        if path.name not in refused
    }
    golden = {"pictures": pictures, "arrays": write_arrays(rng), "resized": resized(rng)}
    golden["files"] = {
        path.name: base64.b64encode(path.read_bytes()).decode() for path in sorted(FILES.iterdir())
    }
    (FIXTURES / "pictures.golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
