pub mod arith;
pub mod check;
pub mod config;
pub mod expr;
pub mod ode;
pub mod report;
pub mod sam;
