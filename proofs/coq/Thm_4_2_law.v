(* Theorem 4.2, one example, the law in original time (MATH.md 5.4; page proofs/thm-4.2.md, "The law").
   Used by src/predict/two_sam/law.rs (C_j and the exponents) and, for z, by two_sam/field.rs ("margin").

   PROVED, about growing balanced starts of 2-SAM at depth 2, z = <mu, beta^>, dt/ds = 1 + e^z:
   - [margin_formula]: z = sum mu_j beta_j (1 - c mu_j)^2;
   - [log_time]: log t/(mu_d beta_d) -> 1;
   - [poly_log_law]: beta_j/beta_d (log t)^(1-r_j) -> C_j = alpha_j^2 alpha_d^(-2 r_j) mu_d^(1-r_j) exp(2
     mu_j (mu_d - mu_j) K_inf), r_j = mu_j/mu_d: poly-logarithmic in t;
   - [original_law]: the same, and the direction, for the solution of the original flow, as t -> oo.
   NOT here: the remainder (2) of the page (the size of the relative error of the law). *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Clock Monotone Reduction Reduction_flow Two_SAM Reduction_balanced.
From SamProofs Require Import Two_SAM_fates Two_SAM_compare Two_SAM_critical Thm_4_5 Thm_4_2 Two_SAM_law.
Open Scope R_scope.

(* z = <mu, beta(theta^)> of 2-SAM at depth 2 *)
Definition z_at (d : nat) (mu : nat -> R) (rho : R) (th : R -> params) (s : R) : R :=
  margin (perturb_2 2 d rho) 2 d mu (th s).

(* ---------- the theorems ---------- *)

(* z = sum mu_j beta_j (1 - c mu_j)^2, c = rho/(sqrt 2 n), along every balanced solution. *)
Theorem margin_formula : forall d mu rho alpha T th, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> forall s, until T s ->
  margin (perturb_2 2 d rho) 2 d mu (th s)
  = vsum d (fun j => mu j * beta 2 (th s) j * (1 - rho / (sqrt 2 * norm_mu_w d mu (th s 0%nat)) * mu j) ^ 2).
Proof.
  intros d mu rho alpha T th HS HA H1 H2 s Hs.
  destruct (balanced_K d mu rho alpha T th H1 H2) as (K & HK & HW).
  rewrite (margin_w d mu rho alpha s (K s) (th s)) by (intros; now apply HW).
  apply vsum_ext; intros j Hj. rewrite (beta_w mu alpha (th s) s (K s) j) by (intros; now apply HW).
  unfold c_of, n_of, norm_mu_w. do 7 f_equal. apply vsum_ext; intros i Hi; now rewrite HW by (auto; lia).
Qed.

(* Growing balanced start, dt/ds = 1 + e^z, t(0) = 0:  log t/(mu_d beta_d) -> 1. *)
Theorem log_time : forall d mu rho alpha th t, setting d mu rho -> positive d alpha -> grows d mu rho alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  t 0 = 0 -> (forall s, 0 <= s -> is_derive t s (1 + exp (z_at d mu rho th s))) ->
  let m := (d - 1)%nat in is_lim (fun s => ln (t s) / (mu m * beta 2 (th s) m)) p_infty 1.
Proof.
  intros d mu rho alpha th t HS HA HG H1 H2 t0 Dt m.
  assert (Hm : (m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  destruct (growing_names d mu rho alpha th HS HA HG H1 H2) as (K & HK & HW & Hs0).
  destruct (K_limit_path d mu alpha rho K HS HA HK Hs0) as (Kinf & _ & HU).
  assert (Dt' : forall s, 0 <= s -> is_derive t s (1 + exp (vsum d (fun j =>
    mu j * w_of mu alpha s (K s) j ^ 2 * (1 - c_of d mu alpha rho s (K s) * mu j) ^ 2)))).
  { intros s Hs; rewrite <- (margin_w d mu rho alpha s (K s) (th s)) by (intros; now apply HW).
    now apply Dt. }
  assert (L := log_t_over_B d mu alpha rho HS HA K HK Kinf HU Hs0 t t0 Dt').
  apply is_lim_ext_loc with (2 := L); exists 0; intros s Hs.
  now rewrite (beta_w mu alpha (th s) s (K s) m) by (intros; apply HW; auto; lra).
Qed.

(* beta_j/beta_d (log t)^(1-r_j) -> C_j = alpha_j^2 alpha_d^(-2 r_j) mu_d^(1-r_j) exp(2 mu_j (mu_d - mu_j)
   K_inf) *)
Theorem poly_log_law : forall d mu rho alpha th t, setting d mu rho -> positive d alpha -> grows d mu rho
  alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  t 0 = 0 -> (forall s, 0 <= s -> is_derive t s (1 + exp (z_at d mu rho th s))) ->
  let m := (d - 1)%nat in
  exists (K : R -> R) (Kinf : R), K_path d mu alpha rho p_infty K /\ is_lim K p_infty Kinf /\
    forall j, (j < d)%nat ->
      is_lim (fun s => beta 2 (th s) j / beta 2 (th s) m * Rpower (ln (t s)) (1 - mu j / mu m)) p_infty
        (alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m)) * Rpower (mu m) (1 - mu j / mu m)
         * exp (2 * mu j * (mu m - mu j) * Kinf)).
