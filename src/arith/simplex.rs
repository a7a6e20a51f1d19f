//! Exact linear programming over the rationals: the simplex method in two phases, with Bland's rule wherever it could
//! cycle. Every answer comes with its proof: a dual optimum, a Farkas ray, an unbounded ray.
//!
//! Inside, all numbers are integers over one common denominator, the determinant of the basis (Edmonds' and Bareiss'
//! fraction-free elimination): a pivot divides exactly and looks for no common factor, and by Hadamard's bound the
//! entries grow with the rank only.

use rug::{Complete, Integer, Rational};

/// The program `max c.x` subject to `A x = b`, `x >= 0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lp {
    a: Vec<Vec<Rational>>,
    b: Vec<Rational>,
    c: Vec<Rational>,
}

/// A matrix and vectors whose sizes do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the constraint matrix does not have as many rows as the right-hand side, or as many columns as the objective")]
pub struct ShapeError;

/// What became of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The optimum `x`, its `value = c.x`, and the `dual` optimum `y`: `A^T y >= c` and `b.y = value`.
    Optimal { x: Vec<Rational>, value: Rational, dual: Vec<Rational> },
    /// No point is feasible; the `ray` `y` proves it: `A^T y >= 0` but `b.y < 0`.
    Infeasible { ray: Vec<Rational> },
    /// Feasible without a maximum; along the `ray` `d` it grows: `A d = 0`, `d >= 0`, `c.d > 0`.
    Unbounded { ray: Vec<Rational> },
}

/// Whether some direction has a positive inner product with every vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Separability {
    /// `<z_n, beta> > 0` for every `n`.
    Separable { beta: Vec<Rational> },
    /// Gordan's certificate that there is no such `beta`: `weights >= 0`, they sum to 1, and `sum_n weights_n z_n = 0`.
    NotSeparable { weights: Vec<Rational> },
}

/// Inner product.
fn dot(a: &[Rational], b: &[Rational]) -> Rational {
    a.iter().zip(b).fold(Rational::new(), |sum, (x, y)| sum + Rational::from(x * y))
}

/// Rationals times their least common denominator, and that denominator.
fn integers<'a>(values: impl Iterator<Item = &'a Rational> + Clone) -> (Vec<Integer>, Integer) {
    let scale = values.clone().fold(Integer::from(1), |lcm, q| lcm.lcm(q.denom()));
    (values.map(|q| (&scale / q.denom()).complete() * q.numer()).collect(), scale)
}

/// Degenerate pivots in a row, for each variable, after which the largest gain gives way to Bland's rule.
const PATIENCE: usize = 10;

/// The equations solved for the basic variables, all entries over the common denominator `det > 0`:
/// `det x_basis[i] + sum_j rows[i][j] x_outside[j] = rows[i][last]`. The true variables are `0 .. n`, the artificial one
/// of row `i` is `n + i`. One more row at the end holds the reduced costs, and minus the value reached.
struct Tableau {
    rows: Vec<Vec<Integer>>,
    basis: Vec<usize>,
    outside: Vec<usize>,
    det: Integer,
    n: usize,
}

impl Tableau {
    /// Exchanges the basic variable of `row` for the one outside in `col`.
    fn pivot(&mut self, row: usize, col: usize) {
        let pivot_row = std::mem::take(&mut self.rows[row]);
        let pivot = &pivot_row[col];
        for r in self.rows.iter_mut().filter(|r| !r.is_empty()) {
            let factor = std::mem::take(&mut r[col]);
            for (j, x) in r.iter_mut().enumerate().filter(|&(j, _)| j != col) {
                if !x.is_zero() {
                    *x *= pivot;
                }
                if !factor.is_zero() && !pivot_row[j].is_zero() {
                    *x -= &factor * &pivot_row[j];
                }
                if !x.is_zero() {
                    x.div_exact_mut(&self.det);
                }
            }
            r[col] = -factor;
        }
        self.rows[row] = pivot_row;
        // The variable that leaves brings its own column, `det` in this row and 0 elsewhere, now the denominator is the pivot.
        std::mem::swap(&mut self.rows[row][col], &mut self.det);
        if self.det < 0 {
            self.det = -std::mem::take(&mut self.det);
            for x in self.rows.iter_mut().flatten() {
                *x = -std::mem::take(x);
            }
        }
        std::mem::swap(&mut self.basis[row], &mut self.outside[col]);
    }

    fn rhs(&self, row: usize) -> &Integer {
        &self.rows[row][self.outside.len()]
    }

