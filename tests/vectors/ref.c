/*
 * Reference writer: makes the vectors in the folder named, straight from
 * docs/FORMAT.md and docs/BUNDLE.md, with none of the program's code.  What is
 * random in reality follows here from a name, so that every run gives the same
 * bytes.
 */
#include <jansson.h>

#include "tests/vectors/ref.h"
#include "tests/vectors/ref_keys.h"

static const char *dir;
static uint8_t master[32], vault_id[16];
static const uint8_t magic[8] = { 0x89, 'S', 'D', 'Y', 'Q', 13, 10, 26 };

/* --- JSON --------------------------------------------------------------- */

static json_t *
jhex(const void *p, size_t n)
{
	char *s = malloc(2 * n + 1);
	json_t *j;

	if (s == NULL)
		die("memory");
	hex(s, p, n);
	j = json_string(s);
	free(s);
	return j;
}

static json_t *
jbuf(const struct buf *b)
{
	json_t *j = json_stringn((const char *)b->p, b->n);

	return j != NULL ? j : (die("not UTF-8"), NULL);
}

static void
set(json_t *o, const char *key, json_t *v)
{
	if (json_object_set_new(o, key, v) != 0)
		die(key);
}

static json_t *
begin(const char *what, const char *spec)
{
	json_t *o = json_object();

	set(o, "what", json_string(what));
	set(o, "specification", json_string(spec));
	return o;
}

static void
save(json_t *o, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.json", dir, name);
	if (json_dump_file(o, path, JSON_INDENT(1)) != 0)
		die(path);
	json_decref(o);
}

/* --- section 3 and 4: sets, keys, header -------------------------------- */

static void
make_set(uint8_t out[48], const char *name, uint32_t kib, uint32_t passes,
    uint32_t lanes)
{
	struct buf b = { .n = 32 };

	det(b.p, 32, name);
	le(&b, 0x00020013, 4);
	le(&b, kib, 4);
	le(&b, passes, 4);
	le(&b, lanes, 4);
	memcpy(out, b.p, 48);
}

static void
keys(const uint8_t set_a[48])
{
	/* typed with a combining acute accent; NFC has one letter */
	const char *typed = "cafe\xCC\x81 \xD2\x93", *nfc =
	    "caf\xC3\xA9 \xD2\x93";
	json_t *o = begin("Argon2id set, and the keys of a master key",
	    "docs/FORMAT.md sections 3 and 4"), *list = json_array(), *k;
	uint8_t ikm[32], key[32];
	size_t n;

	argon(ikm, nfc, set_a);
	set(o, "typed", json_string(typed));
	set(o, "nfc", json_string(nfc));
	set(o, "set", jhex(set_a, 48));
	set(o, "ikm", jhex(ikm, 32));
	set(o, "master", jhex(master, 32));
	for (uint64_t id = 1; id <= 7; id++) {
		n = id == 2 ? 16 : 32;
		subkey(key, n, master, id);
		k = json_object();
		set(k, "id", json_integer((json_int_t)id));
		set(k, "key", jhex(key, n));
		json_array_append_new(list, k);
	}
	set(o, "subkeys", list);
	save(o, "keys");
}

struct slot {
	const char *pass, *label, *name;
	int kind, index, set;
};

static void
make_slot(uint8_t out[256], const struct slot *s, const uint8_t kdf[48],
    uint64_t generation, json_t *list)
{
	struct buf bind = { .n = 0 }, b = { .n = 0 }, p = { .n = 0 };
	uint8_t ikm[32], kek[32], zero[64] = { 0 };
	json_t *o = json_object();

	put(&bind, magic, 8);
	le(&bind, 1, 2);
	put(&bind, vault_id, 16);
	put(&bind, kdf, 48);
	le(&bind, (uint64_t)s->index, 1);
	argon(ikm, s->pass, kdf);
	say(&b, "sandyq/slot/1");
	put(&b, bind.p, bind.n);
	b2(kek, 32, ikm, &b);
	det(out, 256, s->name);		/* nonce and fill are used */
	b.n = 0;
	say(&b, "sandyq/commit/1");
	put(&b, bind.p, bind.n);
	put(&b, out, 24);
	b2(out + 24, 32, kek, &b);
	put(&p, master, 32);
	le(&p, (uint64_t)s->kind, 1);
	le(&p, 0, 1);
	le(&p, (uint64_t)s->index, 1);
	le(&p, 0, 1);
	le(&p, generation, 8);
	put(&p, zero, 32);
	say(&p, s->label);
	put(&p, zero, 64 - strlen(s->label));
	put(&p, zero, 20);
	xseal(out + 56, out + 216, p.p, 160, &bind, out, kek);
	set(o, "passphrase", json_string(s->pass));
	set(o, "set", json_integer(s->set));
	set(o, "index", json_integer(s->index));
	set(o, "kind", json_integer(s->kind));
	set(o, "label", json_string(s->label));
	set(o, "kek", jhex(kek, 32));
	set(o, "slot", jhex(out, 256));
	json_array_append_new(list, o);
}

