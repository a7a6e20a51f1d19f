(* Corollary 3.5 (page proofs/cor-3.5.md): the limit direction of inf-SAM, one example, L >= 2, balanced start
   alpha > 0, radius rho > 0.  "Solution": balanced Filippov solution of the actual flow
   ([filippov_solution]).

   PROVED, with v = beta/||beta||_1 and T* the life of the joint solution in s (oo for L = 2):
   some alpha_j > rho, tie-free: v -> e_(j* ), j* = argmax mu_j (alpha_j - rho)^(L-2) over alpha_j > rho
   ([cor_3_5]); the same as t -> oo on the original clock, which runs to +oo ([cor_3_5_original_clock],
   [cor_3_5_original]).
   ELSEWHERE: ties, no alpha_j above rho, every basis vector, the exact ratio at L = 2: Cor_3_5_cases.v; every
   solution of the original flow: Cor_3_5_original.v, Thm_3_2_filippov.v.
   The error bounds (3)-(5) of the page: Bounds.v, Bounds_deep.v (all but the tie term of (4)).
   NOT proved: ties at L = 2 (they need equal mu).
   Rust: src/predict/direction.rs. *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint.
Open Scope R_scope.

(* A balanced path, Filippov solution in every coordinate. *)
Definition filippov_solution (rho : R) (L d : nat) (mu : nat -> R) (T : Rbar) (w : R -> nat -> R) : Prop :=
  forall j, (j < d)%nat -> filippov_coord rho L d mu j T w.

(* beta_i/||beta||_1; on the paths of this file beta >= 0. *)
Definition direction (d : nat) (b : nat -> R) (i : nat) : R := b i / vsum d (fun k => Rabs (b k)).

Definition e (j i : nat) : R := if (i =? j)%nat then 1 else 0.

(* If beta_i/beta_j -> r_i >= 0 for every i, where beta_j > 0, then v_i -> r_i/sum r. *)
Lemma direction_limit : forall T d (b : R -> nat -> R) r j, Rbar_lt 0 T -> (j < d)%nat ->
  (forall s, until T s -> 0 < b s j) -> (forall s i, until T s -> (i < d)%nat -> 0 <= b s i) ->
  (forall i, (i < d)%nat -> tends_to T (fun s => b s i / b s j) (r i)) ->
  (forall i, (i < d)%nat -> 0 <= r i) -> r j = 1 ->
  forall i, (i < d)%nat -> tends_to T (fun s => direction d (b s) i) (r i / vsum d r).
Proof.
  intros T d b r j HT Hj Hbj Hb Hlim Hr Hrj i Hi.
  assert (Hsum : 0 < vsum d r) by (apply vsum_pos_term with j; auto; lra).
  apply (tends_to_ext T (fun s => (b s i / b s j) * / vsum d (fun k => b s k / b s j))); auto.
  - intros s Hs; unfold direction; specialize (Hbj s Hs).
    rewrite (vsum_ext d (fun k => Rabs (b s k)) (b s)) by (intros k Hk; apply Rabs_pos_eq; auto).
    rewrite (vsum_ext d (fun k => b s k / b s j) (fun k => b s k * / b s j)) by reflexivity.
    rewrite vsum_scal_r.
    assert (0 < vsum d (b s)) by (apply vsum_pos_term with j; auto).
    field; split; lra.
  - apply tends_to_mult; auto.
    apply (tends_to_comp T (fun s => vsum d (fun k => b s k / b s j)) Rinv (vsum d r)).
    + apply (tends_to_vsum T d (fun k s => b s k / b s j)); auto.
    + apply continuous_Rinv; lra.
Qed.

Lemma vsum_e : forall d j, (j < d)%nat -> vsum d (e j) = 1.
Proof.
  intros d j Hj; rewrite (vsum_single d (e j) j Hj); unfold e; [now rewrite Nat.eqb_refl|].
  intros i _ Hn; destruct (Nat.eqb_spec i j); [contradiction | reflexivity].
Qed.

(* ---------- ratios ---------- *)

(* mu_i (alpha_i - rho)^(L-2) compares the blow-up times: larger is earlier. *)
Lemma blow_up_order : forall L rho mui mu a a0, (2 < L)%nat -> 0 < mui -> 0 < mu -> rho < a0 ->
  (rho < a -> mui * (a - rho) ^ (L - 2) < mu * (a0 - rho) ^ (L - 2)) ->
  Rbar_lt (blow_up L rho mu a0) (blow_up L rho mui a).
Proof.
  intros L rho mui mu a a0 HL Hmui Hmu Ha0 H; rewrite (blow_up_deep L rho mu a0) by auto.
  destruct (Rle_lt_dec a rho) as [Ha|Ha].
  - rewrite blow_up_infinite by auto; exact I.
  - rewrite blow_up_deep by auto; simpl; specialize (H Ha).
    assert (Hm := INR_m_pos L HL); assert (0 < (a - rho) ^ (L - 2)) by (apply pow_lt; lra).
    assert (0 < (a0 - rho) ^ (L - 2)) by (apply pow_lt; lra).
    rewrite !Rmult_assoc; apply Rinv_lt_contravar; [repeat apply Rmult_lt_0_compat; auto|].
    now apply Rmult_lt_compat_l.
Qed.

Lemma w_inf_above_diverges : forall L rho mu a, (2 <= L)%nat -> 0 < mu -> 0 < rho -> rho < a ->
  diverges (blow_up L rho mu a) (w_inf L rho mu a).
Proof.
  intros L rho mu a HL Hmu Hrho Ha; unfold blow_up; destruct (Rlt_dec rho a); [|contradiction].
  apply (diverges_le _ (offset L mu (a - rho))); [now apply life_pos | |apply offset_diverges; auto; lra].
  intros s Hs; rewrite w_inf_before by (rewrite hit_time_infinite by lra; exact I); lra.
Qed.

Lemma w_inf_above_pos : forall L rho mu a s, 0 < rho -> rho < a -> rho < w_inf L rho mu a s.
Proof.
  intros L rho mu a s Hrho Ha; rewrite w_inf_before by (rewrite hit_time_infinite by lra; exact I).
  assert (H := offset_pos L mu (a - rho) s ltac:(lra)); lra.
Qed.

Lemma w_inf_below_bounds : forall L rho mu a s, (2 <= L)%nat -> 0 < mu -> 0 < rho -> 0 < a <= rho -> 0 <= s ->
  0 <= w_inf L rho mu a s <= rho.
Proof.
  intros L rho mu a s HL Hmu Hrho Ha Hs; split.
  - apply w_inf_nonneg; auto; [lra|]; split; auto; rewrite blow_up_infinite by lra; exact I.
  - destruct (Rbar_le_lt_dec (hit_time L rho mu a) s) as [H|H]; [rewrite w_inf_after by auto; lra|].
    rewrite w_inf_before by auto; destruct (Req_dec a rho) as [->|].
    + replace (rho - rho) with 0 by ring; rewrite offset_zero; lra.
    + assert (H1 := offset_neg L mu (a - rho) s ltac:(lra)); lra.
Qed.

(* A decaying exponential. *)
Lemma tends_to_exp_neg : forall k, 0 < k -> tends_to p_infty (fun s => exp (- (k * s))) 0.
Proof.
  intros k Hk; apply (tends_to_ext p_infty (fun s => / exp (k * s))); [exact I | |].
  - intros s _; now rewrite exp_Ropp.
  - apply (diverges_inv p_infty (fun s => exp (k * s))), diverges_spec; intros M.
    exists (Rabs M / k); split; [split; [|exact I]|].
    + apply Rmult_le_pos; [apply Rabs_pos | left; now apply Rinv_0_lt_compat].
    + intros s Hs _; apply (Rmult_le_compat_l k) in Hs; [|lra].
      replace (k * (Rabs M / k)) with (Rabs M) in Hs by (field; lra).
      assert (HM := Rle_abs M); assert (H0 := Rabs_pos M).
      destruct (Req_dec (k * s) 0) as [E|Hn].
      * rewrite E, exp_0; lra.
      * assert (H := exp_ineq1 (k * s) Hn); lra.
Qed.

(* Tie-free: w_i/w_(j* ) -> 0. *)
Lemma ratio_to_0 : forall L rho mui mu a a0, (2 <= L)%nat -> 0 < mui -> 0 < mu -> 0 < rho -> 0 < a ->
  rho < a0 ->
  (rho < a -> mui * (a - rho) ^ (L - 2) < mu * (a0 - rho) ^ (L - 2)) ->
  tends_to (blow_up L rho mu a0) (fun s => w_inf L rho mui a s / w_inf L rho mu a0 s) 0.
Proof.
  intros L rho mui mu a a0 HL Hmui Hmu Hrho Ha Ha0 Hlt.
  assert (Hdiv := diverges_inv _ _ (w_inf_above_diverges L rho mu a0 HL Hmu Hrho Ha0)).
  destruct (Nat.eq_dec L 2) as [->|Hn].
  - rewrite (blow_up_infinite 2 rho mu a0) in * by auto; destruct (Rle_lt_dec a rho) as [Har|Har].
    + apply (tends_to_bounded_mult p_infty (w_inf 2 rho mui a) (fun s => / w_inf 2 rho mu a0 s) rho); auto;
        [exact I|].
      intros s Hs; assert (H := w_inf_below_bounds 2 rho mui a s HL Hmui Hrho ltac:(lra) ltac:(apply Hs)).
      rewrite Rabs_pos_eq; lra.
    + specialize (Hlt Har); simpl in Hlt; rewrite !Rmult_1_r in Hlt.
      apply (tends_to_0_le p_infty _ (fun s => a / (a0 - rho) * exp (- ((mu - mui) * s)))); [exact I | |].
      * intros s [Hs _]; rewrite !w_inf_before by (rewrite hit_time_infinite by lra; exact I).
        unfold offset; simpl; assert (H1 := exp_pos (mui * s)); assert (H2 := exp_pos (mu * s)).
        assert (H3 : 1 <= exp (mui * s)).
        { rewrite <- exp_0; destruct (Req_dec (mui * s) 0) as [E|]; [rewrite E; lra|].
          left; apply exp_increasing; assert (0 <= mui * s) by (apply Rmult_le_pos; lra); lra. }
        assert (H4 : 0 < (a0 - rho) * exp (mu * s)) by (apply Rmult_lt_0_compat; lra).
        assert (H5 : 0 < (a - rho) * exp (mui * s)) by (apply Rmult_lt_0_compat; lra).
        split; [apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]|].
        apply Rle_trans with (a * exp (mui * s) / ((a0 - rho) * exp (mu * s))).
        -- apply Rmult_le_compat; try lra.
           ++ left; apply Rinv_0_lt_compat; lra.
           ++ assert (rho * 1 <= rho * exp (mui * s)) by (apply Rmult_le_compat_l; lra); lra.
           ++ apply Rinv_le_contravar; lra.
        -- right; replace (- ((mu - mui) * s)) with (mui * s + - (mu * s)) by ring.
           rewrite exp_plus, exp_Ropp; field; split; lra.
      * replace 0 with (a / (a0 - rho) * 0) by ring.
        apply tends_to_mult; [exact I | now apply tends_to_const | apply tends_to_exp_neg; lra].
  - assert (Hb := blow_up_order L rho mui mu a a0 ltac:(lia) Hmui Hmu Ha0 Hlt).
    rewrite blow_up_deep in * by (auto; lia).
    set (T := / (INR (L - 2) * mu * (a0 - rho) ^ (L - 2))) in *.
    assert (HT : 0 < T).
    { apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; auto; [apply INR_m_pos; lia | apply pow_lt;
      lra]. }
    replace 0 with (w_inf L rho mui a T * 0) by ring.
    apply (tends_to_mult T (w_inf L rho mui a)); [exact HT | | exact Hdiv].
    apply tends_to_continuous; auto.
    apply (w_inf_continuous L rho 1 (fun _ => mui) (fun _ => a) 0 T); auto; split; [lra | exact Hb].
