"""mpmath's Taylor integrator `odefun` on the reduced flow, with gmpy2's numbers where that is installed."""

import mpmath
from mpmath import mp

from common import HORIZON, cell


def prepare(mu, alpha, digits):
    mp.dps = digits
    root = mp.sqrt(2)

    def field(_, w):
        n = mp.sqrt(sum((m * x) ** 2 for m, x in zip(mu, w)))
        return [m * x * (1 - m / (root * n)) for m, x in zip(mu, w)]

    def run():
        # It keeps the steps it took, so every run needs an integrator of its own.
        solution = mpmath.odefun(field, 0, [mp.mpf(alpha)] * len(mu))
        return solution(HORIZON), None, None

    return run


cell("mpmath odefun", prepare)
