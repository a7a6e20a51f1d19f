//! The output of `simulate`, as JSON and as a table for a spreadsheet.

use crate::config::Experiment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io;

/// Format of a simulation.
pub const SIMULATE: &str = "samcheck-simulate/1";

/// The state at one time. Numbers are decimal: only digits that are guaranteed are printed, a number with none of them as
/// `0`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// On the clock that was asked for: exact.
    pub at: String,
    /// Rescaled clock; null for the algorithm, which has none.
    pub s: Option<String>,
    /// Null at `t = 0`.
    pub log_t: Option<String>,
    /// Null where it is out of range.
    pub t: Option<String>,
    /// `w^(l)_j` at `[l][j]`.
    pub layers: Vec<Vec<String>>,
    pub beta: Vec<String>,
    /// Which `|beta_j|` is largest, from 1; null at a tie.
    pub leader: Option<usize>,
    /// `<z_n, beta>`, at `theta`, not at the perturbed point.
    pub margins: Vec<String>,
    /// At `theta`, not at the perturbed point.
    pub log_loss: Option<String>,
    /// Bound on the relative error of the row.
    pub err: Option<String>,
}

/// What can happen on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The largest coordinate changes, `from` one `to` another.
    HandOver,
    /// A weight reaches 0.
    HitsZero,
    /// A coordinate begins to slide along a surface where the field is discontinuous.
    Slides,
    BlowUp,
    Collapse,
}

/// Something that happened, and when. Coordinates count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub kind: EventKind,
    pub coordinate: Option<usize>,
    pub from: Option<usize>,
    pub to: Option<usize>,
    pub s: Option<String>,
    pub log_t: Option<String>,
}

/// A run of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    #[schemars(extend("const" = SIMULATE))]
    pub schema: String,
    /// The experiment as it was understood: [`Experiment::echo`].
    pub config: Value,
    pub rows: Vec<Row>,
    pub events: Vec<Event>,
    /// How the run ended.
    pub outcome: String,
}

impl Simulation {
    pub fn new(experiment: &Experiment, rows: Vec<Row>, events: Vec<Event>, outcome: String) -> Self {
        Simulation { schema: SIMULATE.to_owned(), config: experiment.echo(), rows, events, outcome }
    }

    /// `L`, `d`, `N` of the experiment.
    fn shape(&self) -> (usize, usize, usize) {
        let length = |value: &Value| value.as_array().map_or(0, Vec::len);
        let z = &self.config["data"]["z"];
        (length(&self.config["start"]["layers"]), length(&z[0]), length(z))
    }

    /// The rows as CSV: `at,s,log_t,t,w1_1,..,beta_1,..,leader,margin_1,..,log_loss,err`; null is an empty field.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write_csv(&self, out: impl io::Write) -> io::Result<()> {
        let (depth, d, n) = self.shape();
        let mut header: Vec<String> = ["at", "s", "log_t", "t"].map(str::to_owned).to_vec();
        header.extend((1..=depth).flat_map(|l| (1..=d).map(move |j| format!("w{l}_{j}"))));
        header.extend((1..=d).map(|j| format!("beta_{j}")));
        header.push("leader".to_owned());
        header.extend((1..=n).map(|n| format!("margin_{n}")));
        header.extend(["log_loss", "err"].map(str::to_owned));

        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(&header)?;
        let or_empty = |x: &Option<String>| x.clone().unwrap_or_default();
        for row in &self.rows {
            let mut fields = vec![row.at.clone(), or_empty(&row.s), or_empty(&row.log_t), or_empty(&row.t)];
            fields.extend(row.layers.iter().flatten().cloned());
            fields.extend(row.beta.iter().cloned());
            fields.push(row.leader.map(|j| j.to_string()).unwrap_or_default());
            fields.extend(row.margins.iter().cloned());
            fields.extend([or_empty(&row.log_loss), or_empty(&row.err)]);
            csv.write_record(&fields)?;
        }
        csv.flush()
    }
}

#[cfg(test)]
mod tests;
