(* 2-SAM at depth 2 from a growing balanced start: how the original time t, dt/ds = 1 + e^z, compares with
   mu_d beta_d (MATH.md 5.4; page proofs/thm-4.2.md, "The remainder", in qualitative form), for the scalar
   equation of Two_SAM.v.
   The theorems about the flow are in Thm_4_2_law.v. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Clock Monotone Reduction Reduction_flow Two_SAM Reduction_balanced.
From SamProofs Require Import Two_SAM_fates Two_SAM_compare Two_SAM_critical Thm_4_5 Thm_4_2.
Open Scope R_scope.

(* z = sum mu_j beta_j (1 - c mu_j)^2 at a balanced point *)
Lemma margin_w : forall d mu rho alpha s K (th : params),
  (forall l j, (l < 2)%nat -> (j < d)%nat -> th l j = w_of mu alpha s K j) ->
  margin (perturb_2 2 d rho) 2 d mu th
  = vsum d (fun j => mu j * w_of mu alpha s K j ^ 2 * (1 - c_of d mu alpha rho s K * mu j) ^ 2).
Proof.
  intros d mu rho alpha s K th HW; unfold margin, predictor; apply vsum_ext; intros j Hj.
  unfold beta; cbn [vprod]; rewrite !sam_point_2 by lia.
  assert (EN : norm2 2 d (grad_pred 2 d mu th) = sqrt 2 * n_of d mu alpha s K).
  { rewrite norm2_depth2; unfold n_of; rewrite <- norm_depth2_balanced; unfold norm_depth2; f_equal.
    apply vsum_ext; intros i Hi; unfold balanced; now rewrite !HW by lia. }
  rewrite EN, !grad_pred_formula by lia. unfold vprod_but; cbn [vprod Nat.eqb]. rewrite !HW by lia.
  unfold c_of, Rdiv; ring.
Qed.

Section Law.
Context (d : nat) (mu alpha : nat -> R) (rho : R) (HS : setting d mu rho) (HA : positive d alpha).
Context (K : R -> R) (HK : K_path d mu alpha rho p_infty K) (Kinf : R) (HU : forall s, 0 <= s -> K s <= Kinf).
Context (HG : exists s0, 0 <= s0 /\ 0 < f_of d mu alpha rho s0 (K s0)).
Notation m := (d - 1)%nat.
Notation b j s := (w_of mu alpha s (K s) j ^ 2).
Notation c s := (c_of d mu alpha rho s (K s)).
Notation B s := (mu m * w_of mu alpha s (K s) m ^ 2).

Lemma m_lt : (m < d)%nat.
Proof. assert (Q := proj1 HS); lia. Qed.

Lemma b_pos : forall j s, (j < d)%nat -> 0 < b j s.
Proof. intros j s Hj; apply pow_lt; now apply (w_pos d). Qed.

Lemma B_pos : forall s, 0 < B s.
Proof. intros s; apply Rmult_lt_0_compat; [apply (mu_pos d mu rho HS), m_lt|apply b_pos, m_lt]. Qed.

(* B grows faster than any line: B >= kappa (1 + mu_d s)^2. *)
Lemma B_large : exists kappa, 0 < kappa /\ forall s, 0 <= s -> kappa * (1 + mu m * s) ^ 2 <= B s.
Proof.
  assert (Mm := mu_pos d mu rho HS m m_lt). assert (Am := HA m m_lt).
  exists (mu m * alpha m ^ 2 * exp (- 2 * mu m ^ 2 * Kinf)); split.
  - apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; [exact Mm|now apply pow_lt]|apply exp_pos].
  - intros s Hs. replace (B s) with (mu m * alpha m ^ 2 * exp (2 * (mu m * s) - 2 * mu m ^ 2 * K s)).
    2:{ unfold w_of. replace (2 * (mu m * s) - 2 * mu m ^ 2 * K s) with
      (mu m * s - mu m ^ 2 * K s + (mu m * s - mu m ^ 2 * K s)) by ring. rewrite exp_plus; ring. }
    rewrite !Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; [apply pow2_ge_0|].
    apply Rle_trans with (exp (- 2 * (mu m ^ 2 * Kinf)) * exp (2 * (mu m * s))).
    + apply Rmult_le_compat_l; [left; apply exp_pos|].
      replace (2 * (mu m * s)) with (mu m * s + mu m * s) by ring. rewrite exp_plus.
      assert (P := exp_ineq1_le (mu m * s)). assert (0 <= mu m * s) by (apply Rmult_le_pos; lra).
      simpl; rewrite Rmult_1_r. apply Rmult_le_compat; lra.
    + rewrite <- exp_plus; apply exp_le.
      assert (mu m ^ 2 * K s <= mu m ^ 2 * Kinf) by (apply Rmult_le_compat_l;
        [apply pow2_ge_0|now apply HU]). lra.
