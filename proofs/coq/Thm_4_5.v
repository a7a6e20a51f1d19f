(* Theorem 4.5 (MATH.md 5.2; page proofs/thm-4.5.md): 2-SAM, depth 2, one example, the three fates.
   Used by src/predict/two_sam/{critical,path}.rs and src/theorems/thm_4_5.rs (thresholds, bracket,
   alpha-star).

   PROVED, about solutions of the rescaled flow of Flow.v, d >= 2, 0 < mu_1 < ... < mu_d, rho > 0:
   - [three_fates], [fates_exclude]: every balanced start alpha > 0 collapses, grows or tends to the saddle
     (rho/sqrt 2) e_1, and only one of these;
   - [collapse_below_alpha_low], [collapse_certain] (with a bound of the time), [growth_above_alpha_up],
     [growth_certain], [first_move];
   - [comparison]: a larger start has the larger weights at every time, and what follows for the fates;
   - [alpha_star]: one alpha-star strictly between alpha_low and alpha_up separates collapse and growth of
     uniform starts, and is itself the saddle's;  [rho_scaling]: starts scale with rho.
   The lemma on n' is in Thm_4_5_lemma.v, the rate of the collapse in Thm_4_5_collapse.v, the thresholds of
   the first leader in Thm_4_4.v.
   NOT here: the numbers alpha-star (they are computed, not closed forms). *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists Reduction_flow.
From SamProofs Require Import Two_SAM Reduction_balanced Two_SAM_fates Two_SAM_compare Two_SAM_critical.
From SamProofs Require Import Two_SAM_open Thm_4_5_lemma.
Open Scope R_scope.

(* ---------- the three fates of a balanced start alpha ---------- *)

(* beta -> 0 in finite rescaled time, and no solution from this start lives longer. *)
Definition collapses (d : nat) (mu : nat -> R) (rho : R) (alpha : nat -> R) : Prop :=
  exists (Tc : R) (th : R -> params), 0 < Tc /\
    two_sam_solution d mu rho Tc th /\ starts_at d alpha alpha th /\
    (forall j, (j < d)%nat -> filterlim (fun s => beta 2 (th s) j) (at_left Tc) (locally 0)) /\
    (forall T' th', two_sam_solution d mu rho T' th' -> starts_at d alpha alpha th' -> Rbar_le T' Tc).

(* The solution lives for ever and every beta_j tends to infinity. *)
Definition grows (d : nat) (mu : nat -> R) (rho : R) (alpha : nat -> R) : Prop :=
  exists th : R -> params, two_sam_solution d mu rho p_infty th /\ starts_at d alpha alpha th /\
    forall j, (j < d)%nat -> is_lim (fun s => beta 2 (th s) j) p_infty p_infty.

(* The solution lives for ever and both layers tend to (rho/sqrt 2) e_1. *)
Definition tends_to_saddle (d : nat) (mu : nat -> R) (rho : R) (alpha : nat -> R) : Prop :=
  exists th : R -> params, two_sam_solution d mu rho p_infty th /\ starts_at d alpha alpha th /\
    forall l j, (l < 2)%nat -> (j < d)%nat ->
      is_lim (fun s => th s l j) p_infty (if Nat.eqb j 0 then rho / sqrt 2 else 0).

(* ---------- from the scalar equation to the flow ---------- *)

Lemma beta_balanced : forall w j, beta 2 (balanced w) j = w j ^ 2.
Proof. intros; unfold beta, balanced; cbn [vprod]; ring. Qed.

Lemma full_longest : forall d mu rho alpha (t : R) K T' K', setting d mu rho -> positive d alpha -> 0 < t ->
  K_path d mu alpha rho t K -> full t K -> K_path d mu alpha rho T' K' -> Rbar_le T' t.
Proof.
  intros d mu rho alpha t K T' K' HS HA Ht HK [E|[t' [E HF]]] HK'; [discriminate|].
  apply Rbar_not_lt_le; intros Hlt.
  assert (Ut : until T' t) by (split; [lra|exact Hlt]).
  destruct (HF (K' t)) as [s [Hs HM]]. assert (Hs1 : 0 <= s < t) by exact Hs.
  assert (Us : until T' s) by (apply (until_le T' s t Ut); lra).
  rewrite (K_unique d mu rho alpha _ _ K K' HS HA HK HK' s Hs Us) in HM.
  assert (K' s <= K' t); [|lra]. apply (K_rises d mu alpha rho HS HA T' K' HK'); [lra|exact Ut].
Qed.

Lemma collapse_flow : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  collapses_K d mu rho alpha -> collapses d mu rho alpha.
Proof.
  intros d mu rho alpha HS HA (t & K & Ht & HK & HF).
  destruct (K_solution d mu rho alpha t K HS HA HK) as [H1 H2].
  exists t, (fun s => balanced (w_of mu alpha s (K s))); split; [exact Ht|split; [exact H1|split;
    [exact H2|split]]].
  - intros j Hj. assert (M := mu_pos d mu rho HS j Hj).
    assert (L := full_limit d mu _ _ rho t K (proj1 (proj2 HS)) (nonzero_start_pq d mu alpha alpha
      (positive_nonzero d mu rho alpha HS HA)) (proj1 (K_path_scalar d mu alpha rho t K) HK) HF).
    assert (Lw := decay_limit K t (alpha j) (mu j) (mu j ^ 2) (pow_lt _ 2 M) L).
    assert (L2 := filterlim_comp_2 _ _ Rmult Lw Lw (filterlim_mult (K := R_AbsRing) 0 0)).
    unfold mult in L2; simpl in L2; rewrite Rmult_0_r in L2.
    eapply filterlim_ext; [|exact L2]; intros s; simpl; rewrite beta_balanced; unfold w_of; simpl; ring.
  - intros T' th' H1' H2'. destruct (balanced_K d mu rho alpha T' th' H1' H2') as (K' & HK' & _).
    now apply (full_longest d mu rho alpha t K T' K').
Qed.

Lemma growth_flow : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  grows_K d mu rho alpha -> grows d mu rho alpha.
Proof.
  intros d mu rho alpha HS HA (K & HK & s0 & H0 & Hf).
  destruct (K_solution d mu rho alpha p_infty K HS HA HK) as [H1 H2].
  exists (fun s => balanced (w_of mu alpha s (K s))); split; [exact H1|split; [exact H2|]].
  intros j Hj. assert (L := growth_infty d mu alpha rho HS HA K HK s0 j H0 (Rlt_le _ _ Hf) Hj).
  assert (L2 := is_lim_mult _ _ _ _ _ L L I). simpl in L2.
  eapply is_lim_ext; [|exact L2]; intros s; simpl; rewrite beta_balanced; ring.
Qed.

Lemma saddle_flow : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  saddle_K d mu rho alpha -> tends_to_saddle d mu rho alpha.
Proof.
  intros d mu rho alpha HS HA (K & HK & HU).
  destruct (K_solution d mu rho alpha p_infty K HS HA HK) as [H1 H2].
  exists (fun s => balanced (w_of mu alpha s (K s))); split; [exact H1|split; [exact H2|]].
  intros l j Hl Hj; unfold balanced; destruct (Nat.eqb_spec j 0) as [->|Hn].
  - exact (saddle_first d mu alpha rho HS HA K HK HU).
  - apply (saddle_others d mu alpha rho HS HA K HK HU); lia.
Qed.

(* Any solution that lives for ever is the one named in the definition. *)
Lemma same_solution : forall d mu rho alpha T T' th th', setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  two_sam_solution d mu rho T' th' -> starts_at d alpha alpha th' ->
  forall s, until T s -> until T' s -> forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = th' s l j.
Proof.
  intros d mu rho alpha T T' th th' HS HA H1 H2 H1' H2'.
  exact (two_sam_unique d mu rho alpha alpha T T' th th' (proj1 (proj2 HS))
    (positive_nonzero d mu rho alpha HS HA) H1 H2 H1' H2').
Qed.

(* ---------- the theorems ---------- *)

(* Every balanced positive start has one of the three fates ... *)
Theorem three_fates : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  collapses d mu rho alpha \/ grows d mu rho alpha \/ tends_to_saddle d mu rho alpha.
Proof.
  intros d mu rho alpha HS HA; destruct (one_fate d mu rho HS alpha HA) as [H|[H|H]];
    [left; now apply collapse_flow|right; left; now apply growth_flow|right; right; now apply saddle_flow].
Qed.

(* ... and only one. *)
Theorem fates_exclude : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  ~ (collapses d mu rho alpha /\ grows d mu rho alpha) /\
  ~ (collapses d mu rho alpha /\ tends_to_saddle d mu rho alpha) /\
  ~ (grows d mu rho alpha /\ tends_to_saddle d mu rho alpha).
Proof.
  intros d mu rho alpha HS HA; split; [|split].
  - intros [(Tc & th & _ & _ & _ & _ & H) (th' & H1 & H2 & _)]. exact (H p_infty th' H1 H2).
  - intros [(Tc & th & _ & _ & _ & _ & H) (th' & H1 & H2 & _)]. exact (H p_infty th' H1 H2).
  - intros [(th & H1 & H2 & L) (th' & H1' & H2' & L')].
    assert (d0 := d_pos d mu rho HS).
    assert (Lb : is_lim (fun s => beta 2 (th' s) 0%nat) p_infty (rho / sqrt 2 * (rho / sqrt 2))).
    { assert (Q := is_lim_mult _ _ _ _ _ (L' 0%nat 0%nat ltac:(lia) d0) (L' 1%nat 0%nat ltac:(lia) d0) I).
      simpl in Q. eapply is_lim_ext; [|exact Q]; intros s; unfold beta; cbn [vprod]; ring. }
    assert (Lb2 : is_lim (fun s => beta 2 (th s) 0%nat) p_infty (rho / sqrt 2 * (rho / sqrt 2))).
    { apply is_lim_ext_loc with (2 := Lb). exists 0; intros s Hs; unfold beta; cbn [vprod].
      assert (U := proj2 (until_infty s) (Rlt_le _ _ Hs)).
      rewrite !(same_solution d mu rho alpha _ _ th th' HS HA H1 H2 H1' H2' s U U) by lia; reflexivity. }
    assert (E := is_lim_unique _ _ _ Lb2). rewrite (is_lim_unique _ _ _ (L 0%nat d0)) in E. discriminate.
Qed.

Lemma growth_back : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  grows d mu rho alpha -> grows_K d mu rho alpha.
Proof.
  intros d mu rho alpha HS HA HG; destruct (one_fate d mu rho HS alpha HA) as [H|[H|H]];
    [exfalso|exact H|exfalso].
  - apply (proj1 (fates_exclude d mu rho alpha HS HA)); split; [now apply collapse_flow|exact HG].
  - apply (proj2 (proj2 (fates_exclude d mu rho alpha HS HA))); split; [exact HG|now apply saddle_flow].
Qed.

Lemma saddle_back : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  tends_to_saddle d mu rho alpha -> saddle_K d mu rho alpha.
Proof.
  intros d mu rho alpha HS HA HG; destruct (one_fate d mu rho HS alpha HA) as [H|[H|H]];
    [exfalso|exfalso|exact H].
  - apply (proj1 (proj2 (fates_exclude d mu rho alpha HS HA))); split; [now apply collapse_flow|exact HG].
  - apply (proj2 (proj2 (fates_exclude d mu rho alpha HS HA))); split; [now apply growth_flow|exact HG].
Qed.

Lemma collapse_back : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  collapses d mu rho alpha -> collapses_K d mu rho alpha.
Proof.
  intros d mu rho alpha HS HA HG; destruct (one_fate d mu rho HS alpha HA) as [H|[H|H]];
    [exact H|exfalso|exfalso].
  - apply (proj1 (fates_exclude d mu rho alpha HS HA)); split; [exact HG|now apply growth_flow].
  - apply (proj1 (proj2 (fates_exclude d mu rho alpha HS HA))); split; [exact HG|now apply saddle_flow].
Qed.

(* Comparison: if alpha < alpha' in every coordinate, then w'_j(s)/w_j(s) >= alpha'_j/alpha_j while both
   live. *)
Theorem comparison : forall d mu rho alpha alpha' T T' th th', setting d mu rho -> positive d alpha ->
  (forall j, (j < d)%nat -> alpha j < alpha' j) ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  two_sam_solution d mu rho T' th' -> starts_at d alpha' alpha' th' ->
  forall s l j, until T s -> until T' s -> (l < 2)%nat -> (j < d)%nat ->
  alpha' j / alpha j * th s l j <= th' s l j.
Proof.
  intros d mu rho alpha alpha' T T' th th' HS HA H H1 H2 H1' H2' s l j Hs Hs' Hl Hj.
  destruct (balanced_K d mu rho alpha T th H1 H2) as (K & HK & HW).
  destruct (balanced_K d mu rho alpha' T' th' H1' H2') as (K' & HK' & HW').
  rewrite HW, HW' by assumption. now apply (w_comparison d mu rho alpha alpha' T T' K K').
Qed.

(* Hence growth and the saddle pass to growth of larger starts, collapse to smaller ones. *)
Theorem fates_are_ordered : forall d mu rho alpha alpha', setting d mu rho -> positive d alpha ->
  (forall j, (j < d)%nat -> alpha j < alpha' j) ->
  (grows d mu rho alpha \/ tends_to_saddle d mu rho alpha -> grows d mu rho alpha') /\
  (collapses d mu rho alpha' \/ tends_to_saddle d mu rho alpha' -> collapses d mu rho alpha).
Proof.
  intros d mu rho alpha alpha' HS HA H.
  assert (HA' : positive d alpha') by (intros j Hj; specialize (HA j Hj); specialize (H j Hj); lra).
  assert (Up : grows d mu rho alpha \/ tends_to_saddle d mu rho alpha -> grows d mu rho alpha').
  { intros HG; apply growth_flow; auto. apply (growth_up d mu rho HS alpha alpha' HA H).
    destruct HG; [left; now apply growth_back|right; now apply saddle_back]. }
  split; [exact Up|]. intros HC.
  destruct (three_fates d mu rho alpha HS HA) as [C|G]; [exact C|exfalso].
  destruct (fates_exclude d mu rho alpha' HS HA') as (X1 & X2 & X3).
  destruct HC as [HC|HC]; [apply X1|apply X3]; auto.
Qed.

(* alpha_low = rho mu_1/(sqrt 2 ||mu||), alpha_up = rho ||mu||_4^4/(sqrt 2 ||mu||_2 ||mu||_3^3) *)
Theorem collapse_below_alpha_low : forall d mu rho a, setting d mu rho -> 0 < a ->
  a <= rho * mu 0%nat / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2))) -> collapses d mu rho (fun _ => a).
Proof.
  intros d mu rho a HS Ha H; apply collapse_flow; [exact HS|intros j _; exact Ha|].
  now apply (collapse_alpha_low d mu rho HS).
Qed.

(* From alpha_up on n never falls: n' > 0 at every s > 0, and the start grows. *)
Theorem growth_above_alpha_up : forall d mu rho a, setting d mu rho -> 0 < a ->
  rho * vsum d (fun j => mu j ^ 4)
    / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2)) * vsum d (fun j => mu j ^ 3)) <= a ->
  grows d mu rho (fun _ => a) /\
  forall T th, two_sam_solution d mu rho T th -> starts_at d (fun _ => a) (fun _ => a) th ->
    forall s, until T s -> 0 < s -> 0 < Derive (n_at d mu th) s.
Proof.
  intros d mu rho a HS Ha H.
  assert (HA : positive d (fun _ => a)) by (intros j _; exact Ha).
  apply (f_start d mu rho HS a Ha) in H. split.
  - apply growth_flow; auto. apply (growth_high d mu rho HS); [exact HA|exact H].
  - intros T th H1 H2 s Hs Hs0. destruct (names d mu (fun _ => a) rho T th H1 H2) as (K & HK & HN).
    apply (proj2 (n_rises_for_ever d mu _ rho T th HS HA H1 H2) 0 s); [lra|exact Hs|].
    assert (U0 : until T 0) by (apply (until_le T 0 s Hs); lra).
    rewrite (is_derive_unique _ _ _ (n_at_derive d mu _ rho T th HS HA H1 H2 0 U0)).
    destruct (HN 0 U0) as (_ & En & ES). rewrite !ES, En.
    assert (F := f_sign d mu (fun _ => a) rho HS HA 0 (K 0)). unfold c_of in F; rewrite F, (proj1 HK).
    assert (P := n_pos d mu (fun _ => a) rho HS HA 0 0).
    apply Rmult_le_pos; [apply Rmult_le_pos; [exact H|]|]; left; now apply Rinv_0_lt_compat.
Qed.

(* The first move of a uniform start: n'(0) >= 0 exactly from alpha_up on. *)
Theorem first_move : forall d mu rho a T th, setting d mu rho -> 0 < a -> Rbar_lt 0 T ->
  two_sam_solution d mu rho T th -> starts_at d (fun _ => a) (fun _ => a) th ->
  (0 <= Derive (n_at d mu th) 0 <->
   rho * vsum d (fun j => mu j ^ 4)
    / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2)) * vsum d (fun j => mu j ^ 3)) <= a).
Proof.
  intros d mu rho a T th HS Ha HT H1 H2.
  assert (HA : positive d (fun _ => a)) by (intros j _; exact Ha).
  destruct (names d mu (fun _ => a) rho T th H1 H2) as (K & HK & HN).
  assert (U0 : until T 0) by (split; [lra|exact HT]). destruct (HN 0 U0) as (_ & En & ES).
  assert (P := n_pos d mu (fun _ => a) rho HS HA 0 0). assert (P3 := S_pos d mu (fun _ => a) rho HS HA 3 0 0).
  assert (S2 := sqrt2_pos).
  rewrite (proj1 (n_slope_sign d mu _ rho T th HS HA H1 H2 0 U0)).
  unfold M_at; rewrite !ES, En, (proj1 HK). rewrite <- (f_start d mu rho HS a Ha). unfold f_of.
  change (uniform a) with (fun _ : nat => a).
  set (n0 := n_of d mu (fun _ => a) 0 0) in *. set (S3 := S_of d mu (fun _ => a) 3 0 0) in *.
  set (S4 := S_of d mu (fun _ => a) 4 0 0).
  assert (E : n0 * S3 - rho / sqrt 2 * S4 = S3 * (n0 - rho / sqrt 2 * (S4 / S3))) by (field; lra).
  rewrite E; split; intros H; [apply Rmult_le_pos; lra|].
  apply Rnot_lt_le; intros Hn. assert (S3 * (n0 - rho / sqrt 2 * (S4 / S3)) < S3 * 0)
    by (apply Rmult_lt_compat_l; lra). lra.
Qed.

(* Collapse is certain once sqrt 2 n < rho mu_1 (c > 1/mu_1), and comes within n/(mu_1 (rho mu_1/sqrt 2 -
   n)). *)
Theorem collapse_certain : forall d mu rho alpha T th s0, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> until T s0 ->
  n_at d mu th s0 < rho / sqrt 2 * mu 0%nat ->
  collapses d mu rho alpha /\ forall s, until T s ->
    s < s0 + n_at d mu th s0 / (mu 0%nat * (rho / sqrt 2 * mu 0%nat - n_at d mu th s0)).
Proof.
  intros d mu rho alpha T th s0 HS HA H1 H2 Hs0 Hn.
  destruct (names d mu alpha rho T th H1 H2) as (K & HK & HN).
  destruct (HN s0 Hs0) as (_ & En & _). rewrite En in Hn |- *. split.
  - apply collapse_flow; auto. destruct (one_fate d mu rho HS alpha HA) as [C|G]; [exact C|exfalso].
    assert (HG : exists K', K_path d mu alpha rho p_infty K') by (destruct G as [(X & Y & _)|(X & Y & _)];
      eauto).
    destruct HG as [K' HK']. assert (U := proj2 (until_infty s0) (proj1 Hs0)).
    rewrite (K_unique d mu rho alpha _ _ K K' HS HA HK HK' s0 Hs0 U) in Hn.
    exact (collapse_finite d mu alpha rho HS HA p_infty K' HK' s0 U Hn eq_refl).
  - intros s Hs. destruct (Rle_lt_dec s0 s) as [Hle|Hlt].
    + exact (proj2 (collapse_time d mu alpha rho HS HA T K HK s0 Hs0 Hn s Hle Hs)).
    + assert (P := n_pos d mu alpha rho HS HA s0 (K s0)). assert (M := mu0_pos d mu rho HS).
      assert (0 < n_of d mu alpha s0 (K s0) / (mu 0%nat * (rho / sqrt 2 * mu 0%nat - n_of d mu alpha s0
        (K s0)))).
      { apply Rdiv_lt_0_compat; [exact P|apply Rmult_lt_0_compat; lra]. }
      lra.
Qed.

(* Growth is certain once n' >= 0, in particular once sqrt 2 n >= rho mu_d. *)
Theorem growth_certain : forall d mu rho alpha T th s0, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> until T s0 ->
  0 <= Derive (n_at d mu th) s0 \/ rho / sqrt 2 * mu (d - 1)%nat <= n_at d mu th s0 ->
  grows d mu rho alpha.
Proof.
  intros d mu rho alpha T th s0 HS HA H1 H2 Hs0 Hn.
  assert (Hr := r_pos d mu rho HS).
  assert (HM : rho / sqrt 2 * M_at d mu th s0 <= n_at d mu th s0).
  { destruct Hn as [Hn|Hn]; [now apply (n_slope_sign d mu alpha rho T th HS HA H1 H2 s0 Hs0)|].
    apply Rle_trans with (2 := Hn). apply Rmult_le_compat_l; [lra|].
    destruct (names d mu alpha rho T th H1 H2) as (K & HK & HN); destruct (HN s0 Hs0) as (_ & _ & ES).
    unfold M_at; rewrite !ES. assert (P := S_pos d mu alpha rho HS HA 3 s0 (K s0)).
    apply Rmult_le_reg_r with (1 := P). unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    exact (S_last_le d mu alpha rho HS 3 s0 (K s0)). }
  destruct (names d mu alpha rho T th H1 H2) as (K & HK & HN); destruct (HN s0 Hs0) as (_ & En & ES).
  assert (Hf : 0 <= f_of d mu alpha rho s0 (K s0)).
  { unfold M_at in HM; rewrite !ES, En in HM; unfold f_of.
    assert (P := S_pos d mu alpha rho HS HA 3 s0 (K s0)).
    apply Rmult_le_compat_r with (r := S_of d mu alpha 3 s0 (K s0)) in HM; [|lra].
    replace (rho / sqrt 2 * (S_of d mu alpha 4 s0 (K s0) / S_of d mu alpha 3 s0 (K s0))
      * S_of d mu alpha 3 s0 (K s0)) with (rho / sqrt 2 * S_of d mu alpha 4 s0 (K s0)) in HM
      by (assert (S2 := sqrt2_pos); field; lra). lra. }
  destruct (one_fate d mu rho HS alpha HA) as [(t & K' & Ht & HK' & HF)|[G|(K' & HK' & HU)]];
    [exfalso|now apply growth_flow|exfalso].
  - assert (U : until t s0).
    { split; [apply Hs0|]. assert (L := full_longest d mu rho alpha t K' T K HS HA Ht HK' HF HK).
      apply Rbar_lt_le_trans with (2 := L). apply Hs0. }
    rewrite (K_unique d mu rho alpha _ _ K K' HS HA HK HK' s0 Hs0 U) in Hf.
    assert (E := growth_global d mu alpha rho HS HA t K' HK' s0 U HF Hf). discriminate.
  - assert (U := proj2 (until_infty s0) (proj1 Hs0)).
    rewrite (K_unique d mu rho alpha _ _ K K' HS HA HK HK' s0 Hs0 U) in Hf.
    destruct (HU s0 (proj1 Hs0)); lra.
Qed.

(* There is alpha-star, strictly between alpha_low and alpha_up: uniform starts below it collapse, above it
   grow, and the start alpha-star itself tends to the saddle (rho/sqrt 2) e_1. *)
Theorem alpha_star : forall d mu rho, setting d mu rho -> exists a_star : R,
  rho * mu 0%nat / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2))) < a_star /\
  a_star < rho * vsum d (fun j => mu j ^ 4)
    / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2)) * vsum d (fun j => mu j ^ 3)) /\
  (forall a, 0 < a < a_star -> collapses d mu rho (fun _ => a)) /\
  (forall a, a_star < a -> grows d mu rho (fun _ => a)) /\
  tends_to_saddle d mu rho (fun _ => a_star).
Proof.
  intros d mu rho HS; destruct (alpha_star_exists d mu rho HS) as (st & [L U] & HC & HG & HSd).
  assert (PL := alpha_low_pos d mu rho HS).
  exists st; split; [exact L|split; [exact U|split; [|split]]].
  - intros a Ha; apply collapse_flow; [exact HS|intros j _; apply Ha|now apply HC].
  - intros a Ha; apply growth_flow; [exact HS|intros j _; lra|now apply HG].
  - apply saddle_flow; [exact HS|intros j _; lra|exact HSd].
Qed.

(* Starts scale with rho: if th solves for rho, then lam th solves for lam rho (so alpha-star is linear in
   rho). *)
Theorem rho_scaling : forall d mu rho T th lam, 0 < lam ->
  two_sam_solution d mu rho T th -> two_sam_solution d mu (lam * rho) T (fun s l j => lam * th s l j).
Proof.
  intros d mu rho T th lam Hl [H1 H2].
  assert (E : forall s, norm_depth2 d mu (fun l j => lam * th s l j) = lam * norm_depth2 d mu (th s)).
  { intros s; unfold norm_depth2. transitivity (sqrt (lam ^ 2) * sqrt (vsum d (fun j => mu j ^ 2 *
      (th s 0%nat j ^ 2 + th s 1%nat j ^ 2)))); [|now rewrite sqrt_pow2 by lra].
    rewrite <- sqrt_mult_alt by apply pow2_ge_0.
    f_equal; rewrite <- vsum_scal; apply vsum_ext; intros; ring. }
  split; intros s Hs.
  - intros l j Hl2 Hj. assert (P := proj1 (norm_grad_loss_depth2 d mu (th s)) (H2 s Hs)).
    apply is_derive_eq with (1 := is_derive_scal (fun x => th x l j) s lam _ (H1 s Hs l j Hl2 Hj)).
    destruct (two_field_depth2 rho d mu (th s) j Hj) as [F0 F1].
    destruct (two_field_depth2 (lam * rho) d mu (fun l j => lam * th s l j) j Hj) as [G0 G1].
    rewrite E in G0, G1.
    assert (l = 0%nat \/ l = 1%nat) as [->| ->] by lia; [rewrite F0, G0|rewrite F1, G1]; field; lra.
  - apply norm_grad_loss_depth2; rewrite E. apply Rmult_lt_0_compat; [exact Hl|].
    now apply norm_grad_loss_depth2, H2.
Qed.
