#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <dirent.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "crypto/merkle.h"
#include "tests/unit/vec.h"

#define MOST 130		/* leaves of the trees tried */
#define LEVELS 9

/* A store in memory that notices what should not happen. */
struct memory {
	uint8_t hash[LEVELS][MOST][MERKLE_LEN];
	bool there[LEVELS][MOST];
	unsigned gets, puts;
	unsigned fail_get;	/* 0: never; else the get that fails */
	unsigned fail_put;
};

static enum sq_err
memory_get(void *arg, unsigned level, uint64_t index, uint8_t out[MERKLE_LEN])
{
	struct memory *m = arg;

	if (++m->gets == m->fail_get)
		return SQ_EIO;
	if (level >= LEVELS || index >= MOST || !m->there[level][index])
		return SQ_ENOENT;
	memcpy(out, m->hash[level][index], MERKLE_LEN);
	return SQ_OK;
}

static enum sq_err
memory_put(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_LEN])
{
	struct memory *m = arg;

	if (++m->puts == m->fail_put)
		return SQ_EIO;
	assert_in_range(level, 0, LEVELS - 1);
	assert_in_range(index, 0, MOST - 1);
	assert_false(m->there[level][index]);	/* written once, for good */
	memcpy(m->hash[level][index], hash, MERKLE_LEN);
	m->there[level][index] = true;
	return SQ_OK;
}

static struct memory mem;
static const struct merkle_store store = { memory_get, memory_put, &mem };
static uint8_t leaves[MOST][MERKLE_LEN];

/* Fill the store with n leaves through merkle_append. */
static void
grow(uint64_t n)
{
	uint8_t data[8];

	memset(&mem, 0, sizeof(mem));
	for (uint64_t i = 0; i < n; i++) {
		bytes_le64(data, i);
		merkle_leaf(leaves[i], data, sizeof(data));
		assert_int_equal(merkle_append(&store, i, leaves[i]), SQ_OK);
	}
}

/* --- the definition, as RFC 9162 writes it, recursively ------------------ */

