"""2-SAM at depth 2 on one example, from its ORIGINAL DEFINITION, in mpmath: no reduction to K(s) is used to integrate.

State: both layers. eps = rho grad/||grad||_2 over both layers, theta^ = theta + eps, and in the rescaled clock
d theta/ds = -grad Loss(theta^)/S; t' = 1/S = 1 + exp(<mu, beta(theta^)>). mpmath's own Taylor integrator (odefun) follows
it. K is then read off every coordinate of p = w1 + w2 and q = w1 - w2 that is not zero, and they must agree. A
hand-over is the root of beta_i = beta_j on that path. N = ||grad <mu, beta>||_2.
"""

from common import text, write
from mpmath import exp, findroot, log, mp, mpf, odefun, sqrt


def q(x):
    a, _, b = x.partition("/")
    return mpf(a) / mpf(b or 1)


def rates(mu, layers, rho):
    """(d theta/ds layer by layer, dt/ds, N)."""
    d = len(mu)
    # grad Loss = -S mu w_other: its direction needs no S.
    grad = [[-mu[j] * layers[1 - l][j] for j in range(d)] for l in range(2)]
    norm = sqrt(sum(g * g for row in grad for g in row))
    hat = [[layers[l][j] + rho * grad[l][j] / norm for j in range(d)] for l in range(2)]
    margin = sum(mu[j] * hat[0][j] * hat[1][j] for j in range(d))
    return [[mu[j] * hat[1 - l][j] for j in range(d)] for l in range(2)], 1 + exp(margin), norm


def path(mu, layers, rho, clock):
    d = len(mu)

    def field(s, y):
        v, t, _ = rates(mu, [y[:d], y[d:2 * d]], rho)
        return v[0] + v[1] + ([t] if clock else [])

    return odefun(field, 0, layers[0] + layers[1] + ([mpf(0)] if clock else []))


def k_of(mu, start, state, s):
    d, values = len(mu), []
    for j in range(d):
        for sign in (1, -1):
            before = start[0][j] + sign * start[1][j]
            if before != 0:
                now = state[j] + sign * state[d + j]
                values.append((sign * mu[j] * s - log(now / before)) / mu[j] ** 2)
    assert max(values) - min(values) < mpf(10) ** (8 - mp.dps), "the coordinates disagree about K"
    return values[0]


CASES = [
    # name, mu, layer 1, layer 2, rho, times, hand-overs (from, to, near)
    ("balanced, uniform", ["1", "2", "3", "4"], ["3/5"] * 4, None, "1", ["1/4", "3/5"],
     [(1, 2, "0.16"), (2, 3, "0.68")]),
    ("the band that steps down", ["1", "2", "3", "4"], ["3879/10000"] * 4, None, "1", ["1/2"], [(1, 0, "0.005")]),
    ("balanced, not uniform", ["1", "2", "3"], ["1", "1/2", "7/10"], None, "1", ["1/2", "1"], []),
    ("unbalanced, signs", ["1", "3"], ["1", "-1/2"], ["2/5", "1/3"], "1/2", ["1/4", "3/4"], []),
    ("collapsing", ["1", "2", "3", "4"], ["1/5"] * 4, None, "1", ["1/4", "1/2"], []),
    ("two coordinates", ["1", "2"], ["11/20"] * 2, None, "1", ["1", "3"], []),
]


def main():
    mp.dps = 40
    cases = []
    for name, mu, first, second, rho, times, hand_overs in CASES:
        m, r = [q(x) for x in mu], q(rho)
        second = second or first
        start = [[q(x) for x in first], [q(x) for x in second]]
        d = len(m)
        solution = path(m, start, r, True)
        record = {"name": name, "mu": mu, "layers": [first, second], "rho": rho, "rows": [], "hand_overs": []}
        for s in times:
            y = solution(q(s))
            _, _, norm = rates(m, [y[:d], y[d:2 * d]], r)
            record["rows"].append({"s": s, "k": text(k_of(m, start, y, q(s))), "norm": text(norm),
                                   "beta": [text(y[j] * y[d + j]) for j in range(d)], "log_t": text(log(y[2 * d]))})
        for i, j, near in hand_overs:
            def gap(s):
                y = solution(s)
                return log(y[i] * y[d + i]) - log(y[j] * y[d + j])
            s = findroot(gap, (mpf(near), mpf(near) * mpf("1.02")), tol=mpf(10) ** -70)
            y = solution(s)
            record["hand_overs"].append({"from": i, "to": j, "s": text(s), "log_t": text(log(y[2 * d]))})
        cases.append(record)
        print(name, flush=True)
    write(__file__, __doc__.strip().split("\n\n")[1].replace("\n", " "), 33, cases)


main()
