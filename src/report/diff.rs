//! What changed between two runs of `verify`: every difference of evidence, nothing else. The `run` blocks are not compared.

use super::schema::{Report, evidence_only};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Most characters of a value in a line.
const SHOWN: usize = 80;

/// Why two runs cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{} is not a samcheck report: {source}", path.display())]
    Report { path: PathBuf, source: serde_json::Error },
    #[error("{} holds two reports of {id}", path.display())]
    Twice { path: PathBuf, id: String },
    #[error("{} holds no reports: give the directory of a run", path.display())]
    NoReports { path: PathBuf },
}

/// One difference; `None` is a value that one side lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub theorem: String,
    /// `claims[trajectory].evidence[3].observed.dec`: by `id` where there is one, else by number from 1.
    pub path: String,
    pub a: Option<String>,
    pub b: Option<String>,
}

/// All differences of two runs, by theorem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Theorems of the first run only.
    pub only_a: Vec<String>,
    /// Theorems of the second run only.
    pub only_b: Vec<String>,
    /// Verdicts of theorems first, then the rest in the order of the reports.
    pub changes: Vec<Change>,
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        self.only_a.is_empty() && self.only_b.is_empty() && self.changes.is_empty()
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "no difference");
        }
        for id in &self.only_a {
            writeln!(f, "{id}: only in the first run")?;
        }
        for id in &self.only_b {
            writeln!(f, "{id}: only in the second run")?;
        }
        let show = |x: &Option<String>, from: usize| x.as_ref().map_or("-".to_owned(), |x| window(x, from));
        for c in &self.changes {
            let same = match (&c.a, &c.b) {
                (Some(a), Some(b)) => a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count(),
                _ => 0,
            };
            writeln!(f, "{} {}: {} | {}", c.theorem, c.path, show(&c.a, same), show(&c.b, same))?;
        }
        Ok(())
    }
}

/// The part of a long text around its first difference.
fn window(text: &str, from: usize) -> String {
    let skip = if from + 10 > SHOWN { from - SHOWN / 2 } else { 0 };
    let mut part: String = text.chars().skip(skip).take(SHOWN).collect();
    if text.chars().nth(skip + SHOWN).is_some() {
        part.push_str("...");
    }
    if skip > 0 { format!("...{part}") } else { part }
}

/// Compares the reports of two run directories.
///
/// # Errors
/// A directory without reports, or a file in it that is no report (`summary.json` is left aside).
pub fn diff(run_a: &Path, run_b: &Path) -> Result<Diff, DiffError> {
    let (a, b) = (reports(run_a)?, reports(run_b)?);
    let missing = |from: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>| {
        from.keys().filter(|id| !other.contains_key(*id)).cloned().collect()
    };
    let mut out = Diff { only_a: missing(&a, &b), only_b: missing(&b, &a), changes: Vec::new() };
    let (mut verdicts, mut rest) = (Vec::new(), Vec::new());
    for (id, left) in &a {
        if let Some(right) = b.get(id) {
            compare(id, String::new(), Some(left), Some(right), &mut rest);
        }
        verdicts.extend(rest.iter().position(|c| c.path == "verdict" && c.theorem == *id).map(|at| rest.remove(at)));
    }
    out.changes = verdicts;
    out.changes.append(&mut rest);
    Ok(out)
}

/// The evidence of every report in a directory, by theorem.
fn reports(directory: &Path) -> Result<BTreeMap<String, Value>, DiffError> {
    let read = |source| DiffError::Read { path: directory.to_owned(), source };
    let mut out = BTreeMap::new();
    for entry in std::fs::read_dir(directory).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if path.extension().is_none_or(|e| e != "json") || path.file_name().is_some_and(|n| n == "summary.json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|source| DiffError::Read { path: path.clone(), source })?;
        let wrong = |source| DiffError::Report { path: path.clone(), source };
        let report: Report = serde_json::from_str(&text).map_err(wrong)?;
        let evidence = evidence_only(&report).map_err(wrong)?;
        if out.insert(report.theorem.id.clone(), evidence).is_some() {
            return Err(DiffError::Twice { path: directory.to_owned(), id: report.theorem.id });
        }
    }
    if out.is_empty() {
        return Err(DiffError::NoReports { path: directory.to_owned() });
    }
    Ok(out)
}

/// Collects the leaves where two values differ.
fn compare(theorem: &str, path: String, a: Option<&Value>, b: Option<&Value>, out: &mut Vec<Change>) {
    if a == b {
        return;
    }
    match (a, b) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let added = right.keys().filter(|key| !left.contains_key(*key));
            for key in left.keys().chain(added) {
                let dot = if path.is_empty() { "" } else { "." };
                compare(theorem, format!("{path}{dot}{key}"), left.get(key), right.get(key), out);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            let (left, right) = (labelled(left), labelled(right));
            let added = right.iter().filter(|(label, _)| !left.iter().any(|(l, _)| l == label));
            for (label, _) in left.iter().chain(added) {
                let find = |side: &[(String, &'_ Value)]| side.iter().position(|(l, _)| l == label);
                let (x, y) = (find(&left).map(|i| left[i].1), find(&right).map(|i| right[i].1));
                compare(theorem, format!("{path}[{label}]"), x, y, out);
            }
        }
        _ => out.push(Change { theorem: theorem.to_owned(), path, a: a.map(leaf), b: b.map(leaf) }),
    }
}

/// Entries by their `id`, where all have different ones, else by number from 1.
fn labelled(values: &[Value]) -> Vec<(String, &Value)> {
    let ids: Vec<Option<&str>> = values.iter().map(|v| v.get("id").and_then(Value::as_str)).collect();
    let distinct = ids.iter().enumerate().all(|(i, id)| id.is_some() && !ids[..i].contains(id));
    let label = |i: usize| match ids[i] {
        Some(id) if distinct => id.to_owned(),
        _ => (i + 1).to_string(),
    };
    values.iter().enumerate().map(|(i, v)| (label(i), v)).collect()
}

/// A value in a line: texts without their quotes, verdict and id of what is missing as a whole.
fn leaf(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
