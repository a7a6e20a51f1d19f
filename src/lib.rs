pub mod arith;
pub mod expr;
pub mod ode;
