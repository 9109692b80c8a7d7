#include <stdio.h>
#include <string.h>

#include "vault/record/prcid.h"
#include "vault/record/text.h"

/* Codes of GB/T 2260: provinces in two digits. */
static const struct {
	const char *code, *name;
} regions[] = {
	{ "11", "Beijing" }, { "12", "Tianjin" }, { "13", "Hebei" },
	{ "14", "Shanxi" }, { "15", "Inner Mongolia" }, { "21", "Liaoning" },
	{ "22", "Jilin" }, { "23", "Heilongjiang" }, { "31", "Shanghai" },
	{ "32", "Jiangsu" }, { "33", "Zhejiang" }, { "34", "Anhui" },
	{ "35", "Fujian" }, { "36", "Jiangxi" }, { "37", "Shandong" },
	{ "41", "Henan" }, { "42", "Hubei" }, { "43", "Hunan" },
	{ "44", "Guangdong" }, { "45", "Guangxi" }, { "46", "Hainan" },
	{ "50", "Chongqing" }, { "51", "Sichuan" }, { "52", "Guizhou" },
	{ "53", "Yunnan" }, { "54", "Tibet" }, { "61", "Shaanxi" },
	{ "62", "Gansu" }, { "63", "Qinghai" }, { "64", "Ningxia" },
	{ "71", "Taiwan" }, { "81", "Hong Kong" }, { "82", "Macao" },
	{ "83", "Taiwan" }, { "91", "a foreign country" }
};

/* Xinjiang by prefecture, with codes that older numbers have. */
static const struct {
	const char *code, *name;
} xinjiang[] = {
	{ "6501", "Ürümqi" }, { "6502", "Karamay" }, { "6504", "Turpan" },
	{ "6505", "Hami" }, { "6521", "Turpan" }, { "6522", "Hami" },
	{ "6523", "Changji" }, { "6524", "Ili" }, { "6525", "Tarbagatay" },
	{ "6526", "Altay" }, { "6527", "Bortala" }, { "6528", "Bayingolin" },
	{ "6529", "Aksu" }, { "6530", "Kizilsu" }, { "6531", "Kashgar" },
	{ "6532", "Hotan" }, { "6540", "Ili" }, { "6541", "Ili" },
	{ "6542", "Tarbagatay" }, { "6543", "Altay" },
	{ "6590", "Xinjiang" }
};

static const char *
region_of(const char *d)
{
	size_t n = sizeof(xinjiang) / sizeof(xinjiang[0]);

	if (strncmp(d, "65", 2) == 0) {
		for (size_t i = 0; i < n; i++)
			if (strncmp(d, xinjiang[i].code, 4) == 0)
				return xinjiang[i].name;
		return NULL;
	}
	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++)
		if (strncmp(d, regions[i].code, 2) == 0)
			return regions[i].name;
	return NULL;
}

/* The check: weights are powers of two modulo 11, from the left. */
static char
check_of(const char *d)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < 17; i++)
		sum += (unsigned)(d[i] - '0') * ((1u << (17 - i)) % 11);
	return "10X98765432"[sum % 11];
}

/* see prcid.h */
void
prcid_read(const char *s, struct prcid *ret)
{
	char d[20] = "", date[11];
	size_t n = 0;
	unsigned day;

	memset(ret, 0, sizeof(*ret));
	ret->region = "";
	for (; *s != '\0'; s++) {
		if (*s == ' ' || *s == '-')
			continue;
		if (n == 18)
			return;
		d[n++] = *s == 'x' ? 'X' : *s;
	}
	d[n] = '\0';
	if (n == 15 && strspn(d, "0123456789") == 15) {
		/* the century was not written */
		memmove(d + 8, d + 6, 9);
		d[6] = '1';
		d[7] = '9';
		d[17] = '\0';
		ret->check = true;
	} else if (n != 18 || strspn(d, "0123456789") < 17 ||
	    (d[17] != 'X' && (d[17] < '0' || d[17] > '9')))
		return;
	ret->form = true;
	ret->want = check_of(d);
	ret->check = ret->check || ret->want == d[17];
	if (region_of(d) != NULL) {
		ret->place = true;
		ret->region = region_of(d);
	}
	(void)snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", d + 6, d + 10,
	    d + 12);
	if (text_edtf_begin(date, &day) && day >= 18500101)
		memcpy(ret->birth, date, sizeof(date));
	ret->female = (d[16] - '0') % 2 == 0;
}

/* Append a clause. */
static void
clause(char *out, size_t cap, const char *s)
{
	size_t n = strlen(out);

	(void)snprintf(out + n, cap - n, "%s%s", n > 0 ? "; " : "", s);
}

/* see prcid.h */
void
prcid_doubt(const char *s, const char *birth, const char *sex, char *out,
    size_t cap)
{
	struct prcid p;
	unsigned first, last, is;
	char say[160];

	out[0] = '\0';
	prcid_read(s, &p);
	if (!p.form) {
		clause(out, cap, "it has not the 18 characters of a PRC "
		    "identity number");
		return;
	}
	if (!p.check) {
		(void)snprintf(say, sizeof(say), "its last character should "
		    "be %c: a digit is wrong", p.want);
		clause(out, cap, say);
	}
	if (!p.place)
		clause(out, cap, "its first digits are no place of the PRC");
	if (p.birth[0] == '\0')
		clause(out, cap, "it holds no date of birth");
	else if (birth != NULL && text_edtf_begin(birth, &first) &&
	    text_edtf_end(birth, &last) && text_edtf_begin(p.birth, &is) &&
	    strpbrk(birth, "~?%X") == NULL && (is < first || is > last)) {
		(void)snprintf(say, sizeof(say), "it says born %s, stated is "
		    "%.40s", p.birth, birth);
		clause(out, cap, say);
	}
	if (sex != NULL && (strcmp(sex, "male") == 0 || strcmp(sex, "female")
	    == 0) && p.female != (strcmp(sex, "female") == 0)) {
		(void)snprintf(say, sizeof(say), "it says %s, stated is %s",
		    p.female ? "female" : "male", sex);
		clause(out, cap, say);
	}
}
