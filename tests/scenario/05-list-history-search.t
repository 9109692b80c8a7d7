#!/bin/sh
# What is there is found: lists, history, and search in every script.
. tests/scenario/lib.sh
new_vault v.sandyq

want 0 "an empty list" $S list
out_none "is empty"
want 0 "as JSON" $J list
out_is "is an empty array" "[]"
s add person name='Тұрғанбай' name.zh-Hans='吐尔干巴依' >/dev/null
s add testimony summary='Camp near the river' witness=P-1 \
    'text.zh-Hans=他在新疆维吾尔自治区被关押了一年' >/dev/null
s add testimony summary='River crossing' text='They crossed at night.' \
    >/dev/null
s edit T-1 date=2018 --reason 'date known' >/dev/null

want 0 "list" $S list
ok "newest record first" [ "$(cut -f1 "$T/out" | tr '\n' ' ')" = \
    "T-2 T-1 P-1 " ]
want 0 "of a type" $S list person
ok "only that" [ "$(cut -f1 "$T/out")" = P-1 ]
want 0 "with a limit" $S list --limit 1
ok "one line" [ "$(wc -l <"$T/out")" -eq 1 ]
want 0 "as JSON" $J list testimony
ok "is one document" one_doc "$T/out"
out_has "of objects as show gives" '{"ref":"T-2","id":'
ok "newest revisions" grep -q '"ref":"T-1",[^{]*"rev":2' "$T/out"

want 0 "history" $J history T-1
ok "is one document" one_doc "$T/out"
ok "both revisions, oldest first" grep -q '"rev":1.*"rev":2' "$T/out"
out_has "with the reason" '"reason":"date known"'
want 1 "of nothing" $S history T-9

want 0 "search" $S search river
ok "both are found" [ "$(cut -f1 "$T/out" | sort | tr '\n' ' ')" = \
    "T-1 T-2 " ]
ok "four columns" grep -Eq '^T-[12]	testimony	[^	]*	[^	]*$' "$T/out"
want 0 "as JSON" $J search river
ok "is one document" one_doc "$T/out"
ok "with the keys of the contract" grep -Eq \
    '\{"ref":"T-[12]","type":"testimony","title":"[^"]*","field":"summary","snippet":"[^"]*","score":-?[0-9]+,"match":\[(\[[0-9]+,[0-9]+\],?)*\],"why":"[^"]+"\}' \
    "$T/out"
# a score is an integer, higher is better
ok "best first" [ "$(grep -o '"score":-*[0-9]*' "$T/out" | cut -d: -f2 |
    tr '\n' ' ')" = "$(grep -o '"score":-*[0-9]*' "$T/out" | cut -d: -f2 |
    sort -rn | tr '\n' ' ')" ]
for q in Тұрғанбай тұрғанбай 吐尔干巴依 干巴; do
	want 0 "search $q" $S search "$q"
	ok "finds the person" grep -q '^P-1	' "$T/out"
done
for q in 新疆 维吾尔 自治区; do
	want 0 "search $q" $S search "$q"
	ok "finds the testimony" grep -q '^T-1	' "$T/out"
done
want 0 "search of a phrase" $S search '"crossed at night"'
ok "finds one" [ "$(cut -f1 "$T/out")" = T-2 ]
want 0 "of a prefix" $S search 'cross*'
ok "finds one" [ "$(cut -f1 "$T/out")" = T-2 ]
want 0 "of words that do not stand together" $S search 'camp night'
out_none "finds nothing"
want 0 "of a type" $S search river --type person
out_none "finds nothing there"
want 0 "with a limit" $S search river --limit 1
ok "one" [ "$(wc -l <"$T/out")" -eq 1 ]
want 3 "of nothing" $S search ' '
# what a person types is never syntax of the index
for q in '"' 'a"b' 'AND' 'river OR' '(' 'NEAR(a b)' '*' 'summary:river' '^x' \
    "'" '-river' '%' 'x;y'; do
	run $S search -- "$q"
	ok "search of $q does not fail (or is usage)" [ "$rc" -eq 0 -o \
	    "$rc" -eq 3 ]
done
want 0 "an old word is not found any more" $S edit T-2 text='By day.'
want 0 "search" $S search night
out_none "nothing"
finish
