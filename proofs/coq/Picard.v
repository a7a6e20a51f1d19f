(* Existence of a solution of one scalar equation X' = F(q, X), X(0) = 0, on the whole line q >= 0, for a
   field that is bounded and Lipschitz in X (Picard's iteration, with the weight exp(2 Lam q)); and the
   comparison of two solutions.  A tool for Reduction_exists.v; nothing here is about networks. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Monotone.
Open Scope R_scope.

(* A sequence whose steps halve has a limit, with the usual bound. *)
Lemma halving_limit : forall (u : nat -> R) D,
  (forall n, Rabs (u (S n) - u n) <= D / 2 ^ n) ->
  exists l : R, is_lim_seq u l /\ forall n, Rabs (l - u n) <= 2 * D / 2 ^ n.
Proof.
  intros u D H.
  assert (P : forall n, 0 < 2 ^ n) by (intros; apply pow_lt; lra).
  assert (Half : forall n, 2 * D / 2 ^ S n = D / 2 ^ n).
  { intros n; simpl; field. specialize (P n); lra. }
  assert (D0 : 0 <= D).
  { specialize (H 0%nat); simpl in H. assert (Q := Rabs_pos (u 1%nat - u 0%nat)). lra. }
  assert (Up : forall n k, u (n + k)%nat + 2 * D / 2 ^ (n + k) <= u n + 2 * D / 2 ^ n).
  { induction k; [rewrite Nat.add_0_r; lra|].
    rewrite Nat.add_succ_r, Half. specialize (H (n + k)%nat).
    assert (Q := Rle_abs (u (S (n + k)) - u (n + k)%nat)).
    replace (2 * D / 2 ^ (n + k)) with (D / 2 ^ (n + k) + D / 2 ^ (n + k)) in IHk
      by (field; specialize (P (n + k)%nat); lra). lra. }
  assert (Lo : forall n k, u n - 2 * D / 2 ^ n <= u (n + k)%nat - 2 * D / 2 ^ (n + k)).
  { induction k; [rewrite Nat.add_0_r; lra|].
    rewrite Nat.add_succ_r, Half. specialize (H (n + k)%nat).
    assert (Q := Rle_abs (- (u (S (n + k)) - u (n + k)%nat))). rewrite Rabs_Ropp in Q.
    replace (2 * D / 2 ^ (n + k)) with (D / 2 ^ (n + k) + D / 2 ^ (n + k)) in IHk
      by (field; specialize (P (n + k)%nat); lra). lra. }
  assert (Pos : forall n, 0 <= 2 * D / 2 ^ n).
  { intros n; apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]. }
  assert (Cross : forall n m, u n - 2 * D / 2 ^ n <= u m + 2 * D / 2 ^ m).
  { intros n m. specialize (Lo n m); specialize (Up m n). rewrite (Nat.add_comm m n) in Up.
    specialize (Pos (n + m)%nat). lra. }
  destruct (completeness (fun x => exists n, x = u n - 2 * D / 2 ^ n)) as [l [Hub Hlub]].
  { exists (u 0%nat + 2 * D / 2 ^ 0); intros x [n ->]; apply Cross. }
  { exists (u 0%nat - 2 * D / 2 ^ 0); now exists 0%nat. }
  assert (B : forall n, Rabs (l - u n) <= 2 * D / 2 ^ n).
  { intros n. assert (u n - 2 * D / 2 ^ n <= l) by (apply Hub; now exists n).
    assert (l <= u n + 2 * D / 2 ^ n) by (apply Hlub; intros x [m ->]; apply Cross).
    apply Rabs_le; lra. }
  exists l; split; [|exact B].
  assert (G : is_lim_seq (fun n => 2 * D / 2 ^ n) 0).
  { apply is_lim_seq_ext with (fun n => 2 * D * (/ 2) ^ n).
    { intros n; unfold Rdiv; rewrite pow_inv; reflexivity. }
    replace (Finite 0) with (Rbar_mult (2 * D) 0) by (simpl; f_equal; ring).
    apply is_lim_seq_scal_l, is_lim_seq_geom. rewrite Rabs_pos_eq; lra. }
  apply is_lim_seq_le_le with (fun n => l - 2 * D / 2 ^ n) (fun n => l + 2 * D / 2 ^ n).
  - intros n. specialize (B n). apply Rabs_le_between in B. lra.
  - replace (Finite l) with (Finite (l - 0)) by (f_equal; ring).
    apply is_lim_seq_minus'; [apply is_lim_seq_const|exact G].
  - replace (Finite l) with (Finite (l + 0)) by (f_equal; ring).
    apply is_lim_seq_plus'; [apply is_lim_seq_const|exact G].
Qed.

(* The integral of a continuous function from 0. *)
Lemma RInt_deriv : forall (h : R -> R) q, (forall y, continuous h y) ->
  is_derive (fun x => RInt h 0 x) q (h q).
Proof.
  intros h q Hc; apply (is_derive_RInt h (fun x => RInt h 0 x) 0 q); [|apply Hc].
  apply filter_forall; intros x; apply (RInt_correct h), (ex_RInt_continuous h); intros; apply Hc.
Qed.

(* The weighted bound that makes Picard's map a contraction. *)
Lemma RInt_weighted : forall (h : R -> R) A Lam q, 0 < Lam -> 0 <= q -> (forall y, continuous h y) ->
  (forall y, 0 <= y -> Rabs (h y) <= A * exp (2 * Lam * y)) ->
  Rabs (RInt h 0 q) <= A / (2 * Lam) * exp (2 * Lam * q).
Proof.
  intros h A Lam q HL Hq Hc Hb.
  assert (A0 : 0 <= A).
  { specialize (Hb 0 (Rle_refl 0)). rewrite Rmult_0_r, exp_0 in Hb.
    assert (Q := Rabs_pos (h 0)). lra. }
  assert (DE : forall x, is_derive (fun x => A / (2 * Lam) * exp (2 * Lam * x)) x (A * exp (2 * Lam * x))).
  { intros x; auto_derive; [exact I|field; lra]. }
  assert (S0 : forall sg, sg = 1 \/ sg = -1 -> sg * RInt h 0 q <= A / (2 * Lam) * exp (2 * Lam * q)).
  { intros sg Hsg.
    set (f := fun x => A / (2 * Lam) * exp (2 * Lam * x) - sg * RInt h 0 x).
    assert (f 0 <= f q).
    { apply (derive_nonneg_le f (fun x => A * exp (2 * Lam * x) - sg * h x)); auto.
      - intros x Hx. apply (is_derive_minus (fun x => A / (2 * Lam) * exp (2 * Lam * x))
          (fun x => sg * RInt h 0 x)); [apply DE|].
        apply (is_derive_scal (fun x => RInt h 0 x)), RInt_deriv, Hc.
      - intros x Hx. specialize (Hb x ltac:(lra)). apply Rabs_le_between in Hb.
        destruct Hsg as [->| ->]; lra. }
    unfold f in H; rewrite RInt_point in H; unfold zero in H; simpl in H.
    rewrite Rmult_0_r, exp_0 in H.
    assert (0 <= A / (2 * Lam)) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; lra]). lra. }
  assert (S1 := S0 1 ltac:(lra)); assert (S2 := S0 (-1) ltac:(lra)). apply Rabs_le; lra.
