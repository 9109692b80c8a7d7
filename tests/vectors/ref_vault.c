/*
 * Reference reader of a vault: opens the folder with a passphrase, straight
 * from docs/FORMAT.md with none of the program's code, checks everything the
 * specification says, and prints what it found as JSON.
 */
#define SQLITE_HAS_CODEC 1
#include <jansson.h>
#include <sqlite3.h>

#include "tests/vectors/ref.h"

#define ENTRIES_MAX 256

static const char *dir;
static uint8_t hd[4096], master[32], seed[32];
static char log_id[33];

/* What STATE pins, and what the entries give. */
struct found {
	uint64_t generation, size;
	uint8_t root[32], heads[32];
};

static struct chains chains;
static uint8_t leaves[ENTRIES_MAX][32];
static size_t n_leaf;

static void
must(bool ok, const char *what)
{
	if (!ok)
		die(what);
}

static void
file(const char *name, uint8_t *p, size_t n)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	must((f = fopen(path, "rb")) != NULL, path);
	must(fread(p, 1, n, f) == n && fgetc(f) == EOF, path);
	fclose(f);
}

/* Section 3: the slot that this passphrase opens; its label goes to out. */
static bool
open_slot(const char *pass, size_t set, char out[65])
{
	uint8_t ikm[32], kek[32], commit[32], plain[160], zero[32] = { 0 };
	const uint8_t *s;
	struct buf bind, b;

	argon(ikm, pass, hd + set);
	for (unsigned i = 0; i < 8; i++) {
		s = hd + 0x80 + 256 * i;
		bind.n = b.n = 0;
		put(&bind, hd, 8);
		le(&bind, 1, 2);
		put(&bind, hd + 0x10, 16);
		put(&bind, hd + set, 48);
		le(&bind, i, 1);
		say(&b, "sandyq/slot/1");
		put(&b, bind.p, bind.n);
		b2(kek, 32, ikm, &b);
		b.n = 0;
		say(&b, "sandyq/commit/1");
		put(&b, bind.p, bind.n);
		put(&b, s, 24);
		b2(commit, 32, kek, &b);
		if (memcmp(commit, s + 24, 32) != 0)
			continue;
		must(xopen(plain, s + 56, 160, s + 216, &bind, s, kek),
		    "slot: ciphertext");
		must(plain[34] == i && plain[35] == 0 &&
		    memcmp(plain + 44, zero, 32) == 0 &&
		    memcmp(plain + 140, zero, 20) == 0, "slot: payload");
		memcpy(master, plain, 32);
		memcpy(out, plain + 76, 64);
		out[64] = '\0';
		return true;
	}
	return false;
}

static void
header(const char *pass, char label[65])
{
	static const uint8_t magic[8] = { 0x89, 'S', 'D', 'Y', 'Q', 13, 10,
	    26 };
	uint8_t second[4096], h[32], k[32], zero[48] = { 0 };
	struct buf b = { .n = 0 };

	file("HEADER", hd, 4096);
	file("HEADER.2", second, 4096);
	must(memcmp(hd, second, 4096) == 0, "HEADER.2 differs");
	must(memcmp(hd, magic, 8) == 0 && rd(hd + 8, 2) == 1 &&
	    rd(hd + 0xC, 4) == 4096 && rd(hd + 0x58, 4) == 1 &&
	    rd(hd + 0x5C, 4) == 0 && memcmp(hd + 0x60, zero, 32) == 0,
	    "HEADER: fields");
	put(&b, hd, 0xFE0);
	b2(h, 32, NULL, &b);
	must(memcmp(h, hd + 0xFE0, 32) == 0, "HEADER: checksum");
	must(rd(hd + 0x20 + 32, 4) == 0x00020013, "HEADER: algorithm");
	must(open_slot(pass, 0x20, label) || (memcmp(hd + 0x880, zero, 48) !=
	    0 && open_slot(pass, 0x880, label)), "no slot opens");
	subkey(k, 32, master, 4);
	b.n = 0;
	put(&b, hd, 0xFC0);
	b2(h, 32, k, &b);
	must(memcmp(h, hd + 0xFC0, 32) == 0, "HEADER: MAC");
}

