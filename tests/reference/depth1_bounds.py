"""Depth 1: the remainder bounds of `proofs/thm-3.1.md` and `proofs/thm-4.1.md`, evaluated from the pages' formulas.

Independent of src/predict: support and multipliers by trying every active set over the rationals, `H` as a matrix on the
whole space (its zero eigenvalues dropped), numbers by mpmath. Where the page says "found by trial" the trial is
`tau_0 = tau_s, (tau_0 + 1) 9/8, ...`. Each case names the data, the norm, the start and the times; `null` is "no bound".
"""

from fractions import Fraction

from common import text, write
from depth1 import dot, frac, max_margin, number, solve
from mpmath import eigsy, exp, log, matrix, mp, mpf, sqrt

mp.dps = 50


def size(x):
    return sqrt(number(dot(x, x)))


class Data:
    def __init__(self, rows, norm, rho, signs=None):
        self.z, self.norm, self.rho = frac(rows), norm, number(Fraction(rho))
        self.w, self.s = max_margin(self.z)
        self.n, self.d = len(self.z), len(self.w)
        chosen = [self.z[i] for i in self.s]
        gram = [[dot(u, v) for v in chosen] for u in chosen]
        self.a = [number(x) for x in solve(gram, [Fraction(1)] * len(chosen))]
        h = matrix(self.d, self.d)
        for a, row in zip(self.a, chosen):
            for i in range(self.d):
                for j in range(self.d):
                    h[i, j] += a * number(row[i]) * number(row[j])
        values = sorted(eigsy(h, eigvals_only=True))[self.d - len(chosen):]
        self.low, self.high = values[0], values[-1]
        self.margins = [dot(r, self.w) for r in self.z]
        self.out = [i for i in range(self.n) if i not in self.s]
        self.gap = min([number(self.margins[i]) - 1 for i in self.out], default=mpf("inf"))
        self.Z = max(size(r) for r in chosen)
        self.amax = max(self.a)
        self.wn = size(self.w)
        self.A = sum(a * size(r) for a, r in zip(self.a, chosen))
        # Signs of the law: sum_S a_n e^(-rho <z_n, s>) z_n has the signs s.
        self.signs = signs or [0] * self.d
        if signs:
            for j in range(self.d):
                push = sum(a * exp(-self.rho * self.along(r, signs)) * number(r[j]) for a, r in zip(self.a, chosen))
                assert push * signs[j] > 0
        lift = {"none": lambda r: mpf(0), "l2": lambda r: self.rho / self.wn,
                "linf": lambda r: self.rho * self.along(r, self.signs)}[norm]
        c = [-log(self.n * a) + lift(r) for a, r in zip(self.a, chosen)]
        inverse = matrix([[number(x) for x in row] for row in gram]) ** -1
        b = [sum(inverse[i, j] * c[j] for j in range(len(c))) for i in range(len(c))]
        # The limit of v, in span S; that of the perturbed path is off it by eps = -rho s.
        self.v = [sum(x * number(r[j]) for x, r in zip(b, chosen)) for j in range(self.d)]
        self.v_hat = [x - self.rho * s for x, s in zip(self.v, self.signs)] if norm == "linf" else self.v
        self.g1 = sum(size(r) * self.n * a**2 for a, r in zip(self.a, chosen))

    @staticmethod
    def along(row, v):
        return sum(number(x) * y for x, y in zip(row, v))

    def outer(self):
        """Norm, margin - 1 and <z_n, v> of the samples outside the support."""
        return [(size(self.z[i]), number(self.margins[i]) - 1, i) for i in self.out]

    def law2(self, B, push, tau0, tau):
        """(2) of thm-3.1."""
        kappa = min(mpf(1), self.low, self.gap)
        q0 = self.n * self.amax * exp(self.Z * B) * exp(-tau0)
        y = exp(self.Z * B) + self.Z * push * (tau - tau0)
        return mp.e * (mp.e * (1 + q0)) ** kappa * y * exp(-kappa * (tau - tau0))

    def from_start(self, start, settled, tau):
        eps = [-self.rho * s for s in self.signs] if self.norm == "linf" else [mpf(0)] * self.d
        apart = sqrt(sum((a + e - v) ** 2 for a, e, v in zip(start, eps, self.v_hat)))
        moved = max(size(r) for r in self.z) * (exp(number(settled)) - 1)
        r0 = apart + moved + self.wn * number(settled)
        along = [self.along(self.z[i], self.v_hat) for i in self.out]
        B = r0 + self.g1 + sum(z / self.n * exp(-x) / m for (z, m, _), x in zip(self.outer(), along))

        def push(at):
            parts = [(z / self.n * exp(-x + z * B - m * at), m) for (z, m, _), x in zip(self.outer(), along)]
            inner = self.g1 * exp(-at)
            return inner + sum(p for p, _ in parts), inner + sum(p / m for p, m in parts)

        tau0 = settled
        while self.Z * push(number(tau0))[1] > 1:
            tau0 = (tau0 + 1) * 9 / 8
            if tau is not None and tau0 > tau:
                return None, tau0
        tau = tau0 if tau is None else tau
        return self.law2(B, push(number(tau0))[0], number(tau0), number(tau)), tau0

    def near(self):
        """(d_0, r_1 or r_0)."""
        if self.norm != "l2":
            return sqrt(self.low) / (4 * self.Z * self.wn), 1 / (4 * self.Z)
        theta, cap = self.rho / self.wn, 1 / (4 * self.Z)
        steep = self.high + mpf(3) / 4 * self.A * self.Z**2 * cap
        big_e = self.Z * cap * (1 + 2 * theta * steep) + 1
        m = (mpf(3) / 4 * self.high * theta * self.A * self.Z**2 + 10 * self.high * self.rho * steep**2 / self.wn**2
             + self.A * self.Z**2 * exp(big_e) * (1 + 2 * theta * steep) ** 2)
        kappa = min(mpf(1), self.low * (1 + theta * self.low))
        r0 = min(kappa / (4 * m), cap, self.wn / (4 * steep))
        self.big_e = big_e
        return r0 * sqrt(self.low) / (4 * self.wn), r0

    def from_near(self, tau1, tau):
        _, r = self.near()
        if self.norm != "l2":
            reach = r + self.rho * sqrt(self.d)

            def push(B):
                parts = [(z / self.n * exp(m * tau1 / 2 + z * reach + z * B - m * tau1), m) for z, m, _ in self.outer()]
                inner = self.g1 * exp(-tau1)
                return inner + sum(p for p, _ in parts), inner + sum(p / m for p, m in parts)

            B = r + push(mpf(0))[1]
            if self.Z * push(B)[1] > 1:
                return None
            return self.law2(B, push(B)[0], tau1, tau)
        theta = self.rho / self.wn
        logistic = self.A * self.n * self.amax * exp(-tau1)

        def outside(more):
            return sum(z / self.n * exp((more + 3 * r) * z - m * tau1 / 2) for z, m, _ in self.outer())

        j = mpf("4.5") * logistic + exp(theta) * outside(0)
        f = (self.high * theta * j + 10 * self.high * self.rho * j**2 / self.wn**2
             + 4 * self.A * self.Z**2 * exp(self.big_e) * theta**2 * j**2
             + 3 * logistic * exp(2 * self.big_e) + outside(self.rho))
        gamma = min(mpf(1), self.gap)
        if j > self.wn / 4 or 2 * self.Z * theta * j > 1 or f / gamma > r / 4 or outside(self.rho) / gamma > r:
            return None
        k = mpf(3) / 4 * min(mpf(1), self.low * (1 + theta * self.low), gamma)
        return self.Z * (r / 4 + f * (tau - tau1)) * exp(-k * (tau - tau1))

    def arrival(self, start):
        apart = sqrt(sum((a - v) ** 2 for a, v in zip(start, self.v)))
        return self.Z * (apart + 2 * self.rho * sqrt(self.d)) / min(mpf(1), self.low, self.gap)

    def sliding(self, start, tau, kappa):
        norms = [sqrt(sum(x * x for x in v)) for v in (start, self.v)]
        return exp(2 * self.Z * (sum(norms) + 1)) * (1 + tau) * exp(-kappa * tau)

    def rest(self, start, settled):
        turn = 2 * self.rho * sqrt(self.d)
        moved = max(size(r) for r in self.z) * (exp(settled) - 1) + self.wn * settled
        pushed = sum(z / self.n * exp(turn * z - self.along(self.z[i], self.v)) / m for z, m, i in self.outer())
        norms = [sqrt(sum(x * x for x in v)) for v in (start, self.v)]
        return sqrt(self.d) * (norms[0] + 2 * norms[1] + turn + moved + self.g1 + pushed)

    def tangent(self, tau):
        if len(self.s) < self.d:
            return None
        w = [number(x) for x in self.w]
        along = sum(x * y for x, y in zip(self.v, w)) / self.wn
        off = sqrt(sum(x * x for x in self.v) - along**2)
        return off / (self.wn * tau + along)


