"""Prints what ssl makes of the certificates in a folder, as JSON."""

import json
import ssl
import sys
from pathlib import Path

folder = Path(sys.argv[1])
decode = ssl._ssl._test_decode_cert  # type: ignore[attr-defined]
result = {}
for path in sorted(folder.glob("*.pem")):
    if "BEGIN CERTIFICATE" in path.read_text():
        try:
            result[path.name] = decode(str(path))
        except ssl.SSLError as error:
            result[path.name] = str(error)
context = ssl.create_default_context(cafile=str(folder / "pycacert.pem"))
result["authorities"] = context.get_ca_certs()
result["stats"] = context.cert_store_stats()
(der,) = context.get_ca_certs(binary_form=True)
result["again"] = ssl.DER_cert_to_PEM_cert(der)
print(json.dumps(result))
