//! The text of a file, to say in every refusal which key, which value and which line.

use super::raw::{Number, Scalar};
use crate::arith::text::parse_rational;
use rug::{Integer, Rational};
use std::ops::Range;
use toml::Spanned;

/// How much of an offending value a message repeats.
const SHOWN: usize = 60;

/// Why an input file is refused. Every message names the file, the key and the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, a key that does not exist, a missing key, a value of the wrong type; the message shows line, key and value.
    #[error("{file}:\n{message}")]
    Toml { file: String, message: String },
    /// A value that is not accepted.
    #[error("{file}:{line}: {key} = {value}: {why}")]
    Value { file: String, line: usize, key: String, value: String, why: String },
    /// Something that has to be said and is not.
    #[error("{file}: {key} is missing: {why}")]
    Missing { file: String, key: String, why: String },
}

/// A value on one line, cut where it is long.
fn shown(written: &str) -> String {
    let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().nth(SHOWN).is_none() {
        return line;
    }
    line.chars().take(SHOWN).chain("...".chars()).collect()
}

/// The text with the name it is reported under.
pub(super) struct Source<'a> {
    pub text: &'a str,
    pub file: &'a str,
}

impl Source<'_> {
    /// Reads the TOML structure.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, ConfigError> {
        toml::from_str(self.text)
            .map_err(|e| ConfigError::Toml { file: self.file.to_owned(), message: e.to_string().trim_end().to_owned() })
    }

    /// Refuses the value at `span`.
    pub fn refuse(&self, key: &str, span: Range<usize>, why: impl Into<String>) -> ConfigError {
        let line = 1 + self.text.get(..span.start).map_or(0, |before| before.matches('\n').count());
        let value = shown(self.text.get(span).unwrap_or_default());
        ConfigError::Value { file: self.file.to_owned(), line, key: key.to_owned(), value, why: why.into() }
    }

    pub fn missing(&self, key: &str, why: impl Into<String>) -> ConfigError {
        ConfigError::Missing { file: self.file.to_owned(), key: key.to_owned(), why: why.into() }
    }

    /// As it is written, for messages about another value.
    pub fn written(&self, n: &Number) -> String {
        shown(self.text.get(n.span()).unwrap_or_default())
    }

    /// The exact number.
    pub fn number(&self, key: &str, n: &Number) -> Result<Rational, ConfigError> {
        match n.get_ref() {
            Scalar::Integer(i) => Ok(Rational::from(*i)),
            Scalar::Text(text) => parse_rational(text).map_err(|e| self.refuse(key, n.span(), e.to_string())),
            Scalar::Float => {
                let why = "a TOML float has already lost digits: write it as a string, such as \"0.6\" or \"3/5\"";
                Err(self.refuse(key, n.span(), why))
            }
        }
    }

    /// The exact number, which has to be above 0.
    pub fn positive(&self, key: &str, n: &Number) -> Result<Rational, ConfigError> {
        let value = self.number(key, n)?;
        if value > 0 { Ok(value) } else { Err(self.refuse(key, n.span(), "must be positive")) }
    }

    /// The exact number, which has to be at least 0.
    pub fn not_negative(&self, key: &str, n: &Number) -> Result<Rational, ConfigError> {
        let value = self.number(key, n)?;
        if value >= 0 { Ok(value) } else { Err(self.refuse(key, n.span(), "must not be negative")) }
    }

    /// An integer between `low` and `high`, both included.
    pub fn integer(&self, key: &str, n: &Number, low: u64, high: u64) -> Result<u64, ConfigError> {
        let value = self.number(key, n)?;
        let inside = value.is_integer() && (low..=high).contains(&value.numer().to_u64().unwrap_or(u64::MAX));
        match Integer::to_u64(value.numer()) {
            Some(i) if inside => Ok(i),
            _ => Err(self.refuse(key, n.span(), format!("must be an integer from {low} to {high}"))),
        }
    }

    /// A row of exact numbers; `key[i]` names each.
    pub fn list(&self, key: &str, row: &Spanned<Vec<Number>>) -> Result<Vec<Rational>, ConfigError> {
        if row.get_ref().is_empty() {
            return Err(self.refuse(key, row.span(), "must not be empty"));
        }
        row.get_ref().iter().enumerate().map(|(i, n)| self.number(&format!("{key}[{}]", i + 1), n)).collect()
    }

    /// Rows of exact numbers of one length; `key[i][j]` names each.
    pub fn table(
        &self,
        key: &str,
        rows: &Spanned<Vec<Spanned<Vec<Number>>>>,
    ) -> Result<Vec<Vec<Rational>>, ConfigError> {
        if rows.get_ref().is_empty() {
            return Err(self.refuse(key, rows.span(), "must not be empty"));
        }
        let mut out: Vec<Vec<Rational>> = Vec::new();
        for (i, row) in rows.get_ref().iter().enumerate() {
            let key = format!("{key}[{}]", i + 1);
            let values = self.list(&key, row)?;
            if let Some(first) = out.first()
                && first.len() != values.len()
            {
                let why = format!("has length {}, but the first row has length {}", values.len(), first.len());
                return Err(self.refuse(&key, row.span(), why));
            }
            out.push(values);
        }
        Ok(out)
    }
}