static uint64_t
def_split(uint64_t n)
{
	uint64_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static void
def_head(uint8_t out[MERKLE_LEN], const uint8_t (*d)[MERKLE_LEN], uint64_t n)
{
	uint8_t in[1 + 2 * MERKLE_LEN] = { 1 };
	uint64_t k;

	if (n == 0)
		digest_sha256(out, "", 0);
	else if (n == 1)
		memcpy(out, d[0], MERKLE_LEN);
	else {
		k = def_split(n);
		def_head(in + 1, d, k);
		def_head(in + 1 + MERKLE_LEN, d + k, n - k);
		digest_sha256(out, in, sizeof(in));
	}
}

/* PATH(m, D[n]) of section 2.1.3.1. */
static void
def_path(uint64_t m, const uint8_t (*d)[MERKLE_LEN], uint64_t n,
    struct merkle_proof *p)
{
	uint64_t k;

	if (n == 1)
		return;
	k = def_split(n);
	if (m < k) {
		def_path(m, d, k, p);
		def_head(p->hash[p->n++], d + k, n - k);
	} else {
		def_path(m - k, d + k, n - k, p);
		def_head(p->hash[p->n++], d, k);
	}
}

/* SUBPROOF(m, D[n], b) of section 2.1.4.1. */
static void
def_subproof(uint64_t m, const uint8_t (*d)[MERKLE_LEN], uint64_t n, bool b,
    struct merkle_proof *p)
{
	uint64_t k;

	if (m == n) {
		if (!b)
			def_head(p->hash[p->n++], d, n);
		return;
	}
	k = def_split(n);
	if (m <= k) {
		def_subproof(m, d, k, b, p);
		def_head(p->hash[p->n++], d + k, n - k);
	} else {
		def_subproof(m - k, d + k, n - k, false, p);
		def_head(p->hash[p->n++], d, k);
	}
}

static void
assert_same(const struct merkle_proof *a, const struct merkle_proof *b)
{
	assert_int_equal(a->n, b->n);
	assert_memory_equal(a->hash, b->hash, a->n * MERKLE_LEN);
}

/* --- against the definition ----------------------------------------------- */

static const uint8_t (*
all(void))[MERKLE_LEN]
{
	return (const uint8_t (*)[MERKLE_LEN])leaves;
}

/* Leaf and node, and the tree of nothing. */
static void
hashes_are_separated(void **state)
{
	uint8_t a[MERKLE_LEN], b[MERKLE_LEN], in[1 + 64] = { 0 };

	(void)state;
	grow(2);
	merkle_leaf(a, "", 0);
	digest_sha256(b, "\0", 1);
	assert_memory_equal(a, b, MERKLE_LEN);
	/* a leaf whose data are two hashes is not their node */
	memcpy(in + 1, leaves, 64);
	merkle_leaf(a, in + 1, 64);
	digest_sha256(b, in, 65);
	assert_memory_equal(a, b, MERKLE_LEN);
	merkle_node(b, leaves[0], leaves[1]);
	assert_memory_not_equal(a, b, MERKLE_LEN);
	merkle_node(a, leaves[1], leaves[0]);
	assert_memory_not_equal(a, b, MERKLE_LEN);
	digest_sha256(b, "", 0);
	merkle_head(a, NULL, 0);
	assert_memory_equal(a, b, MERKLE_LEN);
	assert_int_equal(merkle_root(&store, 0, a), SQ_OK);
	assert_memory_equal(a, b, MERKLE_LEN);
}

/* Heads of all sizes, three ways. */
static void
heads_agree(void **state)
{
	uint8_t a[MERKLE_LEN], b[MERKLE_LEN];

	(void)state;
	grow(MOST);
	for (uint64_t n = 0; n <= MOST; n++) {
		def_head(a, all(), n);
		assert_int_equal(merkle_root(&store, n, b), SQ_OK);
		assert_memory_equal(a, b, MERKLE_LEN);
		merkle_head(b, all(), n);
		assert_memory_equal(a, b, MERKLE_LEN);
	}
}

/* Every inclusion proof of every size; each holds for its leaf alone. */
static void
inclusion_agrees(void **state)
{
	struct merkle_proof got, want;
	uint8_t root[MERKLE_LEN];

	(void)state;
	grow(64);
	for (uint64_t n = 1; n <= 64; n++) {
		def_head(root, all(), n);
		for (uint64_t i = 0; i < n; i++) {
			want.n = 0;
			def_path(i, all(), n, &want);
			assert_int_equal(merkle_include(&store, i, n, &got),
			    SQ_OK);
			assert_same(&got, &want);
			for (uint64_t k = 0; k <= n; k++)
				assert_int_equal(merkle_include_check(
				    leaves[i], k, n, &got, root),
				    k == i ? SQ_OK : SQ_EAUTH);
		}
	}
}

/* Every consistency proof; each holds for its two sizes alone. */
static void
consistency_agrees(void **state)
{
	struct merkle_proof got, want;
	uint8_t r1[MERKLE_LEN], r2[MERKLE_LEN];

	(void)state;
	grow(64);
	for (uint64_t n = 1; n <= 64; n++) {
		def_head(r2, all(), n);
		for (uint64_t m = 1; m <= n; m++) {
			def_head(r1, all(), m);
			want.n = 0;
			def_subproof(m, all(), n, true, &want);
			assert_int_equal(merkle_consist(&store, m, n, &got),
			    SQ_OK);
			assert_same(&got, &want);
			assert_int_equal(merkle_consist_check(m, r1, n, r2,
			    &got), SQ_OK);
			/* the old head of any other tree does not pass */
			assert_int_equal(merkle_consist_check(m, leaves[63],
			    n, r2, &got), SQ_EAUTH);
			assert_int_equal(merkle_consist_check(m, r1, n,
			    leaves[63], &got), SQ_EAUTH);
			assert_int_equal(merkle_consist_check(0, r1, n, r2,
			    &got), SQ_EAUTH);
			assert_int_equal(merkle_consist_check(n + 1, r1, n,
			    r2, &got), SQ_EAUTH);
		}
	}
}

/* A proof cut, lengthened or changed in one bit never holds. */
static void
proofs_are_rigid(void **state)
{
	struct merkle_proof p;
	uint8_t r1[MERKLE_LEN], r2[MERKLE_LEN];

	(void)state;
	grow(21);
	def_head(r1, all(), 13);
	def_head(r2, all(), 21);
	for (int kind = 0; kind < 2; kind++) {
		enum sq_err e = kind ? merkle_consist(&store, 13, 21, &p) :
		    merkle_include(&store, 13, 21, &p);
		size_t n = p.n;
#define CHECK() (kind ? merkle_consist_check(13, r1, 21, r2, &p) : \
    merkle_include_check(leaves[13], 13, 21, &p, r2))

		assert_int_equal(e, SQ_OK);
		assert_in_range(n, 3, 10);
		memset(p.hash[n], 0, (MERKLE_PROOF_MAX - n) * MERKLE_LEN);
		assert_int_equal(CHECK(), SQ_OK);
		for (p.n = 0; p.n <= MERKLE_PROOF_MAX; p.n++)
			assert_int_equal(CHECK(), p.n == n ? SQ_OK : SQ_EAUTH);
		p.n = SIZE_MAX;
		assert_int_equal(CHECK(), SQ_EAUTH);
		p.n = n;
		for (size_t bit = 0; bit < 256 * n; bit++) {
			p.hash[bit / 256][bit % 256 / 8] ^=
			    (uint8_t)(1 << bit % 8);
			assert_int_equal(CHECK(), SQ_EAUTH);
			p.hash[bit / 256][bit % 256 / 8] ^=
			    (uint8_t)(1 << bit % 8);
		}
		assert_int_equal(CHECK(), SQ_OK);
	}
}

