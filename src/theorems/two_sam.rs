//! What the theorems about 2-SAM on one example at depth 2 have in common.

use super::case::{Case, Scope};
use super::instances::single_example;
use crate::arith::bits_for_digits;
use crate::check::{Expect, Target};
use crate::config::UserData;
use crate::predict::two_sam::{Estimate, Example, Fate, Solvers, first_leader};
use crate::run::Horizon;
use crate::sam::{Norm, Setting};
use rug::float::Round;
use rug::ops::Pow;
use rug::{Float, Integer, Rational};
use std::sync::{Arc, Mutex, PoisonError};

/// Solvers whose answers are good to 14 digits more than asked. Their tables cost a tenth of a second and more: every
/// theorem of a run shares them.
pub(super) fn solvers(scope: &Scope) -> Arc<Solvers> {
    static MADE: Mutex<Vec<(u32, Arc<Solvers>)>> = Mutex::new(Vec::new());
    let bits = bits_for_digits(scope.plan.digits + 14);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, solvers)) = made.iter().find(|(b, _)| *b == bits) {
        return solvers.clone();
    }
    let solvers = Arc::new(Solvers::new(bits));
    made.push((bits, solvers.clone()));
    solvers
}

/// A uniform start with its setting.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub mu: Vec<Rational>,
    pub alpha: Rational,
    pub rho: Rational,
}

impl Start {
    pub fn new(mu: &[Rational], alpha: &Rational, rho: &Rational) -> Self {
        Start { mu: mu.to_vec(), alpha: alpha.clone(), rho: rho.clone() }
    }

    pub fn example(&self) -> Result<Example, String> {
        Example::uniform(&self.mu, &self.alpha, &self.rho)
            .ok_or_else(|| "it asks for 0 < mu_1 < ... < mu_d, alpha_0 > 0, rho > 0".into())
    }

    /// The example if its flow grows and its first leader is determined.
    pub fn growing(&self) -> Result<Example, String> {
        let example = self.example()?;
        if first_leader(&self.mu, &self.alpha, &self.rho).is_none() {
            return Err("it asks for a start on no threshold rho (mu_j + mu_(j+1))/(sqrt2 ||mu||)".into());
        }
        match example.fate() {
            Some(Fate::Grows) => Ok(example),
            Some(Fate::Collapses) => Err("it asks for alpha_0 > alpha*, and the flow of this start collapses".into()),
            None => Err("it asks for a start not so near alpha* that its fate cannot be told".into()),
        }
    }

    pub fn case(&self, horizon: Horizon) -> Case {
        let setting = Setting::single(&self.mu, 2, Norm::L2, self.rho.clone());
        let start = setting.balanced(&vec![self.alpha.clone(); self.mu.len()]);
        Case::new(setting, start, horizon)
    }
}

/// A solved prediction: its error is in the budget.
pub(super) fn solved(x: &Estimate) -> Target {
    Target::Number { value: x.value.clone(), error: x.error.clone(), remainder: Float::new(64), scale: None }
}

pub(super) fn expect(
    what: impl Into<String>,
    clock: &'static str,
    horizon: String,
    target: Target,
    source: &str,
) -> Expect {
    Expect { what: what.into(), clock, horizon, target, source: source.into() }
}

/// The user's single example with a uniform start, at least two coordinates, `rho > 0`.
pub(super) fn uniform_example(user: &UserData) -> Result<Start, String> {
    let (mu, alpha, rho) = growing_hypotheses(user)?;
    if alpha.iter().any(|a| *a != alpha[0]) {
        return Err("it asks for a uniform start, the same alpha_0 in every coordinate".into());
    }
    Ok(Start::new(&mu, &alpha[0], &rho))
}

/// The user's single example with a balanced start, at least two coordinates, `rho > 0`.
pub(super) fn growing_hypotheses(user: &UserData) -> Result<(Vec<Rational>, Vec<Rational>, Rational), String> {
    let (mu, alpha, rho) = single_example(user)?;
    if mu.len() < 2 {
        return Err("it asks for at least two coordinates".into());
    }
    if rho <= 0 {
        return Err("it asks for rho > 0".into());
    }
    Ok((mu, alpha, rho))
}

/// A short rational near a number: 24 bits of it.
pub(super) fn near(x: &Float) -> Rational {
    Float::with_val(24, x).to_rational().unwrap_or_default()
}

/// The root of a rational, rounded to a multiple of `10^-digits`, up or down.
pub(super) fn root(square: &Rational, digits: u32, round: Round) -> Rational {
    let scale = Integer::from(10).pow(digits);
    let bits = bits_for_digits(digits + 20);
    let scaled = Float::with_val(bits, square).sqrt() * Float::with_val(bits, &scale);
    let whole = if round == Round::Up { scaled.ceil() } else { scaled.floor() };
    whole.to_integer().map(|n| Rational::from((n, scale))).unwrap_or_default()
}

/// The root of a rational as a number.
pub(super) fn root_number(square: &Rational, prec: u32) -> Float {
    Float::with_val(prec, square).sqrt()
}

/// `10^power` as a horizon.
pub(super) fn ten(power: u32) -> Rational {
    Rational::from(Integer::from(10).pow(power))
}
