(* The setting (MATH.md 1, 2; pages proofs/rescaling.md, proofs/thm-3.2.md): one example mu, a network of
   depth L and width d, logistic loss, SAM's perturbation in the inf and the 2 norm, the flow in original
   time t and in rescaled time s.

   DEFINED   beta, the predictor <mu, beta>, the loss, its gradient as the actual partial derivatives (so
             that nothing is assumed about it), SAM's point theta^, both flows, solutions on [0, T).
   PROVED    the formulas of the two gradients ([is_derive_predictor], [is_derive_loss], [grad_loss_formula]),
             where they vanish ([grad_loss_neq_0]), what theta^ is, and what both flows become from a
             balanced point ([inf_field_balanced], [two_field_balanced]).
   The clock change between t and s is in Clock.v; src/predict uses these equations everywhere
   (linf_depth2.rs, linf_deep.rs, clock.rs, two_sam/).

   A SOLUTION on [0, T), T finite or +oo, is a family of functions R -> R which at every time 0 <= t < T
   has the right derivative.  The derivative at 0 is the ordinary, two-sided one.  This loses nothing: given a
   solution with a one-sided derivative at 0, continue it to t < 0 along its tangent at 0.  Values at t < 0
   are never used.  Only layers l < L and coordinates j < d are constrained. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec.
Open Scope R_scope.

(* theta l j is entry j of layer l: w^(l+1)_(j+1) of the paper. *)
Definition params := nat -> nat -> R.

(* theta with the entry (l, j) replaced by x. *)
Definition update (th : params) (l j : nat) (x : R) : params :=
  fun l' j' => if andb (Nat.eqb l' l) (Nat.eqb j' j) then x else th l' j'.

(* dF/dtheta_(l,j) at theta. *)
Definition partial (F : params -> R) (th : params) : params :=
  fun l j => Derive (fun x => F (update th l j x)) (th l j).

(* beta_j = w^(1)_j ... w^(L)_j *)
Definition beta (L : nat) (th : params) (j : nat) : R := vprod L (fun l => th l j).

(* <mu, beta> *)
Definition predictor (L d : nat) (mu : nat -> R) (th : params) : R :=
  vsum d (fun j => mu j * beta L th j).

(* log (1 + exp (-<mu, beta>)) *)
Definition loss (L d : nat) (mu : nat -> R) (th : params) : R :=
  ln (1 + exp (- predictor L d mu th)).

Definition grad_pred (L d : nat) (mu : nat -> R) : params -> params := partial (predictor L d mu).
Definition grad_loss (L d : nat) (mu : nat -> R) : params -> params := partial (loss L d mu).

(* sigma(u) = 1/(1 + e^-u); minus the derivative of the loss in <mu, beta> is sigma(-<mu, beta>). *)
Definition sigma (u : R) : R := / (1 + exp (- u)).

(* Euclidean norm over all layers and coordinates. *)
Definition norm2 (L d : nat) (g : params) : R := sqrt (vsum L (fun l => vsum d (fun j => g l j ^ 2))).

(* A perturbation: the gradient |-> eps. [sign 0 = 0] here; every theorem says where the gradient is
   nonzero. *)
Definition perturbation := params -> params.
Definition perturb_none : perturbation := fun g l j => 0.
Definition perturb_inf (rho : R) : perturbation := fun g l j => rho * sign (g l j).
Definition perturb_2 (L d : nat) (rho : R) : perturbation := fun g l j => rho * g l j / norm2 L d g.

(* theta^ = theta + eps(grad loss(theta)) *)
Definition sam_point (P : perturbation) (L d : nat) (mu : nat -> R) (th : params) : params :=
  fun l j => th l j + P (grad_loss L d mu th) l j.

(* theta' = - grad loss(theta^) *)
Definition sam_field (P : perturbation) (L d : nat) (mu : nat -> R) (th : params) : params :=
  fun l j => - grad_loss L d mu (sam_point P L d mu th) l j.

(* d theta/ds = grad <mu, beta>(theta^) *)
Definition rescaled_field (P : perturbation) (L d : nat) (mu : nat -> R) (th : params) : params :=
  fun l j => grad_pred L d mu (sam_point P L d mu th) l j.

(* 0 <= t < T *)
Definition until (T : Rbar) (t : R) : Prop := 0 <= t /\ Rbar_lt t T.

(* th : time |-> parameters solves theta' = F(theta) on [0, T). *)
Definition solves (L d : nat) (F : params -> params) (T : Rbar) (th : R -> params) : Prop :=
  forall t, until T t -> forall l j, (l < L)%nat -> (j < d)%nat ->
  is_derive (fun x => th x l j) t (F (th t) l j).

Definition solves_original (P : perturbation) (L d : nat) (mu : nat -> R) (T : Rbar) (th : R -> params) :=
  solves L d (sam_field P L d mu) T th.
Definition solves_rescaled (P : perturbation) (L d : nat) (mu : nat -> R) (T : Rbar) (th : R -> params) :=
  solves L d (rescaled_field P L d mu) T th.

(* All layers equal to w. *)
Definition balanced (w : nat -> R) : params := fun _ j => w j.

(* ---------- the gradients ---------- *)

Lemma update_same : forall th l j x, update th l j x l j = x.
Proof. intros; unfold update; now rewrite !Nat.eqb_refl. Qed.

Lemma update_other_layer : forall th l j x l' j', l' <> l -> update th l j x l' j' = th l' j'.
Proof. intros; unfold update; destruct (Nat.eqb_spec l' l); [lia|reflexivity]. Qed.

Lemma update_other_coord : forall th l j x l' j', j' <> j -> update th l j x l' j' = th l' j'.
Proof.
  intros; unfold update; destruct (Nat.eqb_spec j' j); [lia|].
  now rewrite Bool.andb_false_r.
Qed.

Lemma beta_update : forall L th l j x, (l < L)%nat ->
  beta L (update th l j x) j = x * vprod_but L l (fun k => th k j).
Proof.
  intros L th l j x Hl; unfold beta.
  rewrite (vprod_split L _ l Hl), update_same; f_equal.
  apply vprod_but_ext; intros; now apply update_other_layer.
Qed.

Lemma beta_update_other : forall L th l j x j', j' <> j -> beta L (update th l j x) j' = beta L th j'.
Proof. intros; apply vprod_ext; intros; now apply update_other_coord. Qed.

(* <mu, beta> is affine in each single entry. *)
Lemma predictor_update : forall L d mu th l j x, (l < L)%nat -> (j < d)%nat ->
  predictor L d mu (update th l j x)
  = predictor L d mu th + mu j * vprod_but L l (fun k => th k j) * (x - th l j).
Proof.
  intros L d mu th l j x Hl Hj; unfold predictor.
  rewrite (vsum_split d _ j Hj), (vsum_split d (fun j => mu j * beta L th j) j Hj).
  rewrite beta_update by assumption.
  unfold beta at 2; rewrite (vprod_split L (fun l0 => th l0 j) l Hl).
  rewrite (vsum_ext d (fun i => if Nat.eqb i j then 0 else mu i * beta L (update th l j x) i)
    (fun i => if Nat.eqb i j then 0 else mu i * beta L th i)); [ring|].
  intros i _; destruct (Nat.eqb_spec i j); [reflexivity|].
  now rewrite beta_update_other.
Qed.

Lemma predictor_update_same : forall L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  predictor L d mu (update th l j (th l j)) = predictor L d mu th.
Proof. intros; rewrite predictor_update by assumption; ring. Qed.

(* d<mu, beta>/dw^(l)_j = mu_j prod_(k <> l) w^(k)_j *)
Theorem is_derive_predictor : forall L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  is_derive (fun x => predictor L d mu (update th l j x)) (th l j)
    (mu j * vprod_but L l (fun k => th k j)).
Proof.
  intros L d mu th l j Hl Hj.
  apply is_derive_ext with
    (fun x => predictor L d mu th + mu j * vprod_but L l (fun k => th k j) * (x - th l j)).
  - intros x; now rewrite predictor_update.
  - auto_derive; [exact I | ring].
Qed.

(* d loss/dw^(l)_j = - sigma(-<mu, beta>) mu_j prod_(k <> l) w^(k)_j *)
Theorem is_derive_loss : forall L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  is_derive (fun x => loss L d mu (update th l j x)) (th l j)
    (- sigma (- predictor L d mu th) * (mu j * vprod_but L l (fun k => th k j))).
Proof.
  intros L d mu th l j Hl Hj; unfold loss.
  replace (- sigma (- predictor L d mu th) * (mu j * vprod_but L l (fun k => th k j)))
    with ((mu j * vprod_but L l (fun k => th k j)) * - sigma (- predictor L d mu th)) by ring.
  apply (is_derive_comp (fun u => ln (1 + exp (- u))) (fun x => predictor L d mu (update th l j x))).
  - rewrite predictor_update_same by assumption.
    unfold sigma; rewrite Ropp_involutive.
    assert (H := exp_pos (- predictor L d mu th)).
    assert (H' := exp_pos (predictor L d mu th)).
    auto_derive; [lra|].
    rewrite exp_Ropp; field; split; lra.
  - apply is_derive_predictor; assumption.
Qed.

Lemma grad_pred_formula : forall L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  grad_pred L d mu th l j = mu j * vprod_but L l (fun k => th k j).
Proof. intros; apply is_derive_unique; now apply is_derive_predictor. Qed.

Lemma grad_loss_formula : forall L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  grad_loss L d mu th l j = - sigma (- predictor L d mu th) * (mu j * vprod_but L l (fun k => th k j)).
Proof. intros; apply is_derive_unique; now apply is_derive_loss. Qed.

Lemma grad_loss_pred : forall L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  grad_loss L d mu th l j = - sigma (- predictor L d mu th) * grad_pred L d mu th l j.
Proof. intros; rewrite grad_loss_formula, grad_pred_formula by assumption; reflexivity. Qed.

Lemma sigma_pos : forall u, 0 < sigma u.
Proof. intros u; apply Rinv_0_lt_compat; assert (H := exp_pos (- u)); lra. Qed.

Lemma sigma_lt_1 : forall u, sigma u < 1.
Proof.
  intros u; unfold sigma; assert (H := exp_pos (- u)).
  rewrite <- Rinv_1; apply Rinv_lt_contravar; lra.
Qed.

(* The two fields differ by the positive factor sigma(-<mu, beta(theta^)>). *)
Lemma sam_field_rescaled : forall P L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  sam_field P L d mu th l j
  = sigma (- predictor L d mu (sam_point P L d mu th)) * rescaled_field P L d mu th l j.
Proof. intros; unfold sam_field, rescaled_field; rewrite grad_loss_pred by assumption; ring. Qed.

(* The gradient entry (l, j) is nonzero exactly when mu_j and all other layers' entries j are. *)
Lemma grad_loss_neq_0 : forall L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  mu j <> 0 -> (forall k, (k < L)%nat -> k <> l -> th k j <> 0) -> grad_loss L d mu th l j <> 0.
Proof.
  intros L d mu th l j Hl Hj Hmu Hth; rewrite grad_loss_formula by assumption.
  assert (H := sigma_pos (- predictor L d mu th)).
  repeat apply Rmult_integral_contrapositive_currified; auto; [lra|].
  now apply vprod_but_neq_0.
Qed.

(* ---------- SAM's point and the fields, in formulas ---------- *)

Lemma sign_scal_neg : forall c x, 0 < c -> sign (- c * x) = - sign x.
Proof.
  intros c x Hc; destruct (Rtotal_order x 0) as [H|[->|H]].
  - rewrite (sign_eq_m1 x H), sign_eq_1; [ring|].
    replace (- c * x) with (c * - x) by ring; apply Rmult_lt_0_compat; lra.
  - rewrite Rmult_0_r, sign_0; ring.
  - rewrite (sign_eq_1 x H), sign_eq_m1; [ring|].
    assert (0 < c * x) by (apply Rmult_lt_0_compat; lra); lra.
Qed.

(* inf-norm: theta^ = theta - rho sign(grad <mu, beta>) *)
Lemma sam_point_inf : forall rho L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  sam_point (perturb_inf rho) L d mu th l j = th l j - rho * sign (grad_pred L d mu th l j).
Proof.
  intros; unfold sam_point, perturb_inf.
  rewrite grad_loss_pred, sign_scal_neg by (auto using sigma_pos); ring.
Qed.

Lemma norm2_grad_loss : forall L d mu th,
  norm2 L d (grad_loss L d mu th) = sigma (- predictor L d mu th) * norm2 L d (grad_pred L d mu th).
Proof.
  intros L d mu th; set (c := sigma (- predictor L d mu th)).
  assert (Hc : 0 < c) by apply sigma_pos.
  unfold norm2; rewrite <- (sqrt_square c) at 1 by lra.
  rewrite <- sqrt_mult_alt by nra; f_equal.
  rewrite <- vsum_scal; apply vsum_ext; intros l Hl.
  rewrite <- vsum_scal; apply vsum_ext; intros j Hj.
  rewrite grad_loss_pred by assumption; fold c; ring.
Qed.

(* 2-norm: theta^ = theta - rho grad <mu, beta> / ||grad <mu, beta>||.  (Where the gradient vanishes both
   sides are theta, because in Coq 0/0 = 0; no theorem below uses such a point.) *)
Lemma sam_point_2 : forall rho L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  sam_point (perturb_2 L d rho) L d mu th l j
  = th l j - rho * grad_pred L d mu th l j / norm2 L d (grad_pred L d mu th).
Proof.
  intros; unfold sam_point, perturb_2.
  rewrite norm2_grad_loss, grad_loss_pred by assumption.
  assert (Hc := sigma_pos (- predictor L d mu th)).
  unfold Rdiv, Rminus; rewrite Rinv_mult, Ropp_mult_distr_l; f_equal.
  rewrite <- (Rmult_1_r (- (rho * _))) at 1; rewrite <- (Rinv_r (sigma (- predictor L d mu th))) by lra.
  ring.
Qed.

Lemma rescaled_field_formula : forall P L d mu th l j, (l < L)%nat -> (j < d)%nat ->
  rescaled_field P L d mu th l j = mu j * vprod_but L l (fun k => sam_point P L d mu th k j).
Proof. intros; now apply grad_pred_formula. Qed.

(* Two layers, 2-norm, any signs: with n = ||grad <mu, beta>||,
   d w1_j/ds = mu_j (w2_j - rho mu_j w1_j / n),   d w2_j/ds = mu_j (w1_j - rho mu_j w2_j / n). *)
Definition norm_depth2 (d : nat) (mu : nat -> R) (th : params) : R :=
  sqrt (vsum d (fun j => mu j ^ 2 * (th 0%nat j ^ 2 + th 1%nat j ^ 2))).

Lemma norm2_depth2 : forall d mu th, norm2 2 d (grad_pred 2 d mu th) = norm_depth2 d mu th.
Proof.
  intros; unfold norm2, norm_depth2; f_equal.
  cbn [vsum]; rewrite Rplus_0_l, <- vsum_plus; apply vsum_ext; intros j Hj.
  rewrite !grad_pred_formula by lia; unfold vprod_but; simpl; ring.
Qed.

Theorem two_field_depth2 : forall rho d mu th j, (j < d)%nat ->
  rescaled_field (perturb_2 2 d rho) 2 d mu th 0%nat j
    = mu j * (th 1%nat j - rho * mu j * th 0%nat j / norm_depth2 d mu th) /\
  rescaled_field (perturb_2 2 d rho) 2 d mu th 1%nat j
    = mu j * (th 0%nat j - rho * mu j * th 1%nat j / norm_depth2 d mu th).
Proof.
  intros rho d mu th j Hj; split; rewrite rescaled_field_formula by lia;
    unfold vprod_but; cbn [vprod Nat.eqb]; rewrite !sam_point_2, norm2_depth2, grad_pred_formula by lia;
    unfold vprod_but; simpl; unfold Rdiv; ring.
Qed.

(* ---------- balanced points ---------- *)

(* inf-norm, any depth, w_j > 0, mu_j > 0: every layer has field mu_j (w_j - rho)^(L-1). *)
Theorem inf_field_balanced : forall rho L d mu w l j, (l < L)%nat -> (j < d)%nat ->
  0 < mu j -> 0 < w j ->
  rescaled_field (perturb_inf rho) L d mu (balanced w) l j = mu j * (w j - rho) ^ (L - 1).
Proof.
  intros rho L d mu w l j Hl Hj Hmu Hw; rewrite rescaled_field_formula by assumption; f_equal.
  rewrite <- (vprod_but_const L l) by assumption.
  apply vprod_but_ext; intros k Hk _; rewrite sam_point_inf, sign_eq_1, Rmult_1_r; auto.
  rewrite grad_pred_formula by assumption.
  apply Rmult_lt_0_compat; auto; apply vprod_but_pos; auto.
Qed.

(* beta^_j = (w_j - rho)^L there. *)
Lemma inf_beta_hat_balanced : forall rho L d mu w j, (j < d)%nat -> 0 < mu j -> 0 < w j ->
  beta L (sam_point (perturb_inf rho) L d mu (balanced w)) j = (w j - rho) ^ L.
Proof.
  intros rho L d mu w j Hj Hmu Hw; unfold beta; rewrite <- vprod_const.
  apply vprod_ext; intros k Hk; rewrite sam_point_inf, sign_eq_1, Rmult_1_r; auto.
  rewrite grad_pred_formula by assumption.
  apply Rmult_lt_0_compat; auto; apply vprod_but_pos; auto.
Qed.

(* n = ||mu . w|| *)
Definition norm_mu_w (d : nat) (mu w : nat -> R) : R := sqrt (vsum d (fun j => (mu j * w j) ^ 2)).

Lemma norm_depth2_balanced : forall d mu w,
  norm_depth2 d mu (balanced w) = sqrt 2 * norm_mu_w d mu w.
Proof.
  intros; unfold norm_depth2, norm_mu_w, balanced; rewrite <- sqrt_mult_alt by lra; f_equal.
  rewrite <- vsum_scal; apply vsum_ext; intros; ring.
Qed.

(* 2-norm, L = 2: both layers have field mu_j w_j (1 - c mu_j), c = rho/(sqrt 2 ||mu . w||). *)
Theorem two_field_balanced : forall rho d mu w l j, (l < 2)%nat -> (j < d)%nat ->
  rescaled_field (perturb_2 2 d rho) 2 d mu (balanced w) l j
  = mu j * w j * (1 - rho / (sqrt 2 * norm_mu_w d mu w) * mu j).
Proof.
  intros rho d mu w l j Hl Hj; rewrite <- norm_depth2_balanced.
  destruct (two_field_depth2 rho d mu (balanced w) j Hj) as [H0 H1].
  assert (l = 0%nat \/ l = 1%nat) as [->| ->] by lia; [rewrite H0 | rewrite H1];
    unfold balanced, Rdiv; ring.
Qed.
