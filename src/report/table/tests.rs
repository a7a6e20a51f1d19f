use super::*;
use crate::report::schema::tests::{control, evidence_of, theorem};

#[test]
fn a_theorem_that_passes_takes_one_line() {
    let result = theorem("thm-0", Verdict::Pass);
    let columns = Columns::for_all([("thm-0", "a made-up theorem"), ("thm-10.1", "a longer one than that")]);
    assert_eq!(
        super::theorem(&result, 314, columns, "--digits 50"),
        "PASS  thm-0     a made-up theorem       2/2 claims  worst 1.2e-52 of 1.5e-50  s=4  1 finding  0.31 s"
    );
}

#[test]
fn a_failure_shows_both_sides_and_how_to_see_it_again() {
    let mut result = theorem("thm-0", Verdict::Fail);
    result.claims[1].evidence[1].instance = "#2 another".to_owned();
    let columns = Columns::for_all([("thm-0", "a made-up theorem")]);
    let text = super::theorem(&result, 2_996, columns, "--digits 50");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "FAIL  thm-0  observed 1.41421... predicted 1.50000... delta 8.6e-2 > 1.5e-50 (error of the run 4.2e-58)"
    );
    assert!(
        lines[1].starts_with("             claim hitting-time, instance 2: #2 another  (1/2 claims"),
        "{}",
        lines[1]
    );
    assert!(lines[1].ends_with("3.00 s)"), "{}", lines[1]);
    assert_eq!(lines[2], "             reproduce: samcheck verify thm-0 --instance 2 --digits 50");
}

#[test]
fn numbers_are_shown_until_they_differ_with_their_exponent() {
    let mut e = evidence_of(Verdict::Fail);
    e.observed.dec = "1.2345678901234e-400".to_owned();
    e.predicted.dec = "1.2345678911234e-400".to_owned();
    let text = comparison(&e);
    assert!(text.starts_with("observed 1.2345678901234e-400 predicted 1.2345678911234e-400 "), "{text}");
    e.observed.dec = "1.2345678901234999e-400".to_owned();
    e.predicted.dec = "1.2346".to_owned();
    let text = comparison(&e);
    assert!(text.starts_with("observed 1.2345678...e-400 predicted 1.2346 "), "{text}");
}

#[test]
fn an_open_question_gives_its_reason_and_a_silent_control_is_named() {
    let mut result = theorem("thm-0", Verdict::Inconclusive);
    result.controls.push(control("GD's path", Verdict::Pass));
    let columns = Columns::for_all([("thm-0", "a made-up theorem")]);
    let text = super::theorem(&result, 5, columns, "--digits 50");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("INCONCLUSIVE  thm-0  a made-up theorem  1/2 claims"), "{text}");
    assert!(lines[1].trim_start().starts_with("claim hitting-time: made to be so"), "{text}");
    assert!(lines[2].contains("reproduce: samcheck verify thm-0 --instance 1 --digits 50"), "{text}");
    assert!(lines[3].contains("control GD's path did not fire: expected FAIL, got PASS: "), "{text}");
}

#[test]
fn a_claim_that_never_ran_is_missed() {
    let mut result = theorem("thm-0", Verdict::Pass);
    result.claims.pop();
    let text = super::theorem(&result, 5, Columns::for_all([]), "");
    assert!(text.contains("1 of 2 claims were run"), "{text}");
    assert!(text.ends_with("reproduce: samcheck verify thm-0"), "{text}");
}

#[test]
fn totals_count_everything() {
    let pass: Vec<_> = (0..12).map(|_| theorem("thm-0", Verdict::Pass)).collect();
    assert_eq!(totals(&pass), "controls 12/12 fired · 12 theorems: 12 PASS · 12 findings");
    let mut mixed = vec![theorem("a", Verdict::Fail), theorem("b", Verdict::Pass)];
    mixed[0].controls[0].got = Verdict::Pass;
    mixed[0].findings.clear();
    assert_eq!(totals(&mixed), "controls 1/2 fired · 2 theorems: 1 PASS, 1 FAIL · 1 finding");
    mixed[0].exploratory = true;
    assert_eq!(totals(&mixed), "controls 1/1 fired · 1 theorem: 1 PASS · 1 finding · 1 exploratory");
    assert_eq!(totals(&[]), "controls 0/0 fired · 0 theorems: none run · 0 findings");
}

#[test]
fn findings_are_listed_with_a_counterexample() {
    let text = findings(&[theorem("thm-0", Verdict::Pass)]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "finding  thm-0 literal: FAIL: every coordinate diverges");
    assert!(lines[1].contains("mu = (1, 2)") && lines[1].contains("observed 1.41421..."), "{}", lines[1]);
}
