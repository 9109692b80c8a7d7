/*
 * The wording of declarations is that of the laws named; the rest is ours.
 * Where a word stands in braces, emit puts what the bundle says.
 */
#include <inttypes.h>
#include <string.h>

#include "vault/bundle/certificate.h"

#define DRAFT \
"DRAFT.  NOT SIGNED.  It states nothing until a qualified person has checked\n" \
"every sentence, struck out what is not so, filled the blanks, and signed.\n" \
"A program wrote it; it does not replace a lawyer who knows the court.\n\n"

static const char us[] = DRAFT
"CERTIFICATION OF DATA COPIED FROM AN ELECTRONIC DEVICE, STORAGE MEDIUM, OR\n"
"FILE\n"
"Federal Rules of Evidence, Rule 902(14) with Rule 902(11); 28 U.S.C. 1746\n"
"\n"
"(Before trial the proponent must give the adverse party reasonable written\n"
"notice and make the data and this certification available for inspection:\n"
"Rule 902(11).  The rule settles that the data are authentic; every other\n"
"objection stays open.)\n"
"\n"
"I, ______________________________ (full name), state:\n"
"\n"
"1.  I am ______________________________ (occupation, employer, address).  My\n"
"    training and experience in copying electronic data and in comparing hash\n"
"    values are: ______________________________________________________.\n"
"\n"
"2.  On ______________ (date) I received the file _____________________.age\n"
"    from ______________________________ and opened it with\n"
"    ______________________________ (program, version).  It held the bundle\n"
"    {bundle},\n"
"    made on {created} (clock of the device) by {program} from\n"
"    the vault whose log is {log}.\n"
"    The log had {size} entries.\n"
"\n"
"3.  I checked the bundle with ______________________________ (program,\n"
"    version) against a key card that I had received from\n"
"    ______________________________ on ______________.  The result was:\n"
"    ______________________________________________________.\n"
"\n"
"4.  SHA-256 computes from the content of a file a number of 64 hexadecimal\n"
"    digits.  Two files with the same number have, for every practical\n"
"    purpose, the same content; a change of one bit gives another number.\n"
"\n"
"5.  On ______________ I computed the SHA-256 of each file in the annex.  Each\n"
"    value was the one printed there.  Exceptions: ______________________.\n"
"\n"
"6.  Of these items I have compared the copy with the original device, storage\n"
"    medium or file it was taken from, by the same computation:\n"
"    item ________, original ____________________, equal: yes / no\n"
"    item ________, original ____________________, equal: yes / no\n"
"    I have not seen the originals of these items: ______________________.\n"
"\n"
"(Signed within the United States, its territories, possessions or\n"
"commonwealths:)\n"
"I declare under penalty of perjury that the foregoing is true and correct.\n"
"\n"
"(Signed anywhere else:)\n"
"I declare under penalty of perjury under the laws of the United States of\n"
"America that the foregoing is true and correct.\n"
"\n"
"Executed on ______________ (date).\n"
"\n"
"______________________________ (signature)\n";

#define INDIA_SOURCE \
"following device/digital record source (tick mark):\n" \
"    [ ] Computer / Storage Media   [ ] DVR     [ ] Mobile   [ ] Flash Drive\n" \
"    [ ] CD/DVD                     [ ] Server  [ ] Cloud    [ ] Other\n" \
"    Other: ______________________________\n" \
"    Make & Model: ____________________  Color: ____________________\n" \
"    Serial Number: ____________________\n" \
"    IMEI/UIN/UID/MAC/Cloud ID: ____________________ (as applicable)\n" \
"    and any other relevant information, if any, about the device/digital\n" \
"    record: ____________________ (specify).\n" \
"\n"

#define INDIA_HASH \
"I state that the HASH value/s of the electronic/digital record/s is as in the\n" \
"annex, obtained through the following algorithm:\n" \
"    [ ] SHA1   [x] SHA256   [ ] MD5   [ ] Other: ________________\n" \
"(Hash report to be enclosed with the certificate: the annex)\n" \
"\n"

#define INDIA_WHEN \
"Date (DD/MM/YYYY): ______________\n" \
"Time (IST): ______________ hours (in 24 hours format)\n" \
"Place: ______________________________\n" \
"\n"