static void
header(const uint8_t set_a[48], const char *recovery)
{
	const struct slot slots[] = {
		{ "first passphrase",
		    "\xD0\x90\xD0\xB9\xD0\xB3\xD2\xAF\xD0\xBB",
		    "slot 2", 1, 2, 0 },
		{ recovery, "recovery sheet", "slot 5", 2, 5, 0 },
		{ "of the second set", "", "slot 7", 1, 7, 1 }
	};
	json_t *o = begin("HEADER with three slots, two of them under set A, "
	    "one under set B; the others are random",
	    "docs/FORMAT.md section 3"), *list = json_array();
	uint8_t set_b[48], k_hdr[32], fill[4096];
	struct buf b = { .n = 0 };

	make_set(set_b, "set B", 65536, 3, 1);
	det(fill, sizeof(fill), "header");
	put(&b, magic, 8);
	le(&b, 1, 2);
	le(&b, 0, 2);
	le(&b, 4096, 4);
	put(&b, vault_id, 16);
	put(&b, set_a, 48);
	le(&b, 0x11223344, 8);
	le(&b, 1, 4);
	le(&b, 0, 4);
	memset(b.p + b.n, 0, 32);
	b.n += 32;
	put(&b, fill, 8 * 256);
	for (size_t i = 0; i < 3; i++)
		make_slot(b.p + 128 + 256 * slots[i].index, &slots[i],
		    slots[i].set == 0 ? set_a : set_b, 0x11223344, list);
	put(&b, set_b, 48);
	put(&b, fill + 2048, 1808);
	subkey(k_hdr, 32, master, 4);
	b2(b.p + b.n, 32, k_hdr, &b);
	b.n += 32;
	b2(b.p + b.n, 32, NULL, &b);
	b.n += 32;
	set(o, "master", jhex(master, 32));
	set(o, "generation", json_integer(0x11223344));
	set(o, "slots", list);
	set(o, "header", jhex(b.p, 4096));
	save(o, "header");
}

/* --- section 5: STATE --------------------------------------------------- */

static void
state(void)
{
	json_t *o = begin("STATE.0 and STATE.1", "docs/FORMAT.md section 5"),
	    *list = json_array(), *c;
	uint8_t key[32], out[512], plain[448], h[96];

	subkey(key, 32, master, 5);
	det(h, sizeof(h), "state");
	set(o, "key", jhex(key, 32));
	set(o, "vault_id", jhex(vault_id, 16));
	for (unsigned copy = 0; copy < 2; copy++) {
		const uint64_t v[] = { 40 + copy, 39 + copy, 70 + copy, 0, 0,
		    1767322000 + copy, 0x11223344 };
		static const char *const name[] = { "seq", "generation",
		    "log_size", "objects", "bytes", "time",
		    "header_generation" };
		struct buf p = { .n = 0 }, ad = { .n = 0 }, b = { .n = 0 };

		memset(plain, 0, sizeof(plain));
		for (int i = 0; i < 3; i++)
			le(&p, v[i], 8);
		put(&p, h, 64);
		for (int i = 3; i < 7; i++)
			le(&p, v[i], 8);
		put(&p, h + 64, 32);
		memcpy(plain, p.p, p.n);
		memcpy(out, magic, 8);
		out[4] = 'S';
		det(out + 8, 24, copy == 0 ? "nonce 0" : "nonce 1");
		say(&ad, "sandyq/state/1");
		put(&ad, vault_id, 16);
		put(&ad, out, 8);
		le(&ad, copy, 1);
		xseal(out + 32, out + 480, plain, 448, &ad, out + 8, key);
		put(&b, out, 496);
		b2(out + 496, 16, NULL, &b);
		c = json_object();
		set(c, "copy", json_integer(copy));
		for (int i = 0; i < 7; i++)
			set(c, name[i], json_integer((json_int_t)v[i]));
		set(c, "log_root", jhex(h, 32));
		set(c, "heads", jhex(h + 32, 32));
		set(c, "header_mac", jhex(h + 64, 32));
		set(c, "record", jhex(out, 512));
		json_array_append_new(list, c);
	}
	set(o, "copies", list);
	save(o, "state");
}

/* --- section 6: keys ---------------------------------------------------- */

