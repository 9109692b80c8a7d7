/*
 * The resident identity number of the PRC (GB 11643): 18 characters that hold
 * a place, a date of birth, a sex and a check; or 15 digits, as they were
 * issued before 1999.  Pure.
 */
#ifndef SQ_VAULT_RECORD_PRCID_H
#define SQ_VAULT_RECORD_PRCID_H

#include <stdbool.h>
#include <stddef.h>

/* What a number says, each also if other parts of it are wrong. */
struct prcid {
	bool form;		/* 18 characters, or 15 digits */
	bool check;		/* the last character is right; 15: true */
	char want;		/* what it should be */
	bool place;		/* a province and prefecture of that code */
	const char *region;	/* prefecture in Xinjiang, province, or "" */
	char birth[11];		/* 1975-03-12, or "" if it is no date */
	bool female;
};

/**
 * prcid_read(s, ret):
 * Take a number apart; blanks and hyphens between its digits are passed over.
 */
void prcid_read(const char *s, struct prcid *ret);

/**
 * prcid_doubt(s, birth, sex, out, cap):
 * Say in one sentence what is wrong in the number itself or does not agree with
 * a stated date of birth (EDTF) and sex (both may be NULL); "" if nothing is.
 */
void prcid_doubt(const char *s, const char *birth, const char *sex, char *out,
    size_t cap);

#endif