SETS = [
    # data, norm, rho, signs, start, settled, tau (None: the first time at which there is a bound), tau_1, later
    ("1 2;2 1/2;3 5/2;4 -1", "none", "0", None, "3/2 -1/3", "3/4", "150", "70", "190"),
    ("3 -1;-1 2;4 5", "l2", "1/3", None, "1/2 2/3", "1/2", "140", "150", "210"),
    ("1 1 0;1 -1/2 1;2 2 3", "none", "0", None, "1 -1 1/2", "2/3", "90", "60", "130"),
    ("1 1 0;1 -1/2 1;2 2 3;3/2 2 4", "l2", "1/4", None, "2 3 -1/2", "1/5", "170", "160", "220"),
    ("1 2;2 1/2;3 5", "linf", "1/2", [1, 1], "2 1/3", "5/4", "80", "60", "110"),
    ("3/4 3/4 1/4;2 3/2 1;5/4 -1 5/4;0 0 3/4", "linf", "1/4", [1, 1, 1], "7/4 1 -1", "3/2", "650", "170", "260"),
    ("-1 2;-2 1/2;-3 5", "linf", "1/3", [-1, 1], "-2 1/3", "3/4", "80", "60", "110"),
    ("1 1/4;1 -1/4;3 1", "none", "0", None, "1/3 2", "3/2", "200", "90", "400"),
    ("3/2 1;2 -1/3;5/4 -1/5", "l2", "2/5", None, "1/4 -3", "7/8", "600", "900", "1400"),
    ("1 2;2 1/2", "none", "0", None, "1/3 2/5", "4/3", "70", "40", "40"),
    ("1 2;2 1/2;3 5/2", "none", "0", None, "1/7 2/5", "0", None, "30", "30"),
    ("3 -1;-1 2;4 5", "l2", "1/3", None, "1/2 2/3", "2", "60", "45", "45"),
    ("2 -1/3;5/4 1/2", "none", "0", None, "3 1/5", "1/3", None, "3", "80"),
    ("2 -1/3;5/4 1/2", "l2", "1/6", None, "3 1/5", "1/3", "50", "3", "80"),
    # Short samples: ||w|| is many times Lambda'.
    ("1/29 2/29;2/29 1/58", "l2", "1/3", None, "5/2 1/3", "4/7", "90", "80", "95"),
    # The first eighth of a unit at which there is a bound from nearness on, and the last at which there is none.
    ("1 1 0;1 -1/2 1;2 2 3;3/2 2 4", "l2", "1/4", None, "2 3 -1/2", "1/5", "170", "23/2", "50"),
    ("1 1 0;1 -1/2 1;2 2 3;3/2 2 4", "l2", "1/4", None, "2 3 -1/2", "1/5", "170", "91/8", "50"),
    ("3 -1;-1 2;4 5", "l2", "1/3", None, "1/2 2/3", "1/2", "140", "20", "60"),
    ("3 -1;-1 2;4 5", "l2", "1/3", None, "1/2 2/3", "1/2", "140", "159/8", "60"),
    ("3/2 1;2 -1/3;5/4 -1/5", "l2", "2/5", None, "1/4 -3", "7/8", "600", "3575/8", "600"),
    ("3/2 1;2 -1/3;5/4 -1/5", "l2", "2/5", None, "1/4 -3", "7/8", "600", "1787/4", "600"),
    ("2 -1/3;5/4 1/2", "l2", "1/6", None, "3 1/5", "1/3", "50", "417/8", "80"),
    ("2 -1/3;5/4 1/2", "l2", "1/6", None, "3 1/5", "1/3", "50", "52", "80"),
    ("1 2;2 1/2;3 5/2;4 -1", "none", "0", None, "3/2 -1/3", "3/4", "150", "121/8", "60"),
    ("1 2;2 1/2;3 5/2;4 -1", "none", "0", None, "3/2 -1/3", "3/4", "150", "15", "60"),
    ("3/4 3/4 1/4;2 3/2 1;5/4 -1 5/4;0 0 3/4", "linf", "1/4", [1, 1, 1], "7/4 1 -1", "3/2", "650", "23/4", "30"),
    ("3/4 3/4 1/4;2 3/2 1;5/4 -1 5/4;0 0 3/4", "linf", "1/4", [1, 1, 1], "7/4 1 -1", "3/2", "650", "45/8", "30"),
]


