(* Theorem 3.2 and Corollary 3.5 on the original clock through w_j = 0 (even L), inf-norm, one example,
   balanced start alpha > 0 (pages proofs/thm-3.2.md "Sliding", proofs/rescaling.md).

   At a balanced point with all w_j <> 0 and L even, beta^_j = (|w_j| - rho)^L ([margin_off_zero]).  This
   extends continuously through w_j = 0, where both one-sided limits of beta^_j are rho^L: so the rate
   sigma(-z) is the same on both sides, and Filippov's field at w_j = 0 is sigma(-z) times the segment of
   the rescaled one, which contains 0.  [filippov_original] is Filippov's solution inside the balanced
   points: continuous, with the derivative -grad loss(theta^) = sigma(-z) grad <mu, beta>(theta^) of the
   original flow in each coordinate with w_j <> 0 ([sam_field_off_zero] says that this is the actual field
   of Flow.v).  (The reading sign(0) = 0 would have
   beta^_j = 0 at a coordinate at rest: the same path in s, another clock.)

   PROVED: a Filippov solution is w_inf_j(s(t)), s' = sigma(-z), and it exists on [0, oo)
   ([filippov_original_closed_form], [filippov_original_exists]); for a solution on [0, oo) the clock s(t)
   runs to T* = min T_j <= oo ([filippov_reaches_end]); the joint limits for L >= 4 and the limit direction
   ([filippov_joint], [filippov_direction]).
   NOT here: Filippov's field over all neighbours, balanced or not: with it the clock is not unique (same page,
   "A caution").
   Rust: src/predict/fates.rs, quadrature.rs (the clock with beta^_j = rho^L), direction.rs. *)
From Coq Require Import Reals Lra Lia Ranalysis5.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint Cor_3_5.
From SamProofs Require Import Thm_3_2_original Cor_3_5_original.
Open Scope R_scope.

(* z = sum_j mu_j (|w_j| - rho)^L *)
Definition margin_fil (L d : nat) (rho : R) (mu w : nat -> R) : R :=
  vsum d (fun j => mu j * (Rabs (w j) - rho) ^ L).

(* It is the margin <mu, beta(theta^)> where no w_j is 0. *)
Lemma margin_off_zero : forall L d rho mu w, (1 <= L)%nat -> Nat.even L = true ->
  (forall j, (j < d)%nat -> 0 < mu j /\ w j <> 0) ->
  margin (perturb_inf rho) L d mu (balanced w) = margin_fil L d rho mu w.
Proof.
  intros L d rho mu w HL He H; unfold margin, predictor, margin_fil; apply vsum_ext; intros j Hj; f_equal.
  destruct (H j Hj) as [Hmu Hw]; unfold beta; destruct (Rdichotomy _ _ Hw) as [Hn|Hp].
  - rewrite Rabs_left by auto; replace (- w j - rho) with (- (w j + rho)) by ring.
    rewrite even_pow_opp, <- vprod_const by auto; apply vprod_ext; intros l Hl.
    rewrite sam_point_inf, grad_pred_formula by auto; unfold balanced.
    rewrite vprod_but_const by auto; rewrite sign_eq_m1; [ring|].
    assert (Ho := odd_pow_opp (L - 1) (w j) (odd_pred L HL He)).
    assert (0 < (- w j) ^ (L - 1)) by (apply pow_lt; lra); nra.
  - rewrite Rabs_pos_eq, <- vprod_const by lra; apply vprod_ext; intros l Hl.
    rewrite sam_point_inf, grad_pred_formula by auto; unfold balanced.
    rewrite vprod_but_const by auto; rewrite sign_eq_1; [ring|].
    apply Rmult_lt_0_compat; auto; now apply pow_lt.
Qed.

Lemma sam_field_off_zero : forall L d rho mu w l j, (1 <= L)%nat -> Nat.even L = true ->
  (forall i, (i < d)%nat -> 0 < mu i /\ w i <> 0) -> (l < L)%nat -> (j < d)%nat ->
  sam_field (perturb_inf rho) L d mu (balanced w) l j
  = sigma (- margin_fil L d rho mu w) * rescaled_field (perturb_inf rho) L d mu (balanced w) l j.
Proof.
  intros L d rho mu w l j HL He H Hl Hj; rewrite sam_field_rescaled by auto.
  now rewrite <- (margin_off_zero L d rho mu w).
Qed.

