(* Loss rates on the original clock at L = 2, one coordinate above rho, for every solution of the original
   inf-SAM flow on [0, oo) (MATH.md 4; page proofs/rescaling.md, "Loss rates"); continues Original_clock.v.

   PROVED, with zeta = mu (w - rho)^2 = <mu, beta(theta^)>, as t -> oo:
   - zeta - (log t + log log t + log(2 mu)) -> 0 ([zeta_law]);
   - Loss(theta^) 2 mu t log t -> 1 ([perturbed_loss_law]);
   - Loss(theta) 2 mu t log t exp(2 rho sqrt(mu log t) + mu rho^2) -> 1 ([loss_law]).
   NOT here: the explicit remainders (7)-(9) of the page.
   Rust: src/predict/loss.rs. *)
From Coq Require Import Reals Lra Lia Ranalysis5.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Original_clock.
Open Scope R_scope.

(* Composition with a function that runs to +oo. *)
Lemma tends_to_at_infinity : forall T f h l, Rbar_lt 0 T -> tends_to p_infty h l -> diverges T f ->
  tends_to T (fun t => h (f t)) l.
Proof.
  intros T f h l HT Hh Hf P HP; destruct (Hh P HP) as [s0 [_ Hs]].
  destruct (proj1 (diverges_spec T f) Hf s0) as [t0 [Ht0 Ht]].
  exists t0; split; auto; intros t H1 H2; apply Hs; [left; now apply Ht | exact I].
Qed.

Lemma tends_to_squeeze : forall T f l g, Rbar_lt 0 T -> near_end T (fun s => Rabs (f s - l) <= g s) ->
  tends_to T g 0 -> tends_to T f l.
Proof.
  intros T f l g HT H Hg; apply tends_to_spec; intros eps Heps.
  assert (HF := near_end_filter T HT).
  generalize (filter_and _ _ (proj1 (tends_to_spec T g 0) Hg eps Heps) H).
  apply filter_imp; intros x [H1 H2]; rewrite Rminus_0_r in H1; apply Rabs_def2 in H1; lra.
Qed.

Lemma tends_to_minus : forall T f g k l, Rbar_lt 0 T -> tends_to T f k -> tends_to T g l ->
  tends_to T (fun s => f s - g s) (k - l).
Proof.
  intros T f g k l HT Hf Hg; apply (tends_to_ext T (fun s => f s + -1 * g s)); auto; [intros; ring|].
  replace (k - l) with (k + -1 * l) by ring; apply tends_to_plus; auto.
  apply tends_to_mult; auto; now apply tends_to_const.
Qed.

Lemma tends_to_ln_over : tends_to p_infty (fun x => ln x / x) 0.
Proof.
  intros P HP; destruct (is_lim_div_ln_p P HP) as [M HM]; exists (Rmax 0 (M + 1)).
  split; [split; [apply Rmax_l | exact I]|]; intros s Hs _; apply HM.
  assert (M + 1 <= Rmax 0 (M + 1)) by apply Rmax_r; lra.
Qed.

(* e^x >= x^3/27 for x >= 0 *)
Lemma exp_cubic : forall x, 0 <= x -> x * x * x <= 27 * exp x.
Proof.
  intros x Hx; assert (H : x / 3 <= exp (x / 3)).
  { destruct (Req_dec x 0) as [->|]; [assert (H1 := exp_pos (0 / 3)); lra|].
    assert (H1 := exp_ineq1 (x / 3) ltac:(lra)); lra. }
  replace x with (x / 3 + x / 3 + x / 3) at 4 by field; rewrite !exp_plus.
  set (y := x / 3) in *; replace x with (3 * y) by (unfold y; field).
  assert (0 <= y) by (unfold y; lra).
  assert (y * y <= exp y * exp y) by (apply Rmult_le_compat; auto).
  assert (y * y * y <= exp y * exp y * exp y) by (apply Rmult_le_compat; auto; nra); lra.
Qed.