    /// The tightest row for a variable that enters: smallest ratio, then the first variable (Bland), or else the last, which
    /// sends away artificial ones first and saves most pivots where many rows tie.
    fn leaving(&self, col: usize, bland: bool) -> Option<usize> {
        // `rhs_i / a_i` against `rhs_k / a_k`, both `a > 0` and both `rhs >= 0`.
        let ratio = |i: usize, k: usize| match (self.rhs(i).is_zero(), self.rhs(k).is_zero()) {
            (false, false) => {
                let left = (self.rhs(i) * &self.rows[k][col]).complete();
                left.cmp(&(self.rhs(k) * &self.rows[i][col]).complete())
            }
            (i_zero, k_zero) => k_zero.cmp(&i_zero),
        };
        (0..self.basis.len()).filter(|&i| self.rows[i][col] > 0).min_by(|&i, &k| {
            let order = self.basis[i].cmp(&self.basis[k]);
            ratio(i, k).then(if bland { order } else { order.reverse() })
        })
    }

    /// Maximises the objective of the last row over the true variables; `Some(column)` when it grows without bound along
    /// that column.
    fn maximise(&mut self) -> Option<usize> {
        let objective = self.basis.len();
        let mut stalled = 0;
        loop {
            let gains = &self.rows[objective];
            let candidates = (0..self.outside.len()).filter(|&j| self.outside[j] < self.n && gains[j] > 0);
            // The largest gain; after a long stall the first variable that gains (Bland), which leaves every stall. As
            // the objective grows between stalls, no basis comes twice.
            let bland = stalled >= PATIENCE * (self.basis.len() + self.outside.len());
            let entering = if bland {
                candidates.min_by_key(|&j| self.outside[j])
            } else {
                candidates.max_by(|&j, &k| gains[j].cmp(&gains[k]).then(self.outside[k].cmp(&self.outside[j])))
            }?;
            let Some(row) = self.leaving(entering, bland) else { return Some(entering) };
            stalled = if self.rhs(row).is_zero() { stalled + 1 } else { 0 };
            self.pivot(row, entering);
        }
    }

    /// Turns artificial variables, all zero by now, out of the basis; where that is impossible the row is redundant and
    /// stays inert.
    fn drop_artificials(&mut self) {
        for row in 0..self.basis.len() {
            if self.basis[row] >= self.n
                && let Some(col) =
                    (0..self.outside.len()).find(|&j| self.outside[j] < self.n && !self.rows[row][j].is_zero())
            {
                self.pivot(row, col);
            }
        }
    }

    /// The last row for the objective `cost . x`, artificial variables costing nothing.
    fn price(&mut self, cost: &[Integer]) {
        let zero = Integer::new();
        let cost_of = |k: usize| cost.get(k).unwrap_or(&zero);
        let own = self.outside.iter().map(|&k| (cost_of(k) * &self.det).complete());
        let mut reduced: Vec<Integer> = own.chain([Integer::new()]).collect();
        for (row, &k) in self.rows.iter().zip(&self.basis).filter(|&(_, &k)| !cost_of(k).is_zero()) {
            for (r, x) in reduced.iter_mut().zip(row) {
                *r -= cost_of(k) * x;
            }
        }
        self.rows[self.basis.len()] = reduced;
    }

    /// The multiplier of each row that the basis implies, for artificial variables that cost `cost`.
    fn dual(&self, cost: i32) -> Vec<Rational> {
        let mut y = vec![Rational::from(cost); self.basis.len()];
        for (&k, reduced) in self.outside.iter().zip(&self.rows[self.basis.len()]).filter(|&(&k, _)| k >= self.n) {
            y[k - self.n] -= Rational::from((reduced, &self.det));
        }
        y
    }
}

impl Lp {
    /// The program with constraint rows `a`, right-hand side `b` and objective `c`.
    ///
    /// # Errors
    /// [`ShapeError`] unless `a` has as many rows as `b` and every row as many entries as `c`.
    pub fn new(a: Vec<Vec<Rational>>, b: Vec<Rational>, c: Vec<Rational>) -> Result<Self, ShapeError> {
        if a.len() != b.len() || a.iter().any(|row| row.len() != c.len()) {
            return Err(ShapeError);
        }
        Ok(Lp { a, b, c })
    }