Qed.

Section Picard.
Context (F : R -> R -> R) (B Lam : R).

Fixpoint picard (n : nat) : R -> R :=
  match n with
  | O => fun _ => 0
  | S m => fun q => RInt (fun y => F y (picard m y)) 0 (Rmax 0 q)
  end.
Definition picard_limit (q : R) : R := real (Lim_seq (fun n => picard n q)).

(* What is asked of the field.  [continuous_along]: F is continuous along continuous curves. *)
Definition lipschitz := 0 < Lam /\ forall q x y, Rabs (F q x - F q y) <= Lam * Rabs (x - y).
Definition bounded := forall q x, Rabs (F q x) <= B.
Definition continuous_along := forall u q, continuous u q -> continuous (fun y => F y (u y)) q.

Context (HL : lipschitz) (HB : bounded) (HC : continuous_along).

Lemma lipschitz_continuous : forall (f : R -> R) M,
  (forall x y, Rabs (f x - f y) <= M * Rabs (x - y)) -> forall x, continuous f x.
Proof.
  intros f M Hf x.
  assert (M0 : 0 <= M).
  { specialize (Hf 1 0). replace (1 - 0) with 1 in Hf by ring. rewrite Rabs_R1 in Hf.
    assert (Q := Rabs_pos (f 1 - f 0)). lra. }
  apply continuity_pt_filterlim; intros eps He.
  exists (eps / (M + 1)); split; [apply Rdiv_lt_0_compat; lra|].
  intros y [_ Hy]; simpl in *; unfold R_dist in *.
  apply Rle_lt_trans with (1 := Hf y x).
  apply Rle_lt_trans with ((M + 1) * Rabs (y - x)).
  - apply Rmult_le_compat_r; [apply Rabs_pos|lra].
  - apply Rmult_lt_reg_r with (/ (M + 1)); [apply Rinv_0_lt_compat; lra|].
    replace ((M + 1) * Rabs (y - x) * / (M + 1)) with (Rabs (y - x)) by (field; lra). exact Hy.
