"""Flows of SAM on linear diagonal networks from their ORIGINAL definition, by a method that shares nothing with the
program: Gragg-Bulirsch-Stoer extrapolation in MPFR numbers (gmpy2). No Taylor series, no closed form of a solution, no
symbolic derivative. Writes gbs.json; `python gbs.py` takes about a minute.

State: theta[l][j] and t (dt/ds = 1/S at theta^). Plain arithmetic on numbers: margins, logistic weights, gradient,
perturbation, gradient at the perturbed point. inf-SAM: the signs are frozen on a smooth piece, sign changes are
located by re-doing the step; on a surface Filippov's convex combination is taken in the original time t.
"""
import copy
import os
import json

import gmpy2
from gmpy2 import mpfr, mpq, exp, log, sqrt, is_zero
gmpy2.get_context().precision = 200
gmpy2.get_context().emax = gmpy2.get_emax_max()
gmpy2.get_context().emin = gmpy2.get_emin_min()

def num(x):
    x = str(x)
    if '/' in x:
        a, b = x.split('/')
        return mpfr(a) / mpfr(b)
    return mpfr(x)

def softplus(m):  # log(1+e^m)
    return m + gmpy2.log1p(exp(-m)) if m > 0 else gmpy2.log1p(exp(m))

class Sam:
    def __init__(self, z, L, norm, rho):
        self.z = [[num(a) for a in r] for r in z]
        self.N, self.d, self.L = len(z), len(z[0]), L
        self.norm, self.rho = norm, num(rho)

    def margins(self, w):
        out = []
        for r in self.z:
            m = mpfr(0)
            for j in range(self.d):
                b = r[j]
                for l in range(self.L): b = b * w[l][j]
                m = m + b
            out.append(m)
        return out

    def beta(self, w):
        out = []
        for j in range(self.d):
            b = mpfr(1)
            for l in range(self.L): b *= w[l][j]
            out.append(b)
        return out

    def weights(self, w):
        """(p_n, log S) with S = (1/N) sum sigma(-m_n)"""
        logs = [-softplus(m) for m in self.margins(w)]
        top = max(logs)
        e = [exp(l - top) for l in logs]
        tot = sum(e, mpfr(0))
        return [x / tot for x in e], top + log(tot / self.N)

    def ascent(self, p):
        return [sum((p[n] * self.z[n][j] for n in range(self.N)), mpfr(0)) for j in range(self.d)]

    def descent(self, w, a):
        """-grad Loss / S, given sum_n p_n z_nj"""
        out = []
        for l in range(self.L):
            row = []
            for j in range(self.d):
                b = a[j]
                for k in range(self.L):
                    if k != l: b = b * w[k][j]
                row.append(b)
            out.append(row)
        return out

    def eps(self, w, signs=None):
        L, d = self.L, self.d
        if self.norm == 'none' or self.rho == 0:
            return [[mpfr(0)] * d for _ in range(L)]
        if self.norm == 'linf':
            sw, sa = signs
            out = []
            for l in range(L):
                row = []
                for j in range(d):
                    s = sa[j]
                    for k in range(L):
                        if k != l: s *= sw[k][j]
                    row.append(-self.rho * s)   # rho * sign(grad), grad = -S * descent
                out.append(row)
            return out
        p, logS = self.weights(w)
        g = self.descent(w, self.ascent(p))
        if self.norm == 'l2':
            n = sqrt(sum((x * x for r in g for x in r), mpfr(0)))
            return [[-self.rho * x / n for x in r] for r in g]
        S = exp(logS)
        return [[-self.rho * S * x for x in r] for r in g]

    def rate(self, w, signs=None):
        """d theta/ds and log(dt/ds)"""
        e = self.eps(w, signs)
        h = [[w[l][j] + e[l][j] for j in range(self.d)] for l in range(self.L)]
        p, logS = self.weights(h)
        return self.descent(h, self.ascent(p)), -logS

    def log_loss(self, w):
        ls = []
        for m in self.margins(w):
            if m > 0:
                e = gmpy2.log1p(exp(-m)); ls.append(log(e) if e > 0 else -m)
            else: ls.append(log(softplus(-m)))
        top = max(ls)
        return top + log(sum((exp(x - top) for x in ls), mpfr(0)) / self.N)

# --- GBS on flat vectors ---------------------------------------------------
K = 16
NS = [2 * (i + 1) for i in range(K)]

