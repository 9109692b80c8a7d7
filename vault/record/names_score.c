/*
 * How far two keys are apart: the cheapest way to turn the sounds of one into
 * those of the other, where each step costs what it says of two spellings of
 * one name.  What Chinese cannot write costs little between a Chinese rendering
 * and another spelling, and what alphabets keep apart costs much between two
 * of them.  Costs are hundredths of an unlike consonant.
 */
#include <limits.h>
#include <string.h>

#include "vault/record/names_int.h"

#define SOUNDS_MAX 160		/* of a whole name taken as one word */
#define FIRST_G 30u

/* Between alphabets; what is not listed costs 100. */
static const char alike[] =
    "bp25 dt25 gk28 kq6 gq28 gh35 hq28 hk40 sz28 sx30 cx40 cj35 jz30 xz50 "
    "fp25 fw35 bw30 bf50 jy30 lr75 mn60 nl85 hw60 %g6 %k24 %q26 %h36 cs55 "
    "cz60 jx55 kc60 js60 "
    "a@4 @e4 ae12 ei16 ou16 iu34 ao36 ai46 au54 eo50 eu50 io54 @i36 @o40 @u54 "
    "yi4 ye20 ya30 wu6 wo16 yu34 yo40 +&12";

/* From a Chinese rendering (capitals, digits) to another spelling. */
static const char may_be[] =
    "Pp0 Pb8 Pf12 Pw40 Bb0 Bp8 Bw25 Bf40 Mm0 Mn45 Ff0 Fp8 Fw10 Fb20 Fh40 "
    "Dd0 Dt7 Tt0 Td7 Nn0 Nm30 Nl50 Ll0 Lr12 Rr0 Rl14 Ry55 Rz55 Rj20 "
    "Gg0 Gk7 Gq9 Gh25 G%0 Kk0 Kq4 Kg9 Kh18 K%6 Hh0 Hq7 Hk22 Hg18 Hw35 Hf35 "
    "Jj0 Jc18 Jz22 Jg35 Jk38 Jy40 Js24 Qc0 Qk28 Qq28 Qj18 Qx28 Qs24 Qg35 "
    "Xx0 Xs6 Xh18 Xc40 Xz35 Xk45 Ss0 Sx14 Sz18 Zz0 Zs22 Zj14 Zc40 Cs14 Cc10 "
    "Cz22 Cx20 Vj0 Vz10 Vc18 Vs40 Yy0 Yi4 Yj35 Ye12 Ww0 Wu4 Wo14 Wb30 "
    "Aa0 A@3 Ae13 Ao20 Ai32 Au40 Ee0 E@0 Ea8 Ei13 Eo32 Eu34 Ey16 "
    "Ii0 Iy4 Ie10 I@20 Ia30 Iu22 Io36 Oo0 Ou8 Oa14 Ow12 O@22 Oe30 Oi34 "
    "Uu0 Uw4 Uo8 Ui18 Ua32 Ue28 U@32 "
    "1i0 1y3 1e3 1@6 1a10 1u7 1o10 2u0 2w3 2o3 2i8 2a9 2e9 2@9 "
    "3e0 3@2 3a5 3i4 3u7 3o7 ++0";

/* Of a sound that the other name lacks: in an alphabet, in Chinese. */
static const char missing[] =
    "a32 @32 e32 i30 o32 u30 y14 w24 h30 %6 +10 &10 r88 l92 n88 "
    "A13 E13 I13 O13 U10 13 23 33 H32 Y10 W14 N38 R55 L85 ";

/* The same of an alphabet's, where the other name is Chinese. */
static const char unwritten[] =
    "a24 @24 e22 i22 o26 u22 y12 w18 h20 %4 +8 &8 r45 l60 n45 t65 d70 k75 "
    "g70 q70 s85 m85 p80 b85";

/* What a sound counts for in the length of a name. */
static const char weights[] =
    "a35 @35 e35 i35 o35 u35 y20 w30 h50 %4 +8 &8 "
    "A30 E30 I30 O30 U30 15 25 35 H50 Y20 W30 ";

static struct {
	unsigned char sub[128][128], del[128], del_han[128], weight[128];
	bool ready;
} cost;

