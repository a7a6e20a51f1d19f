//! The exit code of `verify`.
//!
//! | code | when |
//! |---|---|
//! | 0 | every theorem PASS, the run complete, every control fired |
//! | 1 | a FAIL |
//! | 2 | bad usage or input (not decided here: nothing ran) |
//! | 3 | INCONCLUSIVE, incomplete or interrupted, or a theorem without evidence or without controls |
//! | 4 | a control did not fire |
//!
//! Open questions (exploratory reports) count for none of them.
//!
//! The first of 1, 4, 3 that applies: a FAIL carries its counterexample and is never hidden; a control that did not fire makes
//! every PASS of the run doubtful, which weighs more than a question left open.

use crate::check::{TheoremResult, Verdict};

/// Every theorem passed.
pub const PASS: u8 = 0;
/// A theorem failed.
pub const FAIL: u8 = 1;
/// Bad usage or input.
pub const USAGE: u8 = 2;
/// Something is open: see the module.
pub const INCONCLUSIVE: u8 = 3;
/// A deliberately wrong claim was not caught.
pub const CONTROL: u8 = 4;

/// The code of a run. `complete`: every theorem that was asked for is among the results.
pub fn code(results: &[TheoremResult], complete: bool, interrupted: bool) -> u8 {
    let open = |r: &TheoremResult| {
        r.verdict() == Verdict::Inconclusive
            || r.controls.is_empty()
            || r.claims.is_empty()
            || r.claims.iter().any(|claim| claim.evidence.is_empty())
    };
    let theorems = || results.iter().filter(|r| !r.exploratory);
    if theorems().any(|r| r.verdict() == Verdict::Fail) {
        FAIL
    } else if theorems().flat_map(|r| &r.controls).any(|control| !control.fired()) {
        CONTROL
    } else if !complete || interrupted || results.is_empty() || theorems().any(open) {
        INCONCLUSIVE
    } else {
        PASS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schema::tests::{control, theorem};

    #[test]
    fn each_code_has_its_cause_and_the_worst_one_wins() {
        let (pass, fail) = (theorem("a", Verdict::Pass), theorem("b", Verdict::Fail));
        let inconclusive = theorem("c", Verdict::Inconclusive);
        let mut silent = theorem("d", Verdict::Pass);
        silent.controls.push(control("wrong", Verdict::Pass));
        let mut uncontrolled = theorem("e", Verdict::Pass);
        uncontrolled.controls.clear();
        let mut empty = theorem("f", Verdict::Pass);
        empty.claims[0].evidence.clear();
        let mut missing = theorem("g", Verdict::Pass);
        missing.registered += 1;

        let run = |results: &[&TheoremResult]| code(&results.iter().copied().cloned().collect::<Vec<_>>(), true, false);
        assert_eq!(run(&[&pass]), PASS);
        assert_eq!(run(&[&pass, &silent, &inconclusive, &fail]), FAIL);
        assert_eq!(run(&[&inconclusive, &silent]), CONTROL);
        for open in [&inconclusive, &uncontrolled, &empty, &missing] {
            assert_eq!(run(&[&pass, open]), INCONCLUSIVE, "{}", open.id);
        }
        let mut question = fail.clone();
        question.exploratory = true;
        assert_eq!(run(&[&pass, &question]), PASS);
        assert_eq!(run(&[]), INCONCLUSIVE, "nothing ran");
        assert_eq!(code(std::slice::from_ref(&pass), false, false), INCONCLUSIVE);
        assert_eq!(code(std::slice::from_ref(&pass), true, true), INCONCLUSIVE);
    }
}
