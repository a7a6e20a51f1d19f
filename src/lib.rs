pub mod arith;
pub mod check;
pub mod expr;
pub mod ode;
pub mod predict;
pub mod run;
pub mod sam;
