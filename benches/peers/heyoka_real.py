"""heyoka.py's Taylor integrator on the reduced flow: compiled for f64, in compact mode for `real` (MPFR).

Compiling is not part of "seconds"; it is told as "setup".
"""

import heyoka as hy
import numpy as np

from common import HORIZON, cell


def system(mu, number):
    w = hy.make_vars(*(f"w{m}" for m in mu))
    n = hy.sqrt(hy.sum([number(m * m) * x * x for m, x in zip(mu, w)]))
    c = number(1) / (hy.sqrt(hy.expression(number(2))) * n)
    return [(x, number(m) * x * (number(1) - number(m) * c)) for m, x in zip(mu, w)]


def prepare(mu, alpha, digits):
    if digits is None:
        number, options = float, {}
    else:
        bits = int(digits * 3.3219281) + 1
        number = lambda text: hy.real(str(text), bits)  # noqa: E731
        options = {"fp_type": hy.real, "prec": bits, "compact_mode": True}
    start = np.array([number(alpha)] * len(mu))
    integrator = hy.taylor_adaptive(system(mu, number), start, **options)

    def run():
        integrator.time = number(0)
        integrator.state[:] = start
        outcome, _, _, steps, *_ = integrator.propagate_until(number(HORIZON))
        if outcome != hy.taylor_outcome.time_limit:
            raise RuntimeError(outcome)
        return [float(x) if digits is None else str(x) for x in integrator.state], steps, integrator.order

    return run


cell("heyoka", prepare)
