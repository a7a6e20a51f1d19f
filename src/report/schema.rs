//! The JSON of `verify`: one [`Report`] a theorem and one [`Summary`] a run, with their published schema.

use super::build::RunBlock;
use super::short::{self, Magnitude};
use super::simulate::Simulation;
use crate::check::{Basis, Claim, Control, Evidence, Finding, Rigor, TheoremResult, Verdict};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Format of a report.
pub const REPORT: &str = "samcheck-report/1";
/// Format of a summary.
pub const SUMMARY: &str = "samcheck-summary/1";

/// What is claimed, and where that comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theorem {
    pub id: String,
    pub title: String,
    pub statement: String,
    pub basis: Basis,
    pub hypotheses: Vec<String>,
    /// The page in `proofs/`.
    pub page: String,
    /// `coq: File.name, ...`: theorems of `proofs/coq`, checked by Coq, that the predictions for one example rest on; null
    /// where there is none. Instances with several samples rest on the page alone; `proofs/README.md` says what is covered.
    pub prediction_proof: Option<String>,
    /// An open question, outside the count of theorems and the exit code.
    pub exploratory: bool,
}

/// Claims by verdict, with the denominator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub registered: usize,
    pub run: usize,
    pub pass: usize,
    pub fail: usize,
    pub inconclusive: usize,
}

impl Counts {
    pub fn of(result: &TheoremResult) -> Self {
        let with = |verdict| result.claims.iter().filter(|c| c.verdict == verdict).count();
        Counts {
            registered: result.registered,
            run: result.claims.len(),
            pass: with(Verdict::Pass),
            fail: with(Verdict::Fail),
            inconclusive: with(Verdict::Inconclusive),
        }
    }
}

/// The report of one theorem. All but `run` is evidence: the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    #[schemars(extend("const" = REPORT))]
    pub schema: String,
    pub theorem: Theorem,
    pub verdict: Verdict,
    pub rigor: Rigor,
    pub counts: Counts,
    pub findings: Vec<Finding>,
    pub claims: Vec<Claim>,
    pub controls: Vec<Control>,
    pub run: RunBlock,
}

impl Report {
    pub fn from_result(result: &TheoremResult, run: RunBlock) -> Self {
        Report {
            schema: REPORT.to_owned(),
            theorem: Theorem {
                id: result.id.clone(),
                title: result.title.clone(),
                statement: result.statement.clone(),
                basis: result.basis,
                hypotheses: result.hypotheses.clone(),
                page: result.page.clone(),
                prediction_proof: result.prediction_proof.clone(),
                exploratory: result.exploratory,
            },
            verdict: result.verdict(),
            rigor: result.rigor,
            counts: Counts::of(result),
            findings: result.findings.clone(),
            claims: result.claims.clone(),
            controls: result.controls.clone(),
            run,
        }
    }
}

/// The report without its `run` block: what two machines have to agree on, bit for bit.
///
/// # Errors
/// Only if the report cannot be written as JSON at all.
pub fn evidence_only(report: &Report) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(report)?;
    if let Value::Object(map) = &mut value {
        map.shift_remove("run");
    }
    Ok(value)
}

/// One theorem in the summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SummaryRow {
    pub id: String,
    pub title: String,
    pub exploratory: bool,
    pub verdict: Verdict,
    pub claims: Counts,
    /// The delta nearest to its tolerance or farthest beyond it; `-` where nothing was measured.
    pub worst_delta: String,
    /// The tolerance of that delta.
    pub of_tolerance: String,
    /// How far the runs went, for people: `s=4, t=10^(4.2e6)`.
    pub horizon: String,
    pub findings: usize,
    pub controls_fired: usize,
    pub controls: usize,
}

impl SummaryRow {
    pub fn of(result: &TheoremResult) -> Self {
        let (worst_delta, of_tolerance) = worst(result).unwrap_or(("-".to_owned(), "-".to_owned()));
        SummaryRow {
            id: result.id.clone(),
            title: result.title.clone(),
            exploratory: result.exploratory,
            verdict: result.verdict(),
            claims: Counts::of(result),
            worst_delta,
            of_tolerance,
            horizon: horizon(result),
            findings: result.findings.len(),
            controls_fired: result.controls.iter().filter(|c| c.fired()).count(),
            controls: result.controls.len(),
        }
    }
}

/// A whole run of `verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    #[schemars(extend("const" = SUMMARY))]
    pub schema: String,
    /// Whether every theorem asked for is here.
    pub complete: bool,
    pub interrupted: bool,
    pub digits: u32,
    pub profile: String,
    pub arithmetic: String,
    pub theorems: Vec<SummaryRow>,
    pub exit_code: u8,
    pub run: RunBlock,
}

fn evidence(result: &TheoremResult) -> impl Iterator<Item = &Evidence> {
    result.claims.iter().flat_map(|claim| &claim.evidence)
}

/// The delta with the largest share of its tolerance, in short, with that tolerance.
fn worst(result: &TheoremResult) -> Option<(String, String)> {
    let share = |e: &Evidence| Magnitude::parse(&e.delta)?.ratio(&Magnitude::parse(&e.tolerance)?);
    let (_, e) = evidence(result).filter_map(|e| Some((share(e)?, e))).max_by(|a, b| a.0.cmp(&b.0))?;
    Some((short::scientific(&e.delta), short::scientific(&e.tolerance)))
}

/// The farthest horizon on each clock, in short.
fn horizon(result: &TheoremResult) -> String {
    let farthest = |clock: &str| {
        let here = evidence(result).filter(|e| e.clock == clock);
        let positive = here.filter(|e| !e.horizon.starts_with('-'));
        positive.filter_map(|e| Some((Magnitude::parse(&e.horizon)?, e))).max_by(|a, b| a.0.cmp(&b.0))
    };
    let s = farthest("s").map(|(m, _)| format!("s={}", m.short()));
    let t = farthest("t").map(|(m, _)| format!("t={}", m.short()));
    let log_t = farthest("log_t").and_then(|(_, e)| short::power_of_ten(&e.horizon));
    let all: Vec<String> = [s, t, log_t].into_iter().flatten().collect();
    if all.is_empty() { "-".to_owned() } else { all.join(", ") }
}

/// The JSON Schema (2020-12) of everything this program writes: a report, a summary, or a simulation.
pub fn json_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let any_of = [
        generator.subschema_for::<Report>(),
        generator.subschema_for::<Summary>(),
        generator.subschema_for::<Simulation>(),
    ];
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "samcheck",
        "oneOf": any_of,
        "$defs": generator.take_definitions(true),
    })
}

#[cfg(test)]
pub(super) mod tests;
