//! Formulas. A [`Graph`] holds every subexpression once (equal formulas have equal [`Id`]s), with exact rational
//! constants; [`Graph::diff`] differentiates, [`Graph::substitute`] replaces, and a [`Tape`] is the flat program
//! that [`crate::expr::Jet`] runs pointwise or in Taylor mode, in any [`crate::arith::Context`].

mod calculus;
mod fixed_jet;
mod jet;
mod tape;

pub use fixed_jet::{FixedJet, Scaling, Unaligned};
pub use jet::Jet;
pub use tape::{Op, Tape};

use rug::Rational;
use std::collections::{BTreeMap, HashMap};

/// A formula in a [`Graph`]. Two formulas of one graph with the same canonical form have the same `Id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u32);

impl Id {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The canonical forms. Sums are linear combinations, products carry positive integer powers and no constant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Const(Rational),
    Var(u32),
    Sum { constant: Rational, terms: Vec<(Id, Rational)> },
    Product(Vec<(Id, u32)>),
    Quotient(Id, Id),
    Sqrt(Id),
    Exp(Id),
    Ln(Id),
}

/// Nested sums up to this many terms are merged into the sum around them; longer ones stay shared.
const FLATTEN_TERMS: usize = 2;

/// A hash-consed expression graph.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    index: HashMap<Node, Id>,
}

