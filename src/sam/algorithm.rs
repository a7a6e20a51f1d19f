//! The SAM algorithm itself: `theta_{k+1} = theta_k - eta grad Loss(theta_k + eps_k)`, in the original time.

use super::field::field;
use super::mode::Mode;
use super::{Norm, Setting};
use crate::arith::{Context, Fault, Sign};
use crate::expr::{Graph, Id, Jet, Tape};
use std::collections::HashMap;
use std::sync::Arc;

/// The algorithm with its state. `sign(0) = 0` here, as in any program.
#[derive(Clone, Debug)]
pub struct Algorithm<C: Context> {
    ctx: C,
    setting: Setting,
    eta: C::Num,
    /// Layer-major weights.
    pub weights: Vec<C::Num>,
    /// Reads `sum_n p_n z_nj`, then `beta`, then the margins.
    reader: Jet<C>,
    /// `-grad Loss` at the perturbed point, one tape a sign pattern.
    steps: HashMap<(Vec<i8>, Vec<i8>), Jet<C>>,
    scratch: [C::Num; 2],
}

fn plain_mode(weights: Vec<i8>, ascents: Vec<i8>) -> Mode {
    let pinned = vec![false; weights.len()];
    Mode { weights, ascents, pinned, sliding: None, references: (0, 0) }
}

fn variables(g: &mut Graph, n: usize) -> Vec<Id> {
    (0..n).map(|i| g.var(u32::try_from(i).unwrap_or(u32::MAX))).collect()
}

impl<C: Context> Algorithm<C> {
    /// The algorithm at `start`, with step size `eta`.
    pub fn new(ctx: &C, setting: &Setting, start: &super::Layers, eta: &rug::Rational) -> Self {
        let weights: Vec<C::Num> = start.iter().flatten().map(|w| ctx.rational(w)).collect();
        let n = weights.len();
        let mut g = Graph::new();
        let w = variables(&mut g, n);
        let classes: Vec<usize> = (0..n).collect();
        let mode = plain_mode(vec![1; n], vec![1; setting.dimension()]);
        let f = field(&mut g, setting, &w, &classes, &mode);
        let mut outputs = f.ascents;
        outputs.extend(f.beta);
        outputs.extend(f.margins);
        let reader = Jet::new(ctx, Arc::new(Tape::new(&g, &outputs)), n, 0);
        Algorithm {
            ctx: ctx.clone(),
            setting: setting.clone(),
            eta: ctx.rational(eta),
            weights,
            reader,
            steps: HashMap::new(),
            scratch: [ctx.zero(), ctx.zero()],
        }
    }

    fn sign(ctx: &C, a: &C::Num) -> i8 {
        match ctx.sign(a) {
            Sign::Negative => -1,
            Sign::Positive => 1,
            Sign::Zero | Sign::Unknown => 0,
        }
    }

    /// One step.
    ///
    /// # Errors
    /// The range loss of the arithmetic.
    pub fn step(&mut self) -> Result<(), Fault> {
        let n = self.weights.len();
        let d = self.setting.dimension();
        let (mut weights, mut ascents) = (vec![1; n], vec![1; d]);
        if self.setting.norm == Norm::Linf {
            self.reader.evaluate(&self.weights)?;
            for (s, w) in weights.iter_mut().zip(&self.weights) {
                *s = Self::sign(&self.ctx, w);
            }
            for (j, s) in ascents.iter_mut().enumerate() {
                *s = Self::sign(&self.ctx, self.reader.value(j));
            }
        }
        let (ctx, setting) = (&self.ctx, &self.setting);
        let jet = self.steps.entry((weights, ascents)).or_insert_with_key(|(weights, ascents)| {
            let mut g = Graph::new();
            let w = variables(&mut g, n);
            let classes: Vec<usize> = (0..n).collect();
            let f = field(&mut g, setting, &w, &classes, &plain_mode(weights.clone(), ascents.clone()));
            // The rates are per rescaled time: times S = e^-z / factor gives -grad Loss.
            let minus_z = g.neg(f.z);
            let e = g.exp(minus_z);
            let slope = g.div(e, f.factor);
            let outputs: Vec<Id> = f.rates.iter().map(|&r| g.mul(slope, r)).collect();
            Jet::new(ctx, Arc::new(Tape::new(&g, &outputs)), n, 0)
        });
        jet.evaluate(&self.weights)?;
        let [t, u] = &mut self.scratch;
        for (i, w) in self.weights.iter_mut().enumerate() {
            ctx.mul(t, &self.eta, jet.value(i));
            ctx.add(u, w, t);
            std::mem::swap(w, u);
        }
        Ok(())
    }

    /// `beta` and the margins at the current weights.
    ///
    /// # Errors
    /// The range loss of the arithmetic.
    #[allow(clippy::type_complexity)]
    pub fn read(&mut self) -> Result<(Vec<C::Num>, Vec<C::Num>), Fault> {
        self.reader.evaluate(&self.weights)?;
        let d = self.setting.dimension();
        let read = |o: usize| self.reader.value(o).clone();
        Ok(((d..2 * d).map(read).collect(), (2 * d..2 * d + self.setting.samples()).map(read).collect()))
    }
}
