(* Depth 1, one example mu <> 0, any start (MATH.md 3; pages proofs/thm-3.1.md, proofs/thm-4.1.md; Theorems
   3.1 and 4.1 for N = 1): gradient flow, 2-SAM and inf-SAM on the original clock, theta' = - grad
   loss(theta^).
   The predictor is <mu, beta> with beta the single layer, beta_j(t) = th t 0 j.

   PROVED, with u = <mu, beta>, u^ = <mu, beta^> and the constant c = 0 | rho ||mu||_2 | rho ||mu||_1:
   - u^ = u - c at every point ([depth1_margin]);
   - a solution moves along mu only, and u^ + e^(u^) = ||mu||^2 t + u^_0 + e^(u^_0) =: K
     ([depth1_along_mu], [depth1_K_form]); u^ = ln y with y the unique root of y + ln y = K,
     that is u^ = K - W(e^K) ([K_root], [depth1_root]);
   - hence at most one solution; and there is one on [0, oo) ([depth1_unique], [depth1_exists]);
   - as t -> oo: u^ - log t -> log ||mu||^2, and beta/||beta||_2 -> mu/||mu||_2 ([depth1_constant],
   [depth1_direction]), the direction of mu/||mu||^2 = argmin { ||w||^2 : <mu, w> >= 1 }
     ([depth1_max_margin]).
   NOT here: several examples.
   Rust: src/predict/one_example.rs (K form), depth1.rs (constant), max_margin_l2.rs. *)
From Coq Require Import Reals Lra Lia Ranalysis5.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock.
Open Scope R_scope.

(* <a, b> and ||mu||^2 *)
Definition dot (d : nat) (a b : nat -> R) : R := vsum d (fun j => a j * b j).

(* The three flows, each with its constant c. *)
Definition depth1_case (d : nat) (rho : R) (mu : nat -> R) (P : perturbation) (c : R) : Prop :=
  (P = perturb_none /\ c = 0) \/
  (P = perturb_2 1 d rho /\ c = rho * sqrt (dot d mu mu)) \/
  (P = perturb_inf rho /\ c = rho * vsum d (fun j => Rabs (mu j))).

Lemma predictor_depth1 : forall d mu th, predictor 1 d mu th = dot d mu (th 0%nat).
Proof. intros; apply vsum_ext; intros; unfold beta; simpl; ring. Qed.

Lemma grad_pred_depth1 : forall d mu th j, (j < d)%nat -> grad_pred 1 d mu th 0%nat j = mu j.
Proof. intros; rewrite grad_pred_formula by lia; unfold vprod_but; simpl; ring. Qed.

(* u^ = u - c *)
Theorem depth1_margin : forall d rho mu P c th, depth1_case d rho mu P c ->
  margin P 1 d mu th = dot d mu (th 0%nat) - c.
Proof.
  intros d rho mu P c th [[-> ->]|[[-> ->]|[-> ->]]]; unfold margin; rewrite predictor_depth1; unfold dot.
  - rewrite Rminus_0_r; apply vsum_ext; intros j Hj; unfold sam_point, perturb_none; ring.
  - rewrite (vsum_ext d _ (fun j => mu j * th 0%nat j - mu j * mu j * (rho / sqrt (vsum d (fun j => mu j *
    mu j))))).
    + rewrite vsum_minus, vsum_scal_r; f_equal.
      set (n := vsum d (fun j => mu j * mu j)).
      assert (Hn : 0 <= n) by (apply vsum_nonneg; intros; nra).
      destruct (Req_dec n 0) as [->|Hne]; [rewrite sqrt_0; ring|].
      assert (0 < sqrt n) by (apply sqrt_lt_R0; lra).
      rewrite <- (sqrt_sqrt n) at 1 by auto; field; lra.
    + intros j Hj; rewrite sam_point_2, grad_pred_depth1 by lia.
      replace (norm2 1 d (grad_pred 1 d mu th)) with (sqrt (vsum d (fun j => mu j * mu j))).
      { unfold Rdiv; ring. }
      unfold norm2; cbn [vsum]; rewrite Rplus_0_l; f_equal; apply vsum_ext; intros k Hk.
      rewrite grad_pred_depth1 by auto; ring.
  - rewrite <- vsum_scal, <- vsum_minus; apply vsum_ext; intros j Hj.
    rewrite sam_point_inf, grad_pred_depth1 by lia.
    destruct (Rtotal_order (mu j) 0) as [H|[->|H]].
    + rewrite sign_eq_m1, Rabs_left by auto; ring.
    + rewrite sign_0, Rabs_R0; ring.
    + rewrite sign_eq_1, Rabs_pos_eq by lra; ring.