static bool
han(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '1' && c <= '3');
}

static bool
vowel(unsigned char c)
{
	return c != '\0' && strchr("a@eiouywAEIOUYW123", c) != NULL;
}

/* Read "ab25 cd7 ": pairs and their cost. */
static void
fill_pairs(const char *s)
{
	unsigned n;

	while (*s != '\0') {
		unsigned char a = (unsigned char)s[0];
		unsigned char b = (unsigned char)s[1];

		for (n = 0, s += 2; *s >= '0' && *s <= '9'; s++)
			n = 10 * n + (unsigned)(*s - '0');
		cost.sub[a][b] = cost.sub[b][a] = (unsigned char)n;
		s += *s == ' ';
	}
}

static void
fill(const char *s, unsigned char *to)
{
	unsigned n;

	while (*s != '\0') {
		unsigned char a = (unsigned char)*s++;

		for (n = 0; *s >= '0' && *s <= '9'; s++)
			n = 10 * n + (unsigned)(*s - '0');
		to[a] = (unsigned char)n;
		s += *s == ' ';
	}
}

/* Two Chinese sounds: as far apart as the nearest that both may be. */
static void
fill_han(void)
{
	for (unsigned char a = '1'; a <= 'Z'; a++)
		for (unsigned char b = '1'; b <= 'Z'; b++) {
			unsigned best = cost.sub[a][b];

			if (!han(a) || !han(b) || a == b)
				continue;
			for (unsigned char c = '%'; c < 127; c++) {
				unsigned d = 4u + cost.sub[a][c] +
				    cost.sub[c][b];

				if (!han(c) && d < best)
					best = d;
			}
			cost.sub[a][b] = (unsigned char)best;
		}
}

/* see names_int.h */
void
names_score_init(void)
{
	if (cost.ready)
		return;
	for (unsigned a = 0; a < 128; a++) {
		for (unsigned b = 0; b < 128; b++)
			cost.sub[a][b] = a == b ? 0 : vowel((unsigned char)a) ==
			    vowel((unsigned char)b) ? vowel((unsigned char)a) ?
			    60 : 100 : 200;
		cost.weight[a] = 100;
		cost.del[a] = han((unsigned char)a) ? 90 : 100;
	}
	memcpy(cost.del_han, cost.del, sizeof(cost.del));
	fill_pairs(alike);
	fill_pairs(may_be);
	fill_han();
	fill(missing, cost.del);
	fill(missing, cost.del_han);
	fill(unwritten, cost.del_han);
	fill(weights, cost.weight);
	cost.ready = true;
}

/* A reading, or several as one. */
struct sounds {
	const char *s;
	size_t n;
	unsigned weight;
	bool han;
};

static void
sounds_of(struct sounds *x, const char *s, size_t n)
{
	x->s = s;
	x->n = n > SOUNDS_MAX ? SOUNDS_MAX : n;
	x->weight = 0;
	x->han = false;
	for (size_t i = 0; i < x->n; i++) {
		x->weight += cost.weight[s[i] & 0x7f];
		x->han = x->han || han((unsigned char)s[i]);
	}
}

/*
 * The cost of the sound at ${i} being left out.  Chinese has nothing for the
 * gh that a name begins with and mostly writes nothing: Ghopur is Wufu'er.
 */
static unsigned
drop(const unsigned char *del, const struct sounds *x, size_t i)
{
	unsigned char c = (unsigned char)x->s[i] & 0x7f;

	return c == 'g' && i == 0 && del == cost.del_han ? FIRST_G : del[c];
}

