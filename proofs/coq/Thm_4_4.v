(* Theorem 4.4 (MATH.md 5.3; page proofs/thm-4.4.md): 2-SAM, depth 2, one example, uniform start alpha_0
   (1, .., 1): minor first, major last.  Used by src/predict/two_sam/leaders.rs (thresholds, hand-overs,
   sequence of leaders).

   A(s) = s/K(s), K(s) = integral_0^s rho/||grad <mu, beta>||.  PROVED, about solutions of the rescaled
   flow:
   - [leader_rule]: beta_j(s) is the largest exactly when mu_(j-1) + mu_j < A(s) < mu_j + mu_(j+1) (ends 0,
     oo);
   - [A_at_0], [first_leader]: A(0+) = sqrt 2 alpha_0 ||mu||/rho, the thresholds of the first leader
     (Theorem 4.5);
   - [leader_monotone_in_start]: at fixed s the leader does not fall in alpha_0;  [fastest_growing].
   In Thm_4_4_order.v: the order of the leaders for alpha_0 >= alpha_up and for alpha-star < alpha_0 <
   alpha_up.
   In Thm_4_4_tail.v: the bound of the tail of K.
   Indices are from 0: the paper's 1, .., d are 0, .., d - 1.
   NOT here: the first leader of a start on a threshold (A(0+) = mu_j + mu_(j+1)), equal mu, several samples. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists Reduction_flow.
From SamProofs Require Import Two_SAM Reduction_balanced Two_SAM_fates Two_SAM_compare Two_SAM_critical.
From SamProofs Require Import Two_SAM_open Thm_4_5_lemma Thm_4_5.
Open Scope R_scope.

(* beta_j is the one largest coordinate at time s. *)
Definition leads (d : nat) (th : R -> params) (s : R) (j : nat) : Prop :=
  (j < d)%nat /\ forall i, (i < d)%nat -> i <> j -> beta 2 (th s) i < beta 2 (th s) j.

Definition K_at (d : nat) (mu : nat -> R) (rho : R) (th : R -> params) (s : R) : R :=
  RInt (fun y => rho / norm2 2 d (grad_pred 2 d mu (th y))) 0 s.
Definition A_at (d : nat) (mu : nat -> R) (rho : R) (th : R -> params) (s : R) : R :=
  s / K_at d mu rho th s.

(* ---------- the largest of mu_j x - mu_j^2 y ---------- *)

Lemma two_compared : forall a b x y, a < b ->
  (a * x - a ^ 2 * y < b * x - b ^ 2 * y <-> (a + b) * y < x) /\
  (b * x - b ^ 2 * y < a * x - a ^ 2 * y <-> x < (a + b) * y).
Proof.
  intros a b x y H.
  assert (E : b * x - b ^ 2 * y - (a * x - a ^ 2 * y) = (b - a) * (x - (a + b) * y)) by ring.
  split; split; intros Q.
  - apply Rnot_le_lt; intros N. assert ((b - a) * (x - (a + b) * y) <= (b - a) * 0)
      by (apply Rmult_le_compat_l; lra). lra.
  - assert (0 < (b - a) * (x - (a + b) * y)) by (apply Rmult_lt_0_compat; lra). lra.
  - apply Rnot_le_lt; intros N. assert ((b - a) * 0 <= (b - a) * (x - (a + b) * y))
      by (apply Rmult_le_compat_l; lra). lra.
  - assert (0 < (b - a) * ((a + b) * y - x)) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

(* The neighbours decide. *)
Lemma neighbours_decide : forall d mu rho x y j, setting d mu rho -> 0 < y -> (j < d)%nat ->
  ((forall i, (i < d)%nat -> i <> j -> mu i * x - mu i ^ 2 * y < mu j * x - mu j ^ 2 * y) <->
   (forall i, S i = j -> (mu i + mu j) * y < x) /\ ((S j < d)%nat -> x < (mu j + mu (S j)) * y)).
Proof.
  intros d mu rho x y j (_ & _ & _ & Hm) Hy Hj; split.
  - intros H; split.
    + intros i Hi. apply (proj1 (two_compared (mu i) (mu j) x y ltac:(apply Hm; lia))), H; lia.
    + intros Hs. apply (proj2 (two_compared (mu j) (mu (S j)) x y ltac:(apply Hm; lia))), H; lia.
  - intros [HL HR] i Hi Hne. destruct (Nat.lt_ge_cases i j) as [Hlt|Hge].
    + apply (proj1 (two_compared (mu i) (mu j) x y ltac:(apply Hm; lia))).
      assert (B := HL (j - 1)%nat ltac:(lia)). apply Rle_lt_trans with (2 := B).
      apply Rmult_le_compat_r; [lra|]. destruct (Nat.eq_dec i (j - 1)) as [->|]; [lra|].
      assert (mu i < mu (j - 1)%nat) by (apply Hm; lia). lra.
    + apply (proj2 (two_compared (mu j) (mu i) x y ltac:(apply Hm; lia))).
      assert (B := HR ltac:(lia)). apply Rlt_le_trans with (1 := B).
      apply Rmult_le_compat_r; [lra|]. destruct (Nat.eq_dec i (S j)) as [->|]; [lra|].
      assert (mu (S j) < mu i) by (apply Hm; lia). lra.
Qed.

Lemma leads_unique : forall d th s i j, leads d th s i -> leads d th s j -> i = j.
Proof.
  intros d th s i j [Hi H] [Hj H']; destruct (Nat.eq_dec i j) as [|N]; [assumption|].
  assert (A := H j Hj ltac:(lia)). assert (B := H' i Hi N). lra.
Qed.

(* ---------- K and the exponents ---------- *)

(* K of the definition is the K of the reduction. *)
Lemma K_at_path : forall d mu rho alpha T th, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  exists K, K_path d mu alpha rho T K /\ forall s, until T s -> K s = K_at d mu rho th s /\
    forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = w_of mu alpha s (K s) j.
Proof.
  intros d mu rho alpha T th HS HA H1 H2.
  destruct (reduction_forward d mu rho T th H1) as (K1 & HK1 & HI & _).
  destruct (balanced_K d mu rho alpha T th H1 H2) as (K & HK & HW).
  exists K; split; [exact HK|]; intros s Hs; split; [|now apply HW].
  unfold K_at; rewrite <- HI by exact Hs.
  assert (HK1' : K_path d mu alpha rho T K1).
  { apply K_path_scalar; destruct HK1 as [K0 HD]; split; [exact K0|]; intros x Hx.
    rewrite <- (N_of_ext d mu (fun j => th 0 0%nat j + th 0 1%nat j) (fun j => th 0 0%nat j - th 0 1%nat j));
      [now apply HD|]. intros j Hj; destruct (H2 j Hj) as [-> ->]; split; reflexivity. }
  exact (K_unique d mu rho alpha T T K K1 HS HA HK HK1' s Hs Hs).
Qed.

Lemma K_pos : forall d mu rho alpha T K, setting d mu rho -> positive d alpha -> K_path d mu alpha rho T K ->
  forall s, until T s -> 0 < s -> 0 < K s.
Proof.
  intros d mu rho alpha T K HS HA HK s Hs Hs0; rewrite <- (proj1 HK).
  apply (derive_pos_lt K (fun x => c_of d mu alpha rho x (K x))); [exact Hs0| |].
  - intros x Hx; apply (proj2 HK), (until_le T x s Hs); lra.
  - intros x _; exact (c_pos d mu alpha rho HS HA x (K x)).
Qed.

(* From a uniform start the leader is the largest exponent. *)
Lemma leads_exponents : forall d mu a (th : R -> params) s x j, 0 < a ->
  (forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = w_of mu (uniform a) s x j) ->
  (leads d th s j <-> (j < d)%nat /\ forall i, (i < d)%nat -> i <> j ->
    mu i * s - mu i ^ 2 * x < mu j * s - mu j ^ 2 * x).
Proof.
  intros d mu a th s x j Ha HW.
  assert (E : forall i, (i < d)%nat -> beta 2 (th s) i = a ^ 2 * exp (2 * (mu i * s - mu i ^ 2 * x))).
  { intros i Hi. rewrite (beta_w mu (uniform a) _ s x i) by (intros; now apply HW). unfold w_of, uniform.
    replace (2 * (mu i * s - mu i ^ 2 * x)) with (mu i * s - mu i ^ 2 * x + (mu i * s - mu i ^ 2 * x))
      by ring.
    rewrite exp_plus; ring. }
  assert (A2 : 0 < a ^ 2) by now apply pow_lt.
  split; intros [Hj H]; (split; [exact Hj|]); intros i Hi Hn; specialize (H i Hi Hn).
  - rewrite !E in H by assumption. apply Rmult_lt_reg_l in H; [|exact A2]. apply exp_lt_inv in H. lra.
  - rewrite !E by assumption. apply Rmult_lt_compat_l; [exact A2|]. apply exp_increasing. lra.
Qed.

(* Dividing by K > 0. *)
Lemma over_K : forall th s K, 0 < K -> (th * K < s <-> th < s / K) /\ (s < th * K <-> s / K < th).
Proof.
  intros th s K H. assert (E : s / K * K = s) by (field; lra).
  split; split; intros Q.
  - apply Rmult_lt_reg_r with (1 := H); lra.
  - apply Rmult_lt_compat_r with (r := K) in Q; [lra|exact H].
  - apply Rmult_lt_reg_r with (1 := H); lra.
  - apply Rmult_lt_compat_r with (r := K) in Q; [lra|exact H].
Qed.

(* ---------- the leader rule ---------- *)

(* The largest coordinate of beta(s) is j exactly when mu_(j-1) + mu_j < A(s) < mu_j + mu_(j+1). *)
Theorem leader_rule : forall d mu rho a T th, setting d mu rho -> 0 < a ->
  two_sam_solution d mu rho T th -> starts_at d (fun _ => a) (fun _ => a) th ->
  forall s j, until T s -> 0 < s -> (j < d)%nat ->
  (leads d th s j <->
   (forall i, S i = j -> mu i + mu j < A_at d mu rho th s) /\
   ((S j < d)%nat -> A_at d mu rho th s < mu j + mu (S j))).
Proof.
  intros d mu rho a T th HS Ha H1 H2 s j Hs Hs0 Hj.
  assert (HA := uniform_positive d a Ha).
  destruct (K_at_path d mu rho (uniform a) T th HS HA H1 H2) as (K & HK & HW); destruct (HW s Hs) as [EK Ew].
  assert (P := K_pos d mu rho (uniform a) T K HS HA HK s Hs Hs0).
  unfold A_at; rewrite <- EK, (leads_exponents d mu a th s (K s) j Ha Ew).
  rewrite (neighbours_decide d mu rho s (K s) j HS P Hj).
  assert (O := fun th => over_K th s (K s) P).
  split.
  - intros [_ [HL HR]]; split; [intros i Hi; apply O; auto|intros Hd; apply O; auto].
  - intros [HL HR]; split; [exact Hj|split; [intros i Hi; apply O; auto|intros Hd; apply O; auto]].
Qed.

(* A(0+) = sqrt 2 alpha_0 ||mu||/rho *)
Theorem A_at_0 : forall d mu rho a T th, setting d mu rho -> 0 < a -> Rbar_lt 0 T ->
  two_sam_solution d mu rho T th -> starts_at d (fun _ => a) (fun _ => a) th ->
  filterlim (A_at d mu rho th) (at_right 0) (locally (sqrt 2 * a * sqrt (vsum d (fun j => mu j ^ 2)) / rho)).
Proof.
  intros d mu rho a T th HS Ha HT H1 H2.
  assert (HA := uniform_positive d a Ha). assert (Hr := proj1 (proj2 HS)).
  destruct (K_at_path d mu rho (uniform a) T th HS HA H1 H2) as (K & HK & HW).
  assert (U0 : until T 0) by (split; [lra|exact HT]).
  assert (D := proj2 HK 0 U0). rewrite (proj1 HK) in D.
  set (c0 := c_of d mu (uniform a) rho 0 0) in *.
  assert (C0 : 0 < c0) by exact (c_pos d mu (uniform a) rho HS HA 0 0).
  assert (L : filterlim (fun s => / ((K s - K 0) / (s - 0))) (at_right 0) (locally (/ c0))).
  { apply (filterlim_comp _ _ _ (fun s => (K s - K 0) / (s - 0)) Rinv _ (locally c0)).
    - apply is_derive_Reals in D. intros P [e He].
      destruct (D e (cond_pos e)) as [dl Hdl]. exists dl; intros s Hball Hs0.
      assert (Hb : Rabs s < dl) by (rewrite <- (Rminus_0_r s); exact Hball).
      apply He. specialize (Hdl s (Rgt_not_eq _ _ Hs0) Hb). rewrite Rplus_0_l in Hdl. rewrite Rminus_0_r.
      exact Hdl.
    - apply continuous_Rinv; lra. }
  replace (sqrt 2 * a * sqrt (vsum d (fun j => mu j ^ 2)) / rho) with (/ c0).
  - eapply filterlim_ext_loc; [|exact L].
    destruct (until_more T 0 U0) as [u [Hu Uu]].
    exists (mkposreal u Hu); intros s Hball Hs0.
    assert (Hb : Rabs s < u) by (rewrite <- (Rminus_0_r s); exact Hball). apply Rabs_def2 in Hb.
    assert (Us : until T s) by (apply (until_le T s u Uu); lra).
    assert (P := K_pos d mu rho (uniform a) T K HS HA HK s Us Hs0).
    unfold A_at; rewrite <- (proj1 (HW s Us)), (proj1 HK). field; lra.
  - unfold c0, c_of. rewrite (n_start d mu a) by lra.
    assert (S2 := sqrt2_pos). assert (Q := norm_mu_pos d mu rho HS). field; repeat split; lra.
Qed.

(* The first leader is j if alpha_0 lies between rho (mu_(j-1) + mu_j)/(sqrt 2 ||mu||) and rho (mu_j +
   mu_(j+1))/(sqrt 2 ||mu||). *)
Theorem first_leader : forall d mu rho a T th j, setting d mu rho -> 0 < a -> Rbar_lt 0 T ->
  two_sam_solution d mu rho T th -> starts_at d (fun _ => a) (fun _ => a) th -> (j < d)%nat ->
  (forall i, S i = j -> rho * (mu i + mu j) / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2))) < a) ->
  ((S j < d)%nat -> a < rho * (mu j + mu (S j)) / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2)))) ->
  exists e, 0 < e /\ forall s, 0 < s < e -> leads d th s j.
