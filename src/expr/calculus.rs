//! Differentiation and substitution on the graph, each shared subexpression visited once.

use super::{Graph, Id, Node};
use rug::Rational;
use std::collections::HashMap;

impl Graph {
    /// The partial derivative of `f` with respect to the variable `x` (an [`Id`] made by [`Graph::var`]).
    pub fn diff(&mut self, f: Id, x: Id) -> Id {
        self.diff_memo(f, x, &mut HashMap::new())
    }

    fn diff_memo(&mut self, f: Id, x: Id, memo: &mut HashMap<Id, Id>) -> Id {
        if f == x {
            return self.constant(1);
        }
        if let Some(&d) = memo.get(&f) {
            return d;
        }
        let d = match self.node(f).clone() {
            Node::Const(_) | Node::Var(_) => self.constant(0),
            Node::Sum { terms, .. } => {
                let parts: Vec<_> = terms.into_iter().map(|(t, c)| (self.diff_memo(t, x, memo), c)).collect();
                self.linear(Rational::new(), &parts)
            }
            Node::Product(factors) => {
                let mut parts = Vec::new();
                for (i, &(g, e)) in factors.iter().enumerate() {
                    let dg = self.diff_memo(g, x, memo);
                    let mut rest = vec![dg];
                    for (k, &(h, eh)) in factors.iter().enumerate() {
                        rest.push(self.pow(h, if k == i { eh - 1 } else { eh }));
                    }
                    parts.push((self.product(&rest), Rational::from(e)));
                }
                self.linear(Rational::new(), &parts)
            }
            Node::Quotient(a, b) => {
                let (da, db) = (self.diff_memo(a, x, memo), self.diff_memo(b, x, memo));
                let left = self.div(da, b);
                let right = self.mul(f, db);
                let right = self.div(right, b);
                self.sub(left, right)
            }
            Node::Sqrt(a) => {
                let da = self.diff_memo(a, x, memo);
                let q = self.div(da, f);
                self.scale(&Rational::from((1, 2)), q)
            }
            Node::Exp(a) => {
                let da = self.diff_memo(a, x, memo);
                self.mul(da, f)
            }
            Node::Ln(a) => {
                let da = self.diff_memo(a, x, memo);
                self.div(da, a)
            }
        };
        memo.insert(f, d);
        d
    }

    /// `f` with every occurrence of a key of `map` replaced by its value (all at once).
    pub fn substitute(&mut self, f: Id, map: &HashMap<Id, Id>) -> Id {
        self.substitute_memo(f, map, &mut HashMap::new())
    }

    /// [`Graph::substitute`] over several formulas, the shared parts visited once.
    pub fn substitute_all(&mut self, formulas: &[Id], map: &HashMap<Id, Id>) -> Vec<Id> {
        let mut memo = HashMap::new();
        formulas.iter().map(|&f| self.substitute_memo(f, map, &mut memo)).collect()
    }

    fn substitute_memo(&mut self, f: Id, map: &HashMap<Id, Id>, memo: &mut HashMap<Id, Id>) -> Id {
        if let Some(&g) = map.get(&f).or_else(|| memo.get(&f)) {
            return g;
        }
        let g = match self.node(f).clone() {
            Node::Const(_) | Node::Var(_) => f,
            Node::Sum { constant, terms } => {
                let terms: Vec<_> = terms.into_iter().map(|(t, c)| (self.substitute_memo(t, map, memo), c)).collect();
                self.linear(constant, &terms)
            }
            Node::Product(factors) => {
                let parts: Vec<_> = factors
                    .into_iter()
                    .map(|(t, e)| {
                        let t = self.substitute_memo(t, map, memo);
                        self.pow(t, e)
                    })
                    .collect();
                self.product(&parts)
            }
            Node::Quotient(a, b) => {
                let (a, b) = (self.substitute_memo(a, map, memo), self.substitute_memo(b, map, memo));
                self.div(a, b)
            }
            Node::Sqrt(a) => {
                let a = self.substitute_memo(a, map, memo);
                self.sqrt(a)
            }
            Node::Exp(a) => {
                let a = self.substitute_memo(a, map, memo);
                self.exp(a)
            }
            Node::Ln(a) => {
                let a = self.substitute_memo(a, map, memo);
                self.ln(a)
            }
        };
        memo.insert(f, g);
        g
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derivative_of_the_logistic_loss_is_minus_the_sigmoid() {
        let mut g = Graph::new();
        let m = g.var(0);
        let minus = g.neg(m);
        let e = g.exp(minus);
        let one = g.constant(1);
        let inner = g.add(one, e);
        let loss = g.ln(inner);
        let expected = {
            let q = g.div(e, inner);
            g.neg(q)
        };
        assert_eq!(g.diff(loss, m), expected);
    }

    #[test]
    fn equal_formulas_have_equal_ids_and_common_factors_cancel() {
        let mut g = Graph::new();
        let (x, y) = (g.var(0), g.var(1));
        let (xy, yx) = (g.mul(x, y), g.mul(y, x));
        assert_eq!(xy, yx);
        assert_eq!(g.div(xy, y), x);
        let zero = g.sub(xy, yx);
        assert_eq!(g.as_constant(zero), Some(&Rational::new()));
        let cube = g.pow(x, 3);
        let d = g.diff(cube, x);
        let square = g.pow(x, 2);
        assert_eq!(d, g.scale(&Rational::from(3), square));
    }

    #[test]
    fn substitution_is_simultaneous() {
        let mut g = Graph::new();
        let (x, y) = (g.var(0), g.var(1));
        let f = g.sub(x, y);
        let swapped = g.substitute(f, &HashMap::from([(x, y), (y, x)]));
        assert_eq!(swapped, g.neg(f));
    }
}