Qed.

Lemma Rmax_0_lip : forall x y, Rabs (Rmax 0 x - Rmax 0 y) <= Rabs (x - y).
Proof.
  intros x y; unfold Rmax; destruct (Rle_dec 0 x), (Rle_dec 0 y); unfold Rabs;
  repeat destruct Rcase_abs; lra.
Qed.

Lemma integral_lip : forall h, (forall y, continuous h y) -> (forall y, Rabs (h y) <= B) ->
  forall x y, Rabs (RInt h 0 (Rmax 0 x) - RInt h 0 (Rmax 0 y)) <= B * Rabs (x - y).
Proof.
  intros h Hc Hb.
  assert (L : forall x y, x <= y -> Rabs (RInt h 0 x - RInt h 0 y) <= B * (y - x)).
  { intros x y Hxy.
    assert (U := derive_le_line (fun z => RInt h 0 z) h B x y Hxy
      (fun z _ => RInt_deriv h z Hc) (fun z _ => proj2 (proj1 (Rabs_le_between _ _) (Hb z)))).
    assert (D := derive_ge_line (fun z => RInt h 0 z) h (- B) x y Hxy
      (fun z _ => RInt_deriv h z Hc) (fun z _ => proj1 (proj1 (Rabs_le_between _ _) (Hb z)))).
    simpl in U, D. apply Rabs_le; lra. }
  assert (B0 : 0 <= B) by (assert (Q := Rabs_pos (h 0)); specialize (Hb 0); lra).
  intros x y. apply Rle_trans with (B * Rabs (Rmax 0 x - Rmax 0 y)).
  - destruct (Rle_lt_dec (Rmax 0 x) (Rmax 0 y)) as [Hx|Hx].
    + rewrite (Rabs_left1 (Rmax 0 x - Rmax 0 y)) by lra.
      replace (- (Rmax 0 x - Rmax 0 y)) with (Rmax 0 y - Rmax 0 x) by ring. now apply L.
    + rewrite Rabs_minus_sym, (Rabs_pos_eq (Rmax 0 x - Rmax 0 y)) by lra. apply L; lra.
  - apply Rmult_le_compat_l; [exact B0|apply Rmax_0_lip].
Qed.

Lemma picard_lip : forall n x y, Rabs (picard n x - picard n y) <= B * Rabs (x - y).
Proof.
  assert (B0 : 0 <= B) by (assert (Q := Rabs_pos (F 0 0)); assert (R0 := HB 0 0); lra).
  induction n; intros x y; simpl.
  - rewrite Rminus_0_r, Rabs_R0. apply Rmult_le_pos; [lra|apply Rabs_pos].
  - apply (integral_lip (fun y => F y (picard n y))); [|intros; apply HB].
    intros z; apply HC. apply lipschitz_continuous with B; exact IHn.
Qed.

Lemma picard_continuous : forall n q, continuous (picard n) q.
Proof. intros n q; apply lipschitz_continuous with B, picard_lip. Qed.

Lemma along_picard : forall n q, continuous (fun y => F y (picard n y)) q.
Proof. intros; apply HC, picard_continuous. Qed.

