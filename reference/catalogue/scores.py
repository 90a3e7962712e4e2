"""Golden numbers of biases added to attention scores. Run: python reference/catalogue/scores.py"""

import torch
from common import Family, positions

family = Family("scores", seed=1)


def kerple():
    """Chi et al. 2022, equations 5 and 6, and the bounds of chijames/KERPLE megatron/mpu/layers.py:192, :281."""
    source = "arXiv 2205.09921, equations 5 and 6"

    def distances(queries, keys):
        return (torch.tensor(queries)[:, None] - torch.tensor(keys)[None]).abs().double()

    def logarithm(p, a, d):
        p, a = p.clamp(min=1e-2), a.clamp(min=1e-2)
        return (-p * torch.log(1 + a * d))[None]

    def power(p, a, d):
        p, a = p.clamp(min=1e-2, max=2), a.clamp(min=1e-2)
        # |0|^p has an infinite derivative for p < 1; the diagonal is 0 for every p.
        safe = torch.where(d == 0, torch.ones_like(d), d)
        return (-a * torch.where(d == 0, torch.zeros_like(d), safe**p))[None]

    places = [0, 1, 2, 7, 100]
    for heads in [1, 6]:
        learned = {"p": family.real(heads, 1, 1).abs() + 0.1, "a": family.real(heads, 1, 1).abs() + 0.1}
        # Outside the bounds: below both, and (for the power) above 2.
        learned["p"][0], learned["a"][-1] = 2.5, 1 / 256
        for kernel, formula in [("logarithm", logarithm), ("power", power)]:
            d = distances(places, places)
            family.case(
                f"{kernel}, {heads} heads", source, "kerple", {"numHeads": heads, "kernel": kernel}, positions(places),
                lambda p, a, f=formula, d=d: f(p, a, d), learned=learned,
            )
    d = distances([40], [0, 5, 40])
    family.case(
        "one query among cached keys", source, "kerple", {"numHeads": 2}, positions([40]), lambda p, a: logarithm(p, a, d),
        keys=positions([0, 5, 40]), learned={"p": torch.ones(2, 1, 1), "a": torch.ones(2, 1, 1)},
    )


kerple()
family.write()