Qed.

(* ---------- the corollary ---------- *)

(* j* = argmax { mu_j (alpha_j - rho)^(L-2) : alpha_j > rho }, the maximum unique. *)
Definition unique_leader (L d : nat) (rho : R) (mu alpha : nat -> R) (j : nat) : Prop :=
  (j < d)%nat /\ rho < alpha j /\ forall i, (i < d)%nat -> i <> j -> rho < alpha i ->
  mu i * (alpha i - rho) ^ (L - 2) < mu j * (alpha j - rho) ^ (L - 2).

Definition positive_data (L d : nat) (rho : R) (mu alpha : nat -> R) : Prop :=
  (2 <= L)%nat /\ 0 < rho /\ forall i, (i < d)%nat -> 0 < mu i /\ 0 < alpha i.

Lemma leader_is_first : forall L d rho mu alpha j, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j ->
  forall i, (i < d)%nat -> Rbar_le (blow_up L rho (mu j) (alpha j)) (blow_up L rho (mu i) (alpha i)).
Proof.
  intros L d rho mu alpha j (HL & Hrho & Hpos) (Hj & Haj & Hmax) i Hi.
  destruct (Nat.eq_dec L 2) as [->|Hn]; [rewrite !blow_up_infinite by auto; exact I|].
  destruct (Nat.eq_dec i j) as [->|Hij]; [apply Rbar_le_refl|].
  apply Rbar_lt_le, blow_up_order; auto; try (now apply Hpos); lia.