static void
text(json_t *o, const char *key, void (*fn)(struct buf *))
{
	struct buf b = { .n = 0 };

	fn(&b);
	set(o, key, jbuf(&b));
}

static void
identities(void)
{
	static const char *const use[] = { "note", "minisign", "ssh" };
	static struct pair *const pair[] = { &note, &mini, &ssh };
	json_t *o = begin("Keys of a log: seeds, public keys, texts, and the "
	    "identity wrapped as in the table meta",
	    "docs/FORMAT.md section 6, docs/BUNDLE.md section 9"), *k;
	uint8_t x[32], pk[32], kid[32], wrap[72];
	struct buf b = { .n = 0 }, ad = { .n = 0 };

	set(o, "log", json_string(LOG_ID));
	set(o, "date", json_string(TIME));
	set(o, "identity", jhex(identity, 32));
	for (int i = 0; i < 3; i++) {
		k = json_object();
		set(k, "seed", jhex(pair[i]->seed, 32));
		set(k, "public", jhex(pair[i]->pk, 32));
		set(o, use[i], k);
	}
	seed_of(x, identity, "age");
	crypto_scalarmult_base(pk, x);
	k = json_object();
	set(k, "seed", jhex(x, 32));
	bech32(&b, "age", pk);
	set(k, "public", jbuf(&b));
	set(o, "age", k);
	text(o, "key_note", vkey);
	text(o, "key_minisign", mini_key);
	text(o, "key_ssh", ssh_print);
	text(o, "ssh_public", ssh_key);
	text(o, "key_card", card);
	text(o, "sandyq_pub", pub_file);
	text(o, "allowed_signers", signers);
	set(o, "master", jhex(master, 32));
	subkey(kid, 32, master, 7);
	det(wrap, 24, "wrap");
	say(&ad, "sandyq/wrap/1/identity/" LOG_ID);
	xseal(wrap + 24, wrap + 56, identity, 32, &ad, wrap, kid);
	set(o, "wrapped", jhex(wrap, 72));
	save(o, "identity");
}

/* --- section 8: entries ------------------------------------------------- */

struct field {
	const char *name, *value;
};

/* Ascending; values as RFC 8785 spells them. */
static const struct field entry_fields[] = {
	{ "_about[00000]", "\"0123456789abcdef0123456789abcdef\"" },
	{ "_actor", "\"\xD0\x90\xD0\xB9\xD0\xB3\xD2\xAF\xD0\xBB\"" },
	{ "_kind", "\"revision\"" },
	{ "_log", "\"" LOG_ID "\"" },
	{ "_parents", "[\"c77baf5528d6911e901fdffc55efd3a0722e2a86f833ab9d7c09"
	    "5a1945750a42\"]" },
	{ "_reason",
	    "\"tab \\t, bell \\u0007, quote \\\", slash / and \\\\\"" },
	{ "_record", "\"a233e7699a56763e93780b24832f5b81\"" },
	{ "_ref", "\"T-1\"" },
	{ "_time", "\"" TIME "\"" },
	{ "_type", "\"testimony\"" },
	{ "date", "\"2017-10~\"" },
	{ "duration", "9007199254740991" },
	{ "graphic", "true" },
	{ "shows_faces", "false" },
	{ "size", "-1" },
	{ "subject[00000]", "\"21e960a0c53c4493742d47d96b0d070f\"" },
	{ "subject[00001]", "\"a233e7699a56763e93780b24832f5b81\"" },
	{ "summary", "{\"lang\":\"kk-Arab\",\"text\":\"\xD8\xAA\xDB\x87"
	    "\xD8\xB1\xD8\xBA\xD8\xA7\xD9\x86\xD8\xA8\xD8\xA7\xD9\x8A\"}" },
	{ "text", "{\"lang\":\"zh-Hans\",\"text\":\"\xE5\x90\x90\xE5\xB0\x94"
	    "\\n\xF0\x9F\x90\xAA\"}" },
	{ "x", "[1,[],{},{\"a\":[true],\"b_2\":\"\"}]" }
};
#define NFIELDS (sizeof(entry_fields) / sizeof(entry_fields[0]))