/* Sizes and numbers at the end of the range neither wrap nor loop. */
static void
extreme_numbers(void **state)
{
	struct merkle_proof p = { .n = MERKLE_PROOF_MAX };

	(void)state;
	grow(2);
	assert_int_equal(merkle_include_check(leaves[0], UINT64_MAX,
	    UINT64_MAX, &p, leaves[1]), SQ_EAUTH);
	assert_int_equal(merkle_include_check(leaves[0], UINT64_MAX - 1,
	    UINT64_MAX, &p, leaves[1]), SQ_EAUTH);
	assert_int_equal(merkle_include_check(leaves[0], 0, 0, &p,
	    leaves[1]), SQ_EAUTH);
	assert_int_equal(merkle_consist_check(UINT64_MAX - 1, leaves[0],
	    UINT64_MAX, leaves[1], &p), SQ_EAUTH);
	assert_int_equal(merkle_consist_check(1ull << 63, leaves[0],
	    UINT64_MAX, leaves[1], &p), SQ_EAUTH);
	assert_int_equal(merkle_append(&store, UINT64_MAX, leaves[0]),
	    SQ_ELIMIT);
	assert_int_equal(merkle_include(&store, 2, 2, &p), SQ_EUSAGE);
	assert_int_equal(merkle_include(&store, 0, 0, &p), SQ_EUSAGE);
	assert_int_equal(merkle_consist(&store, 0, 2, &p), SQ_EUSAGE);
	assert_int_equal(merkle_consist(&store, 3, 2, &p), SQ_EUSAGE);
	/* a store that lacks what the size promises says so */
	assert_int_equal(merkle_root(&store, UINT64_MAX, leaves[0]),
	    SQ_ENOENT);
	assert_int_equal(merkle_include(&store, 0, 1ull << 63, &p),
	    SQ_ENOENT);
	assert_int_equal(merkle_consist(&store, 1, UINT64_MAX, &p),
	    SQ_ENOENT);
}

/* A store of any number of leaves, all the same; a get of it may fail. */
struct endless {
	uint8_t hash[64][MERKLE_LEN];
	unsigned fail;
};

static enum sq_err
endless_get(void *arg, unsigned level, uint64_t index, uint8_t out[MERKLE_LEN])
{
	struct endless *e = arg;

	(void)index;
	assert_in_range(level, 0, 63);
	if (e->fail > 0 && --e->fail == 0)
		return SQ_EIO;
	memcpy(out, e->hash[level], MERKLE_LEN);
	return SQ_OK;
}

/* Trees of up to 2^64 - 1 leaves: no proof is longer than its room. */
static void
endless_trees(void **state)
{
	static struct endless e;
	const struct merkle_store all = { endless_get, NULL, &e };
	const uint64_t half = 1ull << 63;
	struct merkle_proof p;
	uint8_t one[MERKLE_LEN], root[MERKLE_LEN];

	(void)state;
	merkle_leaf(e.hash[0], "x", 1);
	for (size_t i = 1; i < 64; i++)
		merkle_node(e.hash[i], e.hash[i - 1], e.hash[i - 1]);
	assert_int_equal(merkle_root(&all, half, root), SQ_OK);
	assert_memory_equal(root, e.hash[63], sizeof(root));
	assert_int_equal(merkle_root(&all, 1, one), SQ_OK);
	assert_int_equal(merkle_root(&all, UINT64_MAX, root), SQ_OK);
	assert_int_equal(merkle_include(&all, 0, UINT64_MAX, &p), SQ_OK);
	assert_int_equal(p.n, MERKLE_PROOF_MAX);
	assert_int_equal(merkle_include_check(one, 0, UINT64_MAX, &p, root),
	    SQ_OK);
	assert_int_equal(merkle_consist(&all, 1, UINT64_MAX, &p), SQ_OK);
	assert_int_equal(p.n, MERKLE_PROOF_MAX);
	assert_int_equal(merkle_consist_check(1, one, UINT64_MAX, root, &p),
	    SQ_OK);
	/* sixty-five hashes would be wanted */
	assert_int_equal(merkle_consist(&all, half + 1, UINT64_MAX, &p),
	    SQ_ELIMIT);
	/* and the last one of a proof may be what cannot be read */
	e.fail = 3;
	assert_int_equal(merkle_consist(&all, 3, 4, &p), SQ_EIO);
}

