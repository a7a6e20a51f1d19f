(* 2-SAM at depth 2 from a balanced start alpha > 0, one example: the scalar equation dK/ds = c(s, K) and
   the lemma of MATH.md 5.2 (page proofs/thm-4.5.md) that n' >= 0 is kept for ever.  A tool for Thm_4_5.v,
   Thm_4_4.v, Thm_4_2.v, where it is applied to solutions of the flow of Flow.v; the formulas are those of
   src/predict/two_sam/field.rs.

   In this file K is the unknown function:  w_j = alpha_j exp(mu_j s - mu_j^2 K),  n = ||mu . w||, c =
   rho/(sqrt 2 n),  S_k = sum mu_j^k w_j^2 (so that n^2 = S_2),  r = rho/sqrt 2. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction.
Open Scope R_scope.

(* The setting of the theorems: d >= 2, rho > 0, 0 < mu_1 < ... < mu_d (indices from 0 here). *)
Definition setting (d : nat) (mu : nat -> R) (rho : R) : Prop :=
  (2 <= d)%nat /\ 0 < rho /\ 0 < mu 0%nat /\ forall i j, (i < j)%nat -> (j < d)%nat -> mu i < mu j.

Definition positive (d : nat) (alpha : nat -> R) : Prop := forall j, (j < d)%nat -> 0 < alpha j.

Definition w_of (mu alpha : nat -> R) (s K : R) (j : nat) : R := alpha j * exp (mu j * s - mu j ^ 2 * K).
Definition n_of (d : nat) (mu alpha : nat -> R) (s K : R) : R := norm_mu_w d mu (w_of mu alpha s K).
Definition c_of (d : nat) (mu alpha : nat -> R) (rho s K : R) : R := rho / (sqrt 2 * n_of d mu alpha s K).
Definition S_of (d : nat) (mu alpha : nat -> R) (k : nat) (s K : R) : R :=
  vsum d (fun j => mu j ^ k * w_of mu alpha s K j ^ 2).

(* K(0) = 0 and dK/ds = c(s, K) on [0, T). *)
Definition K_path (d : nat) (mu alpha : nat -> R) (rho : R) (T : Rbar) (K : R -> R) : Prop :=
  K 0 = 0 /\ forall s, until T s -> is_derive K s (c_of d mu alpha rho s (K s)).

Lemma sqrt2_pos : 0 < sqrt 2.
Proof. apply sqrt_lt_R0; lra. Qed.

Section Core.
Context (d : nat) (mu alpha : nat -> R) (rho : R).
Context (HS : setting d mu rho) (HA : positive d alpha).
Let r := rho / sqrt 2.
Notation w := (w_of mu alpha).
Notation n := (n_of d mu alpha).
Notation c := (c_of d mu alpha rho).
Notation S_ := (S_of d mu alpha).

Lemma r_pos : 0 < r.
Proof. destruct HS as (_ & Hr & _). apply Rdiv_lt_0_compat; [exact Hr|apply sqrt2_pos]. Qed.

Lemma mu_ge_first : forall j, (j < d)%nat -> mu 0%nat <= mu j.
Proof.
  destruct HS as (Hd & _ & _ & Hm); intros [|j] Hj; [lra|]. left; apply Hm; lia.
Qed.

Lemma mu_pos : forall j, (j < d)%nat -> 0 < mu j.
Proof. intros j Hj; assert (H := mu_ge_first j Hj); destruct HS as (_ & _ & H0 & _); lra. Qed.

Lemma mu_le_last : forall j, (j < d)%nat -> mu j <= mu (d - 1)%nat.
Proof.
  destruct HS as (Hd & _ & _ & Hm); intros j Hj.
  destruct (Nat.eq_dec j (d - 1)) as [->|]; [lra|]. left; apply Hm; lia.
Qed.

Lemma w_pos : forall s K j, (j < d)%nat -> 0 < w s K j.
Proof. intros s K j Hj; apply Rmult_lt_0_compat; [now apply HA|apply exp_pos]. Qed.

Lemma w_ge_0 : forall s K j, (j < d)%nat -> 0 <= w s K j ^ 2.
Proof. intros; apply pow2_ge_0. Qed.

Lemma d_pos : (0 < d)%nat.
Proof. destruct HS as (H & _); lia. Qed.

Lemma S_pos : forall k s K, 0 < S_ k s K.
Proof.
  intros k s K; apply vsum_pos; [exact d_pos|]; intros j Hj.
  apply Rmult_lt_0_compat; [apply pow_lt, mu_pos, Hj|apply pow_lt, w_pos, Hj].
Qed.

Lemma n_sqrt : forall s K, n s K = sqrt (S_ 2 s K).
Proof. intros; unfold n_of, norm_mu_w, S_of; f_equal; apply vsum_ext; intros; ring. Qed.

Lemma n_pos : forall s K, 0 < n s K.
Proof. intros; rewrite n_sqrt; apply sqrt_lt_R0, S_pos. Qed.

Lemma n_sqr : forall s K, n s K * n s K = S_ 2 s K.
Proof. intros; rewrite n_sqrt; apply sqrt_sqrt; left; apply S_pos. Qed.

Lemma c_r : forall s K, c s K = r / n s K.
Proof.
  intros; unfold c_of, r. assert (H := n_pos s K). assert (H2 := sqrt2_pos). field; split; lra.
Qed.

Lemma c_pos : forall s K, 0 < c s K.
Proof. intros; rewrite c_r; apply Rdiv_lt_0_compat; [apply r_pos|apply n_pos]. Qed.

(* n >= mu_j w_j *)
Lemma n_ge_term : forall s K j, (j < d)%nat -> mu j * w s K j <= n s K.
Proof.
  intros s K j Hj. rewrite <- (sqrt_pow2 (mu j * w s K j)).
  - apply sqrt_le_1_alt. apply (vsum_ge_term d (fun j => (mu j * w s K j) ^ 2)); auto.
    intros; apply pow2_ge_0.
  - apply Rmult_le_pos; left; [apply mu_pos|apply w_pos]; exact Hj.
Qed.

(* S_(k+1) against S_k. *)
Lemma S_first_lt : forall k s K, mu 0%nat * S_ k s K < S_ (S k) s K.
Proof.
  intros k s K; unfold S_of; rewrite <- vsum_scal.
  assert (H : 0 < vsum d (fun j => (mu j - mu 0%nat) * (mu j ^ k * w s K j ^ 2))).
  { destruct HS as (Hd & _ & _ & Hm). apply vsum_pos_term with 1%nat; [|lia|].
    - intros i Hi. apply Rmult_le_pos; [assert (Q := mu_ge_first i Hi); lra|].
      apply Rmult_le_pos; [apply pow_le; left; now apply mu_pos|apply pow2_ge_0].
    - apply Rmult_lt_0_compat; [assert (Q := Hm 0%nat 1%nat ltac:(lia) ltac:(lia)); lra|].
      apply Rmult_lt_0_compat; [apply pow_lt, mu_pos; lia|apply pow_lt, w_pos; lia]. }
  apply Rminus_lt_0. rewrite <- vsum_minus. rewrite (vsum_ext d _ (fun j => (mu j - mu 0%nat) *
    (mu j ^ k * w s K j ^ 2))); [exact H|]. intros; simpl; ring.
Qed.

Lemma S_last_le : forall k s K, S_ (S k) s K <= mu (d - 1)%nat * S_ k s K.
Proof.
  intros k s K; unfold S_of; rewrite <- vsum_scal; apply vsum_le; intros j Hj; simpl.
  assert (H := mu_le_last j Hj). rewrite Rmult_assoc. apply Rmult_le_compat_r; [|exact H].
  apply Rmult_le_pos; [apply pow_le; left; now apply mu_pos|]. apply w_ge_0; exact Hj.
Qed.

(* sum mu^k w^2 (x mu - y)^2 *)
Lemma S_square : forall k x y s K,
  vsum d (fun j => mu j ^ k * w s K j ^ 2 * (x * mu j - y) ^ 2)
  = x ^ 2 * S_ (S (S k)) s K - 2 * x * y * S_ (S k) s K + y ^ 2 * S_ k s K.
Proof.
  intros; unfold S_of. rewrite <- !vsum_scal, <- vsum_minus, <- vsum_plus.
  apply vsum_ext; intros; simpl; ring.
Qed.

(* Cauchy's inequality S_5^2 <= S_4 S_6. *)
Lemma S_cauchy : forall s K, S_ 5 s K ^ 2 <= S_ 4 s K * S_ 6 s K.
Proof.
  intros s K. assert (H := S_square 4 (S_ 4 s K) (S_ 5 s K) s K).
  assert (H0 : 0 <= vsum d (fun j => mu j ^ 4 * w s K j ^ 2 * (S_ 4 s K * mu j - S_ 5 s K) ^ 2)).
  { apply vsum_nonneg; intros j Hj; apply Rmult_le_pos; [|apply pow2_ge_0].
    apply Rmult_le_pos; [apply pow_le; left; now apply mu_pos|apply pow2_ge_0]. }
  rewrite H in H0. assert (P := S_pos 4 s K).
  apply Rmult_le_reg_l with (1 := P).
  replace (S_ 4 s K * (S_ 4 s K * S_ 6 s K)) with (S_ 4 s K ^ 2 * S_ 6 s K) by ring. nra.
Qed.

(* Cauchy's inequality, strict for distinct mu: S_4^2 < S_3 S_5. *)
Lemma S_strict : forall s K, S_ 4 s K ^ 2 < S_ 3 s K * S_ 5 s K.
Proof.
  intros s K. assert (P3 := S_pos 3 s K).
  assert (H : 0 < vsum d (fun j => mu j ^ 3 * w s K j ^ 2 * (S_ 3 s K * mu j - S_ 4 s K) ^ 2)).
  { apply vsum_pos_term with 0%nat; [|exact d_pos|].
    - intros j Hj; apply Rmult_le_pos; [|apply pow2_ge_0].
      apply Rmult_le_pos; [apply pow_le; left; now apply mu_pos|apply pow2_ge_0].
    - assert (H := S_first_lt 3 s K).
      apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; apply pow_lt; [apply mu_pos|apply w_pos];
        exact d_pos|].
      apply pow2_gt_0; lra. }
  rewrite (S_square 3 (S_ 3 s K) (S_ 4 s K) s K) in H.
  apply Rmult_lt_reg_l with (1 := P3). nra.
Qed.

(* The strict inequality behind the lemma: S_4^3 - 2 S_3 S_4 S_5 + S_3^2 S_6 > 0, a sum of squares. *)
Lemma S_key : forall s K,
  0 < S_ 3 s K ^ 2 * S_ 6 s K - 2 * S_ 3 s K * S_ 4 s K * S_ 5 s K + S_ 4 s K ^ 2 * S_ 4 s K.
Proof.
  intros s K; rewrite <- (S_square 4 (S_ 3 s K) (S_ 4 s K) s K).
  apply vsum_pos_term with 0%nat; [|exact d_pos|].
  - intros j Hj; apply Rmult_le_pos; [|apply pow2_ge_0].
    apply Rmult_le_pos; [apply pow_le; left; now apply mu_pos|apply pow2_ge_0].
  - assert (H := S_first_lt 3 s K).
    apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; apply pow_lt; [apply mu_pos|apply w_pos];
      exact d_pos|].
    apply pow2_gt_0; lra.
Qed.

(* The sign of n': n n' = S_3 - c S_4 has the sign of f. *)
Definition f_of (s K : R) : R := n s K * S_ 3 s K - r * S_ 4 s K.

Lemma f_sign : forall s K, S_ 3 s K - c s K * S_ 4 s K = f_of s K / n s K.
Proof. intros; rewrite c_r; unfold f_of. assert (H := n_pos s K). field; lra. Qed.

(* Where f >= 0 the pull c is below 1/mu_1. *)
Lemma f_nonneg_c : forall s K, 0 <= f_of s K -> c s K * mu 0%nat < 1.
Proof.
  intros s K H. assert (H3 := S_pos 3 s K). assert (Hl := S_first_lt 3 s K).
  assert (Hn := n_pos s K). assert (Hr := r_pos). unfold f_of in H.
  rewrite c_r. apply Rmult_lt_reg_r with (n s K); [exact Hn|].
  replace (r / n s K * mu 0%nat * n s K) with (r * mu 0%nat) by (field; lra).
  rewrite Rmult_1_l. apply Rmult_lt_reg_r with (1 := H3).
  apply Rlt_le_trans with (r * S_ 4 s K); [|lra].
  rewrite Rmult_assoc. apply Rmult_lt_compat_l; lra.
Qed.

(* ---------- along a path ---------- *)

Context (T : Rbar) (K : R -> R) (HK : K_path d mu alpha rho T K).

Lemma D_w : forall s j, until T s ->
  is_derive (fun x => w x (K x) j) s ((mu j - mu j ^ 2 * c s (K s)) * w s (K s) j).
Proof. intros s j Hs; apply is_derive_exp_path, (proj2 HK), Hs. Qed.

Lemma D_S : forall k s, until T s ->
  is_derive (fun x => S_ k x (K x)) s (2 * (S_ (S k) s (K s) - c s (K s) * S_ (S (S k)) s (K s))).
Proof.
  intros k s Hs; unfold S_of.
  eapply is_derive_eq.
  - apply (is_derive_vsum d (fun j x => mu j ^ k * w x (K x) j ^ 2)
      (fun j => mu j ^ k * (2 * ((mu j - mu j ^ 2 * c s (K s)) * w s (K s) j) * w s (K s) j))).
    intros j Hj; apply (is_derive_scal (fun x => w x (K x) j ^ 2)).
    apply is_derive_eq with (1 := is_derive_pow (fun x => w x (K x) j) 2 s _ (D_w s j Hs)).
    simpl; ring.
  - rewrite <- vsum_scal, <- vsum_minus, <- vsum_scal; apply vsum_ext; intros; simpl; ring.
Qed.

Lemma D_n : forall s, until T s ->
  is_derive (fun x => n x (K x)) s (f_of s (K s) / n s (K s) ^ 2).
Proof.
  intros s Hs. apply is_derive_ext with (fun x => sqrt (S_ 2 x (K x))); [intros; symmetry; apply n_sqrt|].
  apply is_derive_eq with (1 := is_derive_sqrt (fun x => S_ 2 x (K x)) s _ (D_S 2 s Hs) (S_pos 2 s (K s))).
  rewrite <- n_sqrt, f_sign. assert (H := n_pos s (K s)). field; lra.
Qed.

Lemma D_f : forall s, until T s ->
  is_derive (fun x => f_of x (K x)) s
    (f_of s (K s) / n s (K s) ^ 2 * S_ 3 s (K s) +
     2 * (n s (K s) * S_ 4 s (K s) - 2 * r * S_ 5 s (K s) + r ^ 2 * S_ 6 s (K s) / n s (K s))).
Proof.
  intros s Hs; unfold f_of at 1.
  apply is_derive_eq with (1 := is_derive_minus _ _ _ _ _
    (is_derive_mult _ _ _ _ _ (D_n s Hs) (D_S 3 s Hs) Rmult_comm)
    (is_derive_scal (fun x => S_ 4 x (K x)) s r _ (D_S 4 s Hs))).
  unfold minus, plus, opp, mult; simpl. rewrite c_r. assert (H := n_pos s (K s)). field; lra.
Qed.

Lemma D_f_pos : forall s, f_of s (K s) = 0 ->
  0 < f_of s (K s) / n s (K s) ^ 2 * S_ 3 s (K s) +
     2 * (n s (K s) * S_ 4 s (K s) - 2 * r * S_ 5 s (K s) + r ^ 2 * S_ 6 s (K s) / n s (K s)).
Proof.
  intros s Z; rewrite Z; unfold f_of in Z.
  assert (Hn := n_pos s (K s)); assert (H3 := S_pos 3 s (K s)); assert (H4 := S_pos 4 s (K s)).
  assert (E : n s (K s) = r * S_ 4 s (K s) / S_ 3 s (K s)).
  { apply Rmult_eq_reg_r with (S_ 3 s (K s)); [field_simplify; lra|lra]. }
  assert (Hr := r_pos). assert (Q := S_key s (K s)).
  rewrite E. match goal with |- 0 < ?x => replace x with
    (2 * r / (S_ 3 s (K s) * S_ 4 s (K s)) * (S_ 3 s (K s) ^ 2 * S_ 6 s (K s)
      - 2 * S_ 3 s (K s) * S_ 4 s (K s) * S_ 5 s (K s) + S_ 4 s (K s) ^ 2 * S_ 4 s (K s))) by (field;
          lra) end.
  apply Rmult_lt_0_compat; [|exact Q]. apply Rdiv_lt_0_compat; [lra|]. now apply Rmult_lt_0_compat.
Qed.

(* {n' >= 0} is forward invariant, and n' > 0 afterwards. *)
Lemma f_invariant : forall s0 s1, 0 <= s0 < s1 -> until T s1 -> 0 <= f_of s0 (K s0) -> 0 < f_of s1 (K s1).
Proof.
  intros s0 s1 H01 H1 H0.
  assert (U : forall x, s0 <= x <= s1 -> until T x) by (intros x Hx; apply (until_le T x s1 H1); lra).
  apply (barrier (fun x => f_of x (K x)) _ s0 s1 ltac:(lra) (fun x Hx => D_f x (U x Hx)) H0); [|lra].
  intros x Hx Z; now apply D_f_pos.
Qed.

(* n does not fall, c does not rise, after f >= 0. *)
Lemma n_rises : forall s0 s1, 0 <= s0 < s1 -> until T s1 -> 0 <= f_of s0 (K s0) ->
  n s0 (K s0) < n s1 (K s1).
Proof.
  intros s0 s1 H01 H1 H0.
  assert (U : forall x, s0 <= x <= s1 -> until T x) by (intros x Hx; apply (until_le T x s1 H1); lra).
  apply (derive_pos_lt (fun x => n x (K x)) _ s0 s1 ltac:(lra) (fun x Hx => D_n x (U x Hx))).
  intros x Hx; apply Rdiv_lt_0_compat; [|apply pow_lt, n_pos].
  apply (f_invariant s0 x); auto; [lra|apply U; lra].
Qed.

Lemma c_falls : forall s0 s1, 0 <= s0 < s1 -> until T s1 -> 0 <= f_of s0 (K s0) ->
  c s1 (K s1) < c s0 (K s0).
Proof.
  intros s0 s1 H01 H1 H0. assert (H := n_rises s0 s1 H01 H1 H0). rewrite !c_r.
  assert (P := n_pos s0 (K s0)). assert (P1 := n_pos s1 (K s1)).
  apply Rmult_lt_compat_l; [apply r_pos|]. apply Rinv_lt_contravar; [now apply Rmult_lt_0_compat|exact H].
Qed.
End Core.
