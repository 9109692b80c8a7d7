#!/bin/sh
# Who is this?  Likely duplicates with reasons, never in the way; identity
# numbers that do not agree with what is stated.  All names are invented.
. tests/scenario/lib.sh
new_vault v.sandyq

want 0 "the first" $S add person name.kk-Cyrl='Ерлан Қасымбек' \
    birth_date=1975-03-12 residence='Үлгі ауылы' sex=male
err_none "is like nobody"
want 0 "another name" $S add person name='Gulnara Bekova' sex=female
err_none "is like nobody either"
want 0 "the same in Latin letters" $S add person name='Yerlan Kasymbek' \
    birth_date=1975 residence='Ülgi'
out_is "is added all the same" P-3
err_has "and said" "P-1 may be the same person"
err_has "with the distance of the names" "distance"
err_has "the dates" "dates of birth agree (1975, 1975-03-12)"
err_has "the village" "the same place"
err_has "and what to do" "sandyq same P-3 P-1"
want 0 "as JSON" $J add person name='Erlan Qasymbek'
ok "is one document" one_doc "$T/out"
out_has "with who is similar" '"similar":[{"ref":"P-'
want 0 "a sex that differs" $S add person name='Ерлан Қасымбек' sex=female \
    birth_date=1940
ok "speaks against it" not grep -q "P-1 may be" "$T/err"
want 0 "quiet" $S --quiet add person name='Ерлан Қасымбек'
err_none "says nothing"

# 654125197503120018: invented, with the right last character
good=654125197503120014
for d in 0 1 2 3 4 5 6 7 8 9 X; do
	s --quiet add person name=N$d prc_id=65412519750312001$d >/dev/null \
	    2>&1
	s show "$(s list person --limit 1 | cut -f 1)" 2>"$T/said" >/dev/null
	grep -q "last character" "$T/said" || good=65412519750312001$d
done
want 0 "a good number" $S add person name=Aa prc_id=$good \
    birth_date=1975-03-12 sex=male
ok "is not doubted" not grep -q "identity number 6541" "$T/err"
err_has "but known" "the same PRC resident identity number"
want 0 "a date that differs" $S add person pseudonym=B \
    prc_id=$good birth_date=1976
err_has "is said" "it says born 1975-03-12, stated is 1976"
want 0 "a sex that differs" $J add person pseudonym=C prc_id=$good \
    sex=female
out_has "is said in JSON" '"doubts":["'
out_has "in words" "it says male, stated is female"
want 0 "a date about which it is not sure" $S add person pseudonym=D \
    prc_id=$good birth_date='1976~'
ok "is not held against it" not grep -q "it says born" "$T/err"
want 0 "no number at all" $S add person pseudonym=E prc_id=12345
err_has "is said" "has not the 18 characters"
want 0 "a place that is none" $S add person pseudonym=F \
    prc_id=990101197503120011
err_has "is said" "no place of the PRC"
want 0 "a number of 15 digits" $S add person pseudonym=G \
    prc_id=654125750312001 birth_date=1980
err_has "holds its date too" "it says born 1975-03-12"
want 0 "it is shown again" $S show "$(s list person --limit 1 | cut -f 1)"
err_has "with the doubt" "it says born"

want 0 "all pairs" $S dup
ok "the likeliest first" [ "$(cut -f 3 "$T/out" | sort -rnc 2>&1 |
    wc -l)" -eq 0 ]
ok "with two of the three names" grep -q "^P-1	P-3	" "$T/out"
n=$(wc -l <"$T/out")
want 0 "of one" $S dup P-1
ok "its own" grep -q "^P-1	P-3	" "$T/out"
s same P-1 P-3 >/dev/null 2>&1
want 0 "those linked" $S dup
ok "are left out" [ "$(wc -l <"$T/out")" -eq $((n - 1)) ]
want 0 "a limit" $J dup --limit 2
ok "holds" [ "$(grep -o '"score"' "$T/out" | wc -l)" -eq 2 ]
want 3 "of a testimony" $S dup T-1
finish