/* The cost of turning one into the other. */
static unsigned
turn(const struct sounds *a, const struct sounds *b)
{
	unsigned row[SOUNDS_MAX + 1], diag, up, best;
	const unsigned char *da = b->han && !a->han ? cost.del_han : cost.del;
	const unsigned char *db = a->han && !b->han ? cost.del_han : cost.del;

	row[0] = 0;
	for (size_t j = 0; j < b->n; j++)
		row[j + 1] = row[j] + drop(db, b, j);
	for (size_t i = 0; i < a->n; i++) {
		unsigned char c = (unsigned char)a->s[i] & 0x7f;
		unsigned gone = drop(da, a, i);

		diag = row[0];
		row[0] += gone;
		for (size_t j = 0; j < b->n; j++) {
			unsigned char d = (unsigned char)b->s[j] & 0x7f;

			up = row[j + 1];
			best = diag + cost.sub[c][d];
			if (up + gone < best)
				best = up + gone;
			if (row[j] + drop(db, b, j) < best)
				best = row[j] + drop(db, b, j);
			row[j + 1] = best;
			diag = up;
		}
	}
	return row[b->n];
}

/* --- names -------------------------------------------------------------- */

#define READINGS 4

struct part {
	struct sounds reading[READINGS];
	size_t n;
	bool minor;
};

struct name {
	struct part part[NAMES_PARTS];
	size_t n, major;
	bool han;
	size_t variants;		/* readings of the word with most */
};

static void
parse(const char *key, size_t n, struct name *x)
{
	size_t len;

	memset(x, 0, sizeof(*x));
	for (size_t at = 0; at < n && x->n < NAMES_PARTS; x->n++) {
		struct part *p = &x->part[x->n];

		p->minor = key[at] == '-';
		x->major += !p->minor;
		do {
			at++;
			for (len = 0; at + len < n && key[at + len] != ' ' &&
			    key[at + len] != '/'; len++)
				continue;
			if (p->n < READINGS)
				sounds_of(&p->reading[p->n++], key + at, len);
			at += len;
		} while (at < n && key[at] == '/');
		at++;
		x->variants = p->n > x->variants ? p->n : x->variants;
		x->han = x->han || p->reading[0].han;
	}
}

/* The nearest readings of two words. */
static unsigned
words(const struct part *a, const struct part *b, unsigned *ret_weight)
{
	unsigned best = UINT_MAX, w, d;
	unsigned long x, y;

	*ret_weight = 1;
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++) {
			d = turn(&a->reading[i], &b->reading[k]);
			w = (a->reading[i].weight + b->reading[k].weight) / 2;
			w = w == 0 ? 1 : w;
			x = (unsigned long)d * *ret_weight;
			y = (unsigned long)best * w;
			if (best == UINT_MAX || x < y ||
			    (x == y && w > *ret_weight)) {
				best = d;
				*ret_weight = w;
			}
		}
	return best;
}

/* A word that the other name lacks explains nothing, but denies little. */
#define LACKING 24u		/* percent of its weight */
#define LACKING_MINOR 4u
#define SWAPPED 5u

struct pairing {
	const struct name *a, *b;	/* a has no more words than b */
	unsigned d[NAMES_PARTS][NAMES_PARTS], w[NAMES_PARTS][NAMES_PARTS];
	unsigned best;			/* per mille */
	unsigned missing;		/* of it */
	unsigned reasons;
};

static unsigned
lack(const struct part *p, unsigned *ret_weight)
{
	unsigned w = p->reading[0].weight;

	*ret_weight = w * (p->minor ? 10u : 60u) / 100;
	return w * (p->minor ? LACKING_MINOR : LACKING) / 100;
}

/* What an assignment (of a's words: at[i], or NAMES_PARTS for none) costs. */
static void
weigh(struct pairing *p, const size_t *at, unsigned used)
{
	unsigned c = 0, w = 0, lacking = 0, one, reasons = 0, d;
	size_t last = 0;
	bool any = false;

	for (size_t i = 0; i < p->a->n; i++) {
		if (at[i] == NAMES_PARTS) {
			lacking += lack(&p->a->part[i], &one);
			reasons |= p->a->part[i].minor ? NAMES_ENDING :
			    NAMES_MISSING;
			w += one;
			continue;
		}
		c += p->d[i][at[i]];
		w += p->w[i][at[i]];
		if (any && at[i] < last)
			reasons |= NAMES_SWAPPED;
		last = at[i];
		any = true;
	}
	for (size_t k = 0; k < p->b->n; k++)
		if ((used & 1u << k) == 0) {
			lacking += lack(&p->b->part[k], &one);
			w += one;
			reasons |= p->b->part[k].minor ? NAMES_ENDING :
			    NAMES_MISSING;
		}
	if (!any || w == 0)
		return;
	d = (c + lacking) * 1000 / w;
	if ((reasons & NAMES_SWAPPED) != 0)
		d += SWAPPED;
	if (d < p->best) {
		p->best = d;
		p->missing = lacking * 1000 / w;
		p->reasons = reasons;
	}
}

