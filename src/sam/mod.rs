mod setting;
pub use setting::{Layers, Norm, Setting};
