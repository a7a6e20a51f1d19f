"""The joint blow-up T* = min T_j and where the others stop, from the original definition (definition.py).

No formula for the blow-up is used. The flow is integrated until the leader's u = w - rho exceeds 100. At that state
the Taylor series of the definition gives x = u^-(L-2) as a series in s; T* is its zero (Newton; that x is smooth there
is what is assumed, and its second coefficient is checked to be negligible), and the others' series are summed at T*.
At a tie the ratio of the leaders' u is recorded just before T*.
"""

from common import text, write
from definition import flow, horner, taylor
from mpmath import mp, mpf

CASES = [
    # name, mu, alpha, rho, L, leader, tied with it
    ("the example of the finding, depth 3", ["1", "2", "3"], ["1/2", "6/5", "11/10"], "1", 3, 1, []),
    ("depth 4, one below", ["1", "2"], ["1/2", "3/2"], "1", 4, 1, []),
    ("depth 5, one below", ["1", "2", "3"], ["1/2", "8/5", "13/10"], "1", 5, 1, []),
    ("a tie at depth 3", ["1", "2", "4"], ["2", "3/2", "11/10"], "1", 3, 0, [1]),
]


def q(x):
    a, _, b = x.partition("/")
    return mpf(a) / mpf(b or 1)


def main():
    mp.dps = 44
    cases = []
    for name, mu, alpha, rho, L, leader, tied in CASES:
        m, a, r = [q(x) for x in mu], [q(x) for x in alpha], q(rho)
        run = flow(m, a, r, L, stop=lambda layers, s, t: layers[0][leader] > r + 100, clock=False)
        w, s = run["w"], run["s"]
        pinned = [mpf(0) if x == 0 else None for x in w]
        series, _ = taylor(m, [list(w) for _ in range(L)], r, pinned, 40, False)
        k = L - 2
        c = list(series[0][leader])
        c[0] -= r
        # x = u^-k as a series: first three coefficients by the chain rule.
        x0 = c[0] ** -k
        x1 = -k * c[0] ** (-k - 1) * c[1]
        x2 = k * (k + 1) * c[0] ** (-k - 2) * c[1] ** 2 / 2 - k * c[0] ** (-k - 1) * c[2]
        left = -x0 / x1
        assert abs(x2) * left**2 < mpf(10) ** -38 * x0, "x is not linear enough here"
        others = {str(j): text(horner(series[0][j], left))
                  for j in range(len(m)) if j != leader and j not in tied}
        cases.append({"name": name, "mu": mu, "alpha": alpha, "rho": rho, "depth": L, "leader": leader,
                      "tied": tied, "time": text(s + left), "others": others,
                      "tied_ratio": [text((w[j] - r) / (w[leader] - r)) for j in tied]})
        print(name, mp.nstr(s + left, 12), others, flush=True)
    write(__file__, __doc__.strip().split("\n\n")[1].replace("\n", " "), 36, cases)


main()
