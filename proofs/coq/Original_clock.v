(* The original clock at L = 2, one coordinate above rho (MATH.md 4, last but one paragraph; page
   proofs/rescaling.md, "One coordinate", formula (6)), for every solution of the original inf-SAM flow
   theta' = - grad loss(theta^).

   PROVED, with zeta = mu (w - rho)^2 = <mu, beta(theta^)> and Ei any function with Ei'(x) = e^x/x for x > 0:
   - 2 mu t = Ei(zeta) + ln zeta - Ei(zeta_0) - ln zeta_0 ([original_clock_depth2]); such an Ei exists
     ([ei_exists]), and adding a constant to it changes nothing;
   - bounds of Ei of the right order ([ei_bounds]).  The asymptotic laws are in Loss_law.v.
   NOT here: several coordinates (no closed form); GD, rho = 0.
   Rust: src/predict/clock.rs (log_t_of_zeta, zeta_of_log_t). *)
From Coq Require Import Reals Lra Lia Ranalysis5.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint Cor_3_5.
From SamProofs Require Import Thm_3_2_original Cor_3_5_original.
Open Scope R_scope.

Definition is_ei (G : R -> R) : Prop := forall x, 0 < x -> is_derive G x (exp x / x).

Lemma ei_exists : exists G, is_ei G.
Proof.
  exists (fun x => RInt (fun y => exp y / y) 1 x); intros x Hx.
  assert (Hc : forall y, 0 < y -> continuous (fun y => exp y / y) y).
  { intros y Hy; apply (is_derive_continuous (fun y => exp y / y) y (exp y / y - exp y / (y * y))).
    auto_derive; [lra | field; lra]. }
  apply (is_derive_RInt (fun y => exp y / y)) with 1; [|now apply Hc].
  apply (filter_imp (fun y => 0 < y)); [|exact (open_gt 0 x Hx)]; intros y Hy.
  apply (RInt_correct (V := R_CompleteNormedModule)), (ex_RInt_continuous (V := R_CompleteNormedModule)).
  intros z [Hz _]; apply Hc; apply Rlt_le_trans with (2 := Hz), Rmin_case; lra.
Qed.

(* The setting: one coordinate, two layers, w1(0) = w2(0) = alpha > rho > 0. *)
Definition one_coordinate (rho mu alpha : R) (U : Rbar) (th : R -> params) : Prop :=
  0 < rho < alpha /\ 0 < mu /\ Rbar_lt 0 U /\ solves_original (perturb_inf rho) 2 1 (fun _ => mu) U th /\
  start 2 1 th (fun _ => alpha).

Definition zeta (rho mu : R) (th : R -> params) (t : R) : R := mu * (th t 0%nat 0%nat - rho) ^ 2.

