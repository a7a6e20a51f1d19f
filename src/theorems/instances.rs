//! What the instances are written with: literals, their text, the user's own single example.

use crate::config::UserData;
use rug::Rational;

/// A rational from a literal of this module's own instances.
pub(super) fn q(text: &str) -> Rational {
    crate::arith::text::parse_rational(text).unwrap_or_default()
}

pub(super) fn row(text: &str) -> Vec<Rational> {
    text.split(' ').map(q).collect()
}

/// Text of a rational for a report.
pub(super) fn show(x: &Rational) -> String {
    crate::arith::text::decimal_rational(x, 12)
}

/// The user's single example with a balanced start, or the hypothesis that is missing.
pub(super) fn single_example(user: &UserData) -> Result<(Vec<Rational>, Vec<Rational>, Rational), String> {
    let mu = match &user.z[..] {
        [mu] => mu.clone(),
        _ => return Err("it is about a single example, and the data hold several".into()),
    };
    if mu.windows(2).any(|w| w[0] >= w[1]) || mu[0] <= 0 {
        return Err("it asks for 0 < mu_1 < ... < mu_d".into());
    }
    let Some(start) = &user.start else { return Err("it needs a [start] with uniform or balanced values".into()) };
    let alpha = start.alpha(mu.len());
    if alpha.iter().any(|a| *a <= 0) {
        return Err("it asks for a positive start".into());
    }
    let rho = user.rho.clone().unwrap_or_else(|| Rational::from(1));
    Ok((mu, alpha, rho))
}
