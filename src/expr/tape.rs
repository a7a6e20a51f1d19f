//! The flat program of a set of formulas: one instruction a slot, operands before results, nothing computed twice.

use super::{Graph, Id, Node};
use rug::Rational;
use std::collections::HashMap;

/// One instruction. `u32` operands are slots of earlier instructions.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// The independent variable of this number.
    Var(u32),
    Const(Rational),
    /// `constant + sum coefficient * slot`.
    Linear {
        constant: Rational,
        terms: Vec<(u32, Rational)>,
    },
    Mul(u32, u32),
    Square(u32),
    Div(u32, u32),
    Sqrt(u32),
    Exp(u32),
    Ln(u32),
}

/// A program: instruction `i` writes slot `i`.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    pub ops: Vec<Op>,
    /// Slots that depend on no variable, hence constant in time.
    pub fixed: Vec<bool>,
    /// Slot of each formula handed to [`Tape::new`], in that order.
    pub outputs: Vec<u32>,
}

struct Lowering<'a> {
    graph: &'a Graph,
    tape: Tape,
    slot_of: HashMap<Id, u32>,
    products: HashMap<(u32, u32), u32>,
}

impl Tape {
    /// Lowers `outputs` to a program.
    pub fn new(graph: &Graph, outputs: &[Id]) -> Self {
        let mut l = Lowering { graph, tape: Tape::default(), slot_of: HashMap::new(), products: HashMap::new() };
        let slots = outputs.iter().map(|&id| l.lower(id)).collect();
        l.tape.outputs = slots;
        l.tape
    }

    /// Full convolutions that one Taylor coefficient costs (a square or a square root counts one half).
    pub fn convolutions(&self) -> f32 {
        let fixed = |s: &u32| self.fixed[*s as usize];
        let cost = |(i, op): (usize, &Op)| match op {
            _ if self.fixed[i] => 0.0,
            Op::Mul(a, b) if fixed(a) || fixed(b) => 0.0,
            Op::Div(_, b) if fixed(b) => 0.0,
            Op::Mul(..) | Op::Div(..) | Op::Exp(_) | Op::Ln(_) => 1.0,
            Op::Square(_) | Op::Sqrt(_) => 0.5,
            Op::Var(_) | Op::Const(_) | Op::Linear { .. } => 0.0,
        };
        self.ops.iter().enumerate().map(cost).sum()
    }
}

impl Lowering<'_> {
    fn emit(&mut self, op: Op) -> u32 {
        let fixed = |s: &u32| self.tape.fixed[*s as usize];
        let is_fixed = match &op {
            Op::Var(_) => false,
            Op::Const(_) => true,
            Op::Linear { terms, .. } => terms.iter().all(|(s, _)| fixed(s)),
            Op::Mul(a, b) | Op::Div(a, b) => fixed(a) && fixed(b),
            Op::Square(a) | Op::Sqrt(a) | Op::Exp(a) | Op::Ln(a) => fixed(a),
        };
        self.tape.ops.push(op);
        self.tape.fixed.push(is_fixed);
        u32::try_from(self.tape.ops.len() - 1).unwrap_or(u32::MAX)
    }

    fn multiply(&mut self, a: u32, b: u32) -> u32 {
        let key = (a.min(b), a.max(b));
        if let Some(&s) = self.products.get(&key) {
            return s;
        }
        let s = self.emit(if a == b { Op::Square(a) } else { Op::Mul(key.0, key.1) });
        self.products.insert(key, s);
        s
    }

    /// `slot^e` by squaring; every intermediate power is shared with other products.
    fn power(&mut self, slot: u32, e: u32) -> u32 {
        match e {
            1 => slot,
            _ if e.is_multiple_of(2) => {
                let half = self.power(slot, e / 2);
                self.multiply(half, half)
            }
            _ => {
                let even = self.power(slot, e - 1);
                self.multiply(even, slot)
            }
        }
    }

    fn lower(&mut self, id: Id) -> u32 {
        if let Some(&s) = self.slot_of.get(&id) {
            return s;
        }
        let slot = match self.graph.node(id).clone() {
            Node::Const(q) => self.emit(Op::Const(q)),
            Node::Var(i) => self.emit(Op::Var(i)),
            Node::Sum { constant, terms } => {
                let terms = terms.into_iter().map(|(t, c)| (self.lower(t), c)).collect();
                self.emit(Op::Linear { constant, terms })
            }
            Node::Product(factors) => {
                let powers: Vec<u32> = factors
                    .into_iter()
                    .map(|(t, e)| {
                        let s = self.lower(t);
                        self.power(s, e)
                    })
                    .collect();
                // Constant-in-time factors first, so that they meet as numbers and not as series.
                let (mut order, moving): (Vec<u32>, Vec<u32>) =
                    powers.into_iter().partition(|&s| self.tape.fixed[s as usize]);
                order.extend(moving);
                order
                    .into_iter()
                    .reduce(|a, b| self.multiply(a, b))
                    .unwrap_or_else(|| self.emit(Op::Const(Rational::from(1))))
            }
            Node::Quotient(a, b) => {
                let (a, b) = (self.lower(a), self.lower(b));
                self.emit(Op::Div(a, b))
            }
            Node::Sqrt(a) => {
                let a = self.lower(a);
                self.emit(Op::Sqrt(a))
            }
            Node::Exp(a) => {
                let a = self.lower(a);
                self.emit(Op::Exp(a))
            }
            Node::Ln(a) => {
                let a = self.lower(a);
                self.emit(Op::Ln(a))
            }
        };
        self.slot_of.insert(id, slot);
        slot
    }
}
