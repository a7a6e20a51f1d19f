"""What the two Python peers share: the cases, the reference, the search for the guard, the JSON line."""

import json
import math
import sys
import time

import mpmath

HORIZON = 10
MAX_GUARD = 60
CASES = {"A": ((1, 2), "1"), "B": ((1, 2, 3, 4), "0.6")}  # mu, alpha_0


def achieved(weights, truth):
    """The digits that the worst component has right."""
    misses = [abs(mpmath.mpf(w) - t) / abs(t) for w, t in zip(weights, truth)]
    worst = max(misses)
    return float(-mpmath.log10(worst)) if worst else math.inf


def cell(tool, prepare):
    """CASE DIGITS REFERENCE_FILE BUDGET_SECONDS [FIRST_GUARD].

    `prepare(mu, alpha, digits)` does what is needed once (its time is "setup") and answers with a function that
    integrates to `HORIZON` and gives `(weights, steps, order)`. For "f64" digits is None.
    """
    case, digits, path, budget = sys.argv[1:5]
    guard = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    budget = float(budget)
    mu, alpha = CASES[case]
    plain = digits == "f64"
    wanted = 0 if plain else int(digits)
    with open(path) as file:
        lines = file.read().split()
    room = 20 + max(len(line) for line in lines)
    clock = time.process_time
    while guard <= MAX_GUARD:
        before = clock()
        run = prepare(mu, alpha, None if plain else wanted + guard)
        setup = clock() - before
        began = clock()
        weights, steps, order = run()
        seconds = clock() - began
        with mpmath.workdps(room):
            right = achieved(weights, [mpmath.mpf(line) for line in lines])
        if right >= wanted:
            break
        guard += max(1, math.ceil(wanted - right)) if right > 0 else MAX_GUARD + 1
    else:
        sys.exit(f"{tool}: no guard up to {MAX_GUARD} gives {digits} digits")
    # Again for a second or so: the least time is the least disturbed one.
    while clock() - began + seconds < min(budget, max(1.0, 3.5 * seconds)):
        before = clock()
        run()
        seconds = min(seconds, clock() - before)
    answer = {"tool": tool, "case": case, "digits": digits, "seconds": seconds, "achieved": right, "guard": guard}
    if setup > 0.001:
        answer["setup"] = setup
    print(json.dumps(answer | {"steps": steps, "order": order}))
