(* Theorem 3.2 (page proofs/thm-3.2.md): inf-SAM, one example, L >= 2 layers, balanced start
   w^(l)(0) = alpha > 0, coordinate by coordinate, in rescaled time s.

   PROVED, about the actual flow d theta/ds = grad <mu, beta>(theta^) of Flow.v:
   - closed form and uniqueness: a solution of the network's flow that starts balanced in coordinate j stays
     balanced there and is w_inf, as long as w_inf is positive and finite, whatever the other
     coordinates do ([thm_3_2_closed_form]);
   - existence: a joint solution exists as long as all w_inf are positive and finite ([thm_3_2_existence]).
   ELSEWHERE: through w_j = 0 (even L), the three fates, the hitting and blow-up times: Thm_3_2_fates.v; the
   joint reading for L >= 3: Thm_3_2_joint.v; the original clock: Thm_3_2_original.v, Thm_3_2_filippov.v.
   Rust: src/predict/fates.rs, linf_depth2.rs, linf_deep.rs. *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Scalar.
Open Scope R_scope.

(* ---------- the closed form ---------- *)

(* First time with w = 0: finite exactly for L even and alpha < rho.
   L = 2: (1/mu) log(rho/(rho - alpha));  L >= 4: ((rho - alpha)^-(L-2) - rho^-(L-2))/((L-2) mu). *)
Definition hit_time (L : nat) (rho mu alpha : R) : Rbar :=
  if Nat.even L then if Rlt_dec alpha rho then Finite (hit L mu (alpha - rho) rho) else p_infty else p_infty.

(* Blow-up: finite exactly for L >= 3 and alpha > rho: T = (alpha - rho)^-(L-2)/((L-2) mu). *)
Definition blow_up (L : nat) (rho mu alpha : R) : Rbar :=
  if Rlt_dec rho alpha then life L mu (alpha - rho) else p_infty.

(* w(s) = rho + offset, and 0 from the hitting time on.  For L = 2, w = rho + (alpha - rho) e^(mu s); for
   L >= 3, w = rho + v0 (1 - (L-2) mu v0^(L-2) s)^(-1/(L-2)), v0 = alpha - rho. *)
Definition w_inf (L : nat) (rho mu alpha s : R) : R :=
  if Rbar_le_dec (hit_time L rho mu alpha) s then 0 else rho + offset L mu (alpha - rho) s.

(* Coordinate j of the network obeys the rescaled inf-SAM flow on [0, T). *)
Definition coord_solves (rho : R) (L d : nat) (mu : nat -> R) (j : nat) (T : Rbar) 
  (th : R -> params) : Prop :=
  forall s, until T s -> forall l, (l < L)%nat ->
  is_derive (fun x => th x l j) s (rescaled_field (perturb_inf rho) L d mu (th s) l j).

Lemma solves_rescaled_coord : forall rho L d mu T th,
  solves_rescaled (perturb_inf rho) L d mu T th <-> forall j, (j < d)%nat -> coord_solves rho L d mu j T th.
Proof.
  intros rho L d mu T th; split; intros H.
  - intros j Hj s Hs l Hl; now apply H.
  - intros s Hs l j Hl Hj; now apply H.
Qed.

Lemma w_inf_before : forall L rho mu alpha (s : R), Rbar_lt s (hit_time L rho mu alpha) ->
  w_inf L rho mu alpha s = rho + offset L mu (alpha - rho) s.
Proof.
  intros; unfold w_inf; destruct (Rbar_le_dec (hit_time L rho mu alpha) s) as [H'|]; [|reflexivity].
  now apply Rbar_le_not_lt in H'.
Qed.

Lemma w_inf_after : forall L rho mu alpha (s : R), Rbar_le (hit_time L rho mu alpha) s ->
  w_inf L rho mu alpha s = 0.
Proof. intros; unfold w_inf; destruct (Rbar_le_dec (hit_time L rho mu alpha) s) as [H'|];
  [reflexivity | contradiction]. Qed.

Lemma life_infinite : forall L mu v0, (2 <= L)%nat -> v0 <= 0 -> Nat.odd L = true \/ v0 = 0 ->
  life L mu v0 = p_infty.
Proof.
  intros L mu v0 HL Hv Hc; unfold life; destruct (Nat.eqb_spec L 2) as [|Hn]; [reflexivity|].
  destruct (Rlt_dec 0 (v0 ^ (L - 2))) as [H|H]; [exfalso | reflexivity].
  destruct Hc as [Hodd| ->].
  - assert (Hom : Nat.odd (L - 2) = true).
    { destruct L as [|[|L]]; try lia; simpl; rewrite Nat.sub_0_r; exact Hodd. }
    apply Nat.odd_spec in Hom; destruct Hom as [k E]; rewrite E in H.
    rewrite pow_add, pow_1, pow_mult in H; assert (0 <= (v0 ^ 2) ^ k) by (apply pow_le; nra); nra.
  - rewrite pow_i in H by lia; lra.
Qed.

(* As long as w_inf is positive and finite the scalar solution is alive. *)
Lemma before_both : forall L rho mu alpha s, (2 <= L)%nat -> 0 < mu -> 0 < rho -> 0 < alpha -> 0 <= s ->
  Rbar_lt s (hit_time L rho mu alpha) -> Rbar_lt s (blow_up L rho mu alpha) ->
  until (life L mu (alpha - rho)) s /\ 0 < rho + offset L mu (alpha - rho) s.
Proof.
  intros L rho mu alpha s HL Hmu Hrho Ha Hs Hh Hb; unfold hit_time, blow_up in *.
  destruct (Rtotal_order alpha rho) as [H|[->|H]].
  - destruct (Nat.even L) eqn:He; destruct (Rlt_dec alpha rho) as [_|]; try lra.
    + destruct (offset_at_hit L mu (alpha - rho) rho HL He Hmu ltac:(lra)) as [H1 [H2 H3]].
      simpl in Hh; assert (Ho := offset_before_hit L mu (alpha - rho) rho s HL He Hmu ltac:(lra) ltac:(lra)).
      split; [apply (until_le _ s (hit L mu (alpha - rho) rho)); auto; lra | lra].
    + assert (Hodd : Nat.odd L = true) by (unfold Nat.odd; now rewrite He).
      rewrite life_infinite by (auto; lra); split; [split; [auto | exact I]|].
      destruct (Req_dec s 0) as [->|]; [rewrite offset_0; lra|].
      assert (alpha - rho < offset L mu (alpha - rho) s); [|lra].
      rewrite <- (offset_0 L mu (alpha - rho)) at 1.
      apply (increasing_on _ (fun s => mu * offset L mu (alpha - rho) s ^ (L - 1)) p_infty);
        [ | | split; [auto|exact I] | lra].
      * intros x Hx; apply is_derive_offset; auto; rewrite life_infinite; auto; lra.
      * intros x Hx; apply Rmult_lt_0_compat; auto.
        assert (Hev : Nat.even (L - 1) = true).
        { destruct L as [|L]; [lia|]; simpl; rewrite Nat.sub_0_r.
          rewrite <- Nat.odd_succ; exact Hodd. }
        rewrite <- even_pow_opp by auto; apply pow_lt.
        assert (Hn := offset_neg L mu (alpha - rho) x ltac:(lra)); lra.
  - replace (rho - rho) with 0 in * by ring.
    rewrite life_infinite, offset_zero by (auto; lra); split; [split; [auto | exact I] | lra].
  - destruct (Rlt_dec rho alpha) as [_|]; [|lra].
    split; [split; auto|]; assert (Ho := offset_pos L mu (alpha - rho) s ltac:(lra)); lra.
Qed.

(* ---------- closed form and uniqueness for the network ---------- *)

(* Unbalanced, all layers positive: d w^l_j/ds = mu_j prod_(k <> l) (w^k_j - rho). *)
Lemma inf_field_positive : forall rho L d mu th l j, (l < L)%nat -> (j < d)%nat -> 0 < mu j ->
  (forall k, (k < L)%nat -> 0 < th k j) ->
  rescaled_field (perturb_inf rho) L d mu th l j = mu j * vprod_but L l (fun k => th k j - rho).
Proof.
  intros rho L d mu th l j Hl Hj Hmu Hth; rewrite rescaled_field_formula by auto; f_equal.
  apply vprod_but_ext; intros k Hk _; rewrite sam_point_inf, grad_pred_formula by auto.
  rewrite sign_eq_1; [ring|]; apply Rmult_lt_0_compat; auto; apply vprod_but_pos; auto.
Qed.

(* Two layers of one coordinate: the rates differ by the factor (difference) times a common product. *)
Lemma vprod_but_difference : forall L k l f, (k < L)%nat -> (l < L)%nat -> k <> l ->
  vprod_but L k f - vprod_but L l f
  = - vprod L (fun i => if orb (i =? k)%nat (i =? l)%nat then 1 else f i) * (f k - f l).
Proof.
  intros L k l f Hk Hl Hkl; unfold vprod_but at 1 2.
  rewrite (vprod_split L (fun i => if (i =? k)%nat then 1 else f i) l Hl).
  rewrite (vprod_split L (fun i => if (i =? l)%nat then 1 else f i) k Hk).
  destruct (Nat.eqb_spec l k); [lia|]; destruct (Nat.eqb_spec k l); [lia|]; unfold vprod_but.
  rewrite (vprod_ext L (fun i => if (i =? l)%nat then 1 else if (i =? k)%nat then 1 else f i)
    (fun i => if orb (i =? k)%nat (i =? l)%nat then 1 else f i)).
  - rewrite (vprod_ext L (fun i => if (i =? k)%nat then 1 else if (i =? l)%nat then 1 else f i)
      (fun i => if orb (i =? k)%nat (i =? l)%nat then 1 else f i)); [ring|].
    intros i _; destruct (i =? k)%nat, (i =? l)%nat; reflexivity.
  - intros i _; destruct (i =? k)%nat, (i =? l)%nat; reflexivity.
Qed.

(* While all layers of coordinate j are positive, they stay equal and follow the scalar equation. *)
Lemma positive_closed_form : forall rho L d mu j U th alpha,
  (2 <= L)%nat -> (j < d)%nat -> 0 < mu j -> coord_solves rho L d mu j U th ->
  (forall l, (l < L)%nat -> th 0 l j = alpha) ->
  (forall s, until U s -> Rbar_lt s (life L (mu j) (alpha - rho))) ->
  (forall s, until U s -> forall l, (l < L)%nat -> 0 < th s l j) ->
  forall s, until U s -> forall l, (l < L)%nat -> th s l j = rho + offset L (mu j) (alpha - rho) s.
Proof.
  intros rho L d mu j U th alpha HL Hj Hmu Hth H0 Hlife Hpos s Hs l Hl.
  assert (Hder : forall x, until U x -> forall k, (k < L)%nat ->
    is_derive (fun y => th y k j) x (mu j * vprod_but L k (fun i => th x i j - rho))).
  { intros x Hx k Hk; rewrite <- (inf_field_positive rho L d mu (th x) k j); auto. }
  assert (Hcont : forall x, until U x -> forall k, (k < L)%nat -> continuous (fun y => th y k j - rho) x).
  { intros x Hx k Hk; apply (continuous_minus (fun y => th y k j)); [|apply continuous_const].
    eapply is_derive_continuous, Hder; auto. }
  assert (Hbal : forall k, (k < L)%nat -> forall x, until U x -> th x k j = th x l j).
  { intros k Hk; destruct (Nat.eq_dec k l) as [->|Hkl]; [reflexivity|].
    intros x Hx; assert (th x k j - th x l j = 0); [|lra].
    apply (linear_zero (fun y => mu j * - vprod L (fun i => if orb (i =? k)%nat (i =? l)%nat then 1
      else th y i j - rho)) (fun y => th y k j - th y l j) U); auto; [ | |rewrite !H0 by auto; ring].
    - intros y Hy; apply (continuous_scal_r (mu j) (fun y => - vprod L _)).
      apply (continuous_opp (fun y => vprod L _)).
      apply (continuous_vprod L (fun i y => if orb (i =? k)%nat (i =? l)%nat then 1 else th y i j - rho)).
      intros i Hi; destruct (orb (i =? k)%nat (i =? l)%nat); [apply continuous_const | now apply Hcont].
    - intros y Hy; replace (th y k j - th y l j) with ((th y k j - rho) - (th y l j - rho)) by ring.
      rewrite Rmult_assoc, <- (vprod_but_difference L k l (fun i => th y i j - rho)), Rmult_minus_distr_l
        by auto.
      apply @is_derive_minus; now apply Hder. }
  assert (th s l j - rho = offset L (mu j) (alpha - rho) s); [|lra].
  apply (offset_unique L (mu j) (alpha - rho) (fun x => th x l j - rho) U); auto; [|rewrite H0; auto].
  intros x Hx; rewrite <- (vprod_but_const L l) by auto.
  rewrite <- (vprod_but_ext L l (fun i => th x i j - rho)) by (intros i Hi _; now rewrite Hbal).
  rewrite <- (Rminus_0_r (mu j * _)); apply @is_derive_minus; [now apply Hder | apply @is_derive_const].
Qed.

Lemma locally_layers : forall L (P : nat -> R -> Prop) s, (forall l, (l < L)%nat -> locally s (P l)) ->
  locally s (fun x => forall l, (l < L)%nat -> P l x).
Proof.
  induction L; intros P s H.
  - apply filter_forall; intros; lia.
  - assert (H1 := IHL P s ltac:(auto)); assert (H2 := H L ltac:(lia)).
    generalize (filter_and _ _ H1 H2); apply filter_imp; intros x [Ha Hb] l Hl.
    destruct (Nat.eq_dec l L) as [->|]; auto; apply Ha; lia.
Qed.

(* THEOREM 3.2, closed form: if coordinate j of the network follows the rescaled inf-SAM flow on [0, T) from
   w^(l)_j(0) = alpha > 0 for all l, then w^(l)_j(s) = w_inf(s) > 0 for all l, for every s < T before the
   hitting time and the blow-up time.  So the solution is unique, and the layers stay equal. *)
Theorem thm_3_2_closed_form : forall rho L d mu j T th alpha,
  (2 <= L)%nat -> (j < d)%nat -> 0 < mu j -> 0 < rho -> 0 < alpha ->
  coord_solves rho L d mu j T th -> (forall l, (l < L)%nat -> th 0 l j = alpha) ->
  forall s, until T s -> Rbar_lt s (hit_time L rho (mu j) alpha) -> Rbar_lt s (blow_up L rho (mu j) alpha) ->
  forall l, (l < L)%nat -> th s l j = w_inf L rho (mu j) alpha s /\ 0 < th s l j.
Proof.
  intros rho L d mu j T th alpha HL Hj Hmu Hrho Ha Hth H0 s Hs Hh Hb l Hl.
  set (U := Rbar_min T (Rbar_min (hit_time L rho (mu j) alpha) (blow_up L rho (mu j) alpha))).
  assert (HU : forall x, until U x -> until T x /\ Rbar_lt x (hit_time L rho (mu j) alpha) /\
    Rbar_lt x (blow_up L rho (mu j) alpha)).
  { intros x [Hx HxU]; repeat split; auto; eapply Rbar_lt_le_trans; try exact HxU; unfold U;
      [apply Rbar_min_l | eapply Rbar_le_trans; [apply Rbar_min_r | apply Rbar_min_l]
      | eapply Rbar_le_trans; [apply Rbar_min_r | apply Rbar_min_r]]. }
  assert (HsU : until U s).
  { destruct Hs; split; auto; unfold U; repeat apply Rbar_min_case; auto. }
  assert (Hlife : forall x, until U x -> until (life L (mu j) (alpha - rho)) x /\
    0 < rho + offset L (mu j) (alpha - rho) x).
  { intros x Hx; destruct (HU x Hx) as [H1 [H2 H3]]; apply before_both; auto; apply Hx. }
  assert (Hcont : forall x, until U x -> forall k, (k < L)%nat -> continuous (fun y => th y k j) x).
  { intros x Hx k Hk; eapply is_derive_continuous, Hth; auto; now apply HU. }
  assert (Hpos : forall x, until U x -> forall k, (k < L)%nat -> 0 < th x k j).
  { apply (continuous_induction U (fun x => forall k, (k < L)%nat -> 0 < th x k j)).
    - intros x Hx Hbefore k Hk; destruct (Req_dec x 0) as [->|Hx0]; [now rewrite H0|].
      assert (Hxpos : 0 < x) by (destruct Hx; lra).
      assert (E : th x k j - (rho + offset L (mu j) (alpha - rho) x) = 0).
      { apply (continuous_zero (fun y => th y k j - (rho + offset L (mu j) (alpha - rho) y)) x); auto.
        - apply (continuous_minus (fun y => th y k j)); [now apply Hcont|].
          apply (continuous_plus (fun _ => rho)); [apply continuous_const|].
          eapply is_derive_continuous, is_derive_offset; auto; now apply Hlife.
        - intros y Hy; assert (HyU : forall z, until x z -> until U z).
          { intros z [Hz1 Hz2]; simpl in Hz2; apply (until_le U z x); auto; lra. }
          rewrite (positive_closed_form rho L d mu j x th alpha); auto; try ring.
          + intros z Hz k' Hk'; apply Hth; auto; now apply HU, HyU.
          + intros z Hz; apply Hlife, HyU, Hz. }
      destruct (Hlife x Hx); lra.
    - intros x Hx Hupto; apply locally_layers; intros k Hk.
      apply (Hcont x Hx k Hk (fun u => 0 < u)); apply (open_gt 0); apply Hupto; auto.
      destruct Hx; lra. }
  rewrite w_inf_before by auto; split; [|now apply Hpos].
  apply (positive_closed_form rho L d mu j U th alpha); auto.
  - intros x Hx k Hk; apply Hth; auto; now apply HU.
  - intros x Hx; now apply Hlife.
Qed.

(* THEOREM 3.2, existence: up to the first hitting or blow-up time of any coordinate, (w_inf_j)_j in every
   layer is a solution of the network's rescaled flow. *)
Theorem thm_3_2_existence : forall rho L d mu alpha T, (2 <= L)%nat -> 0 < rho ->
  (forall j, (j < d)%nat -> 0 < mu j /\ 0 < alpha j /\
    Rbar_le T (hit_time L rho (mu j) (alpha j)) /\ Rbar_le T (blow_up L rho (mu j) (alpha j))) ->
  solves_rescaled (perturb_inf rho) L d mu T (fun s => balanced (fun j => w_inf L rho (mu j) (alpha j) s)).
Proof.
  intros rho L d mu alpha T HL Hrho H s Hs l j Hl Hj; destruct (H j Hj) as [Hmu [Ha [Hh Hb]]].
  assert (Hlt : Rbar_lt s (hit_time L rho (mu j) (alpha j))) by (eapply Rbar_lt_le_trans; [apply Hs | auto]).
  assert (Hlb : Rbar_lt s (blow_up L rho (mu j) (alpha j))) by (eapply Rbar_lt_le_trans; [apply Hs | auto]).
  assert (Hs0 : 0 <= s) by apply Hs.
  destruct (before_both L rho (mu j) (alpha j) s HL Hmu Hrho Ha Hs0 Hlt Hlb) as [Hlife Hpos].
  rewrite inf_field_balanced; auto; rewrite !w_inf_before by auto; auto.
  replace (rho + offset L (mu j) (alpha j - rho) s - rho) with (offset L (mu j) (alpha j - rho) s) by ring.
  apply is_derive_ext_loc with (fun y => rho + offset L (mu j) (alpha j - rho) y).
  - generalize (locally_lt_Rbar _ s Hlt); apply filter_imp; intros y Hy.
    unfold balanced; now rewrite w_inf_before.
  - rewrite <- Rplus_0_l; apply @is_derive_plus; [apply @is_derive_const | now apply is_derive_offset].
Qed.
