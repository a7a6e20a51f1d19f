"""inf-SAM on the diagonal network from its ORIGINAL DEFINITION, in mpmath: no closed form of the flow is used.

State: L layers of d numbers. eps = rho * sign(grad Loss) layer by layer, theta^ = theta + eps, and
    d theta/dt = -grad Loss(theta^)                      (original clock t)
    d theta/ds = -grad Loss(theta^) / S,  S = sigma(-<mu, beta(theta^)>)   (rescaled clock s)
for one example z = mu. A Taylor series of the state is built degree by degree from that right-hand side, the sign
pattern being fixed on a step; an event (a coordinate reaching zero) ends the step.

Filippov's pin: with all L layers of coordinate j equal, the field at w_j = 0+ and at w_j = 0- is taken from the same
definition with the signs of the two sides. If it points to zero from both, the coordinate stays, and what it adds to
<mu, beta(theta^)> is the value common to both sides (checked to be common).
"""

from mpmath import mp, mpf


def perturbation(signs, rho):
    """eps = rho sign(grad): for one example grad_l = -sigma mu_j prod_{k != l} w_k, sigma, mu_j > 0."""
    out = []
    for layer in range(len(signs)):
        sign = -1
        for k, s in enumerate(signs):
            if k != layer:
                sign *= s
        out.append(rho * sign)
    return out


def one_sided(mu_j, signs, values, rho):
    """(velocity of each layer in s, beta^_j) for given signs of the layers of one coordinate."""
    hat = [v + e for v, e in zip(values, perturbation(signs, rho))]
    velocity = []
    for layer in range(len(hat)):
        product = mu_j
        for k, h in enumerate(hat):
            if k != layer:
                product *= h
        velocity.append(product)
    beta_hat = mpf(1)
    for h in hat:
        beta_hat *= h
    return velocity, beta_hat


def pinned_beta_hat(mu_j, L, rho):
    """None if w_j = 0 (all layers) is crossed; else the common beta^_j of the two sides."""
    up, b_up = one_sided(mu_j, [1] * L, [mpf(0)] * L, rho)
    down, b_down = one_sided(mu_j, [-1] * L, [mpf(0)] * L, rho)
    if up[0] < 0 < down[0]:
        assert b_up == b_down, "the clock would depend on the mixture"
        return b_up
    return None


# --- truncated power series in the step variable -------------------------------------------------------------

def product_coefficient(f, g, k):
    """Coefficient k of f g."""
    return mp.fdot((f[i], g[k - i]) for i in range(k + 1))


def taylor(mu, layers, rho, pinned, order, clock=True):
    """Taylor coefficients in s of each layer of each coordinate and, with the clock, of t: dt/ds = 1/S = 1 + e^z."""
    L, d = len(layers), len(mu)
    w = [[[layers[l][j]] for j in range(d)] for l in range(L)]
    z, e, t = [], [], [mpf(0)]
    one = [mpf(1)] + [mpf(0)] * order
    # hat[j][l]: perturbed layer; before[j][l], after[j][l]: products of the perturbed layers on its two sides.
    hat = [[[] for _ in range(L)] for _ in range(d)]
    before = [[one] + [[] for _ in range(L)] for _ in range(d)]
    after = [[[] for _ in range(L)] + [one] for _ in range(d)]
    eps = [perturbation([mp.sign(layers[l][j]) for l in range(L)], rho) for j in range(d)]
    for k in range(order):
        zk = mpf(0)
        velocity = [[mpf(0)] * d for _ in range(L)]
        for j in range(d):
            if pinned[j] is not None:
                zk += mu[j] * pinned[j] if k == 0 else 0
                continue
            for l in range(L):
                hat[j][l].append(w[l][j][k] + (eps[j][l] if k == 0 else 0))
            for l in range(L):
                before[j][l + 1].append(product_coefficient(before[j][l], hat[j][l], k))
            for l in reversed(range(L)):
                after[j][l].append(product_coefficient(after[j][l + 1], hat[j][l], k))
            zk += mu[j] * before[j][L][k]
            for l in range(L):
                velocity[l][j] = mu[j] * product_coefficient(before[j][l], after[j][l + 1], k)
        z.append(zk)
        if not clock:
            e.append(mpf(0))
        elif k == 0:
            e.append(mp.exp(z[0]))
        else:  # (e^z)' = z' e^z
            e.append(mp.fdot((i * z[i], e[k - i]) for i in range(1, k + 1)) / k)
        t.append(((1 if k == 0 else 0) + e[k]) / (k + 1))
        for l in range(L):
            for j in range(d):
                w[l][j].append(velocity[l][j] / (k + 1))
    return w, t


def horner(c, h):
    r = mpf(0)
    for a in reversed(c):
        r = r * h + a
    return r


def step_size(series, order, tol):
    h = mpf("1e9")
    for c in series:
        scale = max(abs(c[0]), mpf("1e-30"))
        for k in (order - 1, order):
            if c[k] != 0:
                h = min(h, (tol * scale / abs(c[k])) ** (mpf(1) / k))
    return h


def flow(mu, alpha, rho, L, until=None, stop=None, sign_zero=False, clock=True):
    """Runs to s = until (or until stop(state) is true at a step's end). Returns dict(w, t, s, hits).

    clock=False leaves t out (near a blow-up in s it would dictate the steps: t is an exponential of an exponential).
    sign_zero=True uses sign(0) = 0 at a coordinate that has reached zero, the reading the project rejects.
    """
    digits = mp.dps
    order = int(1.3 * digits) + 4
    tol = mpf(10) ** (-digits - 5)
    mu = [mpf(x) for x in mu]
    layers = [[mpf(a) for a in alpha] for _ in range(L)]
    rho, until = mpf(rho), None if until is None else mpf(until)
    d = len(mu)
    pinned = [None] * d
    s, t, hits = mpf(0), mpf(0), {}
    for _ in range(100000):
        w, tc = taylor(mu, layers, rho, pinned, order, clock)
        moving = [w[l][j] for l in range(L) for j in range(d)]
        h = step_size(moving + ([[mpf(1)] + tc[1:]] if clock else []), order, tol) / 2
        if until is not None:
            h = min(h, until - s)
        hit = None
        for j in range(d):
            if pinned[j] is None and horner(w[0][j], h) <= 0 < layers[0][j]:
                lo, hi = mpf(0), h
                for _ in range(int(3.4 * digits) + 20):
                    mid = (lo + hi) / 2
                    if horner(w[0][j], mid) > 0:
                        lo = mid
                    else:
                        hi = mid
                if hit is None or lo < hit[0]:
                    hit = (lo, j)
        if hit:
            h = hit[0]
        t += horner(tc, h)
        for l in range(L):
            for j in range(d):
                if pinned[j] is None:
                    layers[l][j] = horner(w[l][j], h)
        s += h
        if hit:
            j = hit[1]
            hits[j] = s
            value = pinned_beta_hat(mu[j], L, rho)
            assert value is not None
            for l in range(L):
                layers[l][j] = mpf(0)
            pinned[j] = mpf(0) if sign_zero else value
        if until is not None and s >= until:
            break
        if stop is not None and stop(layers, s, t):
            break
    else:
        raise RuntimeError("too many steps")
    for j in range(d):  # balanced layers stay balanced: part of what is checked
        for l in range(1, L):
            assert abs(layers[l][j] - layers[0][j]) <= mpf(10) ** (5 - digits) * max(1, abs(layers[0][j]))
    return {"w": layers[0], "t": t, "s": s, "hits": hits}