def gbs(f, y, H):
    """One extrapolated step; returns (y(H), error vector)."""
    T = []
    last = None
    f0 = f(y)
    for i in range(K):
        n = NS[i]; h = H / n
        y0 = y; y1 = [a + h * b for a, b in zip(y, f0)]
        for m in range(1, n):
            fm = f(y1)
            y0, y1 = y1, [a + 2 * h * b for a, b in zip(y0, fm)]
        fm = f(y1)
        row = [[(a + b + h * c) / 2 for a, b, c in zip(y0, y1, fm)]]
        for k in range(1, i + 1):
            q = mpfr(NS[i]) / NS[i - k]; q = q * q - 1
            row.append([a + (a - b) / q for a, b in zip(row[k - 1], T[-1][k - 1])])
        T.append(row)
    best = T[-1][-1]
    return best, [abs(a - b) for a, b in zip(best, T[-1][-2])]

TOL = mpfr('1e-32')

class Flow:
    """y = theta flat, then t (number). mode: signs and pinned/sliding info for linf."""
    def __init__(self, sam, start, tol=TOL):
        self.sam, self.tol = sam, tol
        self.y = [num(x) for r in start for x in r] + [mpfr(0)]
        self.s = mpfr(0)
        self.H = mpfr('0.05')
        self.signs = None
        self.slide = None   # ('w', idxs) or ('a', j)
        self.events = []
        if sam.norm == 'linf' and sam.rho != 0: self.start_signs()

    def unflat(self, y):
        d = self.sam.d
        return [y[l * d:(l + 1) * d] for l in range(self.sam.L)]

    def start_signs(self):
        w = self.unflat(self.y)
        sg = lambda x: 1 if x > 0 else (-1 if x < 0 else 0)
        a = self.sam.ascent(self.sam.weights(w)[0])
        self.signs = ([[sg(x) for x in r] for r in w], [sg(x) for x in a])

    def sides(self):
        """the two sign patterns at a sliding surface"""
        sw, sa = self.signs
        out = []
        for side in (1, -1):
            w2 = [r[:] for r in sw]; a2 = sa[:]
            if self.slide[0] == 'w':
                for (l, j) in self.slide[1]: w2[l][j] = side
            else: a2[self.slide[1]] = side
            out.append((w2, a2))
        return out

    def gdot(self, w, v):
        """derivative of the switching function along v"""
        if self.slide[0] == 'w':
            l, j = self.slide[1][0]
            return v[l][j]
        S, j = self.sam, self.slide[1]
        # G_j = sum_n sigma(-m_n) z_nj ; unnormalised by S: same zero set. dG = -sum sigma(m)sigma(-m) z_nj dm_n.
        # divided by sigma scale: multiply by common factor (positive) only
        ms = S.margins(w)
        logs = [-softplus(m) - softplus(-m) for m in ms]; top = max(logs)
        tot = mpfr(0)
        for n in range(S.N):
            dm = mpfr(0)
            for k in range(S.d):
                for l in range(S.L):
                    b = S.z[n][k] * v[l][k]
                    for q in range(S.L):
                        if q != l: b = b * w[q][k]
                    dm += b
            tot -= exp(logs[n] - top) * S.z[n][j] * dm
        return tot

    def fun(self, y):
        w = self.unflat(y)
        if self.slide is None:
            r, lt = self.sam.rate(w, self.signs)
            return [x for q in r for x in q] + [exp(lt)]
        # Filippov in ORIGINAL time: f_t = lam f_t+ + (1-lam) f_t-, then ds = (lam S+ + (1-lam) S-) dt
        (rp, lp), (rm, lm) = [self.sam.rate(w, sg) for sg in self.sides()]
        top = min(lp, lm)
        Sp, Sm = exp(top - lp), exp(top - lm)      # S+-, up to exp(-top)
        fp = [[Sp * x for x in q] for q in rp]; fm = [[Sm * x for x in q] for q in rm]
        gp, gm = self.gdot(w, fp), self.gdot(w, fm)
        lam = gm / (gm - gp)
        S = lam * Sp + (1 - lam) * Sm
        out = [(lam * a + (1 - lam) * b) / S for p, m in zip(fp, fm) for a, b in zip(p, m)]
        if self.slide[0] == 'w':
            for (l, j) in self.slide[1]: out[l * self.sam.d + j] = mpfr(0)
        return out + [exp(top) / S]

    def lam(self, y):
        w = self.unflat(y)
        (rp, lp), (rm, lm) = [self.sam.rate(w, sg) for sg in self.sides()]
        top = min(lp, lm)
        gp = self.gdot(w, rp) * exp(top - lp); gm = self.gdot(w, rm) * exp(top - lm)
        return gm / (gm - gp)

    def switch(self, y):
        """switching functions with the sign expected"""
        if self.signs is None: return []
        w = self.unflat(y); sw, sa = self.signs
        out = []
        sl = self.slide
        for l in range(self.sam.L):
            for j in range(self.sam.d):
                if self.sam.L > 1 and not (sl and sl[0] == 'w' and (l, j) in sl[1]):
                    out.append((('w', l, j), w[l][j] * sw[l][j]))
        if self.sam.N > 1:
            a = self.sam.ascent(self.sam.weights(w)[0])
            for j in range(self.sam.d):
                if not (sl and sl == ('a', j)): out.append((('a', j), a[j] * sa[j]))
        if sl:
            la = self.lam(y)
            out += [(('exit', 1), 1 - la), (('exit', -1), la)]
        return out

    def step(self, H):
        y, e = gbs(self.fun, self.y, H)
        return y, e

    def good(self, y, e):
        sc = [max(abs(a), abs(b)) for a, b in zip(y, self.y)]
        big = max(sc[:-1])
        worst = mpfr(0)
        for k, (x, q) in enumerate(zip(e, sc)):
            if q == 0: continue
            worst = max(worst, x / q if k == len(e) - 1 else x / max(q, big * mpfr('1e-12')))
        return worst

    def advance(self, to=None, tt=None, maxsteps=20000):
        """until s = to, or t = tt"""
        n = 0
        while n < maxsteps:
            n += 1
            H = self.H
            last = False
            if to is not None and self.s + H >= to: H = to - self.s; last = True
            if H == 0: return
            try:
                y, e = self.step(H)
                w = self.good(y, e)
            except (ValueError, ZeroDivisionError, OverflowError):
                w = mpfr('nan')
            if not (w <= self.tol):
                self.H = H / 2
                if self.H < mpfr('1e-40') * max(self.s, mpfr('1e-10')): raise Exception('step underflow at s=%s' % self.s)
                continue
            # events
            bad = [k for k, v in self.switch(y) if v < 0]
            if bad:
                r = [(self.locate(k, H), k) for k in bad]
                r = [x for x in r if x[0] is not None]
                if r:
                    h, k = min(r, key=lambda x: x[0])
                    if tt is not None and self.step(h)[0][-1] >= tt:
                        pass
                    else:
                        self.y, _ = self.step(h); self.s += h
                        self.transit(k)
                        continue
            if tt is not None and y[-1] >= tt:
                lo, hi, h = mpfr(0), H, H / 2
                a, fa = mpfr(0), log(self.y[-1] / tt) if self.y[-1] > 0 else None
                b, fb = H, log(y[-1] / tt)
                if fa is None: a, fa = H / 2, log(self.step(H / 2)[0][-1] / tt)
                for _ in range(60):
                    if fb == fa: break
                    c = b - fb * (b - a) / (fb - fa)
                    if c <= 0: c = min(a, b) / 2
                    a, fa, b = b, fb, c
                    yb = self.step(b)[0]; fb = log(yb[-1] / tt)
                    if abs(b - a) < mpfr('1e-45') * b or fb == 0: break
                self.y = self.step(b)[0]; self.s += b
                return
            self.y = y; self.s += H
            if w < self.tol * mpfr('1e-4') and not last: self.H = self.H * mpfr('1.3')
            if last: self.s = to; return
        raise Exception('too many')

    def val(self, k, y):
        for kk, v in self.switch(y):
            if kk == k: return v

    def locate(self, k, H):
        lo, hi = mpfr(0), H
        v0 = self.val(k, self.y)
        if v0 < 0 or (abs(v0) < mpfr('1e-28')): 
            # starts on the surface and moves to the wrong side only if slightly later negative
            if self.val(k, self.step(H / 1024)[0]) > 0: lo = H / 1024
            else: return mpfr(0) if v0 < -mpfr('1e-25') else mpfr(0)
        a, fa, b, fb = hi, self.val(k, self.step(hi)[0]), lo, self.val(k, self.step(lo)[0]) if lo > 0 else v0
        for _ in range(14):
            c = (lo + hi) / 2
            fc = self.val(k, self.step(c)[0])
            if fc < 0: hi, a, fa = c, c, fc
            else: lo, b, fb = c, c, fc
        for _ in range(40):
            if fa == fb: break
            c = b - fb * (b - a) / (fb - fa)
            if not (lo <= c <= hi): c = (lo + hi) / 2
            fc = self.val(k, self.step(c)[0])
            if fc < 0: hi = c
            else: lo = c
            a, fa, b, fb = b, fb, c, fc
            if abs(a - b) < mpfr('1e-44'): break
        return b

    def transit(self, k):
        w = self.unflat(self.y)
        sw, sa = self.signs
        S = self.sam
        if k[0] == 'exit':
            sg = self.sides()[0 if k[1] == 1 else 1]
            self.events.append(('leaves', self.slide, self.s, self.y[-1]))
            self.slide = None; self.signs = sg
            return
        old = self.slide
        if k[0] == 'w':
            # all layers of that coordinate that vanish together
            group = [(l, k[2]) for l in range(S.L) if abs(w[l][k[2]]) < mpfr('1e-28')]
            self.events.append(('hits_zero', k[2] + 1, self.s, self.y[-1], group))
            for (l, j) in group: self.y[l * S.d + j] = mpfr(0)
            new = ('w', group)
        else: new = ('a', k[1])
        assert old is None or old[0] == 'w' and new[0] == 'w', 'several'
        self.slide = new
        sp, sm = self.sides()
        w = self.unflat(self.y)
        gp = self.gdot(w, S.rate(w, sp)[0]); gm = self.gdot(w, S.rate(w, sm)[0])
        if old is not None and gp < 0 < gm:
            self.slide = ('w', old[1] + new[1])   # only right where both sides agree (pinned features)
            self.pins = True
            self.events.append(('slides', k, self.s, self.y[-1])); return
        if gp < 0 < gm: self.events.append(('slides', k[-1] + 1, self.s, self.y[-1]))
        elif gp > 0 and gm > 0: self.signs = sp; self.slide = old; self.events.append(('cross+', k[-1] + 1, self.s))
        elif gp < 0 and gm < 0: self.signs = sm; self.slide = old; self.events.append(('cross-', k[-1] + 1, self.s))
        else: raise Exception('repels %s %s' % (gp, gm))

    def row(self):
        w = self.unflat(self.y)
        return dict(s=self.s, t=self.y[-1], log_t=log(self.y[-1]) if self.y[-1] > 0 else None, layers=w,
                    beta=self.sam.beta(w), margins=self.sam.margins(w), log_loss=self.sam.log_loss(w))