Proof.
  intros d mu rho alpha th t HS HA HG H1 H2 t0 Dt m.
  assert (Hm : (m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  assert (Mm := mu_pos d mu rho HS m Hm).
  destruct (ratio_law d mu rho alpha th HS HA HG H1 H2) as (K & Kinf & HK & HL & _ & HR); fold m in HR.
  exists K, Kinf; split; [exact HK|split; [exact HL|]]; intros j Hj; destruct (HR j Hj) as [_ LR].
  assert (LT := log_time d mu rho alpha th t HS HA HG H1 H2 t0 Dt); fold m in LT.
  assert (LB := growing_beta d mu rho alpha th HS HA HG H1 H2 m Hm).
  set (e := 1 - mu j / mu m) in *.
  (* (log t/beta_d)^e -> mu_d^e *)
  assert (L1 : is_lim (fun s => ln (t s) / beta 2 (th s) m) p_infty (mu m)).
  { assert (Q := is_lim_scal_l _ (mu m) _ _ LT). simpl in Q. rewrite Rmult_1_r in Q.
    apply is_lim_ext_loc with (2 := Q).
    destruct (LB (fun y => 0 < y)) as [s1 Hs1]; [now exists 0|]. exists s1; intros s Hs.
    assert (P := Hs1 s Hs). field; lra. }
  assert (CP : continuous (fun x => Rpower x e) (mu m)).
  { unfold Rpower. apply (continuous_comp (fun x => e * ln x) exp); [|apply continuous_exp].
    apply (continuous_scal_r e ln), continuous_ln, Mm. }
  assert (L2 : is_lim (fun s => Rpower (ln (t s) / beta 2 (th s) m) e) p_infty (Rpower (mu m) e))
    by exact (filterlim_comp _ _ _ _ (fun x => Rpower x e) _ _ _ L1 CP).
  assert (L3 := is_lim_mult _ _ _ _ _ LR L2 I).
  replace (alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m)) * Rpower (mu m) e
    * exp (2 * mu j * (mu m - mu j) * Kinf)) with (alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m))
    * exp (2 * mu j * (mu m - mu j) * Kinf) * Rpower (mu m) e) by ring.
  apply is_lim_ext_loc with (2 := L3).
  destruct (LB (fun y => 0 < y)) as [s1 Hs1]; [now exists 0|].
  destruct (L1 (fun y => 0 < y) (open_gt 0 (mu m) Mm)) as [s2 Hs2].
  exists (Rmax s1 s2); intros s Hs. assert (M1 := Rmax_l s1 s2). assert (M2 := Rmax_r s1 s2).
  assert (P := Hs1 s ltac:(lra)). assert (P2 := Hs2 s ltac:(lra)). cbv beta in P, P2.
  rewrite Rmult_assoc, Rpower_mult_distr by assumption. do 2 f_equal. field; lra.
Qed.

(* The same for the original flow theta' = - grad loss(theta^): a growing balanced start has a solution on
   [0, oo) with beta/||beta||_1 -> e_d and the law above, as t -> oo. *)
Theorem original_law : forall d mu rho alpha, setting d mu rho -> positive d alpha -> grows d mu rho alpha ->
  let m := (d - 1)%nat in
  exists (ph : R -> params) (Kinf : R),
    solves_original (perturb_2 2 d rho) 2 d mu p_infty ph /\ starts_at d alpha alpha ph /\
    (exists K, K_path d mu alpha rho p_infty K /\ is_lim K p_infty Kinf) /\
    forall j, (j < d)%nat ->
      is_lim (fun t => beta 2 (ph t) j / l1_norm d (beta 2 (ph t))) p_infty (if Nat.eqb j m then 1 else 0) /\
      is_lim (fun t => beta 2 (ph t) j / beta 2 (ph t) m * Rpower (ln t) (1 - mu j / mu m)) p_infty
        (alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m)) * Rpower (mu m) (1 - mu j / mu m)
         * exp (2 * mu j * (mu m - mu j) * Kinf)).
