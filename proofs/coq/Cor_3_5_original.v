(* Theorem 3.2 and Corollary 3.5 for every solution of the original flow on [0, oo), headline theorems;
   continues Thm_3_2_original.v (same setting: inf-norm, one example, balanced start alpha > 0, no
   coordinate at 0 before the end: L odd, or all alpha_j >= rho).

   PROVED: [thm_3_2_original]: a solution on [0, U) is w_inf(s(t)) in every layer, s' = sigma(-z); for U = oo
   the clock s(t) runs to the end of the rescaled solution, T* = min_j T_j <= oo ([original_reaches_end]):
   for L >= 3 with some alpha_j > rho the integral of the loss derivative over all of original time is
   finite, = T*.
   [thm_3_2_joint_every], [thm_3_2_counterexample_every], [cor_3_5_every]: the limits as t -> oo.
   Rust: src/predict/fates.rs, direction.rs. *)
From Coq Require Import Reals Lra Lia Ranalysis5.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint Cor_3_5.
From SamProofs Require Import Thm_3_2_original.
Open Scope R_scope.

(* T = min over the coordinates of the blow-up times (oo if there is none). *)
Definition first_blow_up (L d : nat) (rho : R) (mu alpha : nat -> R) (T : Rbar) : Prop :=
  (forall i, (i < d)%nat -> Rbar_le T (blow_up L rho (mu i) (alpha i))) /\
  (T = p_infty \/ exists j, (j < d)%nat /\ T = blow_up L rho (mu j) (alpha j)).

Lemma first_blow_up_exists : forall L d rho mu alpha, exists T, first_blow_up L d rho mu alpha T.
Proof.
  intros L d rho mu alpha; induction d as [|d [T [H1 H2]]].
  - exists p_infty; split; [intros; lia | now left].
  - destruct (Rbar_le_lt_dec T (blow_up L rho (mu d) (alpha d))) as [H|H].
    + exists T; split.
      * intros i Hi; destruct (Nat.eq_dec i d) as [->|]; auto; apply H1; lia.
      * destruct H2 as [->|[j [Hj ->]]]; [now left | right; exists j; split; auto].
    + exists (blow_up L rho (mu d) (alpha d)); split.
      * intros i Hi; destruct (Nat.eq_dec i d) as [->|]; [apply Rbar_le_refl|].
        eapply Rbar_le_trans; [apply Rbar_lt_le, H | apply H1; lia].
      * right; exists d; split; auto.
Qed.

(* No coordinate is ever at 0. *)
Definition no_hit (L d : nat) (rho : R) (alpha : nat -> R) : Prop :=
  Nat.odd L = true \/ forall i, (i < d)%nat -> rho <= alpha i.

Lemma smooth_from_no_hit : forall L d rho mu alpha T, positive_data L d rho mu alpha -> (0 < d)%nat ->
  no_hit L d rho alpha -> first_blow_up L d rho mu alpha T -> smooth_until L d rho mu alpha T.
Proof.
  intros L d rho mu alpha T HP Hd Hn [HT _]; split; [auto | split; [auto|]].
  intros i Hi; split; auto; rewrite hit_time_infinite; [destruct T; exact I|].
  destruct Hn as [H|H]; auto.
Qed.

Lemma blow_up_finite : forall L rho mu a (V : R), blow_up L rho mu a = Finite V -> (2 < L)%nat /\
  rho < a \/ L = 0%nat
  \/ L = 1%nat.
Proof.
  intros L rho mu a V H; unfold blow_up, life in H; destruct (Rlt_dec rho a); [|discriminate].
  destruct (Nat.eqb_spec L 2); [discriminate|]; destruct L as [|[|L]]; auto; left; split; auto; lia.
Qed.

Lemma end_from_first : forall L d rho mu alpha T, positive_data L d rho mu alpha ->
  first_blow_up L d rho mu alpha T -> all_end_by L d rho mu alpha T /\
  forall V : R, T = Finite V -> exists j, (j < d)%nat /\ diverges V (w_inf L rho (mu j) (alpha j)).
