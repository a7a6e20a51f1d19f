//! Small linear algebra: exact solution of a rational system, eigenvalues of a symmetric matrix.

use super::num::GUARD;
use rug::{Float, Rational};

/// Inner product.
pub fn dot(a: &[Rational], b: &[Rational]) -> Rational {
    a.iter().zip(b).fold(Rational::new(), |sum, (x, y)| sum + Rational::from(x * y))
}

/// Inner products of the rows with each other.
pub fn gram(rows: &[Vec<Rational>]) -> Vec<Vec<Rational>> {
    rows.iter().map(|a| rows.iter().map(|b| dot(a, b)).collect()).collect()
}

/// The inverse of a square matrix by exact elimination; `None` where it is singular.
pub fn inverse(matrix: &[Vec<Rational>]) -> Option<Vec<Vec<Rational>>> {
    let n = matrix.len();
    let unit = |i: usize| (0..n).map(move |k| Rational::from(u32::from(i == k)));
    let mut rows: Vec<Vec<Rational>> =
        matrix.iter().enumerate().map(|(i, row)| row.iter().cloned().chain(unit(i)).collect()).collect();
    for i in 0..n {
        let pivot = (i..n).find(|&k| !rows[k][i].is_zero())?;
        rows.swap(i, pivot);
        let head = rows[i][i].clone();
        rows[i].iter_mut().for_each(|x| *x /= &head);
        let row = rows[i].clone();
        for other in rows.iter_mut().enumerate().filter(|(k, r)| *k != i && !r[i].is_zero()).map(|(_, r)| r) {
            let factor = other[i].clone();
            other.iter_mut().zip(&row).for_each(|(x, y)| *x -= Rational::from(&factor * y));
        }
    }
    Some(rows.into_iter().map(|row| row[n..].to_vec()).collect())
}

/// `matrix b = rhs`; `None` where the matrix is singular.
pub fn solve(matrix: &[Vec<Rational>], rhs: &[Rational]) -> Option<Vec<Rational>> {
    inverse(matrix).map(|rows| rows.iter().map(|row| dot(row, rhs)).collect())
}

/// A rational row against a vector of numbers, at `bits` bits.
pub fn apply(row: &[Rational], v: &[Float], bits: u32) -> Float {
    row.iter().zip(v).fold(Float::new(bits), |sum, (a, x)| sum + Float::with_val(bits, x * a))
}

/// Eigenvalues of a symmetric matrix, ascending, by Jacobi's rotations until what is off the diagonal is below
/// `2^-(prec + GUARD)` of what is on it (for each eigenvalue an absolute error of that size, by Weyl).
pub fn eigenvalues(matrix: &[Vec<Float>], prec: u32) -> Vec<Float> {
    let n = matrix.len();
    let bits = prec + 2 * GUARD;
    let mut m: Vec<Vec<Float>> =
        matrix.iter().map(|row| row.iter().map(|x| Float::with_val(bits, x)).collect()).collect();
    let norm = m.iter().flatten().fold(Float::new(bits), |sum, x| sum + Float::with_val(bits, x.abs_ref()));
    let small = norm >> (prec + GUARD + n as u32);
    // Jacobi's sweeps converge quadratically: 60 are never reached, and end a loop that rounding keeps alive.
    for _ in 0..60 {
        let mut quiet = true;
        for p in 0..n {
            for q in p + 1..n {
                if Float::with_val(bits, m[p][q].abs_ref()) > small {
                    quiet = false;
                    rotate(&mut m, p, q, bits);
                }
            }
        }
        if quiet {
            break;
        }
    }
    let mut values: Vec<Float> = (0..n).map(|i| Float::with_val(prec, &m[i][i])).collect();
    values.sort_by(Float::total_cmp);
    values
}

/// The rotation that makes `m[p][q]` vanish.
fn rotate(m: &mut [Vec<Float>], p: usize, q: usize, bits: u32) {
    let gap = Float::with_val(bits, &m[q][q] - &m[p][p]);
    let theta = gap / Float::with_val(bits, &m[p][q] * 2u32);
    let root = (Float::with_val(bits, theta.square_ref()) + 1u32).sqrt();
    let size = Float::with_val(bits, theta.abs_ref()) + root;
    let t = if theta.is_sign_negative() { -size.recip() } else { size.recip() };
    let c = (Float::with_val(bits, t.square_ref()) + 1u32).sqrt().recip();
    let s = Float::with_val(bits, &t * &c);
    let turn = |x: &Float, y: &Float| {
        let a = Float::with_val(bits, &c * x) - Float::with_val(bits, &s * y);
        let b = Float::with_val(bits, &s * x) + Float::with_val(bits, &c * y);
        (a, b)
    };
    for row in m.iter_mut() {
        (row[p], row[q]) = turn(&row[p], &row[q]);
    }
    let (top, bottom) = m.split_at_mut(q);
    for (x, y) in top[p].iter_mut().zip(&mut bottom[0]) {
        (*x, *y) = turn(x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i32, d: i32) -> Rational {
        Rational::from((n, d))
    }

    #[test]
    fn an_inverse_times_its_matrix_is_the_unit_and_a_singular_one_has_none() {
        let m =
            vec![vec![q(0, 1), q(2, 3), q(1, 1)], vec![q(5, 1), q(-1, 7), q(0, 1)], vec![q(1, 2), q(3, 1), q(4, 1)]];
        let inverse = inverse(&m).unwrap();
        for (i, row) in m.iter().enumerate() {
            for k in 0..3 {
                let column: Vec<Rational> = inverse.iter().map(|r| r[k].clone()).collect();
                assert_eq!(dot(row, &column), u32::from(i == k));
            }
        }
        assert_eq!(solve(&[vec![q(1, 1), q(2, 1)], vec![q(2, 1), q(4, 1)]], &[q(1, 1), q(1, 1)]), None);
    }

    #[test]
    fn eigenvalues_are_the_roots_of_the_characteristic_polynomial() {
        // Characteristic polynomial, by hand: (x - 2) (x^2 - 4 x + 2).
        let m: Vec<Vec<Float>> = [[2, -1, 1], [-1, 2, 0], [1, 0, 2]]
            .iter()
            .map(|r| r.iter().map(|x| Float::with_val(300, *x)).collect())
            .collect();
        let values = eigenvalues(&m, 200);
        let want = [2.0 - std::f64::consts::SQRT_2, 2.0, 2.0 + std::f64::consts::SQRT_2];
        for (x, w) in values.iter().zip(want) {
            assert!((x.to_f64() - w).abs() < 1e-14);
        }
        let miss = Float::with_val(200, &values[2] - Float::with_val(200, 2u32).sqrt()) - 2u32;
        assert!(miss.abs() < 1e-57);
    }

    /// `[[1, e], [e, 1]]` has the eigenvalues `1 -+ e`, and an `e` of 150 bits below 1 is still to be seen at 200.
    #[test]
    fn a_small_off_diagonal_is_not_passed_over() {
        let e = Float::with_val(300, 1) >> 150u32;
        let one = Float::with_val(300, 1);
        let values = eigenvalues(&[vec![one.clone(), e.clone()], vec![e.clone(), one.clone()]], 200);
        for (x, want) in values.iter().zip([Float::with_val(300, &one - &e), Float::with_val(300, &one + &e)]) {
            assert!((Float::with_val(300, x) - want).abs() < Float::with_val(300, 1) >> 198u32);
        }
    }
}
