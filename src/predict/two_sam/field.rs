//! 2-SAM at depth 2 on one example as one scalar equation, `dK/ds = rho / N(s, K)`.

use super::super::num::real;
use super::collocation::Equation;
use super::nearby::Memo;
use rug::{Float, Integer, Rational};

#[cfg(test)]
mod tests;

/// One exponential of `N^2 = sum A e^(lambda s - kappa K)`: `A = mu^2 p(0)^2 / 2`, `lambda = 2 mu`, `kappa = 2 mu^2`, and
/// the same with `q(0)` and `lambda = -2 mu`.
#[derive(Clone, Debug)]
struct Term {
    scale: Float,
    lambda: Float,
    kappa: Float,
    /// `mu` in units of [`Field::unit`].
    multiple: u32,
    /// `lambda < 0`.
    falls: bool,
}

/// Multiples of a common unit up to this one are powers of two exponentials; beyond it powers would lose digits (`p^2`
/// units of the last place for `p`), and every term has an exponential of its own.
const MAX_MULTIPLE: u32 = 64;

/// `N(s, K)` at a working precision.
#[derive(Clone, Debug)]
pub(super) struct Field {
    terms: Vec<Term>,
    rho: Float,
    clock: Option<Float>,
    /// `2 u` and `2 u^2`, `u` the largest rational of which every `mu` is a multiple, unless those are too large.
    unit: Option<[Float; 2]>,
}

/// The largest rational of which all these are multiples, with the multiples.
fn common_unit(mu: &[Rational]) -> Option<(Rational, Vec<u32>)> {
    let top = mu.iter().fold(Integer::new(), |g, m| g.gcd(m.numer()));
    let bottom = mu.iter().fold(Integer::from(1), |l, m| l.lcm(m.denom()));
    if top.is_zero() {
        return None;
    }
    let unit = Rational::from((top, bottom));
    let multiples = mu.iter().map(|m| Rational::from(m / &unit).numer().to_u32().filter(|p| *p <= MAX_MULTIPLE));
    Some((unit.clone(), multiples.collect::<Option<_>>()?))
}

impl Field {
    /// For two layers of any signs, `N(0, 0) > 0`.
    pub fn new(mu: &[Rational], layers: &[Vec<Rational>; 2], rho: &Rational, bits: u32) -> Self {
        let mut terms = Vec::new();
        let common = common_unit(mu);
        for (j, mu) in mu.iter().enumerate() {
            let square = Rational::from(mu * mu);
            let p = Rational::from(&layers[0][j] + &layers[1][j]);
            let q = Rational::from(&layers[0][j] - &layers[1][j]);
            for (amplitude, sign) in [(p, 2), (q, -2)] {
                if amplitude.is_zero() {
                    continue;
                }
                let scale = Rational::from(&amplitude * &amplitude) * &square / 2u32;
                terms.push(Term {
                    scale: real(bits, &scale),
                    lambda: real(bits, &Rational::from(mu * sign)),
                    kappa: real(bits, &Rational::from(&square * 2u32)),
                    multiple: common.as_ref().map_or(0, |(_, multiples)| multiples[j]),
                    falls: sign < 0,
                });
            }
        }
        let unit = common.map(|(u, _)| [Rational::from(&u * 2u32), Rational::from(&u * &u) * 2u32]);
        Field { terms, rho: real(bits, rho), clock: None, unit: unit.map(|u| u.map(|u| real(bits, &u))) }
    }

    /// The balanced start `alpha`, given as a real number common to all coordinates.
    pub fn uniform(mu: &[Rational], alpha: &Float, rho: &Rational, bits: u32) -> Self {
        let one = vec![Rational::from(1); mu.len()];
        let mut field = Field::new(mu, &[one.clone(), one], rho, bits);
        let square = Float::with_val(bits, alpha.square_ref());
        for t in &mut field.terms {
            t.scale *= &square;
        }
        field
    }

    /// Also integrates `e^(z - reference)`, the original time but for its drift `s`.
    pub fn with_clock(mut self, reference: Float) -> Self {
        self.clock = Some(reference);
        self
    }

    /// The margin at the perturbed point, `z = sum (A e / lambda) (1 - c lambda/2)^2`, `c = dK/ds`.
    fn margin(&self, s: &Float, k: &Float, c: &Float, bits: u32, memo: &mut Memo) -> Float {
        let mut z = Float::new(bits);
        for (e, t) in self.exponentials(s, k, bits, memo).into_iter().zip(&self.terms) {
            let shrink: Float = 1 - Float::with_val(bits, c * &t.lambda) / 2u32;
            z += e / &t.lambda * shrink.square();
        }
        z
    }