Proof.
  intros d mu rho alpha HS HA HG m. assert (HG' := HG). destruct HG' as (th & H1 & H2 & _).
  assert (N : forall s, until p_infty s -> norm2 2 d (grad_pred 2 d mu (th s)) <> 0).
  { intros s Hs; rewrite norm2_depth2. apply Rgt_not_eq, norm_grad_loss_depth2, (proj2 H1), Hs. }
  assert (Cz : forall s, until p_infty s -> continuous (fun x => 1 + exp (margin
    (perturb_2 2 d rho) 2 d mu (th x))) s).
  { intros s Hs. apply (continuous_plus (fun _ => 1) (fun x => exp (margin (perturb_2 2 d rho) 2 d mu
      (th x))));
      [apply continuous_const|].
    apply (continuous_comp (fun x => margin (perturb_2 2 d rho) 2 d mu (th x)) exp); [|apply continuous_exp].
    apply margin_continuous_2; [eapply solves_continuous; [exact (proj1 H1)|exact Hs]|now apply N]. }
  destruct (clock_exists p_infty _ I Cz) as (T & t & HT).
  { intros s _; assert (P := exp_pos (margin (perturb_2 2 d rho) 2 d mu (th s))); lra. }
  assert (HTinf : T = p_infty).
  { destruct (original_outlives_rescaled p_infty T t (fun s => margin (perturb_2 2 d rho) 2 d mu
      (th s)) HT) as [_ Q].
    destruct T; simpl in Q; [contradiction|reflexivity|contradiction]. }
  subst T. destruct (rescaled_to_original _ 2 d mu _ _ t th (proj1 H1) HT) as (s_of & E0 & Hs & Ht & Hph).
  assert (t0 : t 0 = 0) by apply HT.
  assert (Dt : forall s, 0 <= s -> is_derive t s (1 + exp (z_at d mu rho th s))).
  { intros s H; apply (proj1 (proj2 (proj2 HT))), until_infty, H. }
  destruct (poly_log_law d mu rho alpha th t HS HA HG H1 H2 t0 Dt) as (K & Kinf & HK & HL & Law);
    fold m in Law.
  assert (Dir := direction d mu rho alpha th HS HA HG H1 H2).
  (* s(t) -> oo *)
  assert (S8 : is_lim s_of p_infty p_infty).
  { intros P [M HM]. set (s1 := Rmax 0 M). assert (M0 := Rmax_l 0 M). assert (M1 := Rmax_r 0 M).
    assert (U1 := proj2 (until_infty s1) M0).
    exists (Rmax 0 (t s1)); intros x Hx; apply HM. assert (X0 := Rmax_l 0 (t s1)).
    assert (X1 := Rmax_r 0 (t s1)).
    destruct (Ht x (proj2 (until_infty x) ltac:(lra))) as [U Ex].
    apply Rle_lt_trans with (1 := M1). fold s1. apply Rnot_le_lt; intros Hle.
    assert (t (s_of x) <= t s1); [|lra].
    destruct Hle as [Hlt|Heq]; [|rewrite Heq; lra]. left.
    apply (clock_incr _ _ _ _ HT); [exact U1|split; [apply U|exact Hlt]]. }
  exists (fun x => th (s_of x)), Kinf; split; [exact Hph|split; [|split]].
  - intros j Hj; rewrite E0; now apply H2.
  - now exists K.
  - intros j Hj; split.
    + exact (filterlim_comp _ _ _ s_of (fun s => beta 2 (th s) j / l1_norm d (beta 2 (th s))) _ _ _ S8
        (Dir j Hj)).
    + assert (Q := filterlim_comp _ _ _ s_of (fun s => beta 2 (th s) j / beta 2 (th s) m
        * Rpower (ln (t s)) (1 - mu j / mu m)) _ _ _ S8 (Law j Hj)).
      apply is_lim_ext_loc with (2 := Q); exists 0; intros x Hx.
      now rewrite (proj2 (Ht x (proj2 (until_infty x) (Rlt_le _ _ Hx)))).
Qed.