Proof.
  intros d mu rho a T th j HS Ha HT H1 H2 Hj HL HR.
  assert (LA := A_at_0 d mu rho a T th HS Ha HT H1 H2).
  assert (Hr := proj1 (proj2 HS)). assert (S2 := sqrt2_pos). assert (Q := norm_mu_pos d mu rho HS).
  set (m := sqrt (vsum d (fun j => mu j ^ 2))) in *.
  assert (SM : 0 < sqrt 2 * m / rho) by (apply Rdiv_lt_0_compat; [now apply Rmult_lt_0_compat|exact Hr]).
  assert (E : forall x, sqrt 2 * m / rho * (rho * x / (sqrt 2 * m)) = x) by (intros; field; lra).
  assert (E' : sqrt 2 * a * m / rho = sqrt 2 * m / rho * a) by (field; lra).
  assert (B1 : at_right 0 (fun s => forall i, S i = j -> mu i + mu j < A_at d mu rho th s)).
  { destruct j as [|k]; [apply filter_forall; intros; discriminate|].
    assert (B : at_right 0 (fun s => mu k + mu (S k) < A_at d mu rho th s)).
    { apply (LA (fun y => mu k + mu (S k) < y)), open_gt. rewrite E', <- (E (mu k + mu (S k))).
      apply Rmult_lt_compat_l; [exact SM|]. now apply HL. }
    revert B; apply filter_imp; intros s B i Hi; injection Hi as ->; exact B. }
  assert (B2 : at_right 0 (fun s => (S j < d)%nat -> A_at d mu rho th s < mu j + mu (S j))).
  { destruct (Nat.lt_ge_cases (S j) d) as [Hd|Hd]; [|apply filter_forall; intros; lia].
    assert (B : at_right 0 (fun s => A_at d mu rho th s < mu j + mu (S j))).
    { apply (LA (fun y => y < mu j + mu (S j))), open_lt. rewrite E', <- (E (mu j + mu (S j))).
      apply Rmult_lt_compat_l; [exact SM|]. now apply HR. }
    revert B; apply filter_imp; intros s B _; exact B. }
  destruct (filter_and _ _ B1 B2) as [e He].
  assert (U0 : until T 0) by (split; [lra|exact HT]). destruct (until_more T 0 U0) as [u [Hu Uu]].
  exists (Rmin e u); split; [apply Rmin_glb_lt; [apply cond_pos|exact Hu]|].
  intros s Hs. assert (M1 := Rmin_l e u). assert (M2 := Rmin_r e u).
  apply (leader_rule d mu rho a T th HS Ha H1 H2 s j); [apply (until_le T s u Uu); lra|lra|exact Hj|].
  apply He; [|lra]. apply Rabs_def1; unfold minus, plus, opp; simpl; lra.
Qed.

(* At fixed s the leader does not fall in alpha_0. *)
Theorem leader_monotone_in_start : forall d mu rho a a' T T' th th' s j j', setting d mu rho -> 0 < a < a' ->
  two_sam_solution d mu rho T th -> starts_at d (fun _ => a) (fun _ => a) th ->
  two_sam_solution d mu rho T' th' -> starts_at d (fun _ => a') (fun _ => a') th' ->
  until T s -> until T' s -> 0 < s -> leads d th s j -> leads d th' s j' -> (j <= j')%nat.
