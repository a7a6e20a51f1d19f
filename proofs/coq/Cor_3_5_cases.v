(* Corollary 3.5, continued (page proofs/cor-3.5.md).  "Solution": balanced Filippov solution of the flow
   ([filippov_solution] in Cor_3_5.v).

   PROVED, with v = beta/||beta||_1:
   - a tie at L >= 3: v tends to the vector proportional to mu_j^(-L/(L-2)) on the tied, 0 elsewhere
     ([cor_3_5_tie]);
   - no alpha_j > rho: beta_j -> 0 (L even, alpha_j < rho) or rho^L (L odd, or alpha_j = rho); loss ->
     log(1 + e^(-<mu, limit>)) > 0 ([cor_3_5_no_growth]);
   - every basis vector is reached ([cor_3_5_every_basis_vector]: alpha_j = 2 rho, the others rho/2);
   - the exact ratio at L = 2 ([cor_3_5_ratio_depth2]).
   Rust: src/predict/direction.rs. *)
From Coq Require Import Reals Lra Lia Arith.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Limits Clock Scalar Thm_3_2 Thm_3_2_fates Thm_3_2_joint Cor_3_5.
Open Scope R_scope.

(* A Filippov solution is w_inf in every coordinate. *)
Lemma solution_is_w_inf : forall L d rho mu alpha T w, positive_data L d rho mu alpha ->
  filippov_solution rho L d mu T w -> (forall i, (i < d)%nat -> w 0 i = alpha i) ->
  (forall i, (i < d)%nat -> Rbar_le T (blow_up L rho (mu i) (alpha i))) ->
  forall s i, until T s -> (i < d)%nat -> w s i = w_inf L rho (mu i) (alpha i) s.
Proof.
  intros L d rho mu alpha T w (HL & Hrho & Hpos) Hw H0 Hb s i Hs Hi.
  apply (thm_3_2_sliding_unique rho L d mu i T w); auto; try (now apply Hpos).
  eapply Rbar_lt_le_trans; [apply Hs | auto].
Qed.

(* ---------- ties, L >= 3 ---------- *)

(* mu_i^(-L/(L-2)) if alpha_i > rho and mu_i (alpha_i - rho)^(L-2) equals that of j, else 0. *)
Definition tie_weight (L : nat) (rho : R) (mu alpha : nat -> R) (j i : nat) : R :=
  if Rlt_dec rho (alpha i) then
    if Req_EM_T (mu i * (alpha i - rho) ^ (L - 2)) (mu j * (alpha j - rho) ^ (L - 2))
    then Rpower (mu i) (- (INR L / INR (L - 2))) else 0
  else 0.

Lemma pow_injective : forall n x y, (0 < n)%nat -> 0 < x -> 0 < y -> x ^ n = y ^ n -> x = y.
Proof.
  intros n x y Hn Hx Hy E; destruct (Rtotal_order x y) as [H|[H|H]]; auto; exfalso.
  - assert (H1 := pow_lt_strict n x y ltac:(lra) Hn); lra.
  - assert (H1 := pow_lt_strict n y x ltac:(lra) Hn); lra.
Qed.

(* Tied coordinates: w_i/w_j -> (mu_j/mu_i)^(1/(L-2)). *)
Lemma tie_ratio : forall L d rho mu alpha i j T, leader L d rho mu alpha j T -> leader L d rho mu alpha i T ->
  tends_to T (fun s => w_inf L rho (mu i) (alpha i) s / w_inf L rho (mu j) (alpha j) s)
    (Rpower (mu j / mu i) (/ INR (L - 2))).
