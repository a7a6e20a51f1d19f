(* Real analysis on [0, T), T finite or +oo: monotony from the sign of a derivative, primitives, uniqueness
   for linear equations, the inverse of an increasing clock.  Nothing here is about networks. *)
From Coq Require Import Reals Lra Lia Ranalysis5.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow.
Open Scope R_scope.

(* ---------- [0, T) ---------- *)

Lemma until_le : forall T s t, until T t -> 0 <= s <= t -> until T s.
Proof.
  intros T s t [Ht HT] Hs; split; [lra|].
  eapply Rbar_le_lt_trans; [|exact HT]; simpl; lra.
Qed.

Lemma until_0 : forall T t, until T t -> until T 0.
Proof. intros T t H; apply (until_le T 0 t H); destruct H; lra. Qed.

Lemma until_pos : forall T, Rbar_lt 0 T -> until T 0.
Proof. intros T H; split; [lra | exact H]. Qed.

(* There is always a later time. *)
Lemma until_more : forall T t, until T t -> exists u, t < u /\ until T u.
Proof.
  intros [T| |] t [H0 HT]; simpl in HT; try contradiction.
  - exists ((t + T) / 2); split; [lra|]; split; [lra | simpl; lra].
  - exists (t + 1); split; [lra|]; split; [lra | exact I].
Qed.

(* Close to a time s < T every time is < T. *)
Lemma locally_lt_Rbar : forall (T : Rbar) (s : R), Rbar_lt s T -> locally s (fun y => Rbar_lt y T).
Proof. intros T s H; apply (open_Rbar_lt T s H). Qed.

Lemma is_derive_continuous : forall (f : R -> R) (x l : R), is_derive f x l -> continuous f x.
Proof. intros f x l H; apply (ex_derive_continuous (V := R_NormedModule) f x); now exists l. Qed.

(* ---------- mean value theorem ---------- *)

Lemma mean_value : forall (f df : R -> R) T a b, until T b -> 0 <= a < b ->
  (forall s, until T s -> is_derive f s (df s)) ->
  exists c, a <= c <= b /\ f b - f a = df c * (b - a).
Proof.
  intros f df T a b Hb Hab H.
  assert (Hin : forall x, a <= x <= b -> until T x) by (intros; apply (until_le T x b); auto; lra).
  destruct (MVT_gen f a b df) as [c Hc].
  - rewrite Rmin_left, Rmax_right by lra; intros x Hx; apply H, Hin; lra.
  - rewrite Rmin_left, Rmax_right by lra; intros x Hx.
    apply continuity_pt_filterlim, (is_derive_continuous f x (df x)), H, Hin; lra.
  - rewrite Rmin_left, Rmax_right in Hc by lra; now exists c.
Qed.

Lemma constant_on : forall (f : R -> R) T, (forall s, until T s -> is_derive f s 0) ->
  forall s, until T s -> f s = f 0.
Proof.
  intros f T H s Hs; destruct (Req_dec s 0) as [->|Hn]; [reflexivity|].
  assert (0 <= 0 < s) by (destruct Hs; lra).
  destruct (mean_value f (fun _ => 0) T 0 s Hs H0 H) as [c [_ Hc]]; lra.
Qed.

Lemma nondecreasing_on : forall (f df : R -> R) T, (forall s, until T s -> is_derive f s (df s)) ->
  (forall s, until T s -> 0 <= df s) -> forall a b, until T b -> 0 <= a <= b -> f a <= f b.
Proof.
  intros f df T H Hdf a b Hb Hab; destruct (Req_dec a b) as [->|Hn]; [lra|].
  destruct (mean_value f df T a b Hb) as [c [Hc Hv]]; auto; [lra|].
  assert (0 <= df c) by (apply Hdf, (until_le T c b); auto; lra).
  assert (0 <= df c * (b - a)) by (apply Rmult_le_pos; lra); lra.
Qed.

Lemma increasing_on : forall (f df : R -> R) T, (forall s, until T s -> is_derive f s (df s)) ->
  (forall s, until T s -> 0 < df s) -> forall a b, until T b -> 0 <= a < b -> f a < f b.
Proof.
  intros f df T H Hdf a b Hb Hab.
  destruct (mean_value f df T a b Hb) as [c [Hc Hv]]; auto.
  assert (0 < df c) by (apply Hdf, (until_le T c b); auto; lra).
  assert (0 < df c * (b - a)) by (apply Rmult_lt_0_compat; lra); lra.