/* Appending writes two hashes a leaf at most, and reads few. */
static void
appending_is_cheap(void **state)
{
	(void)state;
	grow(128);
	assert_int_equal(mem.puts, 255);
	assert_int_equal(mem.gets, 127);
	mem.gets = 0;
	assert_int_equal(merkle_root(&store, 127, leaves[129]), SQ_OK);
	assert_int_equal(mem.gets, 7);
}

/* A store that fails, at whichever call, is heard. */
static void
failures_are_heard(void **state)
{
	struct merkle_proof p;
	uint8_t root[MERKLE_LEN];

	(void)state;
	for (unsigned i = 1; i <= 3; i++) {
		grow(7);
		mem.gets = mem.puts = 0;
		mem.fail_get = i;
		assert_int_equal(merkle_append(&store, 7, leaves[0]), SQ_EIO);
		mem.gets = 0;
		assert_int_equal(merkle_root(&store, 7, root), SQ_EIO);
		mem.gets = 0;
		assert_int_equal(merkle_include(&store, 6, 7, &p),
		    i < 3 ? SQ_EIO : SQ_OK);
		mem.gets = 0;
		assert_int_equal(merkle_consist(&store, 5, 7, &p), SQ_EIO);
	}
	for (unsigned i = 1; i <= 4; i++) {
		grow(7);
		mem.puts = 0;
		mem.fail_put = i;
		assert_int_equal(merkle_append(&store, 7, leaves[0]), SQ_EIO);
	}
}

/* --- foreign vectors ------------------------------------------------------ */

/* One hash in base64; false unless it is 32 bytes. */
static bool
get_hash(const char *s, uint8_t out[MERKLE_LEN])
{
	size_t n;

	return s != NULL && bytes_unb64(out, MERKLE_LEN, s, strlen(s), true,
	    &n) == SQ_OK && n == MERKLE_LEN;
}

static bool
get_member(const json_t *o, const char *member, uint8_t out[MERKLE_LEN])
{
	return get_hash(json_string_value(json_object_get(o, member)), out);
}

/* The proof of a vector; null stands for none there. */
static bool
get_proof(const json_t *o, struct merkle_proof *p)
{
	json_t *h;
	size_t i;

	p->n = 0;
	json_array_foreach(json_object_get(o, "proof"), i, h)
		if (p->n == MERKLE_PROOF_MAX ||
		    !get_hash(json_string_value(h), p->hash[p->n++]))
			return false;
	return true;
}

static bool
vector_holds(const json_t *o, bool consistency)
{
	struct merkle_proof p;
	uint8_t a[MERKLE_LEN], b[MERKLE_LEN];

	if (!get_proof(o, &p))
		return false;
	if (consistency)
		return get_member(o, "root1", a) &&
		    get_member(o, "root2", b) &&
		    merkle_consist_check(vec_u64(o, "size1"), a,
		    vec_u64(o, "size2"), b, &p) == SQ_OK;
	return get_member(o, "leafHash", a) && get_member(o, "root", b) &&
	    merkle_include_check(a, vec_u64(o, "leafIdx"),
	    vec_u64(o, "treeSize"), &p, b) == SQ_OK;
}

/* What a walk over the files has seen. */
struct tally {
	size_t good, bad, odd;
};

/*
 * All files below a folder.  One vector shows agreement where we refuse: its
 * two equal "roots" are the words "don't care 2", and every hash of ours is 32
 * bytes long (BUNDLE.md, "Log").
 */
static void
walk(const char *dir, bool consistency, struct tally *t)
{
	struct dirent **list;
	char name[512];
	json_t *o;
	bool want;
	int n = scandir(vec_path(dir), &list, NULL, alphasort);

	assert_true(n >= 0);
	for (int i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "%s/%s", dir,
		    list[i]->d_name);
		if (list[i]->d_name[0] == '.')
			;
		else if (strstr(name, ".json") == NULL)
			walk(name, consistency, t);
		else {
			o = vec_json(name);
			want = !json_boolean_value(json_object_get(o,
			    "wantErr"));
			vec_took("merkle", name, want, vector_holds(o,
			    consistency));
			if (strstr(name, "sizes-are-equal-one-and-proof-is-"
			    "empty.json") != NULL) {
				want = false;
				t->odd++;
			}
			if (vector_holds(o, consistency) != want)
				fail_msg("%s", name);
			t->good += want;
			t->bad += !want;
			json_decref(o);
		}
		free(list[i]);
	}
	free(list);
}