Proof.
  intros L d rho mu alpha i j T Hj Hi; destruct (leader_T _ _ _ _ _ _ _ Hj) as [HT0 _].
  assert (Pj := leader_power _ _ _ _ _ _ _ Hj); assert (Pi := leader_power _ _ _ _ _ _ _ Hi).
  destruct Hj as (HL & Hjd & Hrho & Hpos & Haj & Hbj & _); destruct Hi as (_ & Hid & _ & _ & Hai & _ & _).
  assert (Hm := INR_m_pos L HL); assert (Hmj : 0 < mu j) by now apply Hpos.
  assert (Hmi : 0 < mu i) by now apply Hpos.
  set (k := Rpower (mu j / mu i) (/ INR (L - 2))); assert (Hk : 0 < k) by apply exp_pos.
  assert (Hkm : k ^ (L - 2) = mu j / mu i).
  { unfold k; rewrite <- Rpower_pow by apply exp_pos; rewrite Rpower_mult.
    rewrite Rinv_l by lra; apply Rpower_1; now apply Rdiv_lt_0_compat. }
  apply (tends_to_ext T (fun s => k + rho * (1 - k) * / w_inf L rho (mu j) (alpha j) s)); auto.
  - intros s Hs; destruct (Pj s Hs) as [Hvj Ej]; destruct (Pi s Hs) as [Hvi Ei].
    set (wj := w_inf L rho (mu j) (alpha j) s) in *; set (wi := w_inf L rho (mu i) (alpha i) s) in *.
    assert (Hs' : 0 < T - s) by (destruct Hs as [_ Hs']; simpl in Hs'; lra).
    assert (E : wi - rho = k * (wj - rho)).
    { apply (pow_injective (L - 2)); [lia | lra | apply Rmult_lt_0_compat; lra|].
      rewrite Rpow_mult_distr, Hkm, Ej, Ei; field; repeat split; lra. }
    replace wi with (rho + k * (wj - rho)) by lra; field; lra.
  - apply (eq_ind (k + 0) (tends_to T _)); [|ring].
    apply tends_to_plus; auto; [now apply tends_to_const|].
    rewrite <- (Rmult_0_r (rho * (1 - k))); apply tends_to_mult; auto; [now apply tends_to_const|].
    apply diverges_inv; rewrite <- Hbj; apply w_inf_above_diverges; auto; lia.
Qed.

(* L >= 3, j attains max mu_i (alpha_i - rho)^(L-2) over alpha_i > rho, ties allowed: beta/||beta||_1 tends
   to the vector proportional to mu_i^(-L/(L-2)) on the tied coordinates and 0 on the others. *)
Theorem cor_3_5_tie : forall L d rho mu alpha j w, positive_data L d rho mu alpha -> (2 < L)%nat ->
  (j < d)%nat -> rho < alpha j ->
  (forall i, (i < d)%nat -> rho < alpha i ->
     mu i * (alpha i - rho) ^ (L - 2) <= mu j * (alpha j - rho) ^ (L - 2)) ->
  filippov_solution rho L d mu (blow_up L rho (mu j) (alpha j)) w -> (forall i, (i < d)%nat ->
    w 0 i = alpha i) ->
  forall i, (i < d)%nat ->
  tends_to (blow_up L rho (mu j) (alpha j)) (fun s => direction d (beta L (balanced (w s))) i)
    (tie_weight L rho mu alpha j i / vsum d (tie_weight L rho mu alpha j)).
