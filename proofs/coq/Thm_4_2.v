(* Theorem 4.2, one example (MATH.md 5.4; page proofs/thm-4.2.md): 2-SAM at depth 2 reaches the l1
   max-margin direction e_d.  Used by src/predict/two_sam/law.rs (R_j, the bound (3) of the page).

   PROVED, about solutions of the rescaled flow of Flow.v, 0 < mu_1 < ... < mu_d, d >= 2:
   - [direction_any_signs]: two layers of any signs, ||grad <mu, beta>|| -> oo along the path and p_d(0) <>
     0: beta/||beta||_1 -> e_d;
   - [direction]: every growing balanced start: beta/||beta||_1 -> e_d; the loss vanishes [loss_vanishes]
     (so that both hypotheses of the paper's theorem, vanishing loss and convergence of the direction,
     follow from growth);
   - [ratio_law], [direction_bound]: K -> K_inf < oo, beta_j/beta_d beta_d^(1-r_j) rises to R_j = alpha_j^2
     alpha_d^(-2 r_j) exp(2 mu_j (mu_d - mu_j) K_inf), and 1 - beta_d/||beta||_1 <= sum R_j
     beta_d^-(1-r_j).
   The law in original time, (log t)^-(1-r_j), is in Thm_4_2_law.v.
   NOT here: several samples. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_flow Two_SAM Reduction_balanced.
From SamProofs Require Import Two_SAM_fates Two_SAM_compare Two_SAM_critical Thm_4_5.
Open Scope R_scope.

(* ||beta||_1 *)
Definition l1_norm (d : nat) (b : nat -> R) : R := vsum d (fun j => Rabs (b j)).

(* ---------- limits ---------- *)

Lemma infinity_by : forall f g : R -> R, (exists s0, forall s, s0 < s -> g s <= f s) ->
  is_lim g p_infty p_infty -> is_lim f p_infty p_infty.
Proof. intros f g [s0 H] Hg; apply (is_lim_le_p_loc g f); [exists s0; exact H|exact Hg]. Qed.

Lemma line_infinity : forall a b, 0 < a -> is_lim (fun s => a * s + b) p_infty p_infty.
Proof.
  intros a b Ha P [M HM]; exists ((M - b) / a); intros s Hs; apply HM.
  apply Rmult_lt_compat_l with (r := a) in Hs; [|exact Ha].
  replace (a * ((M - b) / a)) with (M - b) in Hs by (field; lra). lra.
Qed.

(* If dK/ds -> 0 then a s - b K(s) -> oo for every a > 0, b >= 0. *)
Lemma slow_K : forall (K dK : R -> R) a b, 0 < a -> 0 <= b ->
  (forall s, 0 <= s -> is_derive K s (dK s)) -> is_lim dK p_infty 0 ->
  is_lim (fun s => a * s - b * K s) p_infty p_infty.
Proof.
  intros K dK a b Ha Hb HK HL.
  assert (He : 0 < a / (2 * (b + 1))) by (apply Rdiv_lt_0_compat; lra).
  destruct (HL (fun y => y < a / (2 * (b + 1)))) as [s0 Hs0]; [apply open_lt; exact He|].
  set (s1 := Rmax 0 s0 + 1). assert (M0 := Rmax_l 0 s0). assert (M1 := Rmax_r 0 s0).
  apply infinity_by with (fun s => a / 2 * s + (b * (a / (2 * (b + 1))) * s1 - b * K s1)).
  - exists s1; intros s Hs.
    assert (L : K s <= K s1 + a / (2 * (b + 1)) * (s - s1)).
    { apply (derive_le_line K dK); [lra| |].
      - intros x Hx; apply HK; unfold s1 in Hx; lra.
      - intros x Hx; left; apply Hs0; unfold s1 in Hx; lra. }
    assert (B : b * K s <= b * (K s1 + a / (2 * (b + 1)) * (s - s1))) by (apply Rmult_le_compat_l;
      assumption).
    assert (E : b * (a / (2 * (b + 1))) <= a / 2).
    { apply Rmult_le_reg_r with (2 * (b + 1)); [lra|].
      replace (b * (a / (2 * (b + 1))) * (2 * (b + 1))) with (b * a) by (field; lra). nra. }
    assert (0 < s) by (unfold s1 in Hs; lra).
    assert (b * (a / (2 * (b + 1))) * s <= a / 2 * s) by (apply Rmult_le_compat_r; lra). lra.
  - apply line_infinity; lra.
Qed.

Lemma scal_infinity : forall (f : R -> R) a, 0 < a -> is_lim f p_infty p_infty ->
  is_lim (fun s => a * f s) p_infty p_infty.
Proof.
  intros f a Ha Hf P [L HL]. destruct (Hf (fun y => L / a < y)) as [s1 Hs1]; [now exists (L / a)|].
  exists s1; intros s Hs; apply HL. specialize (Hs1 s Hs).
  apply Rmult_lt_compat_l with (r := a) in Hs1; [|exact Ha].
  replace (a * (L / a)) with L in Hs1 by (field; lra). exact Hs1.
Qed.

Lemma exp_minus_infinity : forall (u : R -> R) C, is_lim u p_infty p_infty ->
  is_lim (fun s => C * exp (- u s)) p_infty 0.
Proof.
  intros u C Hu.
  assert (L : is_lim (fun s => exp (- u s)) p_infty 0).
  { apply (filterlim_comp _ _ _ (fun s => - u s) exp _ (Rbar_locally m_infty)).
    - exact (is_lim_opp u p_infty p_infty Hu).
    - exact is_lim_exp_m. }
  assert (Q := is_lim_scal_l _ C _ _ L). simpl in Q. rewrite Rmult_0_r in Q. exact Q.
Qed.

(* ---------- the direction ---------- *)

(* If every x_j(s) tends to 1 or 0 as j = d or not, so does x_j/||x||_1. *)
Lemma normalised_limit : forall d (x : nat -> R -> R), (0 < d)%nat ->
  (forall j, (j < d)%nat -> is_lim (x j) p_infty (if Nat.eqb j (d - 1) then 1 else 0)) ->
  forall j, (j < d)%nat -> is_lim (fun s => x j s / vsum d (fun i => Rabs (x i s))) p_infty
    (if Nat.eqb j (d - 1) then 1 else 0).
Proof.
  intros d x Hd H j Hj.
  assert (L : is_lim (fun s => vsum d (fun i => Rabs (x i s))) p_infty 1).
  { replace (Finite 1) with (Finite (vsum d (fun i => if Nat.eqb i (d - 1) then 1 else 0))).
    - apply (filterlim_vsum R (Rbar_locally' p_infty) _ d (fun i s => Rabs (x i s))
        (fun i => if Nat.eqb i (d - 1) then 1 else 0)).
      intros i Hi. assert (A : is_lim (fun s => Rabs (x i s)) p_infty (Rabs (if Nat.eqb i
        (d - 1) then 1 else 0))).
      { apply (filterlim_comp _ _ _ (x i) Rabs _ (locally (if Nat.eqb i (d - 1) then 1 else 0)));
          [|apply continuous_Rabs].
        assert (Q := H i Hi). destruct (Nat.eqb i (d - 1)); exact Q. }
      revert A.
      destruct (Nat.eqb_spec i (d - 1)); simpl; [rewrite Rabs_R1|rewrite Rabs_R0]; intros A; exact A.
    - f_equal; rewrite (vsum_single d _ (d - 1)); [now rewrite Nat.eqb_refl|lia|].
      intros i Hi Hn; destruct (Nat.eqb_spec i (d - 1)); [contradiction|reflexivity]. }
  assert (Q := is_lim_div _ _ _ _ _ (H j Hj) L).
  destruct (Nat.eqb j (d - 1)).
  - replace (Finite 1) with (Rbar_div 1 1) by (simpl; f_equal; field).
    apply Q; [intros E; injection E; lra|exact I].
  - replace (Finite 0) with (Rbar_div 0 1) by (simpl; f_equal; field).
    apply Q; [intros E; injection E; lra|exact I].
Qed.

(* Any signs: if ||grad <mu, beta>|| -> oo along the path and p_d(0) <> 0, then beta/||beta||_1 -> e_d. *)
Theorem direction_any_signs : forall d mu rho th, setting d mu rho ->
  two_sam_solution d mu rho p_infty th ->
  is_lim (fun s => norm2 2 d (grad_pred 2 d mu (th s))) p_infty p_infty ->
  th 0 0%nat (d - 1)%nat + th 0 1%nat (d - 1)%nat <> 0 ->
  forall j, (j < d)%nat ->
    is_lim (fun s => beta 2 (th s) j / l1_norm d (beta 2 (th s))) p_infty (if Nat.eqb j
      (d - 1) then 1 else 0).
Proof.
  intros d mu rho th HS H1 HN Hp j Hj.
  destruct (reduction_forward d mu rho p_infty th H1) as (K & [K0 HK] & _ & HW).
  set (p := fun j => th 0 0%nat j + th 0 1%nat j) in *. set (q := fun j => th 0 0%nat j - th 0 1%nat j) in *.
  set (m := (d - 1)%nat) in *. assert (Hm : (m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  assert (HK0 : is_lim (fun s => rho / N_of d mu p q s (K s)) p_infty 0).
  { assert (L : is_lim (fun s => N_of d mu p q s (K s)) p_infty p_infty).
    { apply is_lim_ext_loc with (2 := HN). exists 0; intros s Hs.
      exact (proj1 (HW s (proj2 (until_infty s) (Rlt_le _ _ Hs)))). }
    assert (Q := is_lim_scal_l _ rho _ _ (is_lim_inv _ _ _ L ltac:(discriminate))).
    simpl in Q; rewrite Rmult_0_r in Q; exact Q. }
  assert (HD : forall s, 0 <= s -> is_derive K s (rho / N_of d mu p q s (K s))).
  { intros s Hs; apply HK, until_infty, Hs. }
  assert (Slow := fun a b Ha Hb => slow_K K _ a b Ha Hb HD HK0).
  assert (Pm : 0 < p m ^ 2) by (apply pow2_gt_0; exact Hp).
  assert (Mm := mu_pos d mu rho HS m Hm).
  (* x_j = 4 beta_j/p_d^2 *)
  set (x := fun j s => (p j ^ 2 * exp (2 * (mu j * s - mu j ^ 2 * K s))
    - q j ^ 2 * exp (2 * (- mu j * s - mu j ^ 2 * K s))) / (p m ^ 2 * exp (2 * (mu m * s - mu m ^ 2 * K s)))).
  assert (X : forall i, (i < d)%nat -> is_lim (x i) p_infty (if Nat.eqb i m then 1 else 0)).
  { intros i Hi. assert (Mi := mu_pos d mu rho HS i Hi).
    assert (Ex : forall s, x i s = p i ^ 2 / p m ^ 2
        * exp (- (2 * (mu m - mu i) * s - 2 * (mu m ^ 2 - mu i ^ 2) * K s))
      - q i ^ 2 / p m ^ 2 * exp (- (2 * (mu m + mu i) * s - 2 * (mu m ^ 2 - mu i ^ 2) * K s))).
    { intros s; unfold x.
      replace (- (2 * (mu m - mu i) * s - 2 * (mu m ^ 2 - mu i ^ 2) * K s))
        with (2 * (mu i * s - mu i ^ 2 * K s) + - (2 * (mu m * s - mu m ^ 2 * K s))) by ring.
      replace (- (2 * (mu m + mu i) * s - 2 * (mu m ^ 2 - mu i ^ 2) * K s))
        with (2 * (- mu i * s - mu i ^ 2 * K s) + - (2 * (mu m * s - mu m ^ 2 * K s))) by ring.
      rewrite !(exp_plus _ (- _)), exp_Ropp. assert (E := exp_pos (2 * (mu m * s - mu m ^ 2 * K s))).
      field; split; [lra|exact Hp]. }
    destruct (Nat.eqb_spec i m) as [->|Hne].
    - assert (L := exp_minus_infinity _ (q m ^ 2 / p m ^ 2) (Slow (2 * (mu m + mu m)) 0 ltac:(lra)
        ltac:(lra))).
      assert (L2 := is_lim_minus' _ _ _ _ _ (is_lim_const 1 p_infty) L). rewrite Rminus_0_r in L2.
      eapply is_lim_ext; [|exact L2]. intros s; rewrite Ex.
      replace (- (2 * (mu m - mu m) * s - 2 * (mu m ^ 2 - mu m ^ 2) * K s)) with 0 by ring.
      replace (- (2 * (mu m + mu m) * s - 2 * (mu m ^ 2 - mu m ^ 2) * K s))
        with (- (2 * (mu m + mu m) * s - 0 * K s)) by ring.
      rewrite exp_0; field; exact Hp.
    - assert (Mim : mu i < mu m) by (destruct HS as (_ & _ & _ & Q); apply Q; unfold m in *; lia).
      assert (Sq : 0 <= 2 * (mu m ^ 2 - mu i ^ 2)) by nra.
      assert (L1 := exp_minus_infinity _ (p i ^ 2 / p m ^ 2) (Slow (2 * (mu m - mu i)) _ ltac:(lra) Sq)).
      assert (L2 := exp_minus_infinity _ (q i ^ 2 / p m ^ 2) (Slow (2 * (mu m + mu i)) _ ltac:(lra) Sq)).
      assert (L3 := is_lim_minus' _ _ _ _ _ L1 L2). rewrite Rminus_0_r in L3.
      eapply is_lim_ext; [|exact L3]. intros s; now rewrite Ex. }
  apply is_lim_ext_loc with (2 := normalised_limit d x ltac:(lia) X j Hj).
  exists 0; intros s Hs. destruct (HW s (proj2 (until_infty s) (Rlt_le _ _ Hs))) as [_ Hw].
  set (D := p m ^ 2 * exp (2 * (mu m * s - mu m ^ 2 * K s)) / 4).
  assert (HD0 : 0 < D).
  { apply Rdiv_lt_0_compat; [|lra]. apply Rmult_lt_0_compat; [exact Pm|apply exp_pos]. }
  assert (EB : forall i, (i < d)%nat -> beta 2 (th s) i = D * x i s).
  { intros i Hi. destruct (Hw i Hi) as [P Q].
    replace (beta 2 (th s) i) with (((th s 0%nat i + th s 1%nat i) ^ 2 -
      (th s 0%nat i - th s 1%nat i) ^ 2) / 4)
      by (unfold beta; cbn [vprod]; field).
    rewrite P, Q; unfold x, D. fold (p i) (q i).
    replace (2 * (mu i * s - mu i ^ 2 * K s)) with (mu i * s - mu i ^ 2 * K s +
      (mu i * s - mu i ^ 2 * K s)) by ring.
    replace (2 * (- mu i * s - mu i ^ 2 * K s)) with (- mu i * s - mu i ^ 2 * K s +
      (- mu i * s - mu i ^ 2 * K s))
      by ring.
    rewrite !exp_plus. assert (E := exp_pos (2 * (mu m * s - mu m ^ 2 * K s))).
    field; split; [lra|exact Hp]. }
  unfold l1_norm; rewrite (vsum_ext d (fun j => Rabs (beta 2 (th s) j)) (fun i => D * Rabs (x i s))).
  - rewrite vsum_scal, EB by exact Hj. unfold Rdiv; rewrite Rinv_mult.
    transitivity (D * / D * (x j s * / vsum d (fun i => Rabs (x i s)))); [|ring].
    rewrite Rinv_r, Rmult_1_l; [reflexivity|lra].
  - intros i Hi; rewrite EB by exact Hi. rewrite Rabs_mult, (Rabs_pos_eq D); lra.
Qed.

(* ---------- growing balanced starts ---------- *)

Lemma growing_names : forall d mu rho alpha th, setting d mu rho -> positive d alpha -> grows d mu rho
  alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  exists K, K_path d mu alpha rho p_infty K /\
    (forall s, 0 <= s -> forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = w_of mu alpha s (K s) j) /\
    exists s0, 0 <= s0 /\ 0 < f_of d mu alpha rho s0 (K s0).
Proof.
  intros d mu rho alpha th HS HA HG H1 H2.
  destruct (balanced_K d mu rho alpha p_infty th H1 H2) as (K & HK & HW).
  exists K; split; [exact HK|split; [intros s Hs; apply HW, until_infty, Hs|]].
  destruct (growth_back d mu rho alpha HS HA HG) as (K' & HK' & s0 & H0 & Hf).
  exists s0; split; [exact H0|]. assert (U := proj2 (until_infty s0) H0).
  now rewrite (K_unique d mu rho alpha _ _ K K' HS HA HK HK' s0 U U).
Qed.

Lemma growing_beta : forall d mu rho alpha th, setting d mu rho -> positive d alpha -> grows d mu rho alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  forall j, (j < d)%nat -> is_lim (fun s => beta 2 (th s) j) p_infty p_infty.
Proof.
  intros d mu rho alpha th HS HA HG H1 H2 j Hj.
  destruct (growing_names d mu rho alpha th HS HA HG H1 H2) as (K & HK & HW & s0 & H0 & Hf).
  assert (L := growth_infty d mu alpha rho HS HA K HK s0 j H0 (Rlt_le _ _ Hf) Hj).
  assert (L2 := is_lim_mult _ _ _ _ _ L L I); simpl in L2.
  apply is_lim_ext_loc with (2 := L2); exists 0; intros s Hs.
  rewrite (beta_w mu alpha _ s (K s) j) by (intros; apply HW; auto; lra). ring.
Qed.

(* Growth implies beta/||beta||_1 -> e_d. *)
Theorem direction : forall d mu rho alpha th, setting d mu rho -> positive d alpha -> grows d mu rho alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  forall j, (j < d)%nat ->
    is_lim (fun s => beta 2 (th s) j / l1_norm d (beta 2 (th s))) p_infty (if Nat.eqb j
      (d - 1) then 1 else 0).
Proof.
  intros d mu rho alpha th HS HA HG H1 H2. apply (direction_any_signs d mu rho th HS H1).
  - assert (d0 := d_pos d mu rho HS). assert (M := mu0_pos d mu rho HS).
    assert (L := growing_beta d mu rho alpha th HS HA HG H1 H2 0%nat d0).
    destruct (growing_names d mu rho alpha th HS HA HG H1 H2) as (K & HK & HW & _).
    assert (L2 := scal_infinity _ (mu 0%nat ^ 2) (pow_lt _ 2 M) L).
    apply infinity_by with (fun s => sqrt (mu 0%nat ^ 2 * beta 2 (th s) 0%nat)).
    + exists 0; intros s Hs; rewrite norm2_depth2; apply sqrt_le_1_alt.
      apply Rle_trans with (mu 0%nat ^ 2 * (th s 0%nat 0%nat ^ 2 + th s 1%nat 0%nat ^ 2)).
      * apply Rmult_le_compat_l; [apply pow2_ge_0|]. rewrite (beta_w mu alpha _ s (K s) 0%nat)
          by (intros; apply HW; auto; lra). rewrite !HW by (lra || lia).
        assert (Q := pow2_ge_0 (w_of mu alpha s (K s) 0%nat)). lra.
      * apply (vsum_ge_term d (fun j => mu j ^ 2 * (th s 0%nat j ^ 2 + th s 1%nat j ^ 2))); [|exact d0].
        intros i Hi; assert (A := pow2_ge_0 (mu i)); assert (B := pow2_ge_0 (th s 0%nat i));
        assert (C := pow2_ge_0 (th s 1%nat i)); apply Rmult_le_pos; lra.
    + apply (filterlim_comp _ _ _ _ sqrt _ _ _ L2), filterlim_sqrt_p.
  - assert (Hd := proj1 HS). destruct (H2 (d - 1)%nat ltac:(lia)) as [-> ->].
    assert (A := HA (d - 1)%nat ltac:(lia)). lra.
Qed.

(* The loss vanishes on every growing path. *)
Theorem loss_vanishes : forall d mu rho alpha th, setting d mu rho -> positive d alpha -> grows d mu rho
  alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  is_lim (fun s => loss 2 d mu (th s)) p_infty 0.
Proof.
  intros d mu rho alpha th HS HA HG H1 H2.
  assert (d0 := d_pos d mu rho HS). assert (M := mu0_pos d mu rho HS).
  destruct (growing_names d mu rho alpha th HS HA HG H1 H2) as (K & HK & HW & s0 & H0 & Hf).
  assert (Lb := growth_infty d mu alpha rho HS HA K HK s0 0%nat H0 (Rlt_le _ _ Hf) d0).
  assert (LB := growing_beta d mu rho alpha th HS HA HG H1 H2 0%nat d0).
  assert (LP : is_lim (fun s => predictor 2 d mu (th s)) p_infty p_infty).
  { apply infinity_by with (fun s => mu 0%nat * beta 2 (th s) 0%nat).
    - exists 0; intros s Hs; apply (vsum_ge_term d (fun j => mu j * beta 2 (th s) j)); [|exact d0].
      intros i Hi; rewrite (beta_w mu alpha _ s (K s) i) by (intros; apply HW; auto; lra).
      apply Rmult_le_pos; [left; now apply (mu_pos d mu rho HS)|apply pow2_ge_0].
    - now apply scal_infinity. }
  assert (LE := exp_minus_infinity _ 1 LP).
  assert (L1 := is_lim_plus' _ _ _ _ _ (is_lim_const 1 p_infty) LE). rewrite Rplus_0_r in L1.
  assert (LL := filterlim_comp _ _ _ _ ln _ _ _ L1 (continuous_ln 1 Rlt_0_1)).
  rewrite ln_1 in LL. eapply filterlim_ext; [|exact LL]. intros s; unfold loss; now rewrite Rmult_1_l.
Qed.

(* K rises to a finite limit. *)
Lemma K_limit_path : forall d mu alpha rho K, setting d mu rho -> positive d alpha ->
  K_path d mu alpha rho p_infty K -> (exists s0, 0 <= s0 /\ 0 < f_of d mu alpha rho s0 (K s0)) ->
  exists Kinf : R, is_lim K p_infty Kinf /\ forall s, 0 <= s -> K s <= Kinf.
Proof.
  intros d mu alpha rho K HS HA HK [s0 [H0 Hf]].
  destruct (growth_K_bounded d mu alpha rho HS HA p_infty K HK s0 (proj2 (until_infty s0) H0) (Rlt_le _ _ Hf))
    as [B HB].
  destruct (completeness (fun x => exists s, 0 <= s /\ x = K s)) as [L [Hub Hlub]].
  { exists B; intros x [s [Hs ->]]; apply HB, until_infty, Hs. }
  { exists (K 0), 0; split; [lra|reflexivity]. }
  assert (Up : forall s, 0 <= s -> K s <= L) by (intros s Hs; apply Hub; now exists s).
  exists L; split; [|exact Up].
  intros P [e He].
  assert (Ne : ~ forall s, 0 <= s -> K s <= L - e).
  { intros H. assert (L <= L - e); [|assert (Q := cond_pos e); lra].
    apply Hlub; intros x [s [Hs ->]]; now apply H. }
  (* a time beyond which K > L - e, found without choice among the integers *)
  destruct (LPO (fun m => L - e < K (INR m))) as [[m Hm]|Hno].
  { intros m; destruct (Rlt_dec (L - e) (K (INR m))); [left|right]; assumption. }
  - exists (INR m); intros s Hs; apply He. assert (Pm := pos_INR m).
    assert (K (INR m) <= K s) by (apply (K_rises d mu alpha rho HS HA p_infty K HK);
      [lra|apply until_infty; lra]).
    assert (Q := Up s ltac:(lra)). apply Rabs_def1; unfold minus, plus, opp; simpl;
      assert (Q2 := cond_pos e); lra.
  - exfalso; apply Ne; intros s Hs. destruct (nfloor_ex s Hs) as [m [_ Hm]]. rewrite <- S_INR in Hm.
    assert (K s <= K (INR (S m))) by (apply (K_rises d mu alpha rho HS HA p_infty K HK);
      [lra|apply until_infty; lra]).
    assert (Q := Hno (S m)). lra.
Qed.

(* With r_j = mu_j/mu_d:  beta_j/beta_d beta_d^(1-r_j) = alpha_j^2 alpha_d^(-2 r_j) exp(2 mu_j (mu_d -
   mu_j) K(s)), which rises to R_j, where K_inf = lim K is finite. *)
Theorem ratio_law : forall d mu rho alpha th, setting d mu rho -> positive d alpha -> grows d mu rho alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  let m := (d - 1)%nat in
  exists (K : R -> R) (Kinf : R),
    K_path d mu alpha rho p_infty K /\ is_lim K p_infty Kinf /\ (forall s, 0 <= s -> K s <= Kinf) /\
    forall j, (j < d)%nat ->
      let R_of := fun k => alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m)) * exp (2 * mu j *
        (mu m - mu j) * k) in
      let ratio := fun s => beta 2 (th s) j / beta 2 (th s) m * Rpower (beta 2 (th s) m) (1 - mu j / mu m) in
      (forall s, 0 <= s -> ratio s = R_of (K s) /\ ratio s <= R_of Kinf) /\ is_lim ratio p_infty (R_of Kinf).
Proof.
  intros d mu rho alpha th HS HA HG H1 H2 m.
  assert (Hm : (m < d)%nat) by (assert (Q := proj1 HS); unfold m; lia).
  destruct (growing_names d mu rho alpha th HS HA HG H1 H2) as (K & HK & HW & Hs0).
  destruct (K_limit_path d mu alpha rho K HS HA HK Hs0) as (Kinf & HL & HU).
  exists K, Kinf; split; [exact HK|split; [exact HL|split; [exact HU|]]].
  intros j Hj R_of ratio. assert (Mj := mu_pos d mu rho HS j Hj). assert (Mm := mu_pos d mu rho HS m Hm).
  assert (Am := HA m Hm). assert (Aj := HA j Hj).
  assert (Ex : forall s, 0 <= s -> ratio s = R_of (K s)).
  { intros s Hs; unfold ratio, R_of.
    rewrite !(beta_w mu alpha (th s) s (K s)) by (intros; now apply HW).
    assert (P : 0 < w_of mu alpha s (K s) m) by now apply (w_pos d).
    unfold Rpower. replace (w_of mu alpha s (K s) m ^ 2) with (exp (2 * ln (alpha m) + 2 *
      (mu m * s - mu m ^ 2 * K s))).
    2:{ rewrite <- (log_w d) by assumption. apply exp_ln, pow_lt, P. }
    rewrite ln_exp. unfold w_of.
    replace (alpha j ^ 2 * exp (- 2 * (mu j / mu m) * ln (alpha m)) * exp (2 * mu j * (mu m - mu j) * K s))
      with (alpha j ^ 2 * (exp (- 2 * (mu j / mu m) * ln (alpha m)) * exp (2 * mu j *
        (mu m - mu j) * K s))) by ring.
    replace ((alpha j * exp (mu j * s - mu j ^ 2 * K s)) ^ 2) with
      (alpha j ^ 2 * (exp (mu j * s - mu j ^ 2 * K s) * exp (mu j * s - mu j ^ 2 * K s))) by ring.
    unfold Rdiv at 1. rewrite <- exp_Ropp, !Rmult_assoc. f_equal. rewrite <- !exp_plus. f_equal. field; lra. }
  assert (Mle := mu_le_last d mu rho HS j Hj). fold m in Mle.
  assert (A2 : 0 < alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m))).
  { apply Rmult_lt_0_compat; [now apply pow_lt|apply exp_pos]. }
  split.
  - intros s Hs; split; [now apply Ex|]. rewrite Ex by exact Hs. unfold R_of.
    apply Rmult_le_compat_l; [lra|]. apply exp_le. apply Rmult_le_compat_l; [|now apply HU].
    apply Rmult_le_pos; lra.
  - apply is_lim_ext_loc with (fun s => R_of (K s)).
    { exists 0; intros s Hs; symmetry; apply Ex; lra. }
    apply (filterlim_comp _ _ _ K R_of _ _ _ HL). unfold R_of.
    apply (continuous_scal_r (alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m)))
      (fun k => exp (2 * mu j * (mu m - mu j) * k))).
    apply (continuous_comp (fun k => 2 * mu j * (mu m - mu j) * k) exp); [|apply continuous_exp].
    apply (continuous_scal_r (2 * mu j * (mu m - mu j)) (fun k : R => k)), continuous_id.
Qed.

(* 1 - beta_d/||beta||_1 <= sum_(j<d) R_j beta_d^-(1-r_j)   ((3) of the page) *)
Theorem direction_bound : forall d mu rho alpha th, setting d mu rho -> positive d alpha -> grows d mu rho
  alpha ->
  two_sam_solution d mu rho p_infty th -> starts_at d alpha alpha th ->
  let m := (d - 1)%nat in
  exists (K : R -> R) (Kinf : R), K_path d mu alpha rho p_infty K /\ is_lim K p_infty Kinf /\ forall s,
    0 <= s ->
    1 - beta 2 (th s) m / l1_norm d (beta 2 (th s)) <=
    vsum m (fun j => alpha j ^ 2 * Rpower (alpha m) (- 2 * (mu j / mu m)) * exp (2 * mu j *
      (mu m - mu j) * Kinf)
                     * Rpower (beta 2 (th s) m) (- (1 - mu j / mu m))).
Proof.
  intros d mu rho alpha th HS HA HG H1 H2 m.
  assert (Hd : d = S m) by (assert (Q := proj1 HS); unfold m; lia).
  assert (Hm : (m < d)%nat) by lia.
  destruct (growing_names d mu rho alpha th HS HA HG H1 H2) as (K0 & _ & HW & _).
  destruct (ratio_law d mu rho alpha th HS HA HG H1 H2) as (K & Kinf & HK & HL & _ & HR); fold m in HR.
  exists K, Kinf; split; [exact HK|split; [exact HL|]]; intros s Hs.
  assert (BP : forall j, (j < d)%nat -> 0 < beta 2 (th s) j).
  { intros j Hj; rewrite (beta_w mu alpha (th s) s (K0 s) j) by (intros; now apply HW).
    apply pow_lt; now apply (w_pos d). }
  assert (Bm := BP m Hm).
  assert (E1 : l1_norm d (beta 2 (th s)) = vsum m (beta 2 (th s)) + beta 2 (th s) m).
  { unfold l1_norm; rewrite (vsum_ext d _ (beta 2 (th s))) by (intros; apply Rabs_pos_eq; left; now apply BP).
    rewrite Hd; reflexivity. }
  assert (S0 : 0 <= vsum m (beta 2 (th s))) by (apply vsum_nonneg; intros; left; apply BP; lia).
  apply Rle_trans with (vsum m (fun j => beta 2 (th s) j / beta 2 (th s) m)).
  - unfold Rdiv at 2; rewrite vsum_scal_r, E1.
    replace (1 - beta 2 (th s) m / (vsum m (beta 2 (th s)) + beta 2 (th s) m))
      with (vsum m (beta 2 (th s)) * / (vsum m (beta 2 (th s)) + beta 2 (th s) m)) by (field; lra).
    apply Rmult_le_compat_l; [exact S0|]. apply Rinv_le_contravar; [exact Bm|lra].
  - apply vsum_le; intros j Hj. destruct (HR j ltac:(lia)) as [HB _]. destruct (HB s Hs) as [_ B].
    assert (RP : 0 < Rpower (beta 2 (th s) m) (- (1 - mu j / mu m))) by apply exp_pos.
    apply Rmult_le_compat_r with (r := Rpower (beta 2 (th s) m) (- (1 - mu j / mu m))) in B; [|lra].
    rewrite Rmult_assoc, <- Rpower_plus in B.
    replace (1 - mu j / mu m + - (1 - mu j / mu m)) with 0 in B by ring.
    rewrite Rpower_O, Rmult_1_r in B by exact Bm. exact B.
Qed.
