(* 2-SAM at depth 2 from balanced starts: the saddle's limits, the trichotomy, and the comparison of two
   starts (MATH.md 5.2; page proofs/thm-4.5.md, "The fates", "One alpha-star").  Applied to the flow in
   Thm_4_5.v. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists Two_SAM Two_SAM_fates.
Open Scope R_scope.

Section Saddle.
Context (d : nat) (mu alpha : nat -> R) (rho : R).
Context (HS : setting d mu rho) (HA : positive d alpha).
Context (K : R -> R) (HK : K_path d mu alpha rho p_infty K).
Context (HU : undecided d mu alpha rho K).
Let r := rho / sqrt 2.
Notation w := (w_of mu alpha).
Notation n := (n_of d mu alpha).
Notation c := (c_of d mu alpha rho).
Notation S_ := (S_of d mu alpha).

(* w_j -> 0 for j > 1 *)
Lemma saddle_others : forall j, (0 < j < d)%nat -> is_lim (fun s => w s (K s) j) p_infty 0.
Proof.
  intros j Hj. assert (M := mu0_pos d mu rho HS).
  assert (Mj : mu 0%nat < mu j) by (apply HS; lia).
  assert (He : 0 < (1 - mu 0%nat / mu j) / 2).
  { assert (mu 0%nat / mu j < 1); [|lra].
    apply Rmult_lt_reg_r with (mu j); [lra|]. unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
  destruct (undecided_c_limit d mu alpha rho HS HA p_infty K HK eq_refl HU _ He) as [s1 [H1 Hc]].
  set (a := mu j * ((mu j - mu 0%nat) / (2 * mu 0%nat))).
  assert (Ha : 0 < a) by (apply Rmult_lt_0_compat; [lra|apply Rdiv_lt_0_compat; lra]).
  apply is_lim_le_le_loc with (fun _ => 0) (fun s => w s1 (K s1) j * exp (- a * (s - s1)));
    [|apply is_lim_const|now apply exp_decay].
  exists s1; intros s Hs. assert (P := fun s x => w_pos d mu alpha HA s x j (proj2 Hj)).
  split; [left; apply P|]. rewrite (w_step mu alpha K s1 s j).
  apply Rmult_le_compat_l; [left; apply P|]. apply exp_le.
  assert (L : K s1 + (mu j + mu 0%nat) / (2 * mu 0%nat) / mu j * (s - s1) <= K s).
  { apply (derive_ge_line K (fun x => c x (K x))); [lra| |].
    - intros x Hx; apply (proj2 HK), until_infty; lra.
    - intros x Hx. destruct (Hc x ltac:(lra)) as [C _].
      apply Rmult_le_reg_r with (mu 0%nat); [lra|]. left; apply Rle_lt_trans with (2 := C).
      right; field; lra. }
  assert (B : mu j ^ 2 * ((mu j + mu 0%nat) / (2 * mu 0%nat) / mu j * (s - s1)) <= mu j ^ 2 * (K s - K s1))
    by (apply Rmult_le_compat_l; [apply pow2_ge_0|lra]).
  replace (mu j ^ 2 * ((mu j + mu 0%nat) / (2 * mu 0%nat) / mu j * (s - s1)))
    with (mu j * (s - s1) + a * (s - s1)) in B by (unfold a; field; lra). lra.
Qed.

(* n -> rho mu_1/sqrt 2 *)
Lemma saddle_n : is_lim (fun s => n s (K s)) p_infty (r * mu 0%nat).
Proof.
  assert (M := mu0_pos d mu rho HS). assert (Hr := r_pos d mu rho HS); fold r in Hr.
  intros P [e He].
  assert (L : 0 < r * mu 0%nat) by now apply Rmult_lt_0_compat.
  assert (Ep := cond_pos e).
  (* 1 - e' < c mu_1 gives n < r mu_1/(1 - e') = r mu_1 + e *)
  set (e' := e / (r * mu 0%nat + e)).
  assert (He' : 0 < e') by (apply Rdiv_lt_0_compat; lra).
  destruct (undecided_c_limit d mu alpha rho HS HA p_infty K HK eq_refl HU e' He') as [s1 [H1 Hc]].
  exists s1; intros s Hs; apply He.
  destruct (Hc s ltac:(lra)) as [C _]. assert (Lo := proj2 (HU s ltac:(lra))). fold r in Lo.
  assert (Np := n_pos d mu alpha rho HS HA s (K s)).
  apply Rabs_def1; unfold minus, plus, opp; simpl; [|lra].
  rewrite (c_r d mu alpha rho HS HA) in C; fold r in C.
  assert ((1 - e') * n s (K s) < r * mu 0%nat).
  { apply Rmult_lt_compat_r with (r := n s (K s)) in C; [|exact Np].
    replace (r / n s (K s) * mu 0%nat * n s (K s)) with (r * mu 0%nat) in C by (field; lra). exact C. }
  assert (E : (1 - e') * (r * mu 0%nat + e) = r * mu 0%nat) by (unfold e'; field; lra).
  assert (P1 : 0 < 1 - e').
  { apply Rmult_lt_reg_r with (r * mu 0%nat + e); [lra|]. rewrite E; lra. }
  assert (n s (K s) < r * mu 0%nat + e); [|lra].
  apply Rmult_lt_reg_l with (1 := P1). lra.
Qed.

(* w_1 -> rho/sqrt 2 *)
Lemma saddle_first : is_lim (fun s => w s (K s) 0%nat) p_infty r.
Proof.
  assert (M := mu0_pos d mu rho HS). assert (Hr := r_pos d mu rho HS); fold r in Hr.
  assert (d0 := d_pos d mu rho HS).
  set (rest := fun s => vsum d (fun i => if Nat.eqb i 0 then 0 else (mu i * w s (K s) i) ^ 2)).
  assert (LR : is_lim rest p_infty 0).
  { replace (Finite 0) with (Finite (vsum d (fun _ => 0))) by (f_equal; now apply vsum_0).
    unfold rest.
    apply (filterlim_vsum R (Rbar_locally' p_infty) _ d
      (fun i s => if Nat.eqb i 0 then 0 else (mu i * w s (K s) i) ^ 2) (fun _ => 0)).
    intros i Hi; destruct (Nat.eqb_spec i 0); [apply filterlim_const|].
    assert (L := saddle_others i ltac:(lia)).
    assert (L2 := is_lim_mult _ _ _ _ _ (is_lim_scal_l _ (mu i) _ _ L) (is_lim_scal_l _ (mu i) _ _ L) I).
    replace (Rbar_mult (Rbar_mult (mu i) 0) (Rbar_mult (mu i) 0)) with (Finite 0) in L2
      by (simpl; f_equal; ring).
    apply is_lim_ext with (2 := L2); intros; simpl; ring. }
  assert (LN := is_lim_mult _ _ _ _ _ saddle_n saddle_n I).
  assert (LD := is_lim_minus' _ _ _ _ _ LN LR).
  simpl in LD; rewrite Rminus_0_r in LD.
  assert (LS : is_lim (fun s => sqrt (n s (K s) * n s (K s) - rest s)) p_infty (sqrt (r * mu 0%nat *
    (r * mu 0%nat)))).
  { apply (filterlim_comp _ _ _ _ sqrt _ _ _ LD), continuous_sqrt. }
  rewrite sqrt_square in LS by (apply Rmult_le_pos; lra).
  assert (LF := is_lim_scal_l _ (/ mu 0%nat) _ _ LS). simpl in LF.
  replace (/ mu 0%nat * (r * mu 0%nat)) with r in LF by (field; lra).
  apply is_lim_ext with (2 := LF); intros s.
  replace (n s (K s) * n s (K s) - rest s) with ((mu 0%nat * w s (K s) 0%nat) ^ 2).
  - assert (P := w_pos d mu alpha HA s (K s) 0 d0).
    rewrite sqrt_pow2 by (apply Rmult_le_pos; lra). field; lra.
  - assert (NN : n s (K s) * n s (K s) = vsum d (fun i => (mu i * w s (K s) i) ^ 2)).
    { rewrite (n_sqr d mu alpha rho HS HA); unfold S_of; apply vsum_ext; intros; ring. }
    rewrite NN, (vsum_split d _ 0 d0); unfold rest; ring.
Qed.
End Saddle.

(* The three fates: a finite end; n' > 0 at some time of a global path; neither, ever. *)
Theorem fates : forall d mu alpha rho T K, setting d mu rho -> positive d alpha ->
  K_path d mu alpha rho T K -> full T K ->
  (exists t : R, T = Finite t) \/
  (T = p_infty /\ exists s0, 0 <= s0 /\ 0 < f_of d mu alpha rho s0 (K s0)) \/
  (T = p_infty /\ undecided d mu alpha rho K).
Proof.
  intros d mu alpha rho T K HS HA HK [->|[t [-> _]]]; [right|left; now exists t].
  destruct (LPO (fun m => 0 < f_of d mu alpha rho (INR m) (K (INR m)))) as [[m Hm]|Hno].
  { intros m; destruct (Rlt_dec 0 (f_of d mu alpha rho (INR m) (K (INR m)))); [left|right]; assumption. }
  - left; split; [reflexivity|]; exists (INR m); split; [apply pos_INR|exact Hm].
  - right; split; [reflexivity|]; intros s Hs; split.
    + apply Rnot_le_lt; intros H0.
      destruct (nfloor_ex s Hs) as [m [_ Hm]]. rewrite <- S_INR in Hm.
      apply (Hno (S m)). apply (f_invariant d mu alpha rho HS HA p_infty K HK s (INR (S m))); auto.
      apply until_infty, pos_INR.
    + apply Rnot_lt_le; intros Hlt.
      now apply (collapse_finite d mu alpha rho HS HA p_infty K HK s (proj2 (until_infty s) Hs) Hlt).
Qed.

(* ---------- two starts ---------- *)

Lemma n_of_lt : forall d mu alpha alpha' s K, (0 < d)%nat -> (forall j, (j < d)%nat -> 0 < mu j) ->
  positive d alpha -> (forall j, (j < d)%nat -> alpha j < alpha' j) ->
  n_of d mu alpha s K < n_of d mu alpha' s K.
Proof.
  intros d mu alpha alpha' s K Hd Hm HA H; apply sqrt_lt_1_alt; split.
  - apply vsum_nonneg; intros; apply pow2_ge_0.
  - apply vsum_lt; [exact Hd|]; intros j Hj; unfold w_of. assert (E := exp_pos (mu j * s - mu j ^ 2 * K)).
    assert (A := HA j Hj); assert (B := H j Hj); assert (M := Hm j Hj).
    assert (P : alpha j * exp (mu j * s - mu j ^ 2 * K) < alpha' j * exp (mu j * s - mu j ^ 2 * K))
      by (apply Rmult_lt_compat_r; assumption).
    assert (Q : 0 < alpha j * exp (mu j * s - mu j ^ 2 * K)) by now apply Rmult_lt_0_compat.
    assert (Z : forall x y, 0 < x < y -> x ^ 2 < y ^ 2) by (intros; nra).
    apply Z; split; [now apply Rmult_lt_0_compat|now apply Rmult_lt_compat_l].
Qed.

(* A larger start has the smaller K. *)
Theorem K_comparison : forall d mu rho alpha alpha' T T' K K', setting d mu rho -> positive d alpha ->
  (forall j, (j < d)%nat -> alpha j < alpha' j) ->
  K_path d mu alpha rho T K -> K_path d mu alpha' rho T' K' ->
  forall s, until T s -> until T' s -> K' s <= K s /\ (0 < s -> K' s < K s).
Proof.
  intros d mu rho alpha alpha' T T' K K' HS HA H HK HK' s Hs Hs'.
  assert (HA' : positive d alpha') by (intros j Hj; specialize (HA j Hj); specialize (H j Hj); lra).
  cut (0 <= K s - K' s /\ (0 < s -> 0 < K s - K' s)); [intros [A B]; split; [lra|intros C;
    specialize (B C); lra]|].
  apply (barrier (fun x => K x - K' x)
    (fun x => c_of d mu alpha rho x (K x) - c_of d mu alpha' rho x (K' x)) 0 s); [apply Hs| | |].
  - intros x Hx; apply (is_derive_minus K K');
      [apply (proj2 HK), (until_le T x s Hs)|apply (proj2 HK'), (until_le T' x s Hs')]; lra.
  - rewrite (proj1 HK), (proj1 HK'); lra.
  - intros x Hx Z. replace (K' x) with (K x) by lra. rewrite !(c_r d mu) by assumption.
    assert (P := n_pos d mu alpha rho HS HA x (K x)). assert (P' := n_pos d mu alpha' rho HS HA' x (K x)).
    assert (L := n_of_lt d mu alpha alpha' x (K x) (d_pos d mu rho HS) (mu_pos d mu rho HS) HA H).
    assert (Hr := r_pos d mu rho HS).
    assert (rho / sqrt 2 / n_of d mu alpha' x (K x) < rho / sqrt 2 / n_of d mu alpha x (K x)); [|lra].
    apply Rmult_lt_compat_l; [exact Hr|]. apply Rinv_lt_contravar; [now apply Rmult_lt_0_compat|exact L].
Qed.

(* Larger start, larger weights: w'_j/w_j >= alpha'_j/alpha_j. *)
Lemma w_comparison : forall d mu rho alpha alpha' T T' K K', setting d mu rho -> positive d alpha ->
  (forall j, (j < d)%nat -> alpha j < alpha' j) ->
  K_path d mu alpha rho T K -> K_path d mu alpha' rho T' K' ->
  forall s j, until T s -> until T' s -> (j < d)%nat ->
  alpha' j / alpha j * w_of mu alpha s (K s) j <= w_of mu alpha' s (K' s) j.
Proof.
  intros d mu rho alpha alpha' T T' K K' HS HA H HK HK' s j Hs Hs' Hj.
  destruct (K_comparison d mu rho alpha alpha' T T' K K' HS HA H HK HK' s Hs Hs') as [Q _].
  unfold w_of. assert (A := HA j Hj). assert (B := H j Hj).
  replace (alpha' j / alpha j * (alpha j * exp (mu j * s - mu j ^ 2 * K s)))
    with (alpha' j * exp (mu j * s - mu j ^ 2 * K s)) by (field; lra).
  apply Rmult_le_compat_l; [lra|]. apply exp_le.
  assert (mu j ^ 2 * K' s <= mu j ^ 2 * K s) by (apply Rmult_le_compat_l; [apply pow2_ge_0|exact Q]). lra.
Qed.

(* If the smaller start lives for ever, so does the larger one. *)
Lemma global_comparison : forall d mu rho alpha alpha' T' K K', setting d mu rho -> positive d alpha ->
  (forall j, (j < d)%nat -> alpha j < alpha' j) ->
  K_path d mu alpha rho p_infty K -> K_path d mu alpha' rho T' K' -> full T' K' -> T' = p_infty.
Proof.
  intros d mu rho alpha alpha' T' K K' HS HA H HK HK' [E|[t [-> HF]]]; [exact E|exfalso].
  destruct (HF (K (Rmax 0 t))) as [s [Hs HM]].
  assert (Hs1 : 0 <= s < t) by exact Hs.
  destruct (K_comparison d mu rho alpha alpha' _ _ K K' HS HA H HK HK' s (proj2 (until_infty s)
    (proj1 Hs1)) Hs)
    as [Q _].
  assert (Hm := Rmax_r 0 t). assert (Hm0 := Rmax_l 0 t).
  assert (K s <= K (Rmax 0 t)); [|lra].
  apply (K_rises d mu alpha rho HS HA p_infty K HK); [lra|now apply until_infty].
Qed.