Proof.
  intros L d rho mu alpha j w HP HL Hj Haj Hmax Hw H0 i Hi; assert (HP' := HP).
  destruct HP' as (_ & Hrho & Hpos); assert (Hm := INR_m_pos L HL).
  set (T := / (INR (L - 2) * mu j * (alpha j - rho) ^ (L - 2))).
  assert (EB : blow_up L rho (mu j) (alpha j) = Finite T) by now apply blow_up_deep.
  assert (Hpw : forall k, rho < alpha k -> 0 < (alpha k - rho) ^ (L - 2)) by (intros; apply pow_lt; lra).
  assert (Hle : forall k, (k < d)%nat -> Rbar_le T (blow_up L rho (mu k) (alpha k))).
  { intros k Hk; destruct (Rle_lt_dec (alpha k) rho) as [H|H]; [rewrite blow_up_infinite by auto; exact I|].
    rewrite blow_up_deep by auto; simpl; unfold T; specialize (Hmax k Hk H).
    assert (H1 := Hpw k H); assert (0 < mu k) by now apply Hpos.
    rewrite !Rmult_assoc; apply Rinv_le_contravar; [repeat apply Rmult_lt_0_compat; auto|].
    apply Rmult_le_compat_l; lra. }
  assert (Hlead : leader L d rho mu alpha j T) by (repeat split; auto; now apply Hpos).
  destruct (leader_T _ _ _ _ _ _ _ Hlead) as [HT0 _].
  assert (HmuP : forall k, (k < d)%nat -> 0 < mu k) by (intros; now apply Hpos).
  set (p := tie_weight L rho mu alpha j); assert (Hpj : p j = Rpower (mu j) (- (INR L / INR (L - 2)))).
  { unfold p, tie_weight; destruct (Rlt_dec rho (alpha j)); [|contradiction].
    destruct (Req_EM_T _ _); [reflexivity | congruence]. }
  assert (Hpj0 : 0 < p j) by (rewrite Hpj; apply exp_pos).
  assert (Hp0 : forall k, 0 <= p k).
  { intros k; unfold p, tie_weight; destruct (Rlt_dec rho (alpha k)); [|lra].
    destruct (Req_EM_T _ _); [left; apply exp_pos | lra]. }
  assert (Hsum : 0 < vsum d p) by (apply vsum_pos_term with j; auto).
  replace (p i / vsum d p) with ((p i * / p j) / vsum d (fun k => p k * / p j))
    by (rewrite vsum_scal_r; field; split; lra).
  rewrite EB in *.
  assert (Hcf := solution_is_w_inf L d rho mu alpha T w HP Hw H0 Hle).
  apply (direction_limit T d (fun s => beta L (balanced (w s))) (fun k => p k * / p j) j); auto.
  - intros s Hs; rewrite beta_balanced, Hcf by auto; apply pow_lt.
    assert (H := w_inf_above_pos L rho (mu j) (alpha j) s Hrho Haj); lra.
  - intros s k Hs Hk; rewrite beta_balanced, Hcf by auto; apply pow_le, w_inf_nonneg; auto;
    try (now apply Hpos); [lia|].
    destruct Hs as [Hs1 Hs2]; split; auto; eapply Rbar_lt_le_trans; [exact Hs2 | auto].
  - intros k Hk.
    apply (tends_to_ext T (fun s => (w_inf L rho (mu k) (alpha k) s / w_inf L rho (mu j) (alpha j) s) ^ L));
      auto.
    { intros s Hs; rewrite !beta_balanced, !Hcf by auto; unfold Rdiv; now rewrite Rpow_mult_distr, pow_inv. }
    unfold p at 1, tie_weight.
    assert (Hzero : (rho < alpha k -> mu k * (alpha k - rho) ^ (L - 2) < mu j * (alpha j - rho) ^ (L - 2)) ->
      tends_to T (fun s => (w_inf L rho (mu k) (alpha k) s / w_inf L rho (mu j) (alpha j) s) ^ L) (0 * / p
        j)).
    { intros Hlt; rewrite Rmult_0_l, <- (pow_i L) by lia; apply tends_to_pow; rewrite <- EB.
      apply ratio_to_0; auto; try (now apply Hpos); lia. }
    destruct (Rlt_dec rho (alpha k)) as [Hak|Hak]; [|apply Hzero; lra].
    destruct (Req_EM_T _ _) as [E|E]; [|apply Hzero; intros; specialize (Hmax k Hk Hak); lra].
    assert (Hlk : leader L d rho mu alpha k T).
    { repeat split; auto; try (now apply Hpos); rewrite blow_up_deep by auto; unfold T; f_equal.
      now rewrite !Rmult_assoc, E. }
    replace (Rpower (mu k) _ * / p j) with (Rpower (mu j / mu k) (/ INR (L - 2)) ^ L).
    { apply tends_to_pow; now apply (tie_ratio L d rho mu alpha k j T). }
    rewrite Hpj, <- Rpower_pow by apply exp_pos; rewrite Rpower_mult; unfold Rdiv.
    rewrite <- Rpower_mult_distr by (auto; apply Rinv_0_lt_compat; auto).
    rewrite Rmult_comm; f_equal.
    + rewrite <- (Rpower_1 (mu k)) at 1 by auto; rewrite <- Rpower_Ropp, Rpower_mult; f_equal; ring.
    + rewrite <- Rpower_Ropp; f_equal; ring.
  - intros k _; apply Rmult_le_pos; auto; left; now apply Rinv_0_lt_compat.
  - field; lra.
Qed.

(* ---------- no coordinate above rho ---------- *)

(* rho^L if alpha_j = rho or L is odd, else 0. *)
Definition rest_limit (L : nat) (rho a : R) : R :=
  if Nat.odd L then rho ^ L else if Req_EM_T a rho then rho ^ L else 0.

(* No alpha_j > rho: beta_j tends to rest_limit; the loss at theta tends to log(1 + e^(-<mu, limit>)) > 0. *)
Theorem cor_3_5_no_growth : forall L d rho mu alpha w, positive_data L d rho mu alpha ->
  (forall i, (i < d)%nat -> alpha i <= rho) ->
  filippov_solution rho L d mu p_infty w -> (forall i, (i < d)%nat -> w 0 i = alpha i) ->
  let limit := ln (1 + exp (- vsum d (fun i => mu i * rest_limit L rho (alpha i)))) in
  (forall i, (i < d)%nat ->
     tends_to p_infty (fun s => beta L (balanced (w s)) i) (rest_limit L rho (alpha i))) /\
  tends_to p_infty (fun s => loss L d mu (balanced (w s))) limit /\ 0 < limit.
Proof.
  intros L d rho mu alpha w (HL & Hrho & Hpos) Hall Hw H0 limit.
  assert (Hb : forall i, (i < d)%nat ->
    tends_to p_infty (fun s => beta L (balanced (w s)) i) (rest_limit L rho (alpha i))).
  { intros i Hi; assert (EB : blow_up L rho (mu i) (alpha i) = p_infty) by (apply blow_up_infinite; auto).
    assert (Hf := thm_3_2_fates rho L d mu i w (alpha i) HL Hi (proj1 (Hpos i Hi)) Hrho (proj2 (Hpos i Hi))).
    rewrite EB in Hf; destruct (Hf (Hw i Hi) (H0 i Hi)) as (Heven & Hodd & Heq & _).
    unfold rest_limit; destruct (Req_EM_T (alpha i) rho) as [E|Hn].
    - replace (if Nat.odd L then rho ^ L else rho ^ L) with (rho ^ L) by (destruct (Nat.odd L); reflexivity).
      apply (tends_to_ext p_infty (fun _ => rho ^ L)); [exact I | | now apply tends_to_const].
      intros s Hs; symmetry; apply (Heq E); apply Hs.
    - assert (Hlt : alpha i < rho) by (specialize (Hall i Hi); lra).
      destruct (Nat.odd L) eqn:Ho; [now apply Hodd|].
      apply Heven; auto; unfold Nat.odd in Ho; now destruct (Nat.even L). }
  assert (Hpred : tends_to p_infty (fun s => predictor L d mu (balanced (w s)))
    (vsum d (fun i => mu i * rest_limit L rho (alpha i)))).
  { apply (tends_to_vsum p_infty d (fun i s => mu i * beta L (balanced (w s)) i)); [exact I|].
    intros i Hi; apply tends_to_mult; [exact I | now apply tends_to_const | now apply Hb]. }
  split; [exact Hb | split].
  - apply (tends_to_comp p_infty _ (fun u => ln (1 + exp (- u))) _ Hpred).
    apply (is_derive_continuous _ _ (- sigma (- vsum d (fun i => mu i * rest_limit L rho (alpha i))))).
    set (u := vsum d _); unfold sigma; rewrite Ropp_involutive.
    assert (H1 := exp_pos (- u)); assert (H2 := exp_pos u); auto_derive; [lra|].
    rewrite exp_Ropp; field; split; lra.
  - unfold limit; rewrite <- ln_1; apply ln_increasing; [lra|].
    assert (H := exp_pos (- vsum d (fun i => mu i * rest_limit L rho (alpha i)))); lra.
Qed.

(* ---------- every basis vector ---------- *)

(* For each j the start alpha_j = 2 rho, alpha_i = rho/2 (i <> j) has a solution, and its direction tends to
   e_j. *)
Theorem cor_3_5_every_basis_vector : forall L d rho mu j, (2 <= L)%nat -> 0 < rho -> (j < d)%nat ->
  (forall i, (i < d)%nat -> 0 < mu i) ->
  let alpha := fun i => if (i =? j)%nat then 2 * rho else rho / 2 in
  let T := blow_up L rho (mu j) (alpha j) in
  exists w, filippov_solution rho L d mu T w /\ (forall i, (i < d)%nat -> w 0 i = alpha i) /\
  forall i, (i < d)%nat -> tends_to T (fun s => direction d (beta L (balanced (w s))) i) (e j i).
Proof.
  intros L d rho mu j HL Hrho Hj Hmu alpha T.
  assert (Haj : alpha j = 2 * rho) by (unfold alpha; now rewrite Nat.eqb_refl).
  assert (Hai : forall i, i <> j -> alpha i = rho / 2).
  { intros i Hi; unfold alpha; destruct (Nat.eqb_spec i j); [contradiction | reflexivity]. }
  assert (HP : positive_data L d rho mu alpha).
  { repeat split; auto; unfold alpha; destruct (i =? j)%nat; lra. }
  assert (HU : unique_leader L d rho mu alpha j).
  { repeat split; auto; [lra|]; intros i Hi Hn; rewrite Hai by auto; lra. }
  assert (Hfirst := leader_is_first _ _ _ _ _ _ HP HU).
  set (w := fun s i => w_inf L rho (mu i) (alpha i) s).
  assert (Hw : filippov_solution rho L d mu T w).
  { intros i Hi s Hs; apply (thm_3_2_sliding_exists rho L d mu i alpha); auto; [now apply HP|].
    destruct Hs as [Hs1 Hs2]; split; auto; eapply Rbar_lt_le_trans; [exact Hs2 | now apply Hfirst]. }
  assert (H0 : forall i, (i < d)%nat -> w 0 i = alpha i).
  { intros i Hi; unfold w; rewrite w_inf_before, offset_0; [ring|].
    unfold hit_time; destruct (Nat.even L) eqn:He; [|exact I]; destruct (Rlt_dec (alpha i) rho); [|exact I].
    assert (0 < alpha i) by now apply HP.
    now apply (offset_at_hit L (mu i) (alpha i - rho) rho HL He (Hmu i Hi) ltac:(lra)). }
  exists w; split; [exact Hw | split; [exact H0|]].
  exact (cor_3_5 L d rho mu alpha j w HP HU Hw H0).
Qed.

(* ---------- the exact ratio at L = 2 ---------- *)

(* alpha_i, alpha_j > rho: (w_i - rho)/(w_j - rho) = ((alpha_i - rho)/(alpha_j - rho)) e^(-(mu_j - mu_i) s).
   *)
Theorem cor_3_5_ratio_depth2 : forall d rho mu i j T th, 0 < rho -> (i < d)%nat -> (j < d)%nat ->
  0 < mu i -> 0 < mu j -> coord_solves rho 2 d mu i T th -> coord_solves rho 2 d mu j T th ->
  forall ai aj, rho < ai -> rho < aj ->
  (forall l, (l < 2)%nat -> th 0 l i = ai /\ th 0 l j = aj) ->
  forall s l, until T s -> (l < 2)%nat ->
  (th s l i - rho) / (th s l j - rho) = (ai - rho) / (aj - rho) * exp (- ((mu j - mu i) * s)).
Proof.
  intros d rho mu i j T th Hrho Hi Hj Hmi Hmj Hsi Hsj ai aj Hai Haj H0 s l Hs Hl.
  assert (Hbi : Rbar_lt s (blow_up 2 rho (mu i) ai)) by (rewrite blow_up_infinite by auto; exact I).
  assert (Hbj : Rbar_lt s (blow_up 2 rho (mu j) aj)) by (rewrite blow_up_infinite by auto; exact I).
  assert (Hhi : Rbar_lt s (hit_time 2 rho (mu i) ai)) by (rewrite hit_time_infinite by lra; exact I).
  assert (Hhj : Rbar_lt s (hit_time 2 rho (mu j) aj)) by (rewrite hit_time_infinite by lra; exact I).
  destruct (thm_3_2_closed_form rho 2 d mu i T th ai ltac:(lia) Hi Hmi Hrho ltac:(lra) Hsi
    (fun k Hk => proj1 (H0 k Hk)) s Hs Hhi Hbi l Hl) as [Ei _].
  destruct (thm_3_2_closed_form rho 2 d mu j T th aj ltac:(lia) Hj Hmj Hrho ltac:(lra) Hsj
    (fun k Hk => proj2 (H0 k Hk)) s Hs Hhj Hbj l Hl) as [Ej _].
  rewrite Ei, Ej, !w_inf_depth2 by auto.
  replace (- ((mu j - mu i) * s)) with (mu i * s + - (mu j * s)) by ring; rewrite exp_plus, exp_Ropp.
  assert (H1 := exp_pos (mu j * s)); field; repeat split; try lra.
  replace (rho + (aj - rho) * exp (mu j * s) - rho) with ((aj - rho) * exp (mu j * s)) by ring.
  apply Rmult_integral_contrapositive_currified; lra.
Qed.
