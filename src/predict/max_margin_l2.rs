//! The l2 maximum margin, exactly: `w = argmin ||w||^2` subject to `<z_n, w> >= 1`, with its multipliers.
//!
//! `w = x/||x||^2` where `x` is the point nearest to 0 of the convex hull of the `z_n`. Wolfe's algorithm ("Finding the
//! nearest point in a polytope", 1976) finds it over the rationals: it ends, because a corral of points never returns.
//! Nothing is believed: [`MaxMargin::is_optimal`] states the Karush-Kuhn-Tucker conditions, which are sufficient.

use super::linear::{dot, gram, inverse, solve};
use crate::arith::simplex::{Lp, Outcome};
use rug::Rational;

/// The maximum margin of a separable data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaxMargin {
    pub w: Vec<Rational>,
    /// `a_n >= 0`, 0 outside the support: `w = sum_n a_n z_n`.
    pub multipliers: Vec<Rational>,
    /// `<z_n, w>`, at least 1.
    pub margins: Vec<Rational>,
    /// The `n` with `<z_n, w> = 1`, ascending.
    pub support: Vec<usize>,
}

impl MaxMargin {
    /// Feasible, `a >= 0`, `w = sum a_n z_n`, complementary: this proves that `w` is the optimum.
    pub fn is_optimal(&self, z: &[Vec<Rational>]) -> bool {
        let stationary = (0..self.w.len()).all(|j| {
            let column: Vec<Rational> = z.iter().map(|row| row[j].clone()).collect();
            dot(&column, &self.multipliers) == self.w[j]
        });
        let complementary =
            z.iter().zip(&self.multipliers).all(|(row, a)| *a >= 0 && (a.is_zero() || dot(row, &self.w) == 1));
        stationary && complementary && z.iter().all(|row| dot(row, &self.w) >= 1)
    }

    /// Whether every support vector has `a_n > 0` and they are linearly independent, so that the `a_n` are unique: the
    /// "almost every" of the theorems.
    pub fn strictly_complementary(&self, z: &[Vec<Rational>]) -> bool {
        self.support.iter().all(|&n| self.multipliers[n] > 0) && inverse(&gram(&self.rows(z))).is_some()
    }

    /// The support vectors.
    pub fn rows(&self, z: &[Vec<Rational>]) -> Vec<Vec<Rational>> {
        self.support.iter().map(|&n| z[n].clone()).collect()
    }

    /// The smallest margin outside the support.
    pub fn next_margin(&self) -> Option<&Rational> {
        self.margins.iter().filter(|m| **m > 1).min()
    }
}

/// The maximum margin; `None` where the data are not separable.
pub fn max_margin(z: &[Vec<Rational>]) -> Option<MaxMargin> {
    let d = z.first()?.len();
    let combine = |corral: &[(usize, Rational)]| -> Vec<Rational> {
        (0..d).map(|j| corral.iter().map(|(n, c)| Rational::from(c * &z[*n][j])).sum()).collect()
    };
    let nearest = (0..z.len()).min_by_key(|&n| dot(&z[n], &z[n]))?;
    let mut corral = vec![(nearest, Rational::from(1))];
    loop {
        let x = combine(&corral);
        let size = dot(&x, &x);
        if size.is_zero() {
            return None;
        }
        let products: Vec<Rational> = z.iter().map(|row| dot(row, &x)).collect();
        let lowest = (0..z.len()).min_by(|&a, &b| products[a].cmp(&products[b]))?;
        if products[lowest] >= size {
            let mut multipliers = vec![Rational::new(); z.len()];
            for (n, c) in &corral {
                multipliers[*n] = Rational::from(c / &size);
            }
            let margins: Vec<Rational> = products.into_iter().map(|p| p / &size).collect();
            let support = (0..z.len()).filter(|&n| margins[n] == 1).collect();
            let found = MaxMargin { w: x.into_iter().map(|x| x / &size).collect(), multipliers, margins, support };
            return found.is_optimal(z).then_some(found);
        }
        corral.push((lowest, Rational::new()));
        reduce(z, &mut corral)?;
    }
}

