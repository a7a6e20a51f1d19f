(* Theorem 3.2, L >= 3: the joint reading (MATH.md 4, page proofs/thm-3.2.md, "The joint flow").

   Let T* = min T_j over the coordinates above rho, T_j their blow-up times in s.  PROVED:
   - all of original time fits before T*: the clock t(s) = int_0^s (1 + e^z) runs to +oo as s -> T*
     ([thm_3_2_joint_clock]; z with beta^_j = (w_j - rho)^L, also on coordinates that rest at 0, Filippov's
     clock);
   - so as t -> oo only the leaders (T_j = T* ) diverge, and every other coordinate tends to the finite
     w_inf_i(T* )^L ([thm_3_2_joint]);
   - if no coordinate is at 0 before T* (always so for odd L) this is about the network's original flow
     theta' = - grad loss(theta^) itself: it has a solution on [0, oo) with these limits
     ([thm_3_2_joint_original]);
   - the counterexample to the literal joint reading ([thm_3_2_counterexample]): L = 3, mu = (1,2,3),
     alpha = (1/2, 6/5, 11/10), rho = 1: beta_1 -> 343/729, not 1; beta_3 -> 343/125, finite.
   Rust: src/predict/fates.rs, linf_deep.rs. *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates.
Open Scope R_scope.

(* z = sum_j mu_j beta^_j with beta^_j = (w_j - rho)^L *)
Definition margin_w (L d : nat) (rho : R) (mu alpha : nat -> R) (s : R) : R :=
  vsum d (fun j => mu j * (w_inf L rho (mu j) (alpha j) s - rho) ^ L).

(* It is the margin <mu, beta(theta^)> of the network where all w_j > 0. *)
Lemma margin_w_is_margin : forall L d rho mu alpha s,
  (forall j, (j < d)%nat -> 0 < mu j /\ 0 < w_inf L rho (mu j) (alpha j) s) ->
  margin (perturb_inf rho) L d mu (balanced (fun j => w_inf L rho (mu j) (alpha j) s))
  = margin_w L d rho mu alpha s.
Proof.
  intros L d rho mu alpha s H; unfold margin, predictor, margin_w; apply vsum_ext; intros j Hj.
  now rewrite inf_beta_hat_balanced by (auto; now apply H).
Qed.

(* The data of this file: L >= 3, j is a leader, T its blow-up time. *)
Definition leader (L d : nat) (rho : R) (mu alpha : nat -> R) (j : nat) (T : R) : Prop :=
  (2 < L)%nat /\ (j < d)%nat /\ 0 < rho /\ (forall i, (i < d)%nat -> 0 < mu i /\ 0 < alpha i) /\
  rho < alpha j /\ blow_up L rho (mu j) (alpha j) = Finite T /\
  forall i, (i < d)%nat -> Rbar_le T (blow_up L rho (mu i) (alpha i)).

Lemma leader_T : forall L d rho mu alpha j T, leader L d rho mu alpha j T ->
  0 < T /\ T = / (INR (L - 2) * mu j * (alpha j - rho) ^ (L - 2)).
Proof.
  intros L d rho mu alpha j T (HL & Hj & Hrho & Hpos & Haj & HT & _).
  rewrite blow_up_deep in HT by auto; inversion HT; split; auto.
  apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; [now apply INR_m_pos | now apply Hpos | apply
    pow_lt; lra].
Qed.

Lemma leader_until : forall L d rho mu alpha j T s, leader L d rho mu alpha j T -> until T s ->
  forall i, (i < d)%nat -> until (blow_up L rho (mu i) (alpha i)) s.
Proof.
  intros L d rho mu alpha j T s H [Hs HsT] i Hi; split; auto.
  eapply Rbar_lt_le_trans; [exact HsT|]; now apply H.
Qed.

Lemma w_inf_continuous : forall L rho d mu alpha j s, (2 <= L)%nat -> (j < d)%nat -> 0 < rho ->
  0 < mu j -> 0 < alpha j ->
  until (blow_up L rho (mu j) (alpha j)) s -> continuous (w_inf L rho (mu j) (alpha j)) s.
Proof.
  intros L rho d mu alpha j s HL Hj Hrho Hmu Ha Hs.
  now apply (thm_3_2_sliding_exists rho L d mu j alpha HL Hj Hmu Hrho Ha s Hs).
Qed.

Lemma w_inf_nonneg : forall L rho mu alpha s, (2 <= L)%nat -> 0 < mu -> 0 < rho -> 0 < alpha ->
  until (blow_up L rho mu alpha) s -> 0 <= w_inf L rho mu alpha s.
Proof.
  intros L rho mu alpha s HL Hmu Hrho Ha [Hs Hb].
  destruct (Rbar_le_lt_dec (hit_time L rho mu alpha) s) as [H|H].
  - rewrite w_inf_after; auto; lra.
  - rewrite w_inf_before; auto; left; now apply before_both.
Qed.

Lemma pow_ge_neg : forall n x r, 0 < r -> - r <= x -> - r ^ n <= x ^ n \/ n = 0%nat.
Proof.
  intros n x r Hr Hx; destruct n; [now right | left].
  destruct (Rle_lt_dec 0 x) as [H|H].
  - assert (0 <= x ^ S n) by now apply pow_le. assert (0 < r ^ S n) by now apply pow_lt. lra.
  - assert (Hle : Rabs (x ^ S n) <= r ^ S n).
    { rewrite <- RPow_abs; apply pow_incr; split; [apply Rabs_pos|]; rewrite Rabs_left; lra. }
    assert (H1 := Rle_abs (- x ^ S n)); rewrite Rabs_Ropp in H1; lra.
Qed.

(* For a leader, (w - rho)^(L-2) = 1/((L-2) mu (T - s)), exactly. *)
Lemma leader_power : forall L d rho mu alpha j T, leader L d rho mu alpha j T -> forall s, until T s ->
  alpha j - rho <= w_inf L rho (mu j) (alpha j) s - rho /\
  (w_inf L rho (mu j) (alpha j) s - rho) ^ (L - 2) = / (INR (L - 2) * mu j * (T - s)).
Proof.
  intros L d rho mu alpha j T HK s Hs; destruct (leader_T _ _ _ _ _ _ _ HK) as [HT0 HT].
  assert (Hb := leader_until _ _ _ _ _ _ _ _ HK Hs j); destruct HK as (HL & Hj & Hrho & Hpos & Haj & Hbl & _).
  specialize (Hb Hj); assert (Hmu : 0 < mu j) by now apply Hpos.
  assert (Hv0 : 0 < alpha j - rho) by lra; assert (Hm := INR_m_pos L HL).
  assert (Hlife : until (life L (mu j) (alpha j - rho)) s).
  { unfold blow_up in Hb; destruct (Rlt_dec rho (alpha j)); [exact Hb | contradiction]. }
  rewrite w_inf_before by (rewrite hit_time_infinite by lra; exact I).
  replace (rho + offset L (mu j) (alpha j - rho) s - rho) with (offset L (mu j) (alpha j - rho) s) by ring.
  split.
  - rewrite <- (offset_0 L (mu j) (alpha j - rho)) at 1.
    destruct (Req_dec s 0) as [->|]; [lra|]; left; apply offset_increasing; auto; [lia|].
    destruct Hs; lra.
  - assert (Hq := deep_q_pos L (mu j) (alpha j - rho) s HL Hmu Hlife).
    assert (Hvm : 0 < (alpha j - rho) ^ (L - 2)) by now apply pow_lt.
    unfold offset; destruct (Nat.eqb_spec L 2); [lia|].
    rewrite Rpow_mult_distr, Rpower_root by (auto; lia).
    assert (Hs' : 0 < T - s) by (destruct Hs as [_ Hs]; simpl in Hs; lra).
    replace (deep_q L (mu j) (alpha j - rho) s)
      with (INR (L - 2) * mu j * (alpha j - rho) ^ (L - 2) * (T - s)).
    + field; repeat split; lra.
    + unfold deep_q; rewrite HT; field; repeat split; lra.
Qed.

(* e^z >= a/(T - s) before the blow-up of a leader. *)
Lemma margin_blow_up : forall L d rho mu alpha j T, leader L d rho mu alpha j T ->
  exists a, 0 < a /\ forall s, until T s -> a / (T - s) <= exp (margin_w L d rho mu alpha s).
Proof.
  intros L d rho mu alpha j T HK.
  assert (Hpow := leader_power _ _ _ _ _ _ _ HK); assert (HK' := HK).
  destruct HK' as (HL & Hj & Hrho & Hpos & Haj & Hbl & _).
  assert (Hm := INR_m_pos L HL); assert (Hmu : 0 < mu j) by now apply Hpos.
  set (C := vsum d (fun i => mu i * rho ^ L)); set (v0 := alpha j - rho) in *.
  assert (Hv0 : 0 < v0) by (unfold v0; lra).
  exists (exp (- C) * (v0 ^ 2 / INR (L - 2))); split.
  { apply Rmult_lt_0_compat; [apply exp_pos|]; apply Rdiv_lt_0_compat; auto; now apply pow_lt. }
  intros s Hs; destruct (Hpow s Hs) as [Hv HvL]; set (v := w_inf L rho (mu j) (alpha j) s - rho) in *.
  assert (Hs' : 0 < T - s) by (destruct Hs as [_ Hs']; simpl in Hs'; lra).
  assert (Hz : mu j * v ^ L - C <= margin_w L d rho mu alpha s).
  { assert (mu j * v ^ L + mu j * rho ^ L <= margin_w L d rho mu alpha s + C).
    - unfold margin_w, C; rewrite <- vsum_plus.
      apply (vsum_ge_term d (fun i => mu i * (w_inf L rho (mu i) (alpha i) s - rho) ^ L + mu i * rho ^ L)
        j); auto.
      intros i Hi; rewrite <- Rmult_plus_distr_l; apply Rmult_le_pos; [left; now apply Hpos|].
      assert (Hw : 0 <= w_inf L rho (mu i) (alpha i) s).
      { apply w_inf_nonneg; try (now apply Hpos); auto; [lia|];
        now apply (leader_until L d rho mu alpha j T s). }
      assert (Hge : - rho <= w_inf L rho (mu i) (alpha i) s - rho) by lra.
      destruct (pow_ge_neg L _ rho Hrho Hge) as [H|H]; [lra | lia].
    - assert (0 < mu j * rho ^ L) by (apply Rmult_lt_0_compat; auto; now apply pow_lt); lra. }
  apply Rle_trans with (exp (mu j * v ^ L - C)).
  - unfold Rminus; rewrite exp_plus, (Rmult_comm (exp (mu j * v ^ L))).
    unfold Rdiv at 1; rewrite Rmult_assoc; apply Rmult_le_compat_l; [left; apply exp_pos|].
    apply Rle_trans with (mu j * v ^ L).
    + replace (v ^ L) with (v ^ 2 * v ^ (L - 2)) by (rewrite <- pow_add; f_equal; lia).
      rewrite HvL; replace (mu j * (v ^ 2 * / (INR (L - 2) * mu j * (T - s))))
        with (v ^ 2 / INR (L - 2) * / (T - s)) by (field; repeat split; lra).
      apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|].
      apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|]; apply pow_incr; lra.
    + assert (0 < mu j * v ^ L) by (apply Rmult_lt_0_compat; auto; apply pow_lt; lra).
      left; apply Rlt_trans with (1 + mu j * v ^ L); [lra | apply exp_ineq1; lra].
  - destruct Hz as [Hz|Hz]; [left; now apply exp_increasing | right; now f_equal].
Qed.

Lemma margin_w_continuous : forall L d rho mu alpha j T, leader L d rho mu alpha j T ->
  forall s, until T s -> continuous (fun x => 1 + exp (margin_w L d rho mu alpha x)) s.
Proof.
  intros L d rho mu alpha j T HK s Hs; apply (continuous_plus (fun _ => 1)); [apply continuous_const|].
  apply continuous_exp_comp; unfold margin_w.
  apply (continuous_vsum d (fun i x => mu i * (w_inf L rho (mu i) (alpha i) x - rho) ^ L)); intros i Hi.
  apply (continuous_scal_r (mu i) (fun x => (w_inf L rho (mu i) (alpha i) x - rho) ^ L)).
  apply continuous_pow, (continuous_minus (fun x => w_inf L rho (mu i) (alpha i) x));
    [|apply continuous_const].
  apply (w_inf_continuous L rho d mu alpha i s); auto; try (now apply HK); [destruct HK; lia|].
  now apply (leader_until L d rho mu alpha j T s).
Qed.

(* All of original time fits before T*: t(s) = int_0^s (1 + e^z), s in [0, T* ), exists and runs through [0,
   oo). *)
Theorem thm_3_2_joint_clock : forall L d rho mu alpha j T, leader L d rho mu alpha j T ->
  (exists t, is_clock T p_infty t (fun s => 1 + exp (margin_w L d rho mu alpha s))) /\
  (forall t C, is_clock T C t (fun s => 1 + exp (margin_w L d rho mu alpha s)) -> C = p_infty).
Proof.
  intros L d rho mu alpha j T HK; destruct (leader_T _ _ _ _ _ _ _ HK) as [HT0 HT].
  assert (Hinf : forall t C, is_clock T C t (fun s => 1 + exp (margin_w L d rho mu alpha s)) -> C = p_infty).
  { intros t C Hcl; destruct (margin_blow_up _ _ _ _ _ _ _ HK) as [a [Ha Hz]].
    apply (blow_up_fills_original_time T C t (margin_w L d rho mu alpha) 0 a Hcl Ha); [lra|].
    intros s Hs; apply Hz; split; simpl; lra. }
  split; auto.
  destruct (clock_exists T (fun s => 1 + exp (margin_w L d rho mu alpha s))) as [C [t Hcl]].
  - exact HT0.
  - now apply (margin_w_continuous L d rho mu alpha j T).
  - intros s _; assert (H := exp_pos (margin_w L d rho mu alpha s)); lra.
  - exists t; now rewrite <- (Hinf t C Hcl).
Qed.

(* ---------- limits in original time ---------- *)

(* Properties near the end of s hold near the end of t. *)
Lemma near_end_clock : forall S T t g s_of P, is_clock S T t g ->
  (forall x, until T x -> until S (s_of x) /\ t (s_of x) = x) ->
  near_end S P -> near_end T (fun x => P (s_of x)).
Proof.
  intros S T t g s_of P HK Hinv [s0 [H0 HP]]; exists (t s0).
  assert (Hincr := clock_incr S T t g HK); assert (Hunt := clock_until S T t g HK s0 H0).
  split; auto; intros x Hx HxT; assert (Hxu : until T x) by (split; [destruct Hunt; lra | auto]).
  destruct (Hinv x Hxu) as [Hs Ht]; apply HP; [|apply Hs].
  destruct (Rle_lt_dec s0 (s_of x)) as [|Hlt]; auto; exfalso.
  assert (t (s_of x) < t s0) by (apply Hincr; auto; destruct Hs; lra); lra.
Qed.

(* Joint reading: with t(s) the (Filippov) clock and s(t) its inverse, as t -> oo a coordinate that blows up
   at T* diverges and every other one tends to the finite w_inf_i(T* )^L. *)
Theorem thm_3_2_joint : forall L d rho mu alpha j T t, leader L d rho mu alpha j T ->
  is_clock T p_infty t (fun s => 1 + exp (margin_w L d rho mu alpha s)) ->
  forall s_of, (forall x, 0 <= x -> until T (s_of x) /\ t (s_of x) = x) ->
  forall i, (i < d)%nat ->
  (blow_up L rho (mu i) (alpha i) = Finite T ->
     diverges p_infty (fun x => w_inf L rho (mu i) (alpha i) (s_of x) ^ L)) /\
  (Rbar_lt T (blow_up L rho (mu i) (alpha i)) ->
     tends_to p_infty (fun x => w_inf L rho (mu i) (alpha i) (s_of x) ^ L) (w_inf L rho (mu i) (alpha i) T ^
       L)).
Proof.
  intros L d rho mu alpha j T t HK Hcl s_of Hinv i Hi.
  destruct (leader_T _ _ _ _ _ _ _ HK) as [HT0 _].
  destruct HK as (HL & Hj & Hrho & Hpos & Haj & Hbl & Hmin).
  assert (Hmu : 0 < mu i) by now apply Hpos. assert (Ha : 0 < alpha i) by now apply Hpos.
  assert (Hinv' : forall x, until p_infty x -> until T (s_of x) /\ t (s_of x) = x).
  { intros x [Hx _]; now apply Hinv. }
  split; intros H.
  - assert (Hai : rho < alpha i).
    { unfold blow_up in H; destruct (Rlt_dec rho (alpha i)); [auto | discriminate]. }
    intros P HP; apply (near_end_clock T p_infty t _ s_of (fun s => P (w_inf L rho (mu i) (alpha i) s ^ L))
      Hcl Hinv').
    apply (diverges_pow T (w_inf L rho (mu i) (alpha i)) L); auto; [lia|].
    apply (diverges_le T (offset L (mu i) (alpha i - rho))); auto.
    + intros s Hs; rewrite w_inf_before by (rewrite hit_time_infinite by lra; exact I); lra.
    + rewrite <- H; unfold blow_up; destruct (Rlt_dec rho (alpha i)); [|contradiction].
      apply offset_diverges; auto; [lia | lra].
  - intros P HP; apply (near_end_clock T p_infty t _ s_of (fun s => P (w_inf L rho (mu i) (alpha i) s ^ L))
    Hcl Hinv').
    refine (tends_to_pow T _ (w_inf L rho (mu i) (alpha i) T) L _ P HP).
    apply tends_to_continuous; auto; apply (w_inf_continuous L rho d); auto; [lia|].
    split; [lra | exact H].
Qed.

(* The original flow itself, when no coordinate is at 0 before T*: a solution on [0, oo) with these limits. *)
Theorem thm_3_2_joint_original : forall L d rho mu alpha j T, leader L d rho mu alpha j T ->
  (forall i, (i < d)%nat -> Rbar_le T (hit_time L rho (mu i) (alpha i))) ->
  exists th, solves_original (perturb_inf rho) L d mu p_infty th /\
  (forall l i, (l < L)%nat -> (i < d)%nat -> th 0 l i = alpha i) /\
  forall i, (i < d)%nat ->
  (blow_up L rho (mu i) (alpha i) = Finite T -> diverges p_infty (fun t => beta L (th t) i)) /\
  (Rbar_lt T (blow_up L rho (mu i) (alpha i)) ->
     tends_to p_infty (fun t => beta L (th t) i) (w_inf L rho (mu i) (alpha i) T ^ L)).
Proof.
  intros L d rho mu alpha j T HK Hhit; assert (HK' := HK).
  destruct HK' as (HL & Hj & Hrho & Hpos & Haj & Hbl & Hmin).
  destruct (leader_T _ _ _ _ _ _ _ HK) as [HT0 _].
  set (TH := fun s => balanced (fun i => w_inf L rho (mu i) (alpha i) s)).
  assert (Hsol : solves_rescaled (perturb_inf rho) L d mu T TH).
  { apply thm_3_2_existence; auto; [lia|]; intros i Hi; repeat split; auto; now apply Hpos. }
  destruct (proj1 (thm_3_2_joint_clock _ _ _ _ _ _ _ HK)) as [t Hcl].
  assert (Hmargin : forall s, until T s ->
    margin_w L d rho mu alpha s = margin (perturb_inf rho) L d mu (TH s)).
  { intros s Hs; symmetry; apply margin_w_is_margin; intros i Hi; split; [now apply Hpos|].
    assert (Hh : Rbar_lt s (hit_time L rho (mu i) (alpha i))).
    { apply Rbar_lt_le_trans with T; [apply Hs | now apply Hhit]. }
    rewrite w_inf_before by auto.
    apply before_both; auto; try (now apply Hpos); [lia | apply Hs|].
    now apply (leader_until L d rho mu alpha j T s). }
  assert (Hcl' : is_clock T p_infty t (fun s => 1 + exp (margin (perturb_inf rho) L d mu (TH s)))).
  { destruct Hcl as (H1 & H2 & H3 & H4 & H5); split; [auto | split; [auto | split; [|split; [|auto]]]].
    - intros s Hs; rewrite <- Hmargin by auto; now apply H3.
    - intros s Hs; rewrite <- Hmargin by auto; now apply H4. }
  destruct (rescaled_to_original _ _ _ _ _ _ _ _ Hsol Hcl') as [s_of [H0 [_ [Hinv Horig]]]].
  exists (fun x => TH (s_of x)); split; [exact Horig | split].
  - intros l i Hl Hi; rewrite H0; unfold TH, balanced.
    rewrite w_inf_before, offset_0 by (apply Rbar_lt_le_trans with T; [exact HT0 | now apply Hhit]); ring.
  - intros i Hi.
    assert (Hinv' : forall x, 0 <= x -> until T (s_of x) /\ t (s_of x) = x).
    { intros x Hx; apply Hinv; split; [auto | exact I]. }
    destruct (thm_3_2_joint L d rho mu alpha j T t HK Hcl s_of Hinv' i Hi) as [Hd Ht].
    assert (Hb : forall x, until p_infty x ->
      w_inf L rho (mu i) (alpha i) (s_of x) ^ L = beta L (TH (s_of x)) i).
    { intros x _; symmetry; apply beta_balanced. }
    split; intros H; [eapply diverges_ext | eapply tends_to_ext]; try exact Hb; try exact I; auto.
Qed.

(* ---------- the counterexample ---------- *)

Definition ex_mu (j : nat) : R := INR (S j).
Definition ex_alpha (j : nat) : R := match j with 0%nat => 1 / 2 | 1%nat => 6 / 5 | _ => 11 / 10 end.

Lemma Rpower_m1 : forall q, 0 < q -> Rpower q (- / 1) = / q.
Proof. intros q Hq; rewrite Rinv_1, Rpower_Ropp, Rpower_1; auto. Qed.

Lemma ex_leader : leader 3 3 1 ex_mu ex_alpha 1 (5 / 2).
Proof.
  assert (H1 : blow_up 3 1 (ex_mu 1) (ex_alpha 1) = Finite (5 / 2)).
  { rewrite blow_up_deep by (auto; unfold ex_alpha; lra); unfold ex_mu, ex_alpha; simpl; f_equal; field. }
  repeat split; auto; try lra; try (unfold ex_alpha; lra).
  - unfold ex_mu; apply lt_0_INR; lia.
  - unfold ex_alpha; destruct i as [|[|i]]; lra.
  - intros [|[|[|i]]] Hi; try lia.
    + rewrite blow_up_infinite by (right; unfold ex_alpha; lra); exact I.
    + rewrite H1; simpl; lra.
    + rewrite blow_up_deep by (auto; unfold ex_alpha; lra); unfold ex_mu, ex_alpha; simpl; lra.
Qed.

(* L = 3, mu = (1,2,3), alpha = (1/2, 6/5, 11/10), rho = 1: the original flow theta' = - grad loss(theta^)
   has a solution on [0, oo), and as t -> oo beta_1 -> 343/729 (the literal Theorem 3.2: rho^3 = 1), beta_2
   -> +oo, beta_3 -> 343/125 (the literal Theorem 3.2: +oo, as alpha_3 > rho). *)
Theorem thm_3_2_counterexample :
  exists th, solves_original (perturb_inf 1) 3 3 ex_mu p_infty th /\
  (forall l, (l < 3)%nat -> th 0 l 0%nat = 1 / 2 /\ th 0 l 1%nat = 6 / 5 /\ th 0 l 2%nat = 11 / 10) /\
  tends_to p_infty (fun t => beta 3 (th t) 0) (343 / 729) /\
  diverges p_infty (fun t => beta 3 (th t) 1) /\
  tends_to p_infty (fun t => beta 3 (th t) 2) (343 / 125).
Proof.
  destruct (thm_3_2_joint_original 3 3 1 ex_mu ex_alpha 1 (5 / 2) ex_leader) as [th [Hsol [H0 Hlim]]].
  { intros i Hi; rewrite hit_time_infinite by (now left); exact I. }
  exists th; split; [auto | split].
  { intros l Hl; rewrite !H0 by lia; unfold ex_alpha; auto. }
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
