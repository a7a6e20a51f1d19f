//! Gauss-Legendre nodes and weights, the predicted side's own quadrature rule.
//!
//! Source: textbook; error bound (Trefethen, *Approximation Theory and Approximation Practice*, Theorem 19.3):
//! `n` points integrate `f` over `[-1, 1]` with error at most `(64/15) M r^(-2(n-1)) / (1 - r^-2)` when `|f| <= M`
//! in the ellipse with foci `-+1` and semi-axis sum `r`.

use rug::Float;
use rug::float::Constant;

/// Nodes in `(-1, 1)`, ascending in index order from `+1` down, and weights; absolute error about `n 2^-bits`.
#[derive(Clone, Debug)]
pub struct Rule {
    pub nodes: Vec<Float>,
    pub weights: Vec<Float>,
}

impl Rule {
    /// The rule with `n >= 1` points.
    pub fn new(n: u32, bits: u32) -> Self {
        let wp = bits + 32;
        let mut nodes = Vec::new();
        let mut weights = Vec::new();
        let step = Float::with_val(wp, Constant::Pi) / Float::with_val(wp, 2 * n + 1);
        for i in 0..n {
            // cos(pi (i + 3/4) / (n + 1/2)): Newton converges from it to the i-th zero.
            let angle = Float::with_val(wp, 4 * i + 3) * &step / 2u32;
            let mut x = angle.cos();
            let mut settled = false;
            loop {
                let (p, slope) = legendre(n, &x, wp);
                let shift = Float::with_val(wp, &p / &slope);
                x -= &shift;
                if settled {
                    // weight 2 / ((1 - x^2) P'(x)^2), at the settled node
                    let (_, slope) = legendre(n, &x, wp);
                    let rest = 1 - Float::with_val(wp, x.square_ref());
                    let weight = 2 / (rest * slope.square());
                    nodes.push(Float::with_val(bits, &x));
                    weights.push(Float::with_val(bits, weight));
                    break;
                }
                settled = shift.get_exp().is_none_or(|e| i64::from(e) < -i64::from(wp / 2 + 8));
            }
        }
        Self { nodes, weights }
    }
}

/// `P_n(x)` and `P_n'(x)`.
fn legendre(n: u32, x: &Float, wp: u32) -> (Float, Float) {
    let mut before = Float::with_val(wp, 1u32);
    let mut now = Float::with_val(wp, x);
    for k in 1..n {
        let up = Float::with_val(wp, &now * x) * (2 * k + 1);
        let down = before * k;
        before = now;
        now = (up - down) / (k + 1);
    }
    let rest = 1 - Float::with_val(wp, x.square_ref());
    let slope = (before - Float::with_val(wp, x * &now)) * n / rest;
    (now, slope)
}