Qed.

(* beta_j' = sigma(-u^) mu_j *)
Lemma depth1_field : forall d rho mu P c th j, depth1_case d rho mu P c -> (j < d)%nat ->
  sam_field P 1 d mu th 0%nat j = sigma (- (dot d mu (th 0%nat) - c)) * mu j.
Proof.
  intros d rho mu P c th j HP Hj; rewrite sam_field_rescaled by lia.
  change (predictor 1 d mu (sam_point P 1 d mu th)) with (margin P 1 d mu th).
  rewrite (depth1_margin d rho mu P c) by auto; f_equal; now apply grad_pred_depth1.
Qed.

(* Shorthand: u^(t) along th. *)
Definition u_hat (d : nat) (mu : nat -> R) (c : R) (th : R -> params) (t : R) : R := dot d mu (th t 0%nat) -
  c.

Lemma is_derive_u_hat : forall d rho mu P c T th, depth1_case d rho mu P c -> solves_original P 1 d mu T th ->
  forall t, until T t -> is_derive (u_hat d mu c th) t (dot d mu mu * sigma (- u_hat d mu c th t)).
Proof.
  intros d rho mu P c T th HP Hth t Ht.
  replace (dot d mu mu * sigma (- u_hat d mu c th t))
    with (vsum d (fun j => mu j * (sigma (- u_hat d mu c th t) * mu j)) - 0).
  - apply @is_derive_minus; [|apply @is_derive_const].
    apply (is_derive_vsum d (fun j t => mu j * th t 0%nat j)); intros j Hj.
    apply @is_derive_scal; unfold u_hat; rewrite <- (depth1_field d rho mu P c) by auto.
    apply Hth; auto; lia.
  - unfold dot at 1; rewrite Rminus_0_r, <- vsum_scal_r; apply vsum_ext; intros; ring.
Qed.

(* u^ + e^(u^) = ||mu||^2 t + u^_0 + e^(u^_0) = K(t), with u^ = <mu, beta> - c = <mu, beta^> *)
Theorem depth1_K_form : forall d rho mu P c T th, depth1_case d rho mu P c -> solves_original P 1 d mu T th ->
  forall t, until T t ->
  (dot d mu (th t 0%nat) - c) + exp (dot d mu (th t 0%nat) - c)
  = dot d mu mu * t + (dot d mu (th 0 0%nat) - c) + exp (dot d mu (th 0 0%nat) - c).
Proof.
  intros d rho mu P c T th HP Hth t Ht.
  assert (H : forall x, until T x ->
    is_derive (fun x => u_hat d mu c th x + exp (u_hat d mu c th x) - dot d mu mu * x) x 0).
  { intros x Hx; assert (Hd := is_derive_u_hat d rho mu P c T th HP Hth x Hx).
    set (u := u_hat d mu c th) in *; set (n := dot d mu mu) in *.
    replace 0 with (n * sigma (- u x) + n * sigma (- u x) * exp (u x) - n).
    - apply @is_derive_minus; [apply @is_derive_plus; [exact Hd|] | auto_derive; [exact I | ring]].
      apply (is_derive_comp exp u x); [apply is_derive_exp | exact Hd].
    - unfold sigma; rewrite Ropp_involutive; assert (He := exp_pos (u x)); field; lra. }
  assert (E := constant_on _ T H t Ht); cbv beta in E; unfold u_hat in E; lra.
Qed.

(* The flow moves along mu only: beta(t) = beta(0) + ((u^(t) - u^(0))/||mu||^2) mu. *)
Theorem depth1_along_mu : forall d rho mu P c T th, depth1_case d rho mu P c -> 0 < dot d mu mu ->
  solves_original P 1 d mu T th -> forall t j, until T t -> (j < d)%nat ->
  th t 0%nat j
  = th 0 0%nat j + (dot d mu (th t 0%nat) - dot d mu (th 0 0%nat)) / dot d mu mu * mu j.
Proof.
  intros d rho mu P c T th HP Hmu Hth t j Ht Hj.
  assert (H : forall x, until T x ->
    is_derive (fun x => th x 0%nat j - u_hat d mu c th x / dot d mu mu * mu j) x 0).
  { intros x Hx; assert (Hd := is_derive_u_hat d rho mu P c T th HP Hth x Hx).
    set (s := sigma (- u_hat d mu c th x)) in *.
    replace 0 with (s * mu j - dot d mu mu * s / dot d mu mu * mu j) by (field; lra).
    apply @is_derive_minus.
    - unfold s, u_hat; rewrite <- (depth1_field d rho mu P c) by auto; apply Hth; auto; lia.
    - apply (is_derive_ext (fun x => mu j / dot d mu mu * u_hat d mu c th x)); [intros y; unfold Rdiv;
      simpl; ring|].
      replace (dot d mu mu * s / dot d mu mu * mu j) with (mu j / dot d mu mu * (dot d mu mu * s))
        by (field; lra).
      now apply @is_derive_scal. }
  assert (E := constant_on _ T H t Ht); cbv beta in E; unfold u_hat in E.
  replace (th t 0%nat j) with (th 0 0%nat j - (dot d mu (th 0 0%nat) - c) / dot d mu mu * mu j
    + (dot d mu (th t 0%nat) - c) / dot d mu mu * mu j) by lra; field; lra.
Qed.

(* ---------- the root ---------- *)

Lemma K_increasing : forall x y, x < y -> x + exp x < y + exp y.
Proof. intros x y H; assert (H' := exp_increasing x y H); lra. Qed.

(* x + e^x = K has exactly one root. *)
Lemma K_root_exists : forall K, exists x, x + exp x = K.
Proof.
  intros K; destruct (f_interv_is_interv (fun x => x + exp x) (Rmin 0 K - 1) (Rmax 0 K) K) as [x [_ Hx]].
  - assert (Rmin 0 K <= 0) by apply Rmin_l; assert (0 <= Rmax 0 K) by apply Rmax_l; lra.
  - split.
    + assert (Rmin 0 K <= 0) by apply Rmin_l.
      assert (Rmin 0 K <= K) by apply Rmin_r.
      assert (exp (Rmin 0 K - 1) < exp 0) by (apply exp_increasing; lra); rewrite exp_0 in *; lra.
    + assert (K <= Rmax 0 K) by apply Rmax_r; assert (H1 := exp_pos (Rmax 0 K)); lra.
  - intros x _; apply continuity_pt_filterlim.
    apply (is_derive_continuous (fun x => x + exp x) x (1 + exp x)); auto_derive; [exact I | ring].
  - now exists x.
Qed.

(* y + ln y = K has exactly one root y > 0; then y e^y = e^K, that is y = W(e^K) in Lambert's notation. *)
Theorem K_root : forall K, exists y, 0 < y /\ y + ln y = K /\ y * exp y = exp K /\
  forall z, 0 < z -> z + ln z = K -> z = y.
Proof.
  intros K; destruct (K_root_exists K) as [x Hx]; exists (exp x).
  assert (He := exp_pos x); split; [auto | split; [|split]].
  - rewrite ln_exp; lra.
  - rewrite <- exp_plus; now rewrite Hx.
  - intros z Hz Ez; assert (ln z = x); [|now rewrite <- H, exp_ln].
    destruct (Rtotal_order (ln z) x) as [H|[H|H]]; auto; exfalso; apply K_increasing in H;
      rewrite exp_ln in H by auto; lra.
Qed.

(* u^ = ln y = K - y with y the root of y + ln y = K(t). *)
Theorem depth1_root : forall d rho mu P c T th y, depth1_case d rho mu P c -> solves_original P 1 d mu T th ->
  forall t, until T t -> 0 < y ->
  y + ln y = dot d mu mu * t + (dot d mu (th 0 0%nat) - c) + exp (dot d mu (th 0 0%nat) - c) ->
  dot d mu (th t 0%nat) - c = ln y.
Proof.
  intros d rho mu P c T th y HP Hth t Ht Hy Ey; rewrite <- (depth1_K_form d rho mu P c T th HP Hth t Ht)
    in Ey.
  set (u := dot d mu (th t 0%nat) - c) in *.
  destruct (Rtotal_order (ln y) u) as [H|[H|H]]; auto; exfalso; apply K_increasing in H;
    rewrite exp_ln in H by auto; lra.
Qed.

(* At most one solution. *)
Theorem depth1_unique : forall d rho mu P c T th1 th2, depth1_case d rho mu P c -> 0 < dot d mu mu ->
  solves_original P 1 d mu T th1 -> solves_original P 1 d mu T th2 ->
  (forall j, (j < d)%nat -> th1 0 0%nat j = th2 0 0%nat j) ->
  forall t j, until T t -> (j < d)%nat -> th1 t 0%nat j = th2 t 0%nat j.
Proof.
  intros d rho mu P c T th1 th2 HP Hmu H1 H2 H0 t j Ht Hj.
  assert (E0 : dot d mu (th1 0 0%nat) = dot d mu (th2 0 0%nat)).
  { apply vsum_ext; intros k Hk; now rewrite H0. }
  assert (Hu : dot d mu (th1 t 0%nat) - c = dot d mu (th2 t 0%nat) - c).
  { assert (K1 := depth1_K_form d rho mu P c T th1 HP H1 t Ht).
    assert (K2 := depth1_K_form d rho mu P c T th2 HP H2 t Ht); rewrite E0, <- K2 in K1.
    destruct (Rtotal_order (dot d mu (th1 t 0%nat) - c) (dot d mu (th2 t 0%nat) - c)) as [H|[H|H]]; auto;
      apply K_increasing in H; lra. }
  rewrite (depth1_along_mu d rho mu P c T th1 HP Hmu H1 t j), (depth1_along_mu d rho mu P c T th2 HP Hmu H2
    t j),
    H0, E0 by auto.
  replace (dot d mu (th1 t 0%nat)) with (dot d mu (th2 t 0%nat)) by lra; reflexivity.
Qed.

(* There is one, for all times, from any start. *)
Theorem depth1_exists : forall d rho mu P c b0, depth1_case d rho mu P c ->
  exists th, solves_original P 1 d mu p_infty th /\ forall j, (j < d)%nat -> th 0 0%nat j = b0 j.
Proof.
  intros d rho mu P c b0 HP; set (TH := fun (s : R) (l j : nat) => b0 j + s * mu j).
  assert (Hsol : solves_rescaled P 1 d mu p_infty TH).
  { intros s Hs l j Hl Hj; replace l with 0%nat by lia.
    unfold rescaled_field; rewrite grad_pred_depth1 by auto; unfold TH; auto_derive; [exact I | ring]. }
  destruct (clock_exists p_infty (fun s => 1 + exp (margin P 1 d mu (TH s)))) as [C [t Hcl]].
  - exact I.
  - intros s Hs; apply (continuous_plus (fun _ => 1)); [apply continuous_const|]; apply continuous_exp_comp.
    apply continuous_ext with (fun s => dot d mu (TH s 0%nat) - c).
    { intros x; now rewrite (depth1_margin d rho mu P c). }
    apply (continuous_minus (fun s => dot d mu (TH s 0%nat))); [|apply continuous_const].
    apply (continuous_vsum d (fun j s => mu j * TH s 0%nat j)); intros j Hj.
    apply (is_derive_continuous (fun s => mu j * TH s 0%nat j) s (mu j * mu j)); unfold TH; auto_derive;
      [exact I | ring].
  - intros s _; assert (H := exp_pos (margin P 1 d mu (TH s))); lra.
  - destruct (original_outlives_rescaled _ _ _ _ Hcl) as [_ HC].
    assert (C = p_infty) as -> by (destruct C; auto; contradiction).
    destruct (rescaled_to_original _ _ _ _ _ _ _ _ Hsol Hcl) as [s_of [H0 [_ [_ Horig]]]].
    exists (fun x => TH (s_of x)); split; [exact Horig|].
    intros j Hj; rewrite H0; unfold TH; ring.
Qed.

(* ---------- the limits ---------- *)

Lemma dot_pos_from : forall d rho mu P c th, depth1_case d rho mu P c -> 0 < dot d mu mu ->
  solves_original P 1 d mu p_infty th ->
  forall M, near_end p_infty (fun t => M < dot d mu (th t 0%nat) - c).
Proof.
  intros d rho mu P c th HP Hmu Hth M.
  set (K0 := (dot d mu (th 0 0%nat) - c) + exp (dot d mu (th 0 0%nat) - c)).
  set (t0 := Rmax 0 ((M + exp M - K0) / dot d mu mu + 1)).
  exists t0; split; [split; [apply Rmax_l | exact I]|]; intros t Ht _.
  assert (H0 : 0 <= t0) by apply Rmax_l.
  assert (H1 : (M + exp M - K0) / dot d mu mu + 1 <= t0) by apply Rmax_r.
  assert (HK := depth1_K_form d rho mu P c p_infty th HP Hth t ltac:(split; [lra | exact I])).
  set (u := dot d mu (th t 0%nat) - c) in *.
  destruct (Rlt_le_dec M u) as [|Hle]; auto; exfalso.
  assert (Hexp : u + exp u <= M + exp M).
  { destruct (Req_dec u M) as [->|]; [lra|]; left; apply K_increasing; lra. }
  assert (H2 : (M + exp M - K0) / dot d mu mu < t) by lra.
  apply (Rmult_lt_compat_l (dot d mu mu)) in H2; auto.
  replace (dot d mu mu * ((M + exp M - K0) / dot d mu mu)) with (M + exp M - K0) in H2 by (field; lra).
  unfold K0 in H2; lra.
Qed.

Theorem depth1_grows : forall d rho mu P c th, depth1_case d rho mu P c -> 0 < dot d mu mu ->
  solves_original P 1 d mu p_infty th -> diverges p_infty (fun t => dot d mu (th t 0%nat)).
Proof.
  intros d rho mu P c th HP Hmu Hth; apply diverges_spec; intros M.
  destruct (dot_pos_from d rho mu P c th HP Hmu Hth (M - c)) as [s0 [H0 Hs]].
  exists s0; split; auto; intros s H1 H2; specialize (Hs s H1 H2); lra.
Qed.

(* u^ - log t -> log ||mu||^2, that is <mu, beta> - log t -> log ||mu||^2 + c. *)
Theorem depth1_constant : forall d rho mu P c th, depth1_case d rho mu P c -> 0 < dot d mu mu ->
  solves_original P 1 d mu p_infty th ->
  tends_to p_infty (fun t => dot d mu (th t 0%nat) - c - ln t) (ln (dot d mu mu)).
Proof.
  intros d rho mu P c th HP Hmu Hth; assert (HK := depth1_K_form d rho mu P c p_infty th HP Hth).
  assert (Hbig := dot_pos_from d rho mu P c th HP Hmu Hth).
  set (n := dot d mu mu) in *; set (u := fun t => dot d mu (th t 0%nat) - c).
  set (K0 := (dot d mu (th 0 0%nat) - c) + exp (dot d mu (th 0 0%nat) - c)).
  assert (HE : forall t, until p_infty t -> exp (u t) = n * t + K0 - u t).
  { intros t Ht; specialize (HK t Ht); unfold u, K0; lra. }
  assert (HF := near_end_filter p_infty I : Filter (near_end p_infty)).
  assert (Hnear : near_end p_infty (fun t => 1 < t /\ 0 < u t)).
  { apply filter_and; [|exact (Hbig 0)].
    exists 2; split; [split; [lra | exact I]|]; intros s Hs _; lra. }
  assert (Hinv : tends_to p_infty (fun t => / t) 0) by (apply diverges_inv, diverges_id).
  (* u/t -> 0 *)
  assert (Hexp : diverges p_infty (fun t => exp (u t))).
  { apply (diverges_le_near p_infty u); [exact I | |].
    - generalize Hnear; apply filter_imp; intros t [_ Hu]; assert (H := exp_ineq1 (u t) ltac:(lra)); lra.
    - apply diverges_spec; exact Hbig. }
  assert (Hlog : tends_to p_infty (fun t => ln (exp (u t)) / exp (u t)) 0).
  { exact (filterlim_comp R R R (fun t => exp (u t)) (fun y => ln y / y) (near_end p_infty)
      (Rbar_locally p_infty) (locally 0) Hexp is_lim_div_ln_p). }
  assert (Hut : tends_to p_infty (fun t => u t * / t) 0).
  { apply (tends_to_0_le_near p_infty _ (fun t => (n + Rabs K0) * (ln (exp (u t)) / exp (u t))));
    [exact I | |].
    - generalize (filter_and _ _ Hnear (near_end_until p_infty _ I HE)); apply filter_imp.
      intros t [[Ht Hu] E]; rewrite ln_exp; assert (Hy := exp_pos (u t)).
      assert (Hle : exp (u t) <= (n + Rabs K0) * t).
      { assert (HR := Rle_abs K0); assert (H0 := Rabs_pos K0).
        assert (Rabs K0 * 1 <= Rabs K0 * t) by (apply Rmult_le_compat_l; lra); lra. }
      split; [apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]|].
      replace ((n + Rabs K0) * (u t / exp (u t))) with (u t * ((n + Rabs K0) / exp (u t))) by (field; lra).
      apply Rmult_le_compat_l; [lra|]; apply Rmult_le_reg_l with t; [lra|]; rewrite Rinv_r by lra.
      apply Rmult_le_reg_r with (exp (u t)); [lra|].
      replace (t * ((n + Rabs K0) / exp (u t)) * exp (u t)) with ((n + Rabs K0) * t) by (field; lra); lra.
    - rewrite <- (Rmult_0_r (n + Rabs K0)); apply tends_to_mult; auto; [exact I | now apply tends_to_const]. }
  apply (tends_to_ext_near p_infty (fun t => ln (n + K0 * / t + - 1 * (u t * / t)))); [exact I | |].
  - generalize (filter_and _ _ Hnear (near_end_until p_infty _ I HE)); apply filter_imp.
    intros t [[Ht Hu] E]; fold (u t).
    replace (n + K0 * / t + - 1 * (u t * / t)) with (exp (u t) * / t) by (rewrite E; field; lra).
    rewrite ln_mult, ln_exp, ln_Rinv by (try apply exp_pos; try apply Rinv_0_lt_compat; lra); ring.
  - apply (tends_to_comp p_infty _ ln n); [|now apply continuous_ln].
    apply (eq_ind (n + K0 * 0 + - 1 * 0) (tends_to p_infty _)); [|ring].
    repeat apply tends_to_plus; try exact I; try (now apply tends_to_const);
      apply tends_to_mult; try exact I; auto; now apply tends_to_const.
Qed.

(* beta/||beta||_2 -> mu/||mu||_2 as t -> oo, from any start. *)
Theorem depth1_direction : forall d rho mu P c th, depth1_case d rho mu P c -> 0 < dot d mu mu ->
  solves_original P 1 d mu p_infty th -> forall j, (j < d)%nat ->
  tends_to p_infty (fun t => th t 0%nat j / sqrt (dot d (th t 0%nat) (th t 0%nat))) (mu j / sqrt (dot d mu
    mu)).
Proof.
  intros d rho mu P c th HP Hmu Hth j Hj.
  assert (Hal := fun t j => depth1_along_mu d rho mu P c p_infty th HP Hmu Hth t j).
  assert (Hgr := depth1_grows d rho mu P c th HP Hmu Hth).
  set (n := dot d mu mu) in *; set (b0 := th 0 0%nat).
  set (lam := fun t => (dot d mu (th t 0%nat) - dot d mu b0) / n).
  assert (Hlam : diverges p_infty lam).
  { apply diverges_spec; intros M; generalize (proj1 (diverges_spec p_infty _) Hgr (M * n + dot d mu b0)).
    apply (filter_imp (F := near_end p_infty) (Filter := near_end_filter p_infty I)).
    intros t Ht; unfold lam; apply Rmult_lt_reg_r with n; auto; unfold Rdiv; rewrite Rmult_assoc, Rinv_l;
      lra. }
  assert (Hinv := diverges_inv p_infty lam Hlam).
  assert (Hk : forall k, tends_to p_infty (fun t => b0 k * / lam t + mu k) (mu k)).
  { intros k; apply (eq_ind (b0 k * 0 + mu k) (tends_to p_infty _)); [|ring].
    apply tends_to_plus; [exact I | | now apply tends_to_const].
    apply tends_to_mult; [exact I | now apply tends_to_const | auto]. }
  apply (tends_to_ext_near p_infty (fun t => (b0 j * / lam t + mu j) *
    / sqrt (vsum d (fun k => (b0 k * / lam t + mu k) * (b0 k * / lam t + mu k))))); [exact I | |].
  - assert (Hunt : forall t, until p_infty t -> until p_infty t) by auto.
    generalize (filter_and (Filter := near_end_filter p_infty I) _ _
      (proj1 (diverges_spec p_infty _) Hlam 0) (near_end_until p_infty _ I Hunt)).
    apply (filter_imp (F := near_end p_infty) (Filter := near_end_filter p_infty I)); intros t [Hl Ht].
    assert (Hb : forall k, (k < d)%nat -> th t 0%nat k = lam t * (b0 k * / lam t + mu k)).
    { intros k Hkd; rewrite (Hal t k Ht Hkd); fold b0; fold (lam t); field; lra. }
    unfold dot; rewrite Hb by auto.
    rewrite (vsum_ext d (fun k => th t 0%nat k * th t 0%nat k)
      (fun k => lam t * lam t * ((b0 k * / lam t + mu k) * (b0 k * / lam t + mu k))))
      by (intros k Hkd; rewrite !Hb by auto; ring).
    rewrite vsum_scal, sqrt_mult_alt, sqrt_square by nra.
    unfold Rdiv; rewrite Rinv_mult.
    set (q := / sqrt _); field; lra.
  - unfold Rdiv; apply tends_to_mult; [exact I | apply Hk|].
    apply (tends_to_comp p_infty _ (fun x => / sqrt x) n).
    + apply (tends_to_vsum p_infty d (fun k t => (b0 k * / lam t + mu k) * (b0 k * / lam t + mu k))
        (fun k => mu k * mu k)); [exact I|].
      intros k _; apply tends_to_mult; [exact I | |]; apply Hk.
    + assert (0 < sqrt n) by now apply sqrt_lt_R0.
      apply continuous_Rinv_comp; [apply continuous_sqrt | lra].
Qed.

(* mu/||mu||^2 is the l2 max-margin solution of one example: <mu, w0> = 1, and <mu, w> >= 1 implies
   ||w||^2 >= ||w0||^2 + ||w - w0||^2. *)
Theorem depth1_max_margin : forall d mu, 0 < dot d mu mu ->
  let w0 := fun j => mu j / dot d mu mu in
  dot d mu w0 = 1 /\ forall w, 1 <= dot d mu w ->
  dot d w0 w0 + dot d (fun j => w j - w0 j) (fun j => w j - w0 j) <= dot d w w.
Proof.
  intros d mu Hmu w0; set (n := dot d mu mu) in *.
  assert (H0 : dot d mu w0 = 1).
  { unfold dot, w0; rewrite (vsum_ext d _ (fun j => mu j * mu j * / n)) by (intros; unfold Rdiv; ring).
    rewrite vsum_scal_r; fold (dot d mu mu); fold n; field; lra. }
  split; auto; intros w Hw.
  assert (E : dot d w w - dot d w0 w0 - dot d (fun j => w j - w0 j) (fun j => w j - w0 j)
    = 2 * / n * (dot d mu w - dot d mu w0)).
  { unfold dot; rewrite <- !vsum_minus, <- vsum_scal; apply vsum_ext; intros j _; unfold w0; field; lra. }
  rewrite H0 in E; assert (0 < / n) by now apply Rinv_0_lt_compat.
  assert (0 <= 2 * / n * (dot d mu w - 1)) by (apply Rmult_le_pos; lra); lra.
Qed.