#define TDEV "merkle-transparency-dev/"

static void
transparency_dev_inclusion(void **state)
{
	struct tally t = { 0 };

	(void)state;
	vec_need(TDEV "SOURCE");
	walk(TDEV "testdata/inclusion", false, &t);
	assert_int_equal(t.good, 6);
	assert_int_equal(t.bad, 92);
	assert_int_equal(t.odd, 0);
}

static void
transparency_dev_consistency(void **state)
{
	struct tally t = { 0 };

	(void)state;
	vec_need(TDEV "SOURCE");
	walk(TDEV "testdata/consistency", true, &t);
	assert_int_equal(t.good, 5);
	assert_int_equal(t.bad, 93);
	assert_int_equal(t.odd, 1);
}

/* Name them, so that nobody takes them for checked. */
static void
pass_over(const char *dir)
{
	struct dirent **list;
	char name[512];
	int n = scandir(vec_path(dir), &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "%s/%s", dir,
		    list[i]->d_name);
		if (list[i]->d_name[0] != '.' && strstr(name, ".json") == NULL)
			pass_over(name);
		else if (list[i]->d_name[0] != '.')
			vec_said("merkle", name, "stated", "not read");
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

static void
transparency_dev_subtrees(void **state)
{
	(void)state;
	pass_over(TDEV "testdata/subtreeinclusion");
	pass_over(TDEV "testdata/subtreeconsistency");
	print_message("skipped: subtree proofs (subtreeinclusion, "
	    "subtreeconsistency) are not part of the format\n");
	skip();
}

/* The 13 leaves, their hashes and the roots of all sizes. */
static void
selfmade_log(void **state)
{
	json_t *j = vec_json("tlog-selfmade/log.json"), *o;
	uint8_t want[MERKLE_LEN], got[MERKLE_LEN];
	char number[24];
	size_t i;

	(void)state;
	memset(&mem, 0, sizeof(mem));
	json_array_foreach(json_object_get(j, "leaves_hex"), i, o) {
		struct vec v = vec_unhex(json_string_value(o));

		merkle_leaf(leaves[i], v.p, v.n);
		vec_free(&v);
		assert_true(get_hash(json_string_value(json_array_get(
		    json_object_get(j, "leaf_hashes_b64"), i)), want));
		assert_memory_equal(leaves[i], want, MERKLE_LEN);
		assert_int_equal(merkle_append(&store, i, leaves[i]), SQ_OK);
	}
	assert_int_equal(i, 13);
	for (i = 0; i <= 13; i++) {
		(void)snprintf(number, sizeof(number), "%zu", i);
		assert_true(get_member(json_object_get(j, "roots_b64"),
		    number, want));
		assert_int_equal(merkle_root(&store, i, got), SQ_OK);
		assert_memory_equal(got, want, MERKLE_LEN);
	}
	json_decref(j);
}

/* Its 91 pairs of sizes: accepted, and made again byte for byte. */
static void
selfmade_consistency(void **state)
{
	json_t *j, *o;
	struct merkle_proof got, want;
	size_t i;

	selfmade_log(state);
	j = vec_json("tlog-selfmade/consistency.json");
	json_array_foreach(j, i, o) {
		assert_true(vector_holds(o, true));
		vec_took_id("merkle", "tlog-selfmade/consistency.json", i,
		    true, true);
		assert_true(get_proof(o, &want));
		assert_int_equal(merkle_consist(&store, vec_u64(o, "size1"),
		    vec_u64(o, "size2"), &got), SQ_OK);
		assert_same(&got, &want);
	}
	assert_int_equal(i, 91);
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_separated),
		cmocka_unit_test(heads_agree),
		cmocka_unit_test(inclusion_agrees),
		cmocka_unit_test(consistency_agrees),
		cmocka_unit_test(proofs_are_rigid),
		cmocka_unit_test(extreme_numbers),
		cmocka_unit_test(endless_trees),
		cmocka_unit_test(appending_is_cheap),
		cmocka_unit_test(failures_are_heard),
		cmocka_unit_test(transparency_dev_inclusion),
		cmocka_unit_test(transparency_dev_consistency),
		cmocka_unit_test(transparency_dev_subtrees),
		cmocka_unit_test(selfmade_log),
		cmocka_unit_test(selfmade_consistency),
	};

	return cmocka_run_group_tests_name("merkle", tests, vec_setup, NULL);
}
