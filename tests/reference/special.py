"""Ei, log Ei, and zeta(log t) at depth 2, one coordinate.

Ei: mpmath and, independently, Arb (python-flint); they must agree. log t(zeta): the defining integral
t = int_0^s (1 + exp(zeta_0 e^(2 mu y))) dy by mpmath quadrature for moderate zeta (no Ei); for large zeta
t = int (1 + e^v)/(2 mu v) dv, i.e. e^-zeta t by quadrature in the offset from zeta. zeta(log t): bisection on that.
"""

import flint
from common import text, write
from mpmath import mp, mpf

mp.dps = 70


def q(x):
    a, _, b = x.partition("/")
    return mpf(a) / mpf(b or 1)


def ei_cases():
    out = []
    for x in ["1/100", "1/3", "1/2", "1", "2", "7/2", "10", "50", "1000/7", "300", "1000", "12345"]:
        v = mp.ei(q(x))
        flint.ctx.dps = 70
        a, _, b = x.partition("/")
        arb = flint.arb(int(a)) / int(b or 1)
        w = mpf(arb.ei().str(60, radius=False))
        assert abs(v - w) < mpf(10) ** -55 * abs(v), x
        out.append({"kind": "ei", "x": x, "scaled": text(v * mp.exp(-q(x))),
                    "log": text(mp.log(v)) if v > 0 else None})
    for x in ["1000000", "1" + "0" * 50]:  # e^-x Ei(x) = int_0^1 e^(-x y)/(1-y) dy-like tail: Arb's rigorous series
        flint.ctx.dps = 120
        # Ei(x) e^-x by PV-free form: -Re E1(-x) e^-x through hypgeom U(1,1,-x)
        u = flint.acb(-flint.arb(int(x))).hypgeom_u(1, 1)
        w = mpf((-u.real).str(60, radius=False))
        out.append({"kind": "ei", "x": x, "scaled": text(w), "log": text(q(x) + mp.log(w))})
    return out


def log_t(mu, zeta0, zeta):
    """By quadrature in v downwards from zeta."""
    span = zeta - zeta0
    cut = min(span, mpf(200) + 3 * mp.log(1 + zeta))
    pts = mp.linspace(0, cut, 24)
    tail = mp.quad(lambda x: mp.exp(-x) / (zeta - x), pts)
    if cut < span:  # the rest is below e^-200
        pass
    ones = mp.log(zeta / zeta0) * mp.exp(-zeta)
    return zeta + mp.log((tail + ones) / (2 * mu))


def clock_cases():
    out = []
    for mu, alpha, rho, logs in [
        ("2", "3/2", "1", ["-5", "-1/10", "0", "1", "5", "20", "100", "1000", "1000000"]),
        ("1/3", "5/4", "1/2", ["-2", "3", "40", "1" + "0" * 12]),
        ("1", "2", "0", ["2", "10", "1" + "0" * 30]),
    ]:
        m, z0 = q(mu), q(mu) * (q(alpha) - q(rho)) ** 2
        for l in logs:
            ell = q(l)
            f = lambda z: log_t(m, z0, z) - ell
            mp.dps = 70 + max(0, int(mp.log10(abs(ell) + 1)))
            ell = q(l)
            k = ell + mp.log(2 * m)
            guess = k + mp.log(k) if k > 3 else None
            if guess is None or guess <= z0:
                # at small t: t ~ (zeta - zeta0)(1 + e^zeta0)/(2 mu zeta0)
                lo = z0 * (1 + mpf(10) ** -20)
                hi = z0 + 10
                for _ in range(20):
                    mid = mp.sqrt(lo * hi)
                    lo, hi = (mid, hi) if f(mid) < 0 else (lo, mid)
                guess = mid
            z = guess
            for _ in range(60):  # Newton with the exact derivative of the defining integral
                lt = log_t(m, z0, z)
                dz = (lt - ell) / (mp.exp(z - lt) + mp.exp(-lt)) * 2 * m * z
                z = z - dz
                if abs(dz) < mpf(10) ** -60 * abs(z):
                    break
            assert abs(dz) < mpf(10) ** -50 * abs(z), (mu, l, dz)
            out.append({"kind": "clock", "mu": mu, "alpha": alpha, "rho": rho, "log_t": l,
                        "zeta": text(z), "lag": text(log_t(m, z0, z) - z)})
            print(out[-1], flush=True)
    mp.dps = 70
    return out


write(__file__, __doc__.split("\n\n")[1].strip().replace("\n", " "), 42, ei_cases() + clock_cases(),
      python_flint=flint.__version__)
