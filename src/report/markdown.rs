//! A summary as a markdown table, for a README.

use super::schema::Summary;
use std::fmt::Write;

/// One row a theorem.
pub fn table(summary: &Summary) -> String {
    let mut out = String::from(
        "| theorem | what | verdict | claims | worst delta | tolerance | horizon | findings | controls |\n",
    );
    out.push_str("|---|---|---|---|---|---|---|---|---|\n");
    for row in &summary.theorems {
        let cells = [
            format!("`{}`", row.id),
            row.title.replace('|', "\\|").replace('\n', " "),
            row.verdict.name().to_owned(),
            format!("{}/{}", row.claims.pass, row.claims.registered),
            row.worst_delta.clone(),
            row.of_tolerance.clone(),
            row.horizon.clone(),
            row.findings.to_string(),
            format!("{}/{}", row.controls_fired, row.controls),
        ];
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}