(* On a solution both layers are w > rho, zeta is the margin, w' = sigma(-zeta) mu (w - rho). *)
Lemma one_coordinate_facts : forall rho mu alpha U th, one_coordinate rho mu alpha U th ->
  forall t, until U t -> rho < th t 0%nat 0%nat /\
    zeta rho mu th t = margin (perturb_inf rho) 2 1 (fun _ => mu) (th t) /\
    is_derive (fun x => th x 0%nat 0%nat) t (sigma (- zeta rho mu th t) * (mu * (th t 0%nat 0%nat - rho))).
Proof.
  intros rho mu alpha U th (Hrho & Hmu & HU & Hth & H0) t Ht.
  assert (HP : positive_data 2 1 rho (fun _ => mu) (fun _ => alpha)) by (repeat split; auto; lra).
  assert (Hn : no_hit 2 1 rho (fun _ => alpha)) by (right; intros; lra).
  destruct (thm_3_2_original 2 1 rho (fun _ => mu) (fun _ => alpha) U th HP ltac:(lia) Hn HU Hth H0)
    as (s & Hs0 & Hder & HE).
  destruct (HE t Ht 0%nat 0%nat ltac:(lia) ltac:(lia)) as (_ & E0 & P0).
  destruct (HE t Ht 1%nat 0%nat ltac:(lia) ltac:(lia)) as (_ & E1 & P1).
  assert (Hw : rho < w_inf 2 rho mu alpha (s t)) by (apply w_inf_above_pos; lra).
  assert (Em : zeta rho mu th t = margin (perturb_inf rho) 2 1 (fun _ => mu) (th t)).
  { unfold margin, predictor, beta, zeta; cbn [vsum vprod].
    rewrite !sam_point_inf, !grad_pred_formula by lia; unfold vprod_but; cbn [vprod Nat.eqb].
    rewrite !Rmult_1_l, !Rmult_1_r, !sign_eq_1 by (apply Rmult_lt_0_compat; auto).
    rewrite E0, E1; ring. }
  split; [rewrite E0; exact Hw | split; [exact Em|]].
  replace (sigma (- zeta rho mu th t) * (mu * (th t 0%nat 0%nat - rho)))
    with (sam_field (perturb_inf rho) 2 1 (fun _ => mu) (th t) 0%nat 0%nat).
  - apply Hth; auto.
  - rewrite sam_field_rescaled by lia; rewrite Em; unfold margin; f_equal.
    rewrite inf_field_positive; auto.
    + unfold vprod_but; cbn [vprod Nat.eqb]; rewrite E0, E1; ring.
    + intros k Hk; assert (k = 0%nat \/ k = 1%nat) as [->| ->] by lia; assumption.
Qed.

(* The two layers stay equal and above rho. *)
Lemma one_coordinate_layers : forall rho mu alpha U th, one_coordinate rho mu alpha U th ->
  forall t, until U t -> rho < th t 0%nat 0%nat /\ th t 1%nat 0%nat = th t 0%nat 0%nat.
Proof.
  intros rho mu alpha U th H t Ht; split; [now apply (one_coordinate_facts rho mu alpha U)|].
  destruct H as (Hrho & Hmu & HU & Hth & H0).
  assert (HP : positive_data 2 1 rho (fun _ => mu) (fun _ => alpha)) by (repeat split; auto; lra).
  assert (Hn : no_hit 2 1 rho (fun _ => alpha)) by (right; intros; lra).
  destruct (thm_3_2_original 2 1 rho (fun _ => mu) (fun _ => alpha) U th HP ltac:(lia) Hn HU Hth H0)
    as (s & _ & _ & HE).
  destruct (HE t Ht 0%nat 0%nat ltac:(lia) ltac:(lia)) as (_ & E0 & _).
  destruct (HE t Ht 1%nat 0%nat ltac:(lia) ltac:(lia)) as (_ & E1 & _); congruence.
Qed.

Lemma zeta_pos : forall rho mu alpha U th, one_coordinate rho mu alpha U th ->
  forall t, until U t -> 0 < zeta rho mu th t.
Proof.
  intros rho mu alpha U th H t Ht; destruct (one_coordinate_facts _ _ _ _ _ H t Ht) as [Hw _].
  unfold zeta; apply Rmult_lt_0_compat; [apply H | apply pow_lt; lra].
Qed.

(* zeta' = 2 mu zeta sigma(-zeta) = 2 mu zeta/(1 + e^zeta) *)
Lemma is_derive_zeta : forall rho mu alpha U th, one_coordinate rho mu alpha U th -> forall t, until U t ->
  is_derive (zeta rho mu th) t (2 * mu * zeta rho mu th t / (1 + exp (zeta rho mu th t))).
Proof.
  intros rho mu alpha U th H t Ht; destruct (one_coordinate_facts _ _ _ _ _ H t Ht) as [Hw [_ Hd]].
  set (z := zeta rho mu th t) in *; assert (Hz := exp_pos z).
  unfold zeta; apply is_derive_ext with
    (fun x => mu * ((th x 0%nat 0%nat - rho) * (th x 0%nat 0%nat - rho))); [intros x; simpl; ring|].
  assert (Hd' : is_derive (fun x => th x 0%nat 0%nat - rho) t
    (sigma (- z) * (mu * (th t 0%nat 0%nat - rho)) - 0)).
  { apply @is_derive_minus; [exact Hd | apply @is_derive_const]. }
  replace (2 * mu * z / (1 + exp z)) with (mu *
    ((sigma (- z) * (mu * (th t 0%nat 0%nat - rho)) - 0) * (th t 0%nat 0%nat - rho) +
     (th t 0%nat 0%nat - rho) * (sigma (- z) * (mu * (th t 0%nat 0%nat - rho)) - 0))).
  - apply @is_derive_scal, (is_derive_mult (fun x => th x 0%nat 0%nat - rho) (fun x => th x 0%nat 0%nat -
    rho));
      auto; intros; apply Rmult_comm.
  - assert (Ez : z = mu * (th t 0%nat 0%nat - rho) ^ 2) by reflexivity.
    unfold sigma; rewrite Ropp_involutive; rewrite Ez at 3; field; lra.
Qed.

(* 2 mu t = Ei(zeta) + ln zeta - Ei(zeta_0) - ln zeta_0 *)
Theorem original_clock_depth2 : forall rho mu alpha U th G, one_coordinate rho mu alpha U th -> is_ei G ->
  forall t, until U t ->
  2 * mu * t = G (zeta rho mu th t) + ln (zeta rho mu th t)
    - G (mu * (alpha - rho) ^ 2) - ln (mu * (alpha - rho) ^ 2).
Proof.
  intros rho mu alpha U th G H HG t Ht.
  assert (Hc : forall x, until U x ->
    is_derive (fun x => G (zeta rho mu th x) + ln (zeta rho mu th x) - 2 * mu * x) x 0).
  { intros x Hx; assert (Hz := zeta_pos _ _ _ _ _ H x Hx); assert (Hd := is_derive_zeta _ _ _ _ _ H x Hx).
    set (z := zeta rho mu th x) in *; set (dz := 2 * mu * z / (1 + exp z)) in *.
    assert (He := exp_pos z).
    replace 0 with (dz * (exp z / z) + dz * / z - 2 * mu) by (unfold dz; field; lra).
    apply @is_derive_minus; [apply @is_derive_plus|].
    - apply (is_derive_comp G (zeta rho mu th) x); [now apply HG | exact Hd].
    - apply (is_derive_comp ln (zeta rho mu th) x); [now apply is_derive_ln | exact Hd].
    - auto_derive; [exact I | ring]. }
  assert (E := constant_on _ U Hc t Ht); cbv beta in E.
  assert (E0 : zeta rho mu th 0 = mu * (alpha - rho) ^ 2).
  { unfold zeta; destruct H as (_ & _ & _ & _ & H0); rewrite H0 by lia; reflexivity. }
  rewrite E0 in E; lra.
Qed.

(* ---------- asymptotics ---------- *)

(* e^x/x + a <= Ei(x) <= (e^x/x)(1 + 2/x) + b for x >= 4. *)
Lemma ei_bounds : forall G, is_ei G -> exists a b, forall x, 4 <= x ->
  exp x / x + a <= G x <= exp x / x * (1 + 2 / x) + b.
Proof.
  intros G HG; exists (G 4 - exp 4 / 4), (G 4 - exp 4 / 4 * (1 + 2 / 4)); intros x Hx.
  assert (Hx' : until p_infty (x - 4)) by (split; [lra | exact I]).
  split.
  - assert (H : G (4 + 0) - exp (4 + 0) / (4 + 0) <= G (4 + (x - 4)) - exp (4 + (x - 4)) / (4 + (x - 4))).
    { apply (nondecreasing_on (fun y => G (4 + y) - exp (4 + y) / (4 + y))
        (fun y => exp (4 + y) / ((4 + y) * (4 + y))) p_infty); auto; [| |lra].
      - intros y [Hy _].
        replace (exp (4 + y) / ((4 + y) * (4 + y)))
          with (1 * (exp (4 + y) / (4 + y)) - (exp (4 + y) / (4 + y) - exp (4 + y) / ((4 + y) * (4 + y))))
            by ring.
        apply @is_derive_minus.
        + apply (is_derive_comp G (fun y => 4 + y) y); [apply HG; lra | auto_derive; [exact I | ring]].
        + auto_derive; [lra | field; lra].
      - intros y [Hy _]; left; apply Rdiv_lt_0_compat; [apply exp_pos | nra]. }
    replace (4 + (x - 4)) with x in H by ring; rewrite Rplus_0_r in H; lra.
  - assert (H : exp (4 + 0) / (4 + 0) * (1 + 2 / (4 + 0)) - G (4 + 0)
      <= exp (4 + (x - 4)) / (4 + (x - 4)) * (1 + 2 / (4 + (x - 4))) - G (4 + (x - 4))).
    { apply (nondecreasing_on (fun y => exp (4 + y) / (4 + y) * (1 + 2 / (4 + y)) - G (4 + y))
        (fun y => exp (4 + y) / (4 + y) * (/ (4 + y) - 4 / ((4 + y) * (4 + y)))) p_infty); auto; [| |lra].
      - intros y [Hy _].
        replace (exp (4 + y) / (4 + y) * (/ (4 + y) - 4 / ((4 + y) * (4 + y))))
          with (exp (4 + y) / (4 + y) * (1 + / (4 + y) - 4 / ((4 + y) * (4 + y))) - 1 * (exp (4 + y) / (4 +
            y)))
          by ring.
        apply @is_derive_minus.
        + auto_derive; [lra | field; lra].
        + apply (is_derive_comp G (fun y => 4 + y) y); [apply HG; lra | auto_derive; [exact I | ring]].
      - intros y [Hy _]; apply Rmult_le_pos; [left; apply Rdiv_lt_0_compat; [apply exp_pos | lra]|].
        replace (/ (4 + y) - 4 / ((4 + y) * (4 + y))) with (y / ((4 + y) * (4 + y))) by (field; lra).
        apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; nra]. }
    replace (4 + (x - 4)) with x in H by ring; rewrite !Rplus_0_r in H; lra.
Qed.
