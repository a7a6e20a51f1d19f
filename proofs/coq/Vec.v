(* Vectors are functions nat -> R of which only the indices 0 .. d-1 count (the paper's 1 .. d).
   [vsum d f] is f 0 + ... + f (d-1) and [vprod d f] the product; [vprod_but d k f] leaves factor k out.
   Nothing here is about networks. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

Fixpoint vsum (d : nat) (f : nat -> R) : R :=
  match d with O => 0 | S k => vsum k f + f k end.

Fixpoint vprod (d : nat) (f : nat -> R) : R :=
  match d with O => 1 | S k => vprod k f * f k end.

(* The product of all factors but number k. *)
Definition vprod_but (d k : nat) (f : nat -> R) : R :=
  vprod d (fun i => if Nat.eqb i k then 1 else f i).

(* ---------- sums ---------- *)

Lemma vsum_ext : forall d f g, (forall i, (i < d)%nat -> f i = g i) -> vsum d f = vsum d g.
Proof.
  induction d; intros f g H; simpl; [reflexivity|].
  rewrite (IHd f g), (H d); auto.
Qed.

Lemma vsum_plus : forall d f g, vsum d (fun i => f i + g i) = vsum d f + vsum d g.
Proof. induction d; intros; simpl; [|rewrite IHd]; ring. Qed.

Lemma vsum_minus : forall d f g, vsum d (fun i => f i - g i) = vsum d f - vsum d g.
Proof. induction d; intros; simpl; [|rewrite IHd]; ring. Qed.

Lemma vsum_opp : forall d f, vsum d (fun i => - f i) = - vsum d f.
Proof. induction d; intros; simpl; [|rewrite IHd]; ring. Qed.

Lemma vsum_scal : forall d c f, vsum d (fun i => c * f i) = c * vsum d f.
Proof. induction d; intros; simpl; [|rewrite IHd]; ring. Qed.

Lemma vsum_scal_r : forall d c f, vsum d (fun i => f i * c) = vsum d f * c.
Proof. induction d; intros; simpl; [|rewrite IHd]; ring. Qed.

Lemma vsum_const : forall d c, vsum d (fun _ => c) = INR d * c.
Proof. induction d; intros; [simpl; ring|]. cbn [vsum]. rewrite IHd, S_INR; ring. Qed.

Lemma vsum_0 : forall d f, (forall i, (i < d)%nat -> f i = 0) -> vsum d f = 0.
Proof. intros; rewrite (vsum_ext d f (fun _ => 0)), vsum_const; auto; ring. Qed.

Lemma vsum_le : forall d f g, (forall i, (i < d)%nat -> f i <= g i) -> vsum d f <= vsum d g.
Proof.
  induction d; intros f g H; simpl; [lra|].
  apply Rplus_le_compat; auto.
Qed.

Lemma vsum_lt : forall d f g, (0 < d)%nat -> (forall i, (i < d)%nat -> f i < g i) -> vsum d f < vsum d g.
Proof.
  intros [|d] f g Hd H; [lia|]; simpl.
  apply Rplus_le_lt_compat; auto.
  apply vsum_le; intros; apply Rlt_le; auto.
Qed.

Lemma vsum_nonneg : forall d f, (forall i, (i < d)%nat -> 0 <= f i) -> 0 <= vsum d f.
Proof.
  intros d f H; rewrite <- (vsum_0 d (fun _ => 0)) by auto.
  now apply vsum_le.
Qed.

Lemma vsum_ge_term : forall d f k,
  (forall i, (i < d)%nat -> 0 <= f i) -> (k < d)%nat -> f k <= vsum d f.
Proof.
  induction d; intros f k H Hk; [lia|]; simpl.
  assert (0 <= vsum d f) by (apply vsum_nonneg; auto).
  assert (0 <= f d) by auto.
  destruct (Nat.eq_dec k d) as [->|]; [lra|].
  assert (f k <= vsum d f) by (apply IHd; auto; lia). lra.
Qed.

Lemma vsum_pos_term : forall d f k,
  (forall i, (i < d)%nat -> 0 <= f i) -> (k < d)%nat -> 0 < f k -> 0 < vsum d f.
Proof. intros; eapply Rlt_le_trans; [eassumption|]; now apply vsum_ge_term. Qed.

Lemma vsum_pos : forall d f, (0 < d)%nat -> (forall i, (i < d)%nat -> 0 < f i) -> 0 < vsum d f.
Proof.
  intros d f Hd H; apply vsum_pos_term with 0%nat; auto.
  intros; apply Rlt_le; auto.
Qed.

(* One term singled out. *)
Lemma vsum_split : forall d f k, (k < d)%nat ->
  vsum d f = f k + vsum d (fun i => if Nat.eqb i k then 0 else f i).
Proof.
  induction d; intros f k Hk; [lia|]; simpl.
  destruct (Nat.eqb_spec d k) as [->|Hn].
  - rewrite (vsum_ext k (fun i => if Nat.eqb i k then 0 else f i) f); [ring|].
    intros i Hi; destruct (Nat.eqb_spec i k); [lia|reflexivity].
  - rewrite (IHd f k) by lia; ring.
Qed.

Lemma vsum_single : forall d f k, (k < d)%nat ->
  (forall i, (i < d)%nat -> i <> k -> f i = 0) -> vsum d f = f k.
Proof.
  intros d f k Hk H; rewrite (vsum_split d f k Hk), (vsum_0 d); [ring|].
  intros i Hi; destruct (Nat.eqb_spec i k); auto.
Qed.

Lemma vsum_Rabs : forall d f, Rabs (vsum d f) <= vsum d (fun i => Rabs (f i)).
Proof.
  induction d; intros; simpl; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]; apply Rplus_le_compat_r, IHd.
Qed.

(* ---------- products ---------- *)

Lemma vprod_ext : forall d f g, (forall i, (i < d)%nat -> f i = g i) -> vprod d f = vprod d g.
Proof.
  induction d; intros f g H; simpl; [reflexivity|].
  rewrite (IHd f g), (H d); auto.
Qed.

Lemma vprod_const : forall d c, vprod d (fun _ => c) = c ^ d.
Proof. induction d; intros; simpl; [|rewrite IHd]; ring. Qed.

Lemma vprod_pos : forall d f, (forall i, (i < d)%nat -> 0 < f i) -> 0 < vprod d f.
Proof. induction d; intros; simpl; [lra|]. apply Rmult_lt_0_compat; auto. Qed.

Lemma vprod_neq_0 : forall d f, (forall i, (i < d)%nat -> f i <> 0) <-> vprod d f <> 0.
Proof.
  induction d; intros f; simpl.
  - split; [intros _; apply R1_neq_R0 | intros; lia].
  - split.
    + intros H; apply Rmult_integral_contrapositive; split; [apply IHd|]; auto.
    + intros H i Hi.
      apply Rmult_neq_0_reg in H; destruct H as [H1 H2].
      destruct (Nat.eq_dec i d) as [->|]; auto.
      apply (proj2 (IHd f) H1); lia.
Qed.

(* One factor singled out. *)
Lemma vprod_split : forall d f k, (k < d)%nat -> vprod d f = f k * vprod_but d k f.
Proof.
  unfold vprod_but; induction d; intros f k Hk; [lia|]; simpl.
  destruct (Nat.eqb_spec d k) as [->|Hn].
  - rewrite (vprod_ext k (fun i => if Nat.eqb i k then 1 else f i) f); [ring|].
    intros i Hi; destruct (Nat.eqb_spec i k); [lia|reflexivity].
  - rewrite (IHd f k) by lia; ring.
Qed.

Lemma vprod_but_ext : forall d k f g,
  (forall i, (i < d)%nat -> i <> k -> f i = g i) -> vprod_but d k f = vprod_but d k g.
Proof.
  intros d k f g H; apply vprod_ext; intros i Hi.
  destruct (Nat.eqb_spec i k); auto.
Qed.

Lemma vprod_but_const : forall d k c, (k < d)%nat -> vprod_but d k (fun _ => c) = c ^ (d - 1).
Proof.
  unfold vprod_but; induction d; intros k c Hk; [lia|]; simpl.
  destruct (Nat.eqb_spec d k) as [->|Hn].
  - rewrite (vprod_ext k _ (fun _ => c)), vprod_const; [replace (k - 0)%nat with k by lia; ring|].
    intros i Hi; destruct (Nat.eqb_spec i k); [lia|reflexivity].
  - rewrite (IHd k c) by lia. replace (d - 0)%nat with (S (d - 1)) by lia; simpl; ring.
Qed.

Lemma vprod_but_neq_0 : forall d k f,
  (forall i, (i < d)%nat -> i <> k -> f i <> 0) -> vprod_but d k f <> 0.
Proof.
  intros d k f H; apply vprod_neq_0; intros i Hi.
  destruct (Nat.eqb_spec i k); [apply R1_neq_R0 | auto].
Qed.

Lemma vprod_but_pos : forall d k f,
  (forall i, (i < d)%nat -> i <> k -> 0 < f i) -> 0 < vprod_but d k f.
Proof.
  intros d k f H; apply vprod_pos; intros i Hi.
  destruct (Nat.eqb_spec i k); [lra | auto].
Qed.

(* ---------- derivatives and continuity ---------- *)

Lemma is_derive_vsum : forall d (f : nat -> R -> R) (df : nat -> R) x,
  (forall i, (i < d)%nat -> is_derive (f i) x (df i)) ->
  is_derive (fun y => vsum d (fun i => f i y)) x (vsum d df).
Proof.
  induction d; intros f df x H; simpl.
  - apply is_derive_ext with (fun _ => 0); [reflexivity | apply @is_derive_const].
  - apply @is_derive_plus; auto.
Qed.

Lemma continuous_vsum : forall d (f : nat -> R -> R) x,
  (forall i, (i < d)%nat -> continuous (f i) x) -> continuous (fun y => vsum d (fun i => f i y)) x.
Proof.
  induction d; intros f x H; simpl.
  - apply continuous_const.
  - apply @continuous_plus; auto.
Qed.

Lemma continuous_vprod : forall d (f : nat -> R -> R) x,
  (forall i, (i < d)%nat -> continuous (f i) x) -> continuous (fun y => vprod d (fun i => f i y)) x.
Proof.
  induction d; intros f x H; simpl.
  - apply continuous_const.
  - apply @continuous_mult; auto.
Qed.

Lemma continuous_vprod_but : forall d k (f : nat -> R -> R) x,
  (forall i, (i < d)%nat -> i <> k -> continuous (f i) x) ->
  continuous (fun y => vprod_but d k (fun i => f i y)) x.
Proof.
  intros d k f x H; unfold vprod_but.
  apply (continuous_vprod d (fun i y => if Nat.eqb i k then 1 else f i y)).
  intros i Hi; destruct (Nat.eqb_spec i k); [apply continuous_const | auto].
Qed.

(* Limits of finite sums, for any filter. *)
Lemma filterlim_vsum : forall T (F : (T -> Prop) -> Prop), Filter F ->
  forall d (f : nat -> T -> R) (l : nat -> R),
  (forall i, (i < d)%nat -> filterlim (f i) F (locally (l i))) ->
  filterlim (fun y => vsum d (fun i => f i y)) F (locally (vsum d l)).
Proof.
  intros T F HF; induction d; intros f l H; simpl.
  - apply filterlim_const.
  - eapply (filterlim_comp_2 (G := locally (vsum d l)) (H := locally (l d))).
    + apply (IHd f l); auto.
    + apply (H d); lia.
    + apply (filterlim_plus (V := R_NormedModule)).
Qed.
