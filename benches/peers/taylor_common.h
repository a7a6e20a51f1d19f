/* What the two C yardsticks share: the cases, the reference, the clock, the search for the guard, the JSON line.
   Each program defines `integrate` and calls `cell`. */
#ifndef TAYLOR_COMMON_H
#define TAYLOR_COMMON_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mpfr.h> /* after stdio.h: it reads files only then */

enum { MAX_D = 4, MAX_GUARD = 40, HORIZON = 10 };

/* mu_j w_j (1 - mu_j / (sqrt2 n)), n = ||mu w||, from w_j = top / bottom. */
struct problem {
    int d;
    unsigned mu[MAX_D], top, bottom;
};

struct taken {
    int steps, order;
};

/* The weights at s = HORIZON, every truncation below 10^-digits, rounded `guard` digits later; `w` comes initialised with a precision beyond that. */
void integrate(const struct problem *p, int digits, int guard, mpfr_t *w, struct taken *taken);

/* A step of R / e^2 cut off there is wrong by e^(-2 order); more guard is mostly more precision, a little more order. */
static int order_for(int digits, int guard)
{
    return (int)ceil(1.15 * digits) + 2 + guard / 4;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The digits that the worst component has right. */
static double achieved(const struct problem *p, mpfr_t *w, mpfr_t *truth)
{
    double worst = INFINITY;
    mpfr_t miss;
    mpfr_init2(miss, mpfr_get_prec(truth[0]));
    for (int j = 0; j < p->d; j++) {
        mpfr_sub(miss, w[j], truth[j], MPFR_RNDN);
        mpfr_div(miss, miss, truth[j], MPFR_RNDN);
        mpfr_abs(miss, miss, MPFR_RNDN);
        mpfr_log10(miss, miss, MPFR_RNDN); /* no double holds 1e-1000 */
        worst = fmin(worst, -mpfr_get_d(miss, MPFR_RNDN));
    }
    mpfr_clear(miss);
    return worst;
}

/* CASE DIGITS REFERENCE_FILE BUDGET_SECONDS [FIRST_GUARD] */
static int cell(int argc, char **argv, const char *tool)
{
    static const struct problem a = {2, {1, 2}, 1, 1}, b = {4, {1, 2, 3, 4}, 3, 5};
    if (argc < 5) {
        fprintf(stderr, "%s CASE(A|B) DIGITS REFERENCE_FILE BUDGET_SECONDS [FIRST_GUARD]\n", argv[0]);
        return 1;
    }
    const struct problem *p = strcmp(argv[1], "A") == 0 ? &a : &b;
    int digits = atoi(argv[2]), first = argc > 5 ? atoi(argv[5]) : 0;
    double budget = atof(argv[4]);
    FILE *file = fopen(argv[3], "r");
    if (!file) return perror(argv[3]), 1;
    mpfr_t w[MAX_D], truth[MAX_D];
    for (int j = 0; j < p->d; j++) {
        mpfr_init2(truth[j], (mpfr_prec_t)(3.33 * digits) + 160);
        mpfr_init2(w[j], (mpfr_prec_t)(3.33 * digits) + 160);
        if (!mpfr_inp_str(truth[j], file, 10, MPFR_RNDN)) return fprintf(stderr, "no weight %d\n", j), 1;
    }
    fclose(file);
    for (int guard = first; guard <= MAX_GUARD;) {
        struct taken taken = {0, 0};
        double began = cpu_seconds();
        integrate(p, digits, guard, w, &taken);
        double seconds = cpu_seconds() - began, right = achieved(p, w, truth);
        if (!(right >= digits)) {
            guard += right > 0 ? (int)ceil(digits - right) : MAX_GUARD + 1; /* by what was missing */
            continue;
        }
        /* Again for a second or so: the least time is the least disturbed one. */
        while (cpu_seconds() - began + seconds < fmin(budget, fmax(1.0, 3.5 * seconds))) {
            double before = cpu_seconds();
            integrate(p, digits, guard, w, &taken);
            seconds = fmin(seconds, cpu_seconds() - before);
        }
        printf("{\"tool\": \"%s\", \"case\": \"%s\", \"digits\": \"%d\", \"seconds\": %.9g, \"achieved\": %.2f, "
               "\"guard\": %d, \"steps\": %d, \"order\": %d}\n",
               tool, argv[1], digits, seconds, right, guard, taken.steps, taken.order);
        return 0;
    }
    fprintf(stderr, "%s: no guard up to %d gives %d digits\n", tool, (int)MAX_GUARD, digits);
    return 1;
}

#endif
