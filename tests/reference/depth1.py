"""Depth 1: where v = beta - w log t rests, and how fast it comes to rest.

Independent of src/predict: the support is found by trying every active set over the rationals; the limit is the zero,
by mpmath's findroot, of the field from its definition: the exponential loss on the support, its gradient, the
perturbation, the gradient at the perturbed point (Filippov's combination, with lambda unknown too, where a coordinate is said
to slide); the exponents are the eigenvalues of the Jacobian of that field, by numerical differentiation. The single
example: mpmath's Lambert W, or a bisection on u + e^u = K where e^K overflows.
"""

from fractions import Fraction
from itertools import combinations

from common import text, write
from mpmath import diff, exp, findroot, lambertw, log, matrix, mp, mpf, sqrt
from mpmath import eig as mp_eig

mp.dps = 60


def frac(rows):
    return [[Fraction(x) for x in r.split()] for r in rows.split(";")]


def number(x):
    return mpf(x.numerator) / x.denominator


def solve(a, b):
    n = len(a)
    m = [r[:] + [x] for r, x in zip(a, b)]
    for i in range(n):
        p = next((k for k in range(i, n) if m[k][i] != 0), None)
        if p is None:
            return None
        m[i], m[p] = m[p], m[i]
        m[i] = [x / m[i][i] for x in m[i]]
        for k in range(n):
            if k != i:
                m[k] = [x - m[k][i] * y for x, y in zip(m[k], m[i])]
    return [r[-1] for r in m]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def max_margin(z):
    best = None
    for k in range(1, len(z) + 1):
        for s in combinations(range(len(z)), k):
            rows = [z[n] for n in s]
            a = solve([[dot(u, v) for v in rows] for u in rows], [Fraction(1)] * k)
            if a is None:
                continue
            w = [sum(c * r[j] for c, r in zip(a, rows)) for j in range(len(z[0]))]
            if all(dot(r, w) >= 1 for r in z) and (best is None or dot(w, w) < dot(best[0], best[0])):
                best = (w, list(s))
    return best


def case(name, rows, norm, rho, sliding=None):
    z = frac(rows)
    w, support = max_margin(z)
    n, d, k = len(z), len(z[0]), len(support)
    zs = [[number(x) for x in z[i]] for i in support]
    wf = [number(x) for x in w]
    rho = mpf(Fraction(rho).numerator) / Fraction(rho).denominator

    def ascent(v):
        """Minus the gradient of the exponential loss (1/N) sum_S e^-<z_n, v>."""
        return [sum(exp(-dot(r, v)) * r[j] for r in zs) / n for j in range(d)]

    def field(v, eps):
        g = ascent([x + e for x, e in zip(v, eps)])
        return [x - y for x, y in zip(g, wf)]

    def perturbation(v, side=None):
        g = ascent(v)
        if norm == "l2":
            size = sqrt(dot(g, g))
            return [-rho * x / size for x in g]
        if norm == "linf":
            s = [1 if x > 0 else -1 for x in g]
            if side:
                s[sliding] = side
            return [-rho * x for x in s]
        return [mpf(0)] * d

    def at(b):
        return [sum(c * r[j] for c, r in zip(b, zs)) for j in range(d)]

    gram = matrix([[dot(u, v) for v in zs] for u in zs])

    def two_sided(v):
        return field(v, perturbation(v, 1)), field(v, perturbation(v, -1))

    def sliding_field(v):
        """Filippov: the combination that keeps the ascent at 0."""
        plus, minus = two_sided(v)
        slope = [-sum(exp(-dot(r, v)) * r[sliding] * r[j] for r in zs) / n for j in range(d)]
        up, down = dot(slope, plus), dot(slope, minus)
        lam = down / (down - up)
        return [lam * p + (1 - lam) * m for p, m in zip(plus, minus)]

    # Start of the search: that of gradient descent with e^(-<z_n, v>) of size 1; damped Euler steps bring it near.
    def motion(v):
        return sliding_field(v) if sliding is not None else field(v, perturbation(v))

    if sliding is None:
        v = [mpf(0)] * d
        mp.dps = 15
        for _ in range(4000):
            f = motion(v)
            step = mpf("0.02")
            v = [x + step * y for x, y in zip(v, f)]
        mp.dps = 60
        b0 = mp.lu_solve(gram, matrix([dot(r, v) for r in zs]))
        root = findroot(lambda *b: [dot(r, motion(at(b))) for r in zs], list(b0), tol=1e-100)
        b = list(root)
    else:
        def equations(*x):
            v, lam = at(x[:-1]), x[-1]
            plus, minus = two_sided(v)
            mixed = [lam * p + (1 - lam) * m for p, m in zip(plus, minus)]
            return [dot(r, mixed) for r in zs] + [ascent(v)[sliding]]

        # Damped Newton from a grid of starts; the signs of the others have to be those assumed, which motion() uses.
        b = None
        for lam in ["0.5", "0.1", "0.9", "0.7", "0.3"]:
            try:
                v0 = mp.lu_solve(gram, matrix([log(mpf(2))] * k))
                root = findroot(equations, list(v0) + [mpf(lam)], tol=1e-90, maxsteps=200)
                if 0 < root[k] < 1:
                    b = list(root)[:k]
                    break
            except (ValueError, ZeroDivisionError):
                continue
        assert b is not None, name
    v = at(b)

    # Jacobian in the coordinates xi_m = <z_m, v>.
    inverse = gram**-1
    jacobian = matrix(k, k)
    mp.dps = 90
    for i in range(k):
        direction = at([inverse[m, i] for m in range(k)])
        for m in range(k):
            jacobian[m, i] = diff(
                lambda h: dot(zs[m], motion([x + h * y for x, y in zip(v, direction)])), 0, h=mpf(10) ** -30
            )
    mp.dps = 60
    values = [-x.real for x in mp_eig(jacobian, left=False, right=False)]
    if sliding is not None:
        values.sort(key=abs)
        values = values[1:]  # the direction across the surface, which the sliding field keeps
    margins = [number(dot(r, w)) for r in z]
    rates = sorted(values + [m - 1 for i, m in enumerate(margins) if i not in support])
    return {
        "name": name, "z": [[str(x) for x in r] for r in z], "norm": norm, "rho": str(rho), "support": support,
        "constants": [text(dot(r, v), 40) for r in zs], "rates": [text(x, 25) for x in rates],
        "sliding": sliding,
    }