Qed.

Lemma direction_w_inf : forall L d rho mu alpha j, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j -> forall i, (i < d)%nat ->
  tends_to (blow_up L rho (mu j) (alpha j))
    (fun s => direction d (fun k => w_inf L rho (mu k) (alpha k) s ^ L) i) (e j i).
Proof.
  intros L d rho mu alpha j HP HU i Hi; assert (Hfirst := leader_is_first _ _ _ _ _ _ HP HU).
  destruct HP as (HL & Hrho & Hpos); destruct HU as (Hj & Haj & Hmax).
  replace (e j i) with (e j i / vsum d (e j)) by (rewrite vsum_e by auto; field).
  assert (HT : Rbar_lt 0 (blow_up L rho (mu j) (alpha j))).
  { unfold blow_up; destruct (Rlt_dec rho (alpha j)); [|exact I]; apply life_pos; auto; now apply Hpos. }
  apply (direction_limit _ d (fun s k => w_inf L rho (mu k) (alpha k) s ^ L) (e j) j); auto.
  - intros s _; apply pow_lt; assert (H := w_inf_above_pos L rho (mu j) (alpha j) s Hrho Haj); lra.
  - intros s k Hs Hk; apply pow_le, w_inf_nonneg; auto; try (now apply Hpos).
    destruct Hs as [Hs1 Hs2]; split; auto; eapply Rbar_lt_le_trans; [exact Hs2 | auto].
  - intros k Hk; unfold e; destruct (Nat.eqb_spec k j) as [->|Hkj].
    + apply (tends_to_ext _ (fun _ => 1)); auto; [|now apply tends_to_const].
      intros s _; assert (H := w_inf_above_pos L rho (mu j) (alpha j) s Hrho Haj).
      field; apply pow_nonzero; lra.
    + apply (tends_to_ext _ (fun s => (w_inf L rho (mu k) (alpha k) s / w_inf L rho (mu j) (alpha j) s) ^
      L)); auto.
      * intros s _; unfold Rdiv; now rewrite Rpow_mult_distr, pow_inv.
      * rewrite <- (pow_i L) by lia; apply tends_to_pow, ratio_to_0; auto; try (now apply Hpos).
  - intros k _; unfold e; destruct (k =? j)%nat; lra.
  - unfold e; now rewrite Nat.eqb_refl.
