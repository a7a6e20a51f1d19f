(* The three fates of 2-SAM at depth 2 from a balanced start, for the scalar equation of Two_SAM.v (MATH.md
   5.2; page proofs/thm-4.5.md, "The fates"): growth once n' >= 0, collapse once c > 1/mu_1, otherwise the
   saddle; and what decides between them.  Applied to the flow in Thm_4_5.v, Thm_4_4.v, Thm_4_2.v. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists Two_SAM.
Open Scope R_scope.

Lemma until_infty : forall s, until p_infty s <-> 0 <= s.
Proof. intros s; split; [intros [H _]; exact H|intros H; split; [exact H|exact I]]. Qed.

Section Fates.
Context (d : nat) (mu alpha : nat -> R) (rho : R).
Context (HS : setting d mu rho) (HA : positive d alpha).
Context (T : Rbar) (K : R -> R) (HK : K_path d mu alpha rho T K).
Let r := rho / sqrt 2.
Notation w := (w_of mu alpha).
Notation n := (n_of d mu alpha).
Notation c := (c_of d mu alpha rho).
Notation S_ := (S_of d mu alpha).
Notation f := (f_of d mu alpha rho).

Lemma mu0_pos : 0 < mu 0%nat.
Proof. apply HS. Qed.

(* w_j at two times *)
Lemma w_step : forall s0 s j,
  w s (K s) j = w s0 (K s0) j * exp (mu j * (s - s0) - mu j ^ 2 * (K s - K s0)).
Proof. intros; unfold w_of; rewrite Rmult_assoc, <- exp_plus; do 2 f_equal; ring. Qed.

Lemma K_rises : forall s0 s1, 0 <= s0 <= s1 -> until T s1 -> K s0 <= K s1.
Proof.
  intros s0 s1 H01 H1; apply (derive_nonneg_le K (fun x => c x (K x))); [lra| |].
  - intros x Hx; apply (proj2 HK), (until_le T x s1 H1); lra.
  - intros x _; left; exact (c_pos d mu alpha rho HS HA x (K x)).
Qed.

Lemma K_nonneg : forall s, until T s -> 0 <= K s.
Proof. intros s Hs; rewrite <- (proj1 HK); apply K_rises; [destruct Hs; lra|exact Hs]. Qed.

Lemma K_line : forall s0 s1 C, 0 <= s0 <= s1 -> until T s1 ->
  (forall x, s0 < x < s1 -> c x (K x) <= C) -> K s1 <= K s0 + C * (s1 - s0).
Proof.
  intros s0 s1 C H01 H1 HC; apply (derive_le_line K (fun x => c x (K x))); [lra| |exact HC].
  intros x Hx; apply (proj2 HK), (until_le T x s1 H1); lra.
Qed.

(* If c stays bounded the path goes on for ever. *)
Lemma bounded_c_global : forall s0 C, until T s0 -> full T K ->
  (forall x, s0 < x -> until T x -> c x (K x) <= C) -> T = p_infty.
Proof.
  intros s0 C H0 [E|[t [E HF]]] HC; [exact E|exfalso].
  assert (H00 : 0 <= s0) by apply H0.
  assert (Ht : s0 < t) by (rewrite E in H0; destruct H0 as [_ H0]; exact H0).
  destruct (HF (K s0 + Rabs C * (t - s0))) as [s [Hs HM]].
  assert (Hst : s < t) by (rewrite E in Hs; destruct Hs as [_ Hs]; exact Hs).
  assert (HC0 : 0 <= Rabs C) by apply Rabs_pos.
  destruct (Rle_lt_dec s s0) as [Hle|Hlt].
  - assert (K s <= K s0) by (apply K_rises; [destruct Hs; lra|exact H0]).
    assert (0 <= Rabs C * (t - s0)) by (apply Rmult_le_pos; lra). lra.
  - assert (B : K s <= K s0 + Rabs C * (s - s0)).
    { apply K_line; [lra|exact Hs|]; intros x Hx.
      apply Rle_trans with (2 := Rle_abs C); apply HC; [lra|apply (until_le T x s Hs); lra]. }
    assert (Rabs C * (s - s0) <= Rabs C * (t - s0)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(* ---------- growth ---------- *)

(* After n' >= 0: w_1 grows exponentially ... *)
Lemma growth_first : forall s0, until T s0 -> 0 <= f s0 (K s0) ->
  let dl := mu 0%nat * (1 - c s0 (K s0) * mu 0%nat) in
  0 < dl /\ forall s, s0 <= s -> until T s -> w s0 (K s0) 0%nat * exp (dl * (s - s0)) <= w s (K s) 0%nat.
Proof.
  intros s0 H0 Hf dl. assert (M := mu0_pos).
  assert (C1 := f_nonneg_c d mu alpha rho HS HA s0 (K s0) Hf).
  split; [apply Rmult_lt_0_compat; lra|]. intros s Hs Hu.
  rewrite (w_step s0 s 0). apply Rmult_le_compat_l.
  - left; apply (w_pos d mu alpha HA), (d_pos d mu rho HS).
  - apply exp_le.
    assert (B : K s <= K s0 + c s0 (K s0) * (s - s0)).
    { apply K_line; [split; [apply H0|lra]|exact Hu|]; intros x Hx; left.
      apply (c_falls d mu alpha rho HS HA T K HK); [split; [apply H0|lra]| |exact Hf].
      apply (until_le T x s Hu); destruct H0; lra. }
    assert (mu 0%nat ^ 2 * (K s - K s0) <= mu 0%nat ^ 2 * (c s0 (K s0) * (s - s0))).
    { apply Rmult_le_compat_l; [apply pow2_ge_0|lra]. }
    unfold dl; nra.
Qed.

(* ... and K stays bounded. *)
Lemma growth_K_bounded : forall s0, until T s0 -> 0 <= f s0 (K s0) ->
  exists B, forall s, until T s -> K s <= B.
Proof.
  intros s0 H0 Hf. destruct (growth_first s0 H0 Hf) as [Hd Hw].
  set (dl := mu 0%nat * (1 - c s0 (K s0) * mu 0%nat)) in *.
  assert (M := mu0_pos). assert (d0 := d_pos d mu rho HS).
  assert (W0 : 0 < w s0 (K s0) 0%nat) by (apply (w_pos d mu alpha HA); exact d0).
  set (A := r / (mu 0%nat * w s0 (K s0) 0%nat)).
  assert (HA0 : 0 < A).
  { apply Rdiv_lt_0_compat; [exact (r_pos d mu rho HS)|now apply Rmult_lt_0_compat]. }
  assert (Hc : forall s, s0 <= s -> until T s -> c s (K s) <= A * exp (- dl * (s - s0))).
  { intros s Hs Hu. rewrite (c_r d mu alpha rho HS HA).
    assert (Hn := n_ge_term d mu alpha rho HS HA s (K s) 0 d0).
    assert (L : mu 0%nat * (w s0 (K s0) 0%nat * exp (dl * (s - s0))) <= n s (K s)).
    { apply Rle_trans with (2 := Hn). apply Rmult_le_compat_l; [lra|now apply Hw]. }
    assert (X := exp_pos (dl * (s - s0))).
    assert (P : 0 < mu 0%nat * (w s0 (K s0) 0%nat * exp (dl * (s - s0)))).
    { apply Rmult_lt_0_compat; [lra|now apply Rmult_lt_0_compat]. }
    apply Rle_trans with (r / (mu 0%nat * (w s0 (K s0) 0%nat * exp (dl * (s - s0))))).
    - apply Rmult_le_compat_l; [left; exact (r_pos d mu rho HS)|]. now apply Rinv_le_contravar.
    - right; unfold A. replace (- dl * (s - s0)) with (- (dl * (s - s0))) by ring.
      rewrite exp_Ropp; field; repeat split; lra. }
  exists (K s0 + A / dl); intros s Hs.
  assert (Q : 0 < A / dl) by (apply Rdiv_lt_0_compat; lra).
  destruct (Rle_lt_dec s s0) as [Hle|Hlt].
  { assert (K s <= K s0) by (apply K_rises; [destruct Hs; lra|exact H0]). lra. }
  assert (H00 : 0 <= s0) by apply H0.
  set (ph := fun x => - K x - A / dl * exp (- dl * (x - s0))).
  assert (Ph : ph s0 <= ph s).
  { apply (derive_nonneg_le ph (fun x => - c x (K x) + A * exp (- dl * (x - s0)))); [lra| |].
    - intros x Hx. assert (D := proj2 HK x (until_le T x s Hs ltac:(lra))).
      apply (is_derive_eq ph x (- c x (K x) - (- A * exp (- dl * (x - s0))))); [|ring].
      apply (is_derive_minus (fun x => - K x)); [now apply (is_derive_opp K)|].
      auto_derive; [exact I|]. replace (x + - s0) with (x - s0) by ring. field; lra.
    - intros x Hx. assert (B := Hc x ltac:(lra) (until_le T x s Hs ltac:(lra))). lra. }
  unfold ph in Ph. replace (- dl * (s0 - s0)) with 0 in Ph by ring. rewrite exp_0 in Ph.
  assert (X := exp_pos (- dl * (s - s0))).
  assert (0 < A / dl * exp (- dl * (s - s0))) by now apply Rmult_lt_0_compat. lra.
Qed.

Lemma growth_global : forall s0, until T s0 -> full T K -> 0 <= f s0 (K s0) -> T = p_infty.
Proof.
  intros s0 H0 HF Hf; apply (bounded_c_global s0 (c s0 (K s0)) H0 HF).
  intros x Hx Hu; left; apply (c_falls d mu alpha rho HS HA T K HK); [split;
    [apply H0|lra]|exact Hu|exact Hf].
Qed.

(* ---------- collapse ---------- *)

Lemma f_neg_below : forall s x, n s x <= r * mu 0%nat -> f s x < 0.
Proof.
  intros s x Hn. assert (H3 := S_pos d mu alpha rho HS HA 3 s x).
  assert (Hl := S_first_lt d mu alpha rho HS HA 3 s x). assert (Hr := r_pos d mu rho HS).
  assert (n s x * S_ 3 s x <= r * mu 0%nat * S_ 3 s x) by (apply Rmult_le_compat_r; lra).
  assert (r * (mu 0%nat * S_ 3 s x) < r * S_ 4 s x) by (apply Rmult_lt_compat_l; assumption).
  unfold f_of; fold r; lra.
Qed.

(* Once n < rho mu_1/sqrt 2, n falls at a speed that does not vanish: the end comes within the time n/(mu_1
   (rho mu_1/sqrt 2 - n)). *)
Lemma collapse_time : forall s0, until T s0 -> n s0 (K s0) < r * mu 0%nat ->
  forall s, s0 <= s -> until T s ->
  n s (K s) <= n s0 (K s0) - mu 0%nat * (r * mu 0%nat - n s0 (K s0)) * (s - s0) /\
  s < s0 + n s0 (K s0) / (mu 0%nat * (r * mu 0%nat - n s0 (K s0))).
Proof.
  intros s0 H0 Hn s Hs Hu. set (nu := n s0 (K s0)) in *. assert (M := mu0_pos).
  assert (H00 : 0 <= s0) by apply H0.
  assert (U : forall x, s0 <= x <= s -> until T x) by (intros x Hx; apply (until_le T x s Hu); lra).
  assert (DN := D_n d mu alpha rho HS HA T K HK).
  assert (Below : forall x, s0 <= x <= s -> n x (K x) <= nu).
  { intros x Hx. cut (0 <= nu - n x (K x)); [lra|].
    apply (barrier (fun y => nu - n y (K y)) (fun y => 0 - f y (K y) / n y (K y) ^ 2) s0 x ltac:(lra)).
    - intros y Hy; apply (is_derive_minus (fun _ => nu)); [apply @is_derive_const|apply DN, U; lra].
    - unfold nu; lra.
    - intros y Hy Z. assert (F := f_neg_below y (K y) ltac:(lra)).
      assert (P := n_pos d mu alpha rho HS HA y (K y)).
      assert (0 < - f y (K y) / n y (K y) ^ 2) by (apply Rdiv_lt_0_compat; [lra|now apply pow_lt]).
      unfold Rdiv in *; lra. }
  set (e := mu 0%nat * (r * mu 0%nat - nu)).
  assert (E : 0 < e) by (apply Rmult_lt_0_compat; lra).
  assert (Line : n s (K s) <= nu + - e * (s - s0)).
  { apply (derive_le_line (fun x => n x (K x)) (fun x => f x (K x) / n x (K x) ^ 2)); [exact Hs| |].
    - intros x Hx; apply DN, U; lra.
    - intros x Hx. assert (P := n_pos d mu alpha rho HS HA x (K x)).
      assert (B := Below x ltac:(lra)). assert (NS := n_sqr d mu alpha rho HS HA x (K x)).
      assert (H3 := S_first_lt d mu alpha rho HS HA 3 x (K x)).
      assert (H2 := S_first_lt d mu alpha rho HS HA 2 x (K x)). assert (Hr := r_pos d mu rho HS).
      fold r in Hr.
      assert (P2 : 0 < n x (K x) ^ 2) by now apply pow_lt.
      apply Rmult_le_reg_r with (1 := P2). unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
      unfold f_of; fold r.
      (* n S_3 - r S_4 <= - (r mu_1 - n) S_3 <= - (r mu_1 - n) mu_1 n^2 *)
      assert (r * (mu 0%nat * S_ 3 x (K x)) <= r * S_ 4 x (K x)) by (apply Rmult_le_compat_l; lra).
      assert (Y : (r * mu 0%nat - n x (K x)) * (mu 0%nat * S_ 2 x (K x))
        <= (r * mu 0%nat - n x (K x)) * S_ 3 x (K x)) by (apply Rmult_le_compat_l; lra).
      assert (Z : e * S_ 2 x (K x) <= (r * mu 0%nat - n x (K x)) * (mu 0%nat * S_ 2 x (K x))).
      { unfold e. rewrite <- NS. assert (0 <= mu 0%nat * (n x (K x) * n x (K x))).
        { apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; lra. }
        replace (mu 0%nat * (r * mu 0%nat - nu) * (n x (K x) * n x (K x)))
          with ((r * mu 0%nat - nu) * (mu 0%nat * (n x (K x) * n x (K x)))) by ring.
        apply Rmult_le_compat_r; lra. }
      simpl; rewrite Rmult_1_r, NS. lra. }
  split; [lra|]. assert (P := n_pos d mu alpha rho HS HA s (K s)).
  apply Rmult_lt_reg_r with (1 := E).
  replace ((s0 + nu / e) * e) with (s0 * e + nu) by (field; lra). lra.
Qed.

Lemma collapse_finite : forall s0, until T s0 -> n s0 (K s0) < r * mu 0%nat -> T <> p_infty.
Proof.
  intros s0 H0 Hn E. set (b := s0 + n s0 (K s0) / (mu 0%nat * (r * mu 0%nat - n s0 (K s0)))).
  assert (H00 : 0 <= s0) by apply H0.
  assert (U : until T (Rmax s0 b)) by (rewrite E; apply until_infty;
    apply Rle_trans with (2 := Rmax_l s0 b); lra).
  destruct (collapse_time s0 H0 Hn _ (Rmax_l s0 b) U) as [_ B]. fold b in B.
  assert (Q := Rmax_r s0 b). lra.
Qed.

(* ---------- the saddle ---------- *)

Lemma n_c : forall s x, n s x = r / c s x.
Proof.
  intros s x; rewrite (c_r d mu alpha rho HS HA). assert (P := n_pos d mu alpha rho HS HA s x).
  assert (Hr := r_pos d mu rho HS). fold r; fold r in Hr. field; lra.
Qed.

Lemma c_mu0_le_1 : forall s, r * mu 0%nat <= n s (K s) -> c s (K s) * mu 0%nat <= 1.
Proof.
  intros s H. rewrite (c_r d mu alpha rho HS HA). fold r. assert (P := n_pos d mu alpha rho HS HA s (K s)).
  apply Rmult_le_reg_r with (1 := P). replace (r / n s (K s) * mu 0%nat * n s (K s)) with (r * mu 0%nat)
    by (field; lra). lra.
Qed.

(* n' < 0 and c <= 1/mu_1 for ever. *)
Definition undecided := forall s, 0 <= s -> f s (K s) < 0 /\ r * mu 0%nat <= n s (K s).
Context (HT : T = p_infty).

Lemma Uinf : forall s, 0 <= s -> until T s.
Proof. intros s Hs; rewrite HT; now apply until_infty. Qed.

Lemma undecided_c_rises : undecided -> forall s s', 0 <= s <= s' -> c s (K s) <= c s' (K s').
Proof.
  intros HU s s' Hss.
  assert (N : n s' (K s') <= n s (K s)).
  { rewrite <- (Rplus_0_r (n s (K s))), <- (Rmult_0_l (s' - s)).
    apply (derive_le_line (fun x => n x (K x)) (fun x => f x (K x) / n x (K x) ^ 2)); [lra| |].
    - intros x Hx; apply (D_n d mu alpha rho HS HA T K HK), Uinf; lra.
    - intros x Hx. assert (P := n_pos d mu alpha rho HS HA x (K x)).
      assert (F := proj1 (HU x ltac:(lra))).
      assert (0 < - f x (K x) / n x (K x) ^ 2) by (apply Rdiv_lt_0_compat; [lra|now apply pow_lt]).
      unfold Rdiv in *; lra. }
  rewrite !(c_r d mu alpha rho HS HA). apply Rmult_le_compat_l; [left; exact (r_pos d mu rho HS)|].
  apply Rinv_le_contravar; [exact (n_pos d mu alpha rho HS HA s' (K s'))|exact N].
Qed.

(* c -> 1/mu_1 *)
Lemma undecided_c_limit : undecided -> forall e, 0 < e ->
  exists s1, 0 <= s1 /\ forall s, s1 <= s -> 1 - e < c s (K s) * mu 0%nat <= 1.
Proof.
  intros HU e He. assert (M := mu0_pos). assert (d0 := d_pos d mu rho HS).
  assert (N0 := n_pos d mu alpha rho HS HA 0 (K 0)). assert (A0 := HA 0%nat d0).
  set (Y := n 0 (K 0) / (mu 0%nat * alpha 0%nat)).
  assert (HY : 0 < Y) by (apply Rdiv_lt_0_compat; [exact N0|now apply Rmult_lt_0_compat]).
  set (s1 := Y / (mu 0%nat * e)).
  assert (H1 : 0 < s1) by (apply Rdiv_lt_0_compat; [exact HY|now apply Rmult_lt_0_compat]).
  exists s1; split; [lra|]. intros s Hs; split; [|apply c_mu0_le_1, HU; lra].
  apply Rlt_le_trans with (c s1 (K s1) * mu 0%nat);
    [|apply Rmult_le_compat_r; [lra|apply undecided_c_rises; auto; lra]].
  apply Rnot_le_lt; intros Hc.
  assert (B : K s1 <= K 0 + (1 - e) / mu 0%nat * (s1 - 0)).
  { apply K_line; [lra|apply Uinf; lra|]; intros x Hx.
    apply Rle_trans with (c s1 (K s1)); [apply undecided_c_rises; auto; lra|].
    apply Rmult_le_reg_r with (mu 0%nat); [lra|].
    replace ((1 - e) / mu 0%nat * mu 0%nat) with (1 - e) by (field; lra). exact Hc. }
  rewrite (proj1 HK) in B.
  assert (Hw : mu 0%nat * (alpha 0%nat * (1 + Y)) <= n s1 (K s1)).
  { apply Rle_trans with (2 := n_ge_term d mu alpha rho HS HA s1 (K s1) 0 d0).
    apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; [lra|].
    apply Rle_trans with (1 := exp_ineq1_le Y). apply exp_le.
    replace Y with (mu 0%nat * e * s1) by (unfold s1; field; lra).
    assert (mu 0%nat ^ 2 * K s1 <= mu 0%nat ^ 2 * (0 + (1 - e) / mu 0%nat * (s1 - 0)))
      by (apply Rmult_le_compat_l; [apply pow2_ge_0|exact B]).
    replace (mu 0%nat ^ 2 * (0 + (1 - e) / mu 0%nat * (s1 - 0))) with (mu 0%nat * (1 - e) * s1) in H
      by (field; lra). lra. }
  assert (Hn : n s1 (K s1) <= n 0 (K 0)).
  { assert (Q := undecided_c_rises HU 0 s1 ltac:(lra)). rewrite (n_c s1), (n_c 0).
    apply Rmult_le_compat_l; [left; exact (r_pos d mu rho HS)|].
    apply Rinv_le_contravar; [exact (c_pos d mu alpha rho HS HA 0 (K 0))|exact Q]. }
  replace (mu 0%nat * (alpha 0%nat * (1 + Y))) with (mu 0%nat * alpha 0%nat + n 0 (K 0)) in Hw
    by (unfold Y; field; lra).
  assert (0 < mu 0%nat * alpha 0%nat) by now apply Rmult_lt_0_compat. lra.
Qed.
End Fates.

(* exp(-a (s - s1)) -> 0 *)
Lemma exp_decay : forall C a s1, 0 < a -> is_lim (fun s => C * exp (- a * (s - s1))) p_infty 0.
Proof.
  intros C a s1 Ha P [e He].
  assert (Cp : 0 < Rabs C + 1) by (assert (Q := Rabs_pos C); lra).
  set (x := pos e / (Rabs C + 1)).
  assert (Hx : 0 < x) by (apply Rdiv_lt_0_compat; [apply cond_pos|exact Cp]).
  exists (s1 - ln x / a); intros s Hs; apply He.
  assert (E : exp (- a * (s - s1)) < x).
  { rewrite <- (exp_ln x Hx) at 1; apply exp_increasing.
    assert (a * (s1 - ln x / a) < a * s) by (apply Rmult_lt_compat_l; lra).
    replace (a * (s1 - ln x / a)) with (a * s1 - ln x) in H by (field; lra). lra. }
  assert (X := exp_pos (- a * (s - s1))).
  unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
  rewrite Ropp_0, Rplus_0_r, Rabs_mult, (Rabs_pos_eq (exp _)) by lra.
  apply Rle_lt_trans with ((Rabs C + 1) * exp (- a * (s - s1))).
  - apply Rmult_le_compat_r; lra.
  - replace (pos e) with ((Rabs C + 1) * x) by (unfold x; field; lra).
    apply Rmult_lt_compat_l; lra.
Qed.