Lemma RInt_diff : forall f g q, (forall y, continuous f y) -> (forall y, continuous g y) ->
  RInt f 0 q - RInt g 0 q = RInt (fun y => f y - g y) 0 q.
Proof.
  intros f g q Hf Hg; symmetry.
  apply (RInt_minus f g 0 q); apply (ex_RInt_continuous (V := R_CompleteNormedModule)); auto.
Qed.

Lemma continuous_diff : forall (f g : R -> R) q, continuous f q -> continuous g q ->
  continuous (fun y => f y - g y) q.
Proof. intros f g q Hf Hg; exact (continuous_minus f g q Hf Hg). Qed.

Lemma picard_step : forall n q, 0 <= q ->
  Rabs (picard (S n) q - picard n q) <= B / (2 * Lam) / 2 ^ n * exp (2 * Lam * q).
Proof.
  destruct HL as [L0 HLip].
  assert (Rm : forall q, 0 <= q -> Rmax 0 q = q) by (intros; now apply Rmax_right).
  induction n; intros q Hq.
  - simpl; rewrite Rminus_0_r, Rm by exact Hq.
    replace (B / (2 * Lam) / 1) with (B / (2 * Lam)) by (field; lra).
    apply RInt_weighted; auto; [intros y; apply (along_picard 0)|].
    intros y Hy. apply Rle_trans with (1 := HB y 0).
    assert (1 <= exp (2 * Lam * y)).
    { rewrite <- exp_0. apply exp_le. apply Rmult_le_pos; lra. }
    assert (B0 : 0 <= B) by (assert (Q := Rabs_pos (F 0 0)); assert (R0 := HB 0 0); lra).
    rewrite <- (Rmult_1_r B) at 1. apply Rmult_le_compat_l; lra.
  - change (picard (S (S n)) q) with (RInt (fun y => F y (picard (S n) y)) 0 (Rmax 0 q)).
    change (picard (S n) q) with (RInt (fun y => F y (picard n y)) 0 (Rmax 0 q)).
    rewrite Rm, RInt_diff by (auto; apply along_picard).
    assert (P : 0 < 2 ^ n) by (apply pow_lt; lra).
    replace (B / (2 * Lam) / 2 ^ S n) with (Lam * (B / (2 * Lam) / 2 ^ n) / (2 * Lam))
      by (simpl; field; lra).
    apply RInt_weighted; auto.
    + intros y. apply continuous_diff; apply along_picard.
    + intros y Hy. apply Rle_trans with (1 := HLip _ _ _).
      rewrite Rmult_assoc; apply Rmult_le_compat_l; [lra|]. now apply IHn.
Qed.

Lemma picard_limit_bound : forall n q, 0 <= q ->
  Rabs (picard_limit q - picard n q) <= 2 * (B / (2 * Lam) * exp (2 * Lam * q)) / 2 ^ n.
Proof.
  intros n q Hq.
  destruct (halving_limit (fun n => picard n q) (B / (2 * Lam) * exp (2 * Lam * q))) as [l [Hl Hb]].
  - intros m. apply Rle_trans with (1 := picard_step m q Hq). right; unfold Rdiv; ring.
  - unfold picard_limit; rewrite (is_lim_seq_unique _ _ Hl); apply Hb.
Qed.

Lemma picard_limit_neg : forall q, q <= 0 -> picard_limit q = 0.
Proof.
  intros q Hq; unfold picard_limit.
  rewrite (Lim_seq_ext _ (fun _ => 0)); [rewrite Lim_seq_const; reflexivity|].
  intros [|n]; simpl; [reflexivity|]. rewrite Rmax_left by exact Hq. exact (RInt_point 0 _).
Qed.

Lemma picard_limit_is : forall q, is_lim_seq (fun n => picard n q) (picard_limit q).
Proof.
  intros q. destruct (Rle_lt_dec q 0) as [Hq|Hq].
  - rewrite picard_limit_neg by exact Hq.
    apply is_lim_seq_ext with (fun _ => 0); [|apply is_lim_seq_const].
    intros [|n]; simpl; [reflexivity|]. rewrite Rmax_left by exact Hq. symmetry; exact (RInt_point 0 _).
  - destruct (halving_limit (fun n => picard n q) (B / (2 * Lam) * exp (2 * Lam * q))) as [l [Hl Hb]].
    + intros m. apply Rle_trans with (1 := picard_step m q (Rlt_le _ _ Hq)). right; unfold Rdiv; ring.
    + unfold picard_limit; rewrite (is_lim_seq_unique _ _ Hl); exact Hl.