Qed.

(* f' >= m gives f(s) >= f(0) + m s. *)
Lemma growth_at_least : forall (f df : R -> R) T m, (forall s, until T s -> is_derive f s (df s)) ->
  (forall s, until T s -> m <= df s) -> forall s, until T s -> f 0 + m * s <= f s.
Proof.
  intros f df T m H Hm s Hs.
  assert (f 0 - m * 0 <= f s - m * s); [|lra].
  apply (nondecreasing_on (fun s => f s - m * s) (fun s => df s - m) T); auto.
  - intros x Hx; apply @is_derive_minus; auto; auto_derive; [exact I | ring].
  - intros x Hx; specialize (Hm x Hx); lra.
  - destruct Hs; lra.
Qed.

(* ---------- continuous induction ---------- *)

(* A property that passes to the end of each interval [0, s) and a little beyond each [0, s] holds on [0,
   T). *)
Lemma continuous_induction : forall (T : Rbar) (P : R -> Prop),
  (forall s, until T s -> (forall x, 0 <= x < s -> P x) -> P s) ->
  (forall s, until T s -> (forall x, 0 <= x <= s -> P x) -> locally s P) ->
  forall s, until T s -> P s.
Proof.
  intros T P Hclosed Hopen s Hs; assert (Hs0 : 0 <= s) by apply Hs.
  set (E := fun x => 0 <= x <= s /\ forall y, 0 <= y <= x -> P y).
  assert (HP0 : P 0) by (apply Hclosed; [now apply until_0 with s | intros; lra]).
  destruct (completeness E) as [z [Hub Hlub]].
  - exists s; intros x [Hx _]; lra.
  - exists 0; split; [lra|]; intros y Hy; now replace y with 0 by lra.
  - assert (Hz0 : 0 <= z) by (apply Hub; split; [lra|]; intros y Hy; now replace y with 0 by lra).
    assert (Hzs : z <= s) by (apply Hlub; intros x [Hx _]; lra).
    assert (Hbefore : forall x, 0 <= x < z -> P x).
    { intros x Hx; destruct (Classical_Prop.classic (exists y, E y /\ x < y)) as [[y [[_ Hy] Hxy]]|Hn].
      - apply Hy; lra.
      - exfalso; assert (z <= x); [|lra]; apply Hlub; intros y Hy.
        destruct (Rle_lt_dec y x); auto; elim Hn; now exists y. }
    assert (HPz : P z) by (apply Hclosed; [apply (until_le T z s) | ]; auto).
    assert (Hupto : forall x, 0 <= x <= z -> P x).
    { intros x Hx; destruct (Req_dec x z) as [->|]; auto; apply Hbefore; lra. }
    destruct (Req_dec z s) as [<-|Hne]; auto; exfalso.
    destruct (Hopen z) as [eps He]; [apply (until_le T z s); auto | auto |].
    assert (Heps := cond_pos eps); set (y := Rmin s (z + eps / 2)).
    assert (Hy : z < y <= s) by (split; [apply Rmin_glb_lt; lra | apply Rmin_l]).
    assert (Hy2 : y <= z + eps / 2) by apply Rmin_r.
    assert (y <= z); [|lra]; apply Hub; split; [lra|].
    intros x Hx; destruct (Rle_lt_dec x z); [apply Hupto; lra|].
    apply He; unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
    rewrite Rabs_pos_eq; lra.
Qed.

(* A continuous function that vanishes on [0, s) vanishes at s. *)
Lemma continuous_zero : forall (f : R -> R) s, 0 < s -> continuous f s ->
  (forall x, 0 <= x < s -> f x = 0) -> f s = 0.
Proof.
  intros f s Hs Hc H; destruct (Req_dec (f s) 0) as [|Hn]; auto; exfalso.
  destruct (Hc (fun y => y <> 0)) as [eps He]; [apply (open_neq 0); auto|].
  assert (Heps := cond_pos eps); set (x := Rmax 0 (s - eps / 2)).
  assert (Hx : 0 <= x < s) by (split; [apply Rmax_l | apply Rmax_lub_lt; lra]).
  assert (Hx2 : s - eps / 2 <= x) by apply Rmax_r.
  apply (He x); [|now apply H].
  unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl; rewrite Rabs_left; lra.
Qed.

(* The last zero before a positive value. *)
Lemma last_zero : forall (f : R -> R) a b, a < b -> (forall x, a <= x <= b -> continuous f x) ->
  f a = 0 -> 0 < f b -> exists z, a <= z < b /\ f z = 0 /\ forall x, z < x <= b -> 0 < f x.
Proof.
  intros f a b Hab Hc Ha Hb.
  destruct (completeness (fun x => a <= x <= b /\ f x <= 0)) as [z [Hub Hlub]].
  - exists b; intros x [Hx _]; lra.
  - exists a; lra.
  - assert (Hza : a <= z) by (apply Hub; lra).
    assert (Hzb : z <= b) by (apply Hlub; intros x [Hx _]; lra).
    assert (Hafter : forall x, z < x <= b -> 0 < f x).
    { intros x Hx; destruct (Rlt_le_dec 0 (f x)); auto; assert (x <= z); [apply Hub; lra | lra]. }
    assert (Hfz : f z <= 0).
    { destruct (Rle_lt_dec (f z) 0) as [|Hpos]; auto; exfalso.
      destruct (Hc z ltac:(lra) (fun y => 0 < y)) as [eps He]; [now apply (open_gt 0)|].
      assert (Heps := cond_pos eps); assert (z <= z - eps); [|lra].
      apply Hlub; intros x [Hx Hfx]; destruct (Rle_lt_dec x (z - eps)) as [|Hlt]; auto; exfalso.
      assert (x <= z) by (apply Hub; lra).
      assert (0 < f x); [|lra]; apply He; unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp;
        simpl.
      rewrite Rabs_left1; lra. }
    assert (Hzlt : z < b) by (destruct (Req_dec z b) as [E|]; [rewrite E in Hfz; lra | lra]).
    exists z; split; [lra | split; auto].
    destruct (Req_dec (f z) 0) as [|Hn]; auto; exfalso.
    destruct (Hc z ltac:(lra) (fun y => y < 0)) as [eps He]; [apply (open_lt 0); lra|].
    assert (Heps := cond_pos eps); set (x := Rmin b (z + eps / 2)).
    assert (Hx : z < x <= b) by (split; [apply Rmin_glb_lt; lra | apply Rmin_l]).
    assert (Hx2 : x <= z + eps / 2) by apply Rmin_r.
    assert (f x < 0); [|specialize (Hafter x Hx); lra].
    apply He; unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
    rewrite Rabs_pos_eq; lra.
Qed.

(* ---------- primitives ---------- *)

Lemma continuous_Rmax_0 : forall x, continuous (fun y : R => Rmax 0 y) x.
Proof.
  intros x; apply continuous_ext with (fun y => (y + Rabs y) / 2).
  - intros y; unfold Rmax; destruct (Rle_dec 0 y).
    + rewrite Rabs_pos_eq; lra.
    + rewrite Rabs_left; lra.
  - apply @continuous_scal_l with (f := fun y : R => y + Rabs y).
    apply @continuous_plus; [apply continuous_id | apply continuous_Rabs].
Qed.

(* A function continuous on [0, T) has a primitive there, zero at 0. *)
Lemma primitive : forall (g : R -> R) T, (forall s, until T s -> continuous g s) ->
  exists G, G 0 = 0 /\ forall s, until T s -> is_derive G s (g s).
Proof.
  intros g T Hg; set (h := fun y => g (Rmax 0 y)).
  assert (Hh : forall y, 0 <= y -> h y = g y) by (intros; unfold h; now rewrite Rmax_right).
  assert (Hc : forall y : R, Rbar_lt y T -> Rbar_lt 0 T -> continuous h y).
  { intros y Hy H0; unfold h; apply continuous_comp; [apply continuous_Rmax_0|].
    apply Hg; split; [apply Rmax_l|]; unfold Rmax; now destruct (Rle_dec 0 y). }
  exists (fun s => RInt h 0 s); split; [exact (RInt_point (V := R_CompleteNormedModule) 0 h)|].
  intros s Hs; rewrite <- (Hh s) by (destruct Hs; lra).
  assert (H0 : Rbar_lt 0 T) by (destruct (until_0 T s Hs); auto).
  apply is_derive_RInt with 0; [|apply Hc; auto; destruct Hs; auto].
  apply filter_imp with (2 := locally_lt_Rbar T s (proj2 Hs)); intros y Hy.
  apply (RInt_correct (V := R_CompleteNormedModule)), (ex_RInt_continuous (V := R_CompleteNormedModule)).
  intros z Hz; apply Hc; auto.
  apply Rbar_le_lt_trans with (Rmax 0 y); [simpl; lra|].
  unfold Rmax; now destruct (Rle_dec 0 y).
Qed.

(* ---------- linear equations ---------- *)

(* y' = a(s) y with a continuous: y is y(0) times a positive function. *)
Lemma linear_solution : forall (a y : R -> R) T, (forall s, until T s -> continuous a s) ->
  (forall s, until T s -> is_derive y s (a s * y s)) ->
  exists A, A 0 = 0 /\ (forall s, until T s -> is_derive A s (a s)) /\
    forall s, until T s -> y s = y 0 * exp (A s).
Proof.
  intros a y T Ha Hy; destruct (primitive a T Ha) as [A [A0 HA]].
  exists A; split; [auto | split; [auto|]]; intros s Hs.
  assert (H : y s * exp (- A s) = y 0 * exp (- A 0)).
  { apply (constant_on (fun s => y s * exp (- A s)) T); auto; intros x Hx.
    replace 0 with (a x * y x * exp (- A x) + y x * (- a x * exp (- A x))) by ring.
    apply (is_derive_mult y (fun s => exp (- A s)) x); [auto| |intros; apply Rmult_comm].
    apply (is_derive_comp exp (fun s => - A s) x); [apply is_derive_exp|].
    apply @is_derive_opp; auto. }
  rewrite A0, Ropp_0, exp_0, Rmult_1_r in H; rewrite <- H, Rmult_assoc, <- exp_plus.
  replace (- A s + A s) with 0 by ring; rewrite exp_0; ring.
Qed.

Lemma linear_zero : forall (a y : R -> R) T, (forall s, until T s -> continuous a s) ->
  (forall s, until T s -> is_derive y s (a s * y s)) -> y 0 = 0 ->
  forall s, until T s -> y s = 0.
Proof.
  intros a y T Ha Hy H0 s Hs.
  destruct (linear_solution a y T Ha Hy) as [A [_ [_ H]]]; rewrite H, H0; auto; ring.
Qed.

(* x^n - y^n = (x - y) (x^(n-1) + ... + y^(n-1)) *)
Fixpoint pow_quotient (n : nat) (x y : R) : R :=
  match n with O => 0 | S k => x ^ k + pow_quotient k x y * y end.

Lemma pow_quotient_correct : forall n x y, x ^ n - y ^ n = pow_quotient n x y * (x - y).
Proof.
  induction n; intros; simpl; [ring|].
  replace (x * x ^ n - y * y ^ n) with (x ^ n * (x - y) + y * (x ^ n - y ^ n)) by ring.
  rewrite IHn; ring.
Qed.

Lemma continuous_pow : forall n (f : R -> R) x, continuous f x -> continuous (fun y => f y ^ n) x.
Proof.
  induction n; intros f x H; simpl; [apply continuous_const|].
  apply @continuous_mult; auto.
Qed.

Lemma continuous_pow_quotient : forall n (f g : R -> R) x, continuous f x -> continuous g x ->
  continuous (fun y => pow_quotient n (f y) (g y)) x.
Proof.
  induction n; intros f g x Hf Hg; simpl; [apply continuous_const|].
  apply @continuous_plus; [now apply continuous_pow|].
  apply @continuous_mult; auto.
Qed.

(* v' = m v^n has at most one solution from given data. *)
Lemma power_equation_unique : forall m n (v w : R -> R) T,
  (forall s, until T s -> is_derive v s (m * v s ^ n)) ->
  (forall s, until T s -> is_derive w s (m * w s ^ n)) -> v 0 = w 0 ->
  forall s, until T s -> v s = w s.
Proof.
  intros m n v w T Hv Hw H0 s Hs.
  assert (v s - w s = 0); [|lra].
  apply (linear_zero (fun s => m * pow_quotient n (v s) (w s)) (fun s => v s - w s) T); auto; [| |lra].
  - intros x Hx; apply @continuous_scal_r with (f := fun s => pow_quotient n (v s) (w s)).
    apply continuous_pow_quotient; eapply is_derive_continuous; eauto.
  - intros x Hx; rewrite Rmult_assoc, <- pow_quotient_correct, Rmult_minus_distr_l.
    apply @is_derive_minus; auto.
Qed.

(* ---------- inverse functions ---------- *)

(* A left inverse h of an increasing continuous f has derivative 1/f' at f(s). *)
Lemma is_derive_inverse : forall (f h : R -> R) a b s l, a < s < b ->
  (forall x y, a <= x -> x < y -> y <= b -> f x < f y) ->
  (forall x, a <= x <= b -> h (f x) = x) ->
  (forall x, a <= x <= b -> continuity_pt f x) ->
  is_derive f s l -> 0 < l -> is_derive h (f s) (/ l).
Proof.
  intros f h a b s l Hs Hinc Hinv Hcf Hder Hl.
  assert (Hcont : forall y, f a < y < f b -> continuity_pt h y).
  { apply (continuity_pt_recip_prelim f h a b); auto; lra. }
  assert (Hb : f a < f s < f b) by (split; apply Hinc; lra).
  apply is_derive_Reals; intros eps Heps.
  assert (Hq : derivable_pt_lim f s l) by (apply is_derive_Reals; auto).
  assert (Heta : 0 < Rmin (l / 2) (eps * (l * l) / 2)).
  { apply Rmin_case; [lra|]; assert (0 < l * l) by nra; assert (0 < eps * (l * l)) by nra; lra. }
  destruct (Hq _ Heta) as [delta Hdelta].
  destruct (Hcont (f s) Hb delta (cond_pos delta)) as [r [Hr Hnear]].
  assert (Hb' : 0 < Rmin r (Rmin (f b - f s) (f s - f a))) by (repeat apply Rmin_case; lra).
  exists (mkposreal _ Hb'); intros k Hk Hkd; simpl in Hkd.
  assert (Hk1 : Rabs k < r) by (eapply Rlt_le_trans; [exact Hkd | apply Rmin_l]).
  assert (Hk2 : Rabs k < f b - f s).
  { eapply Rlt_le_trans; [exact Hkd|]; eapply Rle_trans; [apply Rmin_r | apply Rmin_l]. }
  assert (Hk3 : Rabs k < f s - f a).
  { eapply Rlt_le_trans; [exact Hkd|]; eapply Rle_trans; [apply Rmin_r | apply Rmin_r]. }
  apply Rabs_def2 in Hk2; apply Rabs_def2 in Hk3.
  (* f s + k is a value f x; the difference quotient of h is the inverse of that of f *)
  destruct (f_interv_is_interv f a b (f s + k)) as [x [Hx Hfx]]; [lra | lra | auto |].
  assert (Hhx : h (f s + k) = x) by (rewrite <- Hfx; auto).
  assert (Hhs : h (f s) = s) by (apply Hinv; lra).
  assert (Hxs : x - s <> 0).
  { intros E; apply Hk; replace x with s in Hfx by lra; lra. }
  assert (Hxd : Rabs (x - s) < delta).
  { specialize (Hnear (f s + k)); simpl in Hnear; unfold R_dist in Hnear; rewrite Hhx, Hhs in Hnear.
    apply Hnear; split; [split; [exact I | lra]|].
    now replace (f s + k - f s) with k by ring. }
  specialize (Hdelta (x - s) Hxs Hxd).
  replace (s + (x - s)) with x in Hdelta by ring; rewrite Hfx in Hdelta.
  replace (f s + k - f s) with k in Hdelta by ring.
  rewrite Hhx, Hhs; set (q := k / (x - s)) in *.
  assert (Hq1 : Rabs (q - l) < l / 2) by (eapply Rlt_le_trans; [exact Hdelta | apply Rmin_l]).
  assert (Hq2 : Rabs (q - l) < eps * (l * l) / 2) by (eapply Rlt_le_trans; [exact Hdelta | apply Rmin_r]).
  assert (Hq3 : l / 2 < q) by (apply Rabs_def2 in Hq1; lra).
  replace ((x - s) / k) with (/ q) by (unfold q; field; split; auto).
  replace (/ q - / l) with ((l - q) * / (q * l)) by (field; split; lra).
  assert (Hql : l * l / 2 < q * l) by nra.
  rewrite Rabs_mult, (Rabs_pos_eq (/ (q * l))), Rabs_minus_sym by (left; apply Rinv_0_lt_compat; nra).
  apply Rmult_lt_reg_r with (q * l); [nra|].
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r by nra.
  apply Rlt_trans with (1 := Hq2); nra.
Qed.
