"""Depth 2 and more: bounds and laws of `proofs/*.md`, evaluated from the pages' formulas with mpmath.

Independent of src/predict. Kinds: `depth2`, `deep`,
`constant` (cor-3.5: (3), (4), (5)), `remaining` (thm-3.2: (2)), `gd` (gd.md), `loss` (rescaling.md: (9) and the laws),
`path` (thm-4.4: N, z and z' by numerical differentiation), `weights`
(reduction.md, from the definition), `ablated` (mechanism.md), `deep_sam` (open-questions.md).
"""

from common import text, write
from mpmath import diff, ei, exp, fsum, inf, log, mp, mpf, odefun, sqrt

mp.dps = 50


def q(x):
    a, _, b = x.partition("/")
    return mpf(a) / mpf(b or 1)


def qs(x):
    return [q(y) for y in x.split()]


def depth2(mu, alpha, rho, s, lead):
    m, a, r, s_ = qs(mu), qs(alpha), q(rho), q(s)
    total = fsum((a[i] / (a[lead] - r)) ** 2 * exp(-2 * (m[lead] - (m[i] if a[i] > r else 0)) * s_)
                 for i in range(len(m)) if i != lead)
    return {"kind": "depth2", "mu": mu, "alpha": alpha, "rho": rho, "s": s, "bound": text(2 * total, 35)}


def above(mu, alpha, rho, depth, s):
    """u = w - rho of a coordinate above rho."""
    m = depth - 2
    return ((alpha - rho) ** -m - m * mu * s) ** (-mpf(1) / m)


def deep(mu, alpha, rho, depth, remaining, leaders):
    mus, al, r, rem, m, big = qs(mu), qs(alpha), q(rho), q(remaining), depth - 2, depth
    times = {j: 1 / (m * mus[j] * (al[j] - r) ** m) for j in range(len(mus)) if al[j] > r}
    end = min(times.values())
    assert all(abs(times[j] - end) < mpf(10) ** -40 for j in leaders)
    rest = mpf(0)
    for i in range(len(mus)):
        if i in leaders:
            continue
        if al[i] > r:
            rest += (r + above(mus[i], al[i], r, depth, end)) ** big
        elif al[i] < r and depth % 2 == 0:
            rest += al[i] ** big
        else:
            rest += r ** big
    bound = 2 * rest / fsum((m * mus[j] * rem) ** (-mpf(big) / m) for j in leaders)
    if len(leaders) > 1:
        bound += (1 + r * (m * max(mus[j] for j in leaders) * rem) ** (mpf(1) / m)) ** big - 1
    # The same bound asked at the first leader's w.
    w = r + (m * mus[leaders[0]] * rem) ** (-mpf(1) / m)
    return {"kind": "deep", "mu": mu, "alpha": alpha, "rho": rho, "depth": depth, "remaining": remaining,
            "bound": text(bound, 35), "w": text(w, 45)}


def constant(mu, alpha, rho, depth, s):
    """Odd depth, none above."""
    mus, al, r, s_, m = qs(mu), qs(alpha), q(rho), q(s), depth - 2
    bound = fsum(depth * r ** (depth - 1) * min(r - a, (m * x * s_) ** (-mpf(1) / m) if s_ else inf)
                 for x, a in zip(mus, al) if a < r)
    return {"kind": "constant", "mu": mu, "alpha": alpha, "rho": rho, "depth": depth, "s": s,
            "bound": text(bound, 35), "direction": text(2 * bound / (len(mus) * r ** depth), 35)}


def remaining(mu, alpha, rho, depth, log_t, leaders):
    mus, al, r, lt, m, big = qs(mu), qs(alpha), q(rho), q(log_t), depth - 2, depth
    end = 1 / (m * mus[leaders[0]] * (al[leaders[0]] - r) ** m)
    z = mpf(0)
    for i in range(len(mus)):
        if i not in leaders:
            if al[i] > r:
                z += mus[i] * above(mus[i], al[i], r, depth, end) ** big
            elif al[i] < r and depth % 2 == 0:
                z += mus[i] * r ** big
    a = fsum(mus[j] * (m * mus[j]) ** (-mpf(big) / m) for j in leaders)
    bracket = lt - log(2 * end) - z
    bound = None if bracket <= 0 else text((a / bracket) ** (mpf(m) / big), 35)
    return {"kind": "remaining", "mu": mu, "alpha": alpha, "rho": rho, "depth": depth, "log_t": log_t, "bound": bound}


def gd(mu, alpha, s):
    m, a, s_ = qs(mu), qs(alpha), q(s)
    d = len(m) - 1
    bound = 2 * fsum((a[i] / a[d]) ** 2 * exp(-2 * (m[d] - m[i]) * s_) for i in range(d))
    return {"kind": "gd", "mu": mu, "alpha": alpha, "s": s, "bound": text(bound, 35),
            "log_ratio": text(2 * log(a[0] / a[d]) + 2 * (m[0] - m[d]) * s_, 45),
            "beta": [text(a[j] ** 2 * exp(2 * m[j] * s_), 45) for j in range(d + 1)]}


