//! Who leads on a uniform start: coordinate `j` exactly while `mu_(j-1) + mu_j < s/K(s) < mu_j + mu_(j+1)`
//! (`proofs/thm-4.4.md`, "The leader").

use super::super::num::{GUARD, done, real};
use super::collocation::{Point, Solver, lg};
use super::critical::{alpha_up_squared, first_leader};
use super::field::Field;
use super::path::{Estimate, Example, Fate, Solvers};
use rug::{Float, Rational};

/// The lead passes between neighbours (0-based).
#[derive(Clone, Debug)]
pub struct HandOver {
    pub from: usize,
    pub to: usize,
    pub s: Estimate,
    pub log_t: Estimate,
}

/// The whole history of the lead.
#[derive(Clone, Debug)]
pub struct Lead {
    pub first: usize,
    pub hand_overs: Vec<HandOver>,
}

impl Lead {
    /// The leaders in order, 1-based.
    pub fn word(&self) -> String {
        let mut names = vec![(self.first + 1).to_string()];
        names.extend(self.hand_overs.iter().map(|h| (h.to + 1).to_string()));
        names.join(" ")
    }
}

/// A crossing of `A = mu_j + mu_(j+1)` found at low precision.
struct Crossing {
    guess: Float,
    j: usize,
    up: bool,
}

impl Example {
    /// The first leader and every hand-over of a uniform start, to the end of the path (to `s_c` if it collapses).
    /// `None` off the uniform starts, on a threshold, or where the fate is not decided.
    pub fn lead(&self, solvers: &Solvers) -> Option<Lead> {
        let alpha = &self.alpha[0];
        if self.alpha.iter().any(|a| a != alpha) {
            return None;
        }
        let first = first_leader(&self.mu, alpha, &self.rho)?;
        let mut crossings = self.crossings(&solvers.coarse, first)?;
        crossings.sort_by(|a, b| a.guess.total_cmp(&b.guess));
        let solved = solvers.twice(|solver| self.polish(solver, &crossings))?;
        let hand_overs: Vec<HandOver> = crossings
            .iter()
            .zip(solved.chunks_exact(2))
            .map(|(c, pair)| HandOver {
                from: if c.up { c.j } else { c.j + 1 },
                to: if c.up { c.j + 1 } else { c.j },
                s: pair[0].clone(),
                log_t: pair[1].clone(),
            })
            .collect();
        // A path that does not chain from leader to leader was not understood.
        let mut leader = first;
        for h in &hand_overs {
            if h.from != leader {
                return None;
            }
            leader = h.to;
        }
        Some(Lead { first, hand_overs })
    }

    /// The leader of a uniform start at `s > 0` (0-based); `None` where the error of `K` does not tell.
    pub fn leader_at(&self, s: &Rational, k: &Estimate) -> Option<usize> {
        let bits = k.value.prec() + GUARD;
        let mut leader = 0;
        for j in 0..self.mu.len() - 1 {
            let theta = real(bits, &self.threshold(j));
            let excess = real(bits, s) - Float::with_val(bits, &theta * &k.value);
            let slip = Float::with_val(64, &theta * &k.error);
            if excess > slip {
                leader = j + 1;
            } else if excess >= Float::with_val(64, -slip) {
                return None;
            }
        }
        Some(leader)
    }

    fn threshold(&self, j: usize) -> Rational {
        Rational::from(&self.mu[j] + &self.mu[j + 1])
    }

    /// `s - (mu_j + mu_(j+1)) K` changes sign where `A` crosses the threshold; `A` has at most one minimum, at a
    /// zero of `K - s c`, and between it and the ends of the path it is monotone.
    fn crossings(&self, solver: &Solver, first: usize) -> Option<Vec<Crossing>> {
        let bits = solver.bits;
        let field = self.field(bits);
        let fate = self.fate()?;
        let d = self.mu.len();
        let excess = |j: usize, p: &Point| {
            Float::with_val(bits, &p.x - Float::with_val(bits, &p.y * real(bits, &self.threshold(j))))
        };
        let slope = |p: &Point| {
            let c = real(bits, &self.rho) / field.norm(&p.x, &p.y, bits);
            Float::with_val(bits, &p.y - c * &p.x)
        };
        let mut above: Vec<bool> = (0..d - 1).map(|j| first > j).collect();
        let mut falling = Rational::from(&self.alpha[0] * &self.alpha[0]) < alpha_up_squared(&self.mu, &self.rho);
        let level = real(64, &(Rational::from(&self.rho * self.major())));
        let mut out = Vec::new();
        let mut at = Point::origin(bits);
        let mut h = self.first_step();
        for _ in 0..20_000 {
            let settled = match fate {
                Fate::Grows => !falling && above.iter().all(|a| *a) && field.norm(&at.x, &at.y, 64) >= level,
                Fate::Collapses => above.iter().all(|a| !*a),
            };
            if settled {
                return Some(out);
            }
            let to = solver.advance(&field, &at, &mut h)?;
            let mut ends = Vec::new();
            if falling && slope(&to) > 0 {
                falling = false;
                ends.push(root(solver, &field, &at, &to, slope)?);
            }
            ends.push(to);
            for end in ends {
                for (j, above) in above.iter_mut().enumerate() {
                    let now = excess(j, &end) > 0;
                    if now != *above {
                        let crossing = root(solver, &field, &at, &end, |p| excess(j, p))?;
                        out.push(Crossing { guess: crossing.x, j, up: now });
                        *above = now;
                    }
                }
                at = end;
            }
        }
        None
    }

