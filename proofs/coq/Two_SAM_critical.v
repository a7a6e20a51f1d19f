(* 2-SAM at depth 2 from uniform starts alpha_0 (1, .., 1): the critical start alpha-star of MATH.md 5.2
   (page proofs/thm-4.5.md, "One alpha-star"), for the scalar equation.  Applied to the flow in Thm_4_5.v. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Picard Reduction Reduction_exists Reduction_flow.
From SamProofs Require Import Two_SAM Reduction_balanced Two_SAM_fates Two_SAM_compare.
Open Scope R_scope.

(* The start a (1, .., 1). *)
Definition uniform (a : R) : nat -> R := fun _ => a.

Section Growth.
Context (d : nat) (mu alpha : nat -> R) (rho : R) (HS : setting d mu rho) (HA : positive d alpha).
Context (K : R -> R) (HK : K_path d mu alpha rho p_infty K).

(* Once n' > 0 every weight tends to infinity. *)
Lemma growth_infty : forall s0 j, 0 <= s0 -> 0 <= f_of d mu alpha rho s0 (K s0) -> (j < d)%nat ->
  is_lim (fun s => w_of mu alpha s (K s) j) p_infty p_infty.
Proof.
  intros s0 j H0 Hf Hj.
  destruct (growth_K_bounded d mu alpha rho HS HA p_infty K HK s0 (proj2 (until_infty s0) H0) Hf) as [B HB].
  assert (M := mu_pos d mu rho HS j Hj). assert (A := HA j Hj).
  intros P [L HL]. set (C := alpha j * exp (- mu j ^ 2 * B)).
  assert (HC : 0 < C) by (apply Rmult_lt_0_compat; [exact A|apply exp_pos]).
  exists (Rmax 0 (L / (C * mu j))); intros s Hs; apply HL.
  assert (Hs0 : 0 < s) by (apply Rle_lt_trans with (2 := Hs), Rmax_l).
  assert (Hs1 : L / (C * mu j) < s) by (apply Rle_lt_trans with (2 := Hs), Rmax_r).
  assert (HCm : 0 < C * mu j) by now apply Rmult_lt_0_compat.
  apply Rlt_le_trans with (C * mu j * s).
  { apply Rmult_lt_compat_l with (r := C * mu j) in Hs1; [|exact HCm].
    replace (C * mu j * (L / (C * mu j))) with L in Hs1 by (field; lra). exact Hs1. }
  apply Rle_trans with (C * exp (mu j * s)).
  - rewrite Rmult_assoc; apply Rmult_le_compat_l; [lra|].
    assert (Q := exp_ineq1_le (mu j * s)); lra.
  - unfold C, w_of; rewrite Rmult_assoc, <- exp_plus; apply Rmult_le_compat_l; [lra|]; apply exp_le.
    assert (mu j ^ 2 * K s <= mu j ^ 2 * B).
    { apply Rmult_le_compat_l; [apply pow2_ge_0|]. apply HB, until_infty; lra. }
    lra.
Qed.

(* n <= rho mu_1/sqrt 2 is kept, strictly afterwards. *)
Lemma below_stays : n_of d mu alpha 0 (K 0) <= rho / sqrt 2 * mu 0%nat ->
  forall s, 0 < s -> n_of d mu alpha s (K s) < rho / sqrt 2 * mu 0%nat.
Proof.
  intros H0 s Hs. cut (0 < rho / sqrt 2 * mu 0%nat - n_of d mu alpha s (K s)); [lra|].
  apply (barrier (fun x => rho / sqrt 2 * mu 0%nat - n_of d mu alpha x (K x))
    (fun x => 0 - f_of d mu alpha rho x (K x) / n_of d mu alpha x (K x) ^ 2) 0 s); [lra| |lra| |exact Hs].
  - intros x Hx; apply (is_derive_minus (fun _ => rho / sqrt 2 * mu 0%nat)); [apply @is_derive_const|].
    apply (D_n d mu alpha rho HS HA p_infty K HK), until_infty; lra.
  - intros x Hx Z. assert (F := f_neg_below d mu alpha rho HS HA x (K x) ltac:(lra)).
    assert (P := n_pos d mu alpha rho HS HA x (K x)).
    assert (0 < - f_of d mu alpha rho x (K x) / n_of d mu alpha x (K x) ^ 2)
      by (apply Rdiv_lt_0_compat; [lra|now apply pow_lt]). unfold Rdiv in *; lra.
Qed.
End Growth.

(* A path with a finite end has c > 1/mu_1 at some time. *)
Lemma collapse_reached : forall d mu alpha rho (t : R) K, setting d mu rho -> positive d alpha ->
  K_path d mu alpha rho t K -> full t K -> 0 < t ->
  exists s, until t s /\ n_of d mu alpha s (K s) < rho / sqrt 2 * mu 0%nat.
Proof.
  intros d mu alpha rho t K HS HA HK [E|[t' [E HF]]] Ht; [discriminate|].
  assert (M := mu0_pos d mu rho HS).
  assert (Q : 0 < t / mu 0%nat) by now apply Rdiv_lt_0_compat.
  destruct (HF (t / mu 0%nat)) as [s [Hs HM]].
  assert (H0 : 0 <= s < t) by exact Hs.
  assert (Hs0 : 0 < s).
  { destruct (Rle_lt_or_eq_dec 0 s (proj1 H0)) as [H|H]; [exact H|]. rewrite <- H, (proj1 HK) in HM. lra. }
  destruct (mvt K (fun x => c_of d mu alpha rho x (K x)) 0 s Hs0) as [x [Hx Ex]].
  { intros x Hx; apply (proj2 HK); split; simpl; lra. }
  rewrite (proj1 HK), !Rminus_0_r in Ex. exists x; split; [split; simpl; lra|].
  assert (P := n_pos d mu alpha rho HS HA x (K x)).
  apply Rnot_le_lt; intros Hn.
  assert (C := c_mu0_le_1 d mu alpha rho HS HA K x Hn).
  assert (c_of d mu alpha rho x (K x) * mu 0%nat * s <= 1 * s) by (apply Rmult_le_compat_r; lra).
  assert (t / mu 0%nat * mu 0%nat = t) by (field; lra).
  assert (t / mu 0%nat * mu 0%nat < K s * mu 0%nat) by (apply Rmult_lt_compat_r; lra).
  rewrite Ex in H2. lra.
Qed.

(* ---------- the three fates as properties of the start ---------- *)

Section Critical.
Context (d : nat) (mu : nat -> R) (rho : R) (HS : setting d mu rho).

Definition collapses_K (alpha : nat -> R) := exists (t : R) K,
  0 < t /\ K_path d mu alpha rho t K /\ full t K.
Definition grows_K (alpha : nat -> R) := exists K,
  K_path d mu alpha rho p_infty K /\ exists s0, 0 <= s0 /\ 0 < f_of d mu alpha rho s0 (K s0).
Definition saddle_K (alpha : nat -> R) := exists K,
  K_path d mu alpha rho p_infty K /\ undecided d mu alpha rho K.

Lemma one_fate : forall alpha, positive d alpha -> collapses_K alpha \/ grows_K alpha \/ saddle_K alpha.
Proof.
  intros alpha HA; destruct (K_exists d mu rho alpha HS HA) as (T & K & HT & HK & HF).
  destruct (fates d mu alpha rho T K HS HA HK HF) as [[t E]|[[E H]|[E H]]]; subst T.
  - left; exists t, K; auto.
  - right; left; exists K; auto.
  - right; right; exists K; auto.
Qed.

Lemma collapse_not_global : forall alpha K, positive d alpha ->
  collapses_K alpha -> K_path d mu alpha rho p_infty K -> False.
Proof.
  intros alpha K HA (t & K' & Ht & HK' & HF) HK.
  destruct (collapse_reached d mu alpha rho t K' HS HA HK' HF Ht) as [s [Hs Hn]].
  assert (Us : until p_infty s) by (apply until_infty, Hs).
  rewrite (K_unique d mu rho alpha _ _ K' K HS HA HK' HK s Hs Us) in Hn.
  exact (collapse_finite d mu alpha rho HS HA p_infty K HK s Us Hn eq_refl).
Qed.

Lemma growth_not_saddle : forall alpha, positive d alpha -> grows_K alpha -> saddle_K alpha -> False.
Proof.
  intros alpha HA (K & HK & s0 & H0 & Hf) (K' & HK' & HU).
  assert (U := proj2 (until_infty s0) H0).
  rewrite (K_unique d mu rho alpha _ _ K K' HS HA HK HK' s0 U U) in Hf.
  destruct (HU s0 H0); lra.
Qed.

Lemma collapse_not_growth : forall alpha, positive d alpha -> collapses_K alpha -> grows_K alpha -> False.
Proof. intros alpha HA HC (K & HK & _); now apply (collapse_not_global alpha K). Qed.

Lemma collapse_not_saddle : forall alpha, positive d alpha -> collapses_K alpha -> saddle_K alpha -> False.
Proof. intros alpha HA HC (K & HK & _); now apply (collapse_not_global alpha K). Qed.

(* Growth and the saddle pass to growth at larger starts. *)
Lemma growth_up : forall alpha alpha', positive d alpha -> (forall j, (j < d)%nat -> alpha j < alpha' j) ->
  grows_K alpha \/ saddle_K alpha -> grows_K alpha'.
Proof.
  intros alpha alpha' HA H HG.
  assert (HA' : positive d alpha') by (intros j Hj; specialize (HA j Hj); specialize (H j Hj); lra).
  assert (d0 := d_pos d mu rho HS). assert (Hr := r_pos d mu rho HS).
  assert (HG' : exists K, K_path d mu alpha rho p_infty K) by (destruct HG as [(K & HK & _)|(K & HK & _)];
    eauto).
  destruct (one_fate alpha' HA') as [HC|[HG2|(K' & HK' & HU')]]; [exfalso|exact HG2|exfalso].
  - destruct HG' as [K HK]; destruct HC as (t & K' & Ht & HK' & HF).
    assert (E := global_comparison d mu rho alpha alpha' t K K' HS HA H HK HK' HF). discriminate.
  - assert (L' := saddle_first d mu alpha' rho HS HA' K' HK' HU').
    destruct HG as [(K & HK & s0 & H0 & Hf)|(K & HK & HU)].
    + assert (L := growth_infty d mu alpha rho HS HA K HK s0 0 H0 (Rlt_le _ _ Hf) d0).
      assert (Le : Rbar_le p_infty (rho / sqrt 2)); [|exact Le].
      apply (is_lim_le_loc (fun s => w_of mu alpha s (K s) 0%nat) (fun s => w_of mu alpha' s
        (K' s) 0%nat) p_infty);
        [|exact L|exact L'].
      exists 0; intros s Hs. assert (U := proj2 (until_infty s) (Rlt_le _ _ Hs)).
      assert (C := w_comparison d mu rho alpha alpha' _ _ K K' HS HA H HK HK' s 0 U U d0).
      apply Rle_trans with (2 := C). assert (P := w_pos d mu alpha HA s (K s) 0 d0).
      rewrite <- (Rmult_1_l (w_of mu alpha s (K s) 0%nat)) at 1. apply Rmult_le_compat_r; [lra|].
      assert (A := HA 0%nat d0); assert (B := H 0%nat d0).
      apply Rmult_le_reg_r with (1 := A). unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra.
    + assert (L := saddle_first d mu alpha rho HS HA K HK HU).
      assert (A := HA 0%nat d0); assert (B := H 0%nat d0).
      assert (Le : Rbar_le (Rbar_mult (alpha' 0%nat / alpha 0%nat) (rho / sqrt 2)) (rho / sqrt 2)).
      { apply (is_lim_le_loc (fun s => alpha' 0%nat / alpha 0%nat * w_of mu alpha s (K s) 0%nat)
          (fun s => w_of mu alpha' s (K' s) 0%nat) p_infty); [|exact (is_lim_scal_l _ _ _ _ L)|exact L'].
        exists 0; intros s Hs. assert (U := proj2 (until_infty s) (Rlt_le _ _ Hs)).
        exact (w_comparison d mu rho alpha alpha' _ _ K K' HS HA H HK HK' s 0 U U d0). }
      simpl in Le.
      assert (1 < alpha' 0%nat / alpha 0%nat).
      { apply Rmult_lt_reg_r with (1 := A). unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
      assert (1 * (rho / sqrt 2) < alpha' 0%nat / alpha 0%nat * (rho / sqrt 2))
        by (apply Rmult_lt_compat_r; assumption). lra.
Qed.

(* Collapse at and below alpha_low: n(0) <= rho mu_1/sqrt 2. *)
Lemma collapse_low : forall alpha, positive d alpha ->
  n_of d mu alpha 0 0 <= rho / sqrt 2 * mu 0%nat -> collapses_K alpha.
Proof.
  intros alpha HA Hn. destruct (one_fate alpha HA) as [HC|HG]; [exact HC|exfalso].
  assert (HG' : exists K, K_path d mu alpha rho p_infty K) by (destruct HG as [(K & HK & _)|(K & HK & _)];
    eauto).
  destruct HG' as [K HK]. assert (H1 : n_of d mu alpha 0 (K 0) <= rho / sqrt 2 * mu 0%nat).
  { rewrite (proj1 HK); exact Hn. }
  assert (B := below_stays d mu alpha rho HS HA K HK H1 1 ltac:(lra)).
  exact (collapse_finite d mu alpha rho HS HA p_infty K HK 1 (proj2 (until_infty 1) ltac:(lra)) B eq_refl).
Qed.

(* Growth as soon as n'(0) >= 0. *)
Lemma growth_high : forall alpha, positive d alpha -> 0 <= f_of d mu alpha rho 0 0 -> grows_K alpha.
Proof.
  intros alpha HA Hf. destruct (K_exists d mu rho alpha HS HA) as (T & K & HT & HK & HF).
  assert (U0 : until T 0) by (split; [lra|exact HT]).
  assert (Hf0 : 0 <= f_of d mu alpha rho 0 (K 0)) by (rewrite (proj1 HK); exact Hf); clear Hf;
    rename Hf0 into Hf.
  assert (E := growth_global d mu alpha rho HS HA T K HK 0 U0 HF Hf); subst T.
  exists K; split; [exact HK|]; exists 1; split; [lra|].
  apply (f_invariant d mu alpha rho HS HA p_infty K HK 0 1); [lra|apply until_infty; lra|exact Hf].
Qed.
End Critical.