    /// `dz/ds` along the path: `z' = sum (A e / lambda) x [x (lambda - kappa c) - lambda c']`, `x = 1 - c lambda/2`.
    pub fn margin_rate(&self, s: &Float, k: &Float) -> Float {
        let bits = s.prec();
        let e = self.exponentials(s, k, bits, &mut Memo::default());
        let (mut square, mut change) = (Float::new(bits), Float::new(bits));
        for e in &e {
            square += e;
        }
        let c = Float::with_val(bits, &self.rho) / Float::with_val(bits, square.sqrt_ref());
        let pace = |t: &Term| Float::with_val(bits, &t.lambda - Float::with_val(bits, &t.kappa * &c));
        for (e, t) in e.iter().zip(&self.terms) {
            change += pace(t) * e;
        }
        // c' = -c N'/N
        let slope = -(Float::with_val(bits, &c * change) / square / 2u32);
        let mut rate = Float::new(bits);
        for (e, t) in e.iter().zip(&self.terms) {
            let x: Float = 1 - Float::with_val(bits, &c * &t.lambda) / 2u32;
            let inner = Float::with_val(bits, &x * pace(t)) - Float::with_val(bits, &t.lambda * &slope);
            rate += Float::with_val(bits, e / &t.lambda) * x * inner;
        }
        rate
    }

    /// `z` at a point of the path.
    pub fn margin_at(&self, s: &Float, k: &Float) -> Float {
        let bits = s.prec();
        let c = Float::with_val(bits, &self.rho) / self.norm(s, k, bits);
        self.margin(s, k, &c, bits, &mut Memo::default())
    }

    /// Every `A e^(lambda s - kappa K)`: with the unit `u` and `mu = p u` it is `A (e^(+-2 u s) e^(-2 u^2 K p))^p`.
    fn exponentials(&self, s: &Float, k: &Float, bits: u32, memo: &mut Memo) -> Vec<Float> {
        let Some([by_s, by_k]) = &self.unit else {
            let own = |(i, t): (usize, &Term)| {
                let fall = Float::with_val(bits, &t.kappa * k);
                Float::with_val(bits, memo.exp(i, Float::with_val(bits, &t.lambda * s) - fall) * &t.scale)
            };
            return self.terms.iter().enumerate().map(own).collect();
        };
        let rise = memo.exp(0, Float::with_val(bits, by_s * s)).clone();
        let fall = memo.exp(1, Float::with_val(bits, -Float::with_val(bits, by_k * k))).clone();
        let mut sink = None;
        self.terms
            .iter()
            .map(|t| {
                let mut base = power(&fall, t.multiple);
                base *=
                    if t.falls { sink.get_or_insert_with(|| Float::with_val(bits, rise.recip_ref())) } else { &rise };
                power(&base, t.multiple) * &t.scale
            })
            .collect()
    }

    /// `N`.
    pub fn norm(&self, s: &Float, k: &Float, bits: u32) -> Float {
        let mut sum = Float::new(bits);
        for e in self.exponentials(s, k, bits, &mut Memo::default()) {
            sum += e;
        }
        sum.sqrt()
    }
}

impl Equation for Field {
    fn rate(&self, s: &Float, k: &Float, bits: u32, memo: &mut Memo) -> (Float, Float) {
        let (mut sum, mut slope) = (Float::new(bits), Float::new(bits));
        for (e, t) in self.exponentials(s, k, bits, memo).into_iter().zip(&self.terms) {
            slope += Float::with_val(bits, &e * &t.kappa);
            sum += e;
        }
        // f = rho / N, f_K = f sum(kappa A e) / (2 N^2)
        let f = Float::with_val(bits, &self.rho) / Float::with_val(bits, sum.sqrt_ref());
        slope *= &f;
        slope /= sum;
        (f, slope / 2u32)
    }

    fn integrand(&self, s: &Float, k: &Float, c: &Float, bits: u32, memo: &mut Memo) -> Option<Float> {
        let reference = self.clock.as_ref()?;
        Some((self.margin(s, k, c, bits, memo) - reference).exp())
    }
}

/// The same curve with `K` as the variable: `ds/dK = N / rho`, which stays smooth through a collapse.
#[derive(Clone, Debug)]
pub(super) struct Turned(pub Field);

impl Equation for Turned {
    fn rate(&self, k: &Float, s: &Float, bits: u32, memo: &mut Memo) -> (Float, Float) {
        let (mut sum, mut slope) = (Float::new(bits), Float::new(bits));
        for (e, t) in self.0.exponentials(s, k, bits, memo).into_iter().zip(&self.0.terms) {
            slope += Float::with_val(bits, &e * &t.lambda);
            sum += e;
        }
        let norm = sum.sqrt();
        let slope = slope / &norm / 2u32 / Float::with_val(bits, &self.0.rho);
        (norm / Float::with_val(bits, &self.0.rho), slope)
    }
}

/// `x^p`, `p >= 1`, by squaring.
fn power(x: &Float, p: u32) -> Float {
    let mut out = x.clone();
    for bit in (0..p.max(1).ilog2()).rev() {
        out.square_mut();
        if p >> bit & 1 == 1 {
            out *= x;
        }
    }
    out
}
