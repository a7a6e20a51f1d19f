mod evidence;
pub use evidence::*;