/* What becomes of a field: 'o'pen, 'w'ithheld, 'e'rased, 'h'idden. */
static void
entry_texts(json_t *o, const char *what, uint8_t (*salt)[16],
    uint8_t (*vc)[32], uint8_t (*leaf)[32], const uint8_t root[32],
    json_t *list)
{
	struct buf disk = { .n = 0 }, js = { .n = 0 };
	const struct field *f;
	json_t *one = json_object();

	(void)o;
	say(&js, "{\"entry\":\"");
	put_hex(&js, root, 32);
	say(&js, "\",\"index\":6,\"fields\":[");
	for (size_t i = 0; i < NFIELDS; i++) {
		f = &entry_fields[i];
		le(&disk, what[i] == 'o' ? 1 : what[i] == 'w' ? 2 : 4, 1);
		le(&disk, strlen(f->name), 2);
		say(&disk, f->name);
		if (what[i] == 'o') {
			put(&disk, salt[i], 16);
			le(&disk, strlen(f->value), 4);
			say(&disk, f->value);
		} else
			put(&disk, vc[i], 32);
		say(&js, i == 0 ? "{" : ",{");
		if (what[i] == 'h') {
			say(&js, "\"leaf\":\"");
			put_hex(&js, leaf[i], 32);
			say(&js, "\"}");
			continue;
		}
		say(&js, "\"name\":\"");
		say(&js, f->name);
		say(&js, what[i] == 'o' ? "\",\"salt\":\"" : "\",\"vc\":\"");
		put_hex(&js, what[i] == 'o' ? salt[i] : vc[i],
		    what[i] == 'o' ? 16 : 32);
		say(&js, what[i] == 'o' ? "\",\"value\":" : "\"");
		say(&js, what[i] == 'o' ? f->value : "");
		say(&js, "}");
	}
	say(&js, "]}");
	set(one, "fields", json_string(what));
	if (strchr(what, 'h') == NULL)
		set(one, "stored", jhex(disk.p, disk.n));
	set(one, "json", jbuf(&js));
	json_array_append_new(list, one);
}

/* What a canonicaliser makes of other spellings, and what it refuses. */
static void
canon(json_t *o)
{
	static const char *const in[][2] = {
		{ " { \"b\" : 1 , \"a\" : \"\\u00e9\" } ",
		    "{\"a\":\"\xC3\xA9\",\"b\":1}" },
		{ "\"\\u001F\\/\\u0022\"", "\"\\u001f/\\\"\"" },
		{ "\"\\uD83D\\uDC2A\"", "\"\xF0\x9F\x90\xAA\"" },
		{ "[ true, false, -7 ]", "[true,false,-7]" },
		{ "{\"a\":1,\"a_\":2,\"a1\":3}", "{\"a\":1,\"a1\":3,\"a_\":2}" }
	};
	static const char *const no[] = { "1.0", "1e3", "-0", "null",
	    "9007199254740992", "{\"a\":1,\"a\":2}", "{\"A\":1}", "{\"\":1}",
	    "\"\\u0000\"", "\"\\ud83d\"", "[1,]", "", "tru",
	    "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]" };
	json_t *list = json_array(), *one, *bad = json_array();

	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		one = json_array();
		json_array_append_new(one, json_string(in[i][0]));
		json_array_append_new(one, json_string(in[i][1]));
		json_array_append_new(list, one);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		json_array_append_new(bad, json_string(no[i]));
	set(o, "canonical", list);
	set(o, "refused", bad);
}

static void
entries(void)
{
	json_t *o = begin("An entry: commitments, leaves, root; its stored "
	    "form and record.json with fields open (o), withheld (w), erased "
	    "(e) and hidden (h); and canonical values",
	    "docs/FORMAT.md section 8, docs/BUNDLE.md section 5"),
	    *list = json_array(), *forms = json_array(), *f;
	uint8_t salt[NFIELDS][16], vc[NFIELDS][32], leaf[NFIELDS][32];
	uint8_t root[32];
	const struct field *e;

	for (size_t i = 0; i < NFIELDS; i++) {
		e = &entry_fields[i];
		det(salt[i], 16, e->name);
		vc_of(vc[i], salt[i], e->value, strlen(e->value));
		leaf_of(leaf[i], e->name, strlen(e->name), vc[i]);
		f = json_object();
		set(f, "name", json_string(e->name));
		set(f, "salt", jhex(salt[i], 16));
		set(f, "value", json_string(e->value));
		set(f, "vc", jhex(vc[i], 32));
		set(f, "leaf", jhex(leaf[i], 32));
		json_array_append_new(list, f);
	}
	root_of(root, leaf, NFIELDS);
	set(o, "fields", list);
	set(o, "root", jhex(root, 32));
	entry_texts(o, "oooooooooooooooooooo", salt, vc, leaf, root, forms);
	entry_texts(o, "wwoooeowooewowowwowo", salt, vc, leaf, root, forms);
	entry_texts(o, "hhooohohwooowhhhohho", salt, vc, leaf, root, forms);
	set(o, "forms", forms);
	canon(o);
	save(o, "entry");
}

