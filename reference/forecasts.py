"""Golden numbers for the task `forecast`: whole baselines on a series of two columns, by other implementations.

    pip install -r reference/requirements-forecasts.txt
    python reference/forecasts.py

writes packages/lab/test/fixtures/forecasts.golden.json: forecasts by sktime's NaiveForecaster, quantiles of their
training errors by numpy, scores by scikit-learn and sktime.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import mean_absolute_error, mean_pinball_loss, root_mean_squared_error
from sktime.forecasting.naive import NaiveForecaster
from sktime.performance_metrics.forecasting import mean_absolute_scaled_error

OUTPUT = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures/forecasts.golden.json"

ROWS, CONTEXT, HORIZON, FORECASTS = 400, 24, 6, 20
SEASONS = [12, 48]
LENGTHS = [24, 36, 48, 96]
QUANTILES = [0.1, 0.5, 0.9]


def series() -> pd.DataFrame:
    """A load with two periods and a temperature of another size, both with noise."""
    rng = np.random.default_rng(7)
    at = np.arange(ROWS)
    load = 3000 + 400 * np.sin(at / 12 * 2 * np.pi) + 900 * np.cos(at / 48 * 2 * np.pi) + 60 * rng.normal(size=ROWS)
    warmth = 12 + 0.01 * at + 4 * np.sin(at / 48 * 2 * np.pi + 1) + 0.5 * rng.normal(size=ROWS)
    return pd.DataFrame({"load": np.round(load, 2), "warmth": np.round(warmth, 3)})


def evenly(items: list[int], count: int) -> list[int]:
    taken = min(count, len(items))
    return [items[index * len(items) // taken] for index in range(taken)]


def predict(forecaster: NaiveForecaster, data: pd.DataFrame, origins: list[int]) -> np.ndarray:
    """Forecasts [origins, HORIZON, columns]."""
    steps = list(range(1, HORIZON + 1))
    return np.stack([forecaster.fit(data.iloc[: at + 1]).predict(fh=steps).to_numpy() for at in origins])


def actual(data: pd.DataFrame, origins: list[int]) -> np.ndarray:
    values = data.to_numpy()
    return np.stack([values[at + 1 : at + 1 + HORIZON] for at in origins])


def rows(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, values.shape[-1])


def main() -> None:
    data = series()
    train_end = int(ROWS * 0.7)
    validation_end = train_end + int(ROWS * 0.1)
    test = evenly(list(range(validation_end - 1, ROWS - HORIZON)), FORECASTS)
    y_true = rows(actual(data, test))
    y_train = data.to_numpy()[:train_end]

    def point(forecasts: np.ndarray) -> dict:
        # sktime's own average over columns divides the mean of their errors, and so depends on their units.
        scaled = mean_absolute_scaled_error(y_true, rows(forecasts), y_train=y_train, sp=1, multioutput="raw_values")
        return {
            "mase": float(np.mean(scaled)),
            "mae": float(mean_absolute_error(y_true, rows(forecasts))),
            "rmse": float(root_mean_squared_error(y_true, rows(forecasts))),
        }

    def training_errors(trained: NaiveForecaster, history: int) -> np.ndarray:
        origins = [at for at in range(CONTEXT, train_end - HORIZON) if at + 1 >= history]
        return actual(data, origins) - predict(trained, data, origins)

    def spread(forecaster: NaiveForecaster, errors: np.ndarray) -> dict:
        points = predict(forecaster, data, test)
        forecasts = {q: points + np.quantile(errors, q, axis=0) for q in QUANTILES}
        losses = [mean_pinball_loss(y_true, rows(forecasts[q]), alpha=q) for q in QUANTILES]
        low, high = rows(forecasts[0.1]), rows(forecasts[0.9])
        inside = np.mean((low <= y_true) & (y_true <= high))
        return {
            "pinball": float(np.mean(losses)),
            **point(forecasts[0.5]),
            "coverage-error": float(abs(inside - 0.8)),
            "crossing": 0,
        }

    rules = {
        "naive": (lambda _: NaiveForecaster(strategy="last"), 1),
        **{f"seasonal-naive-{sp}": (lambda _, sp=sp: NaiveForecaster(strategy="last", sp=sp), sp) for sp in SEASONS},
        "mean": (lambda length: NaiveForecaster(strategy="mean", window_length=length), 1),
    }
    errors = {name: training_errors(make(CONTEXT), history) for name, (make, history) in rules.items()}
    golden = {
        "columns": {name: data[name].tolist() for name in data},
        "context": CONTEXT,
        "horizon": HORIZON,
        "seasons": SEASONS,
        "testForecasts": FORECASTS,
        "quantiles": QUANTILES,
        "point": {
            name: {str(length): point(predict(make(length), data, test)) for length in LENGTHS}
            for name, (make, _) in rules.items()
        },
        "spread": {
            name: {str(length): spread(make(length), errors[name]) for length in LENGTHS}
            for name, (make, _) in rules.items()
        },
    }
    OUTPUT.write_text(json.dumps(golden) + "\n")


main()