def loss(mu, alpha, rho, log_t):
    m, a, r, lt = q(mu), q(alpha), q(rho), q(log_t)
    out = {"kind": "loss", "mu": mu, "alpha": alpha, "rho": rho, "log_t": log_t}
    kappa, zeta0 = lt + log(2 * m), m * (a - r) ** 2
    # The condition as computed: at least ln(kappa) + |A|.
    large = 2 * max(log(kappa) + abs(log(zeta0)), abs(ei(zeta0)))
    if kappa < 4 or lt <= 1 or kappa**2 * exp(-kappa) * large > 1:
        return out | {"zeta": None}
    y = kappa - 3 / kappa
    low, high = y + log(y), kappa + log(kappa) + log(kappa) / (kappa - 1)
    lead = lt + log(lt) + log(2 * m)

    def at_theta(z):
        return z + 2 * r * sqrt(m * z) + m * r**2

    theta = -lead - 2 * r * sqrt(m * lt) - m * r**2
    laws = {"zeta": (lead, low - lead, high - lead), "perturbed": (-lead, -high + lead - exp(-kappa), -low + lead),
            "theta": (theta, -at_theta(high) - theta - exp(-kappa), -at_theta(low) - theta)}
    return out | {k: [text(x, 40) for x in v] for k, v in laws.items()}


def norm_of(mu, alpha, s, k):
    return sqrt(2 * fsum(m**2 * (a * exp(m * s - m**2 * k)) ** 2 for m, a in zip(mu, alpha)))


def margin(mu, alpha, rho, s, k):
    c = rho / norm_of(mu, alpha, s, k)
    return fsum(m * (a * exp(m * s - m**2 * k)) ** 2 * (1 - c * m) ** 2 for m, a in zip(mu, alpha))


def path_case(mu, alpha, rho, s, k):
    m, a, r, s_, k_ = qs(mu), qs(alpha), q(rho), q(s), q(k)
    c = r / norm_of(m, a, s_, k_)
    rate = diff(lambda h: margin(m, a, r, s_ + h, k_ + h * c + h**2 * change(m, a, r, s_, k_) / 2), 0, h=mpf(10) ** -16)
    return {"kind": "path", "mu": mu, "alpha": alpha, "rho": rho, "s": s, "k": k,
            "log_beta": [text(2 * log(x) + 2 * i * s_ - 2 * i**2 * k_) for i, x in zip(m, a)],
            "norm": text(norm_of(m, a, s_, k_)), "margin": text(margin(m, a, r, s_, k_)), "rate": text(rate, 25)}


def weights(mu, first, second, rho, s, k):
    """Any signs, K given: the layers, N, z from the definition, and K' with its derivative by K."""
    m, a, b, r, s_, k_ = qs(mu), qs(first), qs(second), q(rho), q(s), q(k)

    def layers(k):
        p = [(x + y) * exp(i * s_ - i**2 * k) for i, x, y in zip(m, a, b)]
        o = [(x - y) * exp(-i * s_ - i**2 * k) for i, x, y in zip(m, a, b)]
        return [(x + y) / 2 for x, y in zip(p, o)], [(x - y) / 2 for x, y in zip(p, o)]

    def rate(k):
        return r / sqrt(fsum(i**2 * (x**2 + y**2) for i, x, y in zip(m, *layers(k))))

    one, two = layers(k_)
    c = rate(k_)
    z = fsum(i * (x - c * i * y) * (y - c * i * x) for i, x, y in zip(m, one, two))
    return {"kind": "weights", "mu": mu, "first": first, "second": second, "rho": rho, "s": s, "k": k,
            "layers": [[text(x) for x in one], [text(x) for x in two]], "margin": text(z), "rate": text(c),
            "by_k": text(diff(rate, k_, h=mpf(10) ** -16), 25)}


def ablated(mu, alpha, rho, s):
    """K of the unnormalised perturbation: its rate at (s, K = 1/3), the derivative by K, and K(s) itself."""
    m, a, r, s_ = qs(mu), qs(alpha), q(rho), q(s)

    def rate(s, k):
        return r / (1 + exp(fsum(i * x**2 * exp(2 * i * s - 2 * i**2 * k) for i, x in zip(m, a))))

    mp.dps = 30
    k = odefun(lambda s, y: [rate(s, y[0])], 0, [mpf(0)])(s_)[0]
    mp.dps = 50
    return {"kind": "ablated", "mu": mu, "alpha": alpha, "rho": rho, "s": s, "k": text(k, 25),
            "rate": text(rate(s_, mpf(1) / 3)), "by_k": text(diff(lambda k: rate(s_, k), mpf(1) / 3), 25)}