/* --- sections 10 and 11: the log ---------------------------------------- */

#define LOG_N 7

static uint8_t log_root[LOG_N][32], log_leaf[LOG_N][32], log_head[32];

/* Entry i of the log: of record own, about others. */
static void
log_entry(size_t i, uint8_t (*id)[16], size_t n, struct buf *disk)
{
	static const char *const name[] = { "_about[00000]", "_about[00001]",
	    "_kind", "_log", "_parents", "_record", "_type" };
	uint8_t leaf[7][32], vc[32], salt[16];
	char value[64], h[33];
	size_t k = 0;

	for (size_t j = 0; j < 7; j++) {
		if ((j < 2 && j + 1 >= n) || (j == 5 && n == 0))
			continue;
		if (j < 2 || j == 5) {
			hex(h, id[j == 5 ? 0 : j + 1], 16);
			snprintf(value, sizeof(value), "\"%s\"", h);
		} else
			snprintf(value, sizeof(value), "%s", j == 2 ?
			    "\"revision\"" : j == 3 ? "\"" LOG_ID "\"" :
			    j == 4 ? "[]" : "\"testimony\"");
		snprintf(h, sizeof(h), "entry %zu %s", i, name[j]);
		det(salt, 16, h);
		vc_of(vc, salt, value, strlen(value));
		leaf_of(leaf[k++], name[j], strlen(name[j]), vc);
		le(disk, 1, 1);
		le(disk, strlen(name[j]), 2);
		say(disk, name[j]);
		put(disk, salt, 16);
		le(disk, strlen(value), 4);
		say(disk, value);
	}
	root_of(log_root[i], leaf, k);
	log_leaf_of(log_leaf[i], log_root[i]);
}

static void
checkpoint(struct buf *b, const uint8_t root[32], size_t n)
{
	uint8_t sig[68];
	char s[24];
	size_t from = b->n;

	say(b, "sandyq/" LOG_ID "\n");
	snprintf(s, sizeof(s), "%zu\n", n);
	say(b, s);
	b64(b, root, 32, true);
	say(b, "\n");
	key_hash(sig);
	crypto_sign_detached(sig + 4, NULL, b->p + from, b->n - from,
	    note.sk);
	say(b, "\n\xE2\x80\x94 sandyq/" LOG_ID " ");
	b64(b, sig, 68, true);
	say(b, "\n");
}

static json_t *
proofs(void)
{
	json_t *list = json_array();
	struct proof p;
	char s[32];

	for (size_t i = 0; i < LOG_N; i++) {
		struct buf b = { .n = 0 };

		memset(&p, 0, sizeof(p));
		path(&p, i, log_leaf, LOG_N);
		snprintf(s, sizeof(s), "index %zu\n", i);
		say(&b, "c2sp.org/tlog-proof@v1\n");
		say(&b, s);
		for (size_t k = 0; k < p.n; k++) {
			b64(&b, p.h[k], 32, true);
			say(&b, "\n");
		}
		say(&b, "\n");
		checkpoint(&b, log_head, LOG_N);
		json_array_append_new(list, jbuf(&b));
	}
	return list;
}

static json_t *
consistencies(void)
{
	json_t *list = json_array();
	struct proof p;
	uint8_t h[32];
	char s[32];

	for (size_t m = 1; m <= LOG_N; m++) {
		struct buf b = { .n = 0 };

		memset(&p, 0, sizeof(p));
		subproof(&p, m, log_leaf, LOG_N, true);
		head(h, log_leaf, m);
		snprintf(s, sizeof(s), "%zu\n", m);
		say(&b, "sandyq-consistency/v1\n");
		say(&b, s);
		b64(&b, h, 32, true);
		snprintf(s, sizeof(s), "\n%d\n", LOG_N);
		say(&b, s);
		for (size_t k = 0; k < p.n; k++) {
			b64(&b, p.h[k], 32, true);
			say(&b, "\n");
		}
		json_array_append_new(list, jbuf(&b));
	}
	return list;
}

/* Three records, of which the last shares a bucket with the first. */
static void
three_ids(uint8_t id[3][16])
{
	uint8_t h[32], want[32];
	char s[32];

	det(id[0], 16, "record a");
	det(id[1], 16, "record b");
	crypto_hash_sha256(want, id[0], 16);
	for (unsigned i = 0;; i++) {
		snprintf(s, sizeof(s), "record c %u", i);
		det(id[2], 16, s);
		crypto_hash_sha256(h, id[2], 16);
		if (h[0] == want[0] && h[1] >> 4 == want[1] >> 4)
			return;
	}
}

