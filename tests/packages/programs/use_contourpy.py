"""contourpy (pybind11, numpy): lines and filled areas, and C++ exceptions as Python's."""

from collections.abc import Callable

import contourpy
import numpy as np

x, y = np.meshgrid(np.linspace(-2, 2, 60), np.linspace(-2, 2, 50))
z = x**2 + y**2
for name in ("serial", "threaded"):  # one thread is enough for the second
    generator = contourpy.contour_generator(x, y, z, name=name, line_type="Separate")
    (circle,) = generator.lines(1.0)
    radius = np.hypot(circle[:, 0], circle[:, 1])
    assert abs(radius - 1).max() < 0.01 and np.allclose(circle[0], circle[-1])
    assert len(generator.filled(0.25, 1.0)[0]) == 1
lines, codes = contourpy.contour_generator(x, y, z, name="mpl2014").lines(1.0)
assert sum(map(len, lines)) >= 109 and all(code[0] == 1 for code in codes)
masked = np.ma.masked_where(x > 0, z)
halves = contourpy.contour_generator(x, y, masked).lines(1.0)
assert max(half[:, 0].max() for half in halves) <= 0.05
calls: tuple[Callable[[], object], ...] = (
    lambda: contourpy.contour_generator(x, y, z[:3]),
    lambda: contourpy.contour_generator(x, y, z, name="no such"),
    lambda: contourpy.contour_generator(x, y, z).filled(2.0, 1.0),
)
for call in calls:
    try:
        call()
    except (ValueError, TypeError) as error:
        assert str(error)
    else:
        raise AssertionError("no error")
print("done")