def deep_sam(mu, w, rho, depth, h):
    """2-SAM at depth 3 and more: the rates at w, and w after the time h."""
    m, w_, r, h_ = qs(mu), qs(w), q(rho), q(h)

    def field(_, w):
        n = sqrt(depth) * sqrt(fsum((i * x ** (depth - 1)) ** 2 for i, x in zip(m, w)))
        return [i * (x - r * i * x ** (depth - 1) / n) ** (depth - 1) for i, x in zip(m, w)]

    rates = field(0, w_)
    mp.dps = 20
    after = odefun(field, 0, w_)(h_)
    mp.dps = 50
    return {"kind": "deep_sam", "mu": mu, "w": w, "rho": rho, "depth": depth, "h": h,
            "rates": [text(x, 30) for x in rates], "after": [text(x, 18) for x in after]}


def change(mu, alpha, rho, s, k):
    """d^2 K/ds^2."""
    c = rho / norm_of(mu, alpha, s, k)
    return diff(lambda h: rho / norm_of(mu, alpha, s + h, k + h * c), 0, h=mpf(10) ** -16)


def main():
    cases = [
        depth2("2 3 5/2", "3 1/2 7/2", "3/2", "3/4", 2),
        depth2("2 3 5/2", "3 3/2 11/4", "3/2", "5", 2),
        deep("2 3 5", "1/2 7/2 5/2", "3/2", 3, "1/7", [1]),
        deep("2 3 5", "1/2 7/2 8/5", "3/2", 4, "1/70", [1]),
        deep("2 3 5", "5/4 3/2 7/2", "3/2", 5, "1/700", [2]),
        deep("2 3 6 5", "3 5/2 9/5 1/2", "3/2", 3, "1/9", [0, 1]),
        deep("2 8 3", "7/2 5/2 5/4", "3/2", 4, "1/900", [0, 1]),
        deep("16 2 3", "5/2 7/2 8/5", "3/2", 5, "1/9000", [0, 1]),
        constant("2 3 5", "1/2 3/2 5/4", "3/2", 3, "7/3"),
        constant("2 3 5", "1/2 3/2 5/4", "3/2", 5, "7/30"),
        constant("2 3 5", "1/2 4/3 5/4", "3/2", 7, "0"),
        remaining("2 3 5", "1/2 7/2 5/2", "3/2", 3, "2000", [1]),
        remaining("2 3 5", "1/2 7/2 5/2", "3/2", 3, "20", [1]),
        remaining("2 3 5", "1/2 7/2 8/5", "3/2", 4, "110", [1]),
        remaining("2 3 5", "1/2 7/2 8/5", "3/2", 4, "5", [1]),
        remaining("16 2 3", "5/2 7/2 8/5", "3/2", 5, "70", [0, 1]),
        remaining("5 7 3", "2 2/3 4/3", "3/2", 6, "200", [0]),
        remaining("2 3 5", "1/2 7/2 5/2", "3/2", 3, "-3", [1]),
        gd("2 3 7/2", "3/2 5/4 2/3", "5/3"),
        gd("1/2 4/3", "3 5", "7"),
        loss("3", "5/2", "4/3", "12"),
        loss("3", "5/2", "4/3", "400"),
        loss("2/3", "3", "1/2", "90"),
        loss("2/3", "2/3", "1/2", "9"),
        loss("3", "5/2", "4/3", "3"),
        loss("3", "5", "4/3", "21"),
        loss("9", "5/3", "4/3", "3/2"),
        loss("1/300", "3", "4/3", "8"),
        # kappa = log t: just below 4, 4 itself, and where only the last condition fails; then log t <= 1.
        loss("1/2", "1299/500", "4/3", "39/10"),
        loss("1/2", "1299/500", "4/3", "4"),
        loss("1/2", "329/150", "4/3", "47/10"),
        loss("1/2", "329/150", "4/3", "24/5"),
        loss("100", "1397/1000", "4/3", "1/2"),
        loss("100", "1397/1000", "4/3", "1"),
        loss("100", "1397/1000", "4/3", "6/5"),
        path_case("2 3 5", "1/2 2/3 3/4", "4/3", "1/7", "2/9"),
        path_case("3/2 4", "5/3 1/7", "2/5", "3/4", "1/6"),
        weights("2 3 5", "1/2 -2/3 3/4", "1/3 5/4 -2", "4/3", "1/7", "2/9"),
        weights("3/2 4", "5/3 2/7", "-1/3 2/7", "2/5", "3/4", "1/6"),
        ablated("2 3 7/2", "1/2 2/3 1/5", "4/3", "3/7"),
        ablated("3/2 5", "1/3 1/4", "3", "2/5"),
        deep_sam("2 3 7/2", "1/2 2/3 4/5", "5/4", 3, "1/300"),
        deep_sam("2 3", "3/2 2/3", "3/4", 4, "1/500"),
    ]
    write(__file__, __doc__.split("\n\n")[0].replace("\n", " "), 30, cases)


if __name__ == "__main__":
    main()