(* h(x) = x e^(-x) (Ei(x) + ln x - A) -> 1 *)
Lemma ei_ratio : forall G A, is_ei G -> tends_to p_infty (fun x => x * exp (- x) * (G x + ln x - A)) 1.
Proof.
  intros G A HG; destruct (ei_bounds G HG) as [a [b Hab]].
  set (K := Rabs (a - A) + Rabs (b - A)).
  apply (tends_to_squeeze p_infty _ 1 (fun x => (2 + 27 * (K + 1)) * / x)); [exact I | |].
  - exists 4; split; [split; [lra | exact I]|]; intros x Hx _; destruct (Hab x Hx) as [Hlo Hhi].
    assert (He := exp_pos (- x)); assert (Hex : exp (- x) * exp x = 1).
    { rewrite <- exp_plus; replace (- x + x) with 0 by ring; apply exp_0. }
    assert (Hln0 : 0 <= ln x) by (rewrite <- ln_1; apply ln_le; lra).
    assert (Hlnx : ln x <= x).
    { rewrite <- (ln_exp x) at 2; apply ln_le; [lra|]; assert (H := exp_ineq1 x ltac:(lra)); lra. }
    assert (Hc := exp_cubic x ltac:(lra)).
    (* x e^(-x) (k + ln x) is at most 27 (|k| + 1)/x in size *)
    assert (Hx3 : x * x * x * exp (- x) <= 27) by (apply (Rmult_le_compat_r (exp (- x))) in Hc; lra).
    assert (Hsmall : forall k, Rabs k <= K -> x * (x * exp (- x) * Rabs (k + ln x)) <= 27 * (K + 1)).
    { intros k Hk; assert (Habs : Rabs (k + ln x) <= (K + 1) * x).
      { eapply Rle_trans; [apply Rabs_triang|]; rewrite (Rabs_pos_eq (ln x)) by auto.
        assert (HK0 : 0 <= K) by (eapply Rle_trans; [apply Rabs_pos | exact Hk]).
        assert (K * 1 <= K * x) by (apply Rmult_le_compat_l; lra); lra. }
      assert (HK0 : 0 <= K) by (eapply Rle_trans; [apply Rabs_pos | exact Hk]).
      apply Rle_trans with (x * (x * exp (- x) * ((K + 1) * x))).
      - apply Rmult_le_compat_l; [lra|]; apply Rmult_le_compat_l; auto; apply Rmult_le_pos; lra.
      - replace (x * (x * exp (- x) * ((K + 1) * x))) with (x * x * x * exp (- x) * (K + 1)) by ring.
        apply Rmult_le_compat_r; lra. }
    assert (Ha : Rabs (a - A) <= K) by (unfold K; assert (H := Rabs_pos (b - A)); lra).
    assert (Hb : Rabs (b - A) <= K) by (unfold K; assert (H := Rabs_pos (a - A)); lra).
    assert (Sa := Hsmall _ Ha); assert (Sb := Hsmall _ Hb).
    assert (Hxe : 0 < x * exp (- x)) by (apply Rmult_lt_0_compat; lra).
    assert (HxE : x * exp (- x) * (exp x / x) = 1).
    { replace (x * exp (- x) * (exp x / x)) with (exp (- x) * exp x) by (field; lra); exact Hex. }
    set (E := x * exp (- x)) in *.
    assert (L1 : 1 + E * (a - A + ln x) <= E * (G x + ln x - A)).
    { rewrite <- HxE at 1; rewrite <- Rmult_plus_distr_l; apply Rmult_le_compat_l; lra. }
    assert (L2 : E * (G x + ln x - A) <= 1 + 2 / x + E * (b - A + ln x)).
    { replace (1 + 2 / x) with (E * (exp x / x) * (1 + 2 / x)) by (rewrite HxE; ring).
      rewrite Rmult_assoc, <- Rmult_plus_distr_l; apply Rmult_le_compat_l; lra. }
    assert (Hi : x * / x = 1) by (apply Rinv_r; lra).
    assert (Hix : 0 < / x) by (apply Rinv_0_lt_compat; lra).
    assert (Ta : E * Rabs (a - A + ln x) <= 27 * (K + 1) * / x).
    { apply Rmult_le_reg_l with x; [lra|]; replace (x * (27 * (K + 1) * / x)) with (27 * (K + 1)) by (field;
      lra).
      exact Sa. }
    assert (Tb : E * Rabs (b - A + ln x) <= 27 * (K + 1) * / x).
    { apply Rmult_le_reg_l with x; [lra|]; replace (x * (27 * (K + 1) * / x)) with (27 * (K + 1)) by (field;
      lra).
      exact Sb. }
    assert (Ua : - (E * Rabs (a - A + ln x)) <= E * (a - A + ln x)).
    { assert (H := Rle_abs (- (a - A + ln x))); rewrite Rabs_Ropp in H.
      assert (E * - (a - A + ln x) <= E * Rabs (a - A + ln x)) by (apply Rmult_le_compat_l; lra); lra. }
    assert (Ub : E * (b - A + ln x) <= E * Rabs (b - A + ln x)).
    { apply Rmult_le_compat_l; [lra | apply Rle_abs]. }
    unfold Rdiv in L2; apply Rabs_le; rewrite Rmult_plus_distr_r; split; lra.
  - replace 0 with ((2 + 27 * (K + 1)) * 0) by ring.
    apply tends_to_mult; [exact I | now apply tends_to_const | apply diverges_inv, diverges_id].
