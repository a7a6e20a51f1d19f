//! The paper's objects as formulas: data, network, loss, perturbation, the SAM flow and the SAM algorithm. No
//! solution of anything lives here.

mod algorithm;
mod field;
mod flow;
mod formulas;
mod loss;
mod mode;
mod setting;

pub use algorithm::Algorithm;
pub use flow::{Clock, Flow, Switch};
pub use formulas::ModeFormulas;
pub use mode::{Mode, Surface};
pub use setting::{Layers, Norm, Setting};
