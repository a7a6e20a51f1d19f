(* Theorem 3.2 and Corollary 3.5 for EVERY solution of the original flow theta' = - grad loss(theta^),
   inf-norm, one example, balanced start alpha > 0 (pages proofs/thm-3.2.md, proofs/rescaling.md).

   PROVED, where no coordinate is at 0 before the end T* of the rescaled solution (T* = oo for L = 2 and all
   alpha_j >= rho; T* = min T_j for L >= 3 with some alpha_j > rho, always so for odd L):
   - a solution on [0, U), U finite or oo, is w_inf at s(t) = int_0^t sigma(-z) in every layer: unique,
   balanced, positive ([original_closed_form]);
   What follows for Theorem 3.2 and Corollary 3.5, for every solution on [0, oo), is in Cor_3_5_original.v.
   NOT here: original time through w_j = 0 (even L), where the flow is discontinuous: Thm_3_2_filippov.v.
   Rust: src/predict/fates.rs, direction.rs. *)
From Coq Require Import Reals Lra Lia Ranalysis5.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint Cor_3_5.
Open Scope R_scope.

(* The inverse of a clock is a clock. *)
Lemma clock_of_inverse : forall T C c g, is_clock T C c g -> exists s_of,
  is_clock C T s_of (fun t => / g (s_of t)) /\
  (forall s, until T s -> until C (c s) /\ s_of (c s) = s) /\
  (forall t, until C t -> until T (s_of t) /\ c (s_of t) = t).
Proof.
  intros T C c g HK; destruct (clock_inverse T C c g HK) as [s_of [H0 [H1 H2]]].
  exists s_of; split; [|split; auto].
  - assert (HT : Rbar_lt 0 T) by apply HK.
    assert (HC : Rbar_lt 0 C).
    { destruct (until_more T 0 (until_pos T HT)) as [u [Hu HuT]].
      destruct (H1 u HuT) as [[Hcu HuC] _]; destruct HK as (_ & Hc0 & _).
      eapply Rbar_le_lt_trans; [|exact HuC]; exact Hcu. }
    split; [auto | split; [auto | split; [|split]]].
    + intros t Ht; now apply H2.
    + intros t Ht; apply Rinv_0_lt_compat, HK; now apply H2.
    + split.
      * intros x [t [Ht ->]]; apply Rbar_lt_le; now apply (proj1 (H2 t Ht)).
      * intros b Hb; destruct (Rbar_le_lt_dec T b) as [|Hlt]; auto; exfalso.
        assert (Hall : forall s, until T s -> Rbar_le s b).
        { intros s Hs; apply Hb; exists (c s); destruct (H1 s Hs) as [Ha E]; auto. }
        destruct b as [b| |]; [|contradiction|].
        -- assert (Hb0 : 0 <= b) by (apply (Hall 0 (until_pos T HT))).
           destruct (until_more T b) as [u [Hu HuT]]; [split; auto|].
           specialize (Hall u HuT); simpl in Hall; lra.
        -- exact (Hall 0 (until_pos T HT)).
  - intros t Ht; destruct (H2 t Ht) as [Ha [Hb _]]; auto.
Qed.

(* The data: start alpha > 0, no hit and no blow-up before T. *)
Definition smooth_until (L d : nat) (rho : R) (mu alpha : nat -> R) (T : Rbar) : Prop :=
  positive_data L d rho mu alpha /\ (0 < d)%nat /\ forall i, (i < d)%nat ->
    Rbar_le T (hit_time L rho (mu i) (alpha i)) /\ Rbar_le T (blow_up L rho (mu i) (alpha i)).

(* No solution of the rescaled flow from alpha outlives T. *)
Definition all_end_by (L d : nat) (rho : R) (mu alpha : nat -> R) (T : Rbar) : Prop :=
  forall S th, solves_rescaled (perturb_inf rho) L d mu S th ->
  (forall l i, (l < L)%nat -> (i < d)%nat -> th 0 l i = alpha i) -> Rbar_le S T.

Definition start (L d : nat) (th : R -> params) (alpha : nat -> R) : Prop :=
  forall l i, (l < L)%nat -> (i < d)%nat -> th 0 l i = alpha i.

Lemma smooth_pos : forall L d rho mu alpha T i s, smooth_until L d rho mu alpha T -> (i < d)%nat ->
  until T s ->
  0 < w_inf L rho (mu i) (alpha i) s.
