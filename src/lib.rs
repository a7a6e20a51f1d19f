pub mod arith;
pub mod predict;
