//! A made-up theorem, used by the tests of all of `report`.

use super::*;
use crate::check::{Budget, Kind, Prediction, Refinement};
use std::time::UNIX_EPOCH;

pub fn evidence_of(verdict: Verdict) -> Evidence {
    Evidence {
        instance: "#1 L = 2, mu = (1, 2), alpha = (1/2, 3/2), rho = 1".to_owned(),
        clock: "s".to_owned(),
        horizon: "4".to_owned(),
        observed: crate::check::Value { dec: "1.4142135623".to_owned(), dump: "0x1.6a09e6p+0@32".to_owned() },
        predicted: Prediction {
            dec: "1.5000000000".to_owned(),
            dump: "0x1.8p+0@32".to_owned(),
            source: "made up".to_owned(),
        },
        delta: "8.5786e-2".to_owned(),
        digits_agree: 1,
        tolerance: "1.5e-50".to_owned(),
        budget: Budget {
            truncation: "1e-60".to_owned(),
            rounding: "4.1e-58".to_owned(),
            prediction: "0".to_owned(),
            remainder: "0".to_owned(),
            total: "4.2e-58".to_owned(),
        },
        verdict,
        outcome: "reached".to_owned(),
        refinement: vec![Refinement { digits: [70, 85], difference_over_tolerance: "2.7e-8".to_owned() }],
    }
}

pub fn control(id: &str, got: Verdict) -> Control {
    Control { id: id.to_owned(), what: "rho + 10^-30".to_owned(), expected: Verdict::Fail, got }
}

pub fn theorem(id: &str, verdict: Verdict) -> TheoremResult {
    let claim = |id: &str, verdict| Claim {
        id: id.to_owned(),
        kind: Kind::Equality,
        statement: "w_j follows its closed form".to_owned(),
        verdict,
        reason: if verdict == Verdict::Pass { String::new() } else { "made to be so".to_owned() },
        tolerance: "10^-50 of the prediction".to_owned(),
        evidence: vec![Evidence { delta: "1.21e-52".to_owned(), ..evidence_of(Verdict::Pass) }, evidence_of(verdict)],
    };
    let mut result = TheoremResult {
        id: id.to_owned(),
        title: "a made-up theorem".to_owned(),
        statement: "Nothing.".to_owned(),
        basis: Basis::Derived,
        hypotheses: vec!["0 < mu_1 < mu_2".to_owned()],
        page: "proofs/made-up.md".to_owned(),
        prediction_proof: None,
        exploratory: false,
        rigor: Rigor::Estimated,
        registered: 2,
        claims: vec![claim("trajectory", Verdict::Pass), claim("hitting-time", verdict)],
        controls: vec![control("one part in 10^30", Verdict::Fail)],
        findings: vec![Finding {
            claim: "literal".to_owned(),
            statement: "every coordinate diverges".to_owned(),
            verdict: Verdict::Fail,
            counterexample: vec![evidence_of(Verdict::Fail)],
        }],
    };
    result.claims[0].evidence.pop();
    if verdict == Verdict::Pass {
        result.claims[1].evidence.pop();
    }
    result
}

pub fn run_block() -> RunBlock {
    RunBlock::new(vec!["samcheck".to_owned(), "verify".to_owned()], 2, UNIX_EPOCH, 310)
}

pub fn summary(results: &[TheoremResult]) -> Summary {
    Summary {
        schema: SUMMARY.to_owned(),
        complete: true,
        interrupted: false,
        digits: 50,
        profile: "quick".to_owned(),
        arithmetic: "mpfr".to_owned(),
        theorems: results.iter().map(SummaryRow::of).collect(),
        exit_code: crate::report::exit::code(results, true, false),
        run: run_block(),
    }
}

fn errors(value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    validator.iter_errors(value).map(|e| e.to_string()).collect()
}

#[test]
fn reports_and_summaries_meet_the_published_schema() {
    for verdict in [Verdict::Pass, Verdict::Inconclusive, Verdict::Fail] {
        let result = theorem("thm-0", verdict);
        let report = serde_json::to_value(Report::from_result(&result, run_block())).unwrap();
        assert_eq!(errors(&report), Vec::<String>::new());
        let summary = serde_json::to_value(summary(&[result])).unwrap();
        assert_eq!(errors(&summary), Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_what_is_not_a_report() {
    let good = serde_json::to_value(Report::from_result(&theorem("thm-0", Verdict::Pass), run_block())).unwrap();
    let mut wrong = [good.clone(), good.clone(), good.clone(), good];
    wrong[0]["schema"] = json!("samcheck-report/2");
    wrong[1]["verdict"] = json!("GREEN");
    wrong[2]["claims"][0]["evidence"][0]["delta"] = json!(1.5e-52);
    wrong[3]["extra"] = json!(1);
    for value in &wrong {
        assert!(!errors(value).is_empty(), "{value}");
    }
}

#[test]
fn evidence_is_the_report_without_the_run() {
    let result = theorem("thm-0", Verdict::Pass);
    let a = Report::from_result(&result, run_block());
    let b = Report::from_result(&result, RunBlock::new(vec![], 7, UNIX_EPOCH, 99_999));
    let (x, y) = (evidence_only(&a).unwrap(), evidence_only(&b).unwrap());
    assert_ne!(a, b);
    assert_eq!(x.to_string(), y.to_string());
    let keys: Vec<_> = x.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["schema", "theorem", "verdict", "rigor", "counts", "findings", "claims", "controls"]);
}

#[test]
fn a_report_survives_the_way_to_text_and_back() {
    let report = Report::from_result(&theorem("thm-0", Verdict::Fail), run_block());
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
}

#[test]
fn the_summary_shows_the_worst_delta_and_the_farthest_horizon() {
    let mut result = theorem("thm-0", Verdict::Pass);
    // A smaller delta of a far smaller tolerance is worse.
    let worst = Evidence {
        delta: "9.04e-100050".to_owned(),
        tolerance: "1e-100049".to_owned(),
        clock: "log_t".to_owned(),
        horizon: "9631226".to_owned(),
        ..evidence_of(Verdict::Pass)
    };
    let order = Evidence { delta: "-".to_owned(), tolerance: "-".to_owned(), ..worst.clone() };
    result.claims[0].evidence.extend([worst, order]);
    let row = SummaryRow::of(&result);
    assert_eq!((row.worst_delta.as_str(), row.of_tolerance.as_str()), ("9e-100050", "1e-100049"));
    assert_eq!(row.horizon, "s=4, t=10^(4.2e6)");
    assert_eq!((row.claims.pass, row.claims.registered, row.controls_fired, row.controls), (2, 2, 1, 1));
}

#[test]
fn the_markdown_table_has_a_row_a_theorem() {
    let mut piped = theorem("thm-0", Verdict::Pass);
    piped.title = "|w| grows".to_owned();
    let text = crate::report::markdown::table(&summary(&[piped, theorem("thm-1", Verdict::Fail)]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[2], "| `thm-0` | \\|w\\| grows | PASS | 2/2 | 1.2e-52 | 1.5e-50 | s=4 | 1 | 1/1 |");
}
