(* Error bounds of pages proofs/thm-3.2.md ("The gap") and proofs/cor-3.5.md ((3)), on the exact solution w_inf
   (Thm_3_2.v: it is the solution of the flow).  MATH.md 4 states the limits; the tool's tolerances rest on these.

   PROVED: [gap_bound]: L >= 3, |beta_i(T* ) - beta_i(s)| <= (T* - s) L mu_i S_i for a coordinate that does not
   lead;  [bound_depth2]: (3), the distance of beta/||beta||_1 from e_(j* ) at L = 2.
   The bounds (4) and (5) are in Bounds_deep.v.
   Rust: src/predict/fates.rs (gap_bound), direction.rs (bound_depth2). *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint Cor_3_5.
From SamProofs Require Import Cor_3_5_cases.
Open Scope R_scope.

(* ---------- powers ---------- *)

Lemma is_derive_pow_comp : forall n (f : R -> R) x l, is_derive f x l ->
  is_derive (fun y => f y ^ n) x (INR n * f x ^ (n - 1) * l).
Proof.
  intros n f x l H.
  replace (INR n * f x ^ (n - 1) * l) with (l * (INR n * f x ^ pred n))
    by (replace (pred n) with (n - 1)%nat by lia; ring).
  apply (is_derive_comp (fun y => y ^ n) f x); auto.
  apply is_derive_Reals, derivable_pt_lim_pow.
Qed.

Lemma pow_abs_le : forall n x y, Rabs x <= y -> Rabs (x ^ n) <= y ^ n.
Proof. intros n x y H; rewrite <- RPow_abs; apply pow_incr; split; [apply Rabs_pos | auto]. Qed.

(* x^m <= 1/q gives x <= q^(-1/m) *)
Lemma root_le : forall m x q, (0 < m)%nat -> 0 < x -> 0 < q -> x ^ m <= / q -> x <= Rpower q (- / INR m).
Proof.
  intros m x q Hm Hx Hq H; destruct (Rle_lt_dec x (Rpower q (- / INR m))) as [|Hlt]; auto; exfalso.
  assert (H1 := pow_lt_strict m (Rpower q (- / INR m)) x ltac:(split; [apply exp_pos | auto]) Hm).
  rewrite Rpower_root in H1 by auto; lra.
Qed.

(* ---------- the gap, L >= 3 ---------- *)

(* On an interval where the smooth solution f = rho + offset is alive, |f(b)^L - f(a)^L| <= (b - a) L mu S^(L-1) if
   |f (f - rho)| <= S there. *)
Lemma beta_lipschitz : forall L rho mu v0 a b S, (2 <= L)%nat -> 0 < mu -> 0 <= a <= b -> until (life L mu v0) b ->
  (forall s, a <= s <= b -> Rabs ((rho + offset L mu v0 s) * offset L mu v0 s) <= S) ->
  Rabs ((rho + offset L mu v0 b) ^ L - (rho + offset L mu v0 a) ^ L) <= (b - a) * (INR L * mu * S ^ (L - 1)).
Proof.
  intros L rho mu v0 a b S HL Hmu Hab Hb HS; destruct (Req_dec a b) as [->|Hne].
  { rewrite Rminus_eq_0, Rabs_R0; lra. }
  assert (Hd : forall s, until (life L mu v0) s -> is_derive (fun x => (rho + offset L mu v0 x) ^ L) s
    (INR L * (rho + offset L mu v0 s) ^ (L - 1) * (0 + mu * offset L mu v0 s ^ (L - 1)))).
  { intros s Hs; apply (is_derive_pow_comp L (fun x => rho + offset L mu v0 x)).
    apply @is_derive_plus; [apply @is_derive_const | now apply is_derive_offset]. }
  destruct (mean_value _ _ _ a b Hb ltac:(lra) Hd) as [c [Hc ->]].
  replace (INR L * (rho + offset L mu v0 c) ^ (L - 1) * (0 + mu * offset L mu v0 c ^ (L - 1)) * (b - a))
    with ((b - a) * (INR L * mu) * ((rho + offset L mu v0 c) * offset L mu v0 c) ^ (L - 1))
    by (rewrite Rpow_mult_distr; ring).
  assert (HLp : 0 < INR L) by (apply lt_0_INR; lia).
  assert (Hp : 0 < (b - a) * (INR L * mu)) by (repeat apply Rmult_lt_0_compat; lra).
  rewrite Rabs_mult, (Rabs_pos_eq ((b - a) * (INR L * mu))) by lra.
  replace ((b - a) * (INR L * mu * S ^ (L - 1))) with ((b - a) * (INR L * mu) * S ^ (L - 1)) by ring.
  apply Rmult_le_compat_l; [lra|]; now apply pow_abs_le, HS.
Qed.

(* S_i: w (w - rho) at T* above rho; rho (rho - alpha) below for odd L; alpha rho below for even L. *)
Definition gap_speed (L : nat) (rho mu a T : R) : R :=
  if Rlt_dec rho a then w_inf L rho mu a T * (w_inf L rho mu a T - rho)
  else if Nat.odd L then rho * (rho - a) else if Req_EM_T a rho then 0 else a * rho.

Lemma offset_below_abs : forall L mu v0 s, (2 <= L)%nat -> Nat.odd L = true -> 0 < mu -> v0 < 0 -> 0 <= s ->
  v0 <= offset L mu v0 s < 0.
Proof.
  intros L mu v0 s HL Ho Hmu Hv Hs; split; [|now apply offset_neg].
  destruct (offset_rises_to_0 L mu v0 HL Ho Hmu Hv) as [El _]; rewrite <- (offset_0 L mu v0) at 1.
  apply (nondecreasing_on _ (fun s => mu * offset L mu v0 s ^ (L - 1)) p_infty);
    [ | | split; [auto|exact I] | lra].
  - intros x Hx; apply is_derive_offset; auto; now rewrite El.
  - intros x Hx; apply Rmult_le_pos; [lra|].
    assert (Hev : Nat.even (L - 1) = true).
    { destruct L as [|L]; [lia|]; simpl; rewrite Nat.sub_0_r, <- Nat.odd_succ; exact Ho. }
    rewrite <- even_pow_opp by auto; apply pow_le; assert (Hn := offset_neg L mu v0 x Hv); lra.
Qed.

Theorem gap_bound : forall L rho mu a (T s : R), (2 < L)%nat -> 0 < mu -> 0 < rho -> 0 < a ->
  Rbar_lt T (blow_up L rho mu a) -> 0 <= s <= T ->
  Rabs (w_inf L rho mu a T ^ L - w_inf L rho mu a s ^ L)
  <= (T - s) * (INR L * mu * gap_speed L rho mu a T ^ (L - 1)).
Proof.
  intros L rho mu a T s HL Hmu Hrho Ha Hb Hs; unfold gap_speed; destruct (Rlt_dec rho a) as [Har|Har].
  - (* above *)
    assert (Hh : forall x : R, Rbar_lt x (hit_time L rho mu a)) by (intros; rewrite hit_time_infinite by lra; exact I).
    assert (HlT : until (life L mu (a - rho)) T).
    { unfold blow_up in Hb; destruct (Rlt_dec rho a); [split; [lra | exact Hb] | contradiction]. }
    rewrite !w_inf_before by auto.
    replace (rho + offset L mu (a - rho) T - rho) with (offset L mu (a - rho) T) by ring.
    apply beta_lipschitz; auto; [lia|]; intros x Hx.
    assert (Hv := offset_pos L mu (a - rho) x ltac:(lra)).
    assert (Hle : offset L mu (a - rho) x <= offset L mu (a - rho) T).
    { destruct (Req_dec x T) as [->|]; [lra|]; left; apply offset_increasing; auto; [lia | lra | lra]. }
    rewrite Rabs_pos_eq by (apply Rmult_le_pos; lra); apply Rmult_le_compat; lra.
  - destruct (Nat.odd L) eqn:Ho.
    + (* below or equal, odd *)
      assert (Hh : forall x : R, Rbar_lt x (hit_time L rho mu a)) by (intros; rewrite hit_time_infinite by auto; exact I).
      rewrite !w_inf_before by auto.
      assert (El : life L mu (a - rho) = p_infty) by (apply life_infinite; [lia | lra | now left]).
      apply beta_lipschitz; auto; [lia | rewrite El; split; [lra | exact I]|]; intros x Hx.
      destruct (Req_dec a rho) as [->|Hne].
      * replace (rho - rho) with 0 by ring; rewrite offset_zero, !Rmult_0_r, Rabs_R0; lra.
      * assert (Hv := offset_below_abs L mu (a - rho) x ltac:(lia) Ho Hmu ltac:(lra) ltac:(lra)).
        rewrite Rabs_mult, (Rabs_pos_eq (rho + _)), (Rabs_left (offset _ _ _ _)) by lra.
        apply Rmult_le_compat; lra.
    + destruct (Req_EM_T a rho) as [->|Hne].
      * (* equal, even *)
        rewrite !w_inf_before by (rewrite hit_time_infinite by (right; lra); exact I).
        replace (rho - rho) with 0 by ring; rewrite !offset_zero, Rminus_eq_0, Rabs_R0.
        apply Rmult_le_pos; [lra|]; apply Rmult_le_pos; [|apply pow_le; lra].
        apply Rmult_le_pos; [apply pos_INR | lra].
      * (* below, even *)
        assert (He : Nat.even L = true) by (unfold Nat.odd in Ho; now destruct (Nat.even L)).
        destruct (offset_at_hit L mu (a - rho) rho ltac:(lia) He Hmu ltac:(lra)) as [H1 [H2 H3]].
        set (h := hit L mu (a - rho) rho) in *.
        assert (Eh : hit_time L rho mu a = Finite h).
        { unfold hit_time; rewrite He; destruct (Rlt_dec a rho); [reflexivity | lra]. }
        (* w_inf = rho + offset(min(x, h)) *)
        assert (Ew : forall x, w_inf L rho mu a x = rho + offset L mu (a - rho) (Rmin x h)).
        { intros x; destruct (Rlt_le_dec x h) as [H|H].
          - rewrite Rmin_left, w_inf_before by (rewrite ?Eh; simpl; lra); reflexivity.
          - rewrite Rmin_right, w_inf_after, H3 by (rewrite ?Eh; simpl; lra); ring. }
        rewrite !Ew; assert (HLp : 0 < INR L) by (apply lt_0_INR; lia).
        assert (Hmin : 0 <= Rmin s h <= Rmin T h).
        { split; [apply Rmin_glb; lra|]; apply Rle_min_compat_r; lra. }
        apply Rle_trans with ((Rmin T h - Rmin s h) * (INR L * mu * (a * rho) ^ (L - 1))).
        -- apply beta_lipschitz; auto; [lia | apply (until_le _ _ h); auto; split; [lra | apply Rmin_r]|].
           intros x Hx; assert (Hxh : 0 <= x <= h) by (assert (H := Rmin_r T h); lra).
           assert (Hlow : - rho <= offset L mu (a - rho) x).
           { destruct (Req_dec x h) as [->|]; [lra|]; left; apply offset_before_hit; auto; [lia | lra | fold h; lra]. }
           assert (Hup : offset L mu (a - rho) x <= a - rho).
           { rewrite <- (offset_0 L mu (a - rho)) at 2; destruct (Req_dec x 0) as [->|]; [lra|].
             left; apply offset_decreasing; auto; [lia | lra | apply (until_le _ x h); auto | lra]. }
           rewrite Rabs_mult, (Rabs_pos_eq (rho + _)), (Rabs_left (offset _ _ _ _)) by lra.
           apply Rmult_le_compat; lra.
        -- apply Rmult_le_compat_r.
           ++ apply Rmult_le_pos; [|apply pow_le, Rmult_le_pos; lra]; apply Rmult_le_pos; lra.
           ++ unfold Rmin; destruct (Rle_dec T h), (Rle_dec s h); lra.
Qed.

(* ---------- distance of the direction ---------- *)

(* sum_i |v_i - e_j(i)| <= 2 sum_(i <> j) b_i/b_j *)
Lemma direction_error : forall d (b : nat -> R) j, (j < d)%nat -> (forall i, (i < d)%nat -> 0 <= b i) -> 0 < b j ->
  vsum d (fun i => Rabs (direction d b i - e j i))
  <= 2 * vsum d (fun i => if (i =? j)%nat then 0 else b i / b j).
Proof.
  intros d b j Hj Hb Hbj; set (B := vsum d b).
  assert (HB : b j <= B) by now apply vsum_ge_term.
  assert (Hdir : forall i, direction d b i = b i / B).
  { intros i; unfold direction; f_equal; apply vsum_ext; intros k Hk; apply Rabs_pos_eq; auto. }
  set (R := vsum d (fun i => if (i =? j)%nat then 0 else b i)).
  assert (HR : B = b j + R) by (unfold B, R; now apply vsum_split).
  assert (HR0 : 0 <= R).
  { apply vsum_nonneg; intros i Hi; destruct (i =? j)%nat; [lra | auto]. }
  rewrite (vsum_split d _ j Hj).
  rewrite (vsum_ext d (fun i => if (i =? j)%nat then 0 else Rabs (direction d b i - e j i))
    (fun i => (if (i =? j)%nat then 0 else b i) * / B)).
  - rewrite vsum_scal_r; fold R; rewrite Hdir; unfold e; rewrite Nat.eqb_refl.
    replace (b j / B - 1) with (- (R * / B)) by (rewrite HR; field; lra).
    assert (HRB : 0 <= R * / B) by (apply Rmult_le_pos; [auto | left; apply Rinv_0_lt_compat; lra]).
    rewrite Rabs_Ropp, Rabs_pos_eq by auto.
    rewrite (vsum_ext d (fun i => if (i =? j)%nat then 0 else b i / b j)
      (fun i => (if (i =? j)%nat then 0 else b i) * / b j))
      by (intros i _; destruct (i =? j)%nat; unfold Rdiv; ring).
    rewrite vsum_scal_r; fold R.
    assert (R * / B <= R * / b j) by (apply Rmult_le_compat_l; auto; apply Rinv_le_contravar; lra); lra.
  - intros i Hi; destruct (Nat.eqb_spec i j) as [->|Hn]; [ring|].
    rewrite Hdir; unfold e; destruct (Nat.eqb_spec i j); [contradiction|]; rewrite Rminus_0_r.
    apply Rabs_pos_eq, Rmult_le_pos; [auto | left; apply Rinv_0_lt_compat; lra].
Qed.

(* (3), L = 2: with mu_i^+ = mu_i if alpha_i > rho, else 0. *)
Theorem bound_depth2 : forall d rho mu alpha j s, positive_data 2 d rho mu alpha -> (j < d)%nat -> rho < alpha j ->
  0 <= s ->
  vsum d (fun i => Rabs (direction d (fun k => w_inf 2 rho (mu k) (alpha k) s ^ 2) i - e j i))
  <= 2 * vsum d (fun i => if (i =? j)%nat then 0 else
       (alpha i / (alpha j - rho)) ^ 2 *
       exp (- (2 * (mu j - (if Rlt_dec rho (alpha i) then mu i else 0)) * s))).
Proof.
  intros d rho mu alpha j s (HL & Hrho & Hpos) Hj Haj Hs.
  assert (Hnn : forall i, (i < d)%nat -> 0 <= w_inf 2 rho (mu i) (alpha i) s).
  { intros i Hi; apply w_inf_nonneg; auto; try (now apply Hpos); split; auto; rewrite blow_up_infinite by auto; exact I. }
  assert (Hwj : (alpha j - rho) * exp (mu j * s) <= w_inf 2 rho (mu j) (alpha j) s).
  { rewrite w_inf_depth2 by (rewrite hit_time_infinite by lra; exact I); lra. }
  assert (Hej := exp_pos (mu j * s)); assert (Haj' : 0 < (alpha j - rho) * exp (mu j * s)) by (apply Rmult_lt_0_compat; lra).
  eapply Rle_trans; [apply (direction_error d _ j Hj)|].
  - intros i Hi; apply pow_le; auto.
  - apply pow_lt; lra.
  - apply Rmult_le_compat_l; [lra|]; apply vsum_le; intros i Hi; destruct (i =? j)%nat; [lra|].
    set (mp := if Rlt_dec rho (alpha i) then mu i else 0).
    assert (Ha : 0 < alpha i) by now apply Hpos. assert (Hmu : 0 < mu i) by now apply Hpos.
    assert (Hwi : w_inf 2 rho (mu i) (alpha i) s <= alpha i * exp (mp * s)).
    { unfold mp; destruct (Rlt_dec rho (alpha i)) as [H|H].
      - rewrite w_inf_depth2 by (rewrite hit_time_infinite by lra; exact I).
        assert (H1 : 1 <= exp (mu i * s)).
        { rewrite <- exp_0; destruct (Req_dec (mu i * s) 0) as [->|]; [lra|].
          left; apply exp_increasing; assert (0 <= mu i * s) by (apply Rmult_le_pos; lra); lra. }
        assert (rho * 1 <= rho * exp (mu i * s)) by (apply Rmult_le_compat_l; lra); lra.
      - rewrite Rmult_0_l, exp_0, Rmult_1_r.
        destruct (Rbar_le_lt_dec (hit_time 2 rho (mu i) (alpha i)) s) as [Hh|Hh].
        + rewrite w_inf_after by auto; lra.
        + rewrite w_inf_depth2 by auto.
          assert (H1 : 1 <= exp (mu i * s)).
          { rewrite <- exp_0; destruct (Req_dec (mu i * s) 0) as [->|]; [lra|].
            left; apply exp_increasing; assert (0 <= mu i * s) by (apply Rmult_le_pos; lra); lra. }
          assert ((rho - alpha i) * 1 <= (rho - alpha i) * exp (mu i * s)) by (apply Rmult_le_compat_l; lra); lra. }
    replace (exp (- (2 * (mu j - mp) * s))) with (exp (mp * s) ^ 2 * / exp (mu j * s) ^ 2).
    + replace ((alpha i / (alpha j - rho)) ^ 2 * (exp (mp * s) ^ 2 * / exp (mu j * s) ^ 2))
        with ((alpha i * exp (mp * s)) ^ 2 / ((alpha j - rho) * exp (mu j * s)) ^ 2)
        by (field; repeat split; lra).
      apply Rmult_le_compat.
      * apply pow_le; auto.
      * left; apply Rinv_0_lt_compat, pow_lt; lra.
      * apply pow_incr; split; auto.
      * apply Rinv_le_contravar; [now apply pow_lt | apply pow_incr; lra].
    + replace (- (2 * (mu j - mp) * s)) with (mp * s + mp * s + - (mu j * s + mu j * s)) by ring.
      rewrite !exp_plus, exp_Ropp, exp_plus; field; lra.
Qed.