static void
head_words(json_t *o)
{
	struct buf b = { .n = 0 };

	for (int i = 0; i < 4; i++) {
		say(&b, i == 0 ? "" : " ");
		say(&b, words[((uint32_t)log_head[4 * i] << 16 |
		    (uint32_t)log_head[4 * i + 1] << 8 |
		    log_head[4 * i + 2]) % 7776]);
	}
	set(o, "words", jbuf(&b));
}

static void
logs(void)
{
	/* which of the three each entry names, its own first */
	static const int names[LOG_N][3] = { { -1 }, { 0, -1 }, { 1, 0, -1 },
	    { 2, -1 }, { 0, -1 }, { 1, 2, 0 }, { 2, 1, -1 } };
	json_t *o = begin("A log of seven entries: leaves, heads of the tree "
	    "and of the records after each, checkpoint, proofs",
	    "docs/FORMAT.md sections 10 and 11, docs/BUNDLE.md section 8"),
	    *list = json_array(), *f;
	uint8_t id[3][16], own[3][16], h[32];
	struct chains ch = { .n = 0 };
	struct buf b = { .n = 0 };

	three_ids(id);
	for (size_t i = 0; i < LOG_N; i++) {
		struct buf disk = { .n = 0 };
		size_t n = 0;

		for (; n < 3 && names[i][n] >= 0; n++)
			memcpy(own[n], id[names[i][n]], 16);
		log_entry(i, own, n, &disk);
		for (size_t k = 0; k < n; k++)
			chain_step(&ch, own[k], i, log_root[i]);
		f = json_object();
		set(f, "stored", jhex(disk.p, disk.n));
		set(f, "root", jhex(log_root[i], 32));
		set(f, "leaf", jhex(log_leaf[i], 32));
		head(log_head, log_leaf, i + 1);
		set(f, "log_root", jhex(log_head, 32));
		heads_of(&ch, h);
		set(f, "heads", jhex(h, 32));
		json_array_append_new(list, f);
	}
	set(o, "log", json_string(LOG_ID));
	set(o, "note_seed", jhex(note.seed, 32));
	set(o, "entries", list);
	list = json_array();
	for (size_t i = 0; i < ch.n; i++) {
		f = json_object();
		set(f, "record", jhex(ch.v[i].id, 16));
		set(f, "c", jhex(ch.v[i].c, 32));
		set(f, "bucket", json_integer(ch.v[i].bucket));
		json_array_append_new(list, f);
	}
	set(o, "chains", list);
	checkpoint(&b, log_head, LOG_N);
	set(o, "checkpoint", jbuf(&b));
	set(o, "proofs", proofs());
	set(o, "consistency", consistencies());
	head_words(o);
	save(o, "log");
}

/* --- section 12: recovery sheet ----------------------------------------- */

static void
recovery(char code[256])
{
	json_t *o = begin("A recovery code, other spellings of it, and what "
	    "is refused", "docs/FORMAT.md section 12"), *list = json_array(),
	    *bad = json_array();
	uint8_t r[40], h[32];
	char three[64], sheet[512], upper[256], swapped[256];
	size_t n = 0, at = 0;

	det(r, sizeof(r), "recovery");
	code[0] = '\0';
	for (int g = 1; g <= 5; g++) {
		struct buf b = { .n = 0 };
		const char *w[3];
		uint64_t v = 0;

		for (int i = 0; i < 3; i++, n += 2)
			w[i] = words[(r[n] * 256u + r[n + 1]) % 7776];
		snprintf(three, sizeof(three), "%s %s %s", w[0], w[1], w[2]);
		say(&b, "sandyq/recovery/1");
		le(&b, (uint64_t)g, 1);
		say(&b, three);
		b2(h, 32, NULL, &b);
		for (int i = 0; i < 8; i++)
			v = v << 8 | h[i];
		at += (size_t)snprintf(code + at, 256 - at, "%s%s %s",
		    g == 1 ? "" : " ", three, words[v % 7776]);
	}
	n = at = 0;
	for (const char *p = code; *p != '\0'; p++) {
		if (n % 4 == 0 && (p == code || p[-1] == ' '))
			at += (size_t)snprintf(sheet + at, 512 - at,
			    "\n  %zu.  ", n / 4 + 1);
		n += *p == ' ';
		at += (size_t)snprintf(sheet + at, 512 - at, "%c", *p);
	}
	for (n = 0; code[n] != '\0'; n++)
		upper[n] = code[n] == ' ' ? ',' : (char)(code[n] >= 'a' ?
		    code[n] - 32 : code[n]);
	upper[n] = '\0';
	/* the second word first */
	n = strcspn(code, " ");
	at = strcspn(code + n + 1, " ");
	snprintf(swapped, sizeof(swapped), "%.*s %.*s%s", (int)at,
	    code + n + 1, (int)n, code, code + n + 1 + at);
	set(o, "code", json_string(code));
	json_array_append_new(list, json_string(code));
	json_array_append_new(list, json_string(sheet));
	json_array_append_new(list, json_string(upper));
	set(o, "accepted", list);
	json_array_append_new(bad, json_string(swapped));
	json_array_append_new(bad, json_string(strchr(code, ' ') + 1));
	json_array_append_new(bad, json_string(""));
	set(o, "refused", bad);
	save(o, "recovery");
}

