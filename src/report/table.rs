//! The terminal table: a line a theorem, what failed and how to see it again, what the controls did, what was found.

use super::build::seconds;
use super::schema::SummaryRow;
use super::short::{cut, scientific};
use crate::check::{Evidence, TheoremResult, Verdict};
use std::fmt::Write;

/// Widths of the columns, known before the first theorem is done, so that lines can be printed as results come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    id: usize,
    title: usize,
}

impl Columns {
    /// For these ids and titles.
    pub fn for_all<'a>(theorems: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        theorems.into_iter().fold(Columns { id: 0, title: 0 }, |c, (id, title)| Columns {
            id: c.id.max(id.chars().count()),
            title: c.title.max(title.chars().count()),
        })
    }
}

/// The lines of one theorem, without a newline at the end. `options` are those of the run that a repetition needs, such as
/// `--digits 50`.
pub fn theorem(result: &TheoremResult, wall_ms: u128, columns: Columns, options: &str) -> String {
    let verdict = result.verdict();
    let head = format!("{:4}  {:id$}  ", verdict.name(), result.id, id = columns.id);
    let indent = " ".repeat(head.chars().count());
    let row = SummaryRow::of(result);
    let mut measures = format!("{}/{} claims", row.claims.pass, row.claims.registered);
    if row.worst_delta != "-" {
        let _ = write!(measures, "  worst {} of {}", row.worst_delta, row.of_tolerance);
    }
    if row.horizon != "-" {
        let _ = write!(measures, "  {}", row.horizon);
    }
    if row.findings > 0 {
        let _ = write!(measures, "  {}", counted(row.findings, "finding"));
    }
    let _ = write!(measures, "  {} s", rounded(wall_ms));

    if result.exploratory {
        measures.push_str("  exploratory, outside the exit code");
    }
    let titled = format!("{head}{:title$}  {measures}", result.title, title = columns.title);
    let mut lines = match (verdict, first_failing(result)) {
        (Verdict::Fail, Some((claim, e))) => vec![
            format!("{head}{}", comparison(e)),
            format!("{indent}claim {claim}, instance {}: {}  ({measures})", instance_number(e), e.instance),
            format!("{indent}reproduce: {}", reproduce(result, Some(e), options)),
        ],
        (Verdict::Pass, _) => vec![titled],
        (Verdict::Fail | Verdict::Inconclusive, _) => {
            let worst = result.claims.iter().filter(|c| c.verdict == verdict);
            let mut lines = vec![titled];
            if let Some(claim) = worst.clone().next() {
                lines.push(format!("{indent}claim {}: {}", claim.id, claim.reason));
            } else {
                lines.push(format!("{indent}{} of {} claims were run", row.claims.run, row.claims.registered));
            }
            let first = worst.flat_map(|c| &c.evidence).find(|e| e.verdict == verdict);
            lines.push(format!("{indent}reproduce: {}", reproduce(result, first, options)));
            lines
        }
    };
    for control in result.controls.iter().filter(|c| !c.fired()) {
        let (expected, got) = (control.expected.name(), control.got.name());
        lines.push(format!(
            "{indent}control {} did not fire: expected {expected}, got {got}: {}",
            control.id, control.what
        ));
    }
    lines.join("\n")
}

/// The last line: `controls 31/31 fired · 12 theorems: 12 PASS · 1 finding`.
pub fn totals(results: &[TheoremResult]) -> String {
    let questions = results.iter().filter(|r| r.exploratory).count();
    let results: Vec<&TheoremResult> = results.iter().filter(|r| !r.exploratory).collect();
    let controls = results.iter().flat_map(|r| &r.controls);
    let fired = controls.clone().filter(|c| c.fired()).count();
    let with = |verdict| (results.iter().filter(|r| r.verdict() == verdict).count(), verdict.name());
    let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive].map(with);
    let verdicts: Vec<String> =
        verdicts.iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!("{n} {name}")).collect();
    let findings = results.iter().map(|r| r.findings.len()).sum();
    format!(
        "controls {fired}/{} fired · {}: {} · {}",
        controls.count(),
        counted(results.len(), "theorem"),
        if verdicts.is_empty() { "none run".to_owned() } else { verdicts.join(", ") },
        counted(findings, "finding"),
    ) + &if questions > 0 { format!(" · {questions} exploratory") } else { String::new() }
}

/// What was found, a paragraph each; empty when nothing was.
pub fn findings(results: &[TheoremResult]) -> String {
    let mut lines = Vec::new();
    for result in results {
        for finding in &result.findings {
            let (id, verdict) = (&result.id, finding.verdict.name());
            lines.push(format!("finding  {id} {}: {verdict}: {}", finding.claim, finding.statement));
            lines.extend(finding.counterexample.first().map(|e| format!("         {}: {}", e.instance, comparison(e))));
        }
    }
    lines.join("\n")
}

/// The number by which `--instance` names the instance of an evidence, which its text begins with: `#7 L=3 ...`.
fn instance_number(evidence: &Evidence) -> &str {
    evidence.instance.trim_start_matches('#').split(' ').next().unwrap_or_default()
}

fn reproduce(result: &TheoremResult, evidence: Option<&Evidence>, options: &str) -> String {
    let instance = evidence.map(|e| format!(" --instance {}", instance_number(e))).unwrap_or_default();
    format!("samcheck verify {}{instance} {options}", result.id).trim_end().to_owned()
}

fn first_failing(result: &TheoremResult) -> Option<(&str, &Evidence)> {
    let failing = result.claims.iter().filter(|c| c.verdict == Verdict::Fail);
    failing.flat_map(|c| c.evidence.iter().map(|e| (c.id.as_str(), e))).find(|(_, e)| e.verdict == Verdict::Fail)
}

/// `observed 1.41421... predicted 1.50000... delta 8.6e-2 > 1e-50 (error of the run 4e-58)`.
fn comparison(e: &Evidence) -> String {
    let (observed, predicted) = (&e.observed.dec, &e.predicted.dec);
    // Far enough to see them differ.
    let same = observed.chars().zip(predicted.chars()).take_while(|(a, b)| a == b).count();
    let digits = 7.max(same + 4);
    let relation = match e.verdict {
        Verdict::Fail => ">",
        Verdict::Pass => "of",
        Verdict::Inconclusive => "against",
    };
    if e.delta == "-" {
        return format!(
            "observed {} predicted {predicted} (error of the run {})",
            leading(observed, 12),
            scientific(&e.budget.total)
        );
    }
    format!(
        "observed {} predicted {} delta {} {relation} {} (error of the run {})",
        leading(observed, digits),
        leading(predicted, digits),
        scientific(&e.delta),
        scientific(&e.tolerance),
        scientific(&e.budget.total),
    )
}

/// The first digits of a number, its exponent kept.
fn leading(text: &str, digits: usize) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) if exponent.parse::<i64>().is_ok() => {
            format!("{}e{exponent}", cut(mantissa, digits))
        }
        _ => cut(text, digits),
    }
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Seconds with two decimals.
fn rounded(ms: u128) -> String {
    let mut text = seconds((ms + 5) / 10 * 10);
    text.pop();
    text
}

#[cfg(test)]
mod tests;