    /// Solves it exactly. The time can be exponential in the worst case and is small in practice.
    pub fn solve(&self) -> Outcome {
        let (m, n) = (self.a.len(), self.c.len());
        // Rows times a number each, so that they are whole and their right-hand sides not negative.
        let (mut rows, scales): (Vec<_>, Vec<_>) = (self.a.iter().zip(&self.b))
            .map(|(row, b)| {
                let (mut row, scale) = integers(row.iter().chain([b]));
                if *b < 0 {
                    row.iter_mut().for_each(|x| *x = -std::mem::take(x));
                    (row, -scale)
                } else {
                    (row, scale)
                }
            })
            .unzip();
        // Phase one: every artificial variable costs 1.
        rows.push((0..=n).map(|j| rows.iter().map(|row| &row[j]).sum()).collect());
        let (basis, outside) = ((n..n + m).collect(), (0..n).collect());
        let mut tableau = Tableau { rows, basis, outside, det: Integer::from(1), n };
        let unscaled = |y: Vec<Rational>| y.into_iter().zip(&scales).map(|(y, scale)| y * scale).collect::<Vec<_>>();

        // Bounded by 0: phase one cannot run away.
        tableau.maximise();
        if !tableau.rhs(m).is_zero() {
            return Outcome::Infeasible { ray: unscaled(tableau.dual(-1)) };
        }
        tableau.drop_artificials();

        let (cost, cost_scale) = integers(self.c.iter());
        tableau.price(&cost);
        let unbounded = tableau.maximise();
        let mut x = vec![Rational::new(); n + m];
        for (row, &k) in tableau.rows.iter().zip(&tableau.basis) {
            x[k] = match unbounded {
                Some(entering) => -Rational::from((&row[entering], &tableau.det)),
                None => Rational::from((&row[tableau.outside.len()], &tableau.det)),
            };
        }
        if let Some(entering) = unbounded {
            x[tableau.outside[entering]] = Rational::from(1);
        }
        x.truncate(n);
        if unbounded.is_some() {
            return Outcome::Unbounded { ray: x };
        }
        let dual = unscaled(tableau.dual(0)).into_iter().map(|y| y / &cost_scale).collect();
        Outcome::Optimal { value: dot(&self.c, &x), x, dual }
    }
}

/// Updates of the perceptron for each vector before the simplex method takes over.
const PERCEPTRON_UPDATES: usize = 20;

/// Looks for a separator by the perceptron rule, exactly: starts from the sum of the vectors and adds the one whose inner
/// product is worst, until none is `<= 0`. Where a margin is wide this takes a few updates; it proves nothing when it fails.
fn perceptron(z: &[Vec<Integer>], d: usize) -> Option<Vec<Integer>> {
    let mut beta = vec![Integer::new(); d];
    for v in z {
        beta.iter_mut().zip(v).for_each(|(b, x)| *b += x);
    }
    let inner = |a: &[Integer], b: &[Integer]| Integer::dot(a.iter().zip(b)).complete();
    let mut products: Vec<Integer> = z.iter().map(|v| inner(v, &beta)).collect();
    // Rows of the Gram matrix, as they are needed.
    let mut gram: Vec<Option<Vec<Integer>>> = vec![None; z.len()];
    for _ in 0..=PERCEPTRON_UPDATES * z.len() {
        let Some(worst) = (0..z.len()).min_by_key(|&n| &products[n]).filter(|&n| products[n] <= 0) else {
            return Some(beta);
        };
        if z[worst].iter().all(Integer::is_zero) {
            return None; // nothing separates a zero vector
        }
        beta.iter_mut().zip(&z[worst]).for_each(|(b, x)| *b += x);
        let row = gram[worst].get_or_insert_with(|| z.iter().map(|v| inner(v, &z[worst])).collect());
        products.iter_mut().zip(row).for_each(|(p, g)| *p += &*g);
    }
    None
}

/// Decides whether the vectors `z_n` lie strictly on one side of a hyperplane through 0, with a proof either way. Entries that
/// a shorter vector lacks count as 0; no vectors at all are separable.
pub fn separator_or_certificate(z: &[Vec<Rational>]) -> Separability {
    let d = z.iter().map(Vec::len).max().unwrap_or_default();
    // A positive factor for each vector moves no hyperplane.
    let (whole, scales): (Vec<_>, Vec<_>) = z.iter().map(|v| integers(v.iter())).unzip();
    if let Some(beta) = perceptron(&whole, d) {
        return Separability::Separable { beta: beta.into_iter().map(Rational::from).collect() };
    }
    // Gordan's alternative as a feasibility problem: y >= 0, sum y_n z_n = 0, sum y_n = 1.
    let mut a: Vec<Vec<Rational>> =
        (0..d).map(|j| whole.iter().map(|v| v.get(j).map(Rational::from).unwrap_or_default()).collect()).collect();
    a.push(vec![Rational::from(1); z.len()]);
    let mut b = vec![Rational::new(); d];
    b.push(Rational::from(1));
    match (Lp { a, b, c: vec![Rational::new(); z.len()] }).solve() {
        Outcome::Optimal { x, .. } | Outcome::Unbounded { ray: x } => {
            let mut weights: Vec<Rational> = x.into_iter().zip(&scales).map(|(y, scale)| y * scale).collect();
            let total: Rational = weights.iter().sum();
            weights.iter_mut().for_each(|w| *w /= &total);
            Separability::NotSeparable { weights }
        }
        // The ray (beta, gamma) has <z_n, beta> + gamma >= 0 and gamma < 0.
        Outcome::Infeasible { mut ray } => {
            ray.truncate(d);
            Separability::Separable { beta: ray }
        }
    }
}

#[cfg(test)]
mod tests;
