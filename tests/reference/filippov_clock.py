"""The clock while a coordinate is pinned at zero, even L: Filippov's pin, sign(0) = 0, and the algorithm itself.

All from the definition. The algorithm theta <- theta - eta grad Loss(theta + rho sign(grad)) chatters about 0 with
amplitude O(eta); its own time t = k eta at which w_2 first exceeds a threshold says which clock it follows.
"""

import math

from common import text, write
from definition import flow
from mpmath import mp, mpf


def algorithm(mu, alpha, rho, L, eta, index, threshold):
    """Plain floats: only its limit as eta -> 0 matters, to three digits."""
    w = [[a for a in alpha] for _ in range(L)]
    t = 0.0
    while w[0][index] < threshold:
        d = len(mu)
        hat = [[0.0] * d for _ in range(L)]
        for j in range(d):
            for l in range(L):
                p = -1.0
                for k in range(L):
                    if k != l:
                        p *= w[k][j]
                hat[l][j] = w[l][j] + rho * ((p > 0) - (p < 0))
        z = sum(m * math.prod(hat[l][j] for l in range(L)) for j, m in enumerate(mu))
        sigma = 1 / (1 + math.exp(z))
        new = [list(row) for row in w]
        for j in range(d):
            for l in range(L):
                p = mu[j]
                for k in range(L):
                    if k != l:
                        p *= hat[k][j]
                new[l][j] += eta * sigma * p
        w = new
        t += eta
    return t


def main():
    mp.dps = 45
    cases = []
    for name, mu, alpha, L, s in [("depth 4", ["1", "2"], ["1/2", "5/4"], 4, "3"),
                                  ("depth 2", ["1", "2"], ["1/2", "6/5"], 2, "1")]:
        m = [mpf(x) for x in mu]
        a = [mp.mpf(x.split("/")[0]) / mp.mpf(x.split("/")[1]) for x in alpha]
        fil = flow(m, a, 1, L, until=mpf(s))
        zero = flow(m, a, 1, L, until=mpf(s), sign_zero=True)
        assert abs(fil["w"][1] - zero["w"][1]) < mpf(10) ** -38
        runs = {}
        for eta in ["0.01", "0.001", "0.0001"]:
            runs[eta] = algorithm([float(x) for x in m], [float(x) for x in a], 1.0, L, float(eta), 1, float(fil["w"][1]))
        cases.append({"name": name, "mu": mu, "alpha": alpha, "rho": "1", "depth": L, "s": s,
                      "log_t": text(mp.log(fil["t"])), "t": text(fil["t"]), "t_sign_zero": text(zero["t"]),
                      "t_algorithm": {k: repr(round(v, 6)) for k, v in runs.items()}})
        print(cases[-1], flush=True)
    write(__file__, __doc__.split("\n\n")[1].strip().replace("\n", " "), 38, cases)


main()
