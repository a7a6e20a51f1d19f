/* Yardstick: the equations of taylor_mpfr.c over GMP's low-level integers, in fixed point.

   With the step h as the unit of time a coefficient is about e^(-2k) of the first: all of them are multiples of one
   2^(-64 limbs), coefficient k has lost `dropped[k]` limbs on top, and a sum of products is one wide accumulator with
   no rounding on the way. h has to be known before: a scout in `double`, of the full order, foresees every size.
   Scales: E_j = 2^scale_j e_j, m = 2^scale_m m, Q_j = 2^(scale_j - scale_m + ROOM + 1) q_j, first coefficients between
   2^-(ROOM+2) and 2^-ROOM: the room on top is for coefficients that rise at first, as those of an exponential do. */
#include "taylor_common.h"
#include <gmp.h>

enum { SLACK = 28, ROOM = SLACK + 3, UNIT = 30 };

struct series {
    mp_limb_t **x; /* magnitudes, low limb first; coefficient k of limbs - dropped[k] */
    char *negative;
};

struct work {
    const struct problem *p;
    int order, limbs, *dropped, big;
    struct series e[MAX_D], q[MAX_D], m;
    long scale[MAX_D], scale_m;
    mp_limb_t *sum, *term, *inverse; /* inverse = 2^-(ROOM+2) / m_0 */
    double *scout[2 * MAX_D + 1];
};

static int length(const struct work *u, int k)
{
    return u->limbs - u->dropped[k];
}

/* --- The accumulator: two's complement, one limb below the unit, coefficient k's limbs, two above. --- */

static int width(const struct work *u, int k)
{
    return length(u, k) + 3;
}

static void add_at_bottom(struct work *u, int k, const mp_limb_t *x, int n, int negative)
{
    int rest = width(u, k) - n;
    mp_limb_t carry = negative ? mpn_sub_n(u->sum, u->sum, x, n) : mpn_add_n(u->sum, u->sum, x, n);
    if (carry && rest > 0) (negative ? mpn_sub_1 : mpn_add_1)(u->sum + n, u->sum + n, rest, carry);
}

/* Adds x 2^shift, x of n limbs in units. */
static void add_shifted(struct work *u, int k, const mp_limb_t *x, int n, int negative, long shift)
{
    mp_limb_t *t = u->term;
    t[0] = 0, t[n + 1] = 0;
    mpn_copyi(t + 1, x, n);
    long whole = shift < 0 ? -shift / 64 : 0, bits = shift < 0 ? -shift % 64 : shift;
    if (whole >= n + 1) return;
    if (bits && shift < 0) mpn_rshift(t, t, n + 2, (unsigned)bits);
    if (bits && shift > 0) mpn_lshift(t, t, n + 2, (unsigned)bits);
    int count = n + 2 - (int)whole;
    add_at_bottom(u, k, t + whole, count < width(u, k) ? count : width(u, k), negative);
}

/* Adds the products a[i] b[k-i]: both factors without the limbs that only reach below the unit. */
static void convolve(struct work *u, int k, const struct series *a, const struct series *b, int from, int to)
{
    for (int i = from; i <= to; i++) {
        int n = u->limbs - u->dropped[i] - u->dropped[k - i];
        if (n < 1) continue;
        mpn_mul_n(u->term, a->x[i] + u->dropped[k - i], b->x[k - i] + u->dropped[i], n);
        add_at_bottom(u, k, u->term + n - 1, n + 1, a->negative[i] ^ b->negative[k - i]);
    }
}

/* Makes the accumulator a magnitude and answers its sign. */
static int settle(struct work *u, int k)
{
    int n = width(u, k), negative = u->sum[n - 1] >> 63;
    if (negative) mpn_neg(u->sum, u->sum, n);
    return negative;
}

