/* Yardstick: Taylor integration of the balanced flow, written for this flow alone, over MPFR.

   The fewest convolutions we know of: with E_j = (mu_j w_j)^2, m^2 = sum E_j / 2 and Q_j = E_j / m
   (so that m = n / sqrt2 and sum Q_j = 2 m), rho = 1:
       E_j' = 2 mu_j E_j - mu_j^2 Q_j.
   A coefficient of m is half a convolution, of each Q_j one, except the last, which is 2 m less the others.
   A step of R / e^2 makes coefficient k worth e^(-2k): it is worked out with 2.885 k fewer bits than the first. */
#include "taylor_common.h"

#define LIMB 64
#define BITS_PER_TERM 2.8853900817779268 /* 2 / ln 2 */

struct work {
    int order, bits;
    mpfr_t *e[MAX_D], *q[MAX_D], *m; /* coefficients 0 .. order, coefficient k of `limbs(k)` limbs */
    mpfr_t *term, *sum, *inverse;    /* temporaries of that many limbs: changing one's precision would reallocate it */
};

static long limbs(const struct work *u, int k)
{
    double bits = u->bits - BITS_PER_TERM * k;
    return bits < LIMB ? 1 : (long)ceil(bits / LIMB);
}

static mpfr_t *series(const struct work *u)
{
    mpfr_t *s = malloc((size_t)(u->order + 1) * sizeof *s);
    for (int k = 0; k <= u->order; k++) mpfr_init2(s[k], LIMB * limbs(u, k));
    return s;
}

static void drop(const struct work *u, mpfr_t *s)
{
    for (int k = 0; k <= u->order; k++) mpfr_clear(s[k]);
    free(s);
}

/* The top `n` limbs of x, in place. */
static mpfr_srcptr top(mpfr_ptr view, mpfr_srcptr x, long n)
{
    long has = mpfr_get_prec(x) / LIMB;
    if (has <= n) return x;
    *view = *x;
    view->_mpfr_prec = n * LIMB;
    view->_mpfr_d = x->_mpfr_d + (has - n);
    return view;
}

/* sum of a[i] b[k-i], from <= i <= to, with the limbs of coefficient k. */
static void convolve(struct work *u, mpfr_ptr sum, mpfr_t *a, mpfr_t *b, int k, int from, int to)
{
    long n = limbs(u, k);
    mpfr_t va, vb;
    mpfr_set_zero(sum, 1);
    for (int i = from; i <= to; i++) {
        mpfr_mul(u->term[k], top(va, a[i], n), top(vb, b[k - i], n), MPFR_RNDN);
        mpfr_add(sum, sum, u->term[k], MPFR_RNDN);
    }
}

static void coefficient_of_m(struct work *u, const struct problem *p, int k)
{
    mpfr_ptr m = u->m[k];
    mpfr_add(m, u->e[0][k], u->e[1][k], MPFR_RNDN);
    for (int j = 2; j < p->d; j++) mpfr_add(m, m, u->e[j][k], MPFR_RNDN);
    mpfr_div_2ui(m, m, 1, MPFR_RNDN);
    if (k == 0) {
        mpfr_sqrt(m, m, MPFR_RNDN);
        for (int i = 0; i <= u->order; i++) /* one division; the rest are truncations of it */
            if (i == 0) mpfr_ui_div(u->inverse[0], 1, m, MPFR_RNDN);
            else mpfr_set(u->inverse[i], u->inverse[0], MPFR_RNDN);
        return;
    }
    convolve(u, u->sum[k], u->m, u->m, k, 1, (k - 1) / 2);
    mpfr_mul_2ui(u->sum[k], u->sum[k], 1, MPFR_RNDN);
    if (k % 2 == 0) {
        mpfr_t view;
        mpfr_sqr(u->term[k], top(view, u->m[k / 2], limbs(u, k)), MPFR_RNDN);
        mpfr_add(u->sum[k], u->sum[k], u->term[k], MPFR_RNDN);
    }
    mpfr_sub(m, m, u->sum[k], MPFR_RNDN);
    mpfr_mul(m, m, u->inverse[k], MPFR_RNDN);
    mpfr_div_2ui(m, m, 1, MPFR_RNDN);
}