Proof.
  intros L d rho mu alpha T i s ((HL & Hrho & Hpos) & _ & Hs) Hi [Hs0 HsT]; destruct (Hs i Hi) as [Hh Hb].
  assert (Hlt : Rbar_lt s (hit_time L rho (mu i) (alpha i))) by exact (Rbar_lt_le_trans _ _ _ HsT Hh).
  assert (Hlb : Rbar_lt s (blow_up L rho (mu i) (alpha i))) by exact (Rbar_lt_le_trans _ _ _ HsT Hb).
  rewrite w_inf_before by auto; apply before_both; auto; now apply Hpos.
Qed.

Lemma smooth_continuous : forall L d rho mu alpha T i s, smooth_until L d rho mu alpha T -> (i < d)%nat ->
  until T s -> continuous (w_inf L rho (mu i) (alpha i)) s.
Proof.
  intros L d rho mu alpha T i s ((HL & Hrho & Hpos) & _ & Hs) Hi [Hs0 HsT].
  apply (w_inf_continuous L rho d mu alpha i s); auto; try (now apply Hpos).
  split; auto; eapply Rbar_lt_le_trans; [exact HsT | now apply Hs].
Qed.

(* While all entries are positive, a solution of the original flow is w_inf at the clock s(t). *)
Lemma original_positive : forall L d rho mu alpha T U th, smooth_until L d rho mu alpha T ->
  all_end_by L d rho mu alpha T -> Rbar_lt 0 U ->
  solves_original (perturb_inf rho) L d mu U th -> start L d th alpha ->
  (forall t, until U t -> forall l i, (l < L)%nat -> (i < d)%nat -> 0 < th t l i) ->
  exists S s t_of, is_clock U S s (fun t => sigma (- margin (perturb_inf rho) L d mu (th t))) /\
    Rbar_le S T /\
    is_clock S U t_of (fun x => / sigma (- margin (perturb_inf rho) L d mu (th (t_of x)))) /\
    (forall t, until U t -> until S (s t) /\ t_of (s t) = t) /\
    (forall x, until S x -> until U (t_of x) /\ s (t_of x) = x) /\
    forall t, until U t -> forall l i, (l < L)%nat -> (i < d)%nat ->
      th t l i = w_inf L rho (mu i) (alpha i) (s t).