#define INDIA_WHO \
"I, ______________________________ (Name), Son/daughter/spouse of\n" \
"______________________________ residing/employed at\n" \
"______________________________ do hereby solemnly affirm and sincerely state\n" \
"and submit as follows:\n" \
"\n"

static const char india[] = DRAFT
"CERTIFICATE\n"
"Bharatiya Sakshya Adhiniyam, 2023, section 63(4)(c) and the Schedule\n"
"\n"
"(The record is bundle {bundle},\n"
"made on {created} (clock of the device) by {program} from the vault\n"
"whose log is {log}; {items} items.)\n"
"\n"
"PART A\n"
"(To be filled by the Party)\n"
"\n"
INDIA_WHO
"I have produced electronic record/output of the digital record taken from the\n"
INDIA_SOURCE
"The digital device or the digital record source was under the lawful control\n"
"for regularly creating, storing or processing information for the purposes of\n"
"carrying out regular activities and during this period, the computer or the\n"
"communication device was working properly and the relevant information was\n"
"regularly fed into the computer during the ordinary course of business.  If\n"
"the computer/digital device at any point of time was not working properly or\n"
"out of operation, then it has not affected the electronic/digital record or\n"
"its accuracy.  The digital device or the source of the digital record is:\n"
"    [ ] Owned   [ ] Maintained   [ ] Managed   [ ] Operated\n"
"by me (select as applicable).\n"
"\n"
INDIA_HASH
"______________________________ (Name and signature)\n"
INDIA_WHEN
"PART B\n"
"(To be filled by the Expert)\n"
"\n"
INDIA_WHO
"The produced electronic record/output of the digital record are obtained from\n"
"the "
INDIA_SOURCE
INDIA_HASH
"______________________________ (Name, designation and signature)\n"
INDIA_WHEN;

static const char england[] = DRAFT
"WITNESS STATEMENT\n"
"England and Wales: Criminal Procedure Rules, Part 16; Criminal Justice Act\n"
"1967, section 9\n"
"\n"
"(Check the rules and the form of the Practice Direction in force.  Each page\n"
"is signed.  A document referred to is identified clearly: rule 16.3.)\n"
"\n"
"Statement of: ______________________________\n"
"Age if under 18: ________ (if over 18, write \"over 18\")\n"
"Occupation: ______________________________\n"
"\n"
"This statement (consisting of ______ page(s) each signed by me) is true to\n"
"the best of my knowledge and belief and I make it knowing that, if it is\n"
"tendered in evidence, I shall be liable to prosecution if I have wilfully\n"
"stated in it anything which I know to be false, or do not believe to be true.\n"
"\n"
"Signature: ______________________________   Date: ______________\n"
"\n"
"1.  I am ______________________________.  My experience with electronic\n"
"    records and hash values is: _________________________________________.\n"
"\n"
"2.  On ______________ I received from ______________________________ the file\n"
"    _____________________.age, which I produce as exhibit ____/1.  I opened\n"
"    it with ______________________________ (program, version).  It held the\n"
"    bundle {bundle},\n"
"    made on {created} (clock of the device) by {program} from\n"
"    the vault whose log is {log},\n"
"    with {items} items.\n"
"\n"
"3.  I checked it on ______________ with ______________________________\n"
"    (program, version) and a key card that I had received from\n"
"    ______________________________.  The result was: ____________________.\n"
"\n"
"4.  SHA-256 computes from a file a number that a change of one bit would\n"
"    alter.  I computed it for each file in the annex; each value was the one\n"
"    printed there.  Exceptions: ______________________________.\n"
"\n"
"5.  What I know of where the items came from, and of how they were kept until\n"
"    I received them: ____________________________________________________.\n"
"\n"
"Signature: ______________________________\n"
"Signature witnessed by: ______________________________\n"
"\n"
"(If the witness cannot read the statement:)\n"
"I, ______________________________, read this statement to the witness before\n"
"the witness signed it.\n"
"Signature: ______________________________   Date: ______________\n";