/* --- BUNDLE.md sections 2, 4, 6 and 7 ----------------------------------- */

/* STATEMENT.txt, with or without a bundle before it. */
static void
statement(struct buf *b, bool previous)
{
	uint8_t h[32];

	say(b, "evidence-bundle/v1\nbundle: 000102030405060708090a0b0c0d0e0f\n"
	    "created: " TIME "\nlog: " LOG_ID "\nkey-note: ");
	vkey(b);
	say(b, "\nkey-minisign: ");
	mini_key(b);
	say(b, "\nkey-ssh: ");
	ssh_print(b);
	say(b, previous ? "\nrecipient: -\n" : "\nrecipient: age1jzern6kye4ml"
	    "xgkev9ssqn09g939epjsmuykxc8keckndud79a6sue8tp9\n");
	say(b, "recipient-name: \"Office \\\"of\\\" \\u043f\\u0440\\u0430"
	    "\\u0432\\u0430 \\\\ \\ud83d\\udc2a\\u000a\"\npurpose: \"\"\n"
	    "profile: lawyer\nitems: 3\nattachments: 0\nbytes: 12345\n");
	det(h, 32, "tagmanifest");
	say(b, "SHA256 (bag/tagmanifest-sha256.txt) = ");
	put_hex(b, h, 32);
	det(h, 32, "readme");
	say(b, "\nSHA256 (READ-ME-FIRST.txt) = ");
	put_hex(b, h, 32);
	say(b, "\nlog-origin: sandyq/" LOG_ID "\nlog-size: 7\nlog-root: ");
	put_hex(b, log_head, 32);
	head(h, log_leaf, 4);
	say(b, "\nprevious-size: ");
	say(b, previous ? "4\nprevious-root: " : "-\nprevious-root: -");
	if (previous)
		put_hex(b, h, 32);
	say(b, "\nprogram: sandyq 0.1\nThis statement does not assert that "
	    "the content is true.\n");
}

static void
minisig(struct buf *out, const struct buf *msg)
{
	static const char trusted[] = "bundle 000102030405060708090a0b0c0d0e0f"
	    " created " TIME " log " LOG_ID " size 7";
	uint8_t h[64], sig[74] = "ED", global[64];
	struct buf b = { .n = 0 };

	b2(h, 64, NULL, msg);
	mini_id(sig + 2);
	crypto_sign_detached(sig + 10, NULL, h, 64, mini.sk);
	put(&b, sig + 10, 64);
	say(&b, trusted);
	crypto_sign_detached(global, NULL, b.p, b.n, mini.sk);
	say(out, "untrusted comment: signature from sandyq\n");
	b64(out, sig, 74, true);
	say(out, "\ntrusted comment: ");
	say(out, trusted);
	say(out, "\n");
	b64(out, global, 64, true);
	say(out, "\n");
}

static void
sshsig(struct buf *out, const struct buf *msg)
{
	static const char ns[] = "evidence-bundle@sandyq";
	struct buf s = { .n = 0 }, blob = { .n = 0 }, in = { .n = 0 };
	struct buf text = { .n = 0 };
	uint8_t h[64], sig[64];

	crypto_hash_sha512(h, msg->p, msg->n);
	say(&s, "SSHSIG");
	str(&s, ns, strlen(ns));
	str(&s, "", 0);
	str(&s, "sha512", 6);
	str(&s, h, 64);
	crypto_sign_detached(sig, NULL, s.p, s.n, ssh.sk);
	say(&blob, "SSHSIG");
	put(&blob, (uint8_t[]){ 0, 0, 0, 1 }, 4);
	ssh_blob(&in);
	str(&blob, in.p, in.n);
	str(&blob, ns, strlen(ns));
	str(&blob, "", 0);
	str(&blob, "sha512", 6);
	in.n = 0;
	str(&in, "ssh-ed25519", 11);
	str(&in, sig, 64);
	str(&blob, in.p, in.n);
	b64(&text, blob.p, blob.n, true);
	say(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t i = 0; i < text.n; i += 70) {
		put(out, text.p + i, text.n - i < 70 ? text.n - i : 70);
		say(out, "\n");
	}
	say(out, "-----END SSH SIGNATURE-----\n");
}

