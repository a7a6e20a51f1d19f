pub mod arith;
pub mod check;
pub mod expr;
pub mod ode;
pub mod run;
pub mod sam;