Qed.

(* (p + q s)/B -> 0 *)
Lemma line_over_B : forall p q, 0 <= p -> 0 <= q -> is_lim (fun s => (p + q * s) / B s) p_infty 0.
Proof.
  intros p q Hp Hq. destruct B_large as [kp [Hk HB]]. assert (Mm := mu_pos d mu rho HS m m_lt).
  set (C := (p + q / mu m) / kp).
  assert (HC : 0 <= C).
  { apply Rmult_le_pos; [|left; now apply Rinv_0_lt_compat].
    assert (0 <= q / mu m) by (apply Rmult_le_pos; [exact Hq|left; now apply Rinv_0_lt_compat]). lra. }
  assert (L : is_lim (fun s => C * / (mu m * s + 1)) p_infty 0).
  { assert (Q := is_lim_scal_l _ C _ _ (is_lim_inv _ _ _ (line_infinity (mu m) 1 Mm) ltac:(discriminate))).
    simpl in Q; rewrite Rmult_0_r in Q; exact Q. }
  apply is_lim_le_le_loc with (fun _ => 0) (fun s => C * / (mu m * s + 1)); [|apply is_lim_const|exact L].
  exists 0; intros s Hs. assert (P := B_pos s). assert (Ls := HB s ltac:(lra)).
  assert (Ms : 0 < mu m * s) by (apply Rmult_lt_0_compat; lra).
  assert (0 <= q * s) by (apply Rmult_le_pos; lra).
  split; [apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]|].
  apply Rle_trans with ((p + q * s) / (kp * (1 + mu m * s) ^ 2)).
  - apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; [|exact Ls].
    apply Rmult_lt_0_compat; [exact Hk|apply pow_lt; lra].
  - apply Rle_trans with ((p + q / mu m) * (1 + mu m * s) / (kp * (1 + mu m * s) ^ 2)).
    + apply Rmult_le_compat_r.
      { left; apply Rinv_0_lt_compat, Rmult_lt_0_compat; [exact Hk|apply pow_lt; lra]. }
      replace ((p + q / mu m) * (1 + mu m * s)) with (p + q * s + (p * (mu m * s) + q / mu m)) by (field;
        lra).
      assert (0 <= p * (mu m * s)) by (apply Rmult_le_pos; lra).
      assert (0 <= q / mu m) by (apply Rmult_le_pos; [exact Hq|left; now apply Rinv_0_lt_compat]). lra.
    + right; unfold C; field; lra.
Qed.

(* c -> 0 *)
Lemma c_to_0 : is_lim (fun s => c s) p_infty 0.
Proof.
  destruct HG as [s0 [H0 Hf]]. assert (d0 := d_pos d mu rho HS). assert (M := mu0_pos d mu rho HS).
  assert (L := growth_infty d mu alpha rho HS HA K HK s0 0%nat H0 (Rlt_le _ _ Hf) d0).
  assert (LN : is_lim (fun s => n_of d mu alpha s (K s)) p_infty p_infty).
  { apply infinity_by with (fun s => mu 0%nat * w_of mu alpha s (K s) 0%nat).
    - exists 0; intros s _; exact (n_ge_term d mu alpha rho HS HA s (K s) 0%nat d0).
    - now apply scal_infinity. }
  assert (Q := is_lim_scal_l _ (rho / sqrt 2) _ _ (is_lim_inv _ _ _ LN ltac:(discriminate))).
  simpl in Q; rewrite Rmult_0_r in Q. eapply is_lim_ext; [|exact Q].
  intros s; simpl; now rewrite (c_r d mu alpha rho HS HA).
Qed.

