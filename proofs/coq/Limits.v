(* Limits as s tends to the end T of [0, T), T finite or +oo.  Nothing here is about networks. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode.
Open Scope R_scope.

(* P holds from some time on, up to T. *)
Definition near_end (T : Rbar) (P : R -> Prop) : Prop :=
  exists s0, until T s0 /\ forall s, s0 <= s -> Rbar_lt s T -> P s.

(* f(s) -> l, f(s) -> +oo as s -> T. *)
Definition tends_to (T : Rbar) (f : R -> R) (l : R) : Prop := filterlim f (near_end T) (locally l).
Definition diverges (T : Rbar) (f : R -> R) : Prop := filterlim f (near_end T) (Rbar_locally p_infty).

(* The same in epsilons. *)
Lemma tends_to_spec : forall T f l, tends_to T f l <->
  forall eps, 0 < eps -> near_end T (fun s => Rabs (f s - l) < eps).
Proof.
  intros T f l; split.
  - intros H eps Heps; apply (H (fun x => Rabs (x - l) < eps)); now exists (mkposreal eps Heps).
  - intros H P [eps HP]; destruct (H eps (cond_pos eps)) as [s0 [H0 Hs]].
    exists s0; split; auto; intros s Hs1 Hs2; apply HP, Hs; auto.
Qed.

Lemma diverges_spec : forall T f, diverges T f <-> forall M, near_end T (fun s => M < f s).
Proof.
  intros T f; split.
  - intros H M; apply (H (fun x => M < x)); now exists M.
  - intros H P [M HP]; destruct (H M) as [s0 [H0 Hs]].
    exists s0; split; auto; intros s Hs1 Hs2; apply HP, Hs; auto.
Qed.

Global Instance near_end_filter : forall T, Rbar_lt 0 T -> Filter (near_end T).
Proof.
  intros T HT; constructor.
  - exists 0; split; [now apply until_pos | auto].
  - intros P Q [a [Ha HP]] [b [Hb HQ]]; exists (Rmax a b); split.
    + unfold Rmax; now destruct (Rle_dec a b).
    + intros s Hs1 Hs2; split.
      * apply HP; auto; apply Rle_trans with (2 := Hs1), Rmax_l.
      * apply HQ; auto; apply Rle_trans with (2 := Hs1), Rmax_r.
  - intros P Q HPQ [a [Ha HP]]; exists a; auto.
Qed.

Lemma near_end_until : forall T (P : R -> Prop), Rbar_lt 0 T -> (forall s, until T s -> P s) -> near_end T P.
Proof.
  intros T P HT H; exists 0; split; [now apply until_pos|]; intros s H1 H2; apply H; now split.
Qed.

Lemma tends_to_ext : forall T f g l, Rbar_lt 0 T -> (forall s, until T s -> f s = g s) ->
  tends_to T f l -> tends_to T g l.
Proof.
  intros T f g l HT H; assert (HF := near_end_filter T HT); apply filterlim_ext_loc.
  now apply near_end_until.
Qed.

Lemma diverges_ext : forall T f g, Rbar_lt 0 T -> (forall s, until T s -> f s = g s) ->
  diverges T f -> diverges T g.
Proof.
  intros T f g HT H; assert (HF := near_end_filter T HT); apply filterlim_ext_loc.
  now apply near_end_until.
Qed.

Lemma tends_to_const : forall T c, Rbar_lt 0 T -> tends_to T (fun _ => c) c.
Proof. intros T c HT; assert (HF := near_end_filter T HT); apply filterlim_const. Qed.

(* A continuous function of convergent ones. *)
Lemma tends_to_comp : forall T f g l, tends_to T f l -> continuous g l -> tends_to T (fun s => g (f s)) (g l).
Proof. intros T f g l Hf Hg; eapply filterlim_comp; [exact Hf | exact Hg]. Qed.

Lemma tends_to_plus : forall T f g k l, Rbar_lt 0 T -> tends_to T f k -> tends_to T g l ->
  tends_to T (fun s => f s + g s) (k + l).
Proof.
  intros T f g k l HT Hf Hg; assert (HF := near_end_filter T HT).
  eapply filterlim_comp_2; [exact Hf | exact Hg | apply (filterlim_plus (V := R_NormedModule))].
Qed.

Lemma tends_to_mult : forall T f g k l, Rbar_lt 0 T -> tends_to T f k -> tends_to T g l ->
  tends_to T (fun s => f s * g s) (k * l).
Proof.
  intros T f g k l HT Hf Hg; assert (HF := near_end_filter T HT).
  eapply filterlim_comp_2; [exact Hf | exact Hg | apply (filterlim_mult (K := R_AbsRing))].
Qed.

Lemma tends_to_pow : forall T f l n, tends_to T f l -> tends_to T (fun s => f s ^ n) (l ^ n).
Proof.
  intros T f l n H; apply (tends_to_comp T f (fun x => x ^ n)); auto.
  apply (continuous_pow n (fun x => x)), continuous_id.
Qed.

Lemma tends_to_vsum : forall T d f l, Rbar_lt 0 T ->
  (forall i, (i < d)%nat -> tends_to T (f i) (l i)) ->
  tends_to T (fun s => vsum d (fun i => f i s)) (vsum d l).
Proof. intros T d f l HT H; apply filterlim_vsum; auto; now apply near_end_filter. Qed.

(* Up to a finite T where f is continuous. *)
Lemma tends_to_continuous : forall (T : R) f, 0 < T -> continuous f T -> tends_to T f (f T).
Proof.
  intros T f HT Hc P HP; destruct (Hc P HP) as [eps He]; exists (Rmax 0 (T - eps / 2)).
  assert (H := cond_pos eps); split.
  - split; [apply Rmax_l | simpl; apply Rmax_lub_lt; lra].
  - intros s H1 H2; apply He; simpl in H2.
    assert (T - eps / 2 <= s) by (apply Rle_trans with (2 := H1), Rmax_r).
    unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
    rewrite Rabs_left1; lra.
Qed.

Lemma tends_to_shorter : forall T U f l, (forall s, Rbar_lt s T <-> Rbar_lt s U) ->
  tends_to T f l -> tends_to U f l.
Proof.
  intros T U f l H Hf P HP; destruct (Hf P HP) as [s0 [[H0 H0'] Hs]].
  exists s0; split; [split; [auto | now apply H]|]; intros s H1 H2; apply Hs; auto; now apply H.
Qed.

Lemma diverges_le : forall T f g, Rbar_lt 0 T -> (forall s, until T s -> f s <= g s) ->
  diverges T f -> diverges T g.
Proof.
  intros T f g HT H Hf; apply diverges_spec; intros M.
  assert (HF := near_end_filter T HT).
  generalize (filter_and _ _ (proj1 (diverges_spec T f) Hf M) (near_end_until T _ HT H)).
  apply filter_imp; intros x [H1 H2]; lra.
Qed.

Lemma diverges_comp : forall T f g, diverges T f -> filterlim g (Rbar_locally p_infty) (Rbar_locally
  p_infty) ->
  diverges T (fun s => g (f s)).
Proof. intros T f g Hf Hg; eapply filterlim_comp; eauto. Qed.

(* 1/f -> 0 when f -> +oo. *)
Lemma diverges_inv : forall T f, diverges T f -> tends_to T (fun s => / f s) 0.
Proof.
  intros T f H; eapply filterlim_comp; [exact H|].
  apply (filterlim_Rbar_inv p_infty); discriminate.
Qed.

(* Squeezed between 0 and a function tending to 0. *)
Lemma tends_to_0_le : forall T f g, Rbar_lt 0 T -> (forall s, until T s -> 0 <= f s <= g s) ->
  tends_to T g 0 -> tends_to T f 0.
Proof.
  intros T f g HT H Hg; apply tends_to_spec; intros eps Heps.
  assert (HF := near_end_filter T HT).
  generalize (filter_and _ _ (proj1 (tends_to_spec T g 0) Hg eps Heps) (near_end_until T _ HT H)).
  apply filter_imp; intros x [H1 H2].
  rewrite Rminus_0_r in *; rewrite Rabs_pos_eq in * by lra; lra.
Qed.

Lemma tends_to_bounded_mult : forall T f g M, Rbar_lt 0 T -> (forall s, until T s -> Rabs (f s) <= M) ->
  tends_to T g 0 -> tends_to T (fun s => f s * g s) 0.
Proof.
  intros T f g M HT H Hg; apply tends_to_spec; intros eps Heps.
  assert (HM : 0 <= M) by (apply Rle_trans with (2 := H 0 (until_pos T HT)), Rabs_pos).
  assert (HF := near_end_filter T HT).
  assert (He : 0 < eps / (M + 1)) by (apply Rdiv_lt_0_compat; lra).
  generalize (filter_and _ _ (proj1 (tends_to_spec T g 0) Hg _ He) (near_end_until T _ HT H)).
  apply filter_imp; intros x [H1 H2].
  rewrite Rminus_0_r in *; rewrite Rabs_mult.
  assert (H3 := Rabs_pos (g x)).
  apply Rle_lt_trans with ((M + 1) * Rabs (g x)); [apply Rmult_le_compat_r; lra|].
  replace eps with ((M + 1) * (eps / (M + 1))) by (field; lra).
  apply Rmult_lt_compat_l; lra.
Qed.

Lemma diverges_not_bounded : forall T f M, Rbar_lt 0 T -> diverges T f -> ~ (forall s, until T s -> f s <= M).
Proof.
  intros T f M HT Hf H; destruct (proj1 (diverges_spec T f) Hf M) as [s0 [H0 Hs]].
  specialize (Hs s0 (Rle_refl s0) (proj2 H0)); specialize (H s0 H0); lra.
Qed.

Lemma diverges_pow : forall T f n, (0 < n)%nat -> diverges T f -> diverges T (fun s => f s ^ n).
Proof.
  intros T f n Hn H; apply diverges_spec; intros M.
  destruct (proj1 (diverges_spec T f) H (Rmax M 1)) as [s0 [H0 Hs]].
  exists s0; split; auto; intros s H1 H2; specialize (Hs s H1 H2).
  assert (M <= Rmax M 1) by apply Rmax_l; assert (1 <= Rmax M 1) by apply Rmax_r.
  destruct n as [|n]; [lia|]; simpl.
  assert (1 <= f s ^ n) by (apply pow_R1_Rle; lra).
  assert (f s * 1 <= f s * f s ^ n) by (apply Rmult_le_compat_l; lra); lra.
Qed.

(* It is enough that things hold near the end. *)
Lemma tends_to_ext_near : forall T f g l, Rbar_lt 0 T -> near_end T (fun s => f s = g s) ->
  tends_to T f l -> tends_to T g l.
Proof. intros T f g l HT H; assert (HF := near_end_filter T HT); now apply filterlim_ext_loc. Qed.

Lemma tends_to_0_le_near : forall T f g, Rbar_lt 0 T -> near_end T (fun s => 0 <= f s <= g s) ->
  tends_to T g 0 -> tends_to T f 0.
Proof.
  intros T f g HT H Hg; apply tends_to_spec; intros eps Heps.
  assert (HF := near_end_filter T HT).
  generalize (filter_and _ _ (proj1 (tends_to_spec T g 0) Hg eps Heps) H).
  apply filter_imp; intros x [H1 H2].
  rewrite Rminus_0_r in *; rewrite Rabs_pos_eq in * by lra; lra.
Qed.

Lemma diverges_le_near : forall T f g, Rbar_lt 0 T -> near_end T (fun s => f s <= g s) ->
  diverges T f -> diverges T g.
Proof.
  intros T f g HT H Hf; apply diverges_spec; intros M.
  assert (HF := near_end_filter T HT).
  generalize (filter_and _ _ (proj1 (diverges_spec T f) Hf M) H).
  apply filter_imp; intros x [H1 H2]; lra.
Qed.

Lemma diverges_id : diverges p_infty (fun t => t).
Proof.
  apply diverges_spec; intros M; exists (Rmax 0 (M + 1)); split; [split; [apply Rmax_l | exact I]|].
  intros s Hs _; assert (M + 1 <= Rmax 0 (M + 1)) by apply Rmax_r; lra.
Qed.