Proof.
  intros L d rho mu alpha T (HL & Hrho & Hpos) [HT [->|[j [Hj E]]]]; split.
  - intros S th _ _; destruct S; exact I.
  - discriminate.
  - intros S th Hth H0; destruct T as [T| |].
    + destruct (blow_up_finite _ _ _ _ _ (eq_sym E)) as [[HL3 Haj]|[?|?]]; [|lia|lia].
      rewrite E, blow_up_deep by auto.
      apply (thm_3_2_no_longer rho L d mu j S th (alpha j)); auto; [now apply Hpos|].
      intros x Hx l Hl; now apply Hth.
    + destruct S; exact I.
    + assert (H : Rbar_lt 0 m_infty); [|contradiction]; rewrite E.
      unfold blow_up; destruct (Rlt_dec rho (alpha j)); [|exact I]; apply life_pos; auto; now apply Hpos.
  - intros V EV; exists j; split; auto; rewrite EV in E.
    destruct (blow_up_finite _ _ _ _ _ (eq_sym E)) as [[HL3 Haj]|[?|?]]; [|lia|lia].
    rewrite E; apply w_inf_above_diverges; auto; now apply Hpos.
Qed.

(* THEOREM 3.2 on the original clock, every solution: if L is odd or all alpha_j >= rho, a solution of
   theta' = - grad loss(theta^) on [0, U) from a balanced start is w^(l)_j(t) = w_inf_j(s(t)) > 0 in every
   layer l, where s(0) = 0, s' = sigma(-z), z = <mu, beta(theta^)>. *)
Theorem thm_3_2_original : forall L d rho mu alpha U th, positive_data L d rho mu alpha -> (0 < d)%nat ->
  no_hit L d rho alpha -> Rbar_lt 0 U ->
  solves_original (perturb_inf rho) L d mu U th -> start L d th alpha ->
  exists s, s 0 = 0 /\
  (forall t, until U t -> is_derive s t (sigma (- margin (perturb_inf rho) L d mu (th t)))) /\
  forall t, until U t -> forall l i, (l < L)%nat -> (i < d)%nat ->
    Rbar_lt (s t) (blow_up L rho (mu i) (alpha i)) /\
    th t l i = w_inf L rho (mu i) (alpha i) (s t) /\ 0 < th t l i.
Proof.
  intros L d rho mu alpha U th HP Hd Hn HU Hth H0.
  destruct (first_blow_up_exists L d rho mu alpha) as [T HT].
  destruct (end_from_first L d rho mu alpha T HP HT) as [Hend Hblow].
  destruct (original_closed_form L d rho mu alpha T U th (smooth_from_no_hit _ _ _ _ _ _ HP Hd Hn HT) Hend
    Hblow
    HU Hth H0) as (S & s & t_of & Hcl & HST & _ & Hi1 & _ & HE).
  exists s; split; [apply Hcl | split; [apply Hcl|]].
  intros t Ht l i Hl Hi; split; [|now apply HE].
  destruct (Hi1 t Ht) as [[_ HsS] _].
  eapply Rbar_lt_le_trans; [exact HsS|]; eapply Rbar_le_trans; [exact HST | now apply HT].
Qed.

Lemma is_clock_ext : forall T C c g h, (forall s, until T s -> g s = h s) -> is_clock T C c g ->
  is_clock T C c h.
Proof.
  intros T C c g h H (H1 & H2 & H3 & H4 & H5); split; [auto | split; [auto | split; [|split; [|auto]]]].
  - intros s Hs; rewrite <- H by auto; now apply H3.
  - intros s Hs; rewrite <- H by auto; now apply H4.
Qed.

(* For a solution on [0, oo) the clock s(t) runs through [0, T* ), T* the first blow-up time (oo if there is
   none):
   int_0^oo sigma(-z) dt = T*.  So the integral of the loss derivative diverges exactly when nothing blows
   up in s. *)
Theorem original_reaches_end : forall L d rho mu alpha T th, positive_data L d rho mu alpha -> (0 < d)%nat ->
  no_hit L d rho alpha -> first_blow_up L d rho mu alpha T ->
  solves_original (perturb_inf rho) L d mu p_infty th -> start L d th alpha ->
  exists s t_of, is_clock p_infty T s (fun t => sigma (- margin (perturb_inf rho) L d mu (th t))) /\
    is_clock T p_infty t_of (fun x => 1 + exp (margin_w L d rho mu alpha x)) /\
    (forall t, until p_infty t -> until T (s t) /\ t_of (s t) = t) /\
    forall t, 0 <= t -> forall l i, (l < L)%nat -> (i < d)%nat ->
      th t l i = w_inf L rho (mu i) (alpha i) (s t).
Proof.
  intros L d rho mu alpha T th HP Hd Hn HT Hth H0.
  assert (Hsm := smooth_from_no_hit _ _ _ _ _ _ HP Hd Hn HT).
  destruct (end_from_first L d rho mu alpha T HP HT) as [Hend Hblow].
  destruct (original_closed_form L d rho mu alpha T p_infty th Hsm Hend Hblow I Hth H0)
    as (S & s & t_of & Hcl & HST & Hclt & Hi1 & Hi2 & HE).
  assert (Hmar : forall x, until S x ->
    / sigma (- margin (perturb_inf rho) L d mu (th (t_of x))) = 1 + exp (margin_w L d rho mu alpha x)).
  { intros x Hx; destruct (Hi2 x Hx) as [Htx Esx]; unfold sigma; rewrite Rinv_inv, Ropp_involutive;
    do 2 f_equal.
    assert (HxT : until T x) by (destruct Hx; split; auto; eapply Rbar_lt_le_trans; eauto).
    rewrite <- margin_w_is_margin.
    - (* equal entries give equal margins *)
      destruct HP as (HL & Hrho & Hpos).
      apply predictor_ext; intros l j Hl Hj; rewrite !sam_point_inf by auto.
      assert (Hall : forall k, (k < L)%nat -> th (t_of x) k j = w_inf L rho (mu j) (alpha j) x).
      { intros k Hk; rewrite <- Esx at 2; now apply HE. }
      rewrite Hall, !grad_pred_formula by auto; unfold balanced at 1; do 3 f_equal.
      apply f_equal, vprod_but_ext; intros k Hk _; now rewrite Hall.
    - intros i Hi; split; [now apply HP | now apply (smooth_pos L d rho mu alpha T)]. }
  assert (Hcl2 := is_clock_ext _ _ _ _ _ Hmar Hclt).
  assert (ES : S = T).
  { destruct (Rbar_le_lt_or_eq_dec S T HST) as [Hlt|]; auto; exfalso.
    assert (HS0 : Rbar_lt 0 S) by apply Hcl2.
    destruct S as [S| |]; [|contradiction|contradiction].
    destruct (continuity_ab_maj (margin_w L d rho mu alpha) 0 S) as [m [Hm _]].
    { simpl in HS0; lra. }
    { intros x Hx; apply continuity_pt_filterlim; unfold margin_w.
      apply (continuous_vsum d (fun i x => mu i * (w_inf L rho (mu i) (alpha i) x - rho) ^ L)); intros i Hi.
      apply (continuous_scal_r (mu i) (fun x => (w_inf L rho (mu i) (alpha i) x - rho) ^ L)).
      apply continuous_pow, (continuous_minus (fun x => w_inf L rho (mu i) (alpha i) x));
        [|apply continuous_const].
      apply (smooth_continuous L d rho mu alpha T); auto; split; [lra|].
      eapply Rbar_le_lt_trans; [|exact Hlt]; simpl; lra. }
    destruct (bounded_margin_original S p_infty t_of (margin_w L d rho mu alpha) (margin_w L d rho mu alpha
      m) Hcl2)
      as [_ Hinf].
    - intros x [Hx1 Hx2]; apply Hm; simpl in Hx2; lra.
    - discriminate (Hinf eq_refl). }
  subst S; exists s, t_of; split; [auto | split; [auto | split; [auto|]]].
  intros t Ht l i Hl Hi; apply HE; auto; split; [auto | exact I].
Qed.

(* THEOREM 3.2, joint reading, every solution, L >= 3: let j blow up first, at T*.  As t -> oo a coordinate
   with T_i = T* diverges; every other one tends to the finite w_inf_i(T* )^L. *)
Theorem thm_3_2_joint_every : forall L d rho mu alpha j T th, leader L d rho mu alpha j T ->
  no_hit L d rho alpha -> solves_original (perturb_inf rho) L d mu p_infty th -> start L d th alpha ->
  forall i, (i < d)%nat ->
  (blow_up L rho (mu i) (alpha i) = Finite T -> diverges p_infty (fun t => beta L (th t) i)) /\
  (Rbar_lt T (blow_up L rho (mu i) (alpha i)) ->
     tends_to p_infty (fun t => beta L (th t) i) (w_inf L rho (mu i) (alpha i) T ^ L)).
Proof.
  intros L d rho mu alpha j T th HK Hn Hth H0 i Hi; assert (HK' := HK).
  destruct HK' as (HL & Hj & Hrho & Hpos & Haj & Hbl & Hmin).
  assert (HP : positive_data L d rho mu alpha) by (split; [lia | auto]).
  assert (HT : first_blow_up L d rho mu alpha T) by (split; [auto | right; now exists j]).
  destruct (original_reaches_end L d rho mu alpha T th HP ltac:(lia) Hn HT Hth H0)
    as (s & t_of & _ & Hcl & Hi1 & HE).
  assert (Hinv : forall x, 0 <= x -> until T (s x) /\ t_of (s x) = x).
  { intros x Hx; apply Hi1; split; [auto | exact I]. }
  destruct (thm_3_2_joint L d rho mu alpha j T t_of HK Hcl s Hinv i Hi) as [Hd Ht].
  assert (Hb : forall t, until p_infty t -> w_inf L rho (mu i) (alpha i) (s t) ^ L = beta L (th t) i).
  { intros t [Ht0 _]; unfold beta; rewrite <- vprod_const; apply vprod_ext; intros l Hl; symmetry;
    now apply HE. }
  split; intros H; [eapply diverges_ext | eapply tends_to_ext]; try exact Hb; try exact I; auto.
Qed.

(* The counterexample of Thm_3_2_joint.v, for every solution on [0, oo): L = 3, mu = (1,2,3), rho = 1,
   alpha = (1/2, 6/5, 11/10): beta_1 -> 343/729 (not rho^3 = 1), beta_2 -> +oo, beta_3 -> 343/125 (finite). *)
Theorem thm_3_2_counterexample_every : forall th, solves_original (perturb_inf 1) 3 3 ex_mu p_infty th ->
  (forall l, (l < 3)%nat -> th 0 l 0%nat = 1 / 2 /\ th 0 l 1%nat = 6 / 5 /\ th 0 l 2%nat = 11 / 10) ->
  tends_to p_infty (fun t => beta 3 (th t) 0) (343 / 729) /\
  diverges p_infty (fun t => beta 3 (th t) 1) /\
  tends_to p_infty (fun t => beta 3 (th t) 2) (343 / 125).
Proof.
  intros th Hth H0.
  assert (Hstart : start 3 3 th ex_alpha).
  { intros l i Hl Hi; destruct (H0 l Hl) as (Ha & Hb & Hc).
    destruct i as [|[|[|i]]]; [exact Ha | exact Hb | exact Hc | lia]. }
  assert (Hlim := thm_3_2_joint_every 3 3 1 ex_mu ex_alpha 1 (5 / 2) th ex_leader (or_introl eq_refl) Hth
    Hstart).
  split; [|split].
  - replace (343 / 729) with (w_inf 3 1 (ex_mu 0) (ex_alpha 0) (5 / 2) ^ 3).
    + apply Hlim; [lia|]; rewrite blow_up_infinite by (right; unfold ex_alpha; lra); exact I.
    + rewrite w_inf_before by (rewrite hit_time_infinite by (now left); exact I).
      unfold offset, deep_q, ex_mu, ex_alpha; simpl; rewrite Rpower_m1 by lra; field.
  - apply Hlim; [lia|]; apply ex_leader.
  - replace (343 / 125) with (w_inf 3 1 (ex_mu 2) (ex_alpha 2) (5 / 2) ^ 3).
    + apply Hlim; [lia|]; rewrite blow_up_deep by (auto; unfold ex_alpha; lra).
      unfold ex_mu, ex_alpha; simpl; lra.
    + rewrite w_inf_before by (rewrite hit_time_infinite by (now left); exact I).
      unfold offset, deep_q, ex_mu, ex_alpha; simpl; rewrite Rpower_m1 by lra; field.
Qed.

(* COROLLARY 3.5, every solution of the original flow on [0, oo): some alpha_j > rho, tie-free, no
   coordinate below rho reaching 0: beta/||beta||_1 -> e_(j* ) as t -> oo. *)
Theorem cor_3_5_every : forall L d rho mu alpha j th, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j -> no_hit L d rho alpha ->
  solves_original (perturb_inf rho) L d mu p_infty th -> start L d th alpha ->
  forall i, (i < d)%nat -> tends_to p_infty (fun t => direction d (beta L (th t)) i) (e j i).
Proof.
  intros L d rho mu alpha j th HP HU Hn Hth H0 i Hi.
  set (T := blow_up L rho (mu j) (alpha j)); assert (Hj : (j < d)%nat) by apply HU.
  assert (HT : first_blow_up L d rho mu alpha T).
  { split; [|right; now exists j]; now apply leader_is_first. }
  destruct (original_reaches_end L d rho mu alpha T th HP ltac:(lia) Hn HT Hth H0)
    as (s & t_of & _ & Hcl & Hi1 & HE).
  apply (tends_to_ext p_infty (fun t => direction d (fun k => w_inf L rho (mu k) (alpha k) (s t) ^ L) i));
    [exact I | |].
  - intros t [Ht _]; unfold direction.
    assert (Hb : forall k, (k < d)%nat -> w_inf L rho (mu k) (alpha k) (s t) ^ L = beta L (th t) k).
    { intros k Hk; unfold beta; rewrite <- vprod_const; apply vprod_ext; intros l Hl; symmetry;
      now apply HE. }
    rewrite Hb by auto; f_equal; apply vsum_ext; intros k Hk; now rewrite Hb.
  - destruct (cor_3_5_original_clock L d rho mu alpha j HP HU) as [_ Hall].
    destruct (Hall t_of p_infty Hcl) as [_ Hl]; apply Hl; auto.
    intros x Hx; apply Hi1; split; [auto | exact I].
Qed.

(* ---------- existence ---------- *)

(* The clock of the rescaled solution exists up to its end T and runs to +oo (L even or odd). *)
Theorem margin_clock : forall L d rho mu alpha T, positive_data L d rho mu alpha ->
  first_blow_up L d rho mu alpha T ->
  exists t, is_clock T p_infty t (fun s => 1 + exp (margin_w L d rho mu alpha s)).
Proof.
  intros L d rho mu alpha T HP HT; assert (HP' := HP); destruct HP' as (HL & Hrho & Hpos).
  assert (HT0 : Rbar_lt 0 T).
  { destruct HT as [_ [->|[j [Hj ->]]]]; [exact I|].
    unfold blow_up; destruct (Rlt_dec rho (alpha j)); [apply life_pos; auto; now apply Hpos | exact I]. }
  destruct (clock_exists T (fun s => 1 + exp (margin_w L d rho mu alpha s))) as [C [t Hcl]]; auto.
  - intros s Hs; apply (continuous_plus (fun _ => 1)); [apply continuous_const|].
    apply continuous_exp_comp; unfold margin_w.
    apply (continuous_vsum d (fun i x => mu i * (w_inf L rho (mu i) (alpha i) x - rho) ^ L)); intros i Hi.
    apply (continuous_scal_r (mu i) (fun x => (w_inf L rho (mu i) (alpha i) x - rho) ^ L)).
    apply continuous_pow, (continuous_minus (fun x => w_inf L rho (mu i) (alpha i) x));
      [|apply continuous_const].
    apply (w_inf_continuous L rho d mu alpha i s); auto; try (now apply Hpos).
    destruct Hs as [Hs1 Hs2]; split; auto; eapply Rbar_lt_le_trans; [exact Hs2 | now apply HT].
  - intros s _; assert (H := exp_pos (margin_w L d rho mu alpha s)); lra.
  - exists t; replace p_infty with C; auto.
    destruct HT as [Hmin [->|[j [Hj E]]]].
    + destruct (original_outlives_rescaled _ _ _ _ Hcl) as [_ HC]; destruct C; auto; contradiction.
    + destruct T as [T| |].
      * destruct (blow_up_finite _ _ _ _ _ (eq_sym E)) as [[HL3 Haj]|[?|?]]; [|lia|lia].
        refine (proj2 (thm_3_2_joint_clock L d rho mu alpha j T _) t C Hcl); repeat split; auto;
          now apply Hpos.
      * destruct (original_outlives_rescaled _ _ _ _ Hcl) as [_ HC]; destruct C; auto; contradiction.
      * contradiction.
Qed.

(* From every balanced start alpha > 0 with L odd or all alpha_j >= rho the original flow has a solution on
   [0, oo). *)
Theorem thm_3_2_original_exists : forall L d rho mu alpha, positive_data L d rho mu alpha -> (0 < d)%nat ->
  no_hit L d rho alpha ->
  exists th, solves_original (perturb_inf rho) L d mu p_infty th /\ start L d th alpha.
Proof.
  intros L d rho mu alpha HP Hd Hn; destruct (first_blow_up_exists L d rho mu alpha) as [T HT].
  assert (Hsm := smooth_from_no_hit _ _ _ _ _ _ HP Hd Hn HT).
  destruct (margin_clock L d rho mu alpha T HP HT) as [t Hcl].
  assert (HP' := HP); destruct HP' as (HL & Hrho & Hpos).
  set (TH := fun s => balanced (fun i => w_inf L rho (mu i) (alpha i) s)).
  assert (Hsol : solves_rescaled (perturb_inf rho) L d mu T TH).
  { apply thm_3_2_existence; auto; intros i Hi; repeat split; try (now apply Hpos); now apply Hsm. }
  assert (Hcl' : is_clock T p_infty t (fun s => 1 + exp (margin (perturb_inf rho) L d mu (TH s)))).
  { apply (is_clock_ext T p_infty t (fun s => 1 + exp (margin_w L d rho mu alpha s))); auto.
    intros s Hs; do 2 f_equal; symmetry; apply margin_w_is_margin.
    intros i Hi; split; [now apply Hpos | now apply (smooth_pos L d rho mu alpha T)]. }
  destruct (rescaled_to_original _ _ _ _ _ _ _ _ Hsol Hcl') as [s_of [H0 [_ [_ Horig]]]].
  exists (fun x => TH (s_of x)); split; [exact Horig|].
  intros l i Hl Hi; rewrite H0; unfold TH, balanced; rewrite w_inf_before, offset_0; [ring|].
  eapply Rbar_lt_le_trans; [apply Hcl | now apply Hsm].
Qed.