def one_example(mu, alpha, norm, rho, log_t):
    mu, alpha = frac(mu)[0], frac(alpha)[0]
    size = number(dot(mu, mu))
    rho_q = Fraction(rho)
    shift = {"none": mpf(0), "l2": number(rho_q) * sqrt(size), "linf": number(rho_q * sum(abs(x) for x in mu))}[norm]
    start = number(dot(mu, alpha)) - shift
    lt = number(Fraction(log_t))
    mp.dps = 60 + int(abs(lt) / 2)
    big_k = size * exp(lt) + start + exp(start)
    if lt < 10:
        u = big_k - lambertw(exp(big_k)).real
    else:
        low, high = mpf(0), log(big_k)
        for _ in range(int(mp.prec)):
            mid = (low + high) / 2
            low, high = (mid, high) if mid + exp(mid) < big_k else (low, mid)
        u = low
    out = {"mu": [str(x) for x in mu], "alpha": [str(x) for x in alpha], "norm": norm, "rho": rho, "log_t": log_t,
           "u": text(u + shift, 45), "lag": text(lt - u, 45)}
    mp.dps = 60
    return out


def main():
    sets = [
        ("plane", "3 -1;-1 2", None), ("spans", "1 2;2 1/2", None), ("does not span", "1 1 0;1 -1/2 1;2 2 3", None),
        ("space", "1 0 1/2;0 1 1/2;1 1/2 -1/4", None), ("slow", "1 1/4;1 -1/4;3 1", None),
    ]
    cases = []
    for name, rows, _ in sets:
        cases.append(case(name, rows, "none", "0"))
        cases.append(case(name, rows, "l2", "1/2"))
    cases.append(case("consistent", "1 2;2 1/2", "linf", "1/2"))
    cases.append(case("consistent, space", "1 0 1/2;0 1 1/2;1 1/2 -1/4", "linf", "1/4"))
    cases.append(case("slides, plane", "3 -1;-1 2", "linf", "1", sliding=0))
    cases.append(case("slides, space", "3/2 5/4 3/4;3/4 1/4 3/2;1/4 -1 -1/2", "linf", "1/2", sliding=2))
    single = [one_example("1 2", "1/3 -1/2", norm, rho, log_t)
              for norm, rho in [("none", "0"), ("l2", "1/2"), ("linf", "1/2")] for log_t in ["1", "5/2", "40", "300"]]
    write(__file__, __doc__.strip().splitlines()[0], 22, [{"limits": cases, "one_example": single}])


if __name__ == "__main__":
    main()
