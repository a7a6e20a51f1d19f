//! How far `<z_n, v>` still is from its limit at `tau = log(1 + t)`: bounds that are known before a run.
//!
//! Three of them, derived in the pages: [`Law::bound_from_start`] for gradient descent and for inf-SAM once the signs
//! have settled (proved; `proofs/thm-3.1.md`), [`Law::bound_from_near`] for 2-SAM, from an observed nearness on (proved;
//! `proofs/thm-4.1.md`), and [`Law::estimate_while_sliding`] (estimated; `proofs/thm-3.1.md`).

use super::depth1::{Law, Perturbation, norm};
use super::linear::dot;
use super::num::{real, upper};
use rug::float::Special;
use rug::{Float, Rational};

/// Bits of the bounds, and of the arithmetic that leads to them.
const BITS: u32 = 64;
const WORK: u32 = 192;

fn f(x: &Rational) -> Float {
    real(WORK, x)
}

fn exp(x: Float) -> Float {
    x.exp()
}

/// What is observed at `tau`, and suffices to bound what follows: `|<z_n, v> - c_n| <= distance` on the support, and
/// `<z_n, beta> >= (m_n + 1) tau/2` outside it.
#[derive(Clone, Debug)]
pub struct Near {
    pub tau: Rational,
    pub distance: Float,
    /// Radius `r_0` of the ball about the limit in which the path stays from then on.
    radius: Float,
    /// `e^E`, a bound on `e^(|eta_n|)` in it.
    stretch: Float,
}

/// Sizes that every bound needs.
struct Sizes {
    /// `max_S ||z_n||`.
    z: Float,
    /// `max_S N a_n`.
    share: Float,
    /// Norm, margin, limit part `<z_n, v*>` of the samples outside the support.
    outside: Vec<(Float, Rational, Float)>,
    samples: Float,
}

impl Law {
    fn sizes(&self, vector: &[Float]) -> Sizes {
        let zero = Float::new(WORK);
        let max = |values: Vec<Float>| values.into_iter().fold(zero.clone(), |m, x| m.max(&x));
        let samples = Rational::from(self.z.len());
        Sizes {
            z: max(self.margin.support.iter().map(|&n| norm(&self.z[n], WORK)).collect()),
            share: max(self
                .margin
                .support
                .iter()
                .map(|&n| f(&self.margin.multipliers[n]) * self.z.len() as u32)
                .collect()),
            outside: (0..self.z.len())
                .filter(|&n| self.margin.margins[n] > 1)
                .map(|n| {
                    let along = super::linear::apply(&self.z[n], vector, WORK);
                    (norm(&self.z[n], WORK), self.margin.margins[n].clone(), along)
                })
                .collect(),
            samples: f(&samples),
        }
    }

    /// `kappa = min(1, smallest eigenvalue of H, m - 1)`.
    fn contraction(&self) -> Float {
        let mut kappa = Float::with_val(WORK, &self.curvature.0).min(&Float::with_val(WORK, 1));
        if let Some(m) = self.margin.next_margin() {
            kappa = kappa.min(&f(&Rational::from(m - 1u32)));
        }
        kappa
    }

    /// Gradient descent, and inf-SAM whose gradient keeps the signs of the law from `settled` on: a bound on
    /// `|<z_n, v> - c_n|`, `n` in `S`, at `tau`, for the flow from `start`.
    pub fn bound_from_start(&self, start: &[Rational], settled: &Rational, tau: &Rational) -> Float {
        // The perturbed path beta + eps, eps = -rho s constant, is a path of gradient descent: its limit has
        // <z_n, v*> = -log(N a_n).
        let shift: Vec<Rational> = self.pattern.iter().map(|s| Rational::from(-i32::from(*s)) * &self.rho).collect();
        let limit: Vec<Float> = self
            .vector(WORK)
            .into_iter()
            .enumerate()
            .map(|(j, x)| shift.get(j).map_or_else(|| x.clone(), |e| Float::with_val(WORK, &x + e)))
            .collect();
        let sizes = self.sizes(&limit);
        let z = &sizes.z;
        // Distance at the settled time: what the start lacks, what the path has moved, what the frame has moved.
        let gap = start.iter().zip(&limit).enumerate().map(|(j, (a, v))| {
            let from = shift.get(j).map_or_else(|| a.clone(), |e| Rational::from(a + e));
            (f(&from) - v).square()
        });
        let longest = self.z.iter().map(|row| norm(row, WORK)).fold(Float::new(WORK), |m, x| m.max(&x));
        let elapsed = exp(f(settled)) - 1u32;
        let first = gap.fold(Float::new(WORK), |s, x| s + x).sqrt()
            + longest * elapsed
            + norm(&self.margin.w, WORK) * f(settled);
        // g_1, and the push of the samples outside the support at the limit.
        let inner = self.inner();
        // The push of the samples outside the support from `from` on, within `reach` of the limit: peak and integral.
        let push = |reach: &Float, from: &Float| {
            let first = Float::with_val(WORK, &inner * exp(Float::with_val(WORK, -from)));
            sizes.outside.iter().fold((first.clone(), first), |(peak, total), (size, m, along)| {
                let rate = f(&Rational::from(m - 1u32));
                let lift = Float::with_val(WORK, size * reach) - along - Float::with_val(WORK, &rate * from);
                let height = exp(lift) * size / &sizes.samples;
                let integral = Float::with_val(WORK, &height / &rate);
                (peak + height, total + integral)
            })
        };
        let zero = Float::new(WORK);
        let reach = first + push(&zero, &zero).1;
        // From `from` on the whole push moves v by at most 1/Z.
        let mut from = Float::with_val(WORK, settled);
        let (peak, _) = loop {
            let (peak, total) = push(&reach, &from);
            if Float::with_val(WORK, &total * z) <= 1 {
                break (peak, total);
            }
            from = Float::with_val(WORK, &from + 1u32) * Rational::from((9, 8));
            if from > *tau {
                return Float::with_val(BITS, Special::Infinity);
            }
        };
        upper(BITS, &self.contracted(&sizes, &reach, &peak, &from, tau))
    }

