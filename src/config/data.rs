//! Data set and start: the checks that need more than one value.

use super::raw::{Data, List, Number, Table};
use super::source::{ConfigError, Source};
use crate::arith::simplex::Separability;
use crate::sam::{Layers, Norm, Setting};
use rug::Rational;
use std::ops::Range;

/// Largest number of samples and of coordinates.
const MAX_SIZE: usize = 1000;

/// Where the data was written, for refusals that only the whole of it causes.
struct Written {
    key: &'static str,
    span: Range<usize>,
    z: Vec<Vec<Rational>>,
}

/// `z_n = y_n x_n`, from exactly one of `mu`, `z`, `x` and `y`; separable, and not too large.
pub(super) fn rows(source: &Source, data: &Data) -> Result<Vec<Vec<Rational>>, ConfigError> {
    let written = written(source, data)?;
    let refuse = |why: String| source.refuse(written.key, written.span.clone(), why);
    let z = &written.z;
    let (n, d) = (z.len(), z.first().map_or(0, Vec::len));
    if n > MAX_SIZE || d > MAX_SIZE {
        return Err(refuse(format!("{n} samples of {d} coordinates: at most {MAX_SIZE} of each")));
    }
    if z.iter().flatten().all(Rational::is_zero) {
        return Err(refuse("all data are zero".to_owned()));
    }
    if let Some(weights) = certificate(z) {
        let terms = weights.iter().enumerate().filter(|(_, w)| !w.is_zero());
        let sum: Vec<String> = terms.map(|(i, w)| format!("{w} z_{}", i + 1)).collect();
        return Err(refuse(format!("not linearly separable, because {} = 0", sum.join(" + "))));
    }
    Ok(written.z)
}

fn written(source: &Source, data: &Data) -> Result<Written, ConfigError> {
    const ONE: &str = "give exactly one of data.mu, data.z, or data.x with data.y";
    match (&data.mu, &data.z, &data.x, &data.y) {
        (Some(mu), None, None, None) => {
            let row = source.list("data.mu", mu)?;
            for (j, n) in mu.get_ref().iter().enumerate() {
                source.positive(&format!("data.mu[{}]", j + 1), n)?;
            }
            Ok(Written { key: "data.mu", span: mu.span(), z: vec![row] })
        }
        (None, Some(z), None, None) => Ok(Written { key: "data.z", span: z.span(), z: source.table("data.z", z)? }),
        (None, None, Some(x), Some(y)) => Ok(Written { key: "data.x", span: x.span(), z: signed(source, x, y)? }),
        (None, None, Some(x), None) => {
            Err(source.refuse("data.x", x.span(), "data.y is missing: x needs its labels y"))
        }
        (None, None, None, Some(y)) => {
            Err(source.refuse("data.y", y.span(), "data.x is missing: the labels y need their x"))
        }
        (None, None, None, None) => Err(source.missing("data", ONE)),
        (Some(mu), ..) => Err(source.refuse("data.mu", mu.span(), format!("not the only data: {ONE}"))),
        (None, Some(z), ..) => Err(source.refuse("data.z", z.span(), format!("not the only data: {ONE}"))),
    }
}

fn signed(source: &Source, x: &Table, y: &List) -> Result<Vec<Vec<Rational>>, ConfigError> {
    let mut rows = source.table("data.x", x)?;
    let labels = source.list("data.y", y)?;
    if labels.len() != rows.len() {
        let why = format!("has {} labels for {} rows of data.x", labels.len(), rows.len());
        return Err(source.refuse("data.y", y.span(), why));
    }
    for (n, (row, label)) in rows.iter_mut().zip(&labels).enumerate() {
        if *label == -1 {
            for value in row.iter_mut() {
                *value = Rational::from(-&*value);
            }
        } else if *label != 1 {
            let span = y.get_ref().get(n).map_or(y.span(), Number::span);
            return Err(source.refuse(&format!("data.y[{}]", n + 1), span, "a label is 1 or -1"));
        }
    }
    Ok(rows)
}

/// Weights that prove that `z` is not separable.
fn certificate(z: &[Vec<Rational>]) -> Option<Vec<Rational>> {
    // The sum of the rows separates most data; it spares large sets the linear program.
    let mut sum = vec![Rational::new(); z.first().map_or(0, Vec::len)];
    for row in z {
        for (total, value) in sum.iter_mut().zip(row) {
            *total += value;
        }
    }
    let product =
        |row: &Vec<Rational>| row.iter().zip(&sum).fold(Rational::new(), |p, (a, b)| p + Rational::from(a * b));
    if z.iter().all(|row| product(row) > 0) {
        return None;
    }
    let setting = Setting { z: z.to_vec(), depth: 1, norm: Norm::None, rho: Rational::new() };
    match setting.separability() {
        Separability::Separable { .. } => None,
        Separability::NotSeparable { weights } => Some(weights),
    }
}

/// A start where every layer is the same.
pub(super) enum Balanced {
    Uniform(Rational),
    Each(Vec<Rational>),
}

/// `uniform` or `balanced`, exactly one, for `d` coordinates.
pub(super) fn balanced(
    source: &Source,
    uniform: Option<&Number>,
    each: Option<&List>,
    d: usize,
) -> Result<Option<Balanced>, ConfigError> {
    match (uniform, each) {
        (Some(n), None) => Ok(Some(Balanced::Uniform(source.number("start.uniform", n)?))),
        (None, Some(row)) => {
            let values = source.list("start.balanced", row)?;
            if values.len() != d {
                let why = format!("has length {}, but the data have {d} coordinates", values.len());
                return Err(source.refuse("start.balanced", row.span(), why));
            }
            Ok(Some(Balanced::Each(values)))
        }
        (Some(n), Some(_)) => {
            Err(source.refuse("start.uniform", n.span(), "start.balanced is given too: give exactly one of them"))
        }
        (None, None) => Ok(None),
    }
}

/// One row per layer, one entry per coordinate.
pub(super) fn layers(source: &Source, rows: &Table, depth: usize, d: usize) -> Result<Layers, ConfigError> {
    let key = "start.layers";
    let layers = source.table(key, rows)?;
    if layers.len() != depth {
        let why = format!("has {} layers, but network.depth = {depth}", layers.len());
        return Err(source.refuse(key, rows.span(), why));
    }
    let length = layers.first().map_or(0, Vec::len);
    if length != d {
        let why = format!("has layers of length {length}, but the data have {d} coordinates");
        return Err(source.refuse(key, rows.span(), why));
    }
    Ok(layers)
}