(* beta_j/beta_d -> 0 or 1 *)
Lemma ratio_limit : forall j, (j < d)%nat ->
  is_lim (fun s => mu j * b j s / B s) p_infty (if Nat.eqb j m then 1 else 0).
Proof.
  intros j Hj. assert (Mm := mu_pos d mu rho HS m m_lt). assert (Am := HA m m_lt).
  assert (Mj := mu_pos d mu rho HS j Hj).
  destruct (Nat.eqb_spec j m) as [->|Hn].
  - apply is_lim_ext with (fun _ => 1); [|apply is_lim_const].
    intros s; assert (P := B_pos s); field. split; [apply Rgt_not_eq; now apply (w_pos d)|lra].
  - assert (Mjm : mu j < mu m) by (destruct HS as (_ & _ & _ & Q); apply Q; lia).
    assert (Hc : is_lim (fun s => c s) p_infty 0) by exact c_to_0.
    assert (SL := slow_K K (fun s => c s) (2 * (mu m - mu j)) (2 * (mu m ^ 2 - mu j ^ 2)) ltac:(lra)
      ltac:(nra)
      (fun s Hs => proj2 HK s (proj2 (until_infty s) Hs)) Hc).
    assert (E := exp_minus_infinity _ (mu j * alpha j ^ 2 / (mu m * alpha m ^ 2)) SL).
    eapply is_lim_ext; [|exact E]. intros s; simpl; unfold w_of.
    replace (- (2 * (mu m - mu j) * s - 2 * (mu m * (mu m * 1) - mu j * (mu j * 1)) * K s)) with
      ((mu j * s - mu j ^ 2 * K s + (mu j * s - mu j ^ 2 * K s)) +
       - (mu m * s - mu m ^ 2 * K s + (mu m * s - mu m ^ 2 * K s))) by ring.
    rewrite exp_plus, exp_Ropp, !exp_plus. simpl.
    assert (X := exp_pos (mu m * s - mu m * (mu m * 1) * K s)). field; repeat split; lra.
Qed.

