(* The scalar equation v' = mu v^(L-1), v(0) = v0, behind Theorem 3.2 (page proofs/thm-3.2.md): v = w_j - rho.
   Closed form, uniqueness, blow-up time, the time at which v = -rho, limits.  The network is in Thm_3_2.v.
   Rust: src/predict/linf_depth2.rs (L = 2), linf_deep.rs (L >= 3). *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits.
Open Scope R_scope.

(* q(s) = 1 - m mu v0^m s, m = L - 2 *)
Definition deep_q (L : nat) (mu v0 s : R) : R := 1 - INR (L - 2) * mu * v0 ^ (L - 2) * s.

(* v(s): v0 e^(mu s) for L = 2, v0 q(s)^(-1/m) for L >= 3. *)
Definition offset (L : nat) (mu v0 s : R) : R :=
  if (L =? 2)%nat then v0 * exp (mu * s) else v0 * Rpower (deep_q L mu v0 s) (- / INR (L - 2)).

(* End of its life: 1/(m mu v0^m) for L >= 3 and v0^m > 0 (that is v0 > 0, or v0 < 0 and L even), else +oo. *)
Definition life (L : nat) (mu v0 : R) : Rbar :=
  if (L =? 2)%nat then p_infty
  else if Rlt_dec 0 (v0 ^ (L - 2)) then Finite (/ (INR (L - 2) * mu * v0 ^ (L - 2))) else p_infty.

Lemma INR_m_pos : forall L, (2 < L)%nat -> 0 < INR (L - 2).
Proof. intros; apply lt_0_INR; lia. Qed.

Lemma life_pos : forall L mu v0, (2 <= L)%nat -> 0 < mu -> Rbar_lt 0 (life L mu v0).
Proof.
  intros L mu v0 HL Hmu; unfold life; destruct (Nat.eqb_spec L 2); [exact I|].
  destruct (Rlt_dec 0 (v0 ^ (L - 2))); [|exact I].
  assert (Hm := INR_m_pos L ltac:(lia)); simpl; apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; auto.
Qed.

(* Before the end of life q > 0; for L >= 3 q vanishes exactly there. *)
Lemma deep_q_pos : forall L mu v0 s, (2 < L)%nat -> 0 < mu -> until (life L mu v0) s ->
  0 < deep_q L mu v0 s.
Proof.
  intros L mu v0 s HL Hmu [Hs H]; assert (Hm := INR_m_pos L HL); unfold deep_q.
  unfold life in H; destruct (Nat.eqb_spec L 2); [lia|].
  destruct (Rlt_dec 0 (v0 ^ (L - 2))) as [Hv|Hv].
  - simpl in H; set (k := INR (L - 2) * mu * v0 ^ (L - 2)) in *.
    assert (Hk : 0 < k) by (unfold k; repeat apply Rmult_lt_0_compat; auto).
    apply (Rmult_lt_compat_l k) in H; auto; rewrite Rinv_r in H; lra.
  - assert (0 <= INR (L - 2) * mu * s) by (repeat apply Rmult_le_pos; lra).
    assert (0 <= - v0 ^ (L - 2)) by lra.
    assert (0 <= INR (L - 2) * mu * s * - v0 ^ (L - 2)) by (apply Rmult_le_pos; auto); lra.
Qed.

Lemma offset_0 : forall L mu v0, offset L mu v0 0 = v0.
Proof.
  intros; unfold offset, deep_q; destruct (L =? 2)%nat.
  - rewrite Rmult_0_r, exp_0; ring.
  - rewrite Rmult_0_r, Rminus_0_r; unfold Rpower; rewrite ln_1, Rmult_0_r, exp_0; ring.
Qed.

(* v = v0 times something positive. *)
Lemma offset_factor : forall L mu v0 s, exists c, 0 < c /\ offset L mu v0 s = v0 * c.
Proof.
  intros; unfold offset; destruct (L =? 2)%nat; eexists; split; try reflexivity; apply exp_pos.
Qed.

Lemma offset_pos : forall L mu v0 s, 0 < v0 -> 0 < offset L mu v0 s.
Proof.
  intros L mu v0 s H; destruct (offset_factor L mu v0 s) as [c [Hc ->]]; now apply Rmult_lt_0_compat.
Qed.

Lemma offset_neg : forall L mu v0 s, v0 < 0 -> offset L mu v0 s < 0.
Proof. intros L mu v0 s H; destruct (offset_factor L mu v0 s) as [c [Hc ->]]; nra. Qed.

Lemma offset_zero : forall L mu s, offset L mu 0 s = 0.
Proof. intros L mu s; destruct (offset_factor L mu 0 s) as [c [Hc ->]]; ring. Qed.

(* Rpower q (-1/m)^m = 1/q *)
Lemma Rpower_root : forall m q, (0 < m)%nat -> 0 < q -> Rpower q (- / INR m) ^ m = / q.
Proof.
  intros m q Hm Hq; assert (0 < INR m) by (now apply lt_0_INR).
  rewrite <- Rpower_pow by apply exp_pos; rewrite Rpower_mult.
  replace (- / INR m * INR m) with (Ropp 1) by (field; lra).
  rewrite Rpower_Ropp, Rpower_1; auto.
Qed.

(* v' = mu v^(L-1) *)
Theorem is_derive_offset : forall L mu v0 s, (2 <= L)%nat -> 0 < mu -> until (life L mu v0) s ->
  is_derive (offset L mu v0) s (mu * offset L mu v0 s ^ (L - 1)).
Proof.
  intros L mu v0 s HL Hmu Hs; destruct (Nat.eq_dec L 2) as [->|Hn].
  - unfold offset; simpl; auto_derive; [exact I | ring].
  - assert (Hm := INR_m_pos L ltac:(lia)); assert (Hq := deep_q_pos L mu v0 s ltac:(lia) Hmu Hs).
    unfold offset; destruct (Nat.eqb_spec L 2) as [E|_]; [lia|].
    replace (L - 1)%nat with (S (L - 2)) by lia; cbn [pow].
    rewrite Rpow_mult_distr, Rpower_root by (auto; lia).
    unfold Rpower, deep_q in *; auto_derive; [auto|].
    set (q := 1 - INR (L - 2) * mu * v0 ^ (L - 2) * s) in *.
    replace (1 + - (INR (L - 2) * mu * v0 ^ (L - 2) * s)) with q by (unfold q; ring).
    field; split; lra.
Qed.

(* There is no other solution. *)
Theorem offset_unique : forall L mu v0 v T,
  (2 <= L)%nat -> 0 < mu -> (forall s, until T s -> is_derive v s (mu * v s ^ (L - 1))) -> v 0 = v0 ->
  forall s, until T s -> Rbar_lt s (life L mu v0) -> v s = offset L mu v0 s.
Proof.
  intros L mu v0 v T HL Hmu Hv H0 s Hs Hl.
  assert (exists U, until U s /\ (forall x, until U x -> until T x /\
    until (life L mu v0) x)) as [U [HU HTU]].
  { exists (Rbar_min T (life L mu v0)); split.
    - destruct Hs; split; auto; now apply Rbar_min_case.
    - intros x [Hx1 Hx2]; split; split; auto; eapply Rbar_lt_le_trans; eauto;
        [apply Rbar_min_l | apply Rbar_min_r]. }
  apply (power_equation_unique mu (L - 1) v (offset L mu v0) U); auto.
  - intros x Hx; apply Hv, HTU, Hx.
  - intros x Hx; apply is_derive_offset; auto; apply HTU, Hx.
  - now rewrite offset_0.
Qed.

(* The form of MATH.md for L >= 3, u = |v|: u(s) = (u0^-m -/+ m mu s)^(-1/m), minus when v0^m > 0. *)
Theorem offset_deep_form : forall L mu v0 s, (2 < L)%nat -> 0 < mu -> v0 <> 0 -> until (life L mu v0) s ->
  Rabs (offset L mu v0 s)
  = Rpower (/ Rabs v0 ^ (L - 2) - sign (v0 ^ (L - 2)) * (INR (L - 2) * mu * s)) (- / INR (L - 2)).
Proof.
  intros L mu v0 s HL Hmu Hv Hs.
  assert (Hm := INR_m_pos L HL); assert (Hq := deep_q_pos L mu v0 s HL Hmu Hs).
  unfold offset; destruct (Nat.eqb_spec L 2) as [E|_]; [lia|].
  set (m := (L - 2)%nat) in *; assert (Hu : 0 < Rabs v0) by now apply Rabs_pos_lt.
  assert (Hum : 0 < Rabs v0 ^ m) by now apply pow_lt.
  assert (Hsg : v0 ^ m = sign (v0 ^ m) * Rabs v0 ^ m).
  { rewrite RPow_abs; assert (Hn := pow_nonzero v0 m Hv); unfold sign.
    destruct (total_order_T 0 (v0 ^ m)) as [[H|H]|H];
      [rewrite Rabs_pos_eq | | rewrite Rabs_left]; lra. }
  replace (/ Rabs v0 ^ m - sign (v0 ^ m) * (INR m * mu * s)) with (/ Rabs v0 ^ m * deep_q L mu v0 s).
  - rewrite Rabs_mult, (Rabs_pos_eq (Rpower _ _)) by (left; apply exp_pos).
    rewrite <- Rpower_mult_distr; auto; [|now apply Rinv_0_lt_compat]; f_equal.
    rewrite <- Rpower_pow by auto; rewrite <- Rpower_Ropp, Rpower_mult.
    replace (- INR m * - / INR m) with 1 by (field; lra); now rewrite Rpower_1.
  - unfold deep_q; fold m; set (sg := sign (v0 ^ m)) in *; rewrite Hsg; field; lra.
Qed.

(* ---------- the fates ---------- *)

(* v0 > 0: v increases, hence stays above v0, and runs to +oo at the end of its life. *)
Lemma offset_increasing : forall L mu v0, (2 <= L)%nat -> 0 < mu -> 0 < v0 ->
  forall a b, until (life L mu v0) b -> 0 <= a < b -> offset L mu v0 a < offset L mu v0 b.
Proof.
  intros L mu v0 HL Hmu Hv.
  apply (increasing_on _ (fun s => mu * offset L mu v0 s ^ (L - 1)) (life L mu v0)).
  - intros; now apply is_derive_offset.
  - intros; apply Rmult_lt_0_compat; auto; apply pow_lt; now apply offset_pos.
Qed.

Theorem offset_diverges : forall L mu v0, (2 <= L)%nat -> 0 < mu -> 0 < v0 ->
  diverges (life L mu v0) (offset L mu v0).
Proof.
  intros L mu v0 HL Hmu Hv; apply diverges_spec; intros M; set (N := Rmax M 1).
  assert (HN : 1 <= N) by apply Rmax_r; assert (HMN : M <= N) by apply Rmax_l.
  (* it is enough to find one time at which v > N, or = N *)
  assert (Hs : exists s, until (life L mu v0) s /\ N < offset L mu v0 s).
  { destruct (Nat.eq_dec L 2) as [->|Hn].
    - exists (N / (v0 * mu)); split; [split; [|exact I]|].
      + apply Rmult_le_pos; [lra|]; left; apply Rinv_0_lt_compat; nra.
      + unfold offset; simpl; assert (H := exp_ineq1 (mu * (N / (v0 * mu)))).
        assert (0 < mu * (N / (v0 * mu))).
        { apply Rmult_lt_0_compat; auto; apply Rdiv_lt_0_compat; nra. }
        specialize (H ltac:(lra)); apply (Rmult_lt_compat_l v0) in H; auto.
        replace (v0 * (1 + mu * (N / (v0 * mu)))) with (v0 + N) in H by (field; lra); lra.
    - assert (Hm := INR_m_pos L ltac:(lia)); set (m := (L - 2)%nat) in *.
      assert (Hvm : 0 < v0 ^ m) by now apply pow_lt.
      set (k := INR m * mu * v0 ^ m); assert (Hk : 0 < k) by (unfold k; repeat apply Rmult_lt_0_compat; auto).
      set (y := v0 / (v0 + N)); assert (Hy : 0 < y < 1).
      { unfold y; split; [apply Rdiv_lt_0_compat; lra|].
        apply Rmult_lt_reg_r with (v0 + N); [lra|]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
      assert (Hym : 0 < y ^ m < 1).
      { split; [apply pow_lt; lra|]; apply pow_lt_1_compat; [lra|unfold m; lia]. }
      exists ((1 - y ^ m) / k); split; [split|].
      + apply Rmult_le_pos; [lra|]; left; now apply Rinv_0_lt_compat.
      + unfold life; destruct (Nat.eqb_spec L 2); [lia|]; fold m.
        destruct (Rlt_dec 0 (v0 ^ m)); [|lra]; fold k; simpl; unfold Rdiv.
        rewrite <- (Rmult_1_l (/ k)) at 2; apply Rmult_lt_compat_r; [now apply Rinv_0_lt_compat | lra].
      + unfold offset; destruct (Nat.eqb_spec L 2); [lia|]; fold m.
        replace (deep_q L mu v0 ((1 - y ^ m) / k)) with (y ^ m)
          by (unfold deep_q; fold m; fold k; field; lra).
        rewrite <- Rpower_pow by lra; rewrite Rpower_mult.
        replace (INR m * - / INR m) with (Ropp 1) by (field; lra).
        rewrite Rpower_Ropp, Rpower_1 by lra; unfold y.
        replace (v0 * / (v0 / (v0 + N))) with (v0 + N) by (field; lra); lra. }
  destruct Hs as [s0 [Hs0 HN0]]; exists s0; split; auto; intros s Hs Hlt.
  destruct (Req_dec s0 s) as [->|Hne]; [lra|].
  assert (H := offset_increasing L mu v0 HL Hmu Hv s0 s).
  assert (0 <= s0) by apply Hs0.
  specialize (H ltac:(split; [lra | auto]) ltac:(lra)); lra.
Qed.

(* v0 < 0, L odd: v rises to 0, never there. *)
Theorem offset_rises_to_0 : forall L mu v0, (2 <= L)%nat -> Nat.odd L = true -> 0 < mu -> v0 < 0 ->
  life L mu v0 = p_infty /\ tends_to p_infty (offset L mu v0) 0.
Proof.
  intros L mu v0 HL Hodd Hmu Hv.
  assert (HL3 : (2 < L)%nat) by (destruct (Nat.eq_dec L 2) as [->|]; [discriminate | lia]).
  assert (Hm := INR_m_pos L HL3); set (m := (L - 2)%nat) in *.
  assert (Hvm : v0 ^ m < 0).
  { assert (Hom : Nat.odd m = true).
    { unfold m; destruct L as [|[|L]]; try lia; simpl; rewrite Nat.sub_0_r; exact Hodd. }
    apply Nat.odd_spec in Hom; destruct Hom as [k ->].
    rewrite pow_add, pow_1, pow_mult; assert (0 < (v0 ^ 2) ^ k) by (apply pow_lt; nra); nra. }
  assert (Hlife : life L mu v0 = p_infty).
  { unfold life; destruct (Nat.eqb_spec L 2); [reflexivity|].
    fold m; destruct (Rlt_dec 0 (v0 ^ m)); [lra | reflexivity]. }
  split; auto.
  apply (tends_to_ext p_infty (fun s => v0 * Rpower (deep_q L mu v0 s) (- / INR m))); [exact I| |].
  { intros s _; unfold offset; destruct (Nat.eqb_spec L 2); [lia | reflexivity]. }
  replace 0 with (v0 * 0) by ring; apply tends_to_mult; [exact I | now apply tends_to_const|].
  apply tends_to_spec; intros eps Heps.
  (* q^(-1/m) < eps as soon as q > eps^-m *)
  set (k := - (INR m * mu * v0 ^ m)).
  assert (Hmm : 0 < INR m * mu) by now apply Rmult_lt_0_compat.
  assert (Hk : 0 < k) by (unfold k; nra).
  assert (Hem : 0 < / eps ^ m) by (apply Rinv_0_lt_compat; now apply pow_lt).
  exists (/ eps ^ m / k); split; [split; [|exact I]|].
  - apply Rlt_le; now apply Rdiv_lt_0_compat.
  - intros s Hs _; rewrite Rminus_0_r, Rabs_pos_eq by (left; apply exp_pos).
    assert (Hq : / eps ^ m < deep_q L mu v0 s).
    { unfold deep_q; fold m; apply (Rmult_le_compat_l k) in Hs; [|lra].
      replace (k * (/ eps ^ m / k)) with (/ eps ^ m) in Hs by (field; split; [apply pow_nonzero | ]; lra).
      unfold k in Hs; lra. }
    replace eps with (Rpower (/ eps ^ m) (- / INR m)).
    + rewrite !Rpower_Ropp; apply Rinv_lt_contravar.
      * apply Rmult_lt_0_compat; apply exp_pos.
      * apply Rlt_Rpower_l; [now apply Rinv_0_lt_compat | lra].
    + rewrite <- Rpower_pow by auto; rewrite <- Rpower_Ropp, Rpower_mult.
      replace (- INR m * - / INR m) with 1 by (field; lra); now apply Rpower_1.
Qed.

(* v0 < 0, L even: v falls; it equals -rho (that is w = 0) exactly at the hitting time. *)
Definition hit (L : nat) (mu v0 rho : R) : R :=
  if (L =? 2)%nat then / mu * ln (rho / - v0)
  else (/ (- v0) ^ (L - 2) - / rho ^ (L - 2)) / (INR (L - 2) * mu).

Lemma even_pow_opp : forall n x, Nat.even n = true -> (- x) ^ n = x ^ n.
Proof.
  intros n x H; apply Nat.even_spec in H; destruct H as [k ->].
  rewrite !pow_mult; f_equal; ring.
Qed.

Lemma pow_lt_strict : forall n x y, 0 < x < y -> (0 < n)%nat -> x ^ n < y ^ n.
Proof.
  induction n; intros x y Hx Hn; [lia|]; simpl.
  destruct n; [simpl; lra|].
  assert (H := IHn x y Hx ltac:(lia)); assert (0 < x ^ S n) by (apply pow_lt; lra).
  apply Rmult_le_0_lt_compat; lra.
Qed.

Theorem offset_at_hit : forall L mu v0 rho, (2 <= L)%nat -> Nat.even L = true -> 0 < mu -> - rho < v0 < 0 ->
  until (life L mu v0) (hit L mu v0 rho) /\ 0 < hit L mu v0 rho /\ offset L mu v0 (hit L mu v0 rho) = - rho.
Proof.
  intros L mu v0 rho HL Heven Hmu Hv; destruct (Nat.eq_dec L 2) as [->|Hn].
  - unfold hit, offset, life; simpl.
    assert (Hr : 1 < rho / - v0).
    { apply Rmult_lt_reg_r with (- v0); [lra|]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
    assert (Hln : 0 < ln (rho / - v0)) by (rewrite <- ln_1; apply ln_increasing; lra).
    assert (Himu : 0 < / mu) by now apply Rinv_0_lt_compat.
    split; [split; [|exact I]|split]; try nra.
    rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l, exp_ln by lra; field; lra.
  - assert (Hm := INR_m_pos L ltac:(lia)); unfold hit, offset, life.
    destruct (Nat.eqb_spec L 2) as [E|_]; [lia|]; set (m := (L - 2)%nat) in *.
    assert (Hem : Nat.even m = true).
    { unfold m; destruct L as [|[|L]]; try lia; simpl; now rewrite Nat.sub_0_r. }
    assert (Hvm : 0 < v0 ^ m) by (rewrite <- even_pow_opp by auto; apply pow_lt; lra).
    assert (Hrm : 0 < rho ^ m) by (apply pow_lt; lra).
    assert (Hlt : v0 ^ m < rho ^ m).
    { rewrite <- (even_pow_opp m v0) by auto; apply pow_lt_strict; [lra | unfold m; lia]. }
    assert (Hmm : 0 < INR m * mu) by now apply Rmult_lt_0_compat.
    destruct (Rlt_dec 0 (v0 ^ m)) as [_|]; [|lra]; rewrite even_pow_opp by auto.
    assert (Hi : / rho ^ m < / v0 ^ m) by (apply Rinv_lt_contravar; auto; now apply Rmult_lt_0_compat).
    assert (Hir : 0 < / rho ^ m) by now apply Rinv_0_lt_compat.
    assert (Hh : 0 < (/ v0 ^ m - / rho ^ m) / (INR m * mu)) by (apply Rdiv_lt_0_compat; lra).
    split; [split; [lra|]|split; auto].
    + simpl; rewrite Rinv_mult; unfold Rdiv; rewrite Rmult_comm; apply Rmult_lt_compat_l; [|lra].
      now apply Rinv_0_lt_compat.
    + replace (deep_q L mu v0 _) with ((- v0 / rho) ^ m).
      * rewrite <- Rpower_pow by (apply Rdiv_lt_0_compat; lra); rewrite Rpower_mult.
        replace (INR m * - / INR m) with (Ropp 1) by (field; lra).
        rewrite Rpower_Ropp, Rpower_1 by (apply Rdiv_lt_0_compat; lra); field; lra.
      * unfold deep_q; fold m; unfold Rdiv at 1; rewrite Rpow_mult_distr, pow_inv, even_pow_opp by auto.
        field; repeat split; try lra; apply pow_nonzero; lra.
Qed.

Lemma offset_decreasing : forall L mu v0, (2 <= L)%nat -> Nat.even L = true -> 0 < mu -> v0 < 0 ->
  forall a b, until (life L mu v0) b -> 0 <= a < b -> offset L mu v0 b < offset L mu v0 a.
Proof.
  intros L mu v0 HL Heven Hmu Hv a b Hb Hab.
  assert (- offset L mu v0 a < - offset L mu v0 b); [|lra].
  apply (increasing_on (fun s => - offset L mu v0 s) (fun s => - (mu * offset L mu v0 s ^ (L - 1))) (life L
    mu v0));
    auto.
  - intros; apply @is_derive_opp; now apply is_derive_offset.
  - intros s Hs; assert (Ho := offset_neg L mu v0 s Hv).
    replace (offset L mu v0 s ^ (L - 1)) with (offset L mu v0 s * offset L mu v0 s ^ (L - 2))
      by (replace (L - 1)%nat with (S (L - 2)) by lia; reflexivity).
    assert (Hem : Nat.even (L - 2) = true).
    { destruct L as [|[|L]]; try lia; simpl; now rewrite Nat.sub_0_r. }
    rewrite <- even_pow_opp by auto.
    assert (0 < (- offset L mu v0 s) ^ (L - 2)) by (apply pow_lt; lra).
    assert (0 < mu * - offset L mu v0 s) by nra; nra.
Qed.

(* Before the hitting time v > -rho. *)
Lemma offset_before_hit : forall L mu v0 rho s, (2 <= L)%nat -> Nat.even L = true -> 0 < mu ->
  - rho < v0 < 0 -> 0 <= s < hit L mu v0 rho -> - rho < offset L mu v0 s.
Proof.
  intros L mu v0 rho s HL Heven Hmu Hv Hs.
  destruct (offset_at_hit L mu v0 rho HL Heven Hmu Hv) as [H1 [H2 H3]].
  rewrite <- H3; apply offset_decreasing; auto; lra.
Qed.
