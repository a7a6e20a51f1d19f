use super::*;
use crate::check::{TheoremResult, Verdict};
use crate::report::schema::tests::{run_block, summary, theorem};
use crate::report::write;

fn run(results: &[TheoremResult], wall: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for result in results {
        let mut report = Report::from_result(result, run_block());
        report.run.wall_s = wall.to_owned();
        write::json(&dir.path().join(format!("{}.json", result.id)), &report).unwrap();
    }
    write::json(&dir.path().join("summary.json"), &summary(results)).unwrap();
    dir
}

fn compared(a: &[TheoremResult], b: &[TheoremResult]) -> Diff {
    diff(run(a, "1.000").path(), run(b, "2.000").path()).unwrap()
}

#[test]
fn the_same_evidence_at_another_time_is_no_difference() {
    let results = [theorem("a", Verdict::Pass), theorem("b", Verdict::Fail)];
    let d = compared(&results, &results);
    assert!(d.is_empty(), "{d}");
    assert_eq!(d.to_string(), "no difference\n");
}

#[test]
fn one_digit_is_found_and_shown() {
    let a = theorem("a", Verdict::Pass);
    let mut b = a.clone();
    let last = format!("{}1", "3".repeat(200));
    b.claims[1].evidence[0].observed.dec = last.replace('1', "2");
    let mut a = a;
    a.claims[1].evidence[0].observed.dec = last;
    let d = compared(&[a], &[b]);
    assert_eq!(d.changes.len(), 1);
    assert_eq!(d.changes[0].path, "claims[hitting-time].evidence[1].observed.dec");
    let text = d.to_string();
    assert!(text.contains("31 | ") && text.trim_end().ends_with("32"), "{text}");
    assert!(text.len() < 250, "{text}");
}

#[test]
fn verdicts_come_first_and_missing_theorems_and_claims_are_named() {
    let mut a = [theorem("a", Verdict::Pass), theorem("b", Verdict::Pass), theorem("c", Verdict::Pass)];
    a[1].claims[0].id = "renamed".to_owned();
    let b = [theorem("b", Verdict::Pass), theorem("c", Verdict::Fail), theorem("d", Verdict::Pass)];
    let d = compared(&a, &b);
    assert_eq!((d.only_a.as_slice(), d.only_b.as_slice()), (["a".to_owned()].as_slice(), ["d".to_owned()].as_slice()));
    assert_eq!((d.changes[0].theorem.as_str(), d.changes[0].path.as_str()), ("c", "verdict"));
    let missing = d.changes.iter().find(|c| c.path == "claims[trajectory]").unwrap();
    assert!(missing.a.is_none() && missing.b.is_some());
    assert!(d.to_string().contains("a: only in the first run\nd: only in the second run\nc verdict: PASS | FAIL\n"));
}

#[test]
fn what_is_not_a_run_is_refused() {
    let (good, empty) = (run(&[theorem("a", Verdict::Pass)], "1"), tempfile::tempdir().unwrap());
    let message = |a: &Path, b: &Path| diff(a, b).unwrap_err().to_string();
    assert!(message(good.path(), empty.path()).contains("holds no reports"));
    assert!(message(&empty.path().join("none"), good.path()).contains("none"));
    write::text(&empty.path().join("x.json"), "{}").unwrap();
    assert!(message(empty.path(), good.path()).contains("x.json is not a samcheck report"));
    let copy = good.path().join("again.json");
    std::fs::copy(good.path().join("a.json"), copy).unwrap();
    assert!(message(good.path(), good.path()).contains("two reports of a"));
}