Qed.

(* ---------- zeta runs to +oo ---------- *)

Lemma ei_ln_increasing : forall G x y, is_ei G -> 0 < x < y -> G x + ln x < G y + ln y.
Proof.
  intros G x y HG Hxy.
  assert (Hd : forall z, 0 < z -> is_derive (fun z => G z + ln z) z (exp z / z + / z)).
  { intros z Hz; apply @is_derive_plus; [now apply HG | now apply is_derive_ln]. }
  destruct (MVT_gen (fun z => G z + ln z) x y (fun z => exp z / z + / z)) as [c [Hc Hv]].
  - rewrite Rmin_left, Rmax_right by lra; intros z Hz; apply Hd; lra.
  - rewrite Rmin_left, Rmax_right by lra; intros z Hz; apply continuity_pt_filterlim.
    apply (is_derive_continuous (fun z => G z + ln z) z (exp z / z + / z)), Hd; lra.
  - rewrite Rmin_left, Rmax_right in Hc by lra.
    assert (0 < / c) by (apply Rinv_0_lt_compat; lra); assert (0 < exp c / c).
    { apply Rdiv_lt_0_compat; [apply exp_pos | lra]. }
    assert (0 < (exp c / c + / c) * (y - x)) by (apply Rmult_lt_0_compat; lra); lra.
Qed.

Lemma zeta_diverges : forall rho mu alpha th, one_coordinate rho mu alpha p_infty th ->
  diverges p_infty (zeta rho mu th).
Proof.
  intros rho mu alpha th H; destruct ei_exists as [G HG]; apply diverges_spec; intros M0.
  assert (Hmu : 0 < mu) by apply H; set (M := Rmax M0 1).
  set (A := G (mu * (alpha - rho) ^ 2) + ln (mu * (alpha - rho) ^ 2)).
  set (t0 := Rmax 0 ((G M + ln M - A) / (2 * mu) + 1)).
  exists t0; split; [split; [apply Rmax_l | exact I]|]; intros t Ht _.
  assert (H0 : 0 <= t0) by apply Rmax_l.
  assert (H1 : (G M + ln M - A) / (2 * mu) + 1 <= t0) by apply Rmax_r.
  assert (HM : 0 < M) by (apply Rlt_le_trans with 1; [lra | apply Rmax_r]).
  assert (Htu : until p_infty t) by (split; [lra | exact I]).
  assert (E := original_clock_depth2 rho mu alpha p_infty th G H HG t Htu).
  assert (Hz := zeta_pos _ _ _ _ _ H t Htu); set (z := zeta rho mu th t) in *.
  apply Rle_lt_trans with M; [apply Rmax_l|]; destruct (Rlt_le_dec M z) as [|Hle]; auto; exfalso.
  assert (Hmon : G z + ln z <= G M + ln M).
  { destruct (Req_dec z M) as [->|]; [lra|]; left; apply ei_ln_increasing; auto; lra. }
  assert (H2 : (G M + ln M - A) / (2 * mu) < t) by lra.
  apply (Rmult_lt_compat_l (2 * mu)) in H2; [|lra].
  replace (2 * mu * ((G M + ln M - A) / (2 * mu))) with (G M + ln M - A) in H2 by (field; lra).
  unfold A in H2; lra.