    /// `y(tau)` of the page, bound (2): from `from` on within `reach` of the limit, pushed by at most `peak` there.
    fn contracted(&self, sizes: &Sizes, reach: &Float, peak: &Float, from: &Float, tau: &Rational) -> Float {
        let kappa = self.contraction();
        let e = exp(Float::with_val(WORK, 1));
        let spread = exp(Float::with_val(WORK, &sizes.z * reach));
        let q = Float::with_val(WORK, &spread * &sizes.share) * exp(Float::with_val(WORK, -from)) + 1u32;
        let loss = (Float::with_val(WORK, (q * &e).ln()) * &kappa).exp();
        let length = f(tau) - from;
        let y = spread + Float::with_val(WORK, peak * &sizes.z) * &length;
        loss * e * y * exp(-(length * kappa))
    }

    /// [`Law::bound_from_near`] for gradient descent, and for inf-SAM whose signs are settled.
    fn bound_from_near_settled(&self, near: &Near, tau: &Rational) -> Float {
        let sizes = self.sizes(&self.vector(WORK));
        let at = f(&near.tau);
        let first = Float::with_val(WORK, &near.radius / 4u32);
        let shift = f(&self.rho) * f(&Rational::from(self.margin.w.len())).sqrt();
        let inner = self.inner() * exp(Float::with_val(WORK, -&at));
        let push = |reach: &Float| {
            sizes.outside.iter().fold((inner.clone(), inner.clone()), |(peak, total), (size, m, _)| {
                let rate = f(&Rational::from(m - 1u32));
                let lift = Float::with_val(WORK, reach + &first) + &shift;
                let height = exp(lift * size - Float::with_val(WORK, &rate * &at) / 2u32) * size / &sizes.samples;
                let integral = Float::with_val(WORK, &height / rate);
                (peak + height, total + integral)
            })
        };
        let reach = Float::with_val(WORK, &first + push(&Float::new(WORK)).1);
        let (peak, total) = push(&reach);
        if total * &sizes.z > 1 {
            return Float::with_val(BITS, Special::Infinity);
        }
        upper(BITS, &self.contracted(&sizes, &reach, &peak, &at, tau))
    }

    /// `g_1 = sum_S ||z_n|| N a_n^2`.
    fn inner(&self) -> Float {
        let samples = Rational::from(self.z.len());
        self.margin.support.iter().fold(Float::new(WORK), |s, &n| {
            let a = &self.margin.multipliers[n];
            s + norm(&self.z[n], WORK) * f(&(Rational::from(a * a) * &samples))
        })
    }

    /// How long it takes, at the speed `kappa/Z` of the page, from the start to the neighbourhood of the limit.
    pub fn arrival(&self, start: &[Rational]) -> Float {
        let limit = self.vector(WORK);
        let gap = start.iter().zip(&limit).fold(Float::new(WORK), |s, (a, v)| s + (f(a) - v).square()).sqrt();
        let shift = f(&self.rho) * f(&Rational::from(self.margin.w.len())).sqrt() * 2u32;
        upper(BITS, &((gap + shift) * self.sizes(&limit).z / self.contraction()))
    }

