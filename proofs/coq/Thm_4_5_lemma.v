(* The lemma of Theorem 4.5 (MATH.md 5.2; page proofs/thm-4.5.md, "The lemma"): 2-SAM, depth 2, one
   example, any balanced start alpha > 0, every d >= 2.  n = ||mu . w||, S_k = sum mu_j^k beta_j, M =
   S_4/S_3.

   PROVED for every solution of the rescaled flow of Flow.v on any [0, T):
   - [n_slope_sign]: n' >= 0 iff n >= (rho/sqrt 2) M;
   - [M_slope]: where n' = 0, M' = 2 (2 E2 - M^2 - E3/M) <= -2 (E2/M - M)^2 < 0, E2 = S_5/S_3, E3 =
     S_6/S_3;
   - [n_rises_for_ever]: once n' >= 0, n' > 0 ever after; hence n falls at most once, at the beginning
     [n_falls_at_most_once].
   Used by src/predict/two_sam/{critical,path}.rs ("growth is certain once n' >= 0"). *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_flow Two_SAM Reduction_balanced.
Open Scope R_scope.

(* ||mu . w|| along a solution; w is layer 1 (both layers agree from a balanced start). *)
Definition n_at (d : nat) (mu : nat -> R) (th : R -> params) (s : R) : R := norm_mu_w d mu (th s 0%nat).
(* S_k = sum mu_j^k beta_j *)
Definition S_at (d : nat) (mu : nat -> R) (th : R -> params) (k : nat) (s : R) : R :=
  vsum d (fun j => mu j ^ k * beta 2 (th s) j).
(* M = S_4/S_3 *)
Definition M_at (d : nat) (mu : nat -> R) (th : R -> params) (s : R) : R :=
  S_at d mu th 4 s / S_at d mu th 3 s.

Section Lemma_4_5.
Context (d : nat) (mu alpha : nat -> R) (rho : R) (T : Rbar) (th : R -> params).
Context (HS : setting d mu rho) (HA : positive d alpha).
Context (Hth : two_sam_solution d mu rho T th) (H0 : starts_at d alpha alpha th).
Notation n := (n_at d mu th).
Notation S_ := (S_at d mu th).
Notation M := (M_at d mu th).

(* Everything in the names of Two_SAM.v. *)
Lemma names : exists K, K_path d mu alpha rho T K /\ forall s, until T s ->
  (forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = w_of mu alpha s (K s) j) /\
  n s = n_of d mu alpha s (K s) /\ forall k, S_ k s = S_of d mu alpha k s (K s).
Proof.
  destruct (balanced_K d mu rho alpha T th Hth H0) as (K & HK & HW).
  exists K; split; [exact HK|]; intros s Hs; split; [now apply HW|split].
  - unfold n_at, n_of, norm_mu_w; f_equal; apply vsum_ext; intros j Hj; now rewrite HW by (auto; lia).
  - intros k; apply vsum_ext; intros j Hj; f_equal. apply beta_w; intros; now apply HW.
Qed.

(* d beta_j/ds = 2 mu_j (1 - c mu_j) beta_j, c = rho/(sqrt 2 n) *)
Lemma D_layers : forall s l j, until T s -> (l < 2)%nat -> (j < d)%nat ->
  is_derive (fun x => th x l j) s ((mu j - mu j ^ 2 * (rho / (sqrt 2 * n s))) * th s l j).
Proof.
  intros s l j Hs Hl Hj. destruct names as (K & HK & HN); destruct (HN s Hs) as (HW & En & _).
  apply is_derive_eq with (1 := proj1 Hth s Hs l j Hl Hj).
  destruct (two_field_depth2 rho d mu (th s) j Hj) as [F0 F1].
  assert (EN : norm_depth2 d mu (th s) = sqrt 2 * n s).
  { rewrite En; unfold n_of; rewrite <- norm_depth2_balanced; unfold norm_depth2; f_equal.
    apply vsum_ext; intros i Hi; unfold balanced; now rewrite !HW by (auto; lia). }
  rewrite EN in F0, F1.
  assert (l = 0%nat \/ l = 1%nat) as [->| ->] by lia; [rewrite F0|rewrite F1];
    rewrite !HW by (auto; lia); unfold Rdiv; ring.
Qed.

Lemma n_at_pos : forall s, until T s -> 0 < n s.
Proof. intros s Hs; destruct names as (K & HK & HN). rewrite (proj1 (proj2 (HN s Hs))).
now apply n_pos with rho. Qed.

Lemma S_at_pos : forall k s, until T s -> 0 < S_ k s.
Proof. intros k s Hs; destruct names as (K & HK & HN). rewrite (proj2 (proj2 (HN s Hs))).
now apply S_pos with rho. Qed.

Lemma D_S_at : forall k s, until T s ->
  is_derive (S_ k) s (2 * (S_ (S k) s - rho / (sqrt 2 * n s) * S_ (S (S k)) s)).
Proof.
  intros k s Hs; unfold S_at; eapply is_derive_eq.
  - apply (is_derive_vsum d (fun j x => mu j ^ k * beta 2 (th x) j)
      (fun j => mu j ^ k * (2 * (mu j - mu j ^ 2 * (rho / (sqrt 2 * n s))) * beta 2 (th s) j))).
    intros j Hj; apply (is_derive_scal (fun x => beta 2 (th x) j)).
    apply (is_derive_ext (fun x => th x 0%nat j * th x 1%nat j)).
    { intros x; unfold beta; cbn [vprod]; now rewrite Rmult_1_l. }
    apply is_derive_eq with (1 := is_derive_mult _ _ _ _ _ (D_layers s 0 j Hs ltac:(lia) Hj)
      (D_layers s 1 j Hs ltac:(lia) Hj) Rmult_comm).
    unfold plus, mult, beta; cbn [vprod]; simpl; ring.
  - rewrite <- vsum_scal, <- vsum_minus, <- vsum_scal; apply vsum_ext; intros; simpl; ring.
Qed.

Lemma n_at_derive : forall s, until T s ->
  is_derive n s ((S_ 3 s - rho / (sqrt 2 * n s) * S_ 4 s) / n s).
Proof.
  intros s Hs. assert (P := n_at_pos s Hs). destruct names as (K & HK & HN).
  destruct (HN s Hs) as (HW & En & ES).
  assert (Q : 0 < vsum d (fun j => (mu j * th s 0%nat j) ^ 2)).
  { apply sqrt_lt_0_alt; rewrite sqrt_0; exact P. }
  unfold n_at at 1; unfold norm_mu_w.
  assert (D : is_derive (fun x => vsum d (fun j => (mu j * th x 0%nat j) ^ 2)) s
    (2 * (S_ 3 s - rho / (sqrt 2 * n s) * S_ 4 s))).
  { eapply is_derive_eq.
    - apply (is_derive_vsum d (fun j x => (mu j * th x 0%nat j) ^ 2) (fun j => 2 * (mu j *
        ((mu j - mu j ^ 2 * (rho / (sqrt 2 * n s))) * th s 0%nat j)) * (mu j * th s 0%nat j))).
      intros j Hj. apply is_derive_eq with (1 := is_derive_pow (fun x => mu j * th x 0%nat j) 2 s _
        (is_derive_scal (fun x => th x 0%nat j) s (mu j) _ (D_layers s 0 j Hs ltac:(lia) Hj))). simpl; ring.
    - unfold S_at. rewrite <- vsum_scal, <- vsum_minus, <- vsum_scal; apply vsum_ext; intros j Hj.
      unfold beta; cbn [vprod]. rewrite !HW by (auto; lia). simpl; ring. }
  apply is_derive_eq with (1 := is_derive_sqrt _ s _ D Q).
  fold (norm_mu_w d mu (th s 0%nat)) (n_at d mu th s). assert (S2 := sqrt2_pos). field; lra.
Qed.

(* n' >= 0 iff n >= (rho/sqrt 2) M; the same for > *)
Lemma slope_sign : forall s, until T s ->
  (0 <= Derive n s <-> rho / sqrt 2 * M s <= n s) /\ (0 < Derive n s <-> rho / sqrt 2 * M s < n s).
Proof.
  intros s Hs. rewrite (is_derive_unique _ _ _ (n_at_derive s Hs)).
  assert (P := n_at_pos s Hs). assert (P3 := S_at_pos 3 s Hs). assert (S2 := sqrt2_pos).
  assert (E : (S_ 3 s - rho / (sqrt 2 * n s) * S_ 4 s) / n s
    = S_ 3 s / (n s * n s) * (n s - rho / sqrt 2 * M s)) by (unfold M_at; field; lra).
  rewrite E. assert (Q : 0 < S_ 3 s / (n s * n s)) by (apply Rdiv_lt_0_compat;
    [exact P3|now apply Rmult_lt_0_compat]).
  split; split; intros H.
  - apply Rnot_lt_le; intros Hn.
    assert (S_ 3 s / (n s * n s) * (n s - rho / sqrt 2 * M s) < S_ 3 s / (n s * n s) * 0)
      by (apply Rmult_lt_compat_l; lra). lra.
  - apply Rmult_le_pos; lra.
  - apply Rnot_le_lt; intros Hn.
    assert (S_ 3 s / (n s * n s) * (n s - rho / sqrt 2 * M s) <= S_ 3 s / (n s * n s) * 0)
      by (apply Rmult_le_compat_l; lra). lra.
  - apply Rmult_lt_0_compat; lra.
Qed.

(* Where n' = 0:  M' = 2 (2 E2 - M^2 - E3/M) <= -2 (E2/M - M)^2 < 0. *)
Lemma slope_of_M : forall s, until T s -> Derive n s = 0 ->
  let E2 := S_ 5 s / S_ 3 s in let E3 := S_ 6 s / S_ 3 s in
  is_derive M s (2 * (2 * E2 - M s ^ 2 - E3 / M s)) /\
  2 * (2 * E2 - M s ^ 2 - E3 / M s) <= - 2 * (E2 / M s - M s) ^ 2 /\
  - 2 * (E2 / M s - M s) ^ 2 < 0.
Proof.
  intros s Hs Hn E2 E3.
  rewrite (is_derive_unique _ _ _ (n_at_derive s Hs)) in Hn.
  assert (P := n_at_pos s Hs). assert (P3 := S_at_pos 3 s Hs). assert (P4 := S_at_pos 4 s Hs).
  assert (S2 := sqrt2_pos).
  assert (Ec : rho / (sqrt 2 * n s) = S_ 3 s / S_ 4 s).
  { assert (Z : S_ 3 s - rho / (sqrt 2 * n s) * S_ 4 s = 0).
    { apply Rmult_eq_reg_r with (/ n s); [|apply Rinv_neq_0_compat; lra]. rewrite Rmult_0_l; exact Hn. }
    apply Rmult_eq_reg_r with (S_ 4 s); [|lra].
    replace (S_ 3 s / S_ 4 s * S_ 4 s) with (S_ 3 s) by (field; lra). lra. }
  destruct names as (K & HK & HN). destruct (HN s Hs) as (_ & _ & ES).
  split; [|split].
  - unfold M_at at 1.
    apply is_derive_eq with (1 := is_derive_div (S_ 4) (S_ 3) s _ _ (D_S_at 4 s Hs) (D_S_at 3 s Hs)
      (Rgt_not_eq _ _ P3)).
    rewrite Ec; unfold M_at, E2, E3; simpl; field; lra.
  - assert (C := S_cauchy d mu alpha rho HS HA s (K s)). rewrite <- !ES in C.
    cut (0 <= E3 / M s - E2 ^ 2 / M s ^ 2).
    { intros H. replace (- 2 * (E2 / M s - M s) ^ 2) with (2 * (2 * E2 - M s ^ 2 - E2 ^ 2 / M s ^ 2)); [lra|].
      unfold M_at; field; lra. }
    replace (E3 / M s - E2 ^ 2 / M s ^ 2) with ((S_ 4 s * S_ 6 s - S_ 5 s ^ 2) / S_ 4 s ^ 2)
      by (unfold M_at, E2, E3; field; lra).
    apply Rmult_le_pos; [lra|]. left; apply Rinv_0_lt_compat, pow_lt, P4.
  - assert (C := S_strict d mu alpha rho HS HA s (K s)). rewrite <- !ES in C.
    cut (0 < (E2 / M s - M s) ^ 2); [lra|]. apply pow2_gt_0.
    replace (E2 / M s - M s) with ((S_ 3 s * S_ 5 s - S_ 4 s ^ 2) / (S_ 3 s * S_ 4 s))
      by (unfold M_at, E2; field; lra).
    apply Rgt_not_eq, Rdiv_lt_0_compat; [lra|now apply Rmult_lt_0_compat].
Qed.

Lemma n_slope_f : forall K, K_path d mu alpha rho T K ->
  (forall s, until T s -> forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = w_of mu alpha s (K s) j) ->
  forall s, until T s -> Derive n s = f_of d mu alpha rho s (K s) / n_of d mu alpha s (K s) ^ 2.
Proof.
  intros K HK HW s Hs. rewrite (is_derive_unique _ _ _ (n_at_derive s Hs)).
  assert (En : n s = n_of d mu alpha s (K s)).
  { unfold n_at, n_of, norm_mu_w; f_equal; apply vsum_ext; intros j Hj; now rewrite HW by (auto; lia). }
  assert (ES : forall k, S_ k s = S_of d mu alpha k s (K s)).
  { intros k; apply vsum_ext; intros j Hj; f_equal. apply beta_w; intros; now apply HW. }
  rewrite !ES, En; unfold f_of.
  assert (P := n_pos d mu alpha rho HS HA s (K s)). assert (S2 := sqrt2_pos). field; lra.
Qed.

(* {n' >= 0} is forward invariant; n' > 0 afterwards. *)
Lemma rises_for_ever : forall s0 s, 0 <= s0 < s -> until T s -> 0 <= Derive n s0 -> 0 < Derive n s.
Proof.
  intros s0 s Hss Hs Hd. assert (Hs0 : until T s0) by (apply (until_le T s0 s Hs); lra).
  destruct names as (K & HK & HN).
  assert (D := n_slope_f K HK (fun x Hx => proj1 (HN x Hx))).
  rewrite D in Hd |- * by assumption.
  assert (P2 : forall x, 0 < n_of d mu alpha x (K x) ^ 2) by (intros; apply pow_lt; now apply n_pos with rho).
  apply Rdiv_lt_0_compat; [|apply P2].
  apply (f_invariant d mu alpha rho HS HA T K HK s0 s Hss Hs).
  apply Rmult_le_compat_r with (r := n_of d mu alpha s0 (K s0) ^ 2) in Hd; [|left; apply P2].
  rewrite Rmult_0_l in Hd. unfold Rdiv in Hd; rewrite Rmult_assoc, Rinv_l, Rmult_1_r in Hd; [exact Hd|].
  apply Rgt_not_eq, P2.
Qed.

(* So n falls for ever, or falls up to one time and rises afterwards. *)
Lemma falls_at_most_once : forall s1, until T s1 -> 0 < Derive n s1 ->
  (forall s, until T s -> 0 < s -> 0 < Derive n s) \/
  exists s0, 0 < s0 < s1 /\ Derive n s0 = 0 /\
    (forall s, 0 <= s < s0 -> Derive n s < 0) /\ (forall s, s0 < s -> until T s -> 0 < Derive n s).
Proof.
  intros s1 Hs1 Hd1. assert (H10 : 0 <= s1) by apply Hs1.
  assert (U0 : until T 0) by (apply (until_le T 0 s1 Hs1); lra).
  destruct (Rle_lt_dec 0 (Derive n 0)) as [Hp|Hneg].
  - left; intros s Hs Hs0; apply (rises_for_ever 0 s); auto; lra.
  - right. destruct names as (K & HK & HN).
    assert (D := n_slope_f K HK (fun x Hx => proj1 (HN x Hx))).
    assert (P2 : forall x, 0 < n_of d mu alpha x (K x) ^ 2) by (intros; apply pow_lt;
      now apply n_pos with rho).
    assert (U : forall x, 0 <= x <= s1 -> until T x) by (intros; now apply (until_le T x s1)).
    assert (F0 : f_of d mu alpha rho 0 (K 0) < 0).
    { apply Rnot_le_lt; intros H. rewrite D in Hneg by exact U0.
      assert (0 <= f_of d mu alpha rho 0 (K 0) / n_of d mu alpha 0 (K 0) ^ 2); [|lra].
      apply Rmult_le_pos; [exact H|]. left; apply Rinv_0_lt_compat, P2. }
    assert (F1 : 0 < f_of d mu alpha rho s1 (K s1)).
    { apply Rnot_le_lt; intros H. rewrite D in Hd1 by exact Hs1.
      assert (0 <= - f_of d mu alpha rho s1 (K s1) / n_of d mu alpha s1 (K s1) ^ 2).
      { apply Rmult_le_pos; [lra|]. left; apply Rinv_0_lt_compat, P2. }
      unfold Rdiv in *; lra. }
    destruct (ivt (fun x => f_of d mu alpha rho x (K x)) 0 s1 0 H10) as [s0 [Hs0 Z]].
    { intros x Hx; exact (is_derive_continuous _ _ _ (D_f d mu alpha rho HS HA T K HK x (U x Hx))). }
    { lra. }
    simpl in Z. assert (s0 <> 0) by (intros E; rewrite E in Z; lra).
    assert (s0 <> s1) by (intros E; rewrite E in Z; lra).
    assert (Z0 : Derive n s0 = 0) by (rewrite D, Z by (apply U; lra); unfold Rdiv; ring).
    exists s0; split; [lra|split; [exact Z0|split]].
    + intros s Hs; apply Rnot_le_lt; intros Hd.
      assert (0 < Derive n s0); [|lra]. apply (rises_for_ever s s0); [lra|apply U; lra|exact Hd].
    + intros s Hs Hu; apply (rises_for_ever s0 s); [lra|exact Hu|lra].
Qed.
End Lemma_4_5.

(* ---------- the statements, in full ---------- *)

(* n' >= 0 iff n >= (rho/sqrt 2) M, and n' > 0 iff n > (rho/sqrt 2) M. *)
Theorem n_slope_sign : forall d mu alpha rho T th,
  setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  let n := n_at d mu th in let M := M_at d mu th in
  forall s, until T s ->
  (0 <= Derive n s <-> rho / sqrt 2 * M s <= n s) /\ (0 < Derive n s <-> rho / sqrt 2 * M s < n s).
Proof. intros d mu alpha rho T th HS HA Hth H0; exact (slope_sign d mu alpha rho T th HS HA Hth H0). Qed.

(* Where n' = 0:  M' = 2 (2 E2 - M^2 - E3/M) <= -2 (E2/M - M)^2 < 0, E2 = S_5/S_3, E3 = S_6/S_3. *)
Theorem M_slope : forall d mu alpha rho T th,
  setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  let n := n_at d mu th in let M := M_at d mu th in
  forall s, until T s -> Derive n s = 0 ->
  let E2 := S_at d mu th 5 s / S_at d mu th 3 s in let E3 := S_at d mu th 6 s / S_at d mu th 3 s in
  is_derive M s (2 * (2 * E2 - M s ^ 2 - E3 / M s)) /\
  2 * (2 * E2 - M s ^ 2 - E3 / M s) <= - 2 * (E2 / M s - M s) ^ 2 /\
  - 2 * (E2 / M s - M s) ^ 2 < 0.
Proof. intros d mu alpha rho T th HS HA Hth H0; exact (slope_of_M d mu alpha rho T th HS HA Hth H0). Qed.

(* {n' >= 0} is forward invariant: once n' >= 0, n' > 0 ever after. *)
Theorem n_rises_for_ever : forall d mu alpha rho T th,
  setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  let n := n_at d mu th in
  (forall s, until T s -> ex_derive n s) /\
  forall s0 s, 0 <= s0 < s -> until T s -> 0 <= Derive n s0 -> 0 < Derive n s.
Proof.
  intros d mu alpha rho T th HS HA Hth H0 n; split.
  - intros s Hs; eexists; exact (n_at_derive d mu alpha rho T th HS HA Hth H0 s Hs).
  - exact (rises_for_ever d mu alpha rho T th HS HA Hth H0).
Qed.

(* n falls at most once, at the beginning: if it rises at some time s1, it rises from the start, or it
   falls up to one time s0 and rises ever after. *)
Theorem n_falls_at_most_once : forall d mu alpha rho T th,
  setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  let n := n_at d mu th in
  forall s1, until T s1 -> 0 < Derive n s1 ->
  (forall s, until T s -> 0 < s -> 0 < Derive n s) \/
  exists s0, 0 < s0 < s1 /\ Derive n s0 = 0 /\
    (forall s, 0 <= s < s0 -> Derive n s < 0) /\ (forall s, s0 < s -> until T s -> 0 < Derive n s).
Proof. intros d mu alpha rho T th HS HA Hth H0; exact (falls_at_most_once d mu alpha rho T th HS HA Hth
  H0). Qed.