/* Stores the magnitude; what would not fit is a fault of the scout's. */
static void store(struct work *u, int k, struct series *to, int negative)
{
    int n = length(u, k);
    if (u->sum[n + 1] || u->sum[n + 2]) fprintf(stderr, "coefficient %d does not fit\n", k), abort();
    mpn_copyi(to->x[k], u->sum + 1, n);
    to->negative[k] = (char)negative;
    mpn_zero(u->sum, u->limbs + 3);
}

/* Divides by m_0 2^(ROOM+2-shift) and stores. */
static void divide(struct work *u, int k, struct series *to, unsigned shift)
{
    int negative = settle(u, k), n = length(u, k) + 1, m = n < u->limbs ? n : u->limbs;
    mpn_mul(u->term, u->sum, n, u->inverse + u->limbs - m, m);
    if (u->sum[n]) abort();
    mpn_copyi(u->sum, u->term + m, n);
    u->sum[n] = mpn_lshift(u->sum, u->sum, n, shift);
    store(u, k, to, negative);
}

/* --- The recurrence. --- */

static void coefficient_of_m(struct work *u, int k)
{
    convolve(u, k, &u->m, &u->m, 1, (k - 1) / 2);
    mpn_lshift(u->sum, u->sum, width(u, k), 1);
    if (k % 2 == 0) convolve(u, k, &u->m, &u->m, k / 2, k / 2);
    for (int j = 0; j < u->p->d; j++)
        add_shifted(u, k, u->e[j].x[k], length(u, k), !u->e[j].negative[k], u->scale[j] - 1 - 2 * u->scale_m);
    divide(u, k, &u->m, ROOM + 1);
    u->m.negative[k] ^= 1; /* the sum above was (products) - (E): no other use for its sign */
}

static void coefficients_of_q(struct work *u, int k)
{
    int n = length(u, k), big = u->big;
    for (int j = 0; j < u->p->d; j++) {
        if (j == big) continue;
        convolve(u, k, &u->m, &u->q[j], 1, k);
        add_shifted(u, k, u->e[j].x[k], n, !u->e[j].negative[k], -(ROOM + 1));
        divide(u, k, &u->q[j], ROOM + 2);
        u->q[j].negative[k] ^= 1;
    }
    add_shifted(u, k, u->m.x[k], n, u->m.negative[k], 2 * u->scale_m - u->scale[big] - ROOM);
    for (int j = 0; j < u->p->d; j++)
        if (j != big) add_shifted(u, k, u->q[j].x[k], n, !u->q[j].negative[k], u->scale[j] - u->scale[big]);
    store(u, k, &u->q[big], settle(u, k));
}

/* e[k+1] = (2 mu e[k] - mu^2 2^(ROOM+1-scale_m) q[k]) h / (k+1), h = unit / 2^UNIT; k + 1 has at most the limbs of k. */
static void next_of_e(struct work *u, int k, mp_limb_t unit, mp_limb_t *scaled)
{
    int n = length(u, k);
    for (int j = 0; j < u->p->d; j++) {
        mp_limb_t mu = u->p->mu[j];
        scaled[n] = mpn_mul_1(scaled, u->e[j].x[k], n, 2 * mu * unit);
        add_shifted(u, k, scaled, n + 1, u->e[j].negative[k], 0);
        scaled[n] = mpn_mul_1(scaled, u->q[j].x[k], n, 16 * mu * mu * unit);
        add_shifted(u, k, scaled, n + 1, !u->q[j].negative[k], ROOM + 1 - 4 - u->scale_m);
        int negative = settle(u, k);
        mpn_divrem_1(u->sum, 0, u->sum, width(u, k), (mp_limb_t)(k + 1) << UNIT);
        store(u, k + 1, &u->e[j], negative);
    }
}

/* --- Between steps: MPFR numbers. --- */

