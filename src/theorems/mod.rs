//! One file per theorem: statement, hypotheses, instances, observed against predicted, controls. The list is
//! [`ALL`]; a new theorem is a new file, a line there, and a page in `proofs/`.

mod algorithm;
mod case;
mod cor_3_5;
mod depth1;
mod depth1_data;
mod finite_vs_infinite;
mod gd;
mod generator;
mod instances;
mod mechanism;
mod open_questions;
mod reduction;
mod rescaling;
mod thm_3_1;
mod thm_3_2;
mod thm_4_1;
mod thm_4_2;
mod thm_4_2_several;
mod thm_4_4;
mod thm_4_5;
mod two_sam;

pub use case::{Profile, Scope};

use crate::check::{Basis, TheoremResult};

/// A theorem as the tool knows it.
pub struct Theorem {
    /// The name on the command line.
    pub id: &'static str,
    pub title: &'static str,
    /// The statement as checked.
    pub statement: &'static str,
    pub basis: Basis,
    pub hypotheses: &'static [&'static str],
    pub page: &'static str,
    /// Theorems of `proofs/coq` (`File.name`) that the predictions for one example rest on; empty where none is
    /// machine-checked. Instances with several samples rest on the page alone.
    pub coq: &'static [&'static str],
    cases: fn(&Scope) -> Result<Vec<case::Case>, String>,
}

/// Every theorem, in the order of the reports.
pub const ALL: &[Theorem] = &[
    thm_3_1::THEOREM,
    thm_3_2::THEOREM,
    cor_3_5::THEOREM,
    thm_4_1::THEOREM,
    thm_4_2::THEOREM,
    thm_4_4::THEOREM,
    thm_4_5::THEOREM,
    finite_vs_infinite::THEOREM,
    gd::THEOREM,
    rescaling::THEOREM,
    mechanism::THEOREM,
    reduction::THEOREM,
    algorithm::THEOREM,
    open_questions::THEOREM,
];

/// Those of [`ALL`] that are open questions: reported, never called theorems of the paper.
pub const EXPLORATORY: &[&str] = &["open-questions"];

/// The theorem of this name.
pub fn find(id: &str) -> Option<&'static Theorem> {
    ALL.iter().find(|t| t.id == id)
}

/// A theorem with the instances of a scope: what has been predicted, nothing observed yet.
pub struct Prepared {
    pub theorem: &'static Theorem,
    cases: Vec<case::Case>,
}

impl Theorem {
    /// `coq: File.name, File.name`, or `None`. `proofs/README.md` says what each covers and what none does.
    pub fn prediction_proof(&self) -> Option<String> {
        (!self.coq.is_empty()).then(|| format!("coq: {}", self.coq.join(", ")))
    }

    /// The instances of the scope.
    ///
    /// # Errors
    /// Which hypothesis the user's own data do not meet.
    pub fn prepare(&'static self, scope: &Scope) -> Result<Prepared, String> {
        Ok(Prepared { theorem: self, cases: (self.cases)(scope)? })
    }

    /// [`Theorem::prepare`] and [`Prepared::verify`].
    ///
    /// # Errors
    /// As [`Theorem::prepare`].
    pub fn verify(&'static self, scope: &Scope) -> Result<TheoremResult, String> {
        Ok(self.prepare(scope)?.verify(scope))
    }
}

impl Prepared {
    /// Number of instances.
    pub fn instances(&self) -> usize {
        self.cases.len()
    }

    /// Runs the instances, all or the one that the scope names.
    pub fn verify(self, scope: &Scope) -> TheoremResult {
        case::run(self.theorem, self.cases, scope)
    }
}