# --- the experiments -------------------------------------------------------------------------------------------

def text(x):
    return None if x is None else ('0' if x == 0 else gmpy2.mpfr(x).__format__('.24e'))


def hand_over(flow, lo, hi, i, j):
    """s in (lo, hi) where |beta_i| = |beta_j|, by secants with a bracket, each value integrated from lo."""
    flow = copy.deepcopy(flow)
    flow.advance(to=num(lo))

    def gap(s):
        f = copy.deepcopy(flow)
        f.advance(to=s)
        b = f.sam.beta(f.unflat(f.y))
        return abs(b[i - 1]) - abs(b[j - 1]), f.y[-1]
    a, b = num(lo), num(hi)
    fa, fb = gap(a)[0], gap(b)[0]
    assert fa > 0 > fb
    for _ in range(30):
        c = b - fb * (b - a) / (fb - fa)
        fc, t = gap(c)
        a, fa, b, fb = b, fb, c, fc
        if abs(a - b) < mpfr('1e-27'):
            break
    return dict(kind='hand_over', coordinate=None, **{'from': i, 'to': j}, s=text(c), log_t=text(log(t)))


CASES = [
    # name, z, L, norm, rho, start (layers), clock, until, at, hand-overs (lo, hi, from, to)
    ('2-SAM from 0.6', [['1', '2']], 2, 'l2', '1', [['0.6', '0.6']] * 2, 's', '4', ['1/7', '1', '2', '4'], [('3', '3.5', 1, 2)]),
    ('2-SAM that collapses', [['1', '2']], 2, 'l2', '1', [['0.4', '0.4']] * 2, 's', '1/2', ['0.1', '0.3', '1/2'], []),
    ('2-SAM near the separatrix', [['1', '2']], 2, 'l2', '1', [['0.52132128'] * 2] * 2, 's', '6', ['1', '6'], []),
    ('2-SAM on the original clock', [['1', '2']], 2, 'l2', '1', [['0.7', '0.7']] * 2, 't', '1000', ['1/1000', '10', '1000'], [('1.2', '1.4', 1, 2)]),
    ('2-SAM with a zero layer', [['1', '2']], 2, 'l2', '1', [['1', '1'], ['0', '0']], 's', '2', ['0.1', '2'], [('0.2', '0.3', 2, 1)]),
    ('2-SAM with mixed signs', [['1', '2']], 2, 'l2', '1', [['1', '-1/2'], ['-1/3', '2']], 's', '1', ['0.1', '1'],
     [('0.05', '0.12', 2, 1), ('0.12', '0.2', 1, 2)]),
    ('2-SAM, depth 3', [['1', '2']], 3, 'l2', '1', [['0.5', '0.4']] * 3, 's', '1', ['0.1', '1'], []),
    ('2-SAM, depth 1, three samples', [['3', '-1'], ['-1', '2'], ['1', '0']], 1, 'l2', '1', [['1', '-2']], 'log_t', '3', ['-1', '3'],
     [('0.9', '1.1', 2, 1), ('2.8', '3', 1, 2)]),
    ('unnormalised, early and late', [['1', '2']], 2, 'l2-unnormalised', '2', [['1', '-1/2'], ['1/3', '2']], 'log_t', '10',
     ['-20', '-2', '10'], [('0.03', '0.07', 2, 1)]),
    ('GD with a zero column', [['1', '1/4', '0'], ['1', '-1/4', '0'], ['3', '1', '0']], 2, 'none', '0', [['1/2'] * 3] * 2, 's', '2', ['1', '2'], []),
    ('inf-SAM, depth 3', [['1', '2', '3']], 3, 'linf', '1', [['1/2', '6/5', '11/10']] * 3, 's', '1.6', ['0.1', '1.6'], []),
    ('inf-SAM, depth 4, log t', [['1', '2']], 4, 'linf', '1', [['1/2', '8/5']] * 4, 'log_t', '20', ['-2', '5', '20'], []),
    ('inf-SAM, depth 2, unequal layers', [['1', '2']], 2, 'linf', '1', [['3', '1/2'], ['1/4', '2']], 's', '3/2', ['0.05', '3/2'],
     [('0.08', '0.15', 2, 1), ('0.8', '0.9', 1, 2)]),
    ('inf-SAM, depth 2, one coordinate is pinned', [['2', '1', '1'], ['1', '2', '1/2']], 2, 'linf', '1/3', [['1/2', '1', '1/5']] * 2, 's', '3/2',
     ['0.1', '3/2'], []),
    ('inf-SAM, depth 1, slides', [['3', '-1'], ['-1', '2']], 1, 'linf', '1', [['0', '0']], 'log_t', '4', ['-3', '2', '4'],
     [('1.7', '1.8', 1, 2)]),
    ('inf-SAM, depth 2, slides and stays', [['3', '-3'], ['-1', '4']], 2, 'linf', '1/2', [['3/2', '3/5']] * 2, 's', '1', ['1/4', '1'], []),
    ('inf-SAM, depth 2, slides and leaves', [['2', '-1'], ['-1', '2']], 2, 'linf', '1/3', [['1/2', '1']] * 2, 's', '0.505',
     ['1/4', '0.49', '0.505'], []),
]