    /// A path that slides: `e^(2 Z (|start| + |v*| + 1)) (1 + tau) e^(-kappa tau)`, the size that the proved bound has
    /// for its constants, with the exponent of the law. Estimated, not proved. Infinite without an exponent.
    pub fn estimate_while_sliding(&self, start: &[Rational], tau: &Rational) -> Float {
        let Some(kappa) = self.exponent() else { return Float::with_val(BITS, Special::Infinity) };
        let limit = self.vector(WORK);
        let sizes = self.sizes(&limit);
        let limit = limit.iter().fold(Float::new(WORK), |s, x| s + Float::with_val(WORK, x.square_ref())).sqrt();
        let reach = (norm(start, WORK) + limit + 1u32) * &sizes.z * 2u32;
        upper(BITS, &(exp(reach - f(tau) * kappa) * f(&Rational::from(tau + 1u32))))
    }

    /// How near the path has to be at `tau` for [`Law::bound_from_near`].
    pub fn near(&self, tau: &Rational) -> Near {
        let sizes = self.sizes(&self.vector(WORK));
        let z = sizes.z;
        let w = norm(&self.margin.w, WORK);
        let low = Float::with_val(WORK, self.curvature.0.sqrt_ref());
        if self.perturbation != Perturbation::L2 {
            let radius = z.recip();
            let distance = Float::with_val(BITS, Float::with_val(WORK, &radius / w) * low / 4u32);
            return Near { tau: tau.clone(), distance, radius, stretch: Float::with_val(WORK, 1) };
        }
        let turn = f(&self.rho) / &w;
        let high = Float::with_val(WORK, &self.curvature.1);
        // r_0 <= 1/(4 Z), so that e^(Z r_0) < 4/3.
        let a = self.weighted();
        let cap = Float::with_val(WORK, 4u32 * &z).recip();
        let bend = Float::with_val(WORK, &a * Float::with_val(WORK, z.square_ref())) * Rational::from((3, 4));
        let steep = Float::with_val(WORK, &bend * &cap) + &high;
        let widen = Float::with_val(WORK, &turn * &steep) * 2u32 + 1u32;
        // E = Z (|x| + |e|) with |x| <= r_0, and 1 more for the forcing.
        let stretch = exp(Float::with_val(WORK, &widen / 4u32) + 1u32);
        let quadratic = Float::with_val(WORK, &high * &turn) * &bend
            + Float::with_val(WORK, steep.square_ref()) * &high * f(&self.rho) * 10u32
                / Float::with_val(WORK, w.square_ref())
            + Float::with_val(WORK, z.square_ref()) * &a * Float::with_val(WORK, widen.square_ref()) * &stretch;
        let kappa = self.local_rate();
        let radius = (Float::with_val(WORK, &kappa / &quadratic) / 4u32)
            .min(&cap)
            .min(&(Float::with_val(WORK, &w / &steep) / 4u32));
        let distance = Float::with_val(WORK, &radius / &w) * low / 4u32;
        Near { tau: tau.clone(), distance: Float::with_val(BITS, distance), radius, stretch }
    }

    fn weighted(&self) -> Float {
        self.margin
            .support
            .iter()
            .fold(Float::new(WORK), |s, &n| s + norm(&self.z[n], WORK) * f(&self.margin.multipliers[n]))
    }

    /// `min(1, lambda (1 + rho lambda/||w||))` over the eigenvalues: the smallest rate of the linear flow.
    fn local_rate(&self) -> Float {
        let low = Float::with_val(WORK, &self.curvature.0);
        let turn = f(&self.rho) / norm(&self.margin.w, WORK);
        ((turn * &low + 1u32) * low).min(&Float::with_val(WORK, 1))
    }

