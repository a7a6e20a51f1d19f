(* Theorem 3.2, continued (page proofs/thm-3.2.md): through w_j = 0, and the three fates.

   A coordinate below rho reaches w_j = 0 when L is even.  There all entries of its gradient change sign and
   the field is discontinuous: just above, d w/ds = mu (w - rho)^(L-1) < 0, just below mu (w + rho)^(L-1) > 0
   ([inf_field_above_zero], [inf_field_below_zero]).  Filippov's field at w = 0 is the segment between the
   two, which contains 0.  So an absolutely continuous balanced path is a Filippov solution exactly when it is
   continuous and has the flow's derivative at all times with w_j <> 0 (where w_j = 0, its
   derivative is 0 for almost every such time, and 0 is allowed).  That is [filippov_coord].

   PROVED: the only such solution is w_inf, which stays at 0 ([thm_3_2_sliding_unique],
   [thm_3_2_sliding_exists]); its three fates ([thm_3_2_fates]) with the times ([hit_time_depth2],
   [hit_time_deep], [blow_up_deep]); nothing lives beyond the blow-up ([thm_3_2_no_longer]).
   NOT here: Filippov's set-valued field over all neighbours of a point with w_j = 0, balanced or not; with it
   the original clock is not unique, even among paths that stay balanced (proofs/thm-3.2.md, "A caution").
   Rust: src/predict/fates.rs, linf_depth2.rs, linf_deep.rs. *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Scalar Thm_3_2.
Open Scope R_scope.

(* Coordinate j of the balanced path w is a Filippov solution on [0, T). *)
Definition filippov_coord (rho : R) (L d : nat) (mu : nat -> R) (j : nat) (T : Rbar)
  (w : R -> nat -> R) : Prop :=
  forall s, until T s -> continuous (fun x => w x j) s /\
    (w s j <> 0 -> forall l, (l < L)%nat ->
      is_derive (fun x => w x j) s (rescaled_field (perturb_inf rho) L d mu (balanced (w s)) l j)).

Lemma odd_pow_opp : forall n x, Nat.odd n = true -> (- x) ^ n = - x ^ n.
Proof.
  intros n x H; apply Nat.odd_spec in H; destruct H as [k ->].
  rewrite !pow_add, !pow_1, !pow_mult; replace ((- x) ^ 2) with (x ^ 2) by ring; ring.
Qed.

Lemma odd_pred : forall L, (1 <= L)%nat -> Nat.even L = true -> Nat.odd (L - 1) = true.
Proof.
  intros [|L] HL H; [lia|]; simpl; rewrite Nat.sub_0_r.
  now rewrite Nat.even_succ in H.
Qed.

(* The field just above and just below w_j = 0. *)
Lemma inf_field_above_zero : forall rho L d mu w l j, (l < L)%nat -> (j < d)%nat -> 0 < mu j -> 0 < w j ->
  rescaled_field (perturb_inf rho) L d mu (balanced w) l j = mu j * (w j - rho) ^ (L - 1).
Proof. exact inf_field_balanced. Qed.

Lemma inf_field_below_zero : forall rho L d mu w l j, (l < L)%nat -> (j < d)%nat -> Nat.even L = true ->
  0 < mu j -> w j < 0 ->
  rescaled_field (perturb_inf rho) L d mu (balanced w) l j = mu j * (w j + rho) ^ (L - 1).
Proof.
  intros rho L d mu w l j Hl Hj He Hmu Hw; rewrite rescaled_field_formula by auto; f_equal.
  rewrite <- (vprod_but_const L l) by auto; apply vprod_but_ext; intros k Hk _.
  rewrite sam_point_inf, grad_pred_formula by auto; unfold balanced.
  rewrite vprod_but_const by auto; rewrite sign_eq_m1; [ring|].
  assert (Ho := odd_pow_opp (L - 1) (w j) (odd_pred L ltac:(lia) He)).
  assert (0 < (- w j) ^ (L - 1)) by (apply pow_lt; lra); nra.
Qed.

(* ---------- through zero ---------- *)