def build(case):
    name, z, L, norm, rho, start, clock, until, at, overs = case
    flow = Flow(Sam(z, L, norm, rho), start, mpfr('1e-30'))
    first = copy.deepcopy(flow)
    rows = []
    for a in at:
        q = num(a)
        flow.advance(**({'to': q} if clock == 's' else {'tt': q if clock == 't' else exp(q)}))
        r = flow.row()
        rows.append(dict(at=a, s=text(r['s']), t=text(r['t']), log_t=text(r['log_t']), log_loss=text(r['log_loss']),
                         layers=[[text(x) for x in l] for l in r['layers']], beta=[text(x) for x in r['beta']],
                         margins=[text(x) for x in r['margins']]))
    events = [dict(kind=e[0], coordinate=e[1], **{'from': None, 'to': None}, s=text(e[2]), log_t=text(log(e[3])))
              for e in flow.events if e[0] in ('hits_zero', 'slides')]
    events += [hand_over(first, *h) for h in overs]
    events.sort(key=lambda e: num(e['s']))
    rows_of = lambda m: '[' + ', '.join('[' + ', '.join(f'"{x}"' for x in r) + ']' for r in m) + ']'
    toml = (f'[data]\nz = {rows_of(z)}\n[network]\ndepth = {L}\n[sam]\nnorm = "{norm}"\nrho = "{rho}"\n'
            f'[start]\nlayers = {rows_of(start)}\n[run]\nkind = "flow"\nclock = "{clock}"\nuntil = "{until}"\ndigits = 20\n'
            f'at = [{", ".join(chr(34) + a + chr(34) for a in at)}]\n')
    return dict(name=name, toml=toml, rows=rows, events=events)


if __name__ == '__main__':
    out = []
    for case in CASES:
        out.append(build(case))
        print(case[0], flush=True)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'gbs.json'), 'w') as f:
        json.dump(dict(source='tests/reference/gbs.py, gmpy2 ' + gmpy2.version() + ', about 26 digits', cases=out), f, indent=1)
        f.write('\n')
