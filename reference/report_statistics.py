"""Golden numbers for the report's statistics, from other implementations.

    pip install -r reference/requirements-report.txt
    python reference/report_statistics.py

writes packages/lab/test/fixtures/statistics.golden.json:
intervals of a mean by scipy, a paired t-test by scipy, pooled variances and all pairwise differences of a randomised
block design (encodings × seeds) by the linear models of statsmodels, Holm's correction by statsmodels.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.formula.api as formula
from scipy import stats
from statsmodels.stats.multitest import multipletests

FIXTURE = Path(__file__).resolve().parent.parent / "packages/lab/test/fixtures/statistics.golden.json"


def means(rng: np.random.Generator) -> list[dict]:
    """One group by itself: the textbook interval."""
    cases = []
    for count in [2, 3, 5, 12]:
        values = rng.normal(0.3, 0.05, count)
        interval = stats.t.interval(0.95, count - 1, loc=values.mean(), scale=stats.sem(values))
        cases.append(
            {
                "values": values.tolist(),
                "mean": values.mean(),
                "variance": values.var(ddof=1),
                "margin": (interval[1] - interval[0]) / 2,
            }
        )
    return cases


def pairs(rng: np.random.Generator) -> list[dict]:
    """Two encodings: the ordinary paired t-test."""
    cases = []
    for count in [2, 3, 8]:
        seeds = rng.normal(0, 0.05, count)
        first, second = seeds + rng.normal(0.2, 0.01, count), seeds + rng.normal(0.22, 0.01, count)
        result = stats.ttest_rel(first, second)
        interval = result.confidence_interval(0.95)
        cases.append(
            {
                "first": first.tolist(),
                "second": second.tolist(),
                "mean": (first - second).mean(),
                "margin": (interval.high - interval.low) / 2,
                "p": result.pvalue,
            }
        )
    return cases


def designs(rng: np.random.Generator) -> list[dict]:
    """Several encodings on the same seeds: residual variance, and every pairwise difference."""
    cases = []
    for encodings, seeds, effect in [(3, 2, 0.05), (6, 2, 0.03), (4, 5, 0.004)]:
        rows = (
            rng.normal(0.3, effect, (encodings, 1)) + rng.normal(0, 0.02, (1, seeds)) + rng.normal(0, 0.006, (encodings, seeds))
        )
        table = pd.DataFrame(
            [{"encoding": f"e{row}", "seed": f"s{column}", "score": rows[row, column]} for row in range(encodings) for column in range(seeds)]
        )
        groups = formula.ols("score ~ C(encoding)", table).fit()
        blocks = formula.ols("score ~ C(encoding) + C(seed)", table).fit()
        tests = blocks.t_test_pairwise("C(encoding)", method="holm").result_frame
        cases.append(
            {
                "rows": rows.tolist(),
                "pooled": {"variance": groups.mse_resid, "freedom": int(groups.df_resid)},
                "residual": {"variance": blocks.mse_resid, "freedom": int(blocks.df_resid)},
                "differences": [
                    {
                        "first": int(name.split("-")[0][1:]),
                        "second": int(name.split("-")[1][1:]),
                        "mean": row["coef"],
                        "margin": (row["Conf. Int. Upp."] - row["Conf. Int. Low"]) / 2,
                        "p": row["P>|t|"],
                        "distinct": bool(row["reject-holm"]),
                    }
                    for name, row in tests.iterrows()
                ],
            }
        )
    return cases


def corrections(rng: np.random.Generator) -> list[dict]:
    lists = [[0.01, 0.02, 0.03, 0.04], [0.04, 0.001, 0.03, 0.015], [0.0125, 0.0166, 0.03, 0.03], [0.06], [0.05]]
    lists += [(rng.uniform(0, 1, 15) ** 6).tolist() for _ in range(4)]
    return [{"ps": ps, "rejected": multipletests(ps, alpha=0.05, method="holm")[0].tolist()} for ps in lists]


def main() -> None:
    rng = np.random.default_rng(20170612)
    document = {
        "source": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
        "command": "python reference/report_statistics.py",
        "means": means(rng),
        "pairs": pairs(rng),
        "designs": designs(rng),
        "holm": corrections(rng),
    }
    FIXTURE.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
