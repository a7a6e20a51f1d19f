(* The exact reduction of 2-SAM at depth 2, one example, to one scalar equation (MATH.md 5.1; page
   proofs/reduction.md).  Used by src/predict/two_sam/reduction.rs (the weights from K) and
   src/predict/two_sam/field.rs (N and the scalar equation), hence by path.rs, leaders.rs, law.rs.

   PROVED, for two layers of any signs, balanced or not, any mu:
   - [reduction_forward]: along EVERY solution of the rescaled flow, with p = w1 + w2 and q = w1 - w2, p_j
     = p_j(0) exp(mu_j s - mu_j^2 K), q_j = q_j(0) exp(-mu_j s - mu_j^2 K), dK/ds = rho/N(s, K);
   - [reduction_backward]: every solution K of that scalar equation gives a solution of the flow;
   What follows for balanced starts (rates, ratios, amplification, balancing): Reduction_balanced.v.
   Existence and uniqueness: Reduction_exists.v (for K), Reduction_flow.v (for the flow).
   NOT here: several examples (there is no such reduction). *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone.
Open Scope R_scope.

(* Solutions of the rescaled 2-SAM flow at depth 2 along which the gradient of the loss never vanishes
   (where it vanishes rho grad/||grad|| has no meaning).
   The layers w1, w2 of the paper are th s 0 and th s 1. *)
Definition two_sam_solution (d : nat) (mu : nat -> R) (rho : R) (T : Rbar) (th : R -> params) : Prop :=
  solves_rescaled (perturb_2 2 d rho) 2 d mu T th /\
  forall s, until T s -> norm2 2 d (grad_loss 2 d mu (th s)) <> 0.

(* The coordinates p_j, q_j and the norm N, as functions of s and K, from p_j(0) = p j and q_j(0) = q j. *)
Definition p_of (mu p : nat -> R) (s K : R) (j : nat) : R := p j * exp (mu j * s - mu j ^ 2 * K).
Definition q_of (mu q : nat -> R) (s K : R) (j : nat) : R := q j * exp (- mu j * s - mu j ^ 2 * K).
Definition N_of (d : nat) (mu p q : nat -> R) (s K : R) : R :=
  sqrt (vsum d (fun j => mu j ^ 2 * ((p_of mu p s K j) ^ 2 + (q_of mu q s K j) ^ 2) / 2)).

(* dK/ds = rho/N(s, K), K(0) = 0, on [0, T) *)
Definition scalar_solution (d : nat) (mu p q : nat -> R) (rho : R) (T : Rbar) (K : R -> R) : Prop :=
  K 0 = 0 /\ forall s, until T s -> is_derive K s (rho / N_of d mu p q s (K s)).

(* ---------- N ---------- *)

Lemma norm_depth2_pq : forall d mu th p q,
  (forall j, (j < d)%nat -> th 0%nat j + th 1%nat j = p j /\ th 0%nat j - th 1%nat j = q j) ->
  norm_depth2 d mu th = sqrt (vsum d (fun j => mu j ^ 2 * (p j ^ 2 + q j ^ 2) / 2)).
Proof.
  intros d mu th p q H; unfold norm_depth2; f_equal; apply vsum_ext; intros j Hj.
  destruct (H j Hj) as [<- <-]; field.
Qed.

Lemma norm_grad_loss_depth2 : forall d mu th,
  norm2 2 d (grad_loss 2 d mu th) <> 0 <-> 0 < norm_depth2 d mu th.
Proof.
  intros; rewrite norm2_grad_loss, norm2_depth2.
  assert (H := sigma_pos (- predictor 2 d mu th)).
  assert (H0 : 0 <= norm_depth2 d mu th) by apply sqrt_pos.
  split; intros H1.
  - destruct H0 as [|E]; [assumption|]. rewrite <- E, Rmult_0_r in H1; now elim H1.
  - apply Rmult_integral_contrapositive; lra.
Qed.

Lemma continuous_norm_depth2 : forall d mu (th : R -> params) s,
  (forall l j, (l < 2)%nat -> (j < d)%nat -> continuous (fun x => th x l j) s) ->
  continuous (fun x => norm_depth2 d mu (th x)) s.
Proof.
  intros d mu th s H; unfold norm_depth2.
  apply (continuous_comp (fun x => vsum d (fun j => mu j ^ 2 * (th x 0%nat j ^ 2 + th x 1%nat j ^ 2))) sqrt).
  - apply (continuous_vsum d (fun j x => mu j ^ 2 * (th x 0%nat j ^ 2 + th x 1%nat j ^ 2))); intros j Hj.
    apply (continuous_scal_r (mu j ^ 2) (fun x => th x 0%nat j ^ 2 + th x 1%nat j ^ 2)).
    apply (continuous_plus (fun x => th x 0%nat j ^ 2) (fun x => th x 1%nat j ^ 2));
      apply (continuous_pow 2); apply H; lia.
  - apply continuous_sqrt.
Qed.

(* ---------- forward ---------- *)

Lemma is_derive_exp_path : forall (K : R -> R) (k C a b s : R), is_derive K s k ->
  is_derive (fun x => C * exp (a * x - b * K x)) s ((a - b * k) * (C * exp (a * s - b * K s))).
Proof.
  intros K k C a b s HK; auto_derive; [eexists; eassumption|].
  rewrite (is_derive_unique (fun x : R => K x) s k HK); unfold Rminus; ring.
Qed.

Lemma is_derive_eq : forall (f : R -> R) (x l l' : R), is_derive f x l -> l = l' -> is_derive f x l'.
Proof. intros f x l l' H <-; exact H. Qed.

(* y' = (a - b K') y is solved by an exponential. *)
Lemma exponential_solution : forall (y K dK : R -> R) a b T, K 0 = 0 ->
  (forall s, until T s -> is_derive K s (dK s)) ->
  (forall s, until T s -> is_derive y s ((a - b * dK s) * y s)) ->
  forall s, until T s -> y s = y 0 * exp (a * s - b * K s).
Proof.
  intros y K dK a b T K0 HK Hy s Hs.
  set (e := fun x => 1 * exp (- a * x - - b * K x)).
  assert (C : y s * e s = y 0 * e 0).
  { apply (constant_on (fun x => y x * e x) T); [|exact Hs]; intros x Hx.
    apply is_derive_eq with (1 := is_derive_mult y e x _ _ (Hy x Hx)
      (is_derive_exp_path K (dK x) 1 (- a) (- b) x (HK x Hx)) Rmult_comm).
    unfold plus, mult, e; simpl; ring. }
  unfold e in C; rewrite K0, !Rmult_0_r, Rminus_0_r, exp_0, !Rmult_1_r, Rmult_1_l in C.
  rewrite <- C, Rmult_assoc, <- exp_plus.
  replace (- a * s - - b * K s + (a * s - b * K s)) with 0 by ring; rewrite exp_0; ring.
Qed.

(* MATH.md 5.1: along every solution (any signs) there is K with K(0) = 0, dK/ds = rho/N(s, K), namely K(s)
   = integral_0^s rho/||grad <mu, beta>||, and w1_j + w2_j = p_j(0) exp(mu_j s - mu_j^2 K),  w1_j - w2_j =
   q_j(0) exp(-mu_j s - mu_j^2 K). *)
Theorem reduction_forward : forall d mu rho T th, two_sam_solution d mu rho T th ->
  let p := fun j => th 0 0%nat j + th 0 1%nat j in
  let q := fun j => th 0 0%nat j - th 0 1%nat j in
  exists K, scalar_solution d mu p q rho T K /\
    (forall s, until T s -> K s = RInt (fun y => rho / norm2 2 d (grad_pred 2 d mu (th y))) 0 s) /\
    forall s, until T s ->
      norm2 2 d (grad_pred 2 d mu (th s)) = N_of d mu p q s (K s) /\
      forall j, (j < d)%nat ->
        th s 0%nat j + th s 1%nat j = p j * exp (mu j * s - mu j ^ 2 * K s) /\
        th s 0%nat j - th s 1%nat j = q j * exp (- mu j * s - mu j ^ 2 * K s).
Proof.
  intros d mu rho T th [Hsol HN] p q.
  assert (HN' : forall s, until T s -> 0 < norm_depth2 d mu (th s)).
  { intros s Hs; apply norm_grad_loss_depth2; auto. }
  set (c := fun y => rho / norm_depth2 d mu (th y)).
  assert (Hc : forall s, until T s -> continuous c s).
  { intros s Hs; unfold c, Rdiv.
    apply (continuous_scal_r rho (fun y => / norm_depth2 d mu (th y))).
    apply (continuous_comp (fun y => norm_depth2 d mu (th y)) Rinv).
    - apply continuous_norm_depth2; intros l j Hl Hj; eapply is_derive_continuous, Hsol; auto.
    - apply continuous_Rinv; specialize (HN' s Hs); lra. }
  destruct (primitive c T Hc) as [K [K0 HK]].
  assert (HP : forall s, until T s -> forall j, (j < d)%nat ->
    th s 0%nat j + th s 1%nat j = p j * exp (mu j * s - mu j ^ 2 * K s) /\
    th s 0%nat j - th s 1%nat j = q j * exp (- mu j * s - mu j ^ 2 * K s)).
  { intros s Hs j Hj.
    assert (D : forall x, until T x ->
      is_derive (fun x => th x 0%nat j) x (mu j * (th x 1%nat j - c x * mu j * th x 0%nat j)) /\
      is_derive (fun x => th x 1%nat j) x (mu j * (th x 0%nat j - c x * mu j * th x 1%nat j))).
    { intros x Hx; destruct (two_field_depth2 rho d mu (th x) j Hj) as [F0 F1].
      assert (D0 := Hsol x Hx 0%nat j ltac:(lia) Hj); assert (D1 := Hsol x Hx 1%nat j ltac:(lia) Hj).
      simpl in D0, D1. rewrite F0 in D0; rewrite F1 in D1. unfold c, Rdiv in *.
      split; [apply is_derive_eq with (1 := D0)|apply is_derive_eq with (1 := D1)]; ring. }
    split.
    - apply (exponential_solution (fun x => th x 0%nat j + th x 1%nat j) K c (mu j) (mu j ^ 2) T); auto.
      intros x Hx; destruct (D x Hx) as [D0 D1].
      apply is_derive_eq with (1 := is_derive_plus _ _ _ _ _ D0 D1); unfold plus; simpl; ring.
    - apply (exponential_solution (fun x => th x 0%nat j - th x 1%nat j) K c (- mu j) (mu j ^ 2) T); auto.
      intros x Hx; destruct (D x Hx) as [D0 D1].
      apply is_derive_eq with (1 := is_derive_minus _ _ _ _ _ D0 D1).
      unfold minus, plus, opp; simpl; ring. }
  assert (HNK : forall s, until T s -> norm_depth2 d mu (th s) = N_of d mu p q s (K s)).
  { intros s Hs; apply norm_depth2_pq; intros j Hj; now apply HP. }
  exists K; split; [split; [exact K0|]|split].
  - intros s Hs; rewrite <- HNK by exact Hs; now apply HK.
  - intros s Hs. assert (H0 : 0 <= s) by apply Hs.
    assert (I : is_RInt c 0 s (minus (K s) (K 0))).
    { apply (is_RInt_derive K c); intros x Hx; rewrite Rmin_left, Rmax_right in Hx by exact H0;
        [apply HK|apply Hc]; now apply (until_le T x s). }
    rewrite (RInt_ext _ c) by (intros; rewrite norm2_depth2; reflexivity).
    rewrite (is_RInt_unique _ _ _ _ I), K0; unfold minus, plus, opp; simpl; ring.
  - intros s Hs; rewrite norm2_depth2; split; [now apply HNK|]; intros j Hj; now apply HP.
Qed.

(* ---------- backward ---------- *)

(* The weights that belong to s and K. *)
Definition weights_of (mu p q : nat -> R) (s K : R) : params :=
  fun l j => match l with
             | O => (p_of mu p s K j + q_of mu q s K j) / 2
             | _ => (p_of mu p s K j - q_of mu q s K j) / 2
             end.

Lemma is_derive_half_plus : forall (f g : R -> R) (x l m : R), is_derive f x l -> is_derive g x m ->
  is_derive (fun y => (f y + g y) / 2) x ((l + m) / 2).
Proof.
  intros f g x l m Hf Hg; apply is_derive_ext with (fun y => / 2 * (f y + g y)); [intros y;
    exact (Rmult_comm (/ 2) _)|].
  apply is_derive_eq with (/ 2 * (l + m)); [|field].
  apply (is_derive_scal (fun y => f y + g y)), (is_derive_plus f g); assumption.
Qed.

Lemma is_derive_half_minus : forall (f g : R -> R) (x l m : R), is_derive f x l -> is_derive g x m ->
  is_derive (fun y => (f y - g y) / 2) x ((l - m) / 2).
Proof.
  intros f g x l m Hf Hg; apply is_derive_ext with (fun y => / 2 * (f y - g y)); [intros y;
    exact (Rmult_comm (/ 2) _)|].
  apply is_derive_eq with (/ 2 * (l - m)); [|field].
  apply (is_derive_scal (fun y => f y - g y)), (is_derive_minus f g); assumption.
Qed.

Lemma norm_weights_of : forall d mu p q s K, norm_depth2 d mu (weights_of mu p q s K) = N_of d mu p q s K.
Proof. intros; apply norm_depth2_pq; intros j Hj; simpl; split; field. Qed.

(* N never vanishes if one p_j(0) or q_j(0) with mu_j <> 0 does not. *)
Lemma N_of_pos : forall d mu p q j, (j < d)%nat -> mu j <> 0 -> p j <> 0 \/ q j <> 0 ->
  forall s K, 0 < N_of d mu p q s K.
Proof.
  intros d mu p q j Hj Hm Hpq s K; apply sqrt_lt_R0.
  assert (Sq : forall x, 0 <= x ^ 2) by (intros; apply pow2_ge_0).
  assert (Sp : forall x, x <> 0 -> 0 < x ^ 2) by (intros; apply pow2_gt_0; assumption).
  apply vsum_pos_term with j; auto.
  - intros i Hi. assert (A := Sq (mu i)). assert (B := Sq (p_of mu p s K i)).
    assert (C := Sq (q_of mu q s K i)). unfold Rdiv.
    apply Rmult_le_pos; [apply Rmult_le_pos; lra|lra].
  - assert (A := Sp (mu j) Hm). assert (B := Sq (p_of mu p s K j)). assert (C := Sq (q_of mu q s K j)).
    assert (0 < p_of mu p s K j ^ 2 + q_of mu q s K j ^ 2).
    { destruct Hpq as [H|H]; [apply Rplus_lt_le_0_compat|apply Rplus_le_lt_0_compat]; auto; apply Sp;
      unfold p_of, q_of; apply Rmult_integral_contrapositive; split; auto;
      apply Rgt_not_eq, exp_pos. }
    unfold Rdiv. apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; lra|lra].
Qed.

(* MATH.md 5.1, the other direction: a solution K of dK/ds = rho/N(s, K), K(0) = 0, gives a solution of the
   flow, starting at w1 = (p + q)/2, w2 = (p - q)/2. *)
Theorem reduction_backward : forall d mu rho T p q K,
  (exists j, (j < d)%nat /\ mu j <> 0 /\ (p j <> 0 \/ q j <> 0)) ->
  scalar_solution d mu p q rho T K ->
  two_sam_solution d mu rho T (fun s => weights_of mu p q s (K s)) /\
  (forall j, weights_of mu p q 0 (K 0) 0%nat j = (p j + q j) / 2 /\
             weights_of mu p q 0 (K 0) 1%nat j = (p j - q j) / 2).
Proof.
  intros d mu rho T p q K [j0 [Hj0 [Hm Hpq]]] [K0 HK]. split; [split|].
  - intros s Hs l j Hl Hj. specialize (HK s Hs).
    assert (DP := is_derive_exp_path K _ (p j) (mu j) (mu j ^ 2) s HK).
    assert (DQ := is_derive_exp_path K _ (q j) (- mu j) (mu j ^ 2) s HK).
    destruct (two_field_depth2 rho d mu (weights_of mu p q s (K s)) j Hj) as [F0 F1].
    rewrite norm_weights_of in F0, F1.
    assert (l = 0%nat \/ l = 1%nat) as [->| ->] by lia; [rewrite F0 | rewrite F1];
      cbn [weights_of]; unfold p_of, q_of.
    + apply is_derive_eq with (1 := is_derive_half_plus _ _ _ _ _ DP DQ); unfold Rdiv; simpl; ring.
    + apply is_derive_eq with (1 := is_derive_half_minus _ _ _ _ _ DP DQ); unfold Rdiv; simpl; ring.
  - intros s Hs; apply norm_grad_loss_depth2; rewrite norm_weights_of; now apply N_of_pos with j0.
  - intros j; simpl; unfold p_of, q_of; rewrite K0, !Rmult_0_r, Rminus_0_r, exp_0; split; field.
Qed.