def main():
    cases = []
    for rows, norm, rho, signs, start, settled, tau, tau1, late in SETS:
        data = Data(rows, norm, rho, signs)
        first = [number(Fraction(x)) for x in start.split()]
        values = {}
        if norm != "l2":
            at = None if tau is None else Fraction(tau)
            values["from_start"], tau0 = data.from_start(first, Fraction(settled), at)
            tau = str(tau0) if tau is None else tau
        t = [number(Fraction(x)) for x in (settled, tau, tau1, late)]
        values |= {
            "distance": data.near()[0],
            "from_near": data.from_near(t[2], t[3]),
            "arrival": data.arrival(first),
            "in_span": data.wn * mpf(3) / 7 / sqrt(data.low),
            "rest": data.rest(first, t[0]),
            "direction": 2 * mpf(5) / 3 / (sum(abs(number(x)) for x in data.w) * t[1]),
            "stiffness": data.high * (1 + (data.rho / data.wn * data.high if norm == "l2" else 0)),
            "tangent": data.tangent(t[1]),
        }
        if norm != "linf":
            theta = data.rho / data.wn
            values["sliding"] = data.sliding(first, t[1], min(1, data.gap, data.low * (1 + theta * data.low)))
        out = {"z": rows, "norm": norm, "rho": rho, "start": start, "settled": settled, "tau": tau, "tau_1": tau1,
               "late": late, "support": data.s}
        out.update({k: None if x is None else text(x, 45) for k, x in values.items()})
        cases.append(out)
        print(rows, norm, {k: None if x is None else mp.nstr(x, 5) for k, x in values.items()},
              mp.nstr(data.low, 4), mp.nstr(data.gap, 4), data.s)
    write(__file__, __doc__.split("\n\n")[0].replace("\n", " "), 18, cases)


if __name__ == "__main__":
    main()
