(* 2-SAM at depth 2 from uniform starts: the solution depends continuously on alpha_0, so growth and
   collapse are open; existence of the critical start alpha-star (MATH.md 5.2; page proofs/thm-4.5.md, "One
   alpha-star"), for the scalar equation.  Applied to the flow in Thm_4_5.v. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Picard Reduction Reduction_exists Reduction_flow.
From SamProofs Require Import Two_SAM Reduction_balanced Two_SAM_fates Two_SAM_compare Two_SAM_critical.
Open Scope R_scope.

Section Open.
Context (d : nat) (mu : nat -> R) (rho : R) (HS : setting d mu rho).

Lemma uniform_positive : forall a, 0 < a -> positive d (uniform a).
Proof. intros a Ha j _; exact Ha. Qed.

(* The curve of Reduction_exists.v (K as a function of s + K) from the start a (1, .., 1). *)
Definition XU (a y : R) : R := X_of d mu (fun j => uniform a j + uniform a j)
  (fun j => uniform a j - uniform a j) rho y.

Definition GU (a y x : R) : R := G_of d mu (fun j => uniform a j + uniform a j)
  (fun j => uniform a j - uniform a j) rho y x.

Lemma uniform_nonzero : forall a, 0 < a ->
  nonzero_start d mu (fun j => uniform a j + uniform a j) (fun j => uniform a j - uniform a j).
Proof.
  intros a Ha; apply (nonzero_start_pq d mu (uniform a) (uniform a)), (positive_nonzero d mu rho); auto.
  now apply uniform_positive.
Qed.

Lemma uniform_curve : forall a, 0 < a -> exists T K,
  Rbar_lt 0 T /\ K_path d mu (uniform a) rho T K /\ full T K /\
  (forall y, 0 <= y -> until T (y - XU a y) /\ K (y - XU a y) = XU a y) /\
  (forall s, until T s -> exists y, 0 <= y /\ s = y - XU a y).
Proof.
  intros a Ha.
  destruct (scalar_exists_curve d mu _ _ rho (proj1 (proj2 HS)) (uniform_nonzero a Ha))
    as (T & K & HT & HK & H1 & H2).
  exists T, K; split; [exact HT|split; [now apply K_path_scalar|split; [|split; [exact H1|exact H2]]]].
  now apply curve_full with (2 := H1).
Qed.

(* N is proportional to the start. *)
Lemma n_of_scale : forall a s x, 0 <= a -> n_of d mu (uniform a) s x = a * n_of d mu (uniform 1) s x.
Proof.
  intros a s x Ha; unfold n_of, norm_mu_w.
  transitivity (sqrt (a ^ 2) * sqrt (vsum d (fun j => (mu j * w_of mu (uniform 1) s x j) ^ 2)));
    [|now rewrite sqrt_pow2]. rewrite <- sqrt_mult_alt by apply pow2_ge_0.
  f_equal; rewrite <- vsum_scal; apply vsum_ext; intros; unfold w_of, uniform; ring.
Qed.

Lemma field_in_start : forall a a0 y x, 0 < a -> 0 < a0 ->
  Rabs (GU a y x - GU a0 y x) <= Rabs (ln a - ln a0).
Proof.
  intros a a0 y x Ha Ha0; unfold GU, G_of; rewrite !N_of_balanced.
  assert (P := fun a Ha => n_pos d mu (uniform a) rho HS (uniform_positive a Ha) (y - x) x).
  assert (S2 := sqrt2_pos).
  assert (R : forall b b', 0 < b -> 0 < b' ->
    sqrt 2 * n_of d mu (uniform b') (y - x) x
    <= exp (Rabs (ln b - ln b')) * (sqrt 2 * n_of d mu (uniform b) (y - x) x)).
  { intros b b' Hb Hb'. rewrite (n_of_scale b), (n_of_scale b') by lra.
    assert (P1 := P 1 ltac:(lra)).
    assert (E : b' <= exp (Rabs (ln b - ln b')) * b).
    { rewrite <- (exp_ln b) at 2 by exact Hb; rewrite <- exp_plus.
      rewrite <- (exp_ln b') at 1 by exact Hb'; apply exp_le.
      assert (Q := Rle_abs (- (ln b - ln b'))); rewrite Rabs_Ropp in Q; lra. }
    replace (exp (Rabs (ln b - ln b')) * (sqrt 2 * (b * n_of d mu (uniform 1) (y - x) x)))
      with (exp (Rabs (ln b - ln b')) * b * (sqrt 2 * n_of d mu (uniform 1) (y - x) x)) by ring.
    replace (sqrt 2 * (b' * n_of d mu (uniform 1) (y - x) x))
      with (b' * (sqrt 2 * n_of d mu (uniform 1) (y - x) x)) by ring.
    apply Rmult_le_compat_r; [left; now apply Rmult_lt_0_compat|exact E]. }
  apply bounded_field_close.
  - apply HS.
  - apply Rmult_lt_0_compat; [exact S2|now apply P].
  - apply Rmult_lt_0_compat; [exact S2|now apply P].
  - apply Rabs_pos.
  - now apply R.
  - rewrite Rabs_minus_sym; now apply R.
Qed.

(* a |-> XU a y is continuous. *)
Lemma XU_continuous : forall a0 y, 0 < a0 -> 0 <= y -> continuous (fun a => XU a y) a0.
Proof.
  intros a0 y Ha0 Hy; apply filterlim_locally; intros e.
  set (Lam := Lam_of d mu).
  assert (HL : 0 < Lam) by exact (proj1 (G_lipschitz d mu _ _ rho (proj1 (proj2 HS))
    (uniform_nonzero a0 Ha0))).
  assert (E := exp_pos (2 * Lam * (y - 0))).
  set (eta := e / 2 / exp (2 * Lam * (y - 0))).
  assert (He : 0 < eta) by (assert (Ep := cond_pos e); apply Rdiv_lt_0_compat; lra).
  assert (HLe : 0 < Lam * eta) by now apply Rmult_lt_0_compat.
  assert (L1 : locally a0 (fun a => 0 < a)) by exact (open_gt 0 a0 Ha0).
  assert (L2 : locally a0 (fun a => Rabs (ln a - ln a0) < Lam * eta)).
  { assert (C : continuous ln a0) by now apply continuous_ln.
    exact (proj1 (filterlim_locally ln (ln a0)) C (mkposreal _ HLe)). }
  generalize (filter_and _ _ L1 L2); apply filter_imp; intros a [Ha Hln].
  assert (B : Rabs (XU a y - XU a0 y) <= eta * exp (2 * Lam * (y - 0))).
  { assert (Hr := proj1 (proj2 HS)).
    assert (Z := fun b Hb => X_0 d mu _ _ rho Hr (uniform_nonzero b Hb)).
    assert (D := fun b Hb => X_derive d mu _ _ rho Hr (uniform_nonzero b Hb)).
    apply (gronwall (XU a) (XU a0) (fun q => GU a q (XU a q)) (fun q => GU a0 q (XU a0 q)) Lam (Rabs
      (ln a - ln a0)) eta 0 y HL Hy Hln).
    - unfold XU; rewrite (Z a Ha), (Z a0 Ha0), Rminus_0_r, Rabs_R0; exact He.
    - intros q Hq; exact (D a Ha q (proj1 Hq)).
    - intros q Hq; exact (D a0 Ha0 q (proj1 Hq)).
    - intros q Hq; replace (GU a q (XU a q) - GU a0 q (XU a0 q)) with
        ((GU a q (XU a q) - GU a q (XU a0 q)) + (GU a q (XU a0 q) - GU a0 q (XU a0 q))) by ring.
      apply Rle_trans with (1 := Rabs_triang _ _). apply Rplus_le_compat.
      + exact (proj2 (G_lipschitz d mu _ _ rho Hr (uniform_nonzero a Ha)) q (XU a q) (XU a0 q)).
      + exact (field_in_start a a0 q (XU a0 q) Ha Ha0). }
  unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
  apply Rle_lt_trans with (1 := B). unfold eta.
  replace (e / 2 / exp (2 * Lam * (y - 0)) * exp (2 * Lam * (y - 0))) with (e / 2) by (field; lra).
  assert (Ep := cond_pos e); lra.
Qed.

(* ---------- n and f at a fixed point of the curve, as functions of the start ---------- *)

Lemma w_continuous : forall (A s x : R -> R) y j, continuous A y -> continuous s y -> continuous x y ->
  continuous (fun b => w_of mu (uniform (A b)) (s b) (x b) j) y.
Proof.
  intros A s x y j HA Hs Hx; unfold w_of, uniform.
  apply (continuous_mult A (fun b => exp (mu j * s b - mu j ^ 2 * x b))); [exact HA|].
  apply (continuous_comp (fun b => mu j * s b - mu j ^ 2 * x b) exp); [|apply continuous_exp].
  apply (continuous_minus (fun b => mu j * s b) (fun b => mu j ^ 2 * x b)).
  - apply (continuous_scal_r (mu j) s); exact Hs.
  - apply (continuous_scal_r (mu j ^ 2) x); exact Hx.
Qed.

Lemma S_continuous : forall (A s x : R -> R) y k, continuous A y -> continuous s y -> continuous x y ->
  continuous (fun b => S_of d mu (uniform (A b)) k (s b) (x b)) y.
Proof.
  intros A s x y k HA Hs Hx; unfold S_of.
  apply (continuous_vsum d (fun j b => mu j ^ k * w_of mu (uniform (A b)) (s b) (x b) j ^ 2)); intros j Hj.
  apply (continuous_scal_r (mu j ^ k) (fun b => w_of mu (uniform (A b)) (s b) (x b) j ^ 2)).
  apply (continuous_pow 2 (fun b => w_of mu (uniform (A b)) (s b) (x b) j)). now apply w_continuous.
Qed.

Lemma n_continuous : forall (A s x : R -> R) y, continuous A y -> continuous s y -> continuous x y ->
  continuous (fun b => n_of d mu (uniform (A b)) (s b) (x b)) y.
Proof.
  intros A s x y HA Hs Hx; unfold n_of, norm_mu_w.
  apply (continuous_comp (fun b => vsum d (fun j => (mu j * w_of mu (uniform (A b)) (s b)
    (x b) j) ^ 2)) sqrt);
    [|apply continuous_sqrt].
  apply (continuous_vsum d (fun j b => (mu j * w_of mu (uniform (A b)) (s b) (x b) j) ^ 2)); intros j Hj.
  apply (continuous_pow 2 (fun b => mu j * w_of mu (uniform (A b)) (s b) (x b) j)).
  apply (continuous_scal_r (mu j) (fun b => w_of mu (uniform (A b)) (s b) (x b) j)). now apply w_continuous.
Qed.

Lemma f_continuous : forall (A s x : R -> R) y, continuous A y -> continuous s y -> continuous x y ->
  continuous (fun b => f_of d mu (uniform (A b)) rho (s b) (x b)) y.
Proof.
  intros A s x y HA Hs Hx; unfold f_of.
  apply (continuous_minus (fun b => n_of d mu (uniform (A b)) (s b) (x b) * S_of d mu (uniform (A b)) 3
    (s b) (x b))
    (fun b => rho / sqrt 2 * S_of d mu (uniform (A b)) 4 (s b) (x b))).
  - apply (continuous_mult (fun b => n_of d mu (uniform (A b)) (s b) (x b))
      (fun b => S_of d mu (uniform (A b)) 3 (s b) (x b))); [now apply n_continuous|now apply S_continuous].
  - apply (continuous_scal_r (rho / sqrt 2) (fun b => S_of d mu (uniform (A b)) 4 (s b) (x b))).
    now apply S_continuous.
Qed.

Lemma curve_time_continuous : forall a0 y, 0 < a0 -> 0 <= y -> continuous (fun a => y - XU a y) a0.
Proof.
  intros a0 y Ha0 Hy; apply (continuous_minus (fun _ => y) (fun a => XU a y));
    [apply continuous_const|now apply XU_continuous].
Qed.

(* ---------- growth and collapse are open ---------- *)

Lemma growth_open : forall a0, 0 < a0 -> grows_K d mu rho (uniform a0) ->
  locally a0 (fun a => 0 < a -> grows_K d mu rho (uniform a)).
Proof.
  intros a0 Ha0 HG. assert (HA0 := uniform_positive a0 Ha0).
  destruct (uniform_curve a0 Ha0) as (T & K & HT & HK & HF & _ & Hback).
  destruct HG as (K' & HK' & s0 & Hs0 & Hf).
  assert (U' := proj2 (until_infty s0) Hs0).
  assert (U : until T s0).
  { destruct T as [t| |]; [exfalso|exact U'|contradiction].
    apply (collapse_not_global d mu rho HS (uniform a0) K' HA0); [exists t, K; auto|exact HK']. }
  rewrite (K_unique d mu rho (uniform a0) _ _ K' K HS HA0 HK' HK s0 U' U) in Hf.
  destruct (Hback s0 U) as [y [Hy E]].
  destruct (uniform_curve a0 Ha0) as (T1 & K1 & HT1 & HK1 & _ & Hc1 & _).
  destruct (Hc1 y Hy) as [U1 EK]. rewrite <- E in U1, EK.
  rewrite (K_unique d mu rho (uniform a0) _ _ K K1 HS HA0 HK HK1 s0 U U1), EK, E in Hf.
  assert (C := f_continuous (fun a => a) (fun a => y - XU a y) (fun a => XU a y) a0 (continuous_id a0)
    (curve_time_continuous a0 y Ha0 Hy) (XU_continuous a0 y Ha0 Hy)).
  destruct (continuous_pos_near _ a0 C Hf) as [e [He Hnear]].
  exists (mkposreal e He); intros a Hball Ha. specialize (Hnear a Hball).
  destruct (uniform_curve a Ha) as (Ta & Ka & HTa & HKa & HFa & Hca & _).
  destruct (Hca y Hy) as [Ua EKa]. rewrite <- EKa in Hnear at 2.
  assert (Einf := growth_global d mu (uniform a) rho HS (uniform_positive a Ha) Ta Ka HKa _ Ua HFa
    (Rlt_le _ _ Hnear)).
  subst Ta. exists Ka; split; [exact HKa|]. exists (y - XU a y); split; [apply Ua|exact Hnear].
Qed.

Lemma collapse_open : forall a0, 0 < a0 -> collapses_K d mu rho (uniform a0) ->
  locally a0 (fun a => 0 < a -> collapses_K d mu rho (uniform a)).
Proof.
  intros a0 Ha0 HC. assert (HA0 := uniform_positive a0 Ha0).
  destruct (uniform_curve a0 Ha0) as (T & K & HT & HK & HF & Hc & Hback).
  destruct T as [t| |]; [|exfalso; now apply (collapse_not_global d mu rho HS
    (uniform a0) K HA0)|contradiction].
  destruct (collapse_reached d mu (uniform a0) rho t K HS HA0 HK HF HT) as [s [Us Hn]].
  destruct (Hback s Us) as [y [Hy E]]. destruct (Hc y Hy) as [_ EK]. rewrite <- E in EK. rewrite EK, E in Hn.
  assert (C := n_continuous (fun a => a) (fun a => y - XU a y) (fun a => XU a y) a0 (continuous_id a0)
    (curve_time_continuous a0 y Ha0 Hy) (XU_continuous a0 y Ha0 Hy)).
  assert (C2 : continuous (fun a => rho / sqrt 2 * mu 0%nat - n_of d mu (uniform a) (y - XU a y)
    (XU a y)) a0).
  { apply (continuous_minus (fun _ => rho / sqrt 2 * mu 0%nat)
      (fun a => n_of d mu (uniform a) (y - XU a y) (XU a y))); [apply continuous_const|exact C]. }
  destruct (continuous_pos_near _ a0 C2 ltac:(lra)) as [e [He Hnear]].
  exists (mkposreal e He); intros a Hball Ha. specialize (Hnear a Hball).
  destruct (uniform_curve a Ha) as (Ta & Ka & HTa & HKa & HFa & Hca & _).
  destruct (Hca y Hy) as [Ua EKa]. rewrite <- EKa in Hnear at 2.
  assert (Fin := collapse_finite d mu (uniform a) rho HS (uniform_positive a Ha) Ta Ka HKa _ Ua ltac:(lra)).
  destruct Ta as [ta| |]; [|now elim Fin|contradiction]. exists ta, Ka; auto.
Qed.

(* ---------- alpha-star ---------- *)

Lemma uniform_lt : forall a b, a < b -> forall j, (j < d)%nat -> uniform a j < uniform b j.
Proof. intros a b H j _; exact H. Qed.

Definition alpha_low : R := rho * mu 0%nat / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2))).
Definition alpha_up : R := rho * vsum d (fun j => mu j ^ 4)
  / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2)) * vsum d (fun j => mu j ^ 3)).

Lemma S_start : forall a k, S_of d mu (uniform a) k 0 0 = a ^ 2 * vsum d (fun j => mu j ^ k).
Proof.
  intros; unfold S_of; rewrite <- vsum_scal; apply vsum_ext; intros; unfold w_of, uniform.
  rewrite !Rmult_0_r, Rminus_0_r, exp_0; ring.
Qed.

Lemma n_start : forall a, 0 <= a -> n_of d mu (uniform a) 0 0 = a * sqrt (vsum d (fun j => mu j ^ 2)).
Proof.
  intros a Ha; rewrite n_of_scale by exact Ha; f_equal; unfold n_of, norm_mu_w; f_equal; apply vsum_ext.
  intros; unfold w_of, uniform; rewrite !Rmult_0_r, Rminus_0_r, exp_0; ring.
Qed.

Lemma power_sum_pos : forall k, 0 < vsum d (fun j => mu j ^ k).
Proof.
  intros k; apply vsum_pos; [exact (d_pos d mu rho HS)|]; intros; apply pow_lt, (mu_pos d mu rho HS);
    assumption.
Qed.

Lemma norm_mu_pos : 0 < sqrt (vsum d (fun j => mu j ^ 2)).
Proof. apply sqrt_lt_R0, power_sum_pos. Qed.

Lemma alpha_low_pos : 0 < alpha_low.
Proof.
  apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat; apply HS|].
  apply Rmult_lt_0_compat; [apply sqrt2_pos|apply norm_mu_pos].
Qed.

Lemma collapse_alpha_low : forall a, 0 < a -> a <= alpha_low -> collapses_K d mu rho (uniform a).
Proof.
  intros a Ha H; apply (collapse_low d mu rho HS); [now apply uniform_positive|].
  rewrite n_start by lra. assert (P := norm_mu_pos). assert (S2 := sqrt2_pos).
  apply Rmult_le_compat_r with (r := sqrt (vsum d (fun j => mu j ^ 2))) in H; [|lra].
  unfold alpha_low in H. replace (rho / sqrt 2 * mu 0%nat) with
    (rho * mu 0%nat / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2))) * sqrt (vsum d (fun j => mu j ^ 2)))
    by (field; lra). exact H.
Qed.

(* n'(0) >= 0 exactly from alpha_up on. *)
Lemma f_start : forall a, 0 < a -> (0 <= f_of d mu (uniform a) rho 0 0 <-> alpha_up <= a).
Proof.
  intros a Ha; unfold f_of, alpha_up; rewrite !S_start, n_start by lra.
  assert (P := norm_mu_pos). assert (S2 := sqrt2_pos).
  assert (P3 := power_sum_pos 3). assert (P4 := power_sum_pos 4).
  set (m := sqrt (vsum d (fun j => mu j ^ 2))) in *.
  set (s3 := vsum d (fun j => mu j ^ 3)) in *. set (s4 := vsum d (fun j => mu j ^ 4)) in *.
  assert (Q : 0 < sqrt 2 * m * s3) by (repeat apply Rmult_lt_0_compat; assumption).
  assert (A2 : 0 < a ^ 2 * / sqrt 2) by (apply Rmult_lt_0_compat;
    [now apply pow_lt|now apply Rinv_0_lt_compat]).
  replace (a * m * (a ^ 2 * s3) - rho / sqrt 2 * (a ^ 2 * s4))
    with (a ^ 2 * / sqrt 2 * (a * (sqrt 2 * m * s3) - rho * s4)) by (field; lra).
  split; intros H.
  - apply Rmult_le_reg_r with (1 := Q). unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply Rnot_lt_le; intros Hn.
    assert (a ^ 2 * / sqrt 2 * (a * (sqrt 2 * m * s3) - rho * s4) < a ^ 2 * / sqrt 2 * 0)
      by (apply Rmult_lt_compat_l; lra). lra.
  - apply Rmult_le_compat_r with (r := sqrt 2 * m * s3) in H; [|lra].
    unfold Rdiv in H; rewrite Rmult_assoc, Rinv_l, Rmult_1_r in H by lra.
    apply Rmult_le_pos; lra.
Qed.

Theorem alpha_star_exists : exists a_star, alpha_low < a_star < alpha_up /\
  (forall a, 0 < a < a_star -> collapses_K d mu rho (uniform a)) /\
  (forall a, a_star < a -> grows_K d mu rho (uniform a)) /\
  saddle_K d mu rho (uniform a_star).
Proof.
  assert (UP := uniform_positive). assert (PL := alpha_low_pos).
  set (E := fun a => 0 < a /\ collapses_K d mu rho (uniform a)).
  assert (HG : forall a, 0 < a -> alpha_up <= a -> grows_K d mu rho (uniform a)).
  { intros a Ha H; apply (growth_high d mu rho HS); [now apply UP|now apply f_start]. }
  assert (HE : forall a b, 0 < a -> a < b -> grows_K d mu rho (uniform a) \/ saddle_K d mu rho (uniform a) ->
    grows_K d mu rho (uniform b)).
  { intros a b Ha Hab; apply (growth_up d mu rho HS); [now apply UP|now apply uniform_lt]. }
  assert (HUp : forall b, E b -> b < alpha_up).
  { intros b [Hb Cb]; apply Rnot_le_lt; intros H.
    apply (collapse_not_growth d mu rho HS (uniform b)); auto. }
  destruct (completeness E) as [st [Hub Hlub]].
  { exists alpha_up; intros b Hb; left; now apply HUp. }
  { exists alpha_low; split; [exact PL|apply collapse_alpha_low; lra]. }
  assert (L0 : alpha_low <= st).
  { apply Hub; split; [exact PL|apply collapse_alpha_low; lra]. }
  assert (Below : forall a, 0 < a < st -> collapses_K d mu rho (uniform a)).
  { intros a Ha. destruct (one_fate d mu rho HS (uniform a)) as [C|G]; [apply UP; lra|exact C|exfalso].
    assert (st <= a); [|lra]. apply Hlub; intros b [Hb Cb]; apply Rnot_lt_le; intros Hab.
    apply (collapse_not_growth d mu rho HS (uniform b)); auto. apply (HE a b); auto; lra. }
  assert (Above : forall a, st < a -> grows_K d mu rho (uniform a)).
  { intros a Ha. apply (HE ((st + a) / 2) a); [lra|lra|].
    destruct (one_fate d mu rho HS (uniform ((st + a) / 2))) as [C|G]; [apply UP; lra|exfalso|exact G].
    assert ((st + a) / 2 <= st); [|lra]. apply Hub; split; [lra|exact C]. }
  assert (Sad : saddle_K d mu rho (uniform st)).
  { destruct (one_fate d mu rho HS (uniform st)) as [C|[G|Sd]]; [apply UP; lra| | |exact Sd]; exfalso.
    - destruct (collapse_open st ltac:(lra) C) as [e He].
      assert (Ep := cond_pos e).
      assert (B : ball st e (st + e / 2)).
      { unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
        replace (st + e / 2 + - st) with (e / 2) by ring. rewrite Rabs_pos_eq; lra. }
      apply (collapse_not_growth d mu rho HS (uniform (st + e / 2))); [apply UP; lra|apply He;
        [exact B|lra]|].
      apply Above; lra.
    - destruct (growth_open st ltac:(lra) G) as [e He].
      assert (Ep := cond_pos e). assert (M := Rmin_l (e / 2) (st / 2)).
      assert (M' := Rmin_r (e / 2) (st / 2)).
      assert (M0 : 0 < Rmin (e / 2) (st / 2)) by (apply Rmin_glb_lt; lra).
      set (x := Rmin (e / 2) (st / 2)) in *.
      assert (B : ball st e (st - x)).
      { unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
        replace (st - x + - st) with (- x) by ring. rewrite Rabs_Ropp, Rabs_pos_eq; lra. }
      apply (collapse_not_growth d mu rho HS (uniform (st - x))); [apply UP; lra|apply Below; lra|].
      apply He; [exact B|lra]. }
  exists st; split; [split|split; [exact Below|split; [exact Above|exact Sad]]].
  - destruct L0 as [L0|L0]; [exact L0|exfalso]. rewrite <- L0 in Sad.
    apply (collapse_not_saddle d mu rho HS (uniform alpha_low)); [now apply UP| |exact Sad].
    apply collapse_alpha_low; lra.
  - apply Rnot_le_lt; intros H.
    apply (growth_not_saddle d mu rho HS (uniform st)); [apply UP; lra| |exact Sad]. apply HG; lra.
Qed.
End Open.