static void to_fixed(const struct work *u, struct series *to, mpfr_t x, long scale)
{
    mpz_t z;
    mpfr_t t;
    mpz_init(z);
    mpfr_init2(t, mpfr_get_prec(x));
    mpfr_mul_2si(t, x, 64L * u->limbs - scale, MPFR_RNDN);
    mpfr_get_z(z, t, MPFR_RNDN);
    mpn_zero(to->x[0], u->limbs);
    mpn_copyi(to->x[0], mpz_limbs_read(z), (mp_size_t)mpz_size(z));
    to->negative[0] = 0;
    mpz_clear(z);
    mpfr_clear(t);
}

/* The recurrence in `double`, `unit` as the unit of time: log2 of the radius at which no coefficient of E_j, Q_j or m
   exceeds the first by more than SLACK bits, and those of E_j at the full order not at all. */
static double scout(struct work *u, const double *start, double unit)
{
    int d = u->p->d, series = 2 * d + 1;
    double **e = u->scout, **q = e + d, *m = u->scout[2 * d], least = INFINITY;
    for (int k = 0; k <= u->order; k++) {
        double s = 0;
        for (int j = 0; j < d; j++) {
            double mu = u->p->mu[j];
            e[j][k] = k ? (2 * mu * e[j][k - 1] - mu * mu * q[j][k - 1]) * unit / k : start[j];
            s += e[j][k] / 2;
        }
        for (int i = 1; i < k; i++) s -= m[i] * m[k - i];
        m[k] = k ? s / (2 * m[0]) : sqrt(s);
        for (int j = 0; j < d; j++) {
            double t = e[j][k];
            for (int i = 1; i <= k; i++) t -= m[i] * q[j][k - i];
            q[j][k] = t / m[0];
        }
        for (int i = 0; i < series && k > 0; i++) {
            double size = log2(fabs(u->scout[i][k] / u->scout[i][0]));
            double bits = i < d && k >= u->order - 1 ? 0 : SLACK;
            if (!isfinite(size) && size > 0) return INFINITY;
            least = fmin(least, (bits - size) / k);
        }
    }
    return least + log2(unit);
}

static struct series new_series(const struct work *u)
{
    struct series s = {malloc((size_t)(u->order + 1) * sizeof *s.x), calloc((size_t)u->order + 1, 1)};
    for (int k = 0; k <= u->order; k++) s.x[k] = calloc((size_t)length(u, k), sizeof **s.x);
    return s;
}

static void drop(const struct work *u, struct series *s)
{
    for (int k = 0; k <= u->order; k++) free(s->x[k]);
    free(s->x), free(s->negative);
}

/* Sets up the first coefficients from the values E_j and finds the step; answers h 2^UNIT. */
static mp_limb_t start_step(struct work *u, mpfr_t *value, double *unit, double left)
{
    mpfr_t m, t;
    mpfr_inits2(mpfr_get_prec(value[0]), m, t, (mpfr_ptr)0);
    double start[MAX_D], radius = INFINITY;
    mpfr_set_zero(m, 1);
    u->big = 0;
    for (int j = 0; j < u->p->d; j++) {
        start[j] = mpfr_get_d(value[j], MPFR_RNDN);
        u->scale[j] = mpfr_get_exp(value[j]) + ROOM;
        to_fixed(u, &u->e[j], value[j], u->scale[j]);
        mpfr_add(m, m, value[j], MPFR_RNDN);
        if (mpfr_cmp(value[j], value[u->big]) > 0) u->big = j;
    }
    mpfr_div_2ui(m, m, 1, MPFR_RNDN);
    mpfr_sqrt(m, m, MPFR_RNDN);
    u->scale_m = mpfr_get_exp(m) + ROOM;
    to_fixed(u, &u->m, m, u->scale_m);
    mpfr_ui_div(t, 1, m, MPFR_RNDN);
    struct series inverse = {&u->inverse, (char[1]){0}};
    to_fixed(u, &inverse, t, ROOM + 2 - u->scale_m);
    for (int j = 0; j < u->p->d; j++) {
        mpfr_div(t, value[j], m, MPFR_RNDN);
        to_fixed(u, &u->q[j], t, u->scale[j] - u->scale_m + ROOM + 1);
    }
    mpfr_clears(m, t, (mpfr_ptr)0);
    /* The nearer the unit is to the radius, the less the scout runs out of range. */
    for (int round = 0; round < 40; round++) {
        radius = scout(u, start, *unit);
        double by = isfinite(radius) ? exp2(radius) / *unit : 0.5;
        *unit *= by;
        if (fabs(by - 1) < 0.1) break;
    }
    return (mp_limb_t)floor(ldexp(fmin(*unit / exp(2), left), UNIT));
}

