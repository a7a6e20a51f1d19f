"""Theorem 4.2 on one example: `C_j` and the bounds (2), (3) of `proofs/thm-4.2.md`, evaluated from the page's formulas.

Independent of src/predict: `K_inf` is integrated from `dK/ds = rho/N` by the midpoint rule with Gragg's extrapolation, at two step lengths.
"""

from bounds import norm_of, q, qs
from common import text, write
from mpmath import e, exp, fsum, log, log10, mp, mpf, sqrt

mp.dps = 50


def gragg(f, end, steps):
    """y(end) of y' = f(s, y), y(0) = 0: modified midpoint rules of 2, 4, ..., 20 substeps, extrapolated in h^2."""
    y, big = mpf(0), end / steps
    for i in range(steps):
        at, table = i * big, []
        for n in range(2, 22, 2):
            h = big / n
            before, now = y, y + h * f(at, y)
            for j in range(1, n):
                before, now = now, before + 2 * h * f(at + j * h, now)
            row = [(before + now + h * f(at + big, now)) / 2]
            for j, old in enumerate(table[-1] if table else []):
                row.append(row[j] + (row[j] - old) / ((mpf(n) / (n - 2 * j - 2)) ** 2 - 1))
            table.append(row)
        y = table[-1][-1]
    return y


def law(mu, alpha, rho, log_ts, goals):
    m, a, r = qs(mu), qs(alpha), q(rho)
    d = len(m) - 1
    mp.dps = 28
    s = mpf(56) / m[d]
    k, again = [gragg(lambda s, y: r / norm_of(m, a, s, y), s, n) for n in (230, 300)]
    assert abs(k - again) < mpf(10) ** -22, abs(k - again)
    w = a[d] * exp(m[d] * s - m[d] ** 2 * k)
    assert e * r / (sqrt(2) * m[d] ** 2 * w) < mpf(10) ** -21, "not yet at the limit"
    mp.dps = 50
    ratio = [a[j] ** 2 * a[d] ** (-2 * m[j] / m[d]) * exp(2 * m[j] * (m[d] - m[j]) * k) for j in range(d)]
    power = [1 - m[j] / m[d] for j in range(d)]

    def time(b):
        return (log(b / a[d] ** 2) + 2 * m[d] ** 2 * k) / (2 * m[d])

    def at(l):
        b = l / (2 * m[d])
        share = [ratio[j] * b ** -power[j] for j in range(d)]
        eps = fsum(m[j] / m[d] * share[j] for j in range(d))
        early = max(mpf(0), time(2 * r**2))
        big_z = (m[d] / m[0]) ** 2 * fsum(x * y**2 * exp(2 * x * early) for x, y in zip(m, a))
        reach = max(m[d] * b * (1 + eps), big_z) + log(2 * time(b))
        if b < 64 * r**2 or reach >= l or big_z > m[d] * b / 4 or time(b) < 2 or m[d] * time(b) < 2:
            return None
        z = m[d] * b / 4
        e1 = max(1 + log(16 * m[d] * z), log(2 * time(b))) / z
        e2 = sqrt(2) * r / sqrt(b) + eps
        if e1 > mpf(1) / 2 or e2 > mpf(1) / 2:
            return None
        rest = [2 * power[j] * (e1 + e2) + 2 * m[j] * (m[d] - m[j]) * e * r / (sqrt(2) * m[d] ** 2 * sqrt(b))
                for j in range(d)]
        return rest, fsum(share)

    def horizon(goal):
        slowest = min(mpf(1) / 2, min(power)) if d else mpf(1) / 2
        p = int(mp.ceil(-log10(goal) / slowest))
        while True:
            found = at(mpf(10) ** p)
            if found and max(found[0] + [found[1]]) <= goal:
                return p
            p += 1

    rows = []
    for lt in log_ts:
        found = at(q(lt))
        rows.append({"log_t": lt, "rest": None if found is None else [text(x, 30) for x in found[0]],
                     "direction": None if found is None else text(found[1], 30)})
    return {"kind": "law", "mu": mu, "alpha": alpha, "rho": rho, "k_inf": text(k, 20),
            "constants": [text(ratio[j] * m[d] ** power[j], 20) for j in range(d)],
            "of_gd": [text(a[j] ** 2 * a[d] ** (-2 * m[j] / m[d]) * m[d] ** power[j], 20) for j in range(d)],
            "rows": rows, "horizons": [[g, horizon(q(g))] for g in goals]}


def main():
    cases = [
        # Near the start where each of the conditions of thm-4.2 begins to hold.
        law("2 3", "4/3 5/4", "3/2", ["150000", "70000", "9/2"], ["1/20", "1/700"]),
        law("1/3 1/2", "1 3/2", "3/2", ["1000", "145", "143"], ["1/9"]),
        law("1/8 1/3 1/2", "3 2 7/5", "1/3", ["5000", "450", "380"], ["1/30"]),
        law("1/3 1/2", "1 6", "1/2", ["9000", "2000", "1700"], []),
        law("9/20 1/2", "1 5/4", "1/3", ["90000", "100", "60"], []),
        law("1/8 1/2", "1/2 2/3", "1/3", ["3000", "90", "86"], []),
        law("9/20 1/2", "1/9 2", "3/2", ["145", "144", "143"], []),
        law("1/4 1/2", "3 1/2", "1/3", ["2000", "450", "200"], []),
        law("1/200 1/100", "3/2 2/3", "1/90", ["4000", "700"], []),
    ]
    write(__file__, __doc__.split("\n\n")[0].replace("\n", " "), 17, cases)


if __name__ == "__main__":
    main()
