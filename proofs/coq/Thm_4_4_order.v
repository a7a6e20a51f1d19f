(* Theorem 4.4, the order of the leaders (MATH.md 5.3; page proofs/thm-4.4.md, 2 and 3): see Thm_4_4.v for
   the rule A(s) = s/K(s) and for what is used where.  PROVED here, for 2-SAM at depth 2, one example,
   uniform starts: [leaders_in_order], [growing_visits_all], [major_last], [A_falls_then_rises],
   [leaders_down_then_up]. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From SamProofs Require Import Vec Flow Ode Monotone Reduction Reduction_flow Two_SAM Reduction_balanced.
From SamProofs Require Import Two_SAM_fates Two_SAM_compare Two_SAM_critical Two_SAM_open.
From SamProofs Require Import Thm_4_5_lemma Thm_4_5 Thm_4_4.
Open Scope R_scope.

Section Order.
Context (d : nat) (mu alpha : nat -> R) (rho : R) (HS : setting d mu rho) (HA : positive d alpha).
Context (K : R -> R) (HK : K_path d mu alpha rho p_infty K).
Notation c s := (c_of d mu alpha rho s (K s)).

Lemma Kp : forall s, 0 < s -> 0 < K s.
Proof. intros s Hs; apply (K_pos d mu rho alpha p_infty K HS HA HK); [apply until_infty; lra|exact Hs]. Qed.

Lemma D_K : forall s, 0 <= s -> is_derive K s (c s).
Proof. intros s Hs; apply (proj2 HK), until_infty, Hs. Qed.

(* A' = (K - s c)/K^2 *)
Lemma D_A : forall s, 0 < s -> is_derive (fun x => x / K x) s ((K s - s * c s) / K s ^ 2).
Proof.
  intros s Hs; assert (P := Kp s Hs).
  apply is_derive_eq with (1 := is_derive_div (fun x => x) K s 1 _ (is_derive_id s) (D_K s (Rlt_le _ _ Hs))
    (Rgt_not_eq _ _ P)). field; lra.
Qed.

Lemma A_cont : forall s, 0 < s -> continuous (fun x => x / K x) s.
Proof. intros s Hs; exact (is_derive_continuous _ _ _ (D_A s Hs)). Qed.

(* A -> oo where K is bounded *)
Lemma A_passes : forall B, (forall s, 0 <= s -> K s <= B) -> forall y s, 0 < s ->
  exists s', s <= s' /\ y < s' / K s'.
Proof.
  intros B HB y s Hs.
  assert (B0 : 0 < B) by (assert (P := Kp s Hs); assert (Q := HB s ltac:(lra)); lra).
  set (s' := Rmax s (Rabs y * B + 1)).
  assert (H1 : s <= s') by apply Rmax_l. assert (H2 : Rabs y * B + 1 <= s') by apply Rmax_r.
  exists s'; split; [exact H1|]. assert (P := Kp s' ltac:(lra)). assert (Q := HB s' ltac:(lra)).
  apply Rle_lt_trans with (1 := Rle_abs y).
  apply Rmult_lt_reg_r with (1 := P). replace (s' / K s' * K s') with s' by (field; lra).
  assert (Rabs y * K s' <= Rabs y * B) by (apply Rmult_le_compat_l; [apply Rabs_pos|exact Q]). lra.
Qed.

(* While n' >= 0 from the start A increases. *)
Lemma A_increases : 0 <= f_of d mu alpha rho 0 0 -> forall s s', 0 < s < s' -> s / K s < s' / K s'.
Proof.
  intros Hf s s' Hss.
  apply (derive_pos_lt (fun x => x / K x) (fun x => (K x - x * c x) / K x ^ 2)); [lra| |].
  - intros x Hx; apply D_A; lra.
  - intros x Hx. assert (P := Kp x ltac:(lra)). apply Rdiv_lt_0_compat; [|now apply pow_lt].
    destruct (mvt K (fun y => c y) 0 x ltac:(lra)) as [z [Hz E]].
    { intros y Hy; apply D_K; lra. }
    rewrite (proj1 HK), !Rminus_0_r in E. cbv beta in E.
    assert (Hf0 : 0 <= f_of d mu alpha rho 0 (K 0)) by (rewrite (proj1 HK); exact Hf).
    assert (Fz := f_invariant d mu alpha rho HS HA p_infty K HK 0 z ltac:(lra)
      (proj2 (until_infty z) ltac:(lra)) Hf0).
    assert (C := c_falls d mu alpha rho HS HA p_infty K HK z x ltac:(lra)
      (proj2 (until_infty x) ltac:(lra)) (Rlt_le _ _ Fz)).
    assert (x * c x < x * c z) by (apply Rmult_lt_compat_l; lra). lra.
Qed.

(* phi = K - s c has phi' = - s c' = s c n'/n. *)
Lemma D_phi : forall s, 0 <= s -> is_derive (fun x => K x - x * c x) s
  (s * (rho / sqrt 2) * f_of d mu alpha rho s (K s) / n_of d mu alpha s (K s) ^ 4).
Proof.
  intros s Hs. assert (P := n_pos d mu alpha rho HS HA s (K s)). assert (S2 := sqrt2_pos).
  assert (Dn := D_n d mu alpha rho HS HA p_infty K HK s (proj2 (until_infty s) Hs)).
  assert (Dc : is_derive (fun x => c x) s
    (- (rho / sqrt 2) * f_of d mu alpha rho s (K s) / n_of d mu alpha s (K s) ^ 4)).
  { apply (is_derive_ext (fun x => rho / sqrt 2 * / n_of d mu alpha x (K x))).
    { intros x; symmetry; apply (c_r d mu alpha rho HS HA). }
    apply is_derive_eq with (1 := is_derive_scal _ s (rho / sqrt 2) _ (is_derive_inv _ s _ Dn
      (Rgt_not_eq _ _ P))).
    field; lra. }
  apply is_derive_eq with (1 := is_derive_minus K (fun x => x * c x) s _ _ (D_K s Hs)
    (is_derive_mult (fun x => x) (fun x => c x) s _ _ (is_derive_id s) Dc Rmult_comm)).
  unfold minus, plus, opp, mult, one; simpl. field; lra.
Qed.
End Order.

(* A of a solution, in the names of Two_SAM.v. *)
Lemma A_names : forall d mu rho a th, setting d mu rho -> 0 < a ->
  two_sam_solution d mu rho p_infty th -> starts_at d (fun _ => a) (fun _ => a) th ->
  exists K, K_path d mu (uniform a) rho p_infty K /\
    (forall s, 0 <= s -> K_at d mu rho th s = K s /\ A_at d mu rho th s = s / K s) /\
    (forall s, 0 <= s -> forall l j, (l < 2)%nat -> (j < d)%nat -> th s l j = w_of mu (uniform a) s (K s) j).
Proof.
  intros d mu rho a th HS Ha H1 H2.
  destruct (K_at_path d mu rho (uniform a) p_infty th HS (uniform_positive d a Ha) H1 H2) as (K & HK & HW).
  exists K; split; [exact HK|split].
  - intros s Hs; unfold A_at; rewrite <- (proj1 (HW s (proj2 (until_infty s) Hs))); split; reflexivity.
  - intros s Hs; exact (proj2 (HW s (proj2 (until_infty s) Hs))).
Qed.

(* On a growing path K stays bounded. *)
Lemma growing_K_bounded : forall d mu rho a K, setting d mu rho -> 0 < a -> grows d mu rho (fun _ => a) ->
  K_path d mu (uniform a) rho p_infty K -> exists B, forall s, 0 <= s -> K s <= B.
Proof.
  intros d mu rho a K HS Ha HG HK. assert (HA := uniform_positive d a Ha).
  destruct (growth_back d mu rho (uniform a) HS HA HG) as (K' & HK' & s0 & H0 & Hf).
  assert (U := proj2 (until_infty s0) H0).
  rewrite <- (K_unique d mu rho (uniform a) _ _ K K' HS HA HK HK' s0 U U) in Hf.
  destruct (growth_K_bounded d mu (uniform a) rho HS HA p_infty K HK s0 U (Rlt_le _ _ Hf)) as [B HB].
  exists B; intros s Hs; apply HB, until_infty, Hs.
Qed.

(* On every growing path (every alpha_0 > alpha-star) each index above a leader leads at some later time. *)
Theorem growing_visits_all : forall d mu rho a th, setting d mu rho -> 0 < a -> grows d mu rho (fun _ => a) ->
  two_sam_solution d mu rho p_infty th -> starts_at d (fun _ => a) (fun _ => a) th ->
  forall s j k, 0 < s -> leads d th s j -> (j <= k < d)%nat -> exists s', s <= s' /\ leads d th s' k.
Proof.
  intros d mu rho a th HS Ha HG H1 H2 s j k Hs Hl Hk.
  destruct (Nat.eq_dec j k) as [<-|Hn]; [exists s; split; [lra|exact Hl]|].
  assert (HA := uniform_positive d a Ha). assert (Hm := proj2 (proj2 (proj2 HS))).
  destruct (A_names d mu rho a th HS Ha H1 H2) as (K & HK & EA & _).
  destruct (growing_K_bounded d mu rho a K HS Ha HG HK) as [B HB].
  assert (Us := proj2 (until_infty s) (Rlt_le _ _ Hs)).
  apply (leader_rule d mu rho a p_infty th HS Ha H1 H2 s j Us Hs (proj1 Hl)) in Hl; destruct Hl as [_ HR].
  specialize (HR ltac:(lia)). rewrite (proj2 (EA s ltac:(lra))) in HR.
  set (lo := mu (k - 1)%nat + mu k).
  assert (Hlo : mu j + mu (S j) <= lo).
  { unfold lo. apply Rplus_le_compat.
    - destruct (Nat.eq_dec j (k - 1)) as [->|]; [lra|left; apply Hm; lia].
    - destruct (Nat.eq_dec (S j) k) as [->|]; [lra|left; apply Hm; lia]. }
  set (y := if Nat.eq_dec (S k) d then lo + 1 else (lo + (mu k + mu (S k))) / 2).
  assert (Hy : lo < y /\ ((S k < d)%nat -> y < mu k + mu (S k))).
  { unfold y; destruct (Nat.eq_dec (S k) d); [split; [lra|lia]|].
    assert (mu (k - 1)%nat < mu k) by (apply Hm; lia). assert (mu k < mu (S k)) by (apply Hm; lia).
    unfold lo; split; [lra|intros _; lra]. }
  destruct (A_passes d mu (uniform a) rho HS HA K HK B HB y s Hs) as [s1 [H01 Hy1]].
  destruct (ivt (fun x => x / K x) s s1 y H01) as [s' [Hs' E]].
  { intros x Hx; apply (A_cont d mu (uniform a) rho HS HA K HK); lra. }
  { lra. }
  exists s'; split; [lra|]. apply (leader_rule d mu rho a p_infty th HS Ha H1 H2 s' k); [apply until_infty;
    lra|lra|lia|].
  rewrite (proj2 (EA s' ltac:(lra))); simpl in E; rewrite E; split; [|exact (proj2 Hy)].
  intros i Hi; replace i with (k - 1)%nat by lia; exact (proj1 Hy).
Qed.

(* ... and d leads for ever in the end. *)
Theorem major_last : forall d mu rho a th, setting d mu rho -> 0 < a -> grows d mu rho (fun _ => a) ->
  two_sam_solution d mu rho p_infty th -> starts_at d (fun _ => a) (fun _ => a) th ->
  exists s0, forall s, s0 < s -> leads d th s (d - 1).
Proof.
  intros d mu rho a th HS Ha HG H1 H2. assert (HA := uniform_positive d a Ha).
  destruct (A_names d mu rho a th HS Ha H1 H2) as (K & HK & EA & _).
  destruct (growing_K_bounded d mu rho a K HS Ha HG HK) as [B HB].
  assert (d2 : (2 <= d)%nat) by apply HS.
  set (y := mu (d - 2)%nat + mu (d - 1)%nat).
  exists (Rmax 0 (Rabs y * B)); intros s Hs.
  assert (Q1 := Rmax_l 0 (Rabs y * B)). assert (Q2 := Rmax_r 0 (Rabs y * B)).
  apply (leader_rule d mu rho a p_infty th HS Ha H1 H2 s); [apply until_infty; lra|lra|lia|].
  rewrite (proj2 (EA s ltac:(lra))); split; [|lia].
  intros i Hi; replace i with (d - 2)%nat by lia; fold y.
  assert (P := Kp d mu (uniform a) rho HS HA K HK s ltac:(lra)). assert (Q := HB s ltac:(lra)).
  apply Rle_lt_trans with (1 := Rle_abs y).
  apply Rmult_lt_reg_r with (1 := P). replace (s / K s * K s) with s by (field; lra).
  assert (Rabs y * K s <= Rabs y * B) by (apply Rmult_le_compat_l; [apply Rabs_pos|exact Q]). lra.
Qed.

(* alpha_0 >= alpha_up: the lead never goes back, visits every index from its first to d, and j hands over
   to j + 1 at the only root h of s = (mu_j + mu_(j+1)) K(s). *)
Theorem leaders_in_order : forall d mu rho a th, setting d mu rho -> 0 < a ->
  rho * vsum d (fun j => mu j ^ 4)
    / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2)) * vsum d (fun j => mu j ^ 3)) <= a ->
  two_sam_solution d mu rho p_infty th -> starts_at d (fun _ => a) (fun _ => a) th ->
  (forall s s' j j', 0 < s < s' -> leads d th s j -> leads d th s' j' -> (j <= j')%nat) /\
  (forall s j k, 0 < s -> leads d th s j -> (j <= k < d)%nat -> exists s', s <= s' /\ leads d th s' k) /\
  (forall s j, 0 < s -> leads d th s j -> (S j < d)%nat -> exists h, s < h /\
    h = (mu j + mu (S j)) * K_at d mu rho th h /\
    (forall x, 0 < x -> x = (mu j + mu (S j)) * K_at d mu rho th x -> x = h) /\
    (forall x, s <= x < h -> leads d th x j) /\
    exists e, 0 < e /\ forall x, h < x < h + e -> leads d th x (S j)).
Proof.
  intros d mu rho a th HS Ha Hup H1 H2. assert (HA := uniform_positive d a Ha).
  assert (HG := proj1 (growth_above_alpha_up d mu rho a HS Ha Hup)).
  assert (Hf := proj2 (f_start d mu rho HS a Ha) Hup).
  assert (Hm := proj2 (proj2 (proj2 HS))).
  destruct (A_names d mu rho a th HS Ha H1 H2) as (K & HK & EA & _).
  assert (Inc := A_increases d mu (uniform a) rho HS HA K HK Hf).
  assert (KP := Kp d mu (uniform a) rho HS HA K HK).
  destruct (growing_K_bounded d mu rho a K HS Ha HG HK) as [B HB].
  assert (Rule : forall s j, 0 < s -> (j < d)%nat -> (leads d th s j <->
    (forall i, S i = j -> mu i + mu j < s / K s) /\ ((S j < d)%nat -> s / K s < mu j + mu (S j)))).
  { intros s j Hs Hj. rewrite (leader_rule d mu rho a p_infty th HS Ha H1 H2 s j);
      [now rewrite (proj2 (EA s (Rlt_le _ _ Hs)))|apply until_infty; lra|exact Hs|exact Hj]. }
  split; [|split].
  - intros s s' j j' Hss Lj Lj'. destruct (Nat.le_gt_cases j j') as [|Hlt]; [assumption|exfalso].
    assert (Hj := proj1 Lj). assert (Hj' := proj1 Lj').
    apply Rule in Lj; [|lra|exact Hj]. apply Rule in Lj'; [|lra|exact Hj'].
    assert (X := proj1 Lj (j - 1)%nat ltac:(lia)). assert (Y := proj2 Lj' ltac:(lia)).
    assert (Z := Inc s s' Hss).
    assert (mu j' <= mu (j - 1)%nat) by (destruct (Nat.eq_dec j' (j - 1)) as [->|]; [lra|left; apply Hm;
      lia]).
    assert (mu (S j') <= mu j) by (destruct (Nat.eq_dec (S j') j) as [->|]; [lra|left; apply Hm; lia]). lra.
  - intros s j k; now apply (growing_visits_all d mu rho a th HS Ha HG H1 H2 s j k).
  - intros s j Hs Lj Hd. assert (Lj0 := Lj). apply Rule in Lj; [|exact Hs|lia]. destruct Lj as [HL HR].
    specialize (HR Hd). set (y := mu j + mu (S j)) in *.
    destruct (A_passes d mu (uniform a) rho HS HA K HK B HB y s Hs) as [s1 [H01 Hy1]].
    destruct (ivt (fun x => x / K x) s s1 y H01) as [h [Hh E]].
    { intros x Hx; apply (A_cont d mu (uniform a) rho HS HA K HK); lra. }
    { lra. }
    simpl in E. assert (Hsh : s < h).
    { destruct (proj1 Hh) as [|Eh]; [assumption|]. rewrite <- Eh in E; lra. }
    assert (Root : forall x, 0 < x -> (x = y * K x <-> x / K x = y)).
    { intros x Hx; assert (P := KP x Hx); split; intros Q.
      - rewrite Q at 1; field; lra.
      - rewrite <- Q; field; lra. }
    exists h; split; [exact Hsh|split; [|split; [|split]]].
    + rewrite (proj1 (EA h ltac:(lra))); now apply Root; [lra|].
    + intros x Hx Q; rewrite (proj1 (EA x ltac:(lra))) in Q; apply Root in Q; [|exact Hx].
      destruct (Rtotal_order x h) as [X|[X|X]]; [|exact X|].
      * assert (Z := Inc x h ltac:(lra)); lra.
      * assert (Z := Inc h x ltac:(lra)); lra.
    + intros x Hx; apply Rule; [lra|lia|]; split.
      * intros i Hi. apply Rlt_le_trans with (1 := HL i Hi).
        destruct (proj1 Hx) as [X|X]; [left; apply Inc; lra|rewrite X; lra].
      * intros _; fold y. rewrite <- E; apply Inc; lra.
    + assert (After : forall x, h < x -> y < x / K x) by (intros x Hx; rewrite <- E; apply Inc; lra).
      destruct (Nat.eq_dec (S (S j)) d) as [Ed|Nd].
      * exists 1; split; [lra|]; intros x Hx; apply Rule; [lra|lia|]; split; [|lia].
        intros i Hi; injection Hi as ->; apply After; lra.
      * assert (Hy2 : 0 < mu (S j) + mu (S (S j)) - h / K h).
        { rewrite E; unfold y. assert (mu j < mu (S (S j))) by (apply Hm; lia). lra. }
        assert (C : continuous (fun x => mu (S j) + mu (S (S j)) - x / K x) h).
        { apply (continuous_minus (fun _ => mu (S j) + mu (S (S j))) (fun x => x / K x));
            [apply continuous_const|apply (A_cont d mu (uniform a) rho HS HA K HK); lra]. }
        destruct (continuous_pos_near _ h C Hy2) as [e [He Hnear]].
        exists e; split; [exact He|]; intros x Hx; apply Rule; [lra|lia|]; split.
        { intros i Hi; injection Hi as ->; apply After; lra. }
        intros _; assert (Z := Hnear x ltac:(apply Rabs_def1; lra)); lra.
Qed.

(* A growing path on which n falls at first (alpha-star < alpha_0 < alpha_up): A falls up to one time m and
   rises ever after.  So the lead may step down first, and then passes through every index above. *)
Theorem A_falls_then_rises : forall d mu rho a th, setting d mu rho -> 0 < a -> grows d mu rho (fun _ => a) ->
  two_sam_solution d mu rho p_infty th -> starts_at d (fun _ => a) (fun _ => a) th ->
  Derive (n_at d mu th) 0 < 0 ->
  exists m, 0 < m /\
    (forall s s', 0 < s < s' -> s' <= m -> A_at d mu rho th s' < A_at d mu rho th s) /\
    (forall s s', m <= s < s' -> A_at d mu rho th s < A_at d mu rho th s').
Proof.
  intros d mu rho a th HS Ha HG H1 H2 Hd0. assert (HA := uniform_positive d a Ha).
  destruct (A_names d mu rho a th HS Ha H1 H2) as (K & HK & EA & HW).
  destruct (growing_K_bounded d mu rho a K HS Ha HG HK) as [B HB].
  assert (HW' : forall s, until p_infty s -> forall l j, (l < 2)%nat -> (j < d)%nat ->
    th s l j = w_of mu (uniform a) s (K s) j) by (intros s Hs; apply HW, Hs).
  assert (Dn := n_slope_f d mu (uniform a) rho p_infty th HS HA H1 H2 K HK HW').
  set (f := fun s => f_of d mu (uniform a) rho s (K s)).
  assert (NP := fun s => pow_lt _ 2 (n_pos d mu (uniform a) rho HS HA s (K s))).
  assert (F0 : f 0 < 0).
  { rewrite Dn in Hd0 by (apply until_infty; lra). apply Rnot_le_lt; intros H.
    assert (0 <= f 0 / n_of d mu (uniform a) 0 (K 0) ^ 2); [|unfold f in *; lra].
    apply Rmult_le_pos; [exact H|left; apply Rinv_0_lt_compat, NP]. }
  assert (Inv : forall s s', 0 <= s < s' -> 0 <= f s -> 0 < f s').
  { intros s s' Hss; apply (f_invariant d mu (uniform a) rho HS HA p_infty K HK s s' Hss), until_infty; lra. }
  (* the time s0 at which n' vanishes *)
  assert (G : exists s1, 0 <= s1 /\ 0 < f s1).
  { destruct (growth_back d mu rho (uniform a) HS HA HG) as (K' & HK' & s1 & Hs1 & Hf1).
    exists s1; split; [exact Hs1|]. assert (U := proj2 (until_infty s1) Hs1). unfold f.
    now rewrite (K_unique d mu rho (uniform a) _ _ K K' HS HA HK HK' s1 U U). }
  destruct G as [s1 [Hs1 Hf1]].
  destruct (ivt f 0 s1 0 Hs1) as [s0 [Hs0 Z0]]; [|lra|].
  { intros x Hx; exact (is_derive_continuous _ _ _ (D_f d mu (uniform a) rho HS HA p_infty K HK x
      (proj2 (until_infty x) ltac:(lra)))). }
  assert (P0 : 0 < s0) by (destruct (proj1 Hs0) as [|E]; [assumption|rewrite <- E in Z0; lra]).
  assert (Neg : forall s, 0 <= s < s0 -> f s < 0).
  { intros s Hs; apply Rnot_le_lt; intros H; assert (Q := Inv s s0 Hs H); lra. }
  assert (Pos : forall s, s0 < s -> 0 < f s) by (intros s Hs; apply (Inv s0 s); lra).
  set (phi := fun s => K s - s * c_of d mu (uniform a) rho s (K s)).
  assert (Dphi := D_phi d mu (uniform a) rho HS HA K HK).
  assert (N4 : forall s, 0 < s -> 0 < s * (rho / sqrt 2) / n_of d mu (uniform a) s (K s) ^ 4).
  { intros s Hs; apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat; [exact Hs|exact (r_pos d mu rho HS)]|].
    apply pow_lt, (n_pos d mu (uniform a) rho HS HA). }
  assert (Down : forall s s', 0 <= s < s' -> s' <= s0 -> phi s' < phi s).
  { intros s s' Hss Hs'. cut (- phi s < - phi s'); [lra|].
    apply (derive_pos_lt (fun x => - phi x) (fun x => - (x * (rho / sqrt 2) * f x
      / n_of d mu (uniform a) x (K x) ^ 4))); [lra| |].
    - intros x Hx; apply (is_derive_opp phi), Dphi; lra.
    - intros x Hx. assert (X := N4 x ltac:(lra)). assert (Y := Neg x ltac:(lra)).
      assert (0 < x * (rho / sqrt 2) / n_of d mu (uniform a) x (K x) ^ 4 * - f x)
        by (apply Rmult_lt_0_compat; lra). unfold Rdiv in *; lra. }
  assert (Up : forall s s', s0 <= s < s' -> phi s < phi s').
  { intros s s' Hss. apply (derive_pos_lt phi (fun x => x * (rho / sqrt 2) * f x
      / n_of d mu (uniform a) x (K x) ^ 4)); [lra| |].
    - intros x Hx; apply Dphi; lra.
    - intros x Hx. assert (X := N4 x ltac:(lra)). assert (Y := Pos x ltac:(lra)).
      assert (0 < x * (rho / sqrt 2) / n_of d mu (uniform a) x (K x) ^ 4 * f x)
        by (apply Rmult_lt_0_compat; lra). unfold Rdiv in *; lra. }
  assert (KP := Kp d mu (uniform a) rho HS HA K HK). assert (DA := D_A d mu (uniform a) rho HS HA K HK).
  assert (Phi0 : phi 0 = 0) by (unfold phi; rewrite (proj1 HK); ring).
  (* phi is positive at some time, because A must rise *)
  destruct (A_passes d mu (uniform a) rho HS HA K HK B HB (s0 / K s0) s0 P0) as [s2 [H02 Hy2]].
  assert (Hs2 : s0 < s2) by (destruct H02 as [|E]; [assumption|rewrite <- E in Hy2; lra]).
  destruct (mvt (fun x => x / K x) (fun x => phi x / K x ^ 2) s0 s2 Hs2) as [xi [Hxi Exi]].
  { intros x Hx; apply DA; lra. }
  assert (Pxi : 0 < phi xi).
  { apply Rnot_le_lt; intros H. assert (P := KP xi ltac:(lra)).
    assert (phi xi / K xi ^ 2 * (s2 - s0) <= 0); [|cbv beta in Exi; lra].
    assert (0 <= - phi xi / K xi ^ 2 * (s2 - s0)).
    { apply Rmult_le_pos; [|lra]. apply Rmult_le_pos; [lra|]. left; now apply Rinv_0_lt_compat, pow_lt. }
    unfold Rdiv in *; lra. }
  assert (Ns0 := Down 0 s0 ltac:(lra) ltac:(lra)).
  destruct (ivt phi s0 xi 0) as [m [Hm Zm]]; [lra| |lra|].
  { intros x Hx; exact (is_derive_continuous _ _ _ (Dphi x ltac:(lra))). }
  assert (PhiNeg : forall x, 0 < x < m -> phi x < 0).
  { intros x Hx; destruct (Rle_lt_dec x s0) as [Hle|Hlt].
    - assert (Q := Down 0 x ltac:(lra) Hle); lra.
    - assert (Q := Up x m ltac:(lra)); lra. }
  assert (PhiPos : forall x, m < x -> 0 < phi x) by (intros x Hx; assert (Q := Up m x ltac:(lra)); lra).
  exists m; split; [lra|split].
  - intros s s' Hss Hs'; rewrite (proj2 (EA s ltac:(lra))), (proj2 (EA s' ltac:(lra))).
    cut (- (s / K s) < - (s' / K s')); [lra|].
    apply (derive_pos_lt (fun x => - (x / K x)) (fun x => - (phi x / K x ^ 2))); [lra| |].
    + intros x Hx; apply (is_derive_opp (fun x => x / K x)), DA; lra.
    + intros x Hx. assert (P := KP x ltac:(lra)). assert (Q := PhiNeg x ltac:(lra)).
      assert (0 < - phi x / K x ^ 2) by (apply Rdiv_lt_0_compat; [lra|now apply pow_lt]).
      unfold Rdiv in *; lra.
  - intros s s' Hss; rewrite (proj2 (EA s ltac:(lra))), (proj2 (EA s' ltac:(lra))).
    apply (derive_pos_lt (fun x => x / K x) (fun x => phi x / K x ^ 2)); [lra| |].
    + intros x Hx; apply DA; lra.
    + intros x Hx. assert (P := KP x ltac:(lra)).
      apply Rdiv_lt_0_compat; [apply PhiPos; lra|now apply pow_lt].
Qed.

(* alpha-star < alpha_0 < alpha_up: up to some time m the leader only moves down, from m on only up, and
   from there it visits every index up to d ([growing_visits_all]). *)
Theorem leaders_down_then_up : forall d mu rho a th, setting d mu rho -> 0 < a -> grows d mu rho
  (fun _ => a) ->
  a < rho * vsum d (fun j => mu j ^ 4)
    / (sqrt 2 * sqrt (vsum d (fun j => mu j ^ 2)) * vsum d (fun j => mu j ^ 3)) ->
  two_sam_solution d mu rho p_infty th -> starts_at d (fun _ => a) (fun _ => a) th ->
  exists m, 0 < m /\
    (forall s s' j j', 0 < s < s' -> s' <= m -> leads d th s j -> leads d th s' j' -> (j' <= j)%nat) /\
    (forall s s' j j', m <= s < s' -> leads d th s j -> leads d th s' j' -> (j <= j')%nat).
Proof.
  intros d mu rho a th HS Ha HG Hup H1 H2.
  assert (Hd0 : Derive (n_at d mu th) 0 < 0).
  { apply Rnot_le_lt; intros H. apply (first_move d mu rho a p_infty th HS Ha I H1 H2) in H. lra. }
  destruct (A_falls_then_rises d mu rho a th HS Ha HG H1 H2 Hd0) as (m & Hm & Down & Up).
  assert (Hi := proj2 (proj2 (proj2 HS))).
  (* a smaller A has the smaller leader *)
  assert (Order : forall s s' j j', 0 < s -> 0 < s' -> A_at d mu rho th s < A_at d mu rho th s' ->
    leads d th s j -> leads d th s' j' -> (j <= j')%nat).
  { intros s s' j j' Hs Hs' HA Lj Lj'. destruct (Nat.le_gt_cases j j') as [|Hlt]; [assumption|exfalso].
    assert (Hj := proj1 Lj). assert (Hj' := proj1 Lj').
    apply (leader_rule d mu rho a p_infty th HS Ha H1 H2 s j) in Lj; [|apply until_infty;
      lra|exact Hs|exact Hj].
    apply (leader_rule d mu rho a p_infty th HS Ha H1 H2 s' j') in Lj'; [|apply until_infty;
      lra|exact Hs'|exact Hj'].
    assert (X := proj1 Lj (j - 1)%nat ltac:(lia)). assert (Y := proj2 Lj' ltac:(lia)).
    assert (mu j' <= mu (j - 1)%nat) by (destruct (Nat.eq_dec j' (j - 1)) as [->|]; [lra|left; apply Hi;
      lia]).
    assert (mu (S j') <= mu j) by (destruct (Nat.eq_dec (S j') j) as [->|]; [lra|left; apply Hi; lia]). lra. }
  exists m; split; [exact Hm|split].
  - intros s s' j j' Hss Hs' Lj Lj'.
    exact (Order s' s j' j ltac:(lra) ltac:(lra) (Down s s' Hss Hs') Lj' Lj).
  - intros s s' j j' Hss Lj Lj'.
    exact (Order s s' j j' ltac:(lra) ltac:(lra) (Up s s' Hss) Lj Lj').
Qed.
