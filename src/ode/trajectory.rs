//! The path as it was computed: Taylor polynomials laid end to end, evaluable anywhere.

use super::roots::horner;
use crate::arith::{Context, Tri};

/// One Taylor step: `x_j(start + v) = sum_k c_jk v^k` for `0 <= v <= length`.
#[derive(Clone, Debug)]
pub struct Step<T> {
    pub start: T,
    pub length: T,
    /// Component-major, `stride` coefficients each.
    pub coefficients: Vec<T>,
    /// Index into [`super::Run::modes`].
    pub mode: usize,
}

/// Consecutive steps.
#[derive(Clone, Debug)]
pub struct Trajectory<C: Context> {
    pub ctx: C,
    pub dimension: usize,
    pub stride: usize,
    pub steps: Vec<Step<C::Num>>,
}

impl<C: Context> Trajectory<C> {
    pub fn new(ctx: &C, dimension: usize, order: usize) -> Self {
        Trajectory { ctx: ctx.clone(), dimension, stride: order + 1, steps: Vec::new() }
    }

    /// The end of the last step; `None` before the first.
    pub fn end(&self) -> Option<C::Num> {
        self.steps.last().map(|s| self.end_of(s))
    }

    pub fn end_of(&self, step: &Step<C::Num>) -> C::Num {
        let mut end = self.ctx.zero();
        self.ctx.add(&mut end, &step.start, &step.length);
        end
    }

    /// The state at the start of a step.
    pub fn start_of(&self, step: &Step<C::Num>) -> Vec<C::Num> {
        (0..self.dimension).map(|j| step.coefficients[j * self.stride].clone()).collect()
    }

    /// Coefficients of component `j` in a step.
    pub fn component<'a>(&self, step: &'a Step<C::Num>, j: usize) -> &'a [C::Num] {
        &step.coefficients[j * self.stride..(j + 1) * self.stride]
    }

    /// Index of the last step that starts at or before `x`.
    pub fn locate(&self, x: &C::Num) -> Option<usize> {
        let after = self.steps.partition_point(|s| self.ctx.lt(x, &s.start) != Tri::True);
        after.checked_sub(1)
    }

    /// The state at offset `v` into step `i`.
    pub fn state_in(&self, i: usize, v: &C::Num) -> Vec<C::Num> {
        let step = &self.steps[i];
        (0..self.dimension).map(|j| horner(&self.ctx, self.component(step, j), v)).collect()
    }

    /// The state at `x`, with the index of the step it lies in; `None` outside the computed range.
    pub fn state(&self, x: &C::Num) -> Option<(usize, Vec<C::Num>)> {
        let i = self.locate(x)?;
        let step = &self.steps[i];
        let mut v = self.ctx.zero();
        self.ctx.sub(&mut v, x, &step.start);
        if i + 1 == self.steps.len() && self.ctx.lt(&step.length, &v) == Tri::True {
            return None;
        }
        Some((i, self.state_in(i, &v)))
    }
}
