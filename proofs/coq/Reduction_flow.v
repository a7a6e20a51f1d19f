(* 2-SAM at depth 2 on one example, any signs: from every start with a nonzero gradient there is exactly
   one solution of the rescaled flow of Flow.v, on a largest interval [0, T); if T is finite the gradient
   of <mu, beta> tends to 0 there (all its weights do: the collapse).  MATH.md 5.1, page
   proofs/reduction.md; src/predict/two_sam/path.rs follows this solution. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists.
Open Scope R_scope.

(* th starts at the layers a and b. *)
Definition starts_at (d : nat) (a b : nat -> R) (th : R -> params) : Prop :=
  forall j, (j < d)%nat -> th 0 0%nat j = a j /\ th 0 1%nat j = b j.

Lemma N_of_ext : forall d mu p q p' q' s K,
  (forall j, (j < d)%nat -> p j = p' j /\ q j = q' j) -> N_of d mu p q s K = N_of d mu p' q' s K.
Proof.
  intros d mu p q p' q' s K H; unfold N_of; f_equal; apply vsum_ext; intros j Hj.
  unfold p_of, q_of; destruct (H j Hj) as [-> ->]; reflexivity.
Qed.

(* [reduction_forward] with the start named. *)
Lemma solution_scalar : forall d mu rho T th a b, two_sam_solution d mu rho T th -> starts_at d a b th ->
  let p := fun j => a j + b j in let q := fun j => a j - b j in
  exists K, scalar_solution d mu p q rho T K /\ forall s, until T s ->
    norm2 2 d (grad_pred 2 d mu (th s)) = N_of d mu p q s (K s) /\
    forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = weights_of mu p q s (K s) l j.
Proof.
  intros d mu rho T th a b H H0 p q.
  destruct (reduction_forward d mu rho T th H) as [K [[K0 HK] [_ HW]]].
  assert (E : forall s x, N_of d mu (fun j => th 0 0%nat j + th 0 1%nat j)
    (fun j => th 0 0%nat j - th 0 1%nat j) s x = N_of d mu p q s x).
  { intros s x; apply N_of_ext; intros j Hj; destruct (H0 j Hj) as [-> ->]; split; reflexivity. }
  exists K; split; [split; [exact K0|]|].
  - intros s Hs; rewrite <- E; now apply HK.
  - intros s Hs; destruct (HW s Hs) as [HN Hw]; split; [now rewrite <- E|].
    intros l j Hl Hj; destruct (Hw j Hj) as [P Q]; destruct (H0 j Hj) as [E0 E1]; rewrite E0, E1 in P, Q.
    assert (l = 0%nat \/ l = 1%nat) as [->| ->] by lia; unfold weights_of, p_of, q_of, p, q;
      rewrite <- P, <- Q; field.
Qed.

Lemma nonzero_start_pq : forall d mu a b, (exists j, (j < d)%nat /\ mu j <> 0 /\ (a j <> 0 \/ b j <> 0)) ->
  nonzero_start d mu (fun j => a j + b j) (fun j => a j - b j).
Proof.
  intros d mu a b [j [Hj [Hm H]]]; exists j; split; [exact Hj|split; [exact Hm|]].
  destruct (Req_dec (a j + b j) 0); [right|left]; lra.
Qed.

(* Two solutions of the rescaled 2-SAM flow (depth 2, any signs) with the same start agree as long as both
   live. *)
Theorem two_sam_unique : forall d mu rho a b T T' th th', 0 < rho ->
  (exists j, (j < d)%nat /\ mu j <> 0 /\ (a j <> 0 \/ b j <> 0)) ->
  two_sam_solution d mu rho T th -> starts_at d a b th ->
  two_sam_solution d mu rho T' th' -> starts_at d a b th' ->
  forall s, until T s -> until T' s -> forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = th' s l j.
Proof.
  intros d mu rho a b T T' th th' Hr H0 H S H' S' s Hs Hs' l j Hl Hj.
  apply nonzero_start_pq in H0.
  destruct (solution_scalar d mu rho T th a b H S) as [K [HK W]].
  destruct (solution_scalar d mu rho T' th' a b H' S') as [K' [HK' W']].
  rewrite (proj2 (W s Hs)), (proj2 (W' s Hs')) by assumption.
  now rewrite (scalar_unique _ _ _ _ _ _ _ _ _ Hr H0 HK HK' s Hs Hs').
Qed.

Lemma K_increasing : forall d mu p q rho T K, 0 < rho -> nonzero_start d mu p q ->
  scalar_solution d mu p q rho T K -> forall s s', 0 <= s <= s' -> until T s' -> K s <= K s'.
Proof.
  intros d mu p q rho T K Hr H0 [_ HK] s s' Hss Hs'.
  apply (derive_nonneg_le K (fun x => rho / N_of d mu p q x (K x))); [lra| |].
  - intros x Hx; apply HK, (until_le T x s' Hs'); lra.
  - intros x _; left; apply Rdiv_lt_0_compat; [exact Hr|now apply N_pos].
Qed.

(* At a finite end K tends to infinity ... *)
Lemma full_limit : forall d mu p q rho (t : R) K, 0 < rho -> nonzero_start d mu p q ->
  scalar_solution d mu p q rho t K -> full t K -> filterlim K (at_left t) (Rbar_locally p_infty).
Proof.
  intros d mu p q rho t K Hr H0 HK [E|[t' [E HF]]] P [M HM]; [discriminate|].
  destruct (HF M) as [s [[Hs0 Hs] HMs]]; simpl in Hs.
  assert (Pos : 0 < t - s) by lra.
  exists (mkposreal _ Pos); intros y Hy Hyt; apply HM.
  apply Rlt_le_trans with (1 := HMs). apply Rabs_def2 in Hy; simpl in Hy; unfold minus, plus, opp in Hy;
    simpl in Hy.
  apply (K_increasing d mu p q rho t K Hr H0 HK); [lra|]; split; simpl; lra.
Qed.

(* ... and what decays in K vanishes. *)
Lemma decay_limit : forall (K : R -> R) (t C a b : R), 0 < b -> filterlim K (at_left t)
  (Rbar_locally p_infty) ->
  filterlim (fun s => C * exp (a * s - b * K s)) (at_left t) (locally 0).
Proof.
  intros K t C a b Hb HK.
  assert (L1 : filterlim (fun s => a * s) (at_left t) (locally (a * t))).
  { eapply filterlim_filter_le_1; [apply filter_le_within|].
    apply (continuous_scal_r a (fun x : R => x) t), continuous_id. }
  assert (L2 : filterlim (fun s => b * K s) (at_left t) (Rbar_locally p_infty)).
  { apply (filterlim_comp _ _ _ K (fun x => b * x) _ _ _ HK).
    assert (Q := is_lim_scal_l (fun x => x) b p_infty p_infty (is_lim_id p_infty)).
    simpl in Q. destruct (Rle_dec 0 b); [|lra]. destruct (Rle_lt_or_eq_dec 0 b r); [|lra].
    intros P HP; destruct (Q P HP) as [M HM]; exists M; exact HM. }
  assert (L3 : filterlim (fun s => exp (a * s - b * K s)) (at_left t) (locally 0)).
  { intros P [e He].
    (* exp(a s - b K) < e as soon as a s < a t + 1 and b K > a t + 1 - ln e *)
    assert (A : at_left t (fun s => a * s < a * t + 1)) by (apply (L1 (fun y => y < a * t + 1)), open_lt;
      lra).
    assert (B : at_left t (fun s => a * t + 1 - ln e < b * K s)) 
      by (apply (L2 (fun y => a * t + 1 - ln e < y)); exists (a * t + 1 - ln e); auto).
    unfold filtermap; generalize (filter_and _ _ A B); apply filter_imp; intros s [As Bs]; apply He.
    apply Rabs_def1; unfold minus, plus, opp; simpl; rewrite Ropp_0, Rplus_0_r.
    - rewrite <- (exp_ln e) by apply cond_pos. apply exp_increasing; lra.
    - assert (X := exp_pos (a * s - b * K s)); assert (Y := cond_pos e); lra. }
  assert (Q := filterlim_comp _ _ _ _ _ _ _ _ L3 (continuous_scal_r C (fun x : R => x) 0 (continuous_id 0))).
  unfold scal in Q; simpl in Q; unfold mult in Q; simpl in Q. rewrite Rmult_0_r in Q. exact Q.
Qed.

Lemma sum_limit_0 : forall (f g : R -> R) (F : (R -> Prop) -> Prop) {FF : Filter F},
  filterlim f F (locally 0) -> filterlim g F (locally 0) -> filterlim (fun s => f s + g s) F (locally 0).
Proof.
  intros f g F FF Hf Hg.
  assert (Q := filterlim_comp_2 _ _ Rplus Hf Hg (filterlim_plus (V := R_NormedModule) 0 0)).
  unfold plus in Q; simpl in Q; rewrite Rplus_0_r in Q; exact Q.
Qed.

(* From every start (a, b) with a nonzero gradient: the solution on its largest interval [0, T).  No
   solution with this start lives longer; if T is finite every weight with mu_j <> 0 tends to 0 at T. *)
Theorem two_sam_exists : forall d mu rho a b, 0 < rho ->
  (exists j, (j < d)%nat /\ mu j <> 0 /\ (a j <> 0 \/ b j <> 0)) ->
  exists (T : Rbar) (th : R -> params),
    Rbar_lt 0 T /\ two_sam_solution d mu rho T th /\ starts_at d a b th /\
    (forall T' th', two_sam_solution d mu rho T' th' -> starts_at d a b th' -> Rbar_le T' T) /\
    (forall t : R, T = Finite t -> forall l j, (l < 2)%nat -> (j < d)%nat -> mu j <> 0 ->
      filterlim (fun s => th s l j) (at_left t) (locally 0)).
Proof.
  intros d mu rho a b Hr H0; assert (HZ := nonzero_start_pq d mu a b H0).
  set (p := fun j => a j + b j) in *; set (q := fun j => a j - b j) in *.
  destruct (scalar_exists d mu p q rho Hr HZ) as (T & K & HT & HK & HF).
  destruct (reduction_backward d mu rho T p q K HZ HK) as [HS Hst].
  exists T, (fun s => weights_of mu p q s (K s)); split; [exact HT|split; [exact HS|split; [|split]]].
  - intros j Hj; destruct (Hst j) as [-> ->]; unfold p, q; split; field.
  - intros T' th' H' S'; apply Rbar_not_lt_le; intros Hlt.
    destruct HF as [->|[t [-> HF]]]; [destruct T'; contradiction|].
    destruct (solution_scalar d mu rho T' th' a b H' S') as [K' [HK' _]]; fold p q in HK'.
    assert (Ht : until T' t) by (split; [left; exact HT|exact Hlt]).
    destruct (HF (K' t)) as [s [Hs HM]].
    assert (Hs' : until T' s).
    { apply (until_le T' s t Ht); destruct Hs as [A B]; simpl in B; lra. }
    rewrite (scalar_unique _ _ _ _ _ _ _ _ _ Hr HZ HK HK' s Hs Hs') in HM.
    assert (K' s <= K' t); [|lra].
    apply (K_increasing d mu p q rho T' K' Hr HZ HK'); [|exact Ht].
    destruct Hs as [A B]; simpl in B; lra.
  - intros t -> l j Hl Hj Hm.
    assert (L := full_limit d mu p q rho t K Hr HZ HK HF).
    assert (Hb : 0 < mu j ^ 2) by now apply pow2_gt_0.
    assert (DP := fun C => decay_limit K t C (mu j) (mu j ^ 2) Hb L).
    assert (DQ := fun C => decay_limit K t C (- mu j) (mu j ^ 2) Hb L).
    assert (l = 0%nat \/ l = 1%nat) as [->| ->] by lia.
    + eapply filterlim_ext; [|exact (sum_limit_0 _ _ _ (DP (p j / 2)) (DQ (q j / 2)))].
      intros s; cbn [weights_of]; unfold p_of, q_of; field.
    + eapply filterlim_ext; [|exact (sum_limit_0 _ _ _ (DP (p j / 2)) (DQ (- q j / 2)))].
      intros s; cbn [weights_of]; unfold p_of, q_of; field.
Qed.
