//! The files as TOML gives them: every value with its place in the text, no number interpreted yet.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;
use toml::Spanned;

/// A number as written.
#[derive(Clone, Debug)]
pub(super) enum Scalar {
    Text(String),
    Integer(i128),
    /// A TOML float: its value is never looked at, because reading it has already lost digits.
    Float,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an exact number: an integer or a string such as \"0.6\" or \"1/2\"")
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(v.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(v.into()))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(v.into()))
    }

    fn visit_i128<E: de::Error>(self, v: i128) -> Result<Scalar, E> {
        Ok(Scalar::Integer(v))
    }

    fn visit_u128<E: de::Error>(self, v: u128) -> Result<Scalar, E> {
        i128::try_from(v).map(Scalar::Integer).map_err(|_| E::custom("integer too large: write it as a string"))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float)
    }
}

pub(super) type Number = Spanned<Scalar>;
pub(super) type List = Spanned<Vec<Number>>;
pub(super) type Table = Spanned<Vec<List>>;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExperimentFile {
    pub data: Data,
    pub network: Network,
    pub sam: Sam,
    pub start: Start,
    pub run: Run,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataFile {
    pub data: Data,
    pub start: Option<DataStart>,
    pub sam: Option<DataSam>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    pub mu: Option<List>,
    pub z: Option<Table>,
    pub x: Option<Table>,
    pub y: Option<List>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Network {
    pub depth: Number,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sam {
    pub norm: Spanned<String>,
    pub rho: Option<Number>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    pub uniform: Option<Number>,
    pub balanced: Option<List>,
    pub layers: Option<Table>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataStart {
    pub uniform: Option<Number>,
    pub balanced: Option<List>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataSam {
    pub rho: Option<Number>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    pub kind: Spanned<String>,
    pub clock: Option<Spanned<String>>,
    pub until: Number,
    pub digits: Option<Number>,
    pub at: Option<List>,
    pub every: Option<Number>,
    pub from: Option<Number>,
    pub eta: Option<Number>,
}
