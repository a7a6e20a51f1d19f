//! What a check leaves behind: plain data, written to the reports as it is. The texts are decimal strings and exact
//! dumps made by [`crate::arith::text`]; no number passes through `f64`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    Pass,
    Inconclusive,
    Fail,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "PASS",
            Verdict::Inconclusive => "INCONCLUSIVE",
            Verdict::Fail => "FAIL",
        }
    }
}

/// How the error bounds of a piece of evidence were obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rigor {
    /// From two runs at different precision and order.
    Estimated,
    /// From outward-rounded arithmetic.
    Enclosed,
}

/// The kind of a claim decides its tolerance and its controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Equality,
    Limit,
    Rate,
    Order,
    Bound,
    Sequence,
}

/// A number, readable and exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Value {
    /// Decimal, rounded to the digits asked.
    pub dec: String,
    /// Exact binary value (hexadecimal, `@` precision in bits), or the sequence or sign compared.
    pub dump: String,
}

/// What was predicted, and where the formula comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Prediction {
    pub dec: String,
    pub dump: String,
    /// Formula and page, e.g. `L = 2: rho + (alpha - rho) e^(mu s) (proofs/thm-3.2.md)`.
    pub source: String,
}

/// The error budget, every part an upper bound on an absolute error, in decimal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// Last Taylor terms of the run.
    pub truncation: String,
    /// Difference of the two runs: rounding, and everything else that precision and order change.
    pub rounding: String,
    /// Error of the prediction.
    pub prediction: String,
    /// Explicit remainder of a limit law at the horizon; `0` for an equality.
    pub remainder: String,
    /// The sum, `B` of the verdict rule.
    pub total: String,
}

/// One attempt of the two-run rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refinement {
    /// Working digits of the two runs.
    pub digits: [u32; 2],
    /// Largest difference of the two, relative to the tolerance of its claim.
    pub difference_over_tolerance: String,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Data, depth, norm, start: enough to run it again.
    pub instance: String,
    /// `s`, `t`, `log_t` or `-`.
    pub clock: String,
    pub horizon: String,
    pub observed: Value,
    pub predicted: Prediction,
    pub delta: String,
    /// Decimal digits on which the two agree (capped at the digits the error budget supports).
    pub digits_agree: u32,
    pub tolerance: String,
    pub budget: Budget,
    pub verdict: Verdict,
    /// How the integration ended.
    pub outcome: String,
    pub refinement: Vec<Refinement>,
}

/// One claim of a theorem with all its comparisons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    pub id: String,
    pub kind: Kind,
    pub statement: String,
    /// The worst of the evidence.
    pub verdict: Verdict,
    /// Why it is not PASS; empty for PASS.
    pub reason: String,
    /// The rule the tolerance comes from.
    pub tolerance: String,
    pub evidence: Vec<Evidence>,
}

/// A deliberately wrong claim, and whether it was caught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    pub id: String,
    pub what: String,
    pub expected: Verdict,
    pub got: Verdict,
}

impl Control {
    pub fn fired(&self) -> bool {
        self.expected == self.got
    }
}

/// A reading of a theorem, or a formula, that does not hold: reported beside the verdict, never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub claim: String,
    pub statement: String,
    pub verdict: Verdict,
    pub counterexample: Vec<Evidence>,
}

/// Where a statement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    Paper,
    Reconstructed,
    Derived,
}

/// The result of one theorem file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TheoremResult {
    pub id: String,
    pub title: String,
    pub statement: String,
    pub basis: Basis,
    pub hypotheses: Vec<String>,
    /// The `proofs/` page.
    pub page: String,
    /// The theorems of `proofs/coq` that the predictions for one example rest on.
    pub prediction_proof: Option<String>,
    /// An open question: reported beside the theorems, outside their count and the exit code.
    pub exploratory: bool,
    pub rigor: Rigor,
    /// Claims this profile registers; a run is complete when all of them are here.
    pub registered: usize,
    pub claims: Vec<Claim>,
    pub controls: Vec<Control>,
    pub findings: Vec<Finding>,
}

impl TheoremResult {
    /// The worst claim; INCONCLUSIVE when a registered claim is missing or there is none.
    pub fn verdict(&self) -> Verdict {
        let worst = self.claims.iter().map(|c| c.verdict).max();
        match worst {
            Some(v) if self.claims.len() == self.registered => v,
            Some(Verdict::Fail) => Verdict::Fail,
            _ => Verdict::Inconclusive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(verdicts: &[Verdict], registered: usize) -> Verdict {
        let claim = |verdict: &Verdict| Claim {
            id: "a".into(),
            kind: Kind::Equality,
            statement: "b".into(),
            verdict: *verdict,
            reason: String::new(),
            tolerance: String::new(),
            evidence: Vec::new(),
        };
        let result = TheoremResult {
            id: "a".into(),
            title: "b".into(),
            statement: "c".into(),
            basis: Basis::Derived,
            hypotheses: Vec::new(),
            page: "d".into(),
            prediction_proof: None,
            exploratory: false,
            rigor: Rigor::Estimated,
            registered,
            claims: verdicts.iter().map(claim).collect(),
            controls: Vec::new(),
            findings: Vec::new(),
        };
        result.verdict()
    }

    #[test]
    fn a_theorem_passes_with_all_its_claims_and_fails_with_one() {
        use Verdict::{Fail, Inconclusive, Pass};
        assert_eq!(result(&[Pass, Pass], 2), Pass);
        assert_eq!(result(&[Pass], 2), Inconclusive, "one is missing");
        assert_eq!(result(&[], 0), Inconclusive, "there is none");
        assert_eq!(result(&[Pass, Inconclusive], 2), Inconclusive);
        assert_eq!(result(&[Inconclusive, Fail], 2), Fail);
        assert_eq!(result(&[Pass, Fail], 3), Fail, "whatever is missing");
    }

    #[test]
    fn a_control_has_fired_when_it_gave_what_was_expected() {
        let control = |got: Verdict| Control { id: "a".into(), what: "b".into(), expected: Verdict::Fail, got };
        assert!(control(Verdict::Fail).fired());
        assert!(!control(Verdict::Inconclusive).fired() && !control(Verdict::Pass).fired());
    }

    #[test]
    fn a_verdict_has_one_name_in_the_table_and_in_the_reports() {
        for verdict in [Verdict::Pass, Verdict::Inconclusive, Verdict::Fail] {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.name());
        }
    }
}