Qed.

(* ---------- the laws ---------- *)

(* What the laws are made of: t, zeta large, ln h -> 0, ln t = zeta - ln zeta + ln h - ln(2 mu). *)
Lemma law_ingredients : forall rho mu alpha th, one_coordinate rho mu alpha p_infty th ->
  exists lh, tends_to p_infty lh 0 /\
  near_end p_infty (fun t => 1 < t /\ 1 < ln t /\ 1 < zeta rho mu th t /\
    ln t = zeta rho mu th t - ln (zeta rho mu th t) + lh t - ln (2 * mu)).
Proof.
  intros rho mu alpha th H; destruct ei_exists as [G HG]; assert (Hmu : 0 < mu) by apply H.
  set (A := G (mu * (alpha - rho) ^ 2) + ln (mu * (alpha - rho) ^ 2)).
  set (h := fun x => x * exp (- x) * (G x + ln x - A)).
  assert (Hdiv := zeta_diverges rho mu alpha th H).
  exists (fun t => ln (h (zeta rho mu th t))); split.
  - rewrite <- ln_1; apply (tends_to_comp p_infty (fun t => h (zeta rho mu th t)) ln 1);
      [|apply continuous_ln; lra].
    apply tends_to_at_infinity; [exact I | now apply ei_ratio | exact Hdiv].
  - assert (HF := near_end_filter p_infty I : Filter (near_end p_infty)).
    assert (He : near_end p_infty (fun t => exp 1 < t)) by exact (proj1 (diverges_spec p_infty _)
      diverges_id (exp 1)).
    assert (He1 : 1 < exp 1) by (assert (H1 := exp_ineq1 1 ltac:(lra)); lra).
    assert (Hu : forall t, until p_infty t -> until p_infty t) by auto.
    generalize (filter_and _ _ (filter_and _ _ He (near_end_until p_infty _ I Hu))
      (proj1 (diverges_spec p_infty _) Hdiv 1)).
    apply filter_imp; intros t [[Ht Htu] Hz].
    assert (Hlnt : 1 < ln t) by (rewrite <- (ln_exp 1); apply ln_increasing; [apply exp_pos | auto]).
    split; [lra | split; [auto | split; [auto|]]].
    assert (E := original_clock_depth2 rho mu alpha p_infty th G H HG t Htu).
    set (z := zeta rho mu th t) in *.
    assert (Eh : h z = z * (exp (- z) * (2 * mu * t))) by (unfold h; rewrite E; unfold A; ring).
    rewrite Eh, !ln_mult, ln_exp; try (repeat apply Rmult_lt_0_compat; try apply exp_pos; lra);
      try apply exp_pos;
      try lra; ring.
Qed.

Theorem zeta_law : forall rho mu alpha th, one_coordinate rho mu alpha p_infty th ->
  tends_to p_infty (fun t => zeta rho mu th t - (ln t + ln (ln t) + ln (2 * mu))) 0.