(* A continuous v with v' = mu (v - rho)^n while v > 0, n odd, does not leave 0 upwards. *)
Lemma no_escape : forall mu rho n (v : R -> R) a b, 0 < mu -> 0 < rho -> Nat.odd n = true -> a <= b ->
  (forall x, a <= x <= b -> continuous v x) ->
  (forall x, a <= x <= b -> 0 < v x -> is_derive v x (mu * (v x - rho) ^ n)) -> v a = 0 -> v b <= 0.
Proof.
  intros mu rho n v a b Hmu Hrho Hn Hab Hc Hd Ha; destruct (Rle_lt_dec (v b) 0) as [|Hb]; auto; exfalso.
  assert (a < b) by (destruct (Req_dec a b) as [->|]; lra).
  destruct (last_zero v a b) as [z [Hz [Hvz Hpos]]]; auto.
  destruct (Hc z ltac:(lra) (fun y => y < rho)) as [eps He]; [apply (open_lt rho); lra|].
  assert (Heps := cond_pos eps); set (x := Rmin b (z + eps / 2)).
  assert (Hx : z < x <= b) by (split; [apply Rmin_glb_lt; lra | apply Rmin_l]).
  assert (Hx2 : x <= z + eps / 2) by apply Rmin_r.
  destruct (MVT_gen v z x (fun y => mu * (v y - rho) ^ n)) as [c [Hcin Hv]].
  - rewrite Rmin_left, Rmax_right by lra; intros y Hy; apply Hd; [lra | apply Hpos; lra].
  - rewrite Rmin_left, Rmax_right by lra; intros y Hy; apply continuity_pt_filterlim, Hc; lra.
  - rewrite Rmin_left, Rmax_right in Hcin by lra.
    assert (Hvc : v c < rho).
    { apply He; unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
      rewrite Rabs_pos_eq; lra. }
    assert (0 < (rho - v c) ^ n) by (apply pow_lt; lra).
    replace (v c - rho) with (- (rho - v c)) in Hv by ring; rewrite odd_pow_opp in Hv by auto.
    assert (0 < v x) by (apply Hpos; lra).
    assert (0 < mu * (rho - v c) ^ n) by now apply Rmult_lt_0_compat.
    assert (0 < mu * (rho - v c) ^ n * (x - z)) by (apply Rmult_lt_0_compat; lra); lra.
Qed.

(* The scalar Filippov equation has one solution, w_inf, up to the blow-up. *)
Lemma scalar_sliding : forall L rho mu alpha (v : R -> R) T,
  (2 <= L)%nat -> 0 < mu -> 0 < rho -> 0 < alpha -> v 0 = alpha ->
  (forall s, until T s -> continuous v s) ->
  (forall s, until T s -> 0 < v s -> is_derive v s (mu * (v s - rho) ^ (L - 1))) ->
  (forall s, until T s -> Nat.even L = true -> v s < 0 -> is_derive v s (mu * (v s + rho) ^ (L - 1))) ->
  forall s, until T s -> Rbar_lt s (blow_up L rho mu alpha) -> v s = w_inf L rho mu alpha s.
Proof.
  intros L rho mu alpha v T HL Hmu Hrho Ha H0 Hc Hp Hn.
  (* 1: before the hitting time *)
  assert (Hbefore : forall s, until T s -> Rbar_lt s (hit_time L rho mu alpha) ->
    Rbar_lt s (blow_up L rho mu alpha) -> v s = rho + offset L mu (alpha - rho) s).
  { intros s Hs Hh Hb; set (U := Rbar_min T (Rbar_min (hit_time L rho mu alpha) (blow_up L rho mu alpha))).
    assert (HU : forall x, until U x -> until T x /\ until (life L mu (alpha - rho)) x /\
      0 < rho + offset L mu (alpha - rho) x).
    { intros x [Hx HxU]; repeat split; auto.
      - eapply Rbar_lt_le_trans; [exact HxU | apply Rbar_min_l].
      - apply (before_both L rho mu alpha x); auto; (eapply Rbar_lt_le_trans; [exact HxU|]);
          (eapply Rbar_le_trans; [apply Rbar_min_r|]); [apply Rbar_min_l | apply Rbar_min_r].
      - apply (before_both L rho mu alpha x); auto; (eapply Rbar_lt_le_trans; [exact HxU|]);
          (eapply Rbar_le_trans; [apply Rbar_min_r|]); [apply Rbar_min_l | apply Rbar_min_r]. }
    assert (HsU : until U s) by (destruct Hs; split; auto; unfold U; repeat apply Rbar_min_case; auto).
    assert (Hco : forall x, until U x -> continuous (fun y => rho + offset L mu (alpha - rho) y) x).
    { intros x Hx; apply (continuous_plus (fun _ => rho)); [apply continuous_const|].
      eapply is_derive_continuous, is_derive_offset; auto; now apply HU. }
    assert (Hkey : forall x, until U x -> (forall y, 0 <= y < x -> 0 < v y) ->
      forall y, 0 <= y < x -> v y = rho + offset L mu (alpha - rho) y).
    { intros x Hx Hvp y Hy; assert (v y - rho = offset L mu (alpha - rho) y); [|lra].
      assert (HxU : forall z, until x z -> until U z).
      { intros z [Hz1 Hz2]; simpl in Hz2; apply (until_le U z x); auto; lra. }
      assert (Hxy : until x y) by (split; [lra | simpl; lra]).
      apply (offset_unique L mu (alpha - rho) (fun z => v z - rho) x HL Hmu);
        [ | now rewrite H0 | exact Hxy | apply HU, HxU, Hxy].
      intros z Hz; rewrite <- (Rminus_0_r (mu * _)); apply @is_derive_minus; [|apply @is_derive_const].
      apply Hp; [apply HU; auto | apply Hvp; destruct Hz; simpl in *; lra]. }
    assert (Hpos : forall x, until U x -> 0 < v x).
    { apply (continuous_induction U (fun x => 0 < v x)).
      - intros x Hx Hvp; destruct (Req_dec x 0) as [->|Hx0]; [now rewrite H0|].
        assert (Hxpos : 0 < x) by (destruct Hx; lra); destruct (HU x Hx) as [HxT [_ Hop]].
        assert (v x - (rho + offset L mu (alpha - rho) x) = 0); [|lra].
        apply (continuous_zero (fun y => v y - (rho + offset L mu (alpha - rho) y)) x); auto.
        + apply (continuous_minus v); [now apply Hc | now apply Hco].
        + intros y Hy; rewrite (Hkey x Hx Hvp y Hy); ring.
      - intros x Hx Hupto; apply (Hc x (proj1 (HU x Hx)) (fun u => 0 < u)), (open_gt 0), Hupto.
        destruct Hx; lra. }
    destruct (until_more U s HsU) as [u [Hsu Hu]].
    apply (Hkey u Hu); [|destruct HsU; lra].
    intros y Hy; apply Hpos, (until_le U y u); auto; lra. }
  (* 2: after it *)
  intros s Hs Hb; destruct (Rbar_le_lt_dec (hit_time L rho mu alpha) s) as [Hle|Hlt].
  - rewrite w_inf_after by auto; unfold hit_time in *.
    destruct (Nat.even L) eqn:He; [|contradiction]; destruct (Rlt_dec alpha rho) as [Har|]; [|contradiction].
    set (h := hit L mu (alpha - rho) rho) in *; simpl in Hle.
    destruct (offset_at_hit L mu (alpha - rho) rho HL He Hmu ltac:(lra)) as [Hh1 [Hh2 Hh3]];
      fold h in Hh1, Hh2, Hh3.
    assert (HhT : until T h) by (apply (until_le T h s); auto; lra).
    assert (Hbl : forall x : R, Rbar_lt x (blow_up L rho mu alpha)).
    { intros x; unfold blow_up; destruct (Rlt_dec rho alpha); [lra | exact I]. }
    assert (Hvh : v h = 0).
    { assert (v h - (rho + offset L mu (alpha - rho) h) = 0); [|lra].
      apply (continuous_zero (fun y => v y - (rho + offset L mu (alpha - rho) y)) h); auto.
      - apply (continuous_minus v); [now apply Hc|].
        apply (continuous_plus (fun _ => rho)); [apply continuous_const|].
        eapply is_derive_continuous, is_derive_offset; auto.
      - intros y Hy; rewrite (Hbefore y); auto; [ring | apply (until_le T y h); auto; lra | simpl; lra]. }
    assert (Hodd := odd_pred L ltac:(lia) He).
    assert (HinT : forall x, h <= x <= s -> until T x) by (intros x Hx; apply (until_le T x s); auto; lra).
    apply Rle_antisym.
    + apply (no_escape mu rho (L - 1) v h s); auto.
    + assert (- v s <= 0); [|lra]; apply (no_escape mu rho (L - 1) (fun x => - v x) h s); auto.
      * intros x Hx; apply (continuous_opp v); auto.
      * intros x Hx Hvx; replace (mu * (- v x - rho) ^ (L - 1)) with (- (mu * (v x + rho) ^ (L - 1))).
        { apply @is_derive_opp, Hn; auto; lra. }
        replace (- v x - rho) with (- (v x + rho)) by ring; rewrite odd_pow_opp by auto; ring.
      * rewrite Hvh; ring.
  - rewrite w_inf_before by auto; now apply Hbefore.
Qed.

(* Uniqueness through zero: a balanced Filippov solution from alpha > 0 is w_inf, up to its blow-up. *)
Theorem thm_3_2_sliding_unique : forall rho L d mu j T w alpha,
  (2 <= L)%nat -> (j < d)%nat -> 0 < mu j -> 0 < rho -> 0 < alpha ->
  filippov_coord rho L d mu j T w -> w 0 j = alpha ->
  forall s, until T s -> Rbar_lt s (blow_up L rho (mu j) alpha) -> w s j = w_inf L rho (mu j) alpha s.
Proof.
  intros rho L d mu j T w alpha HL Hj Hmu Hrho Ha Hw H0.
  apply (scalar_sliding L rho (mu j) alpha (fun x => w x j) T); auto.
  - intros s Hs; now apply Hw.
  - intros s Hs Hp; rewrite <- (inf_field_balanced rho L d mu (w s) 0 j) by (auto; lia).
    apply (proj2 (Hw s Hs)); [apply Rgt_not_eq | lia]; lra.
  - intros s Hs He Hp; rewrite <- (inf_field_below_zero rho L d mu (w s) 0 j) by (auto; lia).
    apply (proj2 (Hw s Hs)); [apply Rlt_not_eq | lia]; lra.
Qed.

(* Existence through zero. *)
Theorem thm_3_2_sliding_exists : forall rho L d mu j alpha,
  (2 <= L)%nat -> (j < d)%nat -> 0 < mu j -> 0 < rho -> 0 < alpha j ->
  filippov_coord rho L d mu j (blow_up L rho (mu j) (alpha j)) (fun s i => w_inf L rho (mu i) (alpha i) s).
Proof.
  intros rho L d mu j alpha HL Hj Hmu Hrho Ha s Hs; assert (Hs0 : 0 <= s) by apply Hs.
  destruct (Rbar_le_lt_dec (hit_time L rho (mu j) (alpha j)) s) as [Hle|Hlt].
  - (* at or after the hit *)
    split; [|intros Hn; now rewrite w_inf_after in Hn].
    assert (Hle' := Hle); unfold hit_time in Hle'.
    destruct (Nat.even L) eqn:He; [|contradiction]; destruct (Rlt_dec (alpha j) rho) as [Har|];
      [|contradiction].
    set (h := hit L (mu j) (alpha j - rho) rho) in *; simpl in Hle'.
    destruct (offset_at_hit L (mu j) (alpha j - rho) rho HL He Hmu ltac:(lra)) as [Hh1 [Hh2 Hh3]].
    fold h in Hh1, Hh2, Hh3.
    assert (Ehit : hit_time L rho (mu j) (alpha j) = Finite h).
    { unfold hit_time; rewrite He; destruct (Rlt_dec (alpha j) rho); [reflexivity | contradiction]. }
    (* near s: rho + offset(min(x, h)) *)
    apply continuous_ext with (fun x => rho + offset L (mu j) (alpha j - rho) (h - Rmax 0 (h - x))).
    { intros x; destruct (Rlt_le_dec x h) as [H|H].
      - rewrite Rmax_right, w_inf_before by (rewrite ?Ehit; simpl; lra); do 2 f_equal; ring.
      - rewrite Rmax_left, w_inf_after by (rewrite ?Ehit; simpl; lra).
        rewrite Rminus_0_r, Hh3; apply Rplus_opp_r. }
    apply (continuous_plus (fun _ => rho)); [apply continuous_const|].
    apply (continuous_comp (fun x => h - Rmax 0 (h - x)) (offset L (mu j) (alpha j - rho))).
    + apply (continuous_minus (fun _ => h)); [apply continuous_const|].
      apply (continuous_comp (fun x => h - x) (fun y => Rmax 0 y)); [|apply continuous_Rmax_0].
      apply (continuous_minus (fun _ => h)); [apply continuous_const | apply continuous_id].
    + rewrite Rmax_left, Rminus_0_r by lra.
      eapply is_derive_continuous, is_derive_offset; auto.
  - (* before the hit: the smooth solution *)
    set (U := Rbar_min (hit_time L rho (mu j) (alpha j)) (blow_up L rho (mu j) (alpha j))).
    assert (HsU : until U s) by (split; auto; unfold U; apply Rbar_min_case; auto; apply Hs).
    assert (Hder : forall l, (l < L)%nat -> is_derive (fun x => w_inf L rho (mu j) (alpha j) x) s
      (rescaled_field (perturb_inf rho) L d mu (balanced (fun i => w_inf L rho (mu i) (alpha i) s)) l j)).
    { intros l Hl.
      assert (Hpos := before_both L rho (mu j) (alpha j) s HL Hmu Hrho Ha Hs0 Hlt (proj2 Hs)).
      rewrite inf_field_balanced; auto; rewrite !w_inf_before by auto; [|apply Hpos].
      replace (rho + offset L (mu j) (alpha j - rho) s - rho) with (offset L (mu j) (alpha j - rho) s)
        by ring.
      apply is_derive_ext_loc with (fun y => rho + offset L (mu j) (alpha j - rho) y).
      - generalize (locally_lt_Rbar _ s Hlt); apply filter_imp; intros y Hy; now rewrite w_inf_before.
      - rewrite <- Rplus_0_l; apply @is_derive_plus; [apply @is_derive_const | now apply is_derive_offset]. }
    split; [|intros _ l Hl; now apply Hder].
    eapply is_derive_continuous, (Hder 0%nat); lia.
Qed.

(* ---------- the formulas of the page ---------- *)

Theorem hit_time_depth2 : forall rho mu alpha, alpha < rho ->
  hit_time 2 rho mu alpha = Finite (/ mu * ln (rho / (rho - alpha))).
Proof.
  intros rho mu alpha H; unfold hit_time, hit; simpl; destruct (Rlt_dec alpha rho); [|contradiction].
  now rewrite Ropp_minus_distr.
Qed.

Theorem hit_time_deep : forall L rho mu alpha, (2 < L)%nat -> Nat.even L = true -> alpha < rho ->
  hit_time L rho mu alpha
  = Finite ((/ (rho - alpha) ^ (L - 2) - / rho ^ (L - 2)) / (INR (L - 2) * mu)).
Proof.
  intros L rho mu alpha HL He H; unfold hit_time, hit; rewrite He.
  destruct (Rlt_dec alpha rho); [|contradiction]; destruct (Nat.eqb_spec L 2); [lia|].
  now rewrite Ropp_minus_distr.
Qed.

Lemma hit_time_infinite : forall L rho mu alpha, Nat.odd L = true \/ rho <= alpha ->
  hit_time L rho mu alpha = p_infty.
Proof.
  intros L rho mu alpha H; unfold hit_time; destruct (Nat.even L) eqn:He; [|reflexivity].
  destruct (Rlt_dec alpha rho); [|reflexivity]; destruct H; [|lra].
  unfold Nat.odd in H; now rewrite He in H.
Qed.

Theorem blow_up_deep : forall L rho mu alpha, (2 < L)%nat -> rho < alpha ->
  blow_up L rho mu alpha = Finite (/ (INR (L - 2) * mu * (alpha - rho) ^ (L - 2))).
Proof.
  intros L rho mu alpha HL H; unfold blow_up, life; destruct (Rlt_dec rho alpha); [|contradiction].
  destruct (Nat.eqb_spec L 2); [lia|]; destruct (Rlt_dec 0 _) as [|Hn]; [reflexivity|].
  elim Hn; apply pow_lt; lra.
Qed.

Lemma blow_up_infinite : forall L rho mu alpha, L = 2%nat \/ alpha <= rho -> blow_up L rho mu alpha = p_infty.
Proof.
  intros L rho mu alpha H; unfold blow_up, life; destruct (Rlt_dec rho alpha); [|reflexivity].
  destruct H as [->|]; [reflexivity | lra].
Qed.

(* L = 2: w(s) = rho + (alpha - rho) e^(mu s) until the hitting time. *)
Theorem w_inf_depth2 : forall rho mu alpha (s : R), Rbar_lt s (hit_time 2 rho mu alpha) ->
  w_inf 2 rho mu alpha s = rho + (alpha - rho) * exp (mu * s).
Proof. intros; now rewrite w_inf_before. Qed.

(* L >= 3: |w(s) - rho| = (u0^-m -/+ m mu s)^(-1/m), m = L - 2, u0 = |alpha - rho|: minus above rho and for
   even L, plus for alpha < rho and L odd; w - rho has the sign of alpha - rho. *)
Theorem w_inf_deep : forall L rho mu alpha (s : R), (2 < L)%nat -> 0 < mu -> 0 < rho -> 0 < alpha ->
  alpha <> rho -> 0 <= s -> Rbar_lt s (hit_time L rho mu alpha) -> Rbar_lt s (blow_up L rho mu alpha) ->
  w_inf L rho mu alpha s = rho + sign (alpha - rho) * Rpower
    (/ Rabs (alpha - rho) ^ (L - 2) - sign ((alpha - rho) ^ (L - 2)) * (INR (L - 2) * mu * s))
    (- / INR (L - 2)).
Proof.
  intros L rho mu alpha s HL Hmu Hrho Ha Hne Hs Hh Hb; rewrite w_inf_before by auto; f_equal.
  destruct (before_both L rho mu alpha s ltac:(lia) Hmu Hrho Ha Hs Hh Hb) as [Hlife _].
  rewrite <- offset_deep_form by (auto; lra).
  destruct (Rdichotomy _ _ Hne) as [H|H].
  - rewrite sign_eq_m1, Rabs_left; [ring | apply offset_neg; lra | lra].
  - rewrite sign_eq_1, Rabs_pos_eq; [ring | left; apply offset_pos; lra | lra].
Qed.

(* ---------- the three fates ---------- *)

Lemma beta_balanced : forall L w j, beta L (balanced w) j = w j ^ L.
Proof. intros; exact (vprod_const L (w j)). Qed.

(* THEOREM 3.2, coordinate by coordinate: a balanced solution (Filippov through 0) of coordinate j from
   alpha > 0, on its whole life [0, T), T = blow-up time (finite only for L >= 3, alpha > rho):
   alpha < rho, L even: positive before the hitting time, exactly 0 from then on, beta_j -> 0;
   alpha < rho, L odd: always positive, beta_j -> rho^L;
   alpha = rho: constant;   alpha > rho: beta_j -> +oo as s -> T. *)
Theorem thm_3_2_fates : forall rho L d mu j w alpha,
  (2 <= L)%nat -> (j < d)%nat -> 0 < mu j -> 0 < rho -> 0 < alpha ->
  filippov_coord rho L d mu j (blow_up L rho (mu j) alpha) w -> w 0 j = alpha ->
  let T := blow_up L rho (mu j) alpha in
  let b := fun s => beta L (balanced (w s)) j in
  (alpha < rho -> Nat.even L = true -> T = p_infty /\ tends_to T b 0 /\
     exists h, 0 < h /\ hit_time L rho (mu j) alpha = Finite h /\
       (forall s, 0 <= s < h -> 0 < w s j) /\ (forall s, h <= s -> w s j = 0)) /\
  (alpha < rho -> Nat.odd L = true -> T = p_infty /\ tends_to T b (rho ^ L) /\ forall s, 0 <= s ->
    0 < w s j) /\
  (alpha = rho -> T = p_infty /\ forall s, 0 <= s -> b s = rho ^ L) /\
  (rho < alpha -> diverges T b).
Proof.
  intros rho L d mu j w alpha HL Hj Hmu Hrho Ha Hw H0 T b.
  assert (HT : Rbar_lt 0 T).
  { unfold T, blow_up; destruct (Rlt_dec rho alpha); [now apply life_pos | exact I]. }
  assert (Hcf : forall s, until T s -> w s j = w_inf L rho (mu j) alpha s).
  { intros s Hs; apply (thm_3_2_sliding_unique rho L d mu j T w alpha); auto; apply Hs. }
  assert (Hb : forall s, until T s -> w_inf L rho (mu j) alpha s ^ L = b s).
  { intros s Hs; unfold b; now rewrite beta_balanced, Hcf. }
  assert (Hpos : forall s, until T s -> Rbar_lt s (hit_time L rho (mu j) alpha) ->
    0 < w_inf L rho (mu j) alpha s).
  { intros s Hs Hh; rewrite w_inf_before by auto; apply before_both; auto; apply Hs. }
  repeat split.
  - apply blow_up_infinite; lra.
  - assert (ET : T = p_infty) by (apply blow_up_infinite; lra).
    destruct (offset_at_hit L (mu j) (alpha - rho) rho HL H1 Hmu ltac:(lra)) as [_ [Hh _]].
    intros P HP; exists (hit L (mu j) (alpha - rho) rho); rewrite ET; split; [split; [lra | exact I]|].
    intros s Hs _; replace (b s) with 0; [now apply locally_singleton|].
    rewrite <- Hb by (rewrite ET; split; [lra | exact I]); rewrite w_inf_after, pow_i; [reflexivity | lia|].
    unfold hit_time; rewrite H1; destruct (Rlt_dec alpha rho); [exact Hs | contradiction].
  - assert (ET : T = p_infty) by (apply blow_up_infinite; lra).
    destruct (offset_at_hit L (mu j) (alpha - rho) rho HL H1 Hmu ltac:(lra)) as [_ [Hh _]].
    assert (Eh : hit_time L rho (mu j) alpha = Finite (hit L (mu j) (alpha - rho) rho)).
    { unfold hit_time; rewrite H1; destruct (Rlt_dec alpha rho); [reflexivity | contradiction]. }
    exists (hit L (mu j) (alpha - rho) rho); split; [auto | split; [auto | split]].
    + intros s Hs; rewrite Hcf by (rewrite ET; split; [lra | exact I]).
      apply Hpos; [rewrite ET; split; [lra | exact I] | rewrite Eh; simpl; lra].
    + intros s Hs; rewrite Hcf by (rewrite ET; split; [lra | exact I]).
      apply w_inf_after; rewrite Eh; simpl; lra.
  - apply blow_up_infinite; lra.
  - assert (ET : T = p_infty) by (apply blow_up_infinite; lra).
    apply (tends_to_ext T (fun s => (rho + offset L (mu j) (alpha - rho) s) ^ L)); auto.
    { intros s Hs; rewrite <- Hb, w_inf_before; auto; rewrite hit_time_infinite; auto; exact I. }
    rewrite ET; apply tends_to_pow; apply (eq_ind (rho + 0) (tends_to p_infty _)); [|ring].
    apply tends_to_plus; [exact I | now apply tends_to_const|].
    apply offset_rises_to_0; auto; lra.
  - intros s Hs.
    assert (HsT : until T s) by (unfold T; rewrite blow_up_infinite by lra; split; [auto | exact I]).
    rewrite Hcf by auto; apply Hpos; auto; rewrite hit_time_infinite by auto; exact I.
  - apply blow_up_infinite; lra.
  - intros s Hs.
    assert (HsT : until T s) by (unfold T; rewrite blow_up_infinite by lra; split; [auto | exact I]).
    rewrite <- Hb, w_inf_before by (auto; rewrite hit_time_infinite by lra; exact I).
    rewrite H; replace (rho - rho) with 0 by ring; now rewrite offset_zero, Rplus_0_r.
  - intros Har; assert (ET : T = life L (mu j) (alpha - rho)).
    { unfold T, blow_up; destruct (Rlt_dec rho alpha); [reflexivity | contradiction]. }
    apply (diverges_ext T (fun s => w_inf L rho (mu j) alpha s ^ L)); auto.
    apply diverges_pow; [lia|].
    apply (diverges_le T (offset L (mu j) (alpha - rho))); auto.
    + intros s Hs; rewrite w_inf_before by (rewrite hit_time_infinite by lra; exact I); lra.
    + rewrite ET; apply offset_diverges; auto; lra.
Qed.

(* Nothing lives beyond the blow-up: a solution of coordinate j on [0, T) from alpha > rho has
   T <= 1/((L-2) mu_j (alpha - rho)^(L-2)), for L >= 3. *)
Theorem thm_3_2_no_longer : forall rho L d mu j T th alpha,
  (2 < L)%nat -> (j < d)%nat -> 0 < mu j -> 0 < rho -> rho < alpha ->
  coord_solves rho L d mu j T th -> (forall l, (l < L)%nat -> th 0 l j = alpha) ->
  Rbar_le T (/ (INR (L - 2) * mu j * (alpha - rho) ^ (L - 2))).
Proof.
  intros rho L d mu j T th alpha HL Hj Hmu Hrho Ha Hth H0.
  set (B := / (INR (L - 2) * mu j * (alpha - rho) ^ (L - 2))).
  assert (EB : blow_up L rho (mu j) alpha = Finite B) by now apply blow_up_deep.
  assert (HB : 0 < B).
  { apply Rinv_0_lt_compat; repeat apply Rmult_lt_0_compat; auto; [now apply INR_m_pos | apply pow_lt; lra]. }
  destruct (Rbar_le_lt_dec T B) as [|Hlt]; auto; exfalso.
  assert (HBT : forall s : R, 0 <= s <= B -> until T s).
  { intros s Hs; split; [lra|]; apply Rbar_le_lt_trans with (2 := Hlt); simpl; lra. }
  assert (Hc : continuous (fun x => th x 0%nat j) B).
  { eapply is_derive_continuous, Hth; [apply HBT; lra | lia]. }
  assert (Hlim := tends_to_continuous B (fun x => th x 0%nat j) HB Hc).
  assert (Hdiv : diverges B (fun x => th x 0%nat j)).
  { apply (diverges_le B (offset L (mu j) (alpha - rho))); [exact HB | |].
    - intros s [Hs1 Hs2]; simpl in Hs2; destruct (thm_3_2_closed_form rho L d mu j T th alpha)
      with s 0%nat as [E _];
        auto; try lia; try lra; [apply HBT; lra | | rewrite EB; exact Hs2 |].
      + rewrite hit_time_infinite by lra; exact I.
      + rewrite E, w_inf_before by (rewrite hit_time_infinite by lra; exact I); lra.
    - replace (Finite B) with (life L (mu j) (alpha - rho)).
      + apply offset_diverges; auto; [lia | lra].
      + rewrite <- EB; unfold blow_up; destruct (Rlt_dec rho alpha); [reflexivity | contradiction]. }
  destruct (proj1 (tends_to_spec B _ _) Hlim 1 Rlt_0_1) as [s1 [H1 Hs1]].
  destruct (proj1 (diverges_spec B _) Hdiv (th B 0%nat j + 1)) as [s2 [H2 Hs2]].
  assert (Hm : Rbar_lt (Rmax s1 s2) B) by (simpl; apply Rmax_lub_lt; [apply H1 | apply H2]).
  specialize (Hs1 _ (Rmax_l s1 s2) Hm); specialize (Hs2 _ (Rmax_r s1 s2) Hm).
  apply Rabs_def2 in Hs1; lra.
Qed.
