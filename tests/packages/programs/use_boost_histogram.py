"""boost-histogram (C++, numpy): filling, slicing, adding, and errors from C++."""

import pickle
from collections.abc import Callable

import boost_histogram as bh
import numpy as np

random = np.random.default_rng(5)
values = random.normal(size=100_000)
histogram = bh.Histogram(bh.axis.Regular(50, -4, 4), storage=bh.storage.Weight())
histogram.fill(values, weight=np.full(len(values), 2.0))
expected, edges = np.histogram(values, bins=50, range=(-4, 4))
assert np.allclose(histogram.view().value, 2 * expected)
assert np.allclose(histogram.axes[0].edges, edges)
assert histogram[bh.loc(0) :: sum].value == 2 * (values >= 0).sum()
two = bh.Histogram(bh.axis.Integer(0, 3), bh.axis.StrCategory(["a", "b"], growth=True))
two.fill([0, 1, 1, 2], ["a", "b", "b", "c"])
assert two.view(flow=False).sum() == 4 and two.axes[1].size == 3
assert (two + two).sum() == 8 and pickle.loads(pickle.dumps(two)) == two
calls: tuple[Callable[[], object], ...] = (
    lambda: bh.axis.Regular(0, 1, 2),
    lambda: two.fill([1, 2], ["a", "b", "c"]),
    lambda: bh.Histogram(bh.axis.Regular(3, 1, 1)),
)
for call in calls:
    try:
        call()
    except ValueError as error:
        assert str(error)
    else:
        raise AssertionError("no error")
try:
    two + histogram
except (ValueError, TypeError):
    print("done")