/* Section 5: the newest record. */
static void
state(struct found *ret)
{
	static const uint8_t magic[8] = { 0x89, 'S', 'D', 'Y', 'S', 13, 10,
	    26 };
	uint8_t s[512], sum[16], key[32], plain[2][448];
	uint64_t seq[2];
	unsigned newest;

	subkey(key, 32, master, 5);
	for (unsigned i = 0; i < 2; i++) {
		struct buf b = { .n = 0 }, ad = { .n = 0 };

		file(i == 0 ? "STATE.0" : "STATE.1", s, 512);
		must(memcmp(s, magic, 8) == 0, "STATE: magic");
		put(&b, s, 496);
		b2(sum, 16, NULL, &b);
		must(memcmp(sum, s + 496, 16) == 0, "STATE: checksum");
		say(&ad, "sandyq/state/1");
		put(&ad, hd + 0x10, 16);
		put(&ad, magic, 8);
		le(&ad, i, 1);
		must(xopen(plain[i], s + 32, 448, s + 480, &ad, s + 8, key),
		    "STATE: seal");
		for (int k = 152; k < 448; k++)
			must(plain[i][k] == 0, "STATE: not zero");
		seq[i] = rd(plain[i], 8);
		must(seq[i] % 2 == i, "STATE: seq in the wrong copy");
	}
	must(seq[0] + 1 == seq[1] || seq[1] + 1 == seq[0],
	    "STATE: seq not consecutive");
	newest = seq[1] > seq[0];
	ret->generation = rd(plain[newest] + 8, 8);
	ret->size = rd(plain[newest] + 16, 8);
	memcpy(ret->root, plain[newest] + 24, 32);
	memcpy(ret->heads, plain[newest] + 56, 32);
	must(rd(plain[newest] + 112, 8) == rd(hd + 0x50, 8) &&
	    memcmp(plain[newest] + 120, hd + 0xFC0, 32) == 0,
	    "STATE: another header is pinned");
}

/* Section 7. */
static sqlite3 *
database(void)
{
	uint8_t key[32], salt[16], first[16];
	char path[512], text[128], h[65], g[33];
	sqlite3 *db;
	FILE *f;

	subkey(key, 32, master, 1);
	subkey(salt, 16, master, 2);
	snprintf(path, sizeof(path), "%s/vault.db", dir);
	must((f = fopen(path, "rb")) != NULL && fread(first, 1, 16, f) == 16 &&
	    memcmp(first, salt, 16) == 0, "vault.db: salt");
	fclose(f);
	hex(h, key, 32);
	hex(g, salt, 16);
	snprintf(text, sizeof(text), "x'%s%s'", h, g);
	must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) ==
	    SQLITE_OK && sqlite3_key(db, text, (int)strlen(text)) ==
	    SQLITE_OK, "vault.db");
	return db;
}

static sqlite3_stmt *
ask(sqlite3 *db, const char *sql, const char *arg)
{
	sqlite3_stmt *st;

	must(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK, sql);
	if (arg != NULL)
		sqlite3_bind_text(st, 1, arg, -1, SQLITE_STATIC);
	return st;
}

static size_t
meta(sqlite3 *db, const char *key, uint8_t *out, size_t cap)
{
	sqlite3_stmt *st = ask(db, "SELECT value FROM meta WHERE key = ?",
	    key);
	size_t n;

	must(sqlite3_step(st) == SQLITE_ROW, key);
	n = (size_t)sqlite3_column_bytes(st, 0);
	must(n <= cap, key);
	memcpy(out, sqlite3_column_blob(st, 0), n);
	sqlite3_finalize(st);
	return n;
}

/* Section 6: the identity. */
static void
unwrap(sqlite3 *db)
{
	uint8_t w[72], k[32], id[16];
	struct buf ad = { .n = 0 };

	must(meta(db, "log", id, 16) == 16, "meta: log");
	hex(log_id, id, 16);
	must(meta(db, "identity", w, 72) == 72, "meta: identity");
	subkey(k, 32, master, 7);
	say(&ad, "sandyq/wrap/1/identity/");
	say(&ad, log_id);
	must(xopen(seed, w + 24, 32, w + 56, &ad, w, k), "identity: seal");
}

/* Section 8: a body of the table entry. */
static void
entry(const uint8_t *p, size_t n, const uint8_t root[32], json_t *out)
{
	static uint8_t leaf[4096][32];
	uint8_t vc[32], own[32], id[32][16];
	size_t ids = 0, count = 0, len, at = 0, nn, index = n_leaf;
	char name[256], last[256] = "";

	while (at < n) {
		nn = rd(p + at + 1, 2);
		must(nn <= 255 && at + 3 + nn < n, "entry: name");
		snprintf(name, sizeof(name), "%.*s", (int)nn,
		    (const char *)p + at + 3);
		must(strcmp(last, name) < 0, "entry: order of names");
		memcpy(last, name, sizeof(last));
		at += 3 + nn;
		must(p[at - 3 - nn] == 1, "entry: form of a field");
		len = rd(p + at + 16, 4);
		must(at + 20 + len <= n, "entry: value");
		vc_of(vc, p + at, (const char *)p + at + 20, len);
		leaf_of(leaf[count++], name, nn, vc);
		if (strcmp(name, "_record") == 0 ||
		    strncmp(name, "_about[", 7) == 0) {
			must(ids < 32 && sodium_hex2bin(id[ids], 16,
			    (const char *)p + at + 21, 32, NULL, NULL,
			    NULL) == 0, "entry: record id");
			ids++;
		}
		json_object_set_new(out, name, json_stringn(
		    (const char *)p + at + 20, len));
		at += 20 + len;
	}
	for (size_t i = 0, j; i < ids; i++) {
		for (j = 0; j < i && memcmp(id[i], id[j], 16) != 0; j++)
			;
		if (j == i)		/* each id once */
			chain_step(&chains, id[i], index, root);
	}
	root_of(own, leaf, count);
	must(memcmp(own, root, 32) == 0, "entry: root");
}