impl Graph {
    pub fn new() -> Self {
        Graph::default()
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.index()]
    }

    fn intern(&mut self, node: Node) -> Id {
        if let Some(&id) = self.index.get(&node) {
            return id;
        }
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.index.insert(node, id);
        id
    }

    /// The independent variable number `i`.
    pub fn var(&mut self, i: u32) -> Id {
        self.intern(Node::Var(i))
    }

    pub fn constant(&mut self, q: impl Into<Rational>) -> Id {
        self.intern(Node::Const(q.into()))
    }

    /// The exact value, if the formula is a rational constant.
    pub fn as_constant(&self, id: Id) -> Option<&Rational> {
        match self.node(id) {
            Node::Const(q) => Some(q),
            _ => None,
        }
    }

    /// `constant + sum c_i x_i`.
    pub fn linear(&mut self, constant: Rational, terms: &[(Id, Rational)]) -> Id {
        let mut constant = constant;
        let mut merged: BTreeMap<Id, Rational> = BTreeMap::new();
        for (id, c) in terms {
            match self.node(*id) {
                Node::Const(q) => constant += Rational::from(q * c),
                Node::Sum { constant: inner, terms } if terms.len() <= FLATTEN_TERMS => {
                    constant += Rational::from(inner * c);
                    for (t, k) in terms {
                        *merged.entry(*t).or_default() += Rational::from(k * c);
                    }
                }
                _ => *merged.entry(*id).or_default() += c,
            }
        }
        merged.retain(|_, c| !c.is_zero());
        if merged.is_empty() {
            return self.constant(constant);
        }
        let terms: Vec<_> = merged.into_iter().collect();
        if let [(id, c)] = &terms[..]
            && constant.is_zero()
            && *c == 1
        {
            return *id;
        }
        self.intern(Node::Sum { constant, terms })
    }

    pub fn add(&mut self, a: Id, b: Id) -> Id {
        self.linear(Rational::new(), &[(a, Rational::from(1)), (b, Rational::from(1))])
    }

    pub fn sub(&mut self, a: Id, b: Id) -> Id {
        self.linear(Rational::new(), &[(a, Rational::from(1)), (b, Rational::from(-1))])
    }

    pub fn scale(&mut self, c: &Rational, a: Id) -> Id {
        self.linear(Rational::new(), &[(a, c.clone())])
    }

    pub fn neg(&mut self, a: Id) -> Id {
        self.scale(&Rational::from(-1), a)
    }

    pub fn sum(&mut self, terms: &[Id]) -> Id {
        let terms: Vec<_> = terms.iter().map(|&t| (t, Rational::from(1))).collect();
        self.linear(Rational::new(), &terms)
    }

    /// Splits a formula into a rational coefficient and the powers it is a product of.
    pub(super) fn split(&self, id: Id) -> (Rational, Vec<(Id, u32)>) {
        match self.node(id) {
            Node::Const(q) => (q.clone(), Vec::new()),
            Node::Product(f) => (Rational::from(1), f.clone()),
            Node::Sum { constant, terms } if constant.is_zero() && terms.len() == 1 => {
                let (inner, c) = &terms[0];
                let (k, f) = self.split(*inner);
                (k * c, f)
            }
            _ => (Rational::from(1), vec![(id, 1)]),
        }
    }

    /// The factors of a product with their powers, its rational coefficient left out: what the sign of a product depends on.
    pub fn factors(&self, id: Id) -> (Rational, Vec<(Id, u32)>) {
        self.split(id)
    }

    fn power_product(&mut self, coefficient: Rational, powers: BTreeMap<Id, u32>) -> Id {
        if coefficient.is_zero() {
            return self.constant(0);
        }
        let factors: Vec<_> = powers.into_iter().filter(|(_, e)| *e > 0).collect();
        let body = match &factors[..] {
            [] => return self.constant(coefficient),
            [(id, 1)] => *id,
            _ => self.intern(Node::Product(factors)),
        };
        self.scale(&coefficient, body)
    }

    pub fn product(&mut self, factors: &[Id]) -> Id {
        let mut coefficient = Rational::from(1);
        let mut powers: BTreeMap<Id, u32> = BTreeMap::new();
        for &f in factors {
            let (c, parts) = self.split(f);
            coefficient *= c;
            for (id, e) in parts {
                *powers.entry(id).or_default() += e;
            }
        }
        self.power_product(coefficient, powers)
    }

    pub fn mul(&mut self, a: Id, b: Id) -> Id {
        self.product(&[a, b])
    }

    pub fn pow(&mut self, a: Id, n: u32) -> Id {
        let (c, parts) = self.split(a);
        let mut coefficient = Rational::from(1);
        for _ in 0..n {
            coefficient *= &c;
        }
        self.power_product(coefficient, parts.into_iter().map(|(id, e)| (id, e * n)).collect())
    }

    /// `a / b`, common factors cancelled. `b` must not be the constant 0.
    pub fn div(&mut self, a: Id, b: Id) -> Id {
        if a == b {
            return self.constant(1);
        }
        if let Node::Quotient(top, bottom) = *self.node(b) {
            let up = self.mul(a, bottom);
            return self.div(up, top);
        }
        if let Node::Quotient(top, bottom) = *self.node(a)
            && self.divides(b, top)
        {
            let up = self.div(top, b);
            return self.div(up, bottom);
        }
        let (ca, fa) = self.split(a);
        let (cb, fb) = self.split(b);
        debug_assert!(!cb.is_zero(), "division by the constant zero");
        let mut top: BTreeMap<Id, u32> = fa.into_iter().collect();
        let mut bottom: BTreeMap<Id, u32> = fb.into_iter().collect();
        for (id, e) in &mut bottom {
            if let Some(t) = top.get_mut(id) {
                let common = (*t).min(*e);
                *t -= common;
                *e -= common;
            }
        }
        let coefficient = ca / cb;
        if coefficient.is_zero() {
            return self.constant(0);
        }
        let top = self.power_product(Rational::from(1), top);
        let bottom = self.power_product(Rational::from(1), bottom);
        let body = match self.as_constant(bottom) {
            Some(_) => top, // every factor cancelled
            None => self.intern(Node::Quotient(top, bottom)),
        };
        self.scale(&coefficient, body)
    }

    /// Whether every factor of `b` is a factor of `a`.
    fn divides(&self, b: Id, a: Id) -> bool {
        let (_, fa) = self.split(a);
        let (_, fb) = self.split(b);
        fb.iter().all(|(id, e)| fa.iter().any(|(ia, ea)| ia == id && ea >= e))
    }

    pub fn sqrt(&mut self, a: Id) -> Id {
        if let Some(q) = self.as_constant(a)
            && q.numer().is_perfect_square()
            && q.denom().is_perfect_square()
        {
            let root = Rational::from((q.numer().clone().sqrt(), q.denom().clone().sqrt()));
            return self.constant(root);
        }
        self.intern(Node::Sqrt(a))
    }

    pub fn exp(&mut self, a: Id) -> Id {
        match self.as_constant(a) {
            Some(q) if q.is_zero() => self.constant(1),
            _ => self.intern(Node::Exp(a)),
        }
    }

    pub fn ln(&mut self, a: Id) -> Id {
        match self.as_constant(a) {
            Some(q) if *q == 1 => self.constant(0),
            _ => self.intern(Node::Ln(a)),
        }
    }
}
