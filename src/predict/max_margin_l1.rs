//! The l1 max-margin problem, exactly, with its dual.
//!
//! Source: Theorem 4.2, `proofs/thm-4.2.md`: `gamma* = max min_n <z_n, w>` over `||w||_1 = 1`, for any signs or for
//! `w >= 0`. The dual: weights `p >= 0`, `sum p = 1`, with `m_j = |sum_n p_n z_nj| <= gamma*` (without the modulus for
//! `w >= 0`), equality where `w_j != 0`.

use crate::arith::simplex::{Lp, Outcome};
use rug::Rational;

/// Which directions compete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    Any,
    Nonnegative,
}

/// The solution, unique and strictly complementary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct L1Margin {
    /// `||w||_1 = 1`.
    pub w: Vec<Rational>,
    /// `gamma*`.
    pub margin: Rational,
    /// `p`, one a sample.
    pub dual: Vec<Rational>,
    /// `m_j`, one a coordinate: below `gamma*` exactly where `w_j = 0`.
    pub strength: Vec<Rational>,
}

/// Why there is no prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMargin {
    #[error("no admissible direction has a positive margin on every sample")]
    NotSeparable,
    #[error("the l1 max-margin problem is degenerate: its solution or its dual is not unique")]
    Degenerate,
}

/// Solves the problem for samples `z_n`, all of one length.
///
/// # Errors
/// [`NoMargin`].
pub fn solve(z: &[Vec<Rational>], signs: Signs) -> Result<L1Margin, NoMargin> {
    let (samples, d) = (z.len(), z.first().map_or(0, Vec::len));
    let halves = if signs == Signs::Any { 2 } else { 1 };
    // Columns: w+ (and w-), gamma, a slack a sample. Rows: <z_n, w> - gamma - slack_n = 0; sum = 1.
    let columns = halves * d + 1 + samples;
    let mut a = vec![vec![Rational::new(); columns]; samples + 1];
    for (n, row) in z.iter().enumerate() {
        for (j, value) in row.iter().enumerate() {
            a[n][j] = value.clone();
            if signs == Signs::Any {
                a[n][d + j] = Rational::from(-value);
            }
        }
        a[n][halves * d] = Rational::from(-1);
        a[n][halves * d + 1 + n] = Rational::from(-1);
    }
    for x in &mut a[samples][..halves * d] {
        *x = Rational::from(1);
    }
    let mut b = vec![Rational::new(); samples + 1];
    b[samples] = Rational::from(1);
    let mut c = vec![Rational::new(); columns];
    c[halves * d] = Rational::from(1);
    let Ok(lp) = Lp::new(a, b, c) else { return Err(NoMargin::NotSeparable) };
    let Outcome::Optimal { x, value, dual } = lp.solve() else { return Err(NoMargin::NotSeparable) };
    if value <= 0 {
        return Err(NoMargin::NotSeparable);
    }
    let w: Vec<Rational> =
        (0..d).map(|j| if signs == Signs::Any { Rational::from(&x[j] - &x[d + j]) } else { x[j].clone() }).collect();
    let p: Vec<Rational> = dual[..samples].iter().map(|y| Rational::from(-y)).collect();
    let strength: Vec<Rational> = (0..d)
        .map(|j| {
            let sum: Rational = p.iter().zip(z).map(|(p, row)| Rational::from(p * &row[j])).sum();
            if signs == Signs::Any { sum.abs() } else { sum }
        })
        .collect();
    // Strict complementarity on both sides makes both optima unique where the active system is square.
    let active_coordinates = w.iter().filter(|w| !w.is_zero()).count();
    let active_samples = p.iter().filter(|p| !p.is_zero()).count();
    let slack = |n: usize| &x[halves * d + 1 + n];
    let complementary = (0..d).all(|j| w[j].is_zero() == (strength[j] < value))
        && (0..samples).all(|n| p[n].is_zero() == (*slack(n) > 0));
    if !complementary || active_coordinates != active_samples {
        return Err(NoMargin::Degenerate);
    }
    Ok(L1Margin { w, margin: value, dual: p, strength })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::text::parse_rational;

    fn rows(text: &[&str]) -> Vec<Vec<Rational>> {
        text.iter().map(|r| r.split(' ').map(|q| parse_rational(q).unwrap()).collect()).collect()
    }

    fn list(text: &str) -> Vec<Rational> {
        rows(&[text]).remove(0)
    }

    #[test]
    fn the_example_of_the_page_has_two_limits() {
        // MATH.md 5.4: nonnegative e_1 with margin 1, sign-free 8/5; p by hand from 2 p1 + p2 = p1 + 5/2 p2.
        let z = rows(&["2 -1 4/5", "1 -5/2 3/5"]);
        let free = solve(&z, Signs::Any).unwrap();
        assert_eq!(free.margin, Rational::from((8, 5)));
        assert_eq!(free.w, list("3/5 -2/5 0"));
        assert_eq!(free.dual, list("3/5 2/5"));
        assert_eq!(free.strength, list("8/5 8/5 18/25"));
        let nonnegative = solve(&z, Signs::Nonnegative).unwrap();
        assert_eq!(nonnegative.margin, 1);
        assert_eq!(nonnegative.w, list("1 0 0"));
        assert_eq!(nonnegative.strength, list("1 -5/2 3/5"));
    }

    #[test]
    fn degenerate_and_inseparable_data_are_refused() {
        assert_eq!(solve(&rows(&["1 1"]), Signs::Any), Err(NoMargin::Degenerate));
        assert_eq!(solve(&rows(&["-1 -1"]), Signs::Nonnegative), Err(NoMargin::NotSeparable));
        assert_eq!(solve(&rows(&["1 0", "-1 0"]), Signs::Any), Err(NoMargin::NotSeparable));
    }

    #[test]
    fn no_vertex_of_a_fine_grid_does_better() {
        let z = rows(&["3 1 -1", "-1 2 1", "1 1/2 2"]);
        for signs in [Signs::Any, Signs::Nonnegative] {
            let best = solve(&z, signs).unwrap();
            assert_eq!(best.w.iter().map(|w| Rational::from(w.abs_ref())).sum::<Rational>(), 1);
            let n = 24i32;
            let range = |left: i32| if signs == Signs::Any { -left..=left } else { 0..=left };
            for i in range(n) {
                for j in range(n - i.abs()) {
                    let k = n - i.abs() - j.abs();
                    for k in if signs == Signs::Any { vec![k, -k] } else { vec![k] } {
                        let w = [i, j, k].map(|x| Rational::from((x, n)));
                        let margin = |row: &Vec<Rational>| row.iter().zip(&w).map(|(a, b)| Rational::from(a * b)).sum();
                        let least: Rational = z.iter().map(margin).min().unwrap();
                        assert!(least <= best.margin);
                    }
                }
            }
        }
    }
}
