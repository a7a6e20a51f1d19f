//! Pieces against GMP integers.

use super::*;
use crate::arith::fixed::modular::PRIMES;
use proptest::prelude::*;
use rug::Integer;
use rug::integer::Order;
use std::sync::Arc;

proptest! {
    #[test]
    fn pieces_add_up_to_the_number(
        limbs in prop::collection::vec(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)], 1..9),
        negative in any::<bool>(), bits in 2usize..48, pieces in 1usize..40,
    ) {
        let transforms = PRIMES.map(|prime| Arc::new(Transform::new(prime, 128)));
        let tier = Tier { sums: 0..8, bits, pieces, transforms, scales: PRIMES.map(|prime| prime.factor(1)) };
        let mut buffer = vec![Eight([7; LANES]); pieces];
        cut(&mut buffer, 3, &limbs, negative, &tier);
        let mut sum = Integer::new();
        for (p, piece) in buffer.iter().enumerate() {
            let piece = piece.0[3] as i64;
            let largest = if p == 0 { 1 << bits } else { 1 << (bits - 1) };
            prop_assert!(piece.abs() <= largest);
            sum = (sum << bits as u32) + piece;
        }
        // The number's first bits, rounded towards zero.
        let number = (Integer::from_digits(&limbs, Order::Lsf) << (pieces * bits) as u32) >> (64 * limbs.len() as u32);
        prop_assert_eq!(sum, if negative { -number } else { number });
        prop_assert!(buffer.iter().all(|piece| piece.0[2] == 7));
    }
}
