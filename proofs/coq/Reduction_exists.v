(* The scalar equation dK/ds = rho/N(s, K), K(0) = 0 of Reduction.v has exactly one solution, on a largest
   interval [0, T); if T is finite, K tends to infinity there (page proofs/reduction.md).  For the flow
   itself: Reduction_flow.v. src/predict/two_sam/{field,collocation,path}.rs solve this equation.

   Method.  The curve (s, K) is followed in the variable q = s + K, in which dK/dq = rho/(rho + N(q - K,
   K)) is bounded and Lipschitz in K, so that Picard's iteration (Picard.v) gives it for all q >= 0; then q
   is exchanged for s = q - K (the clock lemma of Clock.v). *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Clock Monotone Picard Reduction.
Open Scope R_scope.

(* A start with a nonzero gradient. *)
Definition nonzero_start (d : nat) (mu p q : nat -> R) : Prop :=
  exists j, (j < d)%nat /\ mu j <> 0 /\ (p j <> 0 \/ q j <> 0).

(* ---------- how N depends on s and K ---------- *)

Lemma exp_sqr_le : forall x y, Rabs x <= y -> exp x ^ 2 <= exp y ^ 2.
Proof.
  intros x y H; apply pow_incr; split; [left; apply exp_pos|].
  apply exp_le; apply Rle_trans with (2 := H), Rle_abs.
Qed.

Lemma shift_sqr_le : forall C a b a' b' D : R, Rabs (a' - a) <= D -> b = a -> b' = a' ->
  (C * exp b') ^ 2 <= exp D ^ 2 * (C * exp b) ^ 2.
Proof.
  intros C a b a' b' D H -> ->. replace a' with (a + (a' - a)) by ring. rewrite exp_plus.
  replace ((C * (exp a * exp (a' - a))) ^ 2) with (exp (a' - a) ^ 2 * (C * exp a) ^ 2) by ring.
  apply Rmult_le_compat_r; [apply pow2_ge_0|]. now apply exp_sqr_le.
Qed.

Lemma N_ratio : forall d mu p q s K s' K' D,
  (forall j, (j < d)%nat -> Rabs (mu j) * Rabs (s' - s) + mu j ^ 2 * Rabs (K' - K) <= D) ->
  N_of d mu p q s' K' <= exp D * N_of d mu p q s K.
Proof.
  intros d mu p q s K s' K' D H; unfold N_of.
  rewrite <- (sqrt_pow2 (exp D)) by (left; apply exp_pos).
  rewrite <- sqrt_mult_alt by apply pow2_ge_0.
  apply sqrt_le_1_alt. rewrite <- vsum_scal. apply vsum_le; intros j Hj; specialize (H j Hj).
  assert (B : forall e, Rabs e = Rabs (mu j) ->
    Rabs (e * s' - mu j ^ 2 * K' - (e * s - mu j ^ 2 * K)) <= D).
  { intros e He. replace (e * s' - mu j ^ 2 * K' - (e * s - mu j ^ 2 * K))
      with (e * (s' - s) + - (mu j ^ 2 * (K' - K))) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _).
    rewrite Rabs_Ropp, !Rabs_mult, He, (Rabs_pos_eq (mu j ^ 2)) by apply pow2_ge_0. exact H. }
  assert (P : p_of mu p s' K' j ^ 2 <= exp D ^ 2 * p_of mu p s K j ^ 2).
  { eapply shift_sqr_le; [exact (B (mu j) eq_refl)|reflexivity|reflexivity]. }
  assert (Q : q_of mu q s' K' j ^ 2 <= exp D ^ 2 * q_of mu q s K j ^ 2).
  { eapply shift_sqr_le; [exact (B (- mu j) (Rabs_Ropp _))|reflexivity|reflexivity]. }
  assert (M : 0 <= mu j ^ 2) by apply pow2_ge_0. unfold Rdiv.
  apply Rle_trans with (mu j ^ 2 * (exp D ^ 2 * (p_of mu p s K j ^ 2 + q_of mu q s K j ^ 2)) * / 2).
  - apply Rmult_le_compat_r; [lra|]. apply Rmult_le_compat_l; lra.
  - right; ring.
Qed.

(* Larger K, smaller N. *)
Lemma N_decreasing : forall d mu p q s K K', K <= K' -> N_of d mu p q s K' <= N_of d mu p q s K.
Proof.
  intros d mu p q s K K' H; apply sqrt_le_1_alt, vsum_le; intros j Hj.
  assert (M : 0 <= mu j ^ 2) by apply pow2_ge_0.
  assert (E : forall C a, (C * exp (a - mu j ^ 2 * K')) ^ 2 <= (C * exp (a - mu j ^ 2 * K)) ^ 2).
  { intros C a. rewrite !Rpow_mult_distr. apply Rmult_le_compat_l; [apply pow2_ge_0|].
    apply pow_incr; split; [left; apply exp_pos|]. apply exp_le.
    assert (mu j ^ 2 * K <= mu j ^ 2 * K') by (apply Rmult_le_compat_l; lra). lra. }
  assert (P := E (p j) (mu j * s)). assert (Q := E (q j) (- mu j * s)). fold (p_of mu p s K j) in P.
  unfold p_of, q_of, Rdiv. apply Rmult_le_compat_r; [lra|]. apply Rmult_le_compat_l; [lra|].
  apply Rplus_le_compat; assumption.
Qed.

Lemma one_minus_exp : forall D, 1 - D <= exp (- D).
Proof. intros D. assert (H := exp_ineq1_le (- D)). lra. Qed.

(* The field in the variable q = s + K. *)
Lemma bounded_field_close : forall rho N N' D, 0 < rho -> 0 < N -> 0 < N' -> 0 <= D ->
  N' <= exp D * N -> N <= exp D * N' -> Rabs (rho / (rho + N) - rho / (rho + N')) <= D.
Proof.
  assert (One : forall rho N N' D, 0 < rho -> 0 < N -> 0 < N' -> 0 <= D ->
    N' <= exp D * N -> rho / (rho + N) - rho / (rho + N') <= D).
  { intros rho N N' D Hr HN HN' HD H.
    assert (B : N' - N <= D * N').
    { assert (E := one_minus_exp D). assert ((1 - D) * N' <= N); [|lra].
      apply Rle_trans with (exp (- D) * N'); [apply Rmult_le_compat_r; lra|].
      apply Rle_trans with (exp (- D) * (exp D * N)).
      - apply Rmult_le_compat_l; [left; apply exp_pos|exact H].
      - rewrite <- Rmult_assoc, <- exp_plus, Rplus_opp_l, exp_0; lra. }
    replace (rho / (rho + N) - rho / (rho + N')) with (rho * (N' - N) / ((rho + N) * (rho + N')))
      by (field; lra).
    assert (P : 0 < (rho + N) * (rho + N')) by (apply Rmult_lt_0_compat; lra).
    apply Rmult_le_reg_r with (1 := P). unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply Rle_trans with (rho * (D * N')); [apply Rmult_le_compat_l; lra|].
    assert (0 <= D * N') by (apply Rmult_le_pos; lra).
    assert (0 <= D * rho) by (apply Rmult_le_pos; lra). nra. }
  intros rho N N' D Hr HN HN' HD H H'. apply Rabs_le.
  assert (A := One rho N N' D Hr HN HN' HD H). assert (B := One rho N' N D Hr HN' HN HD H'). lra.
Qed.

(* Continuity of N along curves; the amplitudes may vary too. *)
Lemma continuous_N : forall d mu (p q : R -> nat -> R) (s K : R -> R) x,
  (forall j, (j < d)%nat -> continuous (fun y => p y j) x /\ continuous (fun y => q y j) x) ->
  continuous s x -> continuous K x -> continuous (fun y => N_of d mu (p y) (q y) (s y) (K y)) x.
Proof.
  intros d mu p q s K x Hpq Hs HK; unfold N_of.
  apply (continuous_comp (fun y => vsum d (fun j => mu j ^ 2 *
    (p_of mu (p y) (s y) (K y) j ^ 2 + q_of mu (q y) (s y) (K y) j ^ 2) / 2)) sqrt); [|apply continuous_sqrt].
  apply (continuous_vsum d (fun j y => mu j ^ 2 *
    (p_of mu (p y) (s y) (K y) j ^ 2 + q_of mu (q y) (s y) (K y) j ^ 2) / 2)); intros j Hj.
  destruct (Hpq j Hj) as [Hp Hq].
  assert (E : forall (C : R -> R) e, continuous C x ->
    continuous (fun y => (C y * exp (e * s y - mu j ^ 2 * K y)) ^ 2) x).
  { intros C e HC. apply (continuous_pow 2 (fun y => C y * exp (e * s y - mu j ^ 2 * K y))).
    apply (continuous_mult C (fun y => exp (e * s y - mu j ^ 2 * K y))); [exact HC|].
    apply (continuous_comp (fun y => e * s y - mu j ^ 2 * K y) exp); [|apply continuous_exp].
    apply (continuous_minus (fun y => e * s y) (fun y => mu j ^ 2 * K y)).
    - apply (continuous_scal_r e s); exact Hs.
    - apply (continuous_scal_r (mu j ^ 2) K); exact HK. }
  apply (continuous_scal_l (fun y => mu j ^ 2 *
    (p_of mu (p y) (s y) (K y) j ^ 2 + q_of mu (q y) (s y) (K y) j ^ 2)) (/ 2)).
  apply (continuous_scal_r (mu j ^ 2) (fun y =>
    p_of mu (p y) (s y) (K y) j ^ 2 + q_of mu (q y) (s y) (K y) j ^ 2)).
  apply (continuous_plus (fun y => p_of mu (p y) (s y) (K y) j ^ 2)
    (fun y => q_of mu (q y) (s y) (K y) j ^ 2)); [exact (E (fun y => p y j) _ Hp)|
    exact (E (fun y => q y j) _ Hq)].
Qed.

(* ---------- the curve in the variable q ---------- *)

Section Curve.
Context (d : nat) (mu p q : nat -> R) (rho : R) (Hrho : 0 < rho) (H0 : nonzero_start d mu p q).
Notation N := (N_of d mu p q).

Definition G_of (y x : R) : R := rho / (rho + N (y - x) x).
(* K as a function of q = s + K *)
Definition X_of : R -> R := picard_solution G_of.
Definition mu_bound : R := vsum d (fun j => Rabs (mu j)).
Definition Lam_of : R := 1 + (mu_bound + mu_bound ^ 2).

Lemma N_pos : forall s K, 0 < N s K.
Proof. destruct H0 as [j [Hj [Hm Hpq]]]; intros; now apply N_of_pos with j. Qed.

Lemma mu_bound_ge : forall j, (j < d)%nat -> Rabs (mu j) <= mu_bound.
Proof. intros j Hj; apply (vsum_ge_term d (fun j => Rabs (mu j))); auto; intros; apply Rabs_pos. Qed.

Lemma mu_bound_nonneg : 0 <= mu_bound.
Proof. apply vsum_nonneg; intros; apply Rabs_pos. Qed.

Lemma mu_sqr_bound : forall j, (j < d)%nat -> mu j ^ 2 <= mu_bound ^ 2.
Proof.
  intros j Hj; rewrite <- (Rsqr_pow2 (mu j)), Rsqr_abs, Rsqr_pow2.
  apply pow_incr; split; [apply Rabs_pos|now apply mu_bound_ge].
Qed.

Lemma G_lipschitz : lipschitz G_of Lam_of.
Proof.
  assert (Hb := mu_bound_nonneg). assert (Hb2 := pow2_ge_0 mu_bound).
  split; [unfold Lam_of; lra|]. intros y x x'.
  assert (R : forall a b : R, N (y - a) a <= exp (Lam_of * Rabs (a - b)) * N (y - b) b).
  { intros a b; apply N_ratio; intros j Hj.
    replace (y - a - (y - b)) with (- (a - b)) by ring. rewrite Rabs_Ropp, <- Rmult_plus_distr_r.
    apply Rmult_le_compat_r; [apply Rabs_pos|]. unfold Lam_of.
    assert (A := mu_bound_ge j Hj). assert (B := mu_sqr_bound j Hj). lra. }
  apply bounded_field_close; auto using N_pos.
  - apply Rmult_le_pos; [unfold Lam_of; lra|apply Rabs_pos].
  - rewrite Rabs_minus_sym; apply R.
Qed.

Lemma G_range : forall y x, 0 < G_of y x < 1.
Proof.
  intros y x; unfold G_of; assert (H := N_pos (y - x) x); split.
  - apply Rdiv_lt_0_compat; lra.
  - apply Rmult_lt_reg_r with (rho + N (y - x) x); [lra|].
    unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Lemma G_bounded : bounded G_of 1.
Proof. intros y x; assert (H := G_range y x); rewrite Rabs_pos_eq; lra. Qed.

Lemma G_continuous : continuous_along G_of.
Proof.
  intros u y Hu; unfold G_of.
  apply (continuous_scal_r rho (fun x => / (rho + N (x - u x) (u x)))).
  apply (continuous_comp (fun x => rho + N (x - u x) (u x)) Rinv).
  - apply (continuous_plus (fun _ => rho) (fun x => N (x - u x) (u x))); [apply continuous_const|].
    apply (continuous_N d mu (fun _ => p) (fun _ => q) (fun x => x - u x) u); auto.
    + intros; split; apply continuous_const.
    + apply (continuous_minus (fun x => x) u); [apply continuous_id|exact Hu].
  - apply continuous_Rinv; assert (H := N_pos (y - u y) (u y)); lra.
Qed.

Lemma X_0 : X_of 0 = 0.
Proof. exact (proj1 (picard_solution_solves G_of 1 Lam_of G_lipschitz G_bounded G_continuous)). Qed.

Lemma X_derive : forall y, 0 <= y -> is_derive X_of y (G_of y (X_of y)).
Proof. exact (proj2 (picard_solution_solves G_of 1 Lam_of G_lipschitz G_bounded G_continuous)). Qed.

(* ---------- back to the variable s ---------- *)

Lemma curve_clock : exists T, is_clock p_infty T (fun y => y - X_of y) (fun y => 1 - G_of y (X_of y)).
Proof.
  destruct (ex_lub_Rbar (fun x => exists s, until p_infty s /\ x = s - X_of s)) as [T HT].
  exists T; split; [exact I|split; [rewrite X_0; ring|split; [|split; [|exact HT]]]].
  - intros y Hy. apply (is_derive_minus (fun y => y) X_of); [apply @is_derive_id|apply X_derive, Hy].
  - intros y _; assert (H := G_range y (X_of y)); lra.
Qed.

(* The solution K, and how it is tied to the curve. *)
Theorem scalar_exists_curve : exists (T : Rbar) (K : R -> R),
  Rbar_lt 0 T /\ scalar_solution d mu p q rho T K /\
  (forall y, 0 <= y -> until T (y - X_of y) /\ K (y - X_of y) = X_of y) /\
  (forall s, until T s -> exists y, 0 <= y /\ s = y - X_of y).
Proof.
  destruct curve_clock as [T HT]; destruct (clock_inverse _ _ _ _ HT) as [h [h0 [Hh Hd]]].
  assert (U : forall y, 0 <= y -> until p_infty y) by (intros; split; [assumption|exact I]).
  assert (T0 : until T 0).
  { replace 0 with (0 - X_of 0) by (rewrite X_0; ring). apply Hh, U; lra. }
  exists T, (fun s => X_of (h s)). split; [apply T0|split; [split|split]].
  - rewrite h0; apply X_0.
  - intros s Hs; destruct (Hd s Hs) as [Hu [E Dh]].
    apply is_derive_eq with (1 := is_derive_comp X_of h s _ _ (X_derive (h s) (proj1 Hu)) Dh).
    unfold scal; simpl; unfold mult; simpl. unfold G_of; rewrite E.
    assert (P := N_pos s (X_of (h s))). field; lra.
  - intros y Hy; destruct (Hh y (U y Hy)) as [A B]; split; [exact A|now rewrite B].
  - intros s Hs; destruct (Hd s Hs) as [Hu [E _]]; exists (h s); split; [apply Hu|now rewrite E].
Qed.
End Curve.

(* ---------- the largest interval ---------- *)

(* T is infinite, or K is unbounded on [0, T). *)
Definition full (T : Rbar) (K : R -> R) : Prop :=
  T = p_infty \/ exists t : R, T = Finite t /\ forall M, exists s, until T s /\ M < K s.

Lemma curve_full : forall d mu p q rho (T : Rbar) (K : R -> R), Rbar_lt 0 T ->
  (forall y, 0 <= y -> until T (y - X_of d mu p q rho y) /\ K (y - X_of d mu p q rho y) = X_of d mu p q rho
    y) ->
  full T K.
Proof.
  intros d mu p q rho [t| |] K HT H; [right; exists t|now left|contradiction].
  split; [reflexivity|]; intros M.
  assert (Hy : 0 <= Rmax 0 (M + t + 1)) by apply Rmax_l.
  assert (Hm : M + t + 1 <= Rmax 0 (M + t + 1)) by apply Rmax_r.
  destruct (H _ Hy) as [[_ U] E]. exists (Rmax 0 (M + t + 1) - X_of d mu p q rho (Rmax 0 (M + t + 1))).
  split; [now apply H|]. rewrite E; simpl in U; lra.
Qed.

Theorem scalar_exists : forall d mu p q rho, 0 < rho -> nonzero_start d mu p q ->
  exists T K, Rbar_lt 0 T /\ scalar_solution d mu p q rho T K /\ full T K.
Proof.
  intros d mu p q rho Hr H0; destruct (scalar_exists_curve d mu p q rho Hr H0) as (T & K & HT & HK & Hc & _).
  exists T, K; split; [exact HT|split; [exact HK|now apply curve_full with (2 := Hc)]].
Qed.

(* One side of uniqueness: E = eta exp(k K1) is a barrier for K1 - K2. *)
Lemma scalar_unique_le : forall d mu p q rho T T' K1 K2, 0 < rho -> nonzero_start d mu p q ->
  scalar_solution d mu p q rho T K1 -> scalar_solution d mu p q rho T' K2 ->
  forall s, until T s -> until T' s -> K1 s <= K2 s.
Proof.
  intros d mu p q rho T T' K1 K2 Hr H0 [Z1 H1] [Z2 H2] s Hs Hs'.
  set (k := 1 + mu_bound d mu ^ 2).
  assert (Hk : 0 < k) by (assert (Q := pow2_ge_0 (mu_bound d mu)); unfold k; lra).
  assert (NP := N_pos d mu p q H0). assert (Hs0 : 0 <= s) by apply Hs.
  assert (B : forall eta, 0 < eta -> K1 s - K2 s <= eta * exp (k * K1 s)).
  { intros eta He.
    cut (0 <= eta * exp (k * K1 s - 0 * s) - (K1 s - K2 s)).
    { replace (k * K1 s - 0 * s) with (k * K1 s) by ring; lra. }
    apply (barrier (fun x => eta * exp (k * K1 x - 0 * x) - (K1 x - K2 x))
      (fun x => k * (rho / N_of d mu p q x (K1 x)) * (eta * exp (k * K1 x - 0 * x))
        - (rho / N_of d mu p q x (K1 x) - rho / N_of d mu p q x (K2 x))) 0 s Hs0).
    - intros x Hx.
      assert (D1 := H1 x (until_le T x s Hs ltac:(lra))).
      assert (D2 := H2 x (until_le T' x s Hs' ltac:(lra))).
      apply (is_derive_minus (fun x => eta * exp (k * K1 x - 0 * x)) (fun x => K1 x - K2 x)).
      + apply (is_derive_ext (fun x => eta * exp (0 * x - - k * K1 x))).
        { intros y; do 2 f_equal; ring. }
        apply is_derive_eq with (1 := is_derive_exp_path K1 _ eta 0 (- k) x D1).
        replace (0 * x - - k * K1 x) with (k * K1 x - 0 * x) by ring; ring.
      + apply (is_derive_minus K1 K2); assumption.
    - rewrite Z1, Z2. replace (k * 0 - 0 * 0) with 0 by ring. rewrite exp_0; lra.
    - intros x Hx Z. assert (P1 := NP x (K1 x)). assert (P2 := NP x (K2 x)).
      set (e := eta * exp (k * K1 x - 0 * x)) in *.
      assert (He' : 0 < e) by (apply Rmult_lt_0_compat; [exact He|apply exp_pos]).
      assert (R : N_of d mu p q x (K2 x) <= exp (mu_bound d mu ^ 2 * e) * N_of d mu p q x (K1 x)).
      { apply N_ratio; intros j Hj. replace (x - x) with 0 by ring. rewrite Rabs_R0, Rmult_0_r, Rplus_0_l.
        rewrite Rabs_minus_sym, Rabs_pos_eq by lra. apply Rmult_le_compat; try lra; [apply pow2_ge_0|].
        now apply mu_sqr_bound. }
      (* rho/N1 - rho/N2 <= (rho/N1) mu_bound^2 e *)
      set (n1 := N_of d mu p q x (K1 x)) in *; set (n2 := N_of d mu p q x (K2 x)) in *.
      assert (F1 : 0 < rho / n1) by (apply Rdiv_lt_0_compat; lra).
      assert (R' : (1 - mu_bound d mu ^ 2 * e) * (rho / n1) <= rho / n2).
      { apply Rle_trans with (exp (- (mu_bound d mu ^ 2 * e)) * (rho / n1)).
        - apply Rmult_le_compat_r; [lra|apply one_minus_exp].
        - rewrite exp_Ropp. apply Rmult_le_reg_r with (1 := P2).
          replace (rho / n2 * n2) with rho by (field; lra).
          assert (Hx' := exp_pos (mu_bound d mu ^ 2 * e)).
          apply Rmult_le_reg_l with (1 := Hx').
          replace (exp (mu_bound d mu ^ 2 * e) * (/ exp (mu_bound d mu ^ 2 * e) * (rho / n1) * n2))
            with (rho / n1 * n2) by (field; lra).
          apply Rle_trans with (rho / n1 * (exp (mu_bound d mu ^ 2 * e) * n1)).
          + apply Rmult_le_compat_l; lra.
          + right; field; lra. }
      assert (0 < rho / n1 * e) by now apply Rmult_lt_0_compat.
      unfold k. replace ((1 + mu_bound d mu ^ 2) * (rho / n1) * e) with
        (rho / n1 * e + mu_bound d mu ^ 2 * e * (rho / n1)) by ring. lra. }
  apply Rnot_lt_le; intros Hlt.
  assert (X := exp_pos (k * K1 s)).
  specialize (B ((K1 s - K2 s) / 2 / exp (k * K1 s))
    ltac:(apply Rdiv_lt_0_compat; [lra|exact X])).
  replace ((K1 s - K2 s) / 2 / exp (k * K1 s) * exp (k * K1 s)) with ((K1 s - K2 s) / 2) in B by (field; lra).
  lra.
Qed.

Theorem scalar_unique : forall d mu p q rho T T' K1 K2, 0 < rho -> nonzero_start d mu p q ->
  scalar_solution d mu p q rho T K1 -> scalar_solution d mu p q rho T' K2 ->
  forall s, until T s -> until T' s -> K1 s = K2 s.
Proof. intros; apply Rle_antisym; eapply scalar_unique_le; eassumption. Qed.
