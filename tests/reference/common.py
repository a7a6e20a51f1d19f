"""Writing of reference values: decimal strings, with the script, the versions and the method beside them."""

import json
import os
import platform

import mpmath
from mpmath import mp


def text(x, digits=45):
    return mp.nstr(mp.mpf(x), digits, min_fixed=-10, max_fixed=45, strip_zeros=False)


def write(script, method, digits, cases, **versions):
    path = os.path.splitext(os.path.abspath(script))[0] + ".json"
    record = {
        "script": "tests/reference/" + os.path.basename(script),
        "versions": {"python": platform.python_version(), "mpmath": mpmath.__version__, **versions},
        "method": method,
        "digits": digits,
        "cases": cases,
    }
    with open(path, "w") as out:
        json.dump(record, out, indent=1)
        out.write("\n")
    print(path, len(cases), "cases")