Proof.
  intros d mu rho a a' T T' th th' s j j' HS Ha H1 H2 H1' H2' Hs Hs' Hs0 Lj Lj'.
  assert (HA := uniform_positive d a (proj1 Ha)). assert (HA' := uniform_positive d a' ltac:(lra)).
  destruct (K_at_path d mu rho (uniform a) T th HS HA H1 H2) as (K & HK & HW).
  destruct (K_at_path d mu rho (uniform a') T' th' HS HA' H1' H2') as (K' & HK' & HW').
  destruct (K_comparison d mu rho (uniform a) (uniform a') T T' K K' HS HA (uniform_lt d a a' (proj2 Ha))
    HK HK' s Hs Hs') as [Q _].
  destruct (Nat.le_gt_cases j j') as [|Hlt]; [assumption|exfalso].
  apply (leads_exponents d mu a th s (K s) j (proj1 Ha) (proj2 (HW s Hs))) in Lj; destruct Lj as [Hj Lj].
  apply (leads_exponents d mu a' th' s (K' s) j' ltac:(lra) (proj2 (HW' s Hs'))) in Lj';
    destruct Lj' as [Hj' Lj'].
  assert (Hm : mu j' < mu j) by (destruct HS as (_ & _ & _ & Hm); apply Hm; lia).
  assert (A := proj1 (proj1 (two_compared (mu j') (mu j) s (K s) Hm)) (Lj j' Hj' ltac:(lia))).
  assert (B := proj1 (proj2 (two_compared (mu j') (mu j) s (K' s) Hm)) (Lj' j Hj ltac:(lia))).
  assert (M := mu_pos d mu rho HS j Hj). assert (M' := mu_pos d mu rho HS j' Hj').
  assert ((mu j' + mu j) * K' s <= (mu j' + mu j) * K s) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(* The coordinate of the largest d log beta_j/ds = 2 mu_j (1 - c mu_j) is j while 1/c is between mu_(j-1) +
   mu_j and mu_j + mu_(j+1)  (the derivative itself: [balanced_rates] in Reduction_balanced.v). *)
Theorem fastest_growing : forall d mu rho c j, setting d mu rho -> 0 < c -> (j < d)%nat ->
  ((forall i, (i < d)%nat -> i <> j -> 2 * mu i * (1 - c * mu i) < 2 * mu j * (1 - c * mu j)) <->
   (forall i, S i = j -> c < / (mu i + mu j)) /\ ((S j < d)%nat -> / (mu j + mu (S j)) < c)).
Proof.
  intros d mu rho c j HS Hc Hj.
  assert (N := neighbours_decide d mu rho 1 c j HS Hc Hj).
  assert (I : forall m, 0 < m -> (m * c < 1 <-> c < / m) /\ (1 < m * c <-> / m < c)).
  { intros m Hm. assert (E : m * / m = 1) by (field; lra). split; split; intros Q.
    - apply Rmult_lt_reg_l with (1 := Hm); lra.
    - rewrite <- E; now apply Rmult_lt_compat_l.
    - apply Rmult_lt_reg_l with (1 := Hm); lra.
    - rewrite <- E; now apply Rmult_lt_compat_l. }
  assert (P : forall i k, (i < d)%nat -> (k < d)%nat -> 0 < mu i + mu k).
  { intros i k Hi Hk; assert (A := mu_pos d mu rho HS i Hi); assert (B := mu_pos d mu rho HS k Hk); lra. }
  split.
  - intros H. destruct (proj1 N) as [HL HR].
    { intros i Hi Hn; specialize (H i Hi Hn); simpl; lra. }
    split; [intros i Hi|intros Hd]; apply I; auto; apply P; lia.
  - intros [HL HR] i Hi Hn. apply Rmult_lt_reg_l with (/ 2); [lra|].
    assert (B : mu i * 1 - mu i ^ 2 * c < mu j * 1 - mu j ^ 2 * c); [|simpl in B; lra].
    revert i Hi Hn; apply N; split.
    + intros i Hi; apply I; [apply P; lia|now apply HL].
    + intros Hd; apply I; [apply P; lia|now apply HR].
Qed.