/* Try all assignments of a's words from i on. */
static void
assign(struct pairing *p, size_t i, size_t *at, unsigned used)
{
	if (i == p->a->n) {
		weigh(p, at, used);
		return;
	}
	for (size_t k = 0; k < p->b->n; k++) {
		/* what is this unlike is another word */
		if ((used & 1u << k) != 0 || (p->a->n + p->b->n > 4 &&
		    p->d[i][k] * 2 > p->w[i][k]))
			continue;
		at[i] = k;
		assign(p, i + 1, at, used | 1u << k);
	}
	/* as many of the shorter name's words as it has titles may lack */
	if (p->a->part[i].minor || (p->a->n > 2 && p->b->n > 1)) {
		at[i] = NAMES_PARTS;
		assign(p, i + 1, at, used);
	}
}

/* The words of a name as one, in one reading; turned: from the second on. */
static void
join(const struct name *x, size_t reading, bool turned, char *buf,
    struct sounds *ret)
{
	size_t n = 0, at[NAMES_PARTS], k = 0;

	for (size_t i = 0; i < x->n; i++)
		if (!x->part[i].minor)
			at[k++] = i;
	for (size_t i = 0; i < k; i++) {
		const struct part *p = &x->part[at[(i + turned) % k]];
		const struct sounds *s = &p->reading[reading < p->n ? reading :
		    0];

		for (size_t m = 0; m < s->n && n < SOUNDS_MAX; m++)
			if (s->s[m] != '+' && s->s[m] != '&')
				buf[n++] = s->s[m];
	}
	sounds_of(ret, buf, n);
}

/* Names of unlike numbers of words, each as one word. */
static void
joined(struct pairing *p)
{
	char s[SOUNDS_MAX], t[SOUNDS_MAX];
	const struct name *a = p->a, *b = p->b;
	struct sounds x, y;
	unsigned d, w;

	if (a->major == b->major || a->major == 0 || b->major == 0 ||
	    a->major > 3 || b->major > 3)
		return;
	/* way 1: b's words turned, way 2: a's */
	for (unsigned way = 0; way < 3; way++)
		for (size_t i = 0; i < a->variants; i++)
			for (size_t k = 0; k < b->variants; k++) {
				join(a, i, way == 2, s, &x);
				join(b, k, way == 1, t, &y);
				w = (x.weight + y.weight) / 2;
				d = turn(&x, &y) * 1000 / (w == 0 ? 1 : w) +
				    6 + (way > 0 ? SWAPPED : 0);
				if (d >= p->best)
					continue;
				p->best = d;
				p->missing = 0;
				p->reasons = NAMES_JOINED | (way > 0 ?
				    NAMES_SWAPPED : 0);
			}
}

/* see names.h */
void
names_compare(const char *a, size_t na, const char *b, size_t nb,
    struct names_match *ret)
{
	struct name x, y;
	struct pairing p = { .best = 1000 };
	size_t at[NAMES_PARTS];

	names_score_init();
	parse(a, na, &x);
	parse(b, nb, &y);
	p.a = x.n <= y.n ? &x : &y;
	p.b = x.n <= y.n ? &y : &x;
	for (size_t i = 0; i < p.a->n; i++)
		for (size_t k = 0; k < p.b->n; k++)
			p.d[i][k] = words(&p.a->part[i], &p.b->part[k],
			    &p.w[i][k]);
	if (p.a->n > 0)
		assign(&p, 0, at, 0);
	joined(&p);
	ret->distance = p.best > 1000 ? 1000 : p.best;
	ret->missing = p.best > 1000 ? 0 : p.missing;
	ret->reasons = p.reasons | (x.han != y.han ? NAMES_SCRIPT : 0);
}