Qed.

(* COROLLARY 3.5: alpha_(j* ) > rho, tie-free.  On the life [0, T* ) of the joint solution (T* = oo for L =
   2, the blow-up time of j* for L >= 3), beta/||beta||_1 -> e_(j* ). *)
Theorem cor_3_5 : forall L d rho mu alpha j w, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j ->
  filippov_solution rho L d mu (blow_up L rho (mu j) (alpha j)) w -> (forall i, (i < d)%nat ->
    w 0 i = alpha i) ->
  forall i, (i < d)%nat ->
  tends_to (blow_up L rho (mu j) (alpha j)) (fun s => direction d (beta L (balanced (w s))) i) (e j i).
Proof.
  intros L d rho mu alpha j w HP HU Hw H0 i Hi; assert (Hfirst := leader_is_first _ _ _ _ _ _ HP HU).
  eapply tends_to_ext; [ | | now apply (direction_w_inf L d rho mu alpha j HP HU i Hi)].
  - destruct HP as (HL & Hrho & Hpos); destruct HU as (Hj & Haj & Hmax).
    unfold blow_up; destruct (Rlt_dec rho (alpha j)); [|exact I]; apply life_pos; auto; now apply Hpos.
  - intros s Hs; destruct HP as (HL & Hrho & Hpos).
    assert (Hk : forall k, (k < d)%nat -> w_inf L rho (mu k) (alpha k) s ^ L = beta L (balanced (w s)) k).
    { intros k Hk; rewrite beta_balanced; f_equal; symmetry.
      apply (thm_3_2_sliding_unique rho L d mu k (blow_up L rho (mu j) (alpha j)) w); auto;
        try (now apply Hpos).
      eapply Rbar_lt_le_trans; [apply Hs | auto]. }
    unfold direction; rewrite Hk by auto; f_equal.
    apply vsum_ext; intros k Hkd; now rewrite Hk.
