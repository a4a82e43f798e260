"""simplejson: the C scanner and encoder, and where an error is."""

import decimal

import simplejson
import simplejson._speedups
from simplejson import decoder, encoder

assert decoder.scanstring is simplejson._speedups.scanstring
assert encoder.c_make_encoder is not None
data = {"text": 'quote " é \U0001f600', "numbers": [1, -2.5e300, 10**40], "deep": [[[{}]]]}
assert simplejson.loads(simplejson.dumps(data)) == data
assert simplejson.loads("1.1", use_decimal=True) == decimal.Decimal("1.1")
assert simplejson.dumps({"b": 1, "a": 2}, sort_keys=True, indent=" ") == '{\n "a": 2,\n "b": 1\n}'
big = simplejson.dumps([{"id": i, "name": str(i)} for i in range(20_000)])
assert len(simplejson.loads(big)) == 20_000


def error_of(text: str) -> tuple[str, int]:
    """Return the message and the position of the error in a text."""
    try:
        simplejson.loads(text)
    except simplejson.JSONDecodeError as error:
        return error.msg, error.pos
    raise AssertionError(text)


broken = ['{"a": 1,}', "[1, 2", '"\\ud8', "nul", '{"a" 1}', '"\x01"']
with_c = [error_of(text) for text in broken]
simplejson._toggle_speedups(False)
assert with_c == [error_of(text) for text in broken], with_c
simplejson._toggle_speedups(True)
try:
    simplejson.dumps(float("nan"), allow_nan=False)
except ValueError:
    print("done")