Qed.

Lemma picard_limit_lip : forall x y, Rabs (picard_limit x - picard_limit y) <= B * Rabs (x - y).
Proof.
  intros x y.
  assert (H : is_lim_seq (fun n => Rabs (picard n x - picard n y)) (Rabs (picard_limit x - picard_limit y))).
  { apply (is_lim_seq_abs _ (Finite (picard_limit x - picard_limit y))).
    apply is_lim_seq_minus'; apply picard_limit_is. }
  apply (is_lim_seq_le _ (fun _ => B * Rabs (x - y)) _ _ (fun n => picard_lip n x y) H (is_lim_seq_const _)).
Qed.

Lemma along_limit : forall q, continuous (fun y => F y (picard_limit y)) q.
Proof. intros; apply HC, lipschitz_continuous with B, picard_limit_lip. Qed.

Lemma picard_fixed : forall q, 0 <= q -> picard_limit q = RInt (fun y => F y (picard_limit y)) 0 q.
Proof.
  intros q Hq. destruct HL as [L0 HLip].
  set (E := B / (2 * Lam)).
  assert (Bd : forall n, Rabs (picard_limit q - RInt (fun y => F y (picard_limit y)) 0 q)
    <= (2 * (E * exp (2 * Lam * q)) + 2 * (E * exp (2 * Lam * q))) * (/ 2) ^ n).
  { intros n. assert (P : 0 < 2 ^ n) by (apply pow_lt; lra).
    replace (picard_limit q - RInt (fun y => F y (picard_limit y)) 0 q) with
      ((picard_limit q - picard (S n) q)
       + (picard (S n) q - RInt (fun y => F y (picard_limit y)) 0 q)) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _). rewrite Rmult_plus_distr_r. apply Rplus_le_compat.
    - apply Rle_trans with (1 := picard_limit_bound (S n) q Hq). fold E.
      assert (0 <= E * exp (2 * Lam * q)).
      { assert (Q := Rabs_pos (picard 1 q - picard 0 q)). assert (Q' := picard_step 0 q Hq).
        fold E in Q'. simpl pow in Q'. lra. }
      simpl. rewrite pow_inv. unfold Rdiv; rewrite Rinv_mult.
      assert (0 < / 2 ^ n) by now apply Rinv_0_lt_compat. nra.
    - change (picard (S n) q) with (RInt (fun y => F y (picard n y)) 0 (Rmax 0 q)).
      rewrite Rmax_right, RInt_diff by (auto; intros; apply along_picard || apply along_limit).
      replace (2 * (E * exp (2 * Lam * q)) * (/ 2) ^ n) with
        (Lam * (4 * E * (/ 2) ^ n) / (2 * Lam) * exp (2 * Lam * q)) by (field; lra).
      apply RInt_weighted; auto.
      + intros y; apply continuous_diff; [apply along_picard|apply along_limit].
      + intros y Hy. apply Rle_trans with (1 := HLip _ _ _).
        rewrite Rmult_assoc; apply Rmult_le_compat_l; [lra|].
        rewrite Rabs_minus_sym. apply Rle_trans with (1 := picard_limit_bound n y Hy). fold E.
        assert (0 <= E * exp (2 * Lam * y)).
        { assert (Q := Rabs_pos (picard 1 y - picard 0 y)). assert (Q' := picard_step 0 y Hy).
          fold E in Q'. simpl pow in Q'. lra. }
        rewrite pow_inv. unfold Rdiv.
        assert (0 < / 2 ^ n) by now apply Rinv_0_lt_compat. nra. }
  assert (Z : Rabs (picard_limit q - RInt (fun y => F y (picard_limit y)) 0 q) <= 0).
  { set (C := 2 * (E * exp (2 * Lam * q)) + 2 * (E * exp (2 * Lam * q))) in *.
    apply (is_lim_seq_le (fun _ => Rabs (picard_limit q - RInt (fun y => F y (picard_limit y)) 0 q))
      (fun n => C * (/ 2) ^ n) _ 0 Bd (is_lim_seq_const _)).
    replace (Finite 0) with (Rbar_mult C 0) by (simpl; f_equal; ring).
    apply is_lim_seq_scal_l, is_lim_seq_geom. rewrite Rabs_pos_eq; lra. }
  assert (Q := Rabs_pos (picard_limit q - RInt (fun y => F y (picard_limit y)) 0 q)).
  assert (Rabs (picard_limit q - RInt (fun y => F y (picard_limit y)) 0 q) = 0) as H by lra.
  destruct (Req_dec (picard_limit q - RInt (fun y => F y (picard_limit y)) 0 q) 0) as [H0|H0]; [lra|].
  now apply Rabs_no_R0 in H0.
Qed.

Definition picard_solution (q : R) : R := RInt (fun y => F y (picard_limit y)) 0 q.

Theorem picard_solution_solves : picard_solution 0 = 0 /\
  forall q, 0 <= q -> is_derive picard_solution q (F q (picard_solution q)).
Proof.
  split; [exact (RInt_point 0 _)|].
  intros q Hq; unfold picard_solution at 2; rewrite <- picard_fixed by exact Hq.
  apply (RInt_deriv (fun y => F y (picard_limit y))), along_limit.
Qed.
End Picard.

(* Two functions whose derivatives differ by at most Lam |difference| + eps. *)
Lemma gronwall : forall (X Y dX dY : R -> R) Lam eps eta a b, 0 < Lam -> a <= b ->
  eps < Lam * eta -> Rabs (X a - Y a) < eta ->
  (forall q, a <= q <= b -> is_derive X q (dX q)) -> (forall q, a <= q <= b -> is_derive Y q (dY q)) ->
  (forall q, a <= q <= b -> Rabs (dX q - dY q) <= Lam * Rabs (X q - Y q) + eps) ->
  Rabs (X b - Y b) <= eta * exp (2 * Lam * (b - a)).
Proof.
  intros X Y dX dY Lam eps eta a b HL Hab Heps H0 HX HY HD.
  assert (S0 : forall sg, sg = 1 \/ sg = -1 -> 0 <= eta * exp (2 * Lam * (b - a)) - sg * (X b - Y b)).
  { intros sg Hsg.
    apply (barrier (fun q => eta * exp (2 * Lam * (q - a)) - sg * (X q - Y q))
      (fun q => 2 * Lam * (eta * exp (2 * Lam * (q - a))) - sg * (dX q - dY q)) a b Hab).
    - intros q Hq. apply (is_derive_minus (fun q => eta * exp (2 * Lam * (q - a)))).
      + auto_derive; [exact I|unfold Rminus; ring].
      + apply (is_derive_scal (fun q => X q - Y q)), (is_derive_minus X Y); auto.
    - unfold Rminus at 2; rewrite Rplus_opp_r, Rmult_0_r, exp_0.
      apply Rabs_def2 in H0. destruct Hsg as [->| ->]; lra.
    - intros q Hq Z. specialize (HD q Hq).
      assert (1 <= exp (2 * Lam * (q - a))).
      { rewrite <- exp_0; apply exp_le, Rmult_le_pos; lra. }
      assert (Hp : 0 < eta) by (assert (Q := Rabs_pos (X a - Y a)); lra).
      assert (eta <= eta * exp (2 * Lam * (q - a))).
      { rewrite <- (Rmult_1_r eta) at 1; apply Rmult_le_compat_l; lra. }
      assert (E : Rabs (X q - Y q) = eta * exp (2 * Lam * (q - a))).
      { destruct Hsg as [->| ->]; [rewrite Rabs_pos_eq|rewrite Rabs_left]; lra. }
      rewrite E in HD. apply Rabs_le_between in HD.
      assert (Lam * eta <= Lam * (eta * exp (2 * Lam * (q - a)))) by (apply Rmult_le_compat_l; lra).
      destruct Hsg as [->| ->]; lra. }
  assert (S1 := S0 1 ltac:(lra)); assert (S2 := S0 (-1) ltac:(lra)). apply Rabs_le; lra.
Qed.