void integrate(const struct problem *p, int digits, int guard, mpfr_t *w, struct taken *taken)
{
    struct work u = {.p = p, .order = order_for(digits, guard)};
    u.limbs = (int)ceil((3.3219281 * (digits + guard) + ROOM) / 64);
    u.dropped = malloc((size_t)(u.order + 1) * sizeof *u.dropped);
    for (int k = 0; k <= u.order; k++) u.dropped[k] = (int)fmin(2.885390 * k / 64, u.limbs - 1);
    u.sum = calloc((size_t)u.limbs + 4, sizeof *u.sum), u.term = calloc(2 * (size_t)u.limbs + 8, sizeof *u.term);
    u.inverse = calloc((size_t)u.limbs, sizeof *u.inverse);
    mp_limb_t *scaled = calloc((size_t)u.limbs + 2, sizeof *scaled);
    for (int i = 0; i <= 2 * p->d; i++) u.scout[i] = malloc((size_t)(u.order + 1) * sizeof(double));
    mpfr_t value[MAX_D];
    u.m = new_series(&u);
    for (int j = 0; j < p->d; j++) {
        u.e[j] = new_series(&u), u.q[j] = new_series(&u);
        mpfr_init2(value[j], 64L * u.limbs);
        mpfr_set_ui(value[j], p->mu[j] * p->top, MPFR_RNDN);
        mpfr_div_ui(value[j], value[j], p->bottom, MPFR_RNDN);
        mpfr_sqr(value[j], value[j], MPFR_RNDN);
    }
    *taken = (struct taken){0, u.order};
    double unit = 0.1;
    for (mp_limb_t s = 0, end = (mp_limb_t)HORIZON << UNIT, h; s < end; s += h, taken->steps++) {
        h = start_step(&u, value, &unit, ldexp((double)(end - s), -UNIT));
        if (!h) abort();
        for (int k = 0; k <= u.order; k++) {
            if (k > 0) coefficient_of_m(&u, k), coefficients_of_q(&u, k);
            if (k < u.order) next_of_e(&u, k, h, scaled);
        }
        for (int j = 0; j < p->d; j++) {
            mpz_t z;
            for (int k = 0; k <= u.order; k++) add_shifted(&u, 0, u.e[j].x[k], length(&u, k), u.e[j].negative[k], 0);
            mpfr_set_z_2exp(value[j], mpz_roinit_n(z, u.sum + 1, u.limbs), u.scale[j] - 64L * u.limbs, MPFR_RNDN);
            mpn_zero(u.sum, u.limbs + 3);
        }
    }
    for (int j = 0; j < p->d; j++) {
        mpfr_sqrt(w[j], value[j], MPFR_RNDN);
        mpfr_div_ui(w[j], w[j], p->mu[j], MPFR_RNDN);
        mpfr_clear(value[j]);
        drop(&u, &u.e[j]), drop(&u, &u.q[j]);
    }
    for (int i = 0; i <= 2 * p->d; i++) free(u.scout[i]);
    drop(&u, &u.m);
    free(u.dropped), free(u.sum), free(u.term), free(u.inverse), free(scaled);
}

int main(int argc, char **argv)
{
    return cell(argc, argv, "C + mpn");
}