    /// `log t` at a point: `z + ln(s e^-z + integral e^(y - z))`, the integral taken backwards until the rest is nothing.
    /// `step` is a length that steps may start with.
    fn log_time(&self, solver: &Solver, end: &Point, step: &Float) -> Option<Float> {
        let bits = solver.bits;
        let plain = self.field(bits);
        let z = plain.margin_at(&end.x, &end.y);
        // log t - z = -ln z' up to O(1/z), which is below the last digit of a large z. (From about 4 bits later on the steps
        // below would be short enough for their goal before they are short enough to see the integrand at all.)
        if lg(&z) > i64::from(bits / 2) {
            return Some(z - plain.margin_rate(&end.x, &end.y).ln());
        }
        let field = plain.with_clock(z.clone());
        let mut at = Point { t: Float::new(bits), ..end.clone() };
        let mut h = Float::with_val(64, -step);
        // Where z is large its own last bits are noise in e^(y - z), which no shorter step removes.
        let goal = (lg(&z) + 32 - i64::from(bits)).max(-i64::from(bits / 2) - 8);
        while at.x > 0 {
            let drop = Float::with_val(bits, field.margin_at(&at.x, &at.y) - &z);
            if drop < -Float::with_val(64, bits) {
                break;
            }
            let left = Float::with_val(bits, -&at.x);
            if h < left {
                h = Float::with_val(64, &left);
                let mut last = left;
                at = solver.advance_within(&field, &at, &mut last, goal)?;
            } else {
                at = solver.advance_within(&field, &at, &mut h, goal)?;
            }
        }
        let drift = Float::with_val(bits, -&z).exp() * &end.x;
        let sum = drift - at.t;
        (sum > 0).then(|| sum.ln() + z)
    }

    /// `s` and `log t` of every crossing, by Newton's method on `s - theta K = 0`.
    fn polish(&self, solver: &Solver, crossings: &[Crossing]) -> Option<Vec<Float>> {
        let bits = solver.bits;
        let field = self.field(bits);
        let mut at = Point::origin(bits);
        let mut out = Vec::new();
        let mut h = self.first_step();
        for c in crossings {
            let theta = real(bits, &self.threshold(c.j));
            let mut p = solver.march(&field, &at, &Float::with_val(bits, &c.guess), &mut h)?;
            at = p.clone();
            for _ in 0..30 {
                let rate = real(bits, &self.rho) / field.norm(&p.x, &p.y, bits);
                let miss = Float::with_val(bits, &p.x - Float::with_val(bits, &theta * &p.y));
                let slope: Float = 1 - Float::with_val(bits, &theta * rate);
                let by = Float::with_val(bits, -miss / slope);
                let small = Float::with_val(64, &p.x) >> (bits / 2 + GUARD / 4);
                if by.is_zero() {
                    break;
                }
                let last = Float::with_val(64, by.abs_ref()) < small;
                p = solver.step(&field, &p, &by)?.0;
                if last {
                    break;
                }
            }
            out.push(p.x.clone());
            out.push(self.log_time(solver, &p, &h)?);
        }
        Some(out)
    }
}

/// The zero of `f` between two points of one step, at which it has different signs (`from` may itself be a zero):
/// the secant between the ends, the weight of a repeated end halved; halves where that creeps.
fn root(solver: &Solver, field: &Field, from: &Point, to: &Point, f: impl Fn(&Point) -> Float) -> Option<Point> {
    let bits = solver.bits;
    let (mut lo, mut hi) = (Float::new(bits), Float::with_val(bits, &to.x - &from.x));
    let (mut low, mut high) = (f(from), f(to));
    let rising = high > 0;
    let mut best = to.clone();
    let mut side = None;
    for round in 0..400 {
        let width = Float::with_val(bits, &hi - &lo);
        if Float::with_val(64, &width) <= Float::with_val(64, &hi) >> (bits - GUARD / 2) {
            break;
        }
        let mut x = Float::with_val(bits, &width / 2u32) + &lo;
        if !low.is_zero() && round % 6 != 5 && (low > 0) != rising {
            let whole = Float::with_val(bits, &high - &low);
            let guess = Float::with_val(bits, &high * &width) / whole;
            let guess = Float::with_val(bits, &hi - guess);
            if guess > lo && guess < hi {
                x = guess;
            }
        }
        let p = solver.step(field, from, &x)?.0;
        let value = f(&p);
        let above = (value > 0) == rising;
        best = p;
        if value.is_zero() {
            break;
        }
        if above {
            (hi, high) = (x, value);
            if side == Some(above) {
                low /= 2u32;
            }
        } else {
            (lo, low) = (x, value);
            if side == Some(above) {
                high /= 2u32;
            }
        }
        side = Some(above);
    }
    Some(Point { x: done(bits, &best.x), ..best })
}
