(* Error bounds of page proofs/cor-3.5.md, (4) for one leader and (5), on the exact solution w_inf (Thm_3_2.v: it is the
   solution of the flow); continues Bounds.v.

   PROVED: [bound_deep]: (4), L >= 3, one leader;  [bound_constant_odd], [bound_constant_even]: (5), no alpha_j above
   rho.
   NOT here: the tie term F - 1 of (4), and (2) of proofs/thm-3.2.md (T* - s from the original time).
   Rust: src/predict/direction.rs (bound_deep, bound_constant). *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint Cor_3_5.
From SamProofs Require Import Cor_3_5_cases Bounds.
Open Scope R_scope.

(* ---------- (4) ---------- *)

(* B_i: beta_i(T* ) above rho; alpha_i^L below for even L; rho^L otherwise. *)
Definition beta_cap (L : nat) (rho mu a T : R) : R :=
  if Rlt_dec rho a then w_inf L rho mu a T ^ L
  else if Nat.odd L then rho ^ L else a ^ L.

Lemma w_below_even_le : forall L rho mu a s, (2 <= L)%nat -> Nat.even L = true -> 0 < mu -> 0 < rho -> 0 < a <= rho ->
  0 <= s -> 0 <= w_inf L rho mu a s <= a.
Proof.
  intros L rho mu a s HL He Hmu Hrho Ha Hs.
  assert (Hb := w_inf_below_bounds L rho mu a s HL Hmu Hrho Ha Hs); split; [lra|].
  destruct (Rbar_le_lt_dec (hit_time L rho mu a) s) as [H|H]; [rewrite w_inf_after by auto; lra|].
  rewrite w_inf_before by auto; destruct (Req_dec a rho) as [->|Hne].
  - replace (rho - rho) with 0 by ring; rewrite offset_zero; lra.
  - destruct (Req_dec s 0) as [->|]; [rewrite offset_0; lra|].
    assert (H1 : offset L mu (a - rho) s < offset L mu (a - rho) 0); [|rewrite offset_0 in H1; lra].
    apply offset_decreasing; auto; [lra | | lra].
    apply (before_both L rho mu a s); auto; try lra; rewrite blow_up_infinite by lra; exact I.
Qed.

Lemma beta_cap_bound : forall L rho mu a (T s : R), (2 < L)%nat -> 0 < mu -> 0 < rho -> 0 < a ->
  Rbar_lt T (blow_up L rho mu a) -> 0 <= s <= T -> 0 <= w_inf L rho mu a s ^ L <= beta_cap L rho mu a T.
Proof.
  intros L rho mu a T s HL Hmu Hrho Ha Hb Hs; unfold beta_cap.
  destruct (Rlt_dec rho a) as [Har|Har].
  - assert (H1 := w_inf_above_pos L rho mu a s Hrho Har); split; [apply pow_le; lra|].
    apply pow_incr; split; [lra|].
    rewrite !w_inf_before by (rewrite hit_time_infinite by lra; exact I).
    destruct (Req_dec s T) as [->|]; [lra|].
    assert (offset L mu (a - rho) s < offset L mu (a - rho) T); [|lra].
    apply offset_increasing; auto; [lia | lra | | lra].
    unfold blow_up in Hb; destruct (Rlt_dec rho a); [split; [lra | exact Hb] | contradiction].
  - destruct (Nat.odd L) eqn:Ho.
    + assert (H1 := w_inf_below_bounds L rho mu a s ltac:(lia) Hmu Hrho ltac:(lra) ltac:(lra)).
      split; [apply pow_le | apply pow_incr]; lra.
    + assert (He : Nat.even L = true) by (unfold Nat.odd in Ho; now destruct (Nat.even L)).
      assert (H1 := w_below_even_le L rho mu a s ltac:(lia) He Hmu Hrho ltac:(lra) ltac:(lra)).
      split; [apply pow_le | apply pow_incr]; lra.
Qed.

(* For a leader, w - rho = ((L-2) mu (T* - s))^(-1/(L-2)). *)
Lemma leader_root : forall L d rho mu alpha j T, leader L d rho mu alpha j T -> forall s, until T s ->
  w_inf L rho (mu j) (alpha j) s - rho = Rpower (INR (L - 2) * mu j * (T - s)) (- / INR (L - 2)).
Proof.
  intros L d rho mu alpha j T HK s Hs; destruct (leader_power _ _ _ _ _ _ _ HK s Hs) as [Hv HE].
  destruct HK as (HL & Hj & Hrho & Hpos & Haj & _); assert (Hm := INR_m_pos L HL).
  assert (Hs' : 0 < T - s) by (destruct Hs as [_ Hs']; simpl in Hs'; lra).
  assert (Hq : 0 < INR (L - 2) * mu j * (T - s)) by (repeat apply Rmult_lt_0_compat; auto; now apply Hpos).
  apply (pow_injective (L - 2)); [lia | lra | apply exp_pos|].
  rewrite HE, Rpower_root; auto; lia.
Qed.

Lemma leader_power_L : forall L d rho mu alpha j T, leader L d rho mu alpha j T -> forall s, until T s ->
  (w_inf L rho (mu j) (alpha j) s - rho) ^ L
  = Rpower (INR (L - 2) * mu j * (T - s)) (- (INR L / INR (L - 2))).
Proof.
  intros L d rho mu alpha j T HK s Hs; rewrite (leader_root _ _ _ _ _ _ _ HK s Hs).
  rewrite <- Rpower_pow by apply exp_pos; rewrite Rpower_mult; f_equal; unfold Rdiv; ring.
Qed.

(* (4): ||v - e_j||_1 <= 2 sum_(i <> j) B_i ((L-2) mu_j (T* - s))^(L/(L-2)). *)
Theorem bound_deep : forall L d rho mu alpha j T s, leader L d rho mu alpha j T ->
  (forall i, (i < d)%nat -> i <> j -> Rbar_lt T (blow_up L rho (mu i) (alpha i))) -> until T s ->
  vsum d (fun i => Rabs (direction d (fun k => w_inf L rho (mu k) (alpha k) s ^ L) i - e j i))
  <= 2 * vsum d (fun i => if (i =? j)%nat then 0 else beta_cap L rho (mu i) (alpha i) T *
       Rpower (INR (L - 2) * mu j * (T - s)) (INR L / INR (L - 2))).
Proof.
  intros L d rho mu alpha j T s HK Hothers Hs; assert (HP := leader_power_L _ _ _ _ _ _ _ HK s Hs).
  destruct (leader_power _ _ _ _ _ _ _ HK s Hs) as [Hv _]; assert (HK' := HK).
  destruct HK' as (HL & Hj & Hrho & Hpos & Haj & Hbl & Hmin).
  assert (Hs0 : 0 <= s <= T) by (destruct Hs as [? Hs']; simpl in Hs'; lra).
  set (wj := w_inf L rho (mu j) (alpha j) s) in *; assert (Hwj : rho < wj) by lra.
  eapply Rle_trans; [apply (direction_error d _ j Hj)|].
  - intros i Hi; apply pow_le, w_inf_nonneg; auto; try (now apply Hpos); [lia|].
    now apply (leader_until L d rho mu alpha j T s).
  - apply pow_lt; fold wj; lra.
  - apply Rmult_le_compat_l; [lra|]; apply vsum_le; intros i Hi; destruct (Nat.eqb_spec i j) as [|Hn]; [lra|].
    destruct (beta_cap_bound L rho (mu i) (alpha i) T s) as [H1 H2]; auto; try (now apply Hpos).
    fold wj; apply Rmult_le_compat; auto; [left; apply Rinv_0_lt_compat, pow_lt; lra|].
    replace (INR L / INR (L - 2)) with (- - (INR L / INR (L - 2))) by ring; rewrite Rpower_Ropp, <- HP.
    apply Rinv_le_contravar; [apply pow_lt; lra | apply pow_incr; lra].
Qed.

(* ---------- (5) ---------- *)

Lemma pow_difference_le : forall n w r, 0 <= w <= r -> r ^ n - w ^ n <= INR n * r ^ (n - 1) * (r - w).
Proof.
  induction n; intros w r H; [simpl; lra|].
  assert (IH := IHn w r H); rewrite S_INR; cbn [pow].
  replace (S n - 1)%nat with n by lia.
  assert (Hstep : w * (r ^ n - w ^ n) <= INR n * r ^ n * (r - w)).
  { destruct n as [|n]; [simpl; lra|].
    apply Rle_trans with (r * (INR (S n) * r ^ (S n - 1) * (r - w))).
    - assert (0 <= r ^ S n - w ^ S n) by (assert (w ^ S n <= r ^ S n) by (apply pow_incr; lra); lra).
      apply Rmult_le_compat; lra.
    - right; replace (S n - 1)%nat with n by lia; cbn [pow]; ring. }
  replace (r * r ^ n - w * w ^ n) with (r ^ n * (r - w) + w * (r ^ n - w ^ n)) by ring; lra.
Qed.

(* L odd, no alpha_j above rho, s > 0:
   ||beta(s) - rho^L 1||_1 <= sum over alpha_i < rho of L rho^(L-1) min(rho - alpha_i, ((L-2) mu_i s)^(-1/(L-2))). *)
Theorem bound_constant_odd : forall L d rho mu alpha s, positive_data L d rho mu alpha -> Nat.odd L = true ->
  (forall i, (i < d)%nat -> alpha i <= rho) -> 0 < s ->
  vsum d (fun i => Rabs (w_inf L rho (mu i) (alpha i) s ^ L - rho ^ L))
  <= vsum d (fun i => if Rlt_dec (alpha i) rho then INR L * rho ^ (L - 1) *
       Rmin (rho - alpha i) (Rpower (INR (L - 2) * mu i * s) (- / INR (L - 2))) else 0).
Proof.
  intros L d rho mu alpha s (HL & Hrho & Hpos) Ho Hall Hs; apply vsum_le; intros i Hi.
  assert (HL3 : (2 < L)%nat) by (destruct (Nat.eq_dec L 2) as [->|]; [discriminate | lia]).
  assert (Hm := INR_m_pos L HL3); assert (Hmu : 0 < mu i) by now apply Hpos.
  assert (Ha : 0 < alpha i) by now apply Hpos.
  rewrite w_inf_before by (rewrite hit_time_infinite by auto; exact I).
  destruct (Rlt_dec (alpha i) rho) as [Hlt|Hge].
  - set (v0 := alpha i - rho); assert (Hv0 : v0 < 0) by (unfold v0; lra).
    assert (Hv := offset_below_abs L (mu i) v0 s HL Ho Hmu Hv0 ltac:(lra)).
    destruct (offset_rises_to_0 L (mu i) v0 HL Ho Hmu Hv0) as [El _].
    set (u := - offset L (mu i) v0 s).
    assert (Hu : 0 < u <= rho - alpha i) by (unfold u, v0 in *; lra).
    replace (rho + offset L (mu i) v0 s) with (rho - u) by (unfold u; ring).
    rewrite Rabs_left1, Ropp_minus_distr by (assert ((rho - u) ^ L <= rho ^ L) by (apply pow_incr; lra); lra).
    eapply Rle_trans; [apply pow_difference_le; lra|]; replace (rho - (rho - u)) with u by ring.
    apply Rmult_le_compat_l; [apply Rmult_le_pos; [apply pos_INR | apply pow_le; lra]|].
    apply Rmin_glb; [lra|].
    assert (Hq : 0 < INR (L - 2) * mu i * s) by (repeat apply Rmult_lt_0_compat; auto).
    apply root_le; auto; [lia | lra|].
    (* u^m = u0^m/q, q = 1 + m mu u0^m s *)
    assert (HuT : until (life L (mu i) v0) s) by (rewrite El; split; [lra | exact I]).
    assert (Hqp := deep_q_pos L (mu i) v0 s HL3 Hmu HuT).
    assert (Hom : Nat.odd (L - 2) = true).
    { destruct L as [|[|L]]; try lia; simpl; rewrite Nat.sub_0_r; exact Ho. }
    assert (Hu0 : 0 < (- v0) ^ (L - 2)) by (apply pow_lt; lra).
    assert (Ev0 : v0 ^ (L - 2) = - (- v0) ^ (L - 2)) by (rewrite odd_pow_opp by auto; ring).
    assert (Eu : u ^ (L - 2) = (- v0) ^ (L - 2) * / deep_q L (mu i) v0 s).
    { unfold u, offset; destruct (Nat.eqb_spec L 2); [lia|].
      replace (- (v0 * Rpower (deep_q L (mu i) v0 s) (- / INR (L - 2))))
        with (- v0 * Rpower (deep_q L (mu i) v0 s) (- / INR (L - 2))) by ring.
      rewrite Rpow_mult_distr, Rpower_root by (auto; lia); reflexivity. }
    rewrite Eu; apply Rmult_le_reg_r with (deep_q L (mu i) v0 s); auto.
    rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply Rmult_le_reg_l with (INR (L - 2) * mu i * s); auto.
    rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra; unfold deep_q; rewrite Ev0; lra.
  - assert (alpha i = rho) as -> by (specialize (Hall i Hi); lra).
    replace (rho - rho) with 0 by ring; rewrite offset_zero, Rplus_0_r, Rminus_eq_0, Rabs_R0; lra.
Qed.

(* L even, no alpha_j above rho: the distance is at most the sum of alpha_i^L over the coordinates below rho not yet
   at 0; exactly 0 once all are. *)
Theorem bound_constant_even : forall L d rho mu alpha s, positive_data L d rho mu alpha -> Nat.even L = true ->
  (forall i, (i < d)%nat -> alpha i <= rho) -> 0 <= s ->
  vsum d (fun i => Rabs (w_inf L rho (mu i) (alpha i) s ^ L - rest_limit L rho (alpha i)))
  <= vsum d (fun i => if Rbar_le_dec (hit_time L rho (mu i) (alpha i)) s then 0
       else if Rlt_dec (alpha i) rho then alpha i ^ L else 0).
Proof.
  intros L d rho mu alpha s (HL & Hrho & Hpos) He Hall Hs; apply vsum_le; intros i Hi.
  assert (Hmu : 0 < mu i) by now apply Hpos. assert (Ha : 0 < alpha i) by now apply Hpos.
  assert (Ho : Nat.odd L = false) by (unfold Nat.odd; now rewrite He).
  assert (Hle := Hall i Hi); unfold rest_limit; rewrite Ho.
  destruct (Rbar_le_dec (hit_time L rho (mu i) (alpha i)) s) as [Hh|Hh].
  - rewrite w_inf_after by auto; destruct (Req_EM_T (alpha i) rho) as [E|Hn].
    + rewrite hit_time_infinite in Hh by (right; lra); contradiction.
    + rewrite pow_i, Rminus_0_r, Rabs_R0 by lia; lra.
  - destruct (Req_EM_T (alpha i) rho) as [E|Hn].
    + destruct (Rlt_dec (alpha i) rho); [lra|].
      rewrite w_inf_before by (rewrite hit_time_infinite by (right; lra); exact I); rewrite E.
      replace (rho - rho) with 0 by ring; rewrite offset_zero, Rplus_0_r, Rminus_eq_0, Rabs_R0; lra.
    + destruct (Rlt_dec (alpha i) rho); [|lra].
      assert (H1 := w_below_even_le L rho (mu i) (alpha i) s HL He Hmu Hrho ltac:(lra) Hs).
      rewrite Rminus_0_r, Rabs_pos_eq by (apply pow_le; lra); apply pow_incr; lra.
Qed.
