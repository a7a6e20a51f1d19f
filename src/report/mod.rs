//! What leaves the program: JSON with a published schema, the terminal table, markdown, exit codes. It knows verdicts, not
//! dynamics; [`schema`] decides what is evidence and what belongs to one run only.

mod build;
pub mod diff;
pub mod exit;
pub mod markdown;
pub mod schema;
mod short;
pub mod simulate;
pub mod table;
pub mod write;

pub use build::RunBlock;
