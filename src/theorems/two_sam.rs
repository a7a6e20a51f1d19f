//! What the theorems about 2-SAM on one example at depth 2 have in common.

use super::case::{Scope, single_example};
use crate::arith::bits_for_digits;
use crate::check::{Expect, Target};
use crate::config::UserData;
use crate::predict::two_sam::{Estimate, Solvers};
use crate::sam::{Norm, Setting};
use rug::float::Round;
use rug::ops::Pow;
use rug::{Float, Integer, Rational};

/// Solvers whose answers are good to 14 digits more than asked.
pub(super) fn solvers(scope: &Scope) -> Solvers {
    Solvers::new(bits_for_digits(scope.plan.digits + 14))
}

pub(super) fn setting(mu: &[Rational], rho: &Rational) -> Setting {
    Setting::single(mu, 2, Norm::L2, rho.clone())
}

/// A solved prediction: its error is in the budget.
pub(super) fn solved(x: &Estimate) -> Target {
    Target::Number { value: x.value.clone(), error: x.error.clone(), remainder: Float::new(64), scale: None }
}

pub(super) fn expect(what: String, clock: &'static str, horizon: String, target: Target, source: &str) -> Expect {
    Expect { what, clock, horizon, target, source: source.into() }
}

/// The user's single example with a uniform start, at least two coordinates, `rho > 0`.
pub(super) fn uniform_example(user: &UserData) -> Result<(Vec<Rational>, Rational, Rational), String> {
    let (mu, alpha, rho) = growing_hypotheses(user)?;
    if alpha.iter().any(|a| *a != alpha[0]) {
        return Err("it asks for a uniform start, the same alpha_0 in every coordinate".into());
    }
    Ok((mu, alpha[0].clone(), rho))
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