/* All entries; the tree and the heads against what is pinned. */
static json_t *
entries(sqlite3 *db, const struct found *f)
{
	sqlite3_stmt *st = ask(db, "SELECT idx, root, body FROM entry "
	    "ORDER BY idx", NULL);
	json_t *list = json_array(), *one;
	uint8_t h[32];
	char root[65];

	while (sqlite3_step(st) == SQLITE_ROW) {
		must(sqlite3_column_int64(st, 0) == (sqlite3_int64)n_leaf &&
		    sqlite3_column_bytes(st, 1) == 32 && n_leaf < ENTRIES_MAX,
		    "entry: number");
		one = json_object();
		hex(root, sqlite3_column_blob(st, 1), 32);
		json_object_set_new(one, "root", json_string(root));
		entry(sqlite3_column_blob(st, 2),
		    (size_t)sqlite3_column_bytes(st, 2),
		    sqlite3_column_blob(st, 1), one);
		log_leaf_of(leaves[n_leaf++], sqlite3_column_blob(st, 1));
		json_array_append_new(list, one);
	}
	sqlite3_finalize(st);
	must(n_leaf == f->size, "log: size");
	head(h, leaves, n_leaf);
	must(memcmp(h, f->root, 32) == 0, "log: root");
	heads_of(&chains, h);
	must(memcmp(h, f->heads, 32) == 0, "log: heads");
	return list;
}

/* The signed checkpoint that stands in meta. */
static void
checkpoint(sqlite3 *db, const struct found *f)
{
	uint8_t s[32], pk[32], sk[64], got[4096], sig[68], h[32];
	struct buf b = { .n = 0 }, k = { .n = 0 };
	char n[24];

	seed_of(s, seed, "note");
	crypto_sign_seed_keypair(pk, sk, s);
	say(&b, "sandyq/");
	say(&b, log_id);
	put(&k, b.p, b.n);
	say(&k, "\n");
	le(&k, 1, 1);
	put(&k, pk, 32);
	sha(h, &k);
	snprintf(n, sizeof(n), "\n%zu\n", (size_t)f->size);
	say(&b, n);
	b64(&b, f->root, 32, true);
	say(&b, "\n");
	memcpy(sig, h, 4);
	crypto_sign_detached(sig + 4, NULL, b.p, b.n, sk);
	say(&b, "\n\xE2\x80\x94 sandyq/");
	say(&b, log_id);
	say(&b, " ");
	b64(&b, sig, 68, true);
	say(&b, "\n");
	must(meta(db, "checkpoint", got, sizeof(got)) == b.n &&
	    memcmp(got, b.p, b.n) == 0, "checkpoint");
}

/* The first line of a file. */
static void
line(const char *path, char out[1025])
{
	FILE *f = fopen(path, "r");

	must(f != NULL && fgets(out, 1025, f) != NULL, path);
	out[strcspn(out, "\n")] = '\0';
	fclose(f);
}

int
main(int argc, char **argv)
{
	uint8_t gen[8], slots[600];
	struct found f;
	char pass[1025], label[65], h[65];
	sqlite3 *db;
	json_t *o = json_object(), *list;

	if (argc != 3 || sodium_init() < 0)
		die("usage: ref_vault FOLDER PASSPHRASE-FILE");
	dir = argv[1];
	line(argv[2], pass);
	header(pass, label);
	state(&f);
	db = database();
	must(meta(db, "generation", gen, 8) == 8 && rd(gen, 8) ==
	    f.generation, "generation");
	must(meta(db, "slots", slots, 600) == 560 && memcmp(slots,
	    hd + 0x50, 8) == 0 && memcmp(slots + 8, hd + 0xFC0, 32) == 0,
	    "meta: slots");
	unwrap(db);
	list = entries(db, &f);
	checkpoint(db, &f);
	sqlite3_close(db);
	json_object_set_new(o, "label", json_string(label));
	json_object_set_new(o, "log", json_string(log_id));
	json_object_set_new(o, "size", json_integer((json_int_t)f.size));
	hex(h, f.root, 32);
	json_object_set_new(o, "log_root", json_string(h));
	hex(h, f.heads, 32);
	json_object_set_new(o, "heads", json_string(h));
	json_object_set_new(o, "entries", list);
	json_dumpf(o, stdout, JSON_INDENT(1));
	puts("");
	json_decref(o);
	return 0;
}