/// Moves to the nearest point of the affine hull of the corral, dropping points while it lies outside their convex hull.
fn reduce(z: &[Vec<Rational>], corral: &mut Vec<(usize, Rational)>) -> Option<()> {
    loop {
        // min ||sum c_n z_n||^2, sum c_n = 1: stationary with a multiplier for the sum.
        let rows: Vec<Vec<Rational>> = corral.iter().map(|(n, _)| z[*n].clone()).collect();
        let mut system: Vec<Vec<Rational>> = gram(&rows)
            .into_iter()
            .map(|mut row| {
                row.push(Rational::from(1));
                row
            })
            .collect();
        let mut last = vec![Rational::from(1); corral.len()];
        last.push(Rational::new());
        system.push(last.clone());
        let mut rhs = vec![Rational::new(); corral.len()];
        rhs.push(Rational::from(1));
        let target = solve(&system, &rhs)?;
        let step =
            corral.iter().zip(&target).filter(|(_, t)| **t <= 0).map(|((_, c), t)| c / Rational::from(c - t)).min();
        let Some(step) = step else {
            corral.iter_mut().zip(target).for_each(|((_, c), t)| *c = t);
            return Some(());
        };
        corral.iter_mut().zip(target).for_each(|((_, c), t)| *c += (t - &*c) * &step);
        corral.retain(|(_, c)| *c > 0);
        if corral.is_empty() {
            return None;
        }
    }
}

