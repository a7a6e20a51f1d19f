(* The clock change between original time t and rescaled time s (MATH.md 2, page proofs/rescaling.md).

   PROVED, for any perturbation P, depth L, width d, data mu, and z(s) = <mu, beta(theta^(s))>:
   - a solution of the rescaled flow on [0, S), read at s = s(t), the inverse of t(s) = int_0^s (1 + e^z),
     solves the original flow on [0, T), T = sup t; and back with s(t) = int_0^t sigma(-z)
     ([rescaled_to_original], [original_to_rescaled]).  Neither needs S or T to be infinite;
   - the clock exists as soon as z is continuous along the solution, and it is where the gradient does not
     vanish ([clock_exists], [margin_continuous_inf], [margin_continuous_2]);
   - which times are infinite.  s <= t always, so S = oo gives T = oo ([original_outlives_rescaled]).  The
     converse, that the integral of the loss derivative sigma(-z) over all of original time diverges, is NOT
     automatic: it holds when z stays bounded above ([bounded_margin_original]); it fails at a finite-time
     blow-up of the rescaled flow: S < oo and e^z >= a/(S - s) give T = oo ([blow_up_fills_original_time]).
     Thm_3_2_joint.v and Cor_3_5_original.v ([original_reaches_end]) have such a case.
   Rust: src/predict/clock.rs, quadrature.rs. *)
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

(* ---------- the change of clock, headline theorems ---------- *)

(* z = <mu, beta(theta^)> *)
Definition margin (P : perturbation) (L d : nat) (mu : nat -> R) (th : params) : R :=
  predictor L d mu (sam_point P L d mu th).

(* A solution of theta' = F(theta) read through the inverse of a clock of rate g(theta) solves theta' = F/g.
   *)
Lemma time_change : forall L d (F G : params -> params) (g : params -> R) T C c th,
  (forall x l j, (l < L)%nat -> (j < d)%nat -> F x l j = g x * G x l j) ->
  solves L d F T th -> is_clock T C c (fun s => g (th s)) ->
  exists s_of, s_of 0 = 0 /\ (forall s, until T s -> until C (c s) /\ s_of (c s) = s) /\
    (forall t, until C t -> until T (s_of t) /\ c (s_of t) = t) /\ solves L d G C (fun t => th (s_of t)).