Proof.
  intros rho mu alpha th H; destruct (law_ingredients rho mu alpha th H) as [lh [Hlh Hnear]].
  assert (HF := near_end_filter p_infty I : Filter (near_end p_infty)).
  assert (Hdiv := zeta_diverges rho mu alpha th H); set (z := zeta rho mu th) in *.
  assert (Hiz := diverges_inv p_infty z Hdiv).
  assert (Hlz : tends_to p_infty (fun t => ln (z t) / z t) 0).
  { apply (tends_to_at_infinity p_infty z (fun x => ln x / x)); [exact I | apply tends_to_ln_over | auto]. }
  (* ln t/zeta -> 1 *)
  assert (Hr : tends_to p_infty (fun t => 1 - ln (z t) / z t + (lh t - ln (2 * mu)) * / z t) 1).
  { apply (eq_ind (1 - 0 + (0 - ln (2 * mu)) * 0) (tends_to p_infty _)); [|ring].
    apply tends_to_plus; [exact I | |].
    - apply tends_to_minus; auto; [exact I | now apply tends_to_const].
    - apply tends_to_mult; auto; [exact I|]; apply tends_to_minus; auto;
      [exact I | now apply tends_to_const]. }
  assert (Hln : tends_to p_infty (fun t => ln (1 - ln (z t) / z t + (lh t - ln (2 * mu)) * / z t)) 0).
  { rewrite <- ln_1; apply (tends_to_comp p_infty _ ln 1 Hr); apply continuous_ln; lra. }
  apply (tends_to_ext_near p_infty
    (fun t => - 1 * lh t - ln (1 - ln (z t) / z t + (lh t - ln (2 * mu)) * / z t))); [exact I | |].
  - generalize Hnear; apply filter_imp; intros t (Ht & Hlt & Hz & E).
    replace (1 - ln (z t) / z t + (lh t - ln (2 * mu)) * / z t) with (ln t * / z t) by (rewrite E; field;
      lra).
    rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; lra); rewrite E at 2; ring.
  - apply (eq_ind (- 1 * 0 - 0) (tends_to p_infty _)); [|ring].
    apply tends_to_minus; auto; [exact I|]; apply tends_to_mult; auto; [exact I | now apply tends_to_const].
Qed.

(* ---------- the losses ---------- *)

