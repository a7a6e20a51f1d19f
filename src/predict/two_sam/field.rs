//! 2-SAM at depth 2 on one example as one scalar equation, `dK/ds = rho / N(s, K)`.

use super::super::num::real;
use super::collocation::Equation;
use rug::{Float, Rational};

#[cfg(test)]
mod tests;

/// One exponential of `N^2 = sum A e^(lambda s - kappa K)`: `A = mu^2 p(0)^2 / 2`, `lambda = 2 mu`, `kappa = 2 mu^2`, and
/// the same with `q(0)` and `lambda = -2 mu`.
#[derive(Clone, Debug)]
struct Term {
    scale: Float,
    lambda: Float,
    kappa: Float,
}

/// `N(s, K)` at a working precision.
#[derive(Clone, Debug)]
pub(super) struct Field {
    terms: Vec<Term>,
    rho: Float,
    clock: Option<Float>,
}

impl Field {
    /// For two layers of any signs, `N(0, 0) > 0`.
    pub fn new(mu: &[Rational], layers: &[Vec<Rational>; 2], rho: &Rational, bits: u32) -> Self {
        let mut terms = Vec::new();
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
                });
            }
        }
        Field { terms, rho: real(bits, rho), clock: None }
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
    fn margin(&self, s: &Float, k: &Float, c: &Float, bits: u32) -> Float {
        let mut z = Float::new(bits);
        for (e, t) in self.exponentials(s, k, bits).into_iter().zip(&self.terms) {
            let shrink: Float = 1 - Float::with_val(bits, c * &t.lambda) / 2u32;
            z += e / &t.lambda * shrink.square();
        }
        z
    }

    /// `dz/ds` along the path: `z' = sum (A e / lambda) x [x (lambda - kappa c) - lambda c']`, `x = 1 - c lambda/2`.
    pub fn margin_rate(&self, s: &Float, k: &Float) -> Float {
        let bits = s.prec();
        let e = self.exponentials(s, k, bits);
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
        self.margin(s, k, &c, bits)
    }

    fn exponentials(&self, s: &Float, k: &Float, bits: u32) -> Vec<Float> {
        self.terms
            .iter()
            .map(|t| {
                let fall = Float::with_val(bits, &t.kappa * k);
                let exponent = Float::with_val(bits, &t.lambda * s) - fall;
                exponent.exp() * &t.scale
            })
            .collect()
    }

    /// `N`.
    pub fn norm(&self, s: &Float, k: &Float, bits: u32) -> Float {
        let mut sum = Float::new(bits);
        for e in self.exponentials(s, k, bits) {
            sum += e;
        }
        sum.sqrt()
    }
}

impl Equation for Field {
    fn rate(&self, s: &Float, k: &Float, bits: u32) -> (Float, Float) {
        let (mut sum, mut slope) = (Float::new(bits), Float::new(bits));
        for (e, t) in self.exponentials(s, k, bits).into_iter().zip(&self.terms) {
            slope += Float::with_val(bits, &e * &t.kappa);
            sum += e;
        }
        // f = rho / N, f_K = f sum(kappa A e) / (2 N^2)
        let f = Float::with_val(bits, &self.rho) / Float::with_val(bits, sum.sqrt_ref());
        slope *= &f;
        slope /= sum;
        (f, slope / 2u32)
    }

    fn integrand(&self, s: &Float, k: &Float, c: &Float, bits: u32) -> Option<Float> {
        let reference = self.clock.as_ref()?;
        Some((self.margin(s, k, c, bits) - reference).exp())
    }
}

/// The same curve with `K` as the variable: `ds/dK = N / rho`, which stays smooth through a collapse.
#[derive(Clone, Debug)]
pub(super) struct Turned(pub Field);

impl Equation for Turned {
    fn rate(&self, k: &Float, s: &Float, bits: u32) -> (Float, Float) {
        let (mut sum, mut slope) = (Float::new(bits), Float::new(bits));
        for (e, t) in self.0.exponentials(s, k, bits).into_iter().zip(&self.0.terms) {
            slope += Float::with_val(bits, &e * &t.lambda);
            sum += e;
        }
        let norm = sum.sqrt();
        let slope = slope / &norm / 2u32 / Float::with_val(bits, &self.0.rho);
        (norm / Float::with_val(bits, &self.0.rho), slope)
    }
}