Proof.
  intros L d F G g T C c th HFG Hth HK.
  destruct (clock_inverse T C c _ HK) as [s_of [H0 [H1 H2]]].
  exists s_of; split; [auto | split; [auto | split]].
  - intros t Ht; destruct (H2 t Ht) as [H [H' _]]; auto.
  - intros t Ht l j Hl Hj; destruct (H2 t Ht) as [Hs [_ Hd]].
    assert (Hg : 0 < g (th (s_of t))) by (apply HK; auto).
    replace (G (th (s_of t)) l j) with (/ g (th (s_of t)) * F (th (s_of t)) l j)
      by (rewrite HFG by auto; field; lra).
    apply (is_derive_comp (fun x => th x l j) s_of t); [now apply Hth | exact Hd].
Qed.

(* d theta/ds = grad <mu, beta>(theta^) on [0, S) and dt/ds = 1 + e^z, t(0) = 0, T = sup t:
   theta(s(t)) solves theta' = - grad loss(theta^) on [0, T). *)
Theorem rescaled_to_original : forall P L d mu S T t th,
  solves_rescaled P L d mu S th ->
  is_clock S T t (fun s => 1 + exp (margin P L d mu (th s))) ->
  exists s_of, s_of 0 = 0 /\ (forall s, until S s -> until T (t s) /\ s_of (t s) = s) /\
    (forall x, until T x -> until S (s_of x) /\ t (s_of x) = x) /\
    solves_original P L d mu T (fun x => th (s_of x)).
Proof.
  intros P L d mu S T t th Hth HK.
  apply (time_change L d (rescaled_field P L d mu) (sam_field P L d mu)
    (fun x => 1 + exp (margin P L d mu x)) S T t th); auto.
  intros x l j Hl Hj; rewrite sam_field_rescaled by auto; unfold sigma, margin; rewrite Ropp_involutive.
  assert (H := exp_pos (predictor L d mu (sam_point P L d mu x))); field; lra.
Qed.

(* theta' = - grad loss(theta^) on [0, T) and ds/dt = sigma(-z), s(0) = 0, S = sup s:
   theta(t(s)) solves d theta/ds = grad <mu, beta>(theta^) on [0, S). *)
Theorem original_to_rescaled : forall P L d mu T S s th,
  solves_original P L d mu T th ->
  is_clock T S s (fun t => sigma (- margin P L d mu (th t))) ->
  exists t_of, t_of 0 = 0 /\ (forall t, until T t -> until S (s t) /\ t_of (s t) = t) /\
    (forall x, until S x -> until T (t_of x) /\ s (t_of x) = x) /\
    solves_rescaled P L d mu S (fun x => th (t_of x)).
Proof.
  intros P L d mu T S s th Hth HK.
  apply (time_change L d (sam_field P L d mu) (rescaled_field P L d mu)
    (fun x => sigma (- margin P L d mu x)) T S s th); auto.
  intros x l j Hl Hj; now rewrite sam_field_rescaled.
Qed.

(* A positive rate, continuous on [0, T), is the rate of a clock. *)
Theorem clock_exists : forall T g, Rbar_lt 0 T ->
  (forall s, until T s -> continuous g s) -> (forall s, until T s -> 0 < g s) ->
  exists C c, is_clock T C c g.
Proof.
  intros T g HT Hc Hg; destruct (primitive g T Hc) as [c [c0 Hd]].
  destruct (ex_lub_Rbar (fun x => exists s, until T s /\ x = c s)) as [C HC].
  exists C, c; unfold is_clock; auto.
Qed.

(* ---------- continuity of the margin along a path ---------- *)

Definition continuous_path (L d : nat) (th : R -> params) (s : R) : Prop :=
  forall l j, (l < L)%nat -> (j < d)%nat -> continuous (fun x => th x l j) s.

Lemma solves_continuous : forall L d F T th s, solves L d F T th -> until T s -> continuous_path L d th s.
Proof. intros L d F T th s H Hs l j Hl Hj; eapply is_derive_continuous, H; auto. Qed.

Lemma continuous_predictor : forall L d mu th s, continuous_path L d th s ->
  continuous (fun x => predictor L d mu (th x)) s.
Proof.
  intros L d mu th s H; unfold predictor, beta.
  apply (continuous_vsum d (fun j x => mu j * vprod L (fun l => th x l j))); intros j Hj.
  apply (continuous_scal_r (mu j) (fun x => vprod L (fun l => th x l j))).
  apply (continuous_vprod L (fun l x => th x l j)); auto.
Qed.

Lemma continuous_grad_pred : forall L d mu th s, continuous_path L d th s ->
  continuous_path L d (fun x => grad_pred L d mu (th x)) s.
Proof.
  intros L d mu th s H l j Hl Hj.
  apply continuous_ext with (fun x => mu j * vprod_but L l (fun k => th x k j)).
  { intros x; now rewrite grad_pred_formula. }
  apply (continuous_scal_r (mu j) (fun x => vprod_but L l (fun k => th x k j))).
  apply (continuous_vprod_but L l (fun k x => th x k j)); auto.
Qed.

Lemma predictor_ext : forall L d mu a b,
  (forall l j, (l < L)%nat -> (j < d)%nat -> a l j = b l j) -> predictor L d mu a = predictor L d mu b.
Proof.
  intros L d mu a b H; apply vsum_ext; intros j Hj; f_equal; apply vprod_ext; auto.
Qed.

Lemma continuous_sign_comp : forall (f : R -> R) s, continuous f s -> f s <> 0 ->
  continuous (fun x => sign (f x)) s.
Proof.
  intros f s Hf Hn; apply continuous_ext_loc with (fun _ => sign (f s)); [|apply continuous_const].
  destruct (Rdichotomy _ _ Hn) as [Hs|Hs].
  - apply (filter_imp (fun x => f x < 0)); [intros x Hx | exact (Hf (fun u => u < 0) (open_lt 0 (f s) Hs))].
    rewrite !sign_eq_m1; auto.
  - apply (filter_imp (fun x => 0 < f x)); [intros x Hx | exact (Hf (fun u => 0 < u) (open_gt 0 (f s) Hs))].
    rewrite !sign_eq_1; auto.
Qed.

(* inf-norm: z is continuous where no entry of the gradient is zero. *)
Theorem margin_continuous_inf : forall rho L d mu th s, continuous_path L d th s ->
  (forall l j, (l < L)%nat -> (j < d)%nat -> grad_pred L d mu (th s) l j <> 0) ->
  continuous (fun x => margin (perturb_inf rho) L d mu (th x)) s.
Proof.
  intros rho L d mu th s Hc Hn.
  apply continuous_ext with
    (fun x => predictor L d mu (fun l j => th x l j - rho * sign (grad_pred L d mu (th x) l j))).
  { intros x; apply predictor_ext; intros; now rewrite sam_point_inf. }
  apply continuous_predictor; intros l j Hl Hj.
  apply (continuous_minus (fun x => th x l j)); [auto|].
  apply (continuous_scal_r rho (fun x => sign (grad_pred L d mu (th x) l j))).
  apply continuous_sign_comp; auto; now apply continuous_grad_pred.
Qed.

(* 2-norm: z is continuous where the gradient is not zero. *)
Theorem margin_continuous_2 : forall rho L d mu th s, continuous_path L d th s ->
  norm2 L d (grad_pred L d mu (th s)) <> 0 ->
  continuous (fun x => margin (perturb_2 L d rho) L d mu (th x)) s.
Proof.
  intros rho L d mu th s Hc Hn.
  assert (Hg := continuous_grad_pred L d mu th s Hc).
  apply continuous_ext with (fun x => predictor L d mu (fun l j =>
    th x l j - rho * grad_pred L d mu (th x) l j * / norm2 L d (grad_pred L d mu (th x)))).
  { intros x; apply predictor_ext; intros; now rewrite sam_point_2. }
  apply continuous_predictor; intros l j Hl Hj.
  apply (continuous_minus (fun x => th x l j)); [auto|].
  apply (continuous_mult (fun x => rho * grad_pred L d mu (th x) l j)).
  { apply (continuous_scal_r rho (fun x => grad_pred L d mu (th x) l j)); auto. }
  apply continuous_Rinv_comp; auto; unfold norm2.
  apply continuous_sqrt_comp.
  apply (continuous_vsum L (fun l x => vsum d (fun j => grad_pred L d mu (th x) l j ^ 2))); intros k Hk.
  apply (continuous_vsum d (fun j x => grad_pred L d mu (th x) k j ^ 2)); intros i Hi.
  apply continuous_pow; auto.
Qed.

(* ---------- which times are infinite ---------- *)

(* s <= t: the original flow lives at least as long; if s runs to infinity, so does t. *)
Theorem original_outlives_rescaled : forall S T t z, is_clock S T t (fun s => 1 + exp (z s)) ->
  (forall s, until S s -> s <= t s) /\ Rbar_le S T.
Proof.
  intros S T t z (HS & H0 & Hd & Hg & HT).
  assert (Hle : forall s, until S s -> s <= t s).
  { intros s Hs; assert (t 0 + 1 * s <= t s); [|lra].
    apply (growth_at_least t (fun s => 1 + exp (z s)) S 1); auto.
    intros x _; assert (H := exp_pos (z x)); lra. }
  split; auto.
  destruct (Rbar_le_lt_dec S T) as [H|H]; auto; exfalso.
  assert (HT0 : Rbar_lt 0 T).
  { destruct (until_more S 0 (until_pos S HS)) as [u [Hu Hus]].
    apply Rbar_lt_le_trans with (t u); [specialize (Hle u Hus); simpl; lra|].
    apply (proj1 HT); now exists u. }
  destruct T as [T| |]; try contradiction.
  simpl in HT0; assert (Hu : until S T) by (split; [lra | auto]).
  destruct (until_more S T Hu) as [u [Hu1 Hu2]].
  assert (Rbar_le (t u) T) by (apply (proj1 HT); now exists u).
  specialize (Hle u Hu2); simpl in H1; lra.
Qed.

(* z <= M on the way: t <= (1 + e^M) s.  So T = oo only if S = oo: then the integral of the loss derivative,
   which is S, diverges. *)
Theorem bounded_margin_original : forall S T t z M, is_clock S T t (fun s => 1 + exp (z s)) ->
  (forall s, until S s -> z s <= M) ->
  (forall s, until S s -> t s <= (1 + exp M) * s) /\ (T = p_infty -> S = p_infty).
Proof.
  intros S T t z M (HS & H0 & Hd & Hg & HT) HM.
  assert (Hle : forall s, until S s -> t s <= (1 + exp M) * s).
  { intros s Hs; assert (- t 0 + - (1 + exp M) * s <= - t s); [|lra].
    apply (growth_at_least (fun s => - t s) (fun s => - (1 + exp (z s))) S); auto.
    - intros x Hx; now apply @is_derive_opp, Hd.
    - intros x Hx; specialize (HM x Hx).
      assert (exp (z x) <= exp M) by (destruct (Req_dec (z x) M) as [->|]; [lra|];
        left; apply exp_increasing; lra); lra. }
  split; auto; intros ->; destruct S as [S| |]; auto; [exfalso|contradiction].
  assert (Rbar_le p_infty ((1 + exp M) * S)); [|contradiction].
  apply (proj2 HT); intros x [s [Hs ->]]; simpl.
  apply Rle_trans with (1 := Hle s Hs); apply Rmult_le_compat_l; [|destruct Hs; simpl in *; lra].
  assert (H := exp_pos M); lra.
Qed.

(* Blow-up at a finite S with e^z >= a/(S - s) from s0 on: all of original time fits before S. *)
Theorem blow_up_fills_original_time : forall (S : R) T t z s0 a,
  is_clock S T t (fun s => 1 + exp (z s)) -> 0 < a -> 0 <= s0 < S ->
  (forall s, s0 <= s < S -> a / (S - s) <= exp (z s)) -> T = p_infty.
Proof.
  intros S T t z s0 a (HS & H0 & Hd & Hg & HT) Ha Hs0 Hz.
  assert (Hlow : forall s, s0 < s < S -> t s0 + a * (ln (S - s0) - ln (S - s)) <= t s).
  { intros s Hs; assert (t s0 + a * ln (S - s0) <= t s + a * ln (S - s)); [|lra].
    destruct (MVT_gen (fun x => t x + a * ln (S - x)) s0 s (fun x => 1 + exp (z x) + a * (- / (S - x))))
      as [x [Hx Hv]].
    - rewrite Rmin_left, Rmax_right by lra; intros x Hx.
      apply @is_derive_plus; [apply Hd; split; simpl; lra|].
      auto_derive; [lra | field; lra].
    - rewrite Rmin_left, Rmax_right by lra; intros x Hx; apply continuity_pt_filterlim.
      apply (continuous_plus t (fun x => a * ln (S - x))).
      + eapply is_derive_continuous, Hd; split; simpl; lra.
      + apply (is_derive_continuous _ x (a * (- / (S - x)))); auto_derive; [lra | field; lra].
    - rewrite Rmin_left, Rmax_right in Hx by lra; specialize (Hz x ltac:(lra)).
      assert (0 <= (1 + exp (z x) + a * - / (S - x)) * (s - s0)) by (apply Rmult_le_pos; unfold Rdiv in Hz;
        lra).
      lra. }
  destruct T as [T| |]; auto; exfalso.
  - (* a time s with a (ln (S - s0) - ln (S - s)) > T - t s0 *)
    set (e := Rmin ((S - s0) / 2) (exp (ln (S - s0) - (Rabs (T - t s0) + 1) / a))).
    assert (He : 0 < e <= (S - s0) / 2).
    { split; [apply Rmin_case; [lra | apply exp_pos] | apply Rmin_l]. }
    assert (Hln : ln e <= ln (S - s0) - (Rabs (T - t s0) + 1) / a).
    { rewrite <- (ln_exp (ln (S - s0) - _)); apply ln_le; [lra | apply Rmin_r]. }
    specialize (Hlow (S - e) ltac:(lra)); replace (S - (S - e)) with e in Hlow by ring.
    assert (Hu : Rbar_le (t (S - e)) T) by (apply (proj1 HT); exists (S - e); split; [split; simpl;
      lra|auto]).
    simpl in Hu; assert (HR := Rle_abs (T - t s0)).
    assert (Rabs (T - t s0) + 1 <= a * (ln (S - s0) - ln e)); [|lra].
    replace (Rabs (T - t s0) + 1) with (a * ((Rabs (T - t s0) + 1) / a)) by (field; lra).
    apply Rmult_le_compat_l; lra.
  - assert (H : Rbar_le (t 0) m_infty); [|exact H].
    apply (proj1 HT); exists 0; split; [split; simpl; lra|reflexivity].
Qed.
