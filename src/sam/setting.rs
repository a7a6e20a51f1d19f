//! The objects of the paper: data set, network, perturbation, and the start.

use crate::arith::simplex::{Separability, separator_or_certificate};
use rug::Rational;

/// The perturbation of SAM: `theta^ = theta + eps`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Norm {
    /// `eps = 0`: gradient descent.
    None,
    /// `eps = rho grad / ||grad||_2`, the norm of the whole gradient, all layers.
    L2,
    /// `eps = rho sign(grad)`.
    Linf,
    /// `eps = rho grad`: the ablation without the normalisation.
    L2Unnormalised,
}

impl Norm {
    /// The name used in experiment files.
    pub fn name(self) -> &'static str {
        match self {
            Norm::None => "none",
            Norm::L2 => "l2",
            Norm::Linf => "linf",
            Norm::L2Unnormalised => "l2-unnormalised",
        }
    }
}

/// A linear diagonal network of depth `L` on a linearly separable data set, with its perturbation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// `z_n = y_n x_n`, one row a sample (`N` rows of length `d`).
    pub z: Vec<Vec<Rational>>,
    /// `L`, at least 1.
    pub depth: usize,
    pub norm: Norm,
    /// Perturbation radius.
    pub rho: Rational,
}

/// A start: layer `l`, coordinate `j` at `[l][j]`.
pub type Layers = Vec<Vec<Rational>>;

impl Setting {
    /// The single example `D_mu`.
    pub fn single(mu: &[Rational], depth: usize, norm: Norm, rho: Rational) -> Self {
        Setting { z: vec![mu.to_vec()], depth, norm, rho }
    }

    /// `d`.
    pub fn dimension(&self) -> usize {
        self.z.first().map_or(0, Vec::len)
    }

    /// `N`.
    pub fn samples(&self) -> usize {
        self.z.len()
    }

    /// Whether some `beta` has `<z_n, beta> > 0` for all `n`, with its exact witness or certificate.
    pub fn separability(&self) -> Separability {
        separator_or_certificate(&self.z)
    }

    /// The start with every layer equal to `alpha`.
    pub fn balanced(&self, alpha: &[Rational]) -> Layers {
        vec![alpha.to_vec(); self.depth]
    }

    /// Whether the loss has zero gradient at `layers` because every partial product of layers vanishes (exact).
    pub fn gradient_vanishes(&self, layers: &Layers) -> bool {
        (0..self.dimension()).all(|j| {
            self.z.iter().all(|z| z[j].is_zero())
                || (0..self.depth).all(|l| (0..self.depth).any(|k| k != l && layers[k][j].is_zero()))
        })
    }
}
