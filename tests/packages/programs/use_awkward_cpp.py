"""awkward-cpp (C++, numpy): a module with two libraries of its own, one opened by ctypes."""

import numpy as np
from awkward_cpp import cpu_kernels
from awkward_cpp.lib import _ext

builder = _ext.ArrayBuilder(initial=8, resize=1.5)
builder.beginlist()
for number in (1, 2.5, 3):
    builder.real(number)
builder.endlist()
builder.null()
assert len(builder) == 2, len(builder)
form, length, buffers = builder.to_buffers()
assert length == 2 and '"option"' not in form and any(v.size for v in buffers.values())
try:
    builder.endlist()
except ValueError as error:
    assert "without 'begin_list'" in str(error), error
else:
    raise AssertionError("no error")

machine = _ext.ForthMachine64(": square dup * ; 7 square 1 +")
machine.run()
assert machine.stack == [50]
try:
    _ext.ForthMachine64("1 no-such-word")
except ValueError as error:
    assert "unrecognized" in str(error), error
else:
    raise AssertionError("no error")

kernel = cpu_kernels.kernel["awkward_RegularArray_localindex", np.int64]
target = np.full(6, -1, np.int64)
failure = kernel(target.ctypes.data_as(kernel.argtypes[0]), 3, 2)
assert not failure.str and target.tolist() == [0, 1, 2, 0, 1, 2], target
carry = cpu_kernels.kernel["awkward_RegularArray_getitem_next_at", np.int64]
failure = carry(target.ctypes.data_as(carry.argtypes[0]), 7, 2, 3)
assert failure.str == b"index out of range", failure.str
print("done")
