//! Exact linear programming over the rationals: the simplex method in two phases with Bland's rule, which cannot cycle.
//! Every answer comes with its proof: a dual optimum, a Farkas ray, an unbounded ray.

use rug::Rational;

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

/// The equations solved for the basic variables; one artificial column per row follows the `n` true ones and keeps the
/// inverse of the basis.
struct Tableau {
    rows: Vec<Vec<Rational>>,
    rhs: Vec<Rational>,
    basis: Vec<usize>,
    n: usize,
}

impl Tableau {
    fn pivot(&mut self, row: usize, col: usize) {
        let inverse = self.rows[row][col].clone().recip();
        for x in &mut self.rows[row] {
            *x *= &inverse;
        }
        self.rhs[row] *= &inverse;
        let (pivot_row, pivot_rhs) = (self.rows[row].clone(), self.rhs[row].clone());
        for i in (0..self.rows.len()).filter(|&i| i != row) {
            let factor = self.rows[i][col].clone();
            if !factor.is_zero() {
                for (x, p) in self.rows[i].iter_mut().zip(&pivot_row) {
                    *x -= Rational::from(p * &factor);
                }
                self.rhs[i] -= Rational::from(&pivot_rhs * &factor);
            }
        }
        self.basis[row] = col;
    }

    fn column(&self, col: usize) -> impl Iterator<Item = &Rational> {
        self.rows.iter().map(move |row| &row[col])
    }

    /// `cost` of the basis times a column.
    fn price(&self, cost: &[Rational], col: usize) -> Rational {
        self.column(col).zip(&self.basis).fold(Rational::new(), |sum, (x, &k)| sum + Rational::from(x * &cost[k]))
    }

    /// Maximises `cost` over the true variables; `Some(column)` when it grows without bound along that column.
    fn maximise(&mut self, cost: &[Rational]) -> Option<usize> {
        loop {
            // Bland's rule: the first column that gains, and among the tightest rows the first variable.
            let entering = (0..self.n).find(|&j| !self.basis.contains(&j) && cost[j] > self.price(cost, j))?;
            let ratio = |i: usize| Rational::from(&self.rhs[i] / &self.rows[i][entering]);
            let leaving = (0..self.rows.len())
                .filter(|&i| self.rows[i][entering] > 0)
                .min_by(|&i, &k| ratio(i).cmp(&ratio(k)).then(self.basis[i].cmp(&self.basis[k])));
            match leaving {
                Some(row) => self.pivot(row, entering),
                None => return Some(entering),
            }
        }
    }

    /// The multipliers of the rows that the basis implies, with the signs of the rows undone.
    fn dual(&self, cost: &[Rational], flipped: &[bool]) -> Vec<Rational> {
        let price = |(i, &flip): (usize, &bool)| {
            let y = self.price(cost, self.n + i);
            if flip { -y } else { y }
        };
        flipped.iter().enumerate().map(price).collect()
    }

    /// Turns artificial variables, all zero by now, out of the basis; where that is impossible the row is redundant and stays inert.
    fn drop_artificials(&mut self) {
        for row in 0..self.rows.len() {
            if self.basis[row] >= self.n
                && let Some(col) = (0..self.n).find(|&j| !self.rows[row][j].is_zero())
            {
                self.pivot(row, col);
            }
        }
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
        let flipped: Vec<bool> = self.b.iter().map(|b| *b < 0).collect();
        let signed = |x: &Rational, flip: bool| if flip { Rational::from(-x) } else { x.clone() };
        let row = |i: usize| {
            let artificial = (0..m).map(move |k| Rational::from(u8::from(i == k)));
            self.a[i].iter().map(|x| signed(x, flipped[i])).chain(artificial).collect()
        };
        let mut tableau = Tableau {
            rows: (0..m).map(row).collect(),
            rhs: self.b.iter().zip(&flipped).map(|(b, &flip)| signed(b, flip)).collect(),
            basis: (n..n + m).collect(),
            n,
        };

        let mut cost = vec![Rational::new(); n];
        cost.extend((0..m).map(|_| Rational::from(-1)));
        // Bounded by 0: phase one cannot run away.
        tableau.maximise(&cost);
        if tableau.basis.iter().zip(&tableau.rhs).any(|(&k, x)| k >= n && !x.is_zero()) {
            return Outcome::Infeasible { ray: tableau.dual(&cost, &flipped) };
        }
        tableau.drop_artificials();

        let mut cost = self.c.clone();
        cost.resize(n + m, Rational::new());
        if let Some(entering) = tableau.maximise(&cost) {
            let mut ray = vec![Rational::new(); n + m];
            ray[entering] = Rational::from(1);
            for (&k, x) in tableau.basis.iter().zip(tableau.column(entering)) {
                ray[k] = Rational::from(-x);
            }
            ray.truncate(n);
            return Outcome::Unbounded { ray };
        }
        let mut x = vec![Rational::new(); n + m];
        for (&k, value) in tableau.basis.iter().zip(&tableau.rhs) {
            x[k] = value.clone();
        }
        x.truncate(n);
        Outcome::Optimal { value: dot(&self.c, &x), x, dual: tableau.dual(&cost, &flipped) }
    }
}

/// Decides whether the vectors `z_n` lie strictly on one side of a hyperplane through 0, with a proof either way. Entries that
/// a shorter vector lacks count as 0; no vectors at all are separable.
pub fn separator_or_certificate(z: &[Vec<Rational>]) -> Separability {
    let d = z.iter().map(Vec::len).max().unwrap_or_default();
    // Gordan's alternative as a feasibility problem: y >= 0, sum y_n z_n = 0, sum y_n = 1.
    let mut a: Vec<Vec<Rational>> =
        (0..d).map(|j| z.iter().map(|v| v.get(j).cloned().unwrap_or_default()).collect()).collect();
    a.push(vec![Rational::from(1); z.len()]);
    let mut b = vec![Rational::new(); d];
    b.push(Rational::from(1));
    match (Lp { a, b, c: vec![Rational::new(); z.len()] }).solve() {
        Outcome::Optimal { x, .. } | Outcome::Unbounded { ray: x } => Separability::NotSeparable { weights: x },
        // The ray (beta, gamma) has <z_n, beta> + gamma >= 0 and gamma < 0.
        Outcome::Infeasible { mut ray } => {
            ray.truncate(d);
            Separability::Separable { beta: ray }
        }
    }
}

#[cfg(test)]
mod tests;