    /// A path that has been as near as [`Law::near`] asks: a bound on `|<z_n, v> - c_n|`, `n` in `S`, at `tau`. Infinite
    /// where a condition of the page does not hold, and for a path that slides. inf-SAM keeps its signs from there on.
    pub fn bound_from_near(&self, near: &Near, tau: &Rational) -> Float {
        let infinite = Float::with_val(BITS, Special::Infinity);
        if self.slides() || *tau < near.tau {
            return infinite;
        }
        if self.perturbation != Perturbation::L2 {
            return self.bound_from_near_settled(near, tau);
        }
        let sizes = self.sizes(&self.vector(WORK));
        let (z, w) = (sizes.z, norm(&self.margin.w, WORK));
        let turn = f(&self.rho) / &w;
        let at = f(&near.tau);
        let high = &self.curvature.1;
        let a = self.weighted();
        // Sigma corrections: at most 3 N a_max e^-tau on the ball, at theta and at theta^.
        let sigma = exp(-at.clone()) * &sizes.share * 3u32 * &a;
        let outside = |reach: &Float| {
            sizes.outside.iter().fold(Float::new(WORK), |s, (size, m, _)| {
                let rate = f(&Rational::from(m - 1u32));
                let lift = Float::with_val(WORK, reach + Float::with_val(WORK, &near.radius * 3u32)) * size;
                s + exp(lift - rate * &at / 2u32) * size / &sizes.samples
            })
        };
        let here = exp(turn.clone()) * outside(&Float::new(WORK));
        let there = outside(&f(&self.rho));
        let j = Float::with_val(WORK, sigma.clone() * Rational::from((3, 2))) + here;
        let j2 = Float::with_val(WORK, j.square_ref());
        let w2 = Float::with_val(WORK, w.square_ref());
        let e = &near.stretch;
        let forcing = Float::with_val(WORK, &turn * &j) * high
            + Float::with_val(WORK, high * &j2) * f(&self.rho) * 10u32 / w2
            + Float::with_val(WORK, z.square_ref()) * &a * e * Float::with_val(WORK, turn.square_ref()) * &j2 * 4u32
            + sigma * e * e
            + &there;
        let gamma = self
            .margin
            .next_margin()
            .map_or_else(|| Float::with_val(WORK, 1), |m| f(&Rational::from(m - 1u32)).min(&Float::with_val(WORK, 1)));
        // The conditions: the direction of the gradient, the stretch, the ball and the cylinder over it are not left.
        let start = Float::with_val(WORK, &near.radius / 4u32);
        let pushed = Float::with_val(WORK, &forcing / &gamma);
        let twist = Float::with_val(WORK, &z * &turn) * &j * 2u32;
        let kept = Float::with_val(WORK, &there / &gamma);
        if j > w / 4u32 || twist > 1 || pushed > start || kept > near.radius {
            return infinite;
        }
        let kappa = self.local_rate().min(&gamma) * 3u32 / 4u32;
        let length = f(&Rational::from(tau - &near.tau));
        let decay = exp(-(kappa * &length));
        upper(BITS, &((start + forcing * length) * decay * z))
    }

    /// What a bound `e` on `|<z_n, v> - c_n|` says of `x`, the part of `v` less its limit in the span of `S`: `||x|| <= ||w|| e/sqrt(kappa)`.
    pub fn bound_in_span(&self, residual: &Float) -> Float {
        let low = Float::with_val(WORK, self.curvature.0.sqrt_ref());
        upper(BITS, &(norm(&self.margin.w, WORK) * residual / low))
    }

    /// A bound on `||v||_1` for all `tau`, `v = beta - w tau`, of the flow from `start`: gradient descent, and inf-SAM whose
    /// signs are settled from `settled` on. For the other flows the same number is an estimate.
    pub fn bound_on_rest(&self, start: &[Rational], settled: &Rational) -> Float {
        let limit = self.vector(WORK);
        let sizes = self.sizes(&limit);
        let longest = self.z.iter().map(|row| norm(row, WORK)).fold(Float::new(WORK), |m, x| m.max(&x));
        let limit = limit.iter().fold(Float::new(WORK), |s, x| s + Float::with_val(WORK, x.square_ref())).sqrt();
        let moved = longest * (exp(f(settled)) - 1u32) + norm(&self.margin.w, WORK) * f(settled);
        let shift = f(&self.rho) * f(&Rational::from(self.margin.w.len())).sqrt() * 2u32;
        let inner = self.inner();
        let lift = |size: &Float| Float::with_val(WORK, size * &shift);
        let outer = sizes.outside.iter().fold(Float::new(WORK), |s, (size, m, along)| {
            s + exp(lift(size) - along) * size / &sizes.samples / f(&Rational::from(m - 1u32))
        });
        let far = norm(start, WORK) + limit * 2u32 + shift.clone() + moved + inner + outer;
        upper(BITS, &(far * f(&Rational::from(self.margin.w.len())).sqrt()))
    }

    /// A bound on `|beta_j/||beta||_1 - w_j/||w||_1|` at `tau` where `||beta - w tau||_1 <= rest`: `2 rest/(||w||_1 tau)`.
    pub fn bound_on_direction(&self, rest: &Float, tau: &Rational) -> Float {
        let l1: Rational = self.margin.w.iter().map(|x| x.clone().abs()).sum();
        upper(BITS, &(Float::with_val(WORK, rest * 2u32) / f(&Rational::from(&l1 * tau))))
    }

    /// The tangent of the angle between `beta` and `w` once `v` has reached its limit:
    /// `||P v||/(||w|| tau + <v, w>/||w||)`. `None` where the support does not span.
    pub fn tangent(&self, tau: &Rational, prec: u32) -> Option<Float> {
        if !self.spans() {
            return None;
        }
        let bits = prec + super::num::GUARD;
        let v = self.vector(bits);
        let w = &self.margin.w;
        let size = dot(w, w);
        let along = super::linear::apply(w, &v, bits) / real(bits, &size);
        let off = v.iter().zip(w).fold(Float::new(bits), |s, (v, w)| {
            s + Float::with_val(bits, v - Float::with_val(bits, &along * w)).square()
        });
        let length = (real(bits, tau) + along) * real(bits, &size).sqrt();
        Some(Float::with_val(prec, off.sqrt() / length))
    }
}