(* 1 - y <= log(1 + y)/y <= 1 for y > 0 *)
Lemma ln1p_ratio : forall y, 0 < y -> Rabs (ln (1 + y) / y - 1) <= y.
Proof.
  intros y Hy.
  assert (H1 : ln (1 + y) <= y).
  { rewrite <- (ln_exp y) at 2; apply ln_le; [lra|]; left; apply exp_ineq1; lra. }
  assert (H2 : y / (1 + y) <= ln (1 + y)).
  { assert (H : ln (/ (1 + y)) <= - (y / (1 + y))).
    { rewrite <- (ln_exp (- (y / (1 + y)))); apply ln_le; [apply Rinv_0_lt_compat; lra|].
      replace (/ (1 + y)) with (1 + - (y / (1 + y))) by (field; lra).
      left; apply exp_ineq1; assert (0 < y / (1 + y)) by (apply Rdiv_lt_0_compat; lra); lra. }
    rewrite ln_Rinv in H by lra; lra. }
  assert (H3 : ln (1 + y) / y <= 1).
  { apply Rmult_le_reg_r with y; auto; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
  assert (H4 : 1 - y <= ln (1 + y) / y).
  { apply Rmult_le_reg_r with y; auto; unfold Rdiv; rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply Rle_trans with (2 := H2); apply Rmult_le_reg_r with (1 + y); [lra|].
    replace (y / (1 + y) * (1 + y)) with y by (field; lra); nra. }
  apply Rabs_le; lra.
Qed.

Lemma log_loss_ratio : forall f, diverges p_infty f ->
  tends_to p_infty (fun t => ln (1 + exp (- f t)) / exp (- f t)) 1.
Proof.
  intros f Hf; apply (tends_to_squeeze p_infty _ 1 (fun t => / exp (f t))); [exact I | |].
  - apply near_end_until; [exact I|]; intros t _; rewrite <- exp_Ropp; apply ln1p_ratio, exp_pos.
  - apply (diverges_inv p_infty (fun t => exp (f t))), (diverges_le p_infty f); [exact I | |exact Hf].
    intros t _; destruct (Req_dec (f t) 0) as [->|Hn]; [rewrite exp_0; lra|].
    assert (H := exp_ineq1 (f t) Hn); lra.
Qed.

(* Loss(theta^) 2 mu t log t -> 1 *)
Theorem perturbed_loss_law : forall rho mu alpha th, one_coordinate rho mu alpha p_infty th ->
  tends_to p_infty (fun t =>
    loss 2 1 (fun _ => mu) (sam_point (perturb_inf rho) 2 1 (fun _ => mu) (th t)) * (2 * mu * t * ln t)) 1.
Proof.
  intros rho mu alpha th H; assert (Hlaw := zeta_law rho mu alpha th H).
  assert (Hdiv := zeta_diverges rho mu alpha th H); assert (Hmu : 0 < mu) by apply H.
  destruct (law_ingredients rho mu alpha th H) as [lh [_ Hnear]]; set (z := zeta rho mu th) in *.
  assert (HF := near_end_filter p_infty I : Filter (near_end p_infty)).
  apply (tends_to_ext_near p_infty (fun t => ln (1 + exp (- z t)) / exp (- z t) *
    exp (- 1 * (z t - (ln t + ln (ln t) + ln (2 * mu)))))); [exact I | |].
  - assert (Hm : near_end p_infty (fun t => z t = margin (perturb_inf rho) 2 1 (fun _ => mu) (th t))).
    { apply near_end_until; [exact I|]; intros t Ht; now apply (one_coordinate_facts rho mu alpha p_infty). }
    generalize (filter_and _ _ Hnear Hm); apply filter_imp; intros t ((Ht & Hlt & Hz & _) & Em).
    unfold loss; fold (margin (perturb_inf rho) 2 1 (fun _ => mu) (th t)); rewrite <- Em.
    replace (- 1 * (z t - (ln t + ln (ln t) + ln (2 * mu))))
      with (- z t + ln t + ln (ln t) + ln (2 * mu)) by ring.
    rewrite !exp_plus, !exp_ln by lra; assert (He := exp_pos (- z t)); field; lra.
  - apply (eq_ind (1 * exp (- 1 * 0)) (tends_to p_infty _)); [|rewrite Rmult_0_r, exp_0; ring].
    apply tends_to_mult; [exact I | now apply log_loss_ratio|].
    apply (tends_to_comp p_infty _ exp (- 1 * 0)); [|apply continuous_exp].
    apply tends_to_mult; [exact I | now apply tends_to_const | exact Hlaw].
Qed.

(* sqrt(zeta) - sqrt(log t) -> 0 *)
Lemma sqrt_law : forall rho mu alpha th, one_coordinate rho mu alpha p_infty th ->
  tends_to p_infty (fun t => sqrt (zeta rho mu th t) - sqrt (ln t)) 0.
Proof.
  intros rho mu alpha th H; destruct (law_ingredients rho mu alpha th H) as [lh [Hlh Hnear]].
  assert (HF := near_end_filter p_infty I : Filter (near_end p_infty)).
  assert (Hdiv := zeta_diverges rho mu alpha th H); set (z := zeta rho mu th) in *.
  set (c := Rabs (ln (2 * mu))).
  assert (Hsq : diverges p_infty (fun t => sqrt (z t))).
  { apply diverges_spec; intros M; generalize (proj1 (diverges_spec p_infty z) Hdiv (Rabs M * Rabs M)).
    apply filter_imp; intros t Ht; apply Rle_lt_trans with (Rabs M); [apply Rle_abs|].
    rewrite <- (sqrt_square (Rabs M)) by apply Rabs_pos; apply sqrt_lt_1_alt; split; auto.
    apply Rmult_le_pos; apply Rabs_pos. }
  assert (Hi := diverges_inv p_infty _ Hsq).
  apply (tends_to_squeeze p_infty _ 0 (fun t => 2 * (ln (sqrt (z t)) / sqrt (z t)) + (1 + c) * / sqrt (z t)));
    [exact I | |].
  - assert (Hlh1 := proj1 (tends_to_spec p_infty lh 0) Hlh 1 Rlt_0_1).
    generalize (filter_and _ _ Hnear Hlh1); apply filter_imp; intros t ((Ht & Hlt & Hz & E) & Hl).
    rewrite Rminus_0_r in *; assert (Hs : 0 < sqrt (z t)) by (apply sqrt_lt_R0; lra).
    assert (Hst : 0 < sqrt (ln t)) by (apply sqrt_lt_R0; lra).
    assert (Ez : z t = sqrt (z t) * sqrt (z t)) by (symmetry; apply sqrt_sqrt; lra).
    assert (Et : ln t = sqrt (ln t) * sqrt (ln t)) by (symmetry; apply sqrt_sqrt; lra).
    assert (Elz : ln (z t) = 2 * ln (sqrt (z t))) by (rewrite Ez at 1; rewrite ln_mult by auto; ring).
    assert (Hl0 : 0 <= ln (sqrt (z t))).
    { rewrite <- ln_1; apply ln_le; [lra|]; rewrite <- sqrt_1; apply sqrt_le_1_alt; lra. }
    set (a := sqrt (z t)) in *; set (b := sqrt (ln t)) in *.
    assert (Hab : (a - b) * (a + b) = 2 * ln a - lh t + ln (2 * mu)).
    { replace ((a - b) * (a + b)) with (a * a - b * b) by ring; rewrite <- Ez, <- Et, E, Elz; ring. }
    assert (Hc := Rle_abs (ln (2 * mu))); assert (Hc' := Rle_abs (- ln (2 * mu))); rewrite Rabs_Ropp in Hc'.
    fold c in Hc, Hc'; apply Rabs_def2 in Hl.
    assert (Hbound : Rabs (a - b) * (a + b) <= 2 * ln a + (1 + c)).
    { rewrite <- (Rabs_pos_eq (a + b)) by lra; rewrite <- Rabs_mult, Hab; apply Rabs_le; lra. }
    apply Rmult_le_reg_r with a; auto.
    replace ((2 * (ln a / a) + (1 + c) * / a) * a) with (2 * ln a + (1 + c)) by (field; lra).
    apply Rle_trans with (2 := Hbound); apply Rmult_le_compat_l; [apply Rabs_pos | lra].
  - apply (eq_ind (2 * 0 + (1 + c) * 0) (tends_to p_infty _)); [|ring].
    apply tends_to_plus; [exact I | |]; apply tends_to_mult; try exact I; try (now apply tends_to_const);
      auto.
    apply (tends_to_at_infinity p_infty (fun t => sqrt (z t)) (fun x => ln x / x)); auto; [exact I|].
    apply tends_to_ln_over.
Qed.

(* Loss(theta) 2 mu t log t exp(2 rho sqrt(mu log t) + mu rho^2) -> 1 *)
Theorem loss_law : forall rho mu alpha th, one_coordinate rho mu alpha p_infty th ->
  tends_to p_infty (fun t => loss 2 1 (fun _ => mu) (th t) *
    (2 * mu * t * ln t * exp (2 * rho * sqrt (mu * ln t) + mu * rho ^ 2))) 1.
Proof.
  intros rho mu alpha th H; assert (Hlaw := zeta_law rho mu alpha th H).
  assert (Hsq := sqrt_law rho mu alpha th H).
  assert (Hdiv := zeta_diverges rho mu alpha th H); assert (Hmu : 0 < mu) by apply H.
  assert (Hrho : 0 < rho) by (destruct H as [Hr _]; lra).
  destruct (law_ingredients rho mu alpha th H) as [lh [_ Hnear]]; set (z := zeta rho mu th) in *.
  assert (HF := near_end_filter p_infty I : Filter (near_end p_infty)).
  set (u := fun t => z t + 2 * rho * sqrt mu * sqrt (z t) + mu * rho ^ 2).
  assert (Hsm : 0 < sqrt mu) by now apply sqrt_lt_R0.
  assert (Hudiv : diverges p_infty u).
  { apply (diverges_le p_infty z); [exact I | |exact Hdiv]; intros t _; unfold u.
    assert (0 <= sqrt (z t)) by apply sqrt_pos.
    assert (0 <= 2 * rho * sqrt mu * sqrt (z t)) by (repeat apply Rmult_le_pos; lra).
    assert (0 < mu * rho ^ 2) by (apply Rmult_lt_0_compat; auto; now apply pow_lt); lra. }
  (* <mu, beta> = mu w^2 = u *)
  assert (Hp : near_end p_infty (fun t => predictor 2 1 (fun _ => mu) (th t) = u t)).
  { apply near_end_until; [exact I|]; intros t Ht.
    destruct (one_coordinate_layers rho mu alpha p_infty th H t Ht) as [Hw E1].
    unfold predictor, beta; cbn [vsum vprod]; rewrite E1; unfold u, z, zeta.
    set (w := th t 0%nat 0%nat) in *.
    assert (Es : sqrt (mu * (w - rho) ^ 2) = sqrt mu * (w - rho)).
    { rewrite sqrt_mult_alt by lra; f_equal; rewrite <- Rsqr_pow2; apply sqrt_Rsqr; lra. }
    rewrite Es; replace (2 * rho * sqrt mu * (sqrt mu * (w - rho)))
      with (2 * rho * (sqrt mu * sqrt mu) * (w - rho)) by ring.
    rewrite sqrt_sqrt by lra; ring. }
  apply (tends_to_ext_near p_infty (fun t => ln (1 + exp (- u t)) / exp (- u t) *
    (exp (- 1 * (z t - (ln t + ln (ln t) + ln (2 * mu)))) *
     exp (- (2 * rho * sqrt mu) * (sqrt (z t) - sqrt (ln t)))))); [exact I | |].
  - generalize (filter_and _ _ Hnear Hp); apply filter_imp; intros t ((Ht & Hlt & Hz & _) & Ep).
    unfold loss; rewrite Ep, (sqrt_mult_alt mu) by lra.
    assert (He := exp_pos (- u t)); rewrite <- exp_plus.
    replace (- 1 * (z t - (ln t + ln (ln t) + ln (2 * mu))) + - (2 * rho * sqrt mu) * (sqrt (z t) - sqrt (ln
      t)))
      with (- u t + (ln t + ln (ln t) + ln (2 * mu) + (2 * rho * (sqrt mu * sqrt (ln t)) + mu * rho ^ 2)))
      by (unfold u; ring).
    rewrite (exp_plus (- u t)), (exp_plus (ln t + ln (ln t) + ln (2 * mu))), !(exp_plus (ln t + ln (ln t))),
      (exp_plus (ln t)), !exp_ln by lra.
    field; lra.
  - apply (eq_ind (1 * (exp (- 1 * 0) * exp (- (2 * rho * sqrt mu) * 0))) (tends_to p_infty _));
      [|rewrite !Rmult_0_r, exp_0; ring].
    apply tends_to_mult; [exact I | now apply log_loss_ratio|]; apply tends_to_mult; [exact I | |].
    + apply (tends_to_comp p_infty _ exp (- 1 * 0)); [|apply continuous_exp].
      apply tends_to_mult; [exact I | now apply tends_to_const | exact Hlaw].
    + apply (tends_to_comp p_infty _ exp (- (2 * rho * sqrt mu) * 0)); [|apply continuous_exp].
      apply tends_to_mult; [exact I | now apply tends_to_const | exact Hsq].
Qed.