(* sum mu_j beta_j/(mu_d beta_d) -> 1 *)
Lemma sum_over_B : is_lim (fun s => vsum d (fun j => mu j * b j s) / B s) p_infty 1.
Proof.
  apply is_lim_ext with (fun s => vsum d (fun j => mu j * b j s / B s)).
  { intros s; unfold Rdiv; now rewrite vsum_scal_r. }
  replace (Finite 1) with (Finite (vsum d (fun j => if Nat.eqb j m then 1 else 0))).
  - apply (filterlim_vsum R (Rbar_locally' p_infty) _ d (fun j s => mu j * b j s / B s)
      (fun j => if Nat.eqb j m then 1 else 0)).
    intros j Hj; assert (Q := ratio_limit j Hj); destruct (Nat.eqb j m); exact Q.
  - f_equal; rewrite (vsum_single d _ m); [now rewrite Nat.eqb_refl|apply m_lt|].
    intros i Hi Hn; destruct (Nat.eqb_spec i m); [contradiction|reflexivity].
Qed.

Notation z := (fun s => vsum d (fun j => mu j * b j s * (1 - c s * mu j) ^ 2)).

(* Eventually c mu_d <= e. *)
Lemma c_small : forall e, 0 < e -> exists s1, 0 <= s1 /\ forall s, s1 <= s -> c s * mu m < e.
Proof.
  intros e He. assert (Mm := mu_pos d mu rho HS m m_lt).
  assert (P : 0 < e / mu m) by now apply Rdiv_lt_0_compat.
  destruct (c_to_0 (fun y => y < e / mu m) (open_lt (e / mu m) 0 P)) as [s0 Hs0].
  exists (Rmax 0 s0 + 1). assert (M1 := Rmax_l 0 s0); assert (M2 := Rmax_r 0 s0). split; [lra|].
  intros s Hs. assert (Q := Hs0 s ltac:(lra)). apply Rmult_lt_compat_r with (r := mu m) in Q; [|exact Mm].
  replace (e / mu m * mu m) with e in Q by (field; lra). exact Q.
Qed.

(* beta_d(s) <= beta_d(y) e^(2 mu_d (s - y)) *)
Lemma b_back : forall y s, 0 <= y <= s -> B s * exp (- 2 * mu m * (s - y)) <= B y.
Proof.
  intros y s Hys. assert (Mm := mu_pos d mu rho HS m m_lt). rewrite Rmult_assoc.
  apply Rmult_le_compat_l; [lra|].
  rewrite (w_step mu alpha K y s m).
  replace ((w_of mu alpha y (K y) m * exp (mu m * (s - y) - mu m ^ 2 * (K s - K y))) ^ 2 * exp
    (- 2 * mu m * (s - y)))
    with (b m y * exp (- 2 * mu m ^ 2 * (K s - K y))).
  2:{ replace (- 2 * mu m ^ 2 * (K s - K y)) with ((mu m * (s - y) - mu m ^ 2 * (K s - K y)) +
      (mu m * (s - y) - mu m ^ 2 * (K s - K y)) + - 2 * mu m * (s - y)) by ring. rewrite !exp_plus; ring. }
  rewrite <- (Rmult_1_r (b m y)) at 2. apply Rmult_le_compat_l; [left; apply b_pos, m_lt|].
  rewrite <- exp_0; apply exp_le.
  assert (Q := K_rises d mu alpha rho HS HA p_infty K HK y s Hys (proj2 (until_infty s) ltac:(lra))).
  assert (0 <= mu m ^ 2 * (K s - K y)) by (apply Rmult_le_pos; [apply pow2_ge_0|lra]). lra.
Qed.

(* After c mu_d <= 1 every beta_j rises. *)
Lemma b_rises : forall s1, 0 <= s1 -> (forall s, s1 <= s -> c s * mu m < 1) ->
  forall j y s, (j < d)%nat -> s1 <= y <= s -> b j y <= b j s.
Proof.
  intros s1 H1 Hc j y s Hj Hys. assert (Mj := mu_pos d mu rho HS j Hj).
  assert (Mle := mu_le_last d mu rho HS j Hj).
  apply pow_incr; split; [left; now apply (w_pos d)|].
  apply (derive_nonneg_le (fun x => w_of mu alpha x (K x) j)
    (fun x => (mu j - mu j ^ 2 * c x) * w_of mu alpha x (K x) j)); [lra| |].
  - intros x Hx; apply (D_w d mu alpha rho p_infty K HK), until_infty; lra.
  - intros x Hx. assert (Q := Hc x ltac:(lra)). assert (P := c_pos d mu alpha rho HS HA x (K x)).
    apply Rmult_le_pos; [|left; now apply (w_pos d)].
    assert (c x * mu j <= c x * mu m) by (apply Rmult_le_compat_l; lra).
    replace (mu j - mu j ^ 2 * c x) with (mu j * (1 - c x * mu j)) by ring. apply Rmult_le_pos; lra.
Qed.

Context (t : R -> R) (t0 : t 0 = 0) (Dt : forall s, 0 <= s -> is_derive t s (1 + exp (z s))).

Lemma t_above : forall s, 0 <= s -> s <= t s.
Proof.
  intros s Hs; assert (Q := derive_ge_line t (fun x => 1 + exp (z x)) 1 0 s Hs (fun x Hx => Dt x (proj1 Hx))).
  rewrite t0 in Q. cbv beta in Q.
  assert (0 + 1 * (s - 0) <= t s) by (apply Q; intros x _; assert (P := exp_pos (z x)); lra). lra.
Qed.

(* log t <= sum mu_j beta_j + log(t_1 + 2 s) *)
Lemma log_t_upper : exists s1 T1, 0 <= s1 /\ 0 <= T1 /\ forall s, s1 < s ->
  ln (t s) <= vsum d (fun j => mu j * b j s) + (T1 + 2 * s).
Proof.
  destruct (c_small 1 ltac:(lra)) as [s1 [H1 Hc]].
  exists s1, (t s1); assert (T1 := t_above s1 H1); split; [exact H1|split; [lra|]]; intros s Hs.
  set (Z := vsum d (fun j => mu j * b j s)).
  assert (HZ : 0 <= Z).
  { apply vsum_nonneg; intros j Hj; apply Rmult_le_pos; [left;
      now apply (mu_pos d mu rho HS)|apply pow2_ge_0]. }
  assert (zb : forall y, s1 <= y <= s -> z y <= Z).
  { intros y Hy; apply vsum_le; intros j Hj. assert (Mj := mu_pos d mu rho HS j Hj).
    assert (Mle := mu_le_last d mu rho HS j Hj). assert (Q := Hc y ltac:(lra)).
    assert (P := c_pos d mu alpha rho HS HA y (K y)).
    assert (0 <= c y * mu j) by (apply Rmult_le_pos; lra).
    assert (c y * mu j <= c y * mu m) by (apply Rmult_le_compat_l; lra).
    assert (S1 : (1 - c y * mu j) ^ 2 <= 1) by nra.
    assert (Br := b_rises s1 H1 Hc j y s Hj Hy). assert (Bp := b_pos j y Hj).
    apply Rle_trans with (mu j * b j y * 1).
    - apply Rmult_le_compat_l; [|exact S1]. apply Rmult_le_pos; lra.
    - rewrite Rmult_1_r; apply Rmult_le_compat_l; lra. }
  assert (Le : t s <= t s1 + (1 + exp Z) * (s - s1)).
  { apply (derive_le_line t (fun x => 1 + exp (z x))); [lra|intros x Hx; apply Dt; lra|].
    intros x Hx. assert (Q := exp_le _ _ (zb x ltac:(lra))). lra. }
  assert (E1 : 1 <= exp Z) by (rewrite <- exp_0; now apply exp_le).
  assert (Up : t s <= exp Z * (t s1 + 2 * s)).
  { apply Rle_trans with (1 := Le).
    assert (1 * t s1 <= exp Z * t s1) by (apply Rmult_le_compat_r; lra).
    assert ((1 + exp Z) * (s - s1) <= (exp Z + exp Z) * s) by (apply Rmult_le_compat; lra). lra. }
  assert (tp : 0 < t s) by (assert (Q := t_above s ltac:(lra)); lra).
  apply Rle_trans with (ln (exp Z * (t s1 + 2 * s))); [now apply ln_le|].
  rewrite ln_mult, ln_exp by (try apply exp_pos; lra). apply Rplus_le_compat_l.
  assert (Q := exp_ineq1_le (ln (t s1 + 2 * s))). rewrite exp_ln in Q by lra. lra.
Qed.

(* log t >= (1 - e) mu_d beta_d + const *)
Lemma log_t_lower : forall e, 0 < e < 1 -> exists s1 C, 0 <= C /\ forall s, s1 < s ->
  (1 - e) * B s - C <= ln (t s).
Proof.
  intros e He. assert (Mm := mu_pos d mu rho HS m m_lt).
  destruct (c_small (e / 4) ltac:(lra)) as [s0 [H0 Hc]].
  set (h := e / (4 * mu m)). assert (Hh : 0 < h) by (apply Rdiv_lt_0_compat; lra).
  exists (s0 + h), (Rabs (ln h)); split; [apply Rabs_pos|]; intros s Hs.
  assert (zl : forall y, s - h <= y <= s -> (1 - e) * B s <= z y).
  { intros y Hy. assert (Q := Hc y ltac:(lra)). assert (P := c_pos d mu alpha rho HS HA y (K y)).
    assert (0 < c y * mu m) by now apply Rmult_lt_0_compat.
    assert (Bb := b_back y s ltac:(lra)). assert (Bs := B_pos s). assert (By := B_pos y).
    assert (Ex : 1 - e / 2 <= exp (- 2 * mu m * (s - y))).
    { apply Rle_trans with (2 := exp_ineq1_le _).
      assert (mu m * (s - y) <= mu m * h) by (apply Rmult_le_compat_l; lra).
      assert (mu m * h = e / 4) by (unfold h; field; lra). lra. }
    assert (Sq : 1 - e / 2 <= (1 - c y * mu m) ^ 2) by nra.
    assert (T1 : mu m * b m y * (1 - c y * mu m) ^ 2 <= z y).
    { apply (vsum_ge_term d (fun j => mu j * b j y * (1 - c y * mu j) ^ 2)); [|apply m_lt].
      intros j Hj; apply Rmult_le_pos; [|apply pow2_ge_0].
      apply Rmult_le_pos; [left; now apply (mu_pos d mu rho HS)|apply pow2_ge_0]. }
    apply Rle_trans with (2 := T1). apply Rle_trans with (B y * (1 - e / 2)).
    - apply Rle_trans with (B s * (1 - e / 2) * (1 - e / 2)).
      + assert (0 <= B s * (e / 2 * (e / 2))) by (apply Rmult_le_pos; nra). nra.
      + apply Rmult_le_compat_r; [lra|]. apply Rle_trans with (2 := Bb). apply Rmult_le_compat_l; lra.
    - apply Rmult_le_compat_l; [lra|exact Sq]. }
  assert (Le : t (s - h) + exp ((1 - e) * B s) * (s - (s - h)) <= t s).
  { apply (derive_ge_line t (fun x => 1 + exp (z x))); [lra|intros x Hx; apply Dt; lra|].
    intros x Hx. assert (Q := exp_le _ _ (zl x ltac:(lra))). lra. }
  assert (tp := t_above (s - h) ltac:(lra)).
  replace (s - (s - h)) with h in Le by ring.
  assert (X := exp_pos ((1 - e) * B s)).
  apply Rle_trans with (ln (exp ((1 - e) * B s) * h)).
  - rewrite ln_mult, ln_exp by assumption. assert (Q := Rle_abs (- ln h)). rewrite Rabs_Ropp in Q. lra.
  - apply ln_le; [now apply Rmult_lt_0_compat|lra].
Qed.

(* log t/(mu_d beta_d) -> 1 *)
Lemma log_t_over_B : is_lim (fun s => ln (t s) / B s) p_infty 1.
Proof.
  intros P [e He].
  set (e' := Rmin (e / 4) (1 / 2)). assert (Ep := cond_pos e).
  assert (E1 : 0 < e' < 1).
  { unfold e'; split; [apply Rmin_glb_lt; lra|]. assert (Q := Rmin_r (e / 4) (1 / 2)). lra. }
  assert (E2 : e' <= e / 4) by apply Rmin_l.
  destruct log_t_upper as (s1 & T1 & H1 & HT1 & Hup).
  destruct (log_t_lower e' E1) as (s2 & C & HC & Hlo).
  assert (L1 := sum_over_B). assert (L2 := line_over_B T1 2 HT1 ltac:(lra)).
  assert (L3 := line_over_B C 0 HC ltac:(lra)).
  destruct (L1 (fun y => y < 1 + e / 4) (open_lt (1 + e / 4) 1 ltac:(lra))) as [s3 H3].
  destruct (L2 (fun y => y < e / 4) (open_lt (e / 4) 0 ltac:(lra))) as [s4 H4].
  destruct (L3 (fun y => y < e / 4) (open_lt (e / 4) 0 ltac:(lra))) as [s5 H5].
  exists (Rmax (Rmax s1 s2) (Rmax s3 (Rmax s4 s5))); intros s Hs; apply He.
  assert (M1 := Rmax_l (Rmax s1 s2) (Rmax s3 (Rmax s4 s5))).
  assert (M2 := Rmax_r (Rmax s1 s2) (Rmax s3 (Rmax s4 s5))).
  assert (M3 := Rmax_l s1 s2). assert (M4 := Rmax_r s1 s2). assert (M5 := Rmax_l s3 (Rmax s4 s5)).
  assert (M6 := Rmax_r s3 (Rmax s4 s5)). assert (M7 := Rmax_l s4 s5). assert (M8 := Rmax_r s4 s5).
  assert (U := Hup s ltac:(lra)). assert (Lo := Hlo s ltac:(lra)).
  assert (Q3 := H3 s ltac:(lra)). assert (Q4 := H4 s ltac:(lra)). assert (Q5 := H5 s ltac:(lra)).
  assert (Bs := B_pos s).
  assert (Sc : forall x y : R, x <= y -> x / B s <= y / B s).
  { intros x y Hxy; apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|exact Hxy]. }
  apply Sc in U. apply Sc in Lo.
  replace ((1 - e') * B s - C) with ((1 - e') * B s - (C + 0 * s)) in Lo by ring.
  unfold Rdiv in U, Lo, Q3, Q4, Q5. rewrite Rmult_plus_distr_r in U. rewrite Rmult_minus_distr_r in Lo.
  rewrite Rmult_assoc, Rinv_r in Lo by lra.
  change (Rabs (ln (t s) / B s - 1) < e). cbv beta in Q3, Q4, Q5. unfold Rdiv; apply Rabs_def1; lra.
Qed.
End Law.
