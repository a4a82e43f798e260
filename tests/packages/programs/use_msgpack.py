"""msgpack: the C extension packs and unpacks, streams, and refuses what is broken."""

import datetime as dt
import io

import msgpack
import msgpack._cmsgpack

value = {"a": [1, -1, 2**63, 2.5, None, True], "b": b"\0" * 300, "c": {"é": "\U0001f600" * 50}}
packed = msgpack.packb(value)
assert msgpack.Packer is msgpack._cmsgpack.Packer
assert msgpack.unpackb(packed) == value
when = dt.datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC)
assert msgpack.unpackb(msgpack.packb(when, datetime=True), timestamp=3) == when

unpacker = msgpack.Unpacker(max_buffer_size=1 << 20)
for number in range(1000):
    unpacker.feed(msgpack.packb({"n": number}))
assert [each["n"] for each in unpacker] == list(range(1000))
assert list(msgpack.Unpacker(io.BytesIO(packed * 3))) == [value] * 3

for broken, error in [
    (packed[:-1], ValueError),
    (b"\xc1", msgpack.FormatError),
    (packed + b"\0", msgpack.ExtraData),
    (b"\x91" * 5000, msgpack.StackError),
    (b"\x81\x90\x00", TypeError),
]:
    try:
        msgpack.unpackb(broken, strict_map_key=False)
    except error:
        pass
    else:
        raise AssertionError(error)
try:
    msgpack.packb(object())
except TypeError as error:
    assert "can not serialize" in str(error), error
try:
    msgpack.packb(2**64)
except OverflowError:
    print("done")