(* Filippov solutions of theta' = - grad loss(theta^) on [0, T) inside the balanced points, L even. *)
Definition filippov_original (rho : R) (L d : nat) (mu : nat -> R) (T : Rbar) (w : R -> nat -> R) : Prop :=
  forall j, (j < d)%nat -> forall t, until T t -> continuous (fun x => w x j) t /\
    (w t j <> 0 -> forall l, (l < L)%nat -> is_derive (fun x => w x j) t
      (sigma (- margin_fil L d rho mu (w t)) * rescaled_field (perturb_inf rho) L d mu (balanced (w t)) l j)).

Lemma margin_fil_continuous : forall L d rho mu (w : R -> nat -> R) t,
  (forall j, (j < d)%nat -> continuous (fun x => w x j) t) ->
  continuous (fun x => margin_fil L d rho mu (w x)) t.
Proof.
  intros L d rho mu w t H; unfold margin_fil.
  apply (continuous_vsum d (fun j x => mu j * (Rabs (w x j) - rho) ^ L)); intros j Hj.
  apply (continuous_scal_r (mu j) (fun x => (Rabs (w x j) - rho) ^ L)).
  apply continuous_pow, (continuous_minus (fun x => Rabs (w x j))); [|apply continuous_const].
  apply (continuous_comp (fun x => w x j) Rabs); [now apply H | apply continuous_Rabs].
Qed.

(* A Filippov solution does not outlive the blow-up of a coordinate. *)
Lemma filippov_no_longer : forall rho L d mu j S w alpha, (2 <= L)%nat -> (j < d)%nat -> 0 < mu j ->
  0 < rho ->
  0 < alpha -> filippov_coord rho L d mu j S w -> w 0 j = alpha -> Rbar_le S (blow_up L rho (mu j) alpha).
Proof.
  intros rho L d mu j S w alpha HL Hj Hmu Hrho Ha Hw H0.
  destruct (blow_up L rho (mu j) alpha) as [B| |] eqn:EB; [|destruct S; exact I|].
  - destruct (blow_up_finite _ _ _ _ _ EB) as [[HL3 Haj]|[?|?]]; [|lia|lia].
    destruct (Rbar_le_lt_dec S B) as [|Hlt]; auto; exfalso.
    assert (HB : 0 < B).
    { assert (H : Rbar_lt 0 B); [|exact H]; rewrite <- EB; unfold blow_up.
      destruct (Rlt_dec rho alpha); [now apply life_pos | exact I]. }
    assert (HBS : until S B) by (split; [lra | exact Hlt]).
    apply (tends_to_not_diverges B (fun x => w x j) (w B j)); [exact HB | |].
    + apply tends_to_continuous; auto; now apply Hw.
    + apply (diverges_ext B (w_inf L rho (mu j) alpha)); [exact HB | |].
      * intros s [Hs1 Hs2]; simpl in Hs2; symmetry.
        apply (thm_3_2_sliding_unique rho L d mu j S w alpha); auto;
          [apply (until_le S s B); auto; lra | rewrite EB; exact Hs2].
      * rewrite <- EB; now apply w_inf_above_diverges.
  - assert (H : Rbar_lt 0 m_infty); [|contradiction]; rewrite <- EB.
    unfold blow_up; destruct (Rlt_dec rho alpha); [now apply life_pos | exact I].
Qed.

(* On w_inf the margin is margin_w of Thm_3_2_joint.v. *)
Lemma margin_fil_w_inf : forall L d rho mu alpha w s, positive_data L d rho mu alpha ->
  (forall i, (i < d)%nat -> until (blow_up L rho (mu i) (alpha i)) s) ->
  (forall i, (i < d)%nat -> w i = w_inf L rho (mu i) (alpha i) s) ->
  margin_fil L d rho mu w = margin_w L d rho mu alpha s.
Proof.
  intros L d rho mu alpha w s (HL & Hrho & Hpos) Hb Hw; apply vsum_ext; intros i Hi.
  rewrite Hw by auto; rewrite Rabs_pos_eq; [reflexivity|].
  apply w_inf_nonneg; auto; now apply Hpos.
Qed.

Lemma first_blow_up_pos : forall L d rho mu alpha T, positive_data L d rho mu alpha ->
  first_blow_up L d rho mu alpha T -> Rbar_lt 0 T.
Proof.
  intros L d rho mu alpha T (HL & Hrho & Hpos) [_ [->|[j [Hj ->]]]]; [exact I|].
  unfold blow_up; destruct (Rlt_dec rho (alpha j)); [apply life_pos; auto; now apply Hpos | exact I].
Qed.

(* Closed form: a Filippov solution on [0, U) from alpha is w_inf_j(s(t)), s(0) = 0, s' = sigma(-z). *)
Theorem filippov_original_closed_form : forall L d rho mu alpha T U w, positive_data L d rho mu alpha ->
  first_blow_up L d rho mu alpha T -> Rbar_lt 0 U ->
  filippov_original rho L d mu U w -> (forall i, (i < d)%nat -> w 0 i = alpha i) ->
  exists S s t_of, is_clock U S s (fun t => sigma (- margin_fil L d rho mu (w t))) /\ Rbar_le S T /\
    is_clock S U t_of (fun x => 1 + exp (margin_w L d rho mu alpha x)) /\
    (forall t, until U t -> until S (s t) /\ t_of (s t) = t) /\
    forall t, until U t -> forall i, (i < d)%nat -> w t i = w_inf L rho (mu i) (alpha i) (s t).
Proof.
  intros L d rho mu alpha T U w HP HT HU Hw H0; assert (HP' := HP); destruct HP' as (HL & Hrho & Hpos).
  destruct (clock_exists U (fun t => sigma (- margin_fil L d rho mu (w t)))) as [S [s Hcl]]; auto.
  - intros t Ht; unfold sigma; apply continuous_Rinv_comp.
    + apply (continuous_plus (fun _ => 1)); [apply continuous_const|]; apply continuous_exp_comp.
      apply (continuous_ext (fun x => margin_fil L d rho mu (w x))); [intros x; simpl; ring|].
      apply margin_fil_continuous; intros j Hj; now apply Hw.
    + assert (H := exp_pos (- - margin_fil L d rho mu (w t))); lra.
  - intros t _; apply sigma_pos.
  - destruct (clock_of_inverse _ _ _ _ Hcl) as [t_of [Hclt [Hi1 Hi2]]].
    assert (Hres : filippov_solution rho L d mu S (fun x => w (t_of x))).
    { intros j Hj x Hx; destruct (Hi2 x Hx) as [Htx _]; destruct (Hw j Hj _ Htx) as [Hc Hd].
      assert (Hder : is_derive t_of x (/ sigma (- margin_fil L d rho mu (w (t_of x))))) by now apply Hclt.
      split.
      - apply (continuous_comp t_of (fun y => w y j)); [|exact Hc].
        eapply is_derive_continuous, Hder.
      - intros Hn l Hl; assert (Hg := sigma_pos (- margin_fil L d rho mu (w (t_of x)))).
        assert (Hcomp := is_derive_comp (fun y => w y j) t_of x _ _ (Hd Hn l Hl) Hder).
        replace (rescaled_field (perturb_inf rho) L d mu (balanced (w (t_of x))) l j)
          with (/ sigma (- margin_fil L d rho mu (w (t_of x))) * (sigma (- margin_fil L d rho mu (w (t_of
            x))) *
            rescaled_field (perturb_inf rho) L d mu (balanced (w (t_of x))) l j)) by (field; lra).
        exact Hcomp. }
    assert (Hres0 : forall i, (i < d)%nat -> w (t_of 0) i = alpha i).
    { intros i Hi; assert (t_of 0 = 0) as -> by apply Hclt; now apply H0. }
    assert (HST : Rbar_le S T).
    { destruct HT as [_ [->|[j [Hj ->]]]]; [destruct S; exact I|].
      apply (filippov_no_longer rho L d mu j S (fun x => w (t_of x))); auto; now apply Hpos. }
    assert (Hblow : forall x i, until S x -> (i < d)%nat -> until (blow_up L rho (mu i) (alpha i)) x).
    { intros x i [Hx HxS] Hi; split; auto; eapply Rbar_lt_le_trans; [exact HxS|].
      eapply Rbar_le_trans; [exact HST | now apply HT]. }
    assert (HE : forall x i, until S x -> (i < d)%nat -> w (t_of x) i = w_inf L rho (mu i) (alpha i) x).
    { intros x i Hx Hi; apply (thm_3_2_sliding_unique rho L d mu i S (fun y => w (t_of y))); auto;
        try (now apply Hpos); now apply Hblow. }
    exists S, s, t_of; split; [auto | split; [auto | split; [|split; [auto|]]]].
    + apply (is_clock_ext _ _ _ (fun x => / sigma (- margin_fil L d rho mu (w (t_of x))))); auto.
      intros x Hx; unfold sigma; rewrite Rinv_inv, Ropp_involutive; do 2 f_equal.
      apply margin_fil_w_inf; auto.
    + intros t Ht i Hi; destruct (Hi1 t Ht) as [Hs E]; rewrite <- E at 1; now apply HE.
Qed.

(* For a solution on [0, oo): int_0^oo sigma(-z) dt = T*, the first blow-up time (oo if there is none). *)
Theorem filippov_reaches_end : forall L d rho mu alpha T w, positive_data L d rho mu alpha ->
  first_blow_up L d rho mu alpha T ->
  filippov_original rho L d mu p_infty w -> (forall i, (i < d)%nat -> w 0 i = alpha i) ->
  exists s t_of, is_clock p_infty T s (fun t => sigma (- margin_fil L d rho mu (w t))) /\
    is_clock T p_infty t_of (fun x => 1 + exp (margin_w L d rho mu alpha x)) /\
    (forall t, 0 <= t -> until T (s t) /\ t_of (s t) = t) /\
    forall t, 0 <= t -> forall i, (i < d)%nat -> w t i = w_inf L rho (mu i) (alpha i) (s t).
Proof.
  intros L d rho mu alpha T w HP HT Hw H0.
  destruct (filippov_original_closed_form L d rho mu alpha T p_infty w HP HT I Hw H0)
    as (S & s & t_of & Hcl & HST & Hclt & Hi1 & HE).
  assert (ES : S = T).
  { destruct (Rbar_le_lt_or_eq_dec S T HST) as [Hlt|]; auto; exfalso.
    assert (HS0 : Rbar_lt 0 S) by apply Hclt.
    destruct S as [S| |]; [|contradiction|contradiction].
    destruct (continuity_ab_maj (margin_w L d rho mu alpha) 0 S) as [m [Hm _]].
    { simpl in HS0; lra. }
    { intros x Hx; apply continuity_pt_filterlim; unfold margin_w; destruct HP as (HL & Hrho & Hpos).
      apply (continuous_vsum d (fun i x => mu i * (w_inf L rho (mu i) (alpha i) x - rho) ^ L)); intros i Hi.
      apply (continuous_scal_r (mu i) (fun x => (w_inf L rho (mu i) (alpha i) x - rho) ^ L)).
      apply continuous_pow, (continuous_minus (fun x => w_inf L rho (mu i) (alpha i) x));
        [|apply continuous_const].
      apply (w_inf_continuous L rho d mu alpha i); auto; try (now apply Hpos); split; [lra|].
      eapply Rbar_le_lt_trans with S; [simpl; lra|]; eapply Rbar_lt_le_trans; [exact Hlt | now apply HT]. }
    destruct (bounded_margin_original S p_infty t_of (margin_w L d rho mu alpha) (margin_w L d rho mu alpha
      m) Hclt)
      as [_ Hinf].
    - intros x [Hx1 Hx2]; apply Hm; simpl in Hx2; lra.
    - discriminate (Hinf eq_refl). }
  subst S; exists s, t_of; split; [auto | split; [auto | split]].
  - intros t Ht; apply Hi1; split; [auto | exact I].
  - intros t Ht i Hi; apply HE; auto; split; [auto | exact I].
Qed.

(* Existence, on [0, oo), from every balanced start alpha > 0. *)
Theorem filippov_original_exists : forall L d rho mu alpha, positive_data L d rho mu alpha ->
  exists w, filippov_original rho L d mu p_infty w /\ forall i, (i < d)%nat -> w 0 i = alpha i.
Proof.
  intros L d rho mu alpha HP; destruct (first_blow_up_exists L d rho mu alpha) as [T HT].
  destruct (margin_clock L d rho mu alpha T HP HT) as [t Hcl].
  destruct (clock_inverse _ _ _ _ Hcl) as [s_of [H0 [_ Hinv]]]; assert (HP' := HP);
    destruct HP' as (HL & Hrho & Hpos).
  exists (fun x i => w_inf L rho (mu i) (alpha i) (s_of x)); split.
  - intros j Hj x Hx; destruct (Hinv x Hx) as [Hs [_ Hd]].
    assert (Hb : forall i, (i < d)%nat -> until (blow_up L rho (mu i) (alpha i)) (s_of x)).
    { intros i Hi; destruct Hs; split; auto; eapply Rbar_lt_le_trans; [eassumption | now apply HT]. }
    destruct (thm_3_2_sliding_exists rho L d mu j alpha HL Hj (proj1 (Hpos j Hj)) Hrho (proj2 (Hpos j Hj)) _
      (Hb j Hj))
      as [Hc Hder]; split.
    + apply (continuous_comp s_of (w_inf L rho (mu j) (alpha j))); [|exact Hc].
      eapply is_derive_continuous, Hd.
    + intros Hn l Hl.
      rewrite (margin_fil_w_inf L d rho mu alpha _ (s_of x)) by auto.
      replace (sigma (- margin_w L d rho mu alpha (s_of x))) with (/ (1 + exp (margin_w L d rho mu alpha
        (s_of x))))
        by (unfold sigma; now rewrite Ropp_involutive).
      exact (is_derive_comp (w_inf L rho (mu j) (alpha j)) s_of x _ _ (Hder Hn l Hl) Hd).
  - intros i Hi; rewrite H0; unfold w_inf; destruct (Rbar_le_dec _ 0) as [H|H]; [|rewrite offset_0; ring].
    exfalso; unfold hit_time in H; destruct (Nat.even L) eqn:He; [|contradiction].
    destruct (Rlt_dec (alpha i) rho); [|contradiction]; simpl in H.
    assert (0 < alpha i) by now apply Hpos.
    assert (0 < hit L (mu i) (alpha i - rho) rho) by (apply offset_at_hit; auto; [now apply Hpos | lra]); lra.
Qed.

(* Joint limits, L >= 3 (for odd L see Cor_3_5_original.v), every Filippov solution on [0, oo). *)
Theorem filippov_joint : forall L d rho mu alpha j T w, leader L d rho mu alpha j T ->
  filippov_original rho L d mu p_infty w -> (forall i, (i < d)%nat -> w 0 i = alpha i) ->
  forall i, (i < d)%nat ->
  (blow_up L rho (mu i) (alpha i) = Finite T -> diverges p_infty (fun t => beta L (balanced (w t)) i)) /\
  (Rbar_lt T (blow_up L rho (mu i) (alpha i)) ->
     tends_to p_infty (fun t => beta L (balanced (w t)) i) (w_inf L rho (mu i) (alpha i) T ^ L)).
Proof.
  intros L d rho mu alpha j T w HK Hw H0 i Hi; assert (HK' := HK).
  destruct HK' as (HL & Hj & Hrho & Hpos & Haj & Hbl & Hmin).
  assert (HP : positive_data L d rho mu alpha) by (split; [lia | auto]).
  assert (HT : first_blow_up L d rho mu alpha T) by (split; [auto | right; now exists j]).
  destruct (filippov_reaches_end L d rho mu alpha T w HP HT Hw H0) as (s & t_of & _ & Hcl & Hi1 & HE).
  destruct (thm_3_2_joint L d rho mu alpha j T t_of HK Hcl s Hi1 i Hi) as [Hd Ht].
  assert (Hb : forall t, until p_infty t -> w_inf L rho (mu i) (alpha i) (s t) ^ L = beta L (balanced (w t))
    i).
  { intros t [Ht0 _]; rewrite beta_balanced; f_equal; symmetry; now apply HE. }
  split; intros H; [eapply diverges_ext | eapply tends_to_ext]; try exact Hb; try exact I; auto.
Qed.

(* Corollary 3.5 for every Filippov solution on [0, oo): beta/||beta||_1 -> e_(j* ) as t -> oo. *)
Theorem filippov_direction : forall L d rho mu alpha j w, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j ->
  filippov_original rho L d mu p_infty w -> (forall i, (i < d)%nat -> w 0 i = alpha i) ->
  forall i, (i < d)%nat -> tends_to p_infty (fun t => direction d (beta L (balanced (w t))) i) (e j i).
Proof.
  intros L d rho mu alpha j w HP HU Hw H0 i Hi.
  set (T := blow_up L rho (mu j) (alpha j)); assert (Hj : (j < d)%nat) by apply HU.
  assert (HT : first_blow_up L d rho mu alpha T).
  { split; [|right; now exists j]; now apply leader_is_first. }
  destruct (filippov_reaches_end L d rho mu alpha T w HP HT Hw H0) as (s & t_of & _ & Hcl & Hi1 & HE).
  apply (tends_to_ext p_infty (fun t => direction d (fun k => w_inf L rho (mu k) (alpha k) (s t) ^ L) i));
    [exact I | |].
  - intros t [Ht _]; unfold direction.
    assert (Hb : forall k, (k < d)%nat -> w_inf L rho (mu k) (alpha k) (s t) ^ L = beta L (balanced (w t)) k).
    { intros k Hk; rewrite beta_balanced; f_equal; symmetry; now apply HE. }
    rewrite Hb by auto; f_equal; apply vsum_ext; intros k Hk; now rewrite Hb.
  - destruct (cor_3_5_original_clock L d rho mu alpha j HP HU) as [_ Hall].
    destruct (Hall t_of p_infty Hcl) as [_ Hl]; now apply Hl.
Qed.