Qed.

(* ---------- on the original clock ---------- *)

Lemma life_positive : forall L d rho mu alpha j, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j -> Rbar_lt 0 (blow_up L rho (mu j) (alpha j)).
Proof.
  intros L d rho mu alpha j (HL & Hrho & Hpos) (Hj & Haj & _).
  unfold blow_up; destruct (Rlt_dec rho (alpha j)); [|exact I]; apply life_pos; auto; now apply Hpos.
Qed.

(* The clock t(s) = int_0^s (1 + e^z), z = sum_j mu_j (w_j - rho)^L, exists on the life of the joint
   solution and runs to +oo; so as t -> oo, too, beta/||beta||_1 -> e_(j* ). *)
Theorem cor_3_5_original_clock : forall L d rho mu alpha j, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j ->
  let T := blow_up L rho (mu j) (alpha j) in
  (exists t, is_clock T p_infty t (fun s => 1 + exp (margin_w L d rho mu alpha s))) /\
  (forall t C, is_clock T C t (fun s => 1 + exp (margin_w L d rho mu alpha s)) -> C = p_infty /\
    forall s_of, (forall x, 0 <= x -> until T (s_of x) /\ t (s_of x) = x) -> forall i, (i < d)%nat ->
    tends_to p_infty (fun x => direction d (fun k => w_inf L rho (mu k) (alpha k) (s_of x) ^ L) i) (e j i)).
Proof.
  intros L d rho mu alpha j HP HU T; assert (HT : Rbar_lt 0 T)
    by now apply (life_positive L d rho mu alpha j).
  assert (Hfirst := leader_is_first _ _ _ _ _ _ HP HU).
  assert (HC : forall t C, is_clock T C t (fun s => 1 + exp (margin_w L d rho mu alpha s)) -> C = p_infty).
  { intros t C Hcl; destruct (Nat.eq_dec L 2) as [->|Hn].
    - assert (ET : T = p_infty) by (apply blow_up_infinite; auto); rewrite ET in Hcl.
      destruct (original_outlives_rescaled _ _ _ _ Hcl) as [_ Hle].
      destruct C; auto; contradiction.
    - destruct HP as (HL & Hrho & Hpos); destruct HU as (Hj & Haj & Hmax).
      assert (ET : T = Finite (real T)) by (unfold T; rewrite blow_up_deep by (auto; lia); reflexivity).
      rewrite ET in Hcl; apply (thm_3_2_joint_clock L d rho mu alpha j (real T)) in Hcl; auto.
      repeat split; auto; try (now apply Hpos); [lia | intros i Hi; rewrite <- ET; now apply Hfirst]. }
  split.
  - destruct (clock_exists T (fun s => 1 + exp (margin_w L d rho mu alpha s))) as [C [t Hcl]]; auto.
    + intros s Hs; apply (continuous_plus (fun _ => 1)); [apply continuous_const|].
      apply continuous_exp_comp; unfold margin_w.
      apply (continuous_vsum d (fun i x => mu i * (w_inf L rho (mu i) (alpha i) x - rho) ^ L)); intros i Hi.
      apply (continuous_scal_r (mu i) (fun x => (w_inf L rho (mu i) (alpha i) x - rho) ^ L)).
      apply continuous_pow, (continuous_minus (fun x => w_inf L rho (mu i) (alpha i) x));
        [|apply continuous_const].
      destruct HP as (HL & Hrho & Hpos).
      apply (w_inf_continuous L rho d mu alpha i s); auto; try (now apply Hpos).
      destruct Hs as [Hs1 Hs2]; split; auto; eapply Rbar_lt_le_trans; [exact Hs2 | now apply Hfirst].
    + intros s _; assert (H := exp_pos (margin_w L d rho mu alpha s)); lra.
    + exists t; now rewrite <- (HC t C Hcl).
  - intros t C Hcl; assert (EC := HC t C Hcl); split; auto; subst C.
    intros s_of Hinv i Hi P HPP.
    apply (near_end_clock T p_infty t _ s_of
      (fun s => P (direction d (fun k => w_inf L rho (mu k) (alpha k) s ^ L) i)) Hcl).
    + intros x [Hx _]; now apply Hinv.
    + exact (direction_w_inf L d rho mu alpha j HP HU i Hi P HPP).