static const char generic[] = DRAFT
"CERTIFICATE ABOUT ELECTRONIC RECORDS\n"
"For courts and bodies without a form of their own\n"
"\n"
"1.  Who signs: ______________________________ (name, occupation, address);\n"
"    qualified by: _______________________________________________________.\n"
"\n"
"2.  What it is about: bundle {bundle},\n"
"    made on {created} (clock of the device) by {program} from\n"
"    the vault whose log is {log};\n"
"    {items} items; the log had {size} entries.\n"
"\n"
"3.  How I received it: from ______________________________ on ______________\n"
"    by ______________________________ (path).  How I kept it since:\n"
"    ______________________________________________________________.\n"
"\n"
"4.  What I did: opened it on ______________ with\n"
"    ______________________________ (program, version); checked it against a\n"
"    key card received from ______________________________ on ______________;\n"
"    computed the SHA-256 of each file in the annex with\n"
"    ______________________________.\n"
"\n"
"5.  What I found: ______________________________________________________.\n"
"    Values that differ from the annex: _________________________________.\n"
"\n"
"6.  What I do not know: whether what is said in the records is true; who held\n"
"    the device that recorded it; whether its clock was right.  Further:\n"
"    ______________________________________________________________.\n"
"\n"
"What stands above is true to the best of my knowledge and belief.\n"
"\n"
"Place, date: ______________________________\n"
"Signature: ______________________________\n";

static const char annex[] =
"\n"
"ANNEX: SHA-256 OF EACH ITEM\n"
"The paths begin in bag/data/ of the opened bundle.  To repeat all of it there:\n"
"    sha256sum -c certificates/{name}\n"
"(it warns of the lines that are not hashes; shasum -a 256 -c on macOS,\n"
"Get-FileHash for one file in PowerShell).\n"
"\n";

static const struct {
	const char *name, *text;
} drafts[] = {
	{ "generic.txt", generic },
	{ "gb-crimpr-16.txt", england },
	{ "in-bsa-63-4.txt", india },
	{ "us-fre-902-14.txt", us }
};

#define COUNT (sizeof(drafts) / sizeof(drafts[0]))

/* see certificate.h */
const char *
certificate_name(size_t i)
{
	return i < COUNT ? drafts[i].name : NULL;
}

/* What stands for a word in braces. */
static void
put_word(const char *word, size_t n, const char *name,
    const struct statement *st, struct bytes_buf *out)
{
	const struct {
		const char *word, *text;
	} words[] = {
		{ "{bundle}", st->bundle }, { "{created}", st->created },
		{ "{log}", st->log }, { "{program}", st->program },
		{ "{name}", name }
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == n &&
		    memcmp(words[i].word, word, n) == 0) {
			bytes_puts(out, words[i].text);
			return;
		}
	bytes_putf(out, "%" PRIu64, word[1] == 'i' ? st->items :
	    st->log_size);
}

static void
fill(const char *text, const char *name, const struct statement *st,
    struct bytes_buf *out)
{
	size_t n;

	while (*text != '\0') {
		n = strcspn(text, "{");
		bytes_put(out, text, n);
		text += n;
		if (*text == '\0')
			break;
		n = strcspn(text, "}") + 1;
		put_word(text, n, name, st, out);
		text += n;
	}
}

/* see certificate.h */
enum sq_err
certificate_emit(size_t i, const struct statement *st, const uint8_t *table,
    size_t n, struct bytes_buf *out)
{
	if (i >= COUNT)
		return SQ_EINTERNAL;
	fill(drafts[i].text, drafts[i].name, st, out);
	fill(annex, drafts[i].name, st, out);
	bytes_put(out, table, n);
	return bytes_done(out);
}

/*
 * A file's name in plain text: what acts on a terminal or turns the direction
 * of writing (U+2028 to U+202E, U+2066 to U+2069) is a question mark.
 */
static void
put_name(struct bytes_buf *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	for (; *p != '\0'; p++) {
		if (p[0] == 0xE2 && ((p[1] == 0x80 && p[2] >= 0xA8 &&
		    p[2] <= 0xAE) || (p[1] == 0x81 && p[2] >= 0xA6 &&
		    p[2] <= 0xA9))) {
			bytes_puts(out, "?");
			p += 2;
		} else
			bytes_put(out, *p < 0x20 || *p == 0x7F ? "?" :
			    (const char *)p, 1);
	}
}

/* see certificate.h */
void
certificate_line(size_t item, const char *ref, const char *name,
    uint64_t size, struct bytes_buf *out)
{
	bytes_putf(out, "Item %06zu, %s, %" PRIu64 " bytes", item, ref, size);
	if (name != NULL) {
		bytes_puts(out, ", original name: ");
		put_name(out, name);
	}
	bytes_puts(out, "\n");
}