/// A rival for controls: `u = argmin ||u||_1` subject to `<z_n, u> >= 1`, by linear programming (`u = p - q`).
pub fn l1_rival(z: &[Vec<Rational>]) -> Option<Vec<Rational>> {
    let (n, d) = (z.len(), z.first()?.len());
    let rows = z.iter().enumerate().map(|(k, row)| {
        let negative = row.iter().map(|x| Rational::from(-x));
        let slack = (0..n).map(|i| Rational::from(-i32::from(i == k)));
        row.iter().cloned().chain(negative).chain(slack).collect()
    });
    let cost = (0..2 * d).map(|_| Rational::from(-1)).chain((0..n).map(|_| Rational::new())).collect();
    let program = Lp::new(rows.collect(), vec![Rational::from(1); n], cost).ok()?;
    match program.solve() {
        Outcome::Optimal { x, .. } => Some((0..d).map(|j| Rational::from(&x[j] - &x[d + j])).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn z(rows: &[&[i32]]) -> Vec<Vec<Rational>> {
        rows.iter().map(|r| r.iter().map(|x| Rational::from(*x)).collect()).collect()
    }

    /// Every subset as the set of active constraints; the shortest feasible point among them is the optimum.
    fn by_subsets(z: &[Vec<Rational>]) -> Option<Vec<Rational>> {
        let d = z[0].len();
        let mut best: Option<(Rational, Vec<Rational>)> = None;
        for subset in 1u32..1 << z.len() {
            let rows: Vec<Vec<Rational>> =
                (0..z.len()).filter(|n| subset >> n & 1 == 1).map(|n| z[n].clone()).collect();
            let Some(c) = solve(&gram(&rows), &vec![Rational::from(1); rows.len()]) else { continue };
            let w: Vec<Rational> =
                (0..d).map(|j| rows.iter().zip(&c).map(|(r, c)| Rational::from(&r[j] * c)).sum()).collect();
            let size = dot(&w, &w);
            if z.iter().all(|row| dot(row, &w) >= 1) && best.as_ref().is_none_or(|(b, _)| size < *b) {
                best = Some((size, w));
            }
        }
        best.map(|(_, w)| w)
    }

    #[test]
    fn the_examples_of_the_theorem_have_the_support_they_should() {
        let m = max_margin(&z(&[&[3, -1], &[-1, 2]])).unwrap();
        assert_eq!(m.w, [Rational::from((3, 5)), Rational::from((4, 5))]);
        assert_eq!(m.multipliers, [Rational::from((2, 5)), Rational::from((3, 5))]);
        // Collinear: the longer one is no support vector.
        let m = max_margin(&z(&[&[2], &[1], &[5]])).unwrap();
        assert_eq!((m.support, m.margins[2].clone()), (vec![1], Rational::from(5)));
        // Not separable.
        assert_eq!(max_margin(&z(&[&[1, 0], &[-1, 0]])), None);
        assert_eq!(max_margin(&z(&[&[1, 1], &[-1, 1], &[0, -1]])), None);
    }

    #[test]
    fn a_support_vector_without_multiplier_and_dependent_ones_are_not_strictly_complementary() {
        // w = (1, 0) from the first alone; the second lies on the same line <z, w> = 1.
        let data = z(&[&[1, 0], &[1, 1]]);
        let m = max_margin(&data).unwrap();
        assert_eq!((m.support.clone(), m.multipliers[1].clone()), (vec![0, 1], Rational::new()));
        assert!(!m.strictly_complementary(&data));
        let data = z(&[&[1, 1], &[1, -1], &[1, 2]]);
        assert!(!max_margin(&data).unwrap().strictly_complementary(&data));
        let data = z(&[&[1, 1], &[1, -1], &[2, 2]]);
        assert!(max_margin(&data).unwrap().strictly_complementary(&data));
    }

    #[test]
    fn the_l1_rival_is_another_direction() {
        let u = l1_rival(&z(&[&[2, 1]])).unwrap();
        assert_eq!(u, [Rational::from((1, 2)), Rational::new()]);
    }

    /// Each condition of Karush, Kuhn and Tucker violated by itself.
    #[test]
    fn what_is_not_the_optimum_is_not_taken_for_it() {
        let ask = |data: &[&[i32]], w: &[i32], a: &[i32]| {
            let list = |x: &[i32]| x.iter().map(|x| Rational::from(*x)).collect::<Vec<_>>();
            let m = MaxMargin { w: list(w), multipliers: list(a), margins: Vec::new(), support: Vec::new() };
            m.is_optimal(&z(data))
        };
        assert!(ask(&[&[1, 0], &[2, 1]], &[1, 0], &[1, 0]));
        assert!(!ask(&[&[1, 0], &[2, 1]], &[1, 0], &[2, 0]), "w is not the sum");
        assert!(!ask(&[&[1, 0], &[2, 1]], &[2, 0], &[2, 0]), "a multiplier without equality");
        assert!(!ask(&[&[1, 0], &[1, 0]], &[1, 0], &[2, -1]), "a negative multiplier");
        assert!(!ask(&[&[1, 0], &[0, 1]], &[1, 0], &[1, 0]), "not feasible");
    }

    /// `w = (3/5, 4/5)` by `(3, -1), (-1, 2)`: the others have the margins 29/5 and 2.
    #[test]
    fn the_next_margin_is_the_smallest_outside_the_support() {
        let m = max_margin(&z(&[&[3, -1], &[3, 5], &[-1, 2], &[2, 1]])).unwrap();
        assert_eq!(m.support, [0, 2]);
        assert_eq!(m.rows(&z(&[&[3, -1], &[3, 5], &[-1, 2], &[2, 1]])), z(&[&[3, -1], &[-1, 2]]));
        assert_eq!(m.next_margin(), Some(&Rational::from(2)));
        assert_eq!(m.margins[1], Rational::from((29, 5)));
        assert_eq!(max_margin(&z(&[&[3, -1], &[-1, 2]])).unwrap().next_margin(), None);
        let m = max_margin(&z(&[&[2, 0], &[5, 1]])).unwrap();
        assert_eq!(m.margins, [Rational::from(1), Rational::from((5, 2))]);
    }

    /// `min |a| + |b|` with `2a - b >= 1`, `-a - 3b >= 1`: both hold with equality at `(2/7, -3/7)`.
    #[test]
    fn the_l1_rival_has_both_signs() {
        let u = l1_rival(&z(&[&[2, -1], &[-1, -3]])).unwrap();
        assert_eq!(u, [Rational::from((2, 7)), Rational::from((-3, 7))]);
        let u = l1_rival(&z(&[&[2, -1, 0], &[-1, -3, 0], &[1, -1, -4], &[2, -9, 0]])).unwrap();
        // The third: 2/7 + 3/7 - 4 c = 1; the last is met with room.
        assert_eq!(u, [Rational::from((2, 7)), Rational::from((-3, 7)), Rational::from((-1, 14))]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_optimum_is_that_of_the_enumeration_of_all_active_sets(
            data in (1usize..5, 1usize..7).prop_flat_map(|(d, n)| {
                proptest::collection::vec(proptest::collection::vec(-4i32..5, d), n)
            })
        ) {
            let data: Vec<Vec<Rational>> = data.iter().map(|r| r.iter().map(|x| Rational::from(*x)).collect()).collect();
            let found = max_margin(&data);
            prop_assert_eq!(found.as_ref().map(|m| m.w.clone()), by_subsets(&data));
            if let Some(m) = found {
                prop_assert!(m.is_optimal(&data));
            }
        }
    }
}
