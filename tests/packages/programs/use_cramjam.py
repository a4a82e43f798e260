"""cramjam, written in Rust: every codec there and back, and an exception for every broken input."""

import os

import cramjam

text = b"".join(
    b"%d:%s\n" % (i, (b"alpha", b"beta", b"gamma")[i * i % 7 % 3]) for i in range(20_000)
)
codecs = ["snappy", "brotli", "bzip2", "lz4", "gzip", "deflate", "zlib", "zstd", "xz"]
for name in codecs:
    codec = getattr(cramjam, name)
    compressed = bytes(codec.compress(text))
    assert len(compressed) < len(text) / 2, name
    assert bytes(codec.decompress(compressed)) == text, name
    for broken in (compressed[: len(compressed) // 2], b"\xff" * 64):
        try:
            result = bytes(codec.decompress(broken))
        except cramjam.DecompressionError as error:
            assert str(error), name
        else:
            # A raw stream may end anywhere; then less than everything comes out.
            assert len(result) < len(text), name
stream = cramjam.zstd.Compressor()
stream.compress(text[:1000])
stream.compress(text[1000:])
assert bytes(cramjam.zstd.decompress(bytes(stream.finish()))) == text
buffer = cramjam.Buffer(b"12345")
buffer.seek(2)
assert buffer.read() == b"345"
# A panic of Rust is an exception of Python; what it prints goes to the descriptor.
kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
os.dup2(nowhere, 2)
try:
    cramjam.lz4.decompress_block(b"\xff\xff\xff\xff")
except BaseException as error:  # noqa: BLE001 -- PanicException is no Exception
    assert type(error).__name__ == "PanicException", error
    assert "capacity overflow" in str(error), error
else:
    raise AssertionError("nothing was raised")
finally:
    os.dup2(kept, 2)
assert bytes(cramjam.zstd.decompress(cramjam.zstd.compress(text))) == text
try:
    cramjam.gzip.compress(12)
except TypeError:
    print("done")