/* `big` is the component with the largest E: what it loses in 2 m - (the others) is relative to itself. */
static void coefficients_of_q(struct work *u, const struct problem *p, int k, int big)
{
    mpfr_mul_2ui(u->q[big][k], u->m[k], 1, MPFR_RNDN);
    for (int j = 0; j < p->d; j++) {
        if (j == big) continue;
        convolve(u, u->sum[k], u->m, u->q[j], k, 1, k);
        mpfr_sub(u->sum[k], u->e[j][k], u->sum[k], MPFR_RNDN);
        mpfr_mul(u->q[j][k], u->sum[k], u->inverse[k], MPFR_RNDN);
        mpfr_sub(u->q[big][k], u->q[big][k], u->q[j][k], MPFR_RNDN);
    }
}

static double log2_abs(mpfr_t x)
{
    long e;
    double m = mpfr_get_d_2exp(&e, x, MPFR_RNDN);
    return m == 0 ? -INFINITY : log2(fabs(m)) + (double)e;
}

/* log2 of the radius of convergence, component by component: one norm for all would cost the small ones their digits. */
static double log2_radius(struct work *u, const struct problem *p)
{
    double least = INFINITY;
    for (int j = 0; j < p->d; j++)
        for (int k = u->order - 1; k <= u->order; k++)
            least = fmin(least, (log2_abs(u->e[j][0]) - log2_abs(u->e[j][k])) / k);
    return least;
}

/* x[0] = sum of x[k] h^k, each partial sum with the limbs of its coefficient. */
static void advance(struct work *u, mpfr_t *x, mpfr_t h)
{
    mpfr_set(u->sum[u->order], x[u->order], MPFR_RNDN);
    for (int k = u->order - 1; k >= 0; k--) {
        mpfr_mul(u->term[k], u->sum[k + 1], h, MPFR_RNDN);
        mpfr_add(u->sum[k], u->term[k], x[k], MPFR_RNDN);
    }
    mpfr_set(x[0], u->sum[0], MPFR_RNDN);
}

void integrate(const struct problem *p, int digits, int guard, mpfr_t *w, struct taken *taken)
{
    struct work u = {.order = order_for(digits, guard), .bits = (int)ceil(3.3219281 * (digits + guard))};
    mpfr_t h;
    mpfr_init2(h, LIMB);
    u.m = series(&u), u.term = series(&u), u.sum = series(&u), u.inverse = series(&u);
    for (int j = 0; j < p->d; j++) {
        u.e[j] = series(&u), u.q[j] = series(&u);
        mpfr_set_ui(u.e[j][0], p->mu[j] * p->top, MPFR_RNDN);
        mpfr_div_ui(u.e[j][0], u.e[j][0], p->bottom, MPFR_RNDN);
        mpfr_sqr(u.e[j][0], u.e[j][0], MPFR_RNDN);
    }
    *taken = (struct taken){0, u.order};
    for (double s = 0; s < HORIZON; taken->steps++) {
        int big = 0;
        for (int j = 1; j < p->d; j++)
            if (mpfr_cmp(u.e[j][0], u.e[big][0]) > 0) big = j;
        for (int k = 0; k <= u.order; k++) {
            coefficient_of_m(&u, p, k);
            coefficients_of_q(&u, p, k, big);
            for (int j = 0; j < p->d && k < u.order; j++) {
                mpfr_mul_ui(u.term[k], u.e[j][k], 2 * p->mu[j], MPFR_RNDN);
                mpfr_mul_ui(u.sum[k], u.q[j][k], p->mu[j] * p->mu[j], MPFR_RNDN);
                mpfr_sub(u.term[k], u.term[k], u.sum[k], MPFR_RNDN);
                mpfr_div_ui(u.e[j][k + 1], u.term[k], (unsigned)k + 1, MPFR_RNDN);
            }
        }
        /* Multiples of 2^-30: s stays exact. */
        double length = exp2(log2_radius(&u, p) + 30) / exp(2);
        length = fmin(ldexp(floor(length), -30), HORIZON - s);
        if (!(length > 0)) abort();
        mpfr_set_d(h, length, MPFR_RNDN);
        for (int j = 0; j < p->d; j++) advance(&u, u.e[j], h);
        s += length;
    }
    for (int j = 0; j < p->d; j++) {
        mpfr_sqrt(w[j], u.e[j][0], MPFR_RNDN);
        mpfr_div_ui(w[j], w[j], p->mu[j], MPFR_RNDN);
        drop(&u, u.e[j]), drop(&u, u.q[j]);
    }
    drop(&u, u.m), drop(&u, u.term), drop(&u, u.sum), drop(&u, u.inverse);
    mpfr_clear(h);
}

int main(int argc, char **argv)
{
    return cell(argc, argv, "C + MPFR");
}