Proof.
  intros L d rho mu alpha T U th Hsm Hend HU Hth H0 Hpos; assert (Hsm' := Hsm).
  destruct Hsm' as ((HL & Hrho & Hdata) & Hd & Hbd).
  destruct (clock_exists U (fun t => sigma (- margin (perturb_inf rho) L d mu (th t)))) as [S [s Hcl]]; auto.
  - intros t Ht; unfold sigma; assert (Hm : continuous (fun x => margin (perturb_inf rho) L d mu (th x)) t).
    { apply margin_continuous_inf; [now apply (solves_continuous L d (sam_field (perturb_inf rho) L d mu)
      U)|].
      intros l j Hl Hj; rewrite grad_pred_formula by auto; apply Rgt_not_eq, Rmult_lt_0_compat.
      - now apply Hdata.
      - apply vprod_but_pos; intros; now apply Hpos. }
    apply continuous_Rinv_comp.
    + apply (continuous_plus (fun _ => 1)); [apply continuous_const|]; apply continuous_exp_comp.
      apply (continuous_ext (fun x => margin (perturb_inf rho) L d mu (th x))); [|exact Hm].
      intros x; simpl; ring.
    + assert (H := exp_pos (- - margin (perturb_inf rho) L d mu (th t))); lra.
  - intros t _; apply sigma_pos.
  - destruct (clock_of_inverse _ _ _ _ Hcl) as [t_of [Hclt [Hi1 Hi2]]].
    assert (Ht0 : t_of 0 = 0) by apply Hclt.
    assert (Hres : solves_rescaled (perturb_inf rho) L d mu S (fun x => th (t_of x))).
    { intros x Hx l j Hl Hj; destruct (Hi2 x Hx) as [Htx _].
      destruct Hclt as (_ & _ & Hder & _); specialize (Hder x Hx).
      assert (Hg := sigma_pos (- margin (perturb_inf rho) L d mu (th (t_of x)))).
      replace (rescaled_field (perturb_inf rho) L d mu (th (t_of x)) l j)
        with (/ sigma (- margin (perturb_inf rho) L d mu (th (t_of x))) *
              sam_field (perturb_inf rho) L d mu (th (t_of x)) l j).
      - apply (is_derive_comp (fun y => th y l j) t_of x); [now apply Hth | exact Hder].
      - rewrite sam_field_rescaled by auto; unfold margin in *; field; lra. }
    assert (Hres0 : forall l i, (l < L)%nat -> (i < d)%nat -> th (t_of 0) l i = alpha i).
    { intros l i Hl Hi; rewrite Ht0; now apply H0. }
    assert (HST := Hend S _ Hres Hres0).
    exists S, s, t_of; split; [auto | split; [auto | split; [auto | split; [auto | split; [auto|]]]]].
    intros t Ht l i Hl Hi; destruct (Hi1 t Ht) as [Hst E]; rewrite <- E at 1.
    destruct (Hbd i Hi) as [Hh Hb].
    assert (HsT : Rbar_lt (s t) T) by (eapply Rbar_lt_le_trans; [apply Hst | exact HST]).
    apply (thm_3_2_closed_form rho L d mu i S (fun x => th (t_of x)) (alpha i)); auto; try (now apply Hdata).
    + intros x Hx k Hk; now apply Hres.
    + eapply Rbar_lt_le_trans; [exact HsT | exact Hh].
    + eapply Rbar_lt_le_trans; [exact HsT | exact Hb].
Qed.

(* Limits are unique. *)
Lemma tends_to_unique : forall T f k l, Rbar_lt 0 T -> tends_to T f k -> tends_to T f l -> k = l.
Proof.
  intros T f k l HT Hk Hl; destruct (Req_dec k l) as [|Hn]; auto; exfalso.
  assert (He : 0 < Rabs (k - l) / 2) by (apply Rdiv_lt_0_compat; [apply Rabs_pos_lt; lra | lra]).
  destruct (proj1 (tends_to_spec T f k) Hk _ He) as [a [[Ha0 Ha] HA]].
  destruct (proj1 (tends_to_spec T f l) Hl _ He) as [b [[Hb0 Hb] HB]].
  assert (Hm : Rbar_lt (Rmax a b) T) by (unfold Rmax; now destruct (Rle_dec a b)).
  specialize (HA _ (Rmax_l a b) Hm); specialize (HB _ (Rmax_r a b) Hm).
  assert (H := Rabs_triang (k - f (Rmax a b)) (f (Rmax a b) - l)).
  replace (k - f (Rmax a b) + (f (Rmax a b) - l)) with (k - l) in H by ring.
  rewrite (Rabs_minus_sym k (f (Rmax a b))) in H; lra.
Qed.

Lemma tends_to_not_diverges : forall T f l, Rbar_lt 0 T -> tends_to T f l -> ~ diverges T f.
Proof.
  intros T f l HT Hl Hd; assert (HF := near_end_filter T HT).
  destruct (proj1 (tends_to_spec T f l) Hl 1 Rlt_0_1) as [a [[Ha0 Ha] HA]].
  destruct (proj1 (diverges_spec T f) Hd (l + 1)) as [b [[Hb0 Hb] HB]].
  assert (Hm : Rbar_lt (Rmax a b) T) by (unfold Rmax; now destruct (Rle_dec a b)).
  specialize (HA _ (Rmax_l a b) Hm); specialize (HB _ (Rmax_r a b) Hm); apply Rabs_def2 in HA; lra.
Qed.

(* Every solution of the original flow stays positive, and is w_inf at the clock. *)
Theorem original_closed_form : forall L d rho mu alpha T U th, smooth_until L d rho mu alpha T ->
  all_end_by L d rho mu alpha T ->
  (forall V : R, T = Finite V -> exists j, (j < d)%nat /\ diverges V (w_inf L rho (mu j) (alpha j))) ->
  Rbar_lt 0 U -> solves_original (perturb_inf rho) L d mu U th -> start L d th alpha ->
  exists S s t_of, is_clock U S s (fun t => sigma (- margin (perturb_inf rho) L d mu (th t))) /\
    Rbar_le S T /\
    is_clock S U t_of (fun x => / sigma (- margin (perturb_inf rho) L d mu (th (t_of x)))) /\
    (forall t, until U t -> until S (s t) /\ t_of (s t) = t) /\
    (forall x, until S x -> until U (t_of x) /\ s (t_of x) = x) /\
    forall t, until U t -> forall l i, (l < L)%nat -> (i < d)%nat ->
      th t l i = w_inf L rho (mu i) (alpha i) (s t) /\ 0 < th t l i.
Proof.
  intros L d rho mu alpha T U th Hsm Hend Hblow HU Hth H0; assert (Hsm' := Hsm).
  destruct Hsm' as ((HL & Hrho & Hdata) & Hd & Hbd).
  assert (Hcont : forall t, until U t -> forall l i, (l < L)%nat -> (i < d)%nat ->
    continuous (fun x => th x l i) t).
  { intros t Ht l i Hl Hi; eapply is_derive_continuous, Hth; auto. }
  assert (Hpos : forall t, until U t -> forall l i, (l < L)%nat -> (i < d)%nat -> 0 < th t l i).
  { intros t Ht l i Hl Hi; revert l Hl i Hi; revert t Ht.
    apply (continuous_induction U (fun t => forall l, (l < L)%nat -> forall i, (i < d)%nat -> 0 < th t l i)).
    - intros x Hx Hbefore l Hl i Hi; destruct (Req_dec x 0) as [->|Hn]; [rewrite H0 by auto;
      now apply Hdata|].
      assert (Hx0 : 0 < x) by (destruct Hx; lra).
      assert (Hin : forall y, until x y -> until U y).
      { intros y [Hy1 Hy2]; simpl in Hy2; apply (until_le U y x); auto; lra. }
      assert (Hthx : solves_original (perturb_inf rho) L d mu x th).
      { intros y Hy k m Hk Hm; apply Hth; auto. }
      assert (Hposx : forall t, until x t -> forall k m, (k < L)%nat -> (m < d)%nat -> 0 < th t k m).
      { intros y [Hy1 Hy2] k m Hk Hm; apply Hbefore; auto. }
      destruct (original_positive L d rho mu alpha T x th Hsm Hend Hx0 Hthx H0 Hposx)
        as (S & s & t_of & Hcl & HST & Hclt & Hi1 & Hi2 & HE).
      (* S <= x is finite *)
      assert (HSx : Rbar_le S x).
      { apply (proj2 (proj2 (proj2 (proj2 (proj2 Hcl))))); intros y [t [Ht ->]]; simpl.
        assert (Hle : - s 0 + - 1 * t <= - s t); [|destruct Hcl as (_ & Hs0 & _); destruct Ht; simpl in *;
          lra].
        apply (growth_at_least (fun t => - s t) (fun t => - sigma (- margin (perturb_inf rho) L d mu (th
          t))) x); auto.
        - intros z Hz; apply @is_derive_opp; now apply Hcl.
        - intros z Hz; assert (H := sigma_lt_1 (- margin (perturb_inf rho) L d mu (th z))); lra. }
      assert (HS0 : Rbar_lt 0 S) by apply Hclt.
      destruct S as [S| |]; [|contradiction|contradiction].
      assert (Hlimc : forall k m, (k < L)%nat -> (m < d)%nat -> tends_to x (fun t => th t k m) (th x k m)).
      { intros k m Hk Hm; apply tends_to_continuous; auto. }
      assert (Htrans : forall m, (m < d)%nat -> forall k, (k < L)%nat -> forall P : R -> Prop,
        near_end S (fun y => P (w_inf L rho (mu m) (alpha m) y)) -> near_end x (fun t => P (th t k m))).
      { intros m Hm k Hk P HP.
        destruct (near_end_clock S x t_of _ s _ Hclt Hi1 HP) as [t0 [Ht0 HP0]].
        exists t0; split; auto; intros t Ht1 Ht2; rewrite HE; auto; split; [destruct Ht0; lra | auto]. }
      destruct (Rbar_le_lt_or_eq_dec S T HST) as [Hlt|Heq].
      + replace (th x l i) with (w_inf L rho (mu i) (alpha i) S).
        { apply (smooth_pos L d rho mu alpha T); auto; split; [simpl in HS0; lra | auto]. }
        apply (tends_to_unique x (fun t => th t l i)); auto.
        intros P HP; apply (Htrans i Hi l Hl P).
        refine (tends_to_continuous S _ HS0 _ P HP).
        apply (smooth_continuous L d rho mu alpha T); auto; split; [simpl in HS0; lra | auto].
      + exfalso; destruct (Hblow S (eq_sym Heq)) as [j [Hj Hdiv]].
        apply (tends_to_not_diverges x (fun t => th t l j) (th x l j) Hx0); auto.
        intros P HP; apply (Htrans j Hj l Hl P); now apply Hdiv.
    - intros x Hx Hupto; apply locally_layers; intros l Hl; apply (locally_layers d).
      intros i Hi; apply (Hcont x Hx l i Hl Hi (fun u => 0 < u)), (open_gt 0), Hupto; auto.
      destruct Hx; lra. }
  destruct (original_positive L d rho mu alpha T U th Hsm Hend HU Hth H0 Hpos)
    as (S & s & t_of & H1 & H2 & H3 & H4 & H5 & H6).
  exists S, s, t_of; split; [auto | split; [auto | split; [auto | split; [auto | split; [auto|]]]]].
  intros t Ht l i Hl Hi; split; auto.
Qed.
