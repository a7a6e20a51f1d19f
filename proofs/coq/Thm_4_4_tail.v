(* The tail of K (page proofs/thm-4.4.md, (3)): 2-SAM, depth 2, one example, any balanced start alpha > 0.
   Used by src/predict/two_sam/path.rs and law.rs (K_inf).

   PROVED, about every solution of the rescaled flow of Flow.v, at any time S with a = rho/(sqrt 2 w_d(S))
   < 1:
   - [tail_bound]: K(s) - K(S) <= -log(1 - a)/mu_d^2 <= a/((1 - a) mu_d^2) for all s >= S;
   - [tail_bound_e]: hence the page's bound e a/mu_d^2 = e rho/(sqrt 2 mu_d^2 w_d(S)) where a < 1/e;
   - [growth_by_major]: such a start grows. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists Reduction_flow Two_SAM.
From SamProofs Require Import Reduction_balanced Two_SAM_fates Two_SAM_compare Two_SAM_critical Thm_4_5
  Thm_4_4.
Open Scope R_scope.

(* phi = exp(-mu_d^2 (K - K(S))) has phi' >= - a mu_d exp(-mu_d (s - S)), so phi >= 1 - a. *)
Lemma tail_path : forall d mu alpha rho T K S s, setting d mu rho -> positive d alpha ->
  K_path d mu alpha rho T K -> 0 <= S <= s -> until T s ->
  let m := (d - 1)%nat in
  let a := rho / (sqrt 2 * w_of mu alpha S (K S) m) in
  1 - a <= exp (- mu m ^ 2 * (K s - K S)).
Proof.
  intros d mu alpha rho T K S s HS HA HK HSs Hs m a.
  assert (Hm : (m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  assert (Mm := mu_pos d mu rho HS m Hm). assert (S2 := sqrt2_pos). assert (Hr := proj1 (proj2 HS)).
  assert (WS := w_pos d mu alpha HA S (K S) m Hm).
  set (ph := fun x => exp (mu m ^ 2 * K S) * exp (0 * x - mu m ^ 2 * K x)).
  set (psi := fun x => ph x - a * exp (- mu m * (x - S))).
  assert (Eph : forall x, ph x = exp (- mu m ^ 2 * (K x - K S))).
  { intros x; unfold ph; rewrite <- exp_plus; f_equal; ring. }
  assert (Ha : 0 < a) by (apply Rdiv_lt_0_compat; [exact Hr|now apply Rmult_lt_0_compat]).
  assert (L : psi S <= psi s).
  { apply (derive_nonneg_le psi (fun x => (0 - mu m ^ 2 * c_of d mu alpha rho x (K x)) * ph x
      - - mu m * (a * exp (- mu m * (x - S))))); [lra| |].
    - intros x Hx. assert (U : until T x) by (apply (until_le T x s Hs); lra).
      apply (is_derive_minus ph (fun x => a * exp (- mu m * (x - S)))).
      + apply is_derive_exp_path, (proj2 HK), U.
      + auto_derive; [exact I|]. replace (x + - S) with (x - S) by ring. ring.
    - intros x Hx. assert (P := n_pos d mu alpha rho HS HA x (K x)).
      assert (Hn := n_ge_term d mu alpha rho HS HA x (K x) m Hm).
      assert (W : w_of mu alpha x (K x) m = w_of mu alpha S (K S) m * (exp (mu m * (x - S)) * ph x)).
      { rewrite Eph, <- exp_plus, (w_step mu alpha K S x m). do 2 f_equal; ring. }
      assert (Pp : 0 < ph x) by (rewrite Eph; apply exp_pos).
      assert (X := exp_pos (mu m * (x - S))).
      assert (Wp := w_pos d mu alpha HA x (K x) m Hm).
      assert (C : c_of d mu alpha rho x (K x) <= rho / (sqrt 2 * (mu m * w_of mu alpha x (K x) m))).
      { unfold c_of. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar.
        - apply Rmult_lt_0_compat; [exact S2|now apply Rmult_lt_0_compat].
        - apply Rmult_le_compat_l; lra. }
      assert (D : mu m ^ 2 * (rho / (sqrt 2 * (mu m * w_of mu alpha x (K x) m))) * ph x
        = mu m * (a * exp (- mu m * (x - S)))).
      { rewrite W. replace (- mu m * (x - S)) with (- (mu m * (x - S))) by ring. rewrite exp_Ropp.
        unfold a; field; repeat split; lra. }
      assert (mu m ^ 2 * c_of d mu alpha rho x (K x) * ph x
        <= mu m ^ 2 * (rho / (sqrt 2 * (mu m * w_of mu alpha x (K x) m))) * ph x).
      { apply Rmult_le_compat_r; [lra|]. apply Rmult_le_compat_l; [apply pow2_ge_0|exact C]. }
      lra. }
  unfold psi in L; rewrite !Eph in L.
  replace (- mu m ^ 2 * (K S - K S)) with 0 in L by ring. replace (- mu m * (S - S)) with 0 in L by ring.
  rewrite exp_0 in L. assert (X := exp_pos (- mu m * (s - S))).
  assert (0 < a * exp (- mu m * (s - S))) by now apply Rmult_lt_0_compat. lra.
Qed.

(* 0 <= K(s) - K(S) <= -log(1 - a)/mu_d^2 <= a/((1 - a) mu_d^2), a = rho/(sqrt 2 w_d(S)) < 1 *)
Theorem tail_bound : forall d mu rho alpha T th S s, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> 0 <= S <= s -> until T s ->
  let m := (d - 1)%nat in let a := rho / (sqrt 2 * th S 0%nat m) in a < 1 ->
  0 <= K_at d mu rho th s - K_at d mu rho th S <= - ln (1 - a) / mu m ^ 2 /\
  - ln (1 - a) / mu m ^ 2 <= a / ((1 - a) * mu m ^ 2).
Proof.
  intros d mu rho alpha T th S s HS HA H1 H2 HSs Hs m a Ha.
  assert (Hm : (m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  assert (Mm := mu_pos d mu rho HS m Hm). assert (M2 : 0 < mu m ^ 2) by (apply pow_lt, Mm).
  assert (US : until T S) by (apply (until_le T S s Hs); lra).
  destruct (K_at_path d mu rho alpha T th HS HA H1 H2) as (K & HK & HW).
  destruct (HW s Hs) as [Es _]; destruct (HW S US) as [ES Ew]. rewrite <- Es, <- ES.
  assert (L := tail_path d mu alpha rho T K S s HS HA HK HSs Hs). cbv zeta in L. fold m in L.
  unfold a in *; rewrite Ew in * by (auto; lia). clear a.
  set (a := rho / (sqrt 2 * w_of mu alpha S (K S) m)) in *.
  assert (Kr := K_rises d mu alpha rho HS HA T K HK S s HSs Hs).
  split; [split; [lra|]|].
  - apply Rmult_le_reg_r with (1 := M2). unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply ln_le in L; [|lra]. rewrite ln_exp in L. lra.
  - replace (a / ((1 - a) * mu m ^ 2)) with (a / (1 - a) / mu m ^ 2) by (field; lra).
    apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|].
    rewrite <- ln_Rinv by lra.
    assert (P : 0 < / (1 - a)) by (apply Rinv_0_lt_compat; lra).
    assert (Q := exp_ineq1_le (ln (/ (1 - a)))). rewrite exp_ln in Q by exact P.
    replace (a / (1 - a)) with (/ (1 - a) - 1) by (field; lra). lra.
Qed.

(* The page's bound: w_d(S) > e rho/sqrt 2 gives 0 <= K(s) - K(S) <= e rho/(sqrt 2 mu_d^2 w_d(S)). *)
Theorem tail_bound_e : forall d mu rho alpha T th S s, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> 0 <= S <= s -> until T s ->
  let m := (d - 1)%nat in exp 1 * rho / sqrt 2 < th S 0%nat m ->
  0 <= K_at d mu rho th s - K_at d mu rho th S <= exp 1 * rho / (sqrt 2 * mu m ^ 2 * th S 0%nat m).
Proof.
  intros d mu rho alpha T th S s HS HA H1 H2 HSs Hs m Hw.
  assert (Hm : (m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  assert (Mm := mu_pos d mu rho HS m Hm). assert (M2 : 0 < mu m ^ 2) by (apply pow_lt, Mm).
  assert (S2 := sqrt2_pos). assert (Hr := proj1 (proj2 HS)).
  assert (E2 := exp_ineq1_le 1). assert (E0 := exp_pos 1).
  assert (W : 0 < th S 0%nat m).
  { apply Rlt_trans with (2 := Hw). apply Rdiv_lt_0_compat; [now apply Rmult_lt_0_compat|exact S2]. }
  assert (B := tail_bound d mu rho alpha T th S s HS HA H1 H2 HSs Hs). cbv zeta in B. fold m in B.
  set (a := rho / (sqrt 2 * th S 0%nat m)) in *.
  assert (A0 : 0 < a) by (apply Rdiv_lt_0_compat; [exact Hr|now apply Rmult_lt_0_compat]).
  assert (Ae : exp 1 * a < 1).
  { apply Rmult_lt_reg_r with (th S 0%nat m); [exact W|].
    replace (exp 1 * a * th S 0%nat m) with (exp 1 * rho / sqrt 2) by (unfold a; field; lra). lra. }
  assert (A2 : 2 * a < 1).
  { apply Rle_lt_trans with (2 := Ae). apply Rmult_le_compat_r; lra. }
  destruct (B ltac:(lra)) as [[B0 B1] B2]. split; [exact B0|].
  apply Rle_trans with (1 := B1), Rle_trans with (1 := B2).
  replace (exp 1 * rho / (sqrt 2 * mu m ^ 2 * th S 0%nat m)) with (exp 1 * a / mu m ^ 2) by (unfold a;
    field; lra).
  replace (a / ((1 - a) * mu m ^ 2)) with (a / (1 - a) / mu m ^ 2) by (field; lra).
  apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|].
  apply Rmult_le_reg_r with (1 - a); [lra|].
  replace (a / (1 - a) * (1 - a)) with a by (field; lra). nra.
Qed.

(* Growth is certain as soon as w_d > rho/sqrt 2. *)
Theorem growth_by_major : forall d mu rho alpha T th S, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> until T S ->
  rho / sqrt 2 < th S 0%nat (d - 1)%nat -> grows d mu rho alpha.
Proof.
  intros d mu rho alpha T th S HS HA H1 H2 US Hw. set (m := (d - 1)%nat) in *.
  assert (Hm : (0 < m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  assert (Mm := mu_pos d mu rho HS m (proj2 Hm)). assert (M2 : 0 < mu m ^ 2) by (apply pow_lt, Mm).
  destruct (balanced_K d mu rho alpha T th H1 H2) as (K & HK & HW).
  rewrite (HW S US) in Hw by lia.
  assert (WS := w_pos d mu alpha HA S (K S) m (proj2 Hm)). assert (S2 := sqrt2_pos).
  set (a := rho / (sqrt 2 * w_of mu alpha S (K S) m)).
  assert (Ha : 0 < 1 - a).
  { assert (a < 1); [|lra]. unfold a. apply Rmult_lt_reg_r with (w_of mu alpha S (K S) m); [exact WS|].
    replace (rho / (sqrt 2 * w_of mu alpha S (K S) m) * w_of mu alpha S (K S) m) with (rho / sqrt 2)
      by (field; lra). lra. }
  assert (Bd : forall T' K', K_path d mu alpha rho T' K' -> until T' S -> forall s, S <= s -> until T' s ->
    K' s <= K S - ln (1 - a) / mu m ^ 2).
  { intros T' K' HK' US' s Hs Us. assert (E := K_unique d mu rho alpha _ _ K K' HS HA HK HK' S US US').
    assert (L := tail_path d mu alpha rho T' K' S s HS HA HK' (conj (proj1 US) Hs) Us). cbv zeta in L.
    fold m in L. rewrite <- E in L. fold a in L. apply ln_le in L; [|exact Ha]. rewrite ln_exp in L.
    apply Rmult_le_reg_r with (1 := M2).
    replace ((K S - ln (1 - a) / mu m ^ 2) * mu m ^ 2) with (K S * mu m ^ 2 - ln (1 - a)) by (field; lra).
    lra. }
  destruct (one_fate d mu rho HS alpha HA) as [(t & K' & Ht & HK' & HF)|[G|(K' & HK' & HU)]];
    [exfalso|now apply growth_flow|exfalso].
  - assert (US' : until t S).
    { split; [apply US|]. assert (L := full_longest d mu rho alpha t K' T K HS HA Ht HK' HF HK).
      apply Rbar_lt_le_trans with (2 := L). apply US. }
    destruct HF as [E|[t' [E HF]]]; [discriminate|].
    destruct (HF (Rmax (K' S) (K S - ln (1 - a) / mu m ^ 2))) as [s [Us HM]].
    assert (M1 := Rmax_l (K' S) (K S - ln (1 - a) / mu m ^ 2)).
    assert (M3 := Rmax_r (K' S) (K S - ln (1 - a) / mu m ^ 2)).
    destruct (Rle_lt_dec S s) as [Hle|Hlt].
    + assert (Q := Bd t K' HK' US' s Hle Us). lra.
    + assert (Q := K_rises d mu alpha rho HS HA t K' HK' s S (conj (proj1 Us) (Rlt_le _ _ Hlt)) US'). lra.
  - assert (L := saddle_others d mu alpha rho HS HA K' HK' HU m Hm).
    assert (US' := proj2 (until_infty S) (proj1 US)). assert (S0 := proj1 US).
    set (lo := alpha m * exp (- mu m ^ 2 * (K S - ln (1 - a) / mu m ^ 2))).
    assert (Lo : 0 < lo) by (apply Rmult_lt_0_compat; [apply HA; lia|apply exp_pos]).
    assert (Le : Rbar_le lo 0).
    { apply (is_lim_le_loc (fun _ => lo) (fun s => w_of mu alpha s (K' s) m) p_infty);
        [|apply is_lim_const|exact L].
      exists S; intros s Hs. assert (Us := proj2 (until_infty s) ltac:(lra)).
      assert (Q := Bd p_infty K' HK' US' s (Rlt_le _ _ Hs) Us). unfold lo, w_of.
      apply Rmult_le_compat_l; [left; apply HA; lia|]. apply exp_le.
      assert (mu m ^ 2 * K' s <= mu m ^ 2 * (K S - ln (1 - a) / mu m ^ 2)) by (apply Rmult_le_compat_l; lra).
      assert (0 <= mu m * s) by (apply Rmult_le_pos; lra). lra. }
    simpl in Le; lra.
Qed.
