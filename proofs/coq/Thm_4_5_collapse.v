(* The collapse (MATH.md 5.2; page proofs/thm-4.5.md, "The collapse"): 2-SAM, depth 2, one example, a
   balanced start that collapses at s_c.  Used by src/predict/two_sam/{critical,path}.rs (the end s_c) and
   by the clock of the observed run.

   PROVED, with N = ||grad <mu, beta>|| = sqrt 2 n:
   - [collapse_rates]: N/(s_c - s) -> rho mu_1^2 and K/(-log(s_c - s)) -> 1/mu_1^2 as s -> s_c;
   - [collapse_time_bound]: s_c - s_0 <= e N_0/(rho mu_1^2) once mu_d N_0 < rho mu_1^2/e (the page's bound;
     it follows from the sharper N_0/(mu_1 (rho mu_1 - N_0)) of [collapse_certain] in Thm_4_5.v). *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_exists Reduction_flow Two_SAM.
From SamProofs Require Import Reduction_balanced Two_SAM_fates Two_SAM_compare Two_SAM_critical.
From SamProofs Require Import Thm_4_5_lemma Thm_4_5 Thm_4_4.
Open Scope R_scope.

Lemma at_left_ge : forall t s0 : R, s0 < t -> at_left t (fun s => s0 < s < t).
Proof.
  intros t s0 H; assert (P : 0 < t - s0) by lra. exists (mkposreal _ P); intros s Hs Hst.
  assert (B : Rabs (s - t) < t - s0) by exact Hs. apply Rabs_def2 in B; lra.
Qed.

Lemma limit_scal : forall (f : R -> R) (F : (R -> Prop) -> Prop) {FF : Filter F} (k l : R),
  filterlim f F (locally l) -> filterlim (fun s => k * f s) F (locally (k * l)).
Proof. intros f F FF k l H; exact (filterlim_comp _ _ _ f (fun x => k * x) _ _ _ H (continuous_scal_r k
  (fun x : R => x) l (continuous_id l))). Qed.

Lemma limit_plus : forall (f g : R -> R) (F : (R -> Prop) -> Prop) {FF : Filter F} (a b : R),
  filterlim f F (locally a) -> filterlim g F (locally b) -> filterlim (fun s => f s + g s) F (locally
    (a + b)).
Proof. intros f g F FF a b Hf Hg; exact (filterlim_comp_2 _ _ Rplus Hf Hg (filterlim_plus
  (V := R_NormedModule) a b)). Qed.

Lemma limit_mult : forall (f g : R -> R) (F : (R -> Prop) -> Prop) {FF : Filter F} (a b : R),
  filterlim f F (locally a) -> filterlim g F (locally b) -> filterlim (fun s => f s * g s) F (locally
    (a * b)).
Proof. intros f g F FF a b Hf Hg; exact (filterlim_comp_2 _ _ Rmult Hf Hg (filterlim_mult
  (K := R_AbsRing) a b)). Qed.

Lemma limit_inv : forall (f : R -> R) (F : (R -> Prop) -> Prop) {FF : Filter F} (a : R), a <> 0 ->
  filterlim f F (locally a) -> filterlim (fun s => / f s) F (locally (/ a)).
Proof. intros f F FF a Ha Hf; exact (filterlim_comp _ _ _ f Rinv _ _ _ Hf (continuous_Rinv a Ha)). Qed.

Lemma ln_square_ratio : forall x y, 0 < x -> 0 < y -> ln (x * x / y ^ 2) = 2 * ln x - 2 * ln y.
Proof.
  intros x y Hx Hy; replace (y ^ 2) with (y * y) by ring.
  rewrite ln_div, !ln_mult by (try apply Rmult_lt_0_compat; assumption); ring.
Qed.

Section Collapse.
Context (d : nat) (mu alpha : nat -> R) (rho t : R) (HS : setting d mu rho) (HA : positive d alpha)
  (Ht : 0 < t).
Context (K : R -> R) (HK : K_path d mu alpha rho t K) (HF : full t K).
Let r := rho / sqrt 2.
Notation b j s := (w_of mu alpha s (K s) j ^ 2).
Notation n s := (n_of d mu alpha s (K s)).
Notation S_ k s := (S_of d mu alpha k s (K s)).

Lemma K_blows_up : filterlim K (at_left t) (Rbar_locally p_infty).
Proof.
  exact (full_limit d mu _ _ rho t K (proj1 (proj2 HS)) (nonzero_start_pq d mu alpha alpha
    (positive_nonzero d mu rho alpha HS HA)) (proj1 (K_path_scalar d mu alpha rho t K) HK) HF).
Qed.

(* S_k/beta_1 -> mu_1^k: the most minor coordinate outlives the others. *)
Lemma S_over_first : forall k, filterlim (fun s => S_ k s / b 0%nat s) (at_left t) (locally (mu 0%nat ^ k)).
Proof.
  intros k. assert (d0 := d_pos d mu rho HS). assert (A0 := HA 0%nat d0).
  assert (L : filterlim (fun s => vsum d (fun j => mu j ^ k * (b j s / b 0%nat s))) (at_left t)
    (locally (vsum d (fun j => if Nat.eqb j 0 then mu 0%nat ^ k else 0)))).
  { apply (filterlim_vsum R (at_left t) _ d (fun j s => mu j ^ k * (b j s / b 0%nat s))
      (fun j => if Nat.eqb j 0 then mu 0%nat ^ k else 0)).
    intros j Hj; destruct (Nat.eqb_spec j 0) as [->|Hn].
    - apply filterlim_ext with (fun _ => mu 0%nat ^ k); [|apply filterlim_const].
      intros s; assert (P := w_pos d mu alpha HA s (K s) 0%nat d0); field; lra.
    - assert (Hm : mu 0%nat < mu j) by (destruct HS as (_ & _ & _ & Q); apply Q; lia).
      assert (M := mu0_pos d mu rho HS).
      assert (Hb : 0 < 2 * (mu j ^ 2 - mu 0%nat ^ 2)) by nra.
      assert (D := decay_limit K t (mu j ^ k * (alpha j ^ 2 / alpha 0%nat ^ 2)) (2 *
        (mu j - mu 0%nat)) _ Hb K_blows_up).
      eapply filterlim_ext; [|exact D]. intros s; cbv beta.
      replace (2 * (mu j - mu 0%nat) * s - 2 * (mu j ^ 2 - mu 0%nat ^ 2) * K s) with
        ((mu j * s - mu j ^ 2 * K s) + (mu j * s - mu j ^ 2 * K s) +
         - ((mu 0%nat * s - mu 0%nat ^ 2 * K s) + (mu 0%nat * s - mu 0%nat ^ 2 * K s))) by ring.
      unfold w_of. rewrite exp_plus, exp_Ropp, !exp_plus.
      assert (X := exp_pos (mu 0%nat * s - mu 0%nat ^ 2 * K s)). field; lra. }
  rewrite (vsum_single d _ 0 d0) in L; [|intros i Hi Hn; destruct (Nat.eqb_spec i 0);
    [contradiction|reflexivity]].
  eapply filterlim_ext; [|exact L]. intros s; unfold S_of, Rdiv; rewrite <- vsum_scal_r.
  apply vsum_ext; intros; ring.
Qed.

(* n -> 0 *)
Lemma n_to_0 : filterlim (fun s => n s) (at_left t) (locally 0).
Proof.
  assert (d0 := d_pos d mu rho HS). assert (M := mu0_pos d mu rho HS).
  assert (W : filterlim (fun s => w_of mu alpha s (K s) 0%nat) (at_left t) (locally 0)).
  { exact (decay_limit K t (alpha 0%nat) (mu 0%nat) (mu 0%nat ^ 2) (pow_lt _ 2 M) K_blows_up). }
  assert (L := limit_mult _ _ _ _ _ (S_over_first 2) (limit_mult _ _ _ _ _ W W)).
  replace (mu 0%nat ^ 2 * (0 * 0)) with 0 in L by ring.
  assert (Q := filterlim_comp _ _ _ _ sqrt _ _ _ L (continuous_sqrt 0)). rewrite sqrt_0 in Q.
  eapply filterlim_ext; [|exact Q]. intros s; cbv beta. rewrite (n_sqrt d mu alpha). f_equal.
  assert (P := w_pos d mu alpha HA s (K s) 0%nat d0). field; lra.
Qed.

(* n' -> - r mu_1^2 *)
Lemma slope_limit : filterlim (fun s => f_of d mu alpha rho s (K s) / n s ^ 2) (at_left t)
  (locally (- (r * mu 0%nat ^ 2))).
Proof.
  assert (M := mu0_pos d mu rho HS). assert (M2 : mu 0%nat ^ 2 <> 0) by (apply pow_nonzero; lra).
  assert (Q : forall k, filterlim (fun s => S_ k s / S_ 2 s) (at_left t) (locally
    (mu 0%nat ^ k * / mu 0%nat ^ 2))).
  { intros k. assert (L := limit_mult _ _ _ _ _ (S_over_first k) (limit_inv _ _ _ M2 (S_over_first 2))).
    eapply filterlim_ext; [|exact L]. intros s; cbv beta.
    assert (P := w_pos d mu alpha HA s (K s) 0%nat (d_pos d mu rho HS)).
    assert (P2 := S_pos d mu alpha rho HS HA 2 s (K s)). field; lra. }
  assert (L := limit_plus _ _ _ _ _ (limit_mult _ _ _ _ _ n_to_0 (Q 3%nat)) (limit_scal _ _ (- r) _
    (Q 4%nat))).
  replace (0 * (mu 0%nat ^ 3 * / mu 0%nat ^ 2) + - r * (mu 0%nat ^ 4 * / mu 0%nat ^ 2)) with (-
    (r * mu 0%nat ^ 2))
    in L by (field; lra).
  eapply filterlim_ext; [|exact L]. intros s; cbv beta; unfold f_of; fold r.
  assert (P := n_pos d mu alpha rho HS HA s (K s)). rewrite <- (n_sqr d mu alpha rho HS HA s (K s)).
  field; lra.
Qed.

(* n/(t - s) -> r mu_1^2 *)
Lemma n_rate : filterlim (fun s => n s / (t - s)) (at_left t) (locally (r * mu 0%nat ^ 2)).
Proof.
  set (L := r * mu 0%nat ^ 2). intros P [e He].
  assert (Ep := cond_pos e). assert (E2 : 0 < e / 2) by lra.
  assert (N1 : at_left t (fun s => Rabs (f_of d mu alpha rho s (K s) / n s ^ 2 - - L) < e / 2)).
  { apply (slope_limit (fun y => Rabs (y - - L) < e / 2)).
    exists (mkposreal _ E2); intros y Hy; exact Hy. }
  destruct N1 as [dl Hdl].
  assert (G := at_left_ge t (Rmax 0 (t - dl))).
  assert (Dp := cond_pos dl).
  assert (G0 : Rmax 0 (t - dl) < t) by (apply Rmax_lub_lt; lra).
  generalize (G G0); unfold filtermap; apply filter_imp; intros s Hs.
  assert (M1 := Rmax_l 0 (t - dl)). assert (M2 := Rmax_r 0 (t - dl)).
  assert (Sl : forall x, s <= x < t -> - (L + e / 2) <= f_of d mu alpha rho x (K x) / n x ^ 2 <= -
    (L - e / 2)).
  { intros x Hx. assert (B : Rabs (f_of d mu alpha rho x (K x) / n x ^ 2 - - L) < e / 2).
    { apply Hdl; [|lra]. apply Rabs_def1; unfold minus, plus, opp; simpl; lra. }
    apply Rabs_def2 in B; lra. }
  assert (Inc : forall s', s < s' < t -> n s + - (L + e / 2) * (s' - s) <= n s' <= n s + - (L - e / 2) *
    (s' - s)).
  { intros s' Hs'. assert (D : forall x, s <= x <= s' -> is_derive (fun x => n x) x
      (f_of d mu alpha rho x (K x) / n x ^ 2)).
    { intros x Hx; apply (D_n d mu alpha rho HS HA t K HK); split; simpl; lra. }
    split.
    - apply (derive_ge_line (fun x => n x) _ _ s s' ltac:(lra) D). intros x Hx; apply Sl; lra.
    - apply (derive_le_line (fun x => n x) _ _ s s' ltac:(lra) D). intros x Hx; apply Sl; lra. }
  assert (Lim : forall k, filterlim (fun s' => n s + k * (s' - s)) (at_left t) (locally (n s + k * (t - s)))).
  { intros k. eapply filterlim_filter_le_1; [apply filter_le_within|].
    apply (continuous_plus (fun _ => n s) (fun s' => k * (s' - s)) t); [apply continuous_const|].
    apply (continuous_scal_r k (fun s' => s' - s)), (continuous_minus (fun x : R => x) (fun _ => s));
      [apply continuous_id|apply continuous_const]. }
  assert (Near : at_left t (fun s' => s < s' < t)) by (apply at_left_ge; lra).
  assert (Lo : Rbar_le (n s + - (L + e / 2) * (t - s)) 0).
  { refine (filterlim_le (F := at_left t) (fun s' => n s + - (L + e / 2) * (s' - s)) (fun s' => n s')
      (Finite (n s + - (L + e / 2) * (t - s))) (Finite 0) _ (Lim _) n_to_0).
    revert Near; apply filter_imp; intros s' Hs'; now apply Inc. }
  assert (Hi : Rbar_le 0 (n s + - (L - e / 2) * (t - s))).
  { refine (filterlim_le (F := at_left t) (fun s' => n s') (fun s' => n s + - (L - e / 2) * (s' - s))
      (Finite 0) (Finite (n s + - (L - e / 2) * (t - s))) _ n_to_0 (Lim _)).
    revert Near; apply filter_imp; intros s' Hs'; now apply Inc. }
  simpl in Lo, Hi. apply He. change (Rabs (n s / (t - s) - L) < e).
  assert (Pt : 0 < t - s) by lra.
  assert (E : n s / (t - s) * (t - s) = n s) by (field; lra).
  apply Rabs_def1; apply Rmult_lt_reg_r with (1 := Pt); nra.
Qed.

(* K/(-log(t - s)) -> 1/mu_1^2 *)
Lemma K_rate : filterlim (fun s => K s / - ln (t - s)) (at_left t) (locally (/ mu 0%nat ^ 2)).
Proof.
  assert (M := mu0_pos d mu rho HS). assert (Hr := r_pos d mu rho HS); fold r in Hr.
  assert (d0 := d_pos d mu rho HS). assert (A0 := HA 0%nat d0).
  assert (L0 : 0 < r * mu 0%nat ^ 2) by (apply Rmult_lt_0_compat; [exact Hr|now apply pow_lt]).
  (* 1/(-log(t - s)) -> 0 *)
  assert (Z : filterlim (fun s => / - ln (t - s)) (at_left t) (locally 0)).
  { intros P [e He]. assert (Ep := cond_pos e).
    assert (G : t - exp (- / e) < t) by (assert (X := exp_pos (- / e)); lra).
    assert (G1 : t - 1 < t) by lra.
    generalize (filter_and _ _ (at_left_ge t _ G) (at_left_ge t _ G1)); unfold filtermap; apply filter_imp.
    intros s [Hs Hs1]; apply He. change (Rabs (/ - ln (t - s) - 0) < e). rewrite Rminus_0_r.
    assert (I : / e < - ln (t - s)).
    { assert (Q : ln (t - s) < - / e); [|lra]. rewrite <- (ln_exp (- / e)). apply ln_increasing; lra. }
    assert (Ie : 0 < / e) by now apply Rinv_0_lt_compat.
    rewrite Rabs_pos_eq by (left; apply Rinv_0_lt_compat; lra).
    rewrite <- (Rinv_inv e). apply Rinv_lt_contravar; [apply Rmult_lt_0_compat; lra|exact I]. }
  (* the bracket converges *)
  assert (LN := filterlim_comp _ _ _ _ ln _ _ _ n_rate (continuous_ln _ L0)).
  assert (LS := filterlim_comp _ _ _ _ ln _ _ _ (S_over_first 2) (continuous_ln _ (pow_lt _ 2 M))).
  assert (Lt : filterlim (fun s => mu 0%nat * s + ln (alpha 0%nat)) (at_left t)
    (locally (mu 0%nat * t + ln (alpha 0%nat)))).
  { eapply filterlim_filter_le_1; [apply filter_le_within|].
    apply (continuous_plus (fun s => mu 0%nat * s) (fun _ => ln (alpha 0%nat)) t); [|apply continuous_const].
    apply (continuous_scal_r (mu 0%nat) (fun x : R => x)), continuous_id. }
  assert (Br := limit_plus _ _ _ _ _ Lt (limit_plus _ _ _ _ _ (limit_scal _ _ (/ 2) _ LS) (limit_scal _ _
    (- 1) _ LN))).
  assert (Fin := limit_scal _ _ (/ mu 0%nat ^ 2) _ (limit_plus _ _ _ _ _ (filterlim_const (F := at_left t) 1)
    (limit_mult _ _ _ _ _ Br Z))).
  rewrite Rmult_0_r, Rplus_0_r, Rmult_1_r in Fin.
  eapply filterlim_ext_loc; [|exact Fin].
  assert (G1 : Rmax 0 (t - 1) < t) by (apply Rmax_lub_lt; lra).
  generalize (at_left_ge t _ G1); apply filter_imp; intros s Hs; cbv beta.
  assert (M1 := Rmax_l 0 (t - 1)). assert (M2 := Rmax_r 0 (t - 1)).
  assert (Ln : ln (t - s) < 0) by (rewrite <- ln_1; apply ln_increasing; lra).
  assert (P := n_pos d mu alpha rho HS HA s (K s)). assert (W := w_pos d mu alpha HA s (K s) 0%nat d0).
  assert (E1 : ln (S_ 2 s / b 0%nat s) = 2 * ln (n s) - 2 * ln (w_of mu alpha s (K s) 0%nat)).
  { rewrite <- (n_sqr d mu alpha rho HS HA). now apply ln_square_ratio. }
  assert (E2 : ln (n s / (t - s)) = ln (n s) - ln (t - s)) by (apply ln_div; lra).
  assert (E3 : ln (w_of mu alpha s (K s) 0%nat) = ln (alpha 0%nat) + (mu 0%nat * s - mu 0%nat ^ 2 * K s)).
  { unfold w_of; rewrite ln_mult, ln_exp by (try apply exp_pos; assumption); reflexivity. }
  rewrite E1, E2, E3. field; lra.
Qed.
End Collapse.

(* As s -> s_c:  N/(s_c - s) -> rho mu_1^2 and K/(-log(s_c - s)) -> 1/mu_1^2. *)
Theorem collapse_rates : forall d mu rho alpha, setting d mu rho -> positive d alpha -> collapses d mu rho
  alpha ->
  exists (Tc : R) (th : R -> params), 0 < Tc /\ two_sam_solution d mu rho Tc th /\ starts_at d alpha alpha
    th /\
    filterlim (fun s => norm2 2 d (grad_pred 2 d mu (th s)) / (Tc - s)) (at_left Tc) (locally
      (rho * mu 0%nat ^ 2)) /\
    filterlim (fun s => K_at d mu rho th s / - ln (Tc - s)) (at_left Tc) (locally (/ mu 0%nat ^ 2)).
Proof.
  intros d mu rho alpha HS HA HC.
  destruct (collapse_back d mu rho alpha HS HA HC) as (t & K & Ht & HK & HF).
  destruct (K_solution d mu rho alpha t K HS HA HK) as [H1 H2].
  destruct (K_at_path d mu rho alpha t _ HS HA H1 H2) as (K' & HK' & HW).
  exists t, (fun s => balanced (w_of mu alpha s (K s))); split; [exact Ht|split; [exact H1|split;
    [exact H2|split]]].
  - assert (S2 := sqrt2_pos).
    assert (L := limit_scal _ _ (sqrt 2) _ (n_rate d mu alpha rho t HS HA Ht K HK HF)).
    replace (sqrt 2 * (rho / sqrt 2 * mu 0%nat ^ 2)) with (rho * mu 0%nat ^ 2) in L by (field; lra).
    eapply filterlim_ext; [|exact L]. intros s; cbv beta. rewrite norm2_depth2, norm_depth2_balanced.
    unfold n_of, Rdiv; ring.
  - assert (L := K_rate d mu alpha rho t HS HA Ht K HK HF).
    eapply filterlim_ext_loc; [|exact L]. generalize (at_left_ge t 0 Ht); apply filter_imp; intros s Hs.
    assert (U : until t s) by (split; simpl; lra).
    rewrite <- (proj1 (HW s U)). now rewrite (K_unique d mu rho alpha _ _ K K' HS HA HK HK' s U U).
Qed.

(* s - s_0 <= e N_0/(rho mu_1^2) for every time s of the solution, once mu_d N_0 < rho mu_1^2/e. *)
Theorem collapse_time_bound : forall d mu rho alpha T th s0, setting d mu rho -> positive d alpha ->
  two_sam_solution d mu rho T th -> starts_at d alpha alpha th -> until T s0 ->
  let N0 := norm2 2 d (grad_pred 2 d mu (th s0)) in
  mu (d - 1)%nat * N0 < rho * mu 0%nat ^ 2 / exp 1 ->
  collapses d mu rho alpha /\ forall s, until T s -> s < s0 + exp 1 * N0 / (rho * mu 0%nat ^ 2).
Proof.
  intros d mu rho alpha T th s0 HS HA H1 H2 Hs0 N0 HN.
  assert (S2 := sqrt2_pos). assert (M := mu0_pos d mu rho HS). assert (Hr := proj1 (proj2 HS)).
  assert (Ml := mu_le_last d mu rho HS 0%nat (d_pos d mu rho HS)).
  assert (E2 := exp_ineq1_le 1). assert (E0 := exp_pos 1).
  assert (EN : N0 = sqrt 2 * n_at d mu th s0).
  { destruct (names d mu alpha rho T th H1 H2) as (K & HK & Hn). destruct (Hn s0 Hs0) as (HW & En & _).
    unfold N0; rewrite norm2_depth2, En; unfold n_of.
    rewrite <- norm_depth2_balanced; unfold norm_depth2; f_equal.
    apply vsum_ext; intros i Hi; unfold balanced; now rewrite !HW by (auto; lia). }
  assert (P := n_at_pos d mu alpha rho T th HS HA H1 H2 s0 Hs0).
  assert (PN : 0 < N0) by (rewrite EN; now apply Rmult_lt_0_compat).
  (* e N_0 < rho mu_1 *)
  assert (B : exp 1 * N0 < rho * mu 0%nat).
  { apply Rmult_lt_reg_l with (1 := M). apply Rle_lt_trans with (exp 1 * (mu (d - 1)%nat * N0)).
    - replace (mu 0%nat * (exp 1 * N0)) with (exp 1 * (mu 0%nat * N0)) by ring.
      apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; lra.
    - apply Rmult_lt_compat_l with (r := exp 1) in HN; [|exact E0].
      replace (exp 1 * (rho * mu 0%nat ^ 2 / exp 1)) with (mu 0%nat * (rho * mu 0%nat)) in HN by (field; lra).
      exact HN. }
  assert (Hn : n_at d mu th s0 < rho / sqrt 2 * mu 0%nat).
  { apply Rmult_lt_reg_l with (1 := S2). rewrite <- EN.
    replace (sqrt 2 * (rho / sqrt 2 * mu 0%nat)) with (rho * mu 0%nat) by (field; lra). nra. }
  destruct (collapse_certain d mu rho alpha T th s0 HS HA H1 H2 Hs0 Hn) as [C Tb].
  split; [exact C|]. intros s Hs; apply Rlt_le_trans with (1 := Tb s Hs). apply Rplus_le_compat_l.
  replace (n_at d mu th s0 / (mu 0%nat * (rho / sqrt 2 * mu 0%nat - n_at d mu th s0)))
    with (N0 / (mu 0%nat * (rho * mu 0%nat - N0))).
  2:{ rewrite EN. field; repeat split; try lra.
      - intros Z. assert (rho * mu 0%nat - sqrt 2 * n_at d mu th s0 = 0) by lra. rewrite <- EN in H. nra. }
  assert (Q : rho * mu 0%nat / exp 1 <= rho * mu 0%nat - N0).
  { apply Rmult_le_reg_r with (1 := E0). replace (rho * mu 0%nat / exp 1 * exp 1) with (rho * mu 0%nat)
      by (field; lra).
    assert (0 < rho * mu 0%nat) by now apply Rmult_lt_0_compat. nra. }
  assert (R0 : 0 < rho * mu 0%nat / exp 1) by (apply Rdiv_lt_0_compat;
    [now apply Rmult_lt_0_compat|exact E0]).
  apply Rle_trans with (N0 / (mu 0%nat * (rho * mu 0%nat / exp 1))).
  - apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; [now apply Rmult_lt_0_compat|].
    apply Rmult_le_compat_l; lra.
  - right; field; lra.
Qed.
