(* The reduction from a balanced start w1 = w2 = alpha > 0 (MATH.md 5.1, second half; pages
   proofs/reduction.md and proofs/thm-4.4.md, (2) and "The amplification").
   Used by src/predict/two_sam/{field,leaders,law}.rs and, for the amplification factor, beside gd.rs.

   PROVED for every solution of the rescaled 2-SAM flow of Flow.v (depth 2, one example): the closed form
   w_j = alpha_j exp(mu_j s - mu_j^2 K) in both layers, dK/ds = rho/(sqrt 2 n) [reduction_balanced]; the
   rates of log beta_j [balanced_rates]; the log ratios [balanced_log_ratio]; the path and its
   amplification factor [amplification_factor], [amplification_largest]; and, from any start, that the
   layers balance themselves [layers_balance]. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists Reduction_flow Two_SAM.
Open Scope R_scope.

Lemma N_of_balanced : forall d mu alpha s K,
  N_of d mu (fun j => alpha j + alpha j) (fun j => alpha j - alpha j) s K = sqrt 2 * n_of d mu alpha s K.
Proof.
  intros; unfold N_of, n_of, norm_mu_w; rewrite <- sqrt_mult_alt by lra; f_equal.
  rewrite <- vsum_scal; apply vsum_ext; intros j Hj; unfold p_of, q_of, w_of.
  replace (alpha j - alpha j) with 0 by ring; rewrite Rmult_0_l; field.
Qed.

Lemma K_path_scalar : forall d mu alpha rho T K,
  K_path d mu alpha rho T K <->
  scalar_solution d mu (fun j => alpha j + alpha j) (fun j => alpha j - alpha j) rho T K.
Proof.
  intros; split; intros [H0 H]; (split; [exact H0|]); intros s Hs; unfold c_of in *;
    [rewrite N_of_balanced|rewrite <- N_of_balanced]; now apply H.
Qed.

Lemma weights_balanced : forall mu alpha s K l j, (l < 2)%nat ->
  weights_of mu (fun j => alpha j + alpha j) (fun j => alpha j - alpha j) s K l j = w_of mu alpha s K j.
Proof.
  intros mu alpha s K l j Hl; assert (l = 0%nat \/ l = 1%nat) as [->| ->] by lia; cbn [weights_of];
    unfold p_of, q_of, w_of; replace (alpha j - alpha j) with 0 by ring; field.
Qed.

Lemma positive_nonzero : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  exists j, (j < d)%nat /\ mu j <> 0 /\ (alpha j <> 0 \/ alpha j <> 0).
Proof.
  intros d mu rho alpha (Hd & _ & H0 & _) HA; exists 0%nat; split; [lia|].
  assert (A := HA 0%nat ltac:(lia)); split; [lra|left; lra].
Qed.

(* Balanced starts stay balanced: both layers are w_j = alpha_j exp(mu_j s - mu_j^2 K), with K(0) = 0 and
   dK/ds = rho/(sqrt 2 n), n = ||mu . w||. *)
Theorem reduction_balanced : forall d mu rho alpha T th,
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  exists K, K 0 = 0 /\
    (forall s, until T s ->
      is_derive K s (rho / (sqrt 2 * norm_mu_w d mu (fun j => alpha j * exp (mu j * s - mu j ^ 2 * K s))))) /\
    forall s, until T s -> forall l j, (l < 2)%nat -> (j < d)%nat ->
      th s l j = alpha j * exp (mu j * s - mu j ^ 2 * K s).
Proof.
  intros d mu rho alpha T th H H0.
  destruct (solution_scalar d mu rho T th alpha alpha H H0) as [K [HK HW]].
  apply K_path_scalar in HK; destruct HK as [K0 HK].
  exists K; split; [exact K0|split; [exact HK|]].
  intros s Hs l j Hl Hj; rewrite (proj2 (HW s Hs)) by assumption; now apply weights_balanced.
Qed.

(* The same with the names of Two_SAM.v. *)
Lemma balanced_K : forall d mu rho alpha T th,
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th ->
  exists K, K_path d mu alpha rho T K /\
    forall s, until T s -> forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = w_of mu alpha s (K s) j.
Proof.
  intros d mu rho alpha T th H H0; destruct (reduction_balanced d mu rho alpha T th H H0) as
    (K & K0 & HK & HW).
  exists K; split; [split|]; assumption.
Qed.

Lemma beta_w : forall mu alpha (th : params) s K j,
  (forall l, (l < 2)%nat -> th l j = w_of mu alpha s K j) -> beta 2 th j = w_of mu alpha s K j ^ 2.
Proof. intros mu alpha th s K j H; unfold beta; cbn [vprod]; rewrite !H by lia; ring. Qed.

(* d log beta_j/ds = 2 mu_j (1 - c mu_j), c = rho/(sqrt 2 n) *)
Theorem balanced_rates : forall d mu rho alpha T th,
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> positive d alpha ->
  forall s j, until T s -> (j < d)%nat ->
  is_derive (fun x => ln (beta 2 (th x) j)) s
    (2 * mu j * (1 - rho / (sqrt 2 * norm_mu_w d mu (th s 0%nat)) * mu j)).
Proof.
  intros d mu rho alpha T th [HS HN] H0 HA s j Hs Hj.
  destruct (balanced_K d mu rho alpha T th (conj HS HN) H0) as (K & HK & HW).
  assert (B : forall l i, (l < 2)%nat -> (i < d)%nat -> th s l i = balanced (th s 0%nat) l i).
  { intros l i Hl Hi; unfold balanced; rewrite !HW by (auto; lia); reflexivity. }
  assert (Hw : 0 < th s 0%nat j).
  { rewrite HW by (auto; lia); apply Rmult_lt_0_compat; [now apply HA|apply exp_pos]. }
  destruct (two_field_depth2 rho d mu (th s) j Hj) as [F0 F1].
  assert (D0 := HS s Hs 0%nat j ltac:(lia) Hj); assert (D1 := HS s Hs 1%nat j ltac:(lia) Hj).
  simpl in D0, D1; rewrite F0 in D0; rewrite F1 in D1.
  assert (EN : norm_depth2 d mu (th s) = sqrt 2 * norm_mu_w d mu (th s 0%nat)).
  { rewrite <- norm_depth2_balanced; unfold norm_depth2; f_equal; apply vsum_ext; intros i Hi.
    rewrite !(B 1%nat i) by (auto; lia); unfold balanced; reflexivity. }
  assert (HN' : 0 < norm_depth2 d mu (th s)) by (apply norm_grad_loss_depth2; auto).
  rewrite <- EN; clear EN.
  apply (is_derive_ext (fun x => ln (th x 0%nat j * th x 1%nat j))).
  { intros x; unfold beta; cbn [vprod]; now rewrite Rmult_1_l. }
  assert (E1 : th s 1%nat j = th s 0%nat j) by (rewrite !HW by (auto; lia); reflexivity).
  assert (DM := is_derive_mult _ _ _ _ _ D0 D1 Rmult_comm).
  assert (P : 0 < th s 0%nat j * th s 1%nat j) by (rewrite E1; now apply Rmult_lt_0_compat).
  assert (DL := is_derive_comp ln (fun x => th x 0%nat j * th x 1%nat j) s _ _ (is_derive_ln _ P) DM).
  apply is_derive_eq with (1 := DL); unfold plus, mult, scal; simpl; unfold mult; simpl.
  rewrite E1; field; lra.
Qed.

(* log(beta_j/beta_i) = log(alpha_j^2/alpha_i^2) + 2 (mu_j - mu_i) [s - (mu_i + mu_j) K] *)
Lemma log_w : forall d mu alpha s K j, positive d alpha -> (j < d)%nat ->
  ln (w_of mu alpha s K j ^ 2) = 2 * ln (alpha j) + 2 * (mu j * s - mu j ^ 2 * K).
Proof.
  intros d mu alpha s K j HA Hj; assert (A := HA j Hj); unfold w_of.
  set (x := mu j * s - mu j ^ 2 * K); assert (E := exp_pos x).
  replace ((alpha j * exp x) ^ 2) with (alpha j * exp x * (alpha j * exp x)) by ring.
  assert (P : 0 < alpha j * exp x) by now apply Rmult_lt_0_compat.
  rewrite (ln_mult _ _ P P), (ln_mult _ _ A E), ln_exp; ring.
Qed.

Theorem balanced_log_ratio : forall d mu rho alpha T th,
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> positive d alpha ->
  exists K, K_path d mu alpha rho T K /\ forall s i j, until T s -> (i < d)%nat -> (j < d)%nat ->
    ln (beta 2 (th s) j / beta 2 (th s) i)
    = ln (alpha j ^ 2 / alpha i ^ 2) + 2 * (mu j - mu i) * (s - (mu i + mu j) * K s).
Proof.
  intros d mu rho alpha T th H H0 HA.
  destruct (balanced_K d mu rho alpha T th H H0) as (K & HK & HW).
  exists K; split; [exact HK|]; intros s i j Hs Hi Hj.
  assert (P : forall k, (k < d)%nat -> 0 < w_of mu alpha s (K s) k ^ 2).
  { intros k Hk; apply pow_lt, Rmult_lt_0_compat; [now apply HA|apply exp_pos]. }
  rewrite (beta_w mu alpha _ s (K s) j), (beta_w mu alpha _ s (K s) i) by (intros; apply HW; auto).
  assert (Pa : forall k, (k < d)%nat -> 0 < alpha k ^ 2) by (intros; apply pow_lt, HA; assumption).
  rewrite !ln_div by auto. rewrite !(log_w d) by assumption.
  assert (E : forall k, (k < d)%nat -> ln (alpha k ^ 2) = 2 * ln (alpha k)).
  { intros k Hk; simpl; rewrite Rmult_1_r, ln_mult by (apply HA; exact Hk); ring. }
  rewrite !E by assumption. ring.
Qed.

(* beta_j = alpha_j^2 (beta_i/alpha_i^2)^(mu_j/mu_i) exp(2 mu_j (mu_i - mu_j) K): with i the major
   coordinate, the last factor is what SAM adds to GD (K = 0) at equal beta_i. *)
Theorem amplification_factor : forall d mu rho alpha T th,
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> positive d alpha ->
  exists K, K_path d mu alpha rho T K /\ forall s i j, until T s -> (i < d)%nat -> (j < d)%nat -> mu i <> 0 ->
    beta 2 (th s) j = alpha j ^ 2 * Rpower (beta 2 (th s) i / alpha i ^ 2) (mu j / mu i)
                      * exp (2 * mu j * (mu i - mu j) * K s).
Proof.
  intros d mu rho alpha T th H H0 HA.
  destruct (balanced_K d mu rho alpha T th H H0) as (K & HK & HW).
  exists K; split; [exact HK|]; intros s i j Hs Hi Hj Hm.
  rewrite (beta_w mu alpha _ s (K s) j), (beta_w mu alpha _ s (K s) i) by (intros; apply HW; auto).
  assert (A := HA i Hi). unfold w_of, Rpower.
  replace ((alpha i * exp (mu i * s - mu i ^ 2 * K s)) ^ 2 / alpha i ^ 2)
    with (exp (mu i * s - mu i ^ 2 * K s) * exp (mu i * s - mu i ^ 2 * K s)) by (field; lra).
  rewrite <- exp_plus, ln_exp, Rmult_assoc, <- exp_plus.
  replace (mu j / mu i * (mu i * s - mu i ^ 2 * K s + (mu i * s - mu i ^ 2 * K s))
    + 2 * mu j * (mu i - mu j) * K s)
    with (mu j * s - mu j ^ 2 * K s + (mu j * s - mu j ^ 2 * K s)) by (field; exact Hm).
  rewrite exp_plus; ring.
Qed.

(* The exponent 2 m (mu_d - m) of the amplification is largest at m = mu_d/2. *)
Theorem amplification_largest : forall mud m, 2 * m * (mud - m) <= 2 * (mud / 2) * (mud - mud / 2).
Proof. intros mud m; assert (H := pow2_ge_0 (m - mud / 2)); nra. Qed.

(* From any start, q_j/p_j = (q_j(0)/p_j(0)) exp(-2 mu_j s): the layers balance themselves. *)
Theorem layers_balance : forall d mu rho T th, two_sam_solution d mu rho T th ->
  forall s j, until T s -> (j < d)%nat -> th 0 0%nat j + th 0 1%nat j <> 0 ->
  (th s 0%nat j - th s 1%nat j) / (th s 0%nat j + th s 1%nat j)
  = (th 0 0%nat j - th 0 1%nat j) / (th 0 0%nat j + th 0 1%nat j) * exp (- 2 * mu j * s).
Proof.
  intros d mu rho T th H s j Hs Hj Hp.
  destruct (reduction_forward d mu rho T th H) as (K & _ & _ & HW).
  destruct (HW s Hs) as [_ Hw]; destruct (Hw j Hj) as [-> ->].
  replace (- mu j * s - mu j ^ 2 * K s) with (- 2 * mu j * s + (mu j * s - mu j ^ 2 * K s)) by ring.
  rewrite (exp_plus (- 2 * mu j * s)).
  assert (E := exp_pos (mu j * s - mu j ^ 2 * K s)). field; split; lra.
Qed.

(* Existence from a balanced start, with the names of Two_SAM.v. *)
Lemma K_exists : forall d mu rho alpha, setting d mu rho -> positive d alpha ->
  exists T K, Rbar_lt 0 T /\ K_path d mu alpha rho T K /\ full T K.
Proof.
  intros d mu rho alpha HS HA.
  destruct (scalar_exists d mu _ _ rho (proj1 (proj2 HS)) (nonzero_start_pq d mu alpha alpha
    (positive_nonzero d mu rho alpha HS HA))) as (T & K & HT & HK & HF).
  exists T, K; split; [exact HT|split; [now apply K_path_scalar|exact HF]].
Qed.

Lemma K_solution : forall d mu rho alpha T K, setting d mu rho -> positive d alpha ->
  K_path d mu alpha rho T K ->
  two_sam_solution d mu rho T (fun s => balanced (w_of mu alpha s (K s))) /\
  starts_at d alpha alpha (fun s => balanced (w_of mu alpha s (K s))).
Proof.
  intros d mu rho alpha T K HS HA HK; split; [split|].
  - intros s Hs l j Hl Hj; rewrite two_field_balanced by assumption.
    apply is_derive_eq with (1 := is_derive_exp_path K _ (alpha j) (mu j) (mu j ^ 2) s (proj2 HK s Hs)).
    unfold c_of, n_of, w_of; simpl; ring.
  - intros s Hs; apply norm_grad_loss_depth2; rewrite norm_depth2_balanced.
    apply Rmult_lt_0_compat; [apply sqrt2_pos|]. exact (n_pos d mu alpha rho HS HA s (K s)).
  - intros j Hj; unfold balanced, w_of; rewrite (proj1 HK), !Rmult_0_r, Rminus_0_r, exp_0; split; ring.
Qed.

Lemma K_unique : forall d mu rho alpha T T' K K', setting d mu rho -> positive d alpha ->
  K_path d mu alpha rho T K -> K_path d mu alpha rho T' K' ->
  forall s, until T s -> until T' s -> K s = K' s.
Proof.
  intros d mu rho alpha T T' K K' HS HA HK HK' s Hs Hs'.
  apply K_path_scalar in HK; apply K_path_scalar in HK'.
  exact (scalar_unique d mu _ _ rho T T' K K' (proj1 (proj2 HS)) (nonzero_start_pq d mu alpha alpha
    (positive_nonzero d mu rho alpha HS HA)) HK HK' s Hs Hs').
Qed.
