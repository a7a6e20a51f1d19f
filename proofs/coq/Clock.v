(* The clock change between original time t and rescaled time s (MATH.md 2, page proofs/rescaling.md).
   HEADER *)
From Coq Require Import Reals Lra Lia Ranalysis5 Classical_Prop.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode.
Open Scope R_scope.

(* c runs through [0, C) as s runs through [0, T): c(0) = 0, c' = g > 0, C = sup c. *)
Definition is_clock (T C : Rbar) (c g : R -> R) : Prop :=
  Rbar_lt 0 T /\ c 0 = 0 /\ (forall s, until T s -> is_derive c s (g s)) /\
  (forall s, until T s -> 0 < g s) /\ is_lub_Rbar (fun x => exists s, until T s /\ x = c s) C.

(* c, continued to negative times by its tangent at 0, and the inverse of that. *)
Definition clock_ext (c g : R -> R) (s : R) : R := if Rlt_dec s 0 then g 0 * s else c s.
Definition clock_inv (T : Rbar) (c g : R -> R) (t : R) : R :=
  if Rlt_dec t 0 then t / g 0 else real (Lub_Rbar (fun s => until T s /\ c s <= t)).

Lemma clock_incr : forall T C c g, is_clock T C c g -> forall a b, until T b -> 0 <= a < b -> c a < c b.
Proof. intros T C c g (HT & Hc0 & Hd & Hg & HC); apply (increasing_on c g T); auto. Qed.

Lemma clock_until : forall T C c g, is_clock T C c g -> forall s, until T s -> until C (c s).
Proof.
  intros T C c g HK s Hs; assert (Hinc := clock_incr T C c g HK).
  destruct HK as (HT & Hc0 & Hd & Hg & HC); split.
  - destruct (Req_dec s 0) as [->|]; [rewrite Hc0; lra|].
    rewrite <- Hc0; apply Rlt_le, Hinc; auto; destruct Hs; lra.
  - destruct (until_more T s Hs) as [u [Hu Hu']].
    apply Rbar_lt_le_trans with (c u).
    + simpl; apply Hinc; auto; destruct Hs; lra.
    + apply (proj1 HC); now exists u.
Qed.

Lemma clock_onto : forall T C c g, is_clock T C c g ->
  forall t, until C t -> exists s, until T s /\ c s = t.
Proof.
  intros T C c g (HT & Hc0 & Hd & Hg & HC) t [H0 Ht].
  assert (Hu : exists u, until T u /\ t < c u).
  { destruct (classic (exists u, until T u /\ t < c u)) as [H|H]; auto; exfalso.
    apply (Rbar_lt_not_le _ _ Ht), (proj2 HC); intros x [s [Hs ->]]; simpl.
    destruct (Rle_lt_dec (c s) t); auto; elim H; now exists s. }
  destruct Hu as [u [Hu Htu]]; assert (0 <= u) by apply Hu.
  destruct (f_interv_is_interv c 0 u t) as [s [Hs Hv]].
  - destruct (Req_dec u 0) as [E|]; [rewrite E, Hc0 in Htu; lra | lra].
  - rewrite Hc0; lra.
  - intros x Hx; apply continuity_pt_filterlim.
    apply (is_derive_continuous c x (g x)), Hd, (until_le T x u); auto.
  - exists s; split; [apply (until_le T s u); auto | auto].
Qed.

Lemma clock_ext_pos : forall c g s, 0 <= s -> clock_ext c g s = c s.
Proof. intros c g s Hs; unfold clock_ext; destruct (Rlt_dec s 0); [lra|reflexivity]. Qed.

Lemma clock_inv_ext : forall T C c g, is_clock T C c g ->
  forall s : R, Rbar_lt s T -> clock_inv T c g (clock_ext c g s) = s.
Proof.
  intros T C c g HK s Hs; assert (Hinc := clock_incr T C c g HK).
  assert (Hunt := clock_until T C c g HK).
  destruct HK as (HT & Hc0 & Hd & Hg & HC).
  assert (H0 := Hg 0 (until_pos T HT)); unfold clock_ext, clock_inv.
  destruct (Rlt_dec s 0) as [H|H].
  - destruct (Rlt_dec (g 0 * s) 0); [field; lra | nra].
  - assert (Hs' : until T s) by (split; [lra | auto]).
    destruct (Rlt_dec (c s) 0) as [H'|_]; [destruct (Hunt s Hs'); lra|].
    rewrite (is_lub_Rbar_unique _ s); [reflexivity|]; split.
    + intros x [Hx Hle]; simpl; destruct (Rle_lt_dec x s); auto.
      assert (c s < c x) by (apply Hinc; auto; lra); lra.
    + intros b Hb; apply Hb; split; [auto | lra].
Qed.

Lemma clock_ext_incr : forall T C c g, is_clock T C c g ->
  forall x y : R, x < y -> Rbar_lt y T -> clock_ext c g x < clock_ext c g y.
Proof.
  intros T C c g HK x y Hxy Hy; assert (Hinc := clock_incr T C c g HK).
  assert (Hunt := clock_until T C c g HK).
  destruct HK as (HT & Hc0 & Hd & Hg & HC).
  assert (H0 := Hg 0 (until_pos T HT)); unfold clock_ext.
  destruct (Rlt_dec x 0), (Rlt_dec y 0); try lra.
  - apply Rmult_lt_compat_l; auto.
  - assert (Hy' : until T y) by (split; [lra | auto]); destruct (Hunt y Hy'); nra.
  - apply Hinc; [split; [lra|auto] | lra].
Qed.

Lemma is_derive_clock_ext : forall T C c g, is_clock T C c g ->
  forall s : R, Rbar_lt s T -> is_derive (clock_ext c g) s (g (Rmax 0 s)).
Proof.
  intros T C c g (HT & Hc0 & Hd & Hg & HC) s Hs; destruct (Rtotal_order s 0) as [H|[->|H]].
  - rewrite Rmax_left by lra; apply is_derive_ext_loc with (fun y => g 0 * y).
    + apply filter_imp with (2 := open_lt 0 s H); intros y Hy.
      unfold clock_ext; destruct (Rlt_dec y 0); [reflexivity | lra].
    + auto_derive; [exact I | ring].
  - rewrite Rmax_left by lra.
    assert (Hl := Hd 0 (until_pos T HT)).
    apply is_derive_Reals; apply is_derive_Reals in Hl; intros eps Heps.
    destruct (Hl eps Heps) as [delta Hdelta]; exists delta; intros h Hh Hhd.
    specialize (Hdelta h Hh Hhd); rewrite Rplus_0_l, Hc0 in Hdelta.
    rewrite (clock_ext_pos c g 0), Hc0, Rplus_0_l by lra; unfold clock_ext.
    destruct (Rlt_dec h 0); [|assumption].
    replace ((g 0 * h - 0) / h - g 0) with 0 by (field; auto); rewrite Rabs_R0; auto.
  - rewrite Rmax_right by lra; apply is_derive_ext_loc with c.
    + apply filter_imp with (2 := open_gt 0 s H); intros y Hy; rewrite clock_ext_pos; [reflexivity | lra].
    + apply Hd; split; [lra | auto].
Qed.

(* The inverse of a clock: differentiable on [0, C), with derivative 1/g. *)
Lemma clock_inverse : forall T C c g, is_clock T C c g -> exists s_of, s_of 0 = 0 /\
  (forall s, until T s -> until C (c s) /\ s_of (c s) = s) /\
  (forall t, until C t -> until T (s_of t) /\ c (s_of t) = t /\ is_derive s_of t (/ g (s_of t))).
Proof.
  intros T C c g HK; exists (clock_inv T c g).
  assert (Hinv : forall s, until T s -> clock_inv T c g (c s) = s).
  { intros s [Hs0 Hs]; rewrite <- (clock_ext_pos c g s Hs0); now apply (clock_inv_ext T C). }
  split; [|split].
  - destruct HK as (HT & Hc0 & _); rewrite <- Hc0 at 1; apply Hinv, until_pos, HT.
  - intros s Hs; split; [now apply (clock_until T C c g HK) | now apply Hinv].
  - intros t Ht; destruct (clock_onto T C c g HK t Ht) as [s [Hs <-]].
    rewrite Hinv by auto; split; [auto | split; [auto|]].
    destruct (until_more T s Hs) as [u [Hu HuT]].
    assert (Hin : forall x, x <= u -> Rbar_lt x T).
    { intros x Hx; apply Rbar_le_lt_trans with u; [exact Hx | apply HuT]. }
    assert (Hs0 : 0 <= s) by apply Hs.
    rewrite <- (clock_ext_pos c g s Hs0).
    apply is_derive_inverse with (s - 1) u; [lra | | | | | apply HK; auto].
    + intros x y Hx Hxy Hy; apply (clock_ext_incr T C c g HK); auto.
    + intros x Hx; apply (clock_inv_ext T C c g HK); apply Hin; lra.
    + intros x Hx; apply continuity_pt_filterlim.
      eapply is_derive_continuous, (is_derive_clock_ext T C c g HK); apply Hin; lra.
    + rewrite <- (Rmax_right 0 s Hs0) at 2; apply (is_derive_clock_ext T C c g HK); apply Hin; lra.
Qed.