static void
statements(void)
{
	json_t *o = begin("STATEMENT.txt and its two signatures, without and "
	    "with a bundle before it", "docs/BUNDLE.md sections 4 and 7"),
	    *list = json_array(), *one;

	set(o, "minisign_seed", jhex(mini.seed, 32));
	set(o, "ssh_seed", jhex(ssh.seed, 32));
	set(o, "recipient_name", json_string("Office \"of\" \xD0\xBF\xD1\x80"
	    "\xD0\xB0\xD0\xB2\xD0\xB0 \\ \xF0\x9F\x90\xAA\n"));
	for (int i = 0; i < 2; i++) {
		struct buf st = { .n = 0 }, m = { .n = 0 }, s = { .n = 0 };

		statement(&st, i == 1);
		minisig(&m, &st);
		sshsig(&s, &st);
		one = json_object();
		set(one, "statement", jbuf(&st));
		set(one, "minisig", jbuf(&m));
		set(one, "sshsig", jbuf(&s));
		json_array_append_new(list, one);
	}
	set(o, "statements", list);
	save(o, "statement");
}

static uint64_t
padme(uint64_t n)
{
	uint64_t e = 0, s = 0, unit;

	while (n >> (e + 1) != 0)
		e++;
	while (e >> s != 0)
		s++;
	unit = e > s ? (uint64_t)1 << (e - s) : 1;
	n = (n + unit - 1) / unit * unit;
	return (n + 511) / 512 * 512;
}

static json_t *
two(const char *a, const char *b)
{
	return json_pack("[s,s]", a, b);
}

static void
pseudonym(json_t *o)
{
	static const char set32[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	uint8_t to[16], id[16], h[32];
	struct buf b = { .n = 0 };
	char out[9] = "P-";

	det(to, 16, "recipient");
	det(id, 16, "record a");
	say(&b, "sandyq/pseudonym/1");
	put(&b, to, 16);
	say(&b, "-");
	put(&b, id, 16);
	sha(h, &b);
	for (int i = 0; i < 6; i++)
		out[2 + i] = set32[h[i] % 32];
	set(o, "pseudonym", json_pack("{s:o,s:s,s:o,s:s}", "recipient",
	    jhex(to, 16), "key", "-", "record", jhex(id, 16), "is", out));
}

static void
small(void)
{
	static const uint64_t len[] = { 1024, 1025, 1536, 9999, 65536, 65537,
	    1000000, 8589934592, 123456789012345 };
	json_t *o = begin("Padded lengths, cells of tables, a pseudonym",
	    "docs/BUNDLE.md sections 2 and 6"), *list = json_array();

	for (size_t i = 0; i < sizeof(len) / sizeof(len[0]); i++)
		json_array_append_new(list, json_pack("[I,I]",
		    (json_int_t)len[i], (json_int_t)padme(len[i])));
	set(o, "padme", list);
	list = json_array();
	json_array_append_new(list, two("plain", "plain"));
	json_array_append_new(list, two("a,b", "\"a,b\""));
	json_array_append_new(list, two("say \"x\"", "\"say \"\"x\"\"\""));
	json_array_append_new(list, two("=1+1", "\"'=1+1\""));
	json_array_append_new(list, two("\xEF\xBC\x9D""1",
	    "\"'\xEF\xBC\x9D""1\""));
	json_array_append_new(list, two("+7 700", "\"'+7 700\""));
	json_array_append_new(list, two(" x", "\" x\""));
	json_array_append_new(list, two("two\nlines", "\"two\nlines\""));
	json_array_append_new(list, two("a;b", "\"a;b\""));
	json_array_append_new(list, two("1-1", "1-1"));
	json_array_append_new(list, two("", ""));
	set(o, "cells", list);
	pseudonym(o);
	save(o, "small");
}

int
main(int argc, char **argv)
{
	uint8_t set_a[48];
	char code[256];

	if (argc != 2 || sodium_init() < 0)
		die("usage: ref FOLDER");
	dir = argv[1];
	words_load();
	det(master, 32, "master");
	det(identity, 32, "identity");
	det(vault_id, 16, "vault id");
	make_set(set_a, "set A", 65536, 3, 4);
	pair_make(&note, "note");
	pair_make(&mini, "minisign");
	pair_make(&ssh, "ssh");
	keys(set_a);
	recovery(code);
	header(set_a, code);
	state();
	identities();
	entries();
	logs();
	statements();
	small();
	return 0;
}
