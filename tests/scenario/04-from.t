#!/bin/sh
# add --from: a text with a head, a JSON object, JSON Lines; all or nothing.
. tests/scenario/lib.sh
new_vault v.sandyq

printf 'summary: Held for a year\nsummary.ru: Год\n' >bad1
printf 'summary.ru: Год в лагере\ndate: 2017-10\n\nFirst line.\n\nSecond.\n' \
    >text
want 0 "a text" $S add testimony --from text
out_is "one reference" T-1
run $J show T-1
out_has "the head" '"summary":[{"value":"Год в лагере","lang":"ru"}]'
out_has "the body" 'First line.\n\nSecond.'
want_in 0 "from standard input" text $S add testimony --from -
out_is "the next reference" T-2
printf '\357\273\277summary: with a mark\r\n\r\nbody\r\n' >crlf
want 0 "a byte-order mark and CR LF" $J add testimony --from crlf
run $J show T-3
out_has "are no part of it" '"summary":[{"value":"with a mark","lang":"und"}]'
want 0 "with a further field" $S add testimony --from text form=audio
run $J show T-4
out_has "which is there" '"form":[{"value":"audio"}]'
printf '{"summary":"one","form":["audio","notes"],"text":[{"value":"x","lang":"kk-Cyrl"}]}' \
    >object
want 0 "an object" $J add testimony --from object
ok "is answered by an object" grep -q '^{"ref":"T-5",' "$T/out"
run $J show T-5
out_has "a list" '"form":[{"value":"audio"},{"value":"notes"}]'
out_has "a language" '"text":[{"value":"x","lang":"kk-Cyrl"}]'

i=0
while [ $i -lt 50 ]; do
	i=$((i + 1))
	printf '{"summary":"line %d"}\n' $i
done >lines
want 0 "JSON Lines" $J add testimony --from lines
ok "are answered by one array" one_doc "$T/out"
ok "of all of them" [ "$(grep -o '"ref"' "$T/out" | wc -l)" -eq 50 ]
want 0 "plain" $S add testimony --from lines
ok "a reference a line" [ "$(wc -l <"$T/out")" -eq 50 ]

# One bad line undoes all, and says which it was.
before=$(s list testimony | wc -l)
sed '30s/.*/{"summary":"x","date":"never"}/' lines >lines30
want 1 "a bad value in line 30" $S add testimony --from lines30
err_has "says which line" 30
out_none "no reference is printed"
sed '30s/.*/{"colour":"red"}/' lines >lines30b
run $S add testimony --from lines30b
ok "an unknown field in line 30" [ "$rc" -ne 0 ]
sed '30s/.*/{"summary":/' lines >lines30c
run $S add testimony --from lines30c
ok "a broken line 30" [ "$rc" -ne 0 ]
ok "nothing was added" [ "$(s list testimony | wc -l)" -eq "$before" ]
printf 'summary: \377\n' >latin
want 1 "not UTF-8" $S add testimony --from latin
want 1 "no such file" $S add testimony --from missing
: >empty
run $S add testimony --from empty
ok "an empty file is refused" [ "$rc" -ne 0 ]
ok "nothing was added" [ "$(s list testimony | wc -l)" -eq "$before" ]
finish