Qed.

(* The original flow theta' = - grad loss(theta^) itself, when no coordinate is at 0 before T*: a solution
   on [0, oo) with beta/||beta||_1 -> e_(j* ) as t -> oo. *)
Theorem cor_3_5_original : forall L d rho mu alpha j, positive_data L d rho mu alpha ->
  unique_leader L d rho mu alpha j ->
  (forall i, (i < d)%nat -> Rbar_le (blow_up L rho (mu j) (alpha j)) (hit_time L rho (mu i) (alpha i))) ->
  exists th, solves_original (perturb_inf rho) L d mu p_infty th /\
  (forall l i, (l < L)%nat -> (i < d)%nat -> th 0 l i = alpha i) /\
  forall i, (i < d)%nat -> tends_to p_infty (fun t => direction d (beta L (th t)) i) (e j i).
Proof.
  intros L d rho mu alpha j HP HU Hhit; set (T := blow_up L rho (mu j) (alpha j)) in *.
  assert (HT : Rbar_lt 0 T) by now apply (life_positive L d rho mu alpha j).
  assert (Hfirst := leader_is_first _ _ _ _ _ _ HP HU); fold T in Hfirst.
  destruct (cor_3_5_original_clock L d rho mu alpha j HP HU) as [[t Hcl] Hlim]; fold T in Hcl, Hlim.
  destruct HP as (HL & Hrho & Hpos).
  set (TH := fun s => balanced (fun i => w_inf L rho (mu i) (alpha i) s)).
  assert (Hsol : solves_rescaled (perturb_inf rho) L d mu T TH).
  { apply thm_3_2_existence; auto; intros i Hi; repeat split; auto; now apply Hpos. }
  assert (Hmargin : forall s, until T s ->
    margin_w L d rho mu alpha s = margin (perturb_inf rho) L d mu (TH s)).
  { intros s Hs; symmetry; apply margin_w_is_margin; intros i Hi; split; [now apply Hpos|].
    assert (Hh : Rbar_lt s (hit_time L rho (mu i) (alpha i))) by (eapply Rbar_lt_le_trans; [apply Hs | auto]).
    rewrite w_inf_before by auto; apply before_both; auto; try (now apply Hpos); [apply Hs|].
    eapply Rbar_lt_le_trans; [apply Hs | auto]. }
  assert (Hcl' : is_clock T p_infty t (fun s => 1 + exp (margin (perturb_inf rho) L d mu (TH s)))).
  { destruct Hcl as (H1 & H2 & H3 & H4 & H5); split; [auto | split; [auto | split; [|split; [|auto]]]].
    - intros s Hs; rewrite <- Hmargin by auto; now apply H3.
    - intros s Hs; rewrite <- Hmargin by auto; now apply H4. }
  destruct (rescaled_to_original _ _ _ _ _ _ _ _ Hsol Hcl') as [s_of [H0 [_ [Hinv Horig]]]].
  exists (fun x => TH (s_of x)); split; [exact Horig | split].
  - intros l i Hl Hi; rewrite H0; unfold TH, balanced.
    rewrite w_inf_before, offset_0 by (eapply Rbar_lt_le_trans; [exact HT | now apply Hhit]); ring.
  - intros i Hi; destruct (Hlim t p_infty Hcl) as [_ Hl].
    apply (tends_to_ext p_infty
      (fun x => direction d (fun k => w_inf L rho (mu k) (alpha k) (s_of x) ^ L) i)); [exact I | |].
    + intros x _; unfold direction, TH; rewrite beta_balanced; f_equal.
      apply vsum_ext; intros k _; now rewrite beta_balanced.
    + apply Hl; auto; intros x Hx; apply Hinv; split; [auto | exact I].
Qed.
