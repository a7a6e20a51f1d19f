"""w(s), t(s) and times of zero under inf-SAM from the original definition (definition.py): L = 2, 3, 4, 5, GD at rho = 0."""

from common import text, write
from definition import flow
from mpmath import mp

CASES = [
    # name, mu, alpha, rho, L, s
    ("below, at and above, depth 2", ["1", "2", "3"], ["1/2", "1", "3/2"], "1", 2, "1/2"),
    ("pinned after its zero, depth 2", ["1", "2"], ["1/2", "6/5"], "1", 2, "1"),
    ("rho not 1, depth 2", ["1/3", "7/5", "5/2"], ["1/7", "2/5", "1/2"], "2/5", 2, "6/5"),
    ("below, at and above, depth 3", ["1", "2", "3"], ["1/2", "1", "6/5"], "1", 3, "1"),
    ("all below, depth 3", ["1", "5/2"], ["1/2", "1/5"], "4/5", 3, "10"),
    ("below, at and above, depth 4", ["1", "2", "3"], ["1/5", "1", "6/5"], "1", 4, "1/4"),
    ("pinned after its zero, depth 4", ["1", "2"], ["1/2", "5/4"], "1", 4, "2"),
    ("two pinned one after the other, depth 4", ["1", "2"], ["1/2", "3/5"], "1", 4, "4"),
    ("below, at and above, depth 5", ["1", "2", "3"], ["1/2", "1", "6/5"], "1", 5, "1"),
    ("above only, depth 6", ["1", "2"], ["3/2", "7/5"], "1", 6, "1"),
    ("gradient descent, depth 2", ["1", "2"], ["1/2", "1/3"], "0", 2, "3/4"),
    ("gradient descent, one coordinate", ["2"], ["1/2"], "0", 2, "1/2"),
    ("one coordinate above, depth 2", ["2"], ["3/2"], "1", 2, "1/4"),
]


def q(x):
    a, _, b = x.partition("/")
    return mp.mpf(a) / mp.mpf(b or 1)


def main():
    mp.dps = 55
    cases = []
    for name, mu, alpha, rho, L, s in CASES:
        r = flow([q(x) for x in mu], [q(x) for x in alpha], q(rho), L, until=q(s))
        cases.append({
            "name": name, "mu": mu, "alpha": alpha, "rho": rho, "depth": L, "s": s,
            "w": [text(x) for x in r["w"]],
            "log_t": text(mp.log(r["t"])),
            "hits": {str(j): text(x) for j, x in r["hits"].items()},
        })
        print(name, [mp.nstr(x, 8) for x in r["w"]], mp.nstr(r["t"], 8), flush=True)
    write(__file__, "Taylor series of all L layers from theta' = -grad Loss(theta + rho sign(grad)), 55 digits; "
          "zeros by bisection of the series; Filippov pin from the one-sided fields", 42, cases)


main()
