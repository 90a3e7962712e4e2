"""Golden numbers of encodings that compute from content. Run: python reference/catalogue/content.py"""

import torch
from common import Family, attention, causal_mask, positions, scaled_scores

family = Family("content", seed=2)


def shaw():
    """Shaw et al. 2018, equations 3 to 5, written out pair by pair."""
    source = "arXiv 1803.02155, equations 3 to 5"

    def formula(queries, keys, values, mask, keyTable, query_places, key_places, clip, valueTable=None, **_):
        rows = (torch.tensor(key_places)[None] - torch.tensor(query_places)[:, None]).clamp(-clip, clip) + clip
        extra = torch.einsum("bhie,ije->bhij", queries, keyTable[rows]) / queries.shape[-1] ** 0.5
        weights = torch.softmax(scaled_scores(queries, keys) + extra + mask, -1)
        output = weights @ values
        return output if valueTable is None else output + torch.einsum("bhij,ije->bhie", weights, valueTable[rows])

    for title, places, key_places, clip, both, mask in [
        ("both sides", [0, 1, 2, 3, 4], None, 2, True, None),
        ("under a causal mask", [0, 1, 2, 3, 4], None, 3, True, causal_mask(5)),
        ("keys only, with gaps", [3, 4, 19, 60], None, 16, False, None),
        ("one query among cached keys", [9], [0, 5, 9], 4, True, None),
    ]:
        key_places = places if key_places is None else key_places
        learned = {"keyTable": family.real(2 * clip + 1, 4)}
        if both:
            learned["valueTable"] = family.real(2 * clip + 1, 4)
        family.case(
            title, source, "shaw", {"headDim": 4, "maximumDistance": clip, "values": both}, positions(places),
            lambda p=places, k=key_places, c=clip, **given: formula(query_places=p, key_places=k, clip=c, **given),
            keys=positions(key_places), learned=learned,
            activations=family.activations(3, len(places), 4, key_length=len(key_places), mask=mask),
        )


shaw()
family.write()
