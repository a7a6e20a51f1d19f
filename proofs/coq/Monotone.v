(* Real functions of one variable: what the signs of a derivative say.  Tools for the files about 2-SAM
   (Two_SAM.v, Thm_4_5.v, Thm_4_4.v, Thm_4_2.v); nothing here is about networks. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(* The mean value theorem with the derivative given at every point of [a, b]. *)
Lemma mvt : forall (f df : R -> R) a b, a < b ->
  (forall x, a <= x <= b -> is_derive f x (df x)) ->
  exists c, a < c < b /\ f b - f a = df c * (b - a).
Proof.
  intros f df a b Hab H.
  destruct (MVT_cor2 f df a b Hab) as [c [Hc1 Hc2]].
  - intros c Hc; apply is_derive_Reals, H, Hc.
  - exists c; auto.
Qed.

Lemma derive_nonneg_le : forall (f df : R -> R) a b, a <= b ->
  (forall x, a <= x <= b -> is_derive f x (df x)) ->
  (forall x, a < x < b -> 0 <= df x) -> f a <= f b.
Proof.
  intros f df a b [Hab|<-] H Hd; [|lra].
  destruct (mvt f df a b Hab H) as [c [Hc E]].
  assert (0 <= df c * (b - a)) by (apply Rmult_le_pos; [now apply Hd|lra]). lra.
Qed.

Lemma derive_pos_lt : forall (f df : R -> R) a b, a < b ->
  (forall x, a <= x <= b -> is_derive f x (df x)) ->
  (forall x, a < x < b -> 0 < df x) -> f a < f b.
Proof.
  intros f df a b Hab H Hd.
  destruct (mvt f df a b Hab H) as [c [Hc E]].
  assert (0 < df c * (b - a)) by (apply Rmult_lt_0_compat; [now apply Hd|lra]). lra.
Qed.

(* A bound of the derivative bounds the increment. *)
Lemma derive_ge_line : forall (f df : R -> R) m a b, a <= b ->
  (forall x, a <= x <= b -> is_derive f x (df x)) ->
  (forall x, a < x < b -> m <= df x) -> f a + m * (b - a) <= f b.
Proof.
  intros f df m a b [Hab|<-] H Hd; [|lra].
  destruct (mvt f df a b Hab H) as [c [Hc E]].
  assert (m * (b - a) <= df c * (b - a)) by (apply Rmult_le_compat_r; [lra|now apply Hd]). lra.
Qed.

Lemma derive_le_line : forall (f df : R -> R) m a b, a <= b ->
  (forall x, a <= x <= b -> is_derive f x (df x)) ->
  (forall x, a < x < b -> df x <= m) -> f b <= f a + m * (b - a).
Proof.
  intros f df m a b [Hab|<-] H Hd; [|lra].
  destruct (mvt f df a b Hab H) as [c [Hc E]].
  assert (df c * (b - a) <= m * (b - a)) by (apply Rmult_le_compat_r; [lra|now apply Hd]). lra.
Qed.

Lemma is_derive_continuous : forall (f : R -> R) x l, is_derive f x l -> continuous f x.
Proof. intros f x l H; apply (ex_derive_continuous f x); now exists l. Qed.

Lemma exp_le : forall x y, x <= y -> exp x <= exp y.
Proof. intros x y [H|<-]; [left; now apply exp_increasing|lra]. Qed.

(* Signs near a point. *)
Lemma continuous_pos_near : forall (f : R -> R) x, continuous f x -> 0 < f x ->
  exists e, 0 < e /\ forall y, Rabs (y - x) < e -> 0 < f y.
Proof.
  intros f x Hc Hp.
  assert (L : locally x (fun y => 0 < f y)).
  { exact (Hc (fun z => 0 < z) (open_gt 0 (f x) Hp)). }
  destruct L as [e He]; exists e; split; [apply cond_pos|].
  intros y Hy; apply He; exact Hy.
Qed.

Lemma derive_pos_near : forall (f : R -> R) x l, is_derive f x l -> 0 < l ->
  exists e, 0 < e /\ forall y, (x < y < x + e -> f x < f y) /\ (x - e < y < x -> f y < f x).
Proof.
  intros f x l H Hl.
  apply is_derive_Reals in H.
  destruct (H (l / 2) ltac:(lra)) as [e He].
  exists e; split; [apply cond_pos|]; intros y.
  assert (B : y <> x -> Rabs (y - x) < e -> Rabs ((f y - f x) / (y - x) - l) < l / 2).
  { intros Hn Hy. replace (f y) with (f (x + (y - x))) by (f_equal; ring).
    apply He; [lra|exact Hy]. }
  split; intros Hy.
  - assert (Q := B ltac:(lra) ltac:(rewrite Rabs_pos_eq; lra)).
    apply Rabs_def2 in Q; destruct Q as [_ Q].
    assert (0 < (f y - f x) / (y - x) * (y - x)) by (apply Rmult_lt_0_compat; lra).
    replace ((f y - f x) / (y - x) * (y - x)) with (f y - f x) in H0 by (field; lra). lra.
  - assert (Q := B ltac:(lra) ltac:(rewrite Rabs_left; lra)).
    apply Rabs_def2 in Q; destruct Q as [_ Q].
    assert (0 < (f y - f x) / (y - x) * (x - y)) by (apply Rmult_lt_0_compat; lra).
    replace ((f y - f x) / (y - x) * (x - y)) with (- (f y - f x)) in H0 by (field; lra). lra.
Qed.

(* The last point of [a, b] at which f >= 0, when f is negative at b. *)
Lemma last_nonneg : forall (f : R -> R) a b, a <= b ->
  (forall x, a <= x <= b -> continuous f x) -> 0 <= f a -> f b < 0 ->
  exists z, a <= z < b /\ f z = 0 /\ forall x, z < x <= b -> f x < 0.
Proof.
  intros f a b Hab Hc Ha Hb.
  set (E := fun x => a <= x <= b /\ 0 <= f x).
  destruct (completeness E) as [z [Hub Hlub]].
  { exists b; intros x [Hx _]; lra. }
  { exists a; split; lra. }
  assert (Haz : a <= z) by (apply Hub; split; lra).
  assert (Hzb : z <= b) by (apply Hlub; intros x [Hx _]; lra).
  assert (Hneg : forall x, z < x <= b -> f x < 0).
  { intros x Hx; apply Rnot_le_lt; intros H0.
    assert (x <= z) by (apply Hub; split; lra). lra. }
  assert (Hz1 : 0 <= f z).
  { apply Rnot_lt_le; intros Hn.
    destruct (continuous_pos_near (fun x => - f x) z) as [e [He Hy]]; [|lra|].
    { apply (continuous_opp f); apply Hc; lra. }
    assert (z <= z - e); [|lra].
    apply Hlub; intros x Hx. assert (x <= z) by (apply Hub; exact Hx).
    apply Rnot_lt_le; intros Hl. destruct Hx as [Hx1 Hx2].
    assert (0 < - f x); [|lra]. apply Hy. apply Rabs_def1; lra. }
  assert (Hz2 : f z <= 0).
  { apply Rnot_lt_le; intros Hn.
    destruct (continuous_pos_near f z) as [e [He Hy]]; [apply Hc; lra|lra|].
    assert (Hlt : z < b). { destruct Hzb as [|Hzb]; [lra|]. rewrite Hzb in Hn; lra. }
    set (x := Rmin (z + e / 2) b).
    assert (z < x <= b) by (unfold x; split; [apply Rmin_glb_lt; lra|apply Rmin_r]).
    assert (x <= z + e / 2) by apply Rmin_l.
    assert (0 < f x) by (apply Hy, Rabs_def1; lra).
    assert (f x < 0) by (apply Hneg; lra). lra. }
  exists z; repeat split; auto; try lra.
  destruct Hzb as [|Hzb]; [lra|]. rewrite Hzb in Hz1; lra.
Qed.

(* Barrier: a function that starts at >= 0 and has a positive derivative wherever it vanishes stays >= 0,
   and is > 0 after the start. *)
Lemma barrier : forall (f df : R -> R) a b, a <= b ->
  (forall x, a <= x <= b -> is_derive f x (df x)) -> 0 <= f a ->
  (forall x, a <= x <= b -> f x = 0 -> 0 < df x) -> 0 <= f b /\ (a < b -> 0 < f b).
Proof.
  assert (Main : forall (f df : R -> R) a b, a <= b ->
    (forall x, a <= x <= b -> is_derive f x (df x)) -> 0 <= f a ->
    (forall x, a <= x <= b -> f x = 0 -> 0 < df x) -> 0 <= f b).
  { intros f df a b Hab H Ha Hz. apply Rnot_lt_le; intros Hb.
    destruct (last_nonneg f a b) as [z [Hzab [Hz0 Hneg]]]; auto.
    { intros x Hx; eapply is_derive_continuous; eauto. }
    destruct (derive_pos_near f z (df z)) as [e [He Hy]]; [apply H; lra|apply Hz; [lra|auto]|].
    set (x := Rmin (z + e / 2) b).
    assert (z < x <= b) by (unfold x; split; [apply Rmin_glb_lt; lra|apply Rmin_r]).
    assert (x <= z + e / 2) by apply Rmin_l.
    assert (f z < f x) by (apply Hy; lra).
    assert (f x < 0) by (apply Hneg; lra). lra. }
  intros f df a b Hab H Ha Hz. split; [eapply Main; eauto|intros Hlt].
  assert (Hb : 0 <= f b) by (eapply Main; eauto).
  destruct Hb as [Hb|Hb]; [exact Hb|exfalso].
  destruct (derive_pos_near f b (df b)) as [e [He Hy]]; [apply H; lra|apply Hz; lra|].
  set (x := Rmax (b - e / 2) a).
  assert (a <= x < b) by (unfold x; split; [apply Rmax_r|apply Rmax_lub_lt; lra]).
  assert (b - e / 2 <= x) by apply Rmax_l.
  assert (f x < f b) by (apply Hy; lra).
  assert (0 <= f x); [|lra].
  apply (Main f df a x); auto; try lra; intros y Hyx; [apply H; lra|apply Hz; lra].
Qed.

(* The intermediate value theorem for a continuous function on [a, b]. *)
Lemma ivt : forall (f : R -> R) a b y, a <= b ->
  (forall x, a <= x <= b -> continuous f x) -> f a <= y <= f b -> exists x, a <= x <= b /\ f x = y.
Proof.
  intros f a b y Hab Hc Hy.
  destruct (Rle_lt_dec (f b) y) as [Hb|Hb]; [exists b; split; lra|].
  destruct (last_nonneg (fun x => y - f x) a b) as [z [Hz [E _]]]; try lra.
  - intros x Hx; apply (continuous_minus (fun _ => y) f); [apply continuous_const|auto].
  - exists z; split; lra.
Qed.
