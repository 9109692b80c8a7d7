#!/bin/sh
# Records are added, shown and revised, never overwritten; a refused value
# changes nothing.
. tests/scenario/lib.sh
new_vault v.sandyq

want 0 "add" $S add testimony 'summary=Held for a year' \
    'text.kk-Cyrl=Мен лагерьде болдым' date=2017-10~
out_is "prints the reference" T-1
err_none "and nothing else"
want 0 "add --json" $J add person name='Тұрғанбай' 'name.zh-Hans=吐尔干巴依'
ok "is one document" one_doc "$T/out"
ok "ref" [ "$(json "$T/out" ref)" = P-1 ]
ok "id has 32 digits" [ "$(json "$T/out" id | wc -c)" -eq 33 ]
ok "entry has 64" [ "$(json "$T/out" entry | wc -c)" -eq 65 ]
want 0 "show" $J show T-1
ok "is one document" one_doc "$T/out"
ok "keys stand in the order of the contract" grep -Eq \
    '^\{"ref":"T-1","id":"[0-9a-f]{32}","type":"testimony","rev":1,"entry":"[0-9a-f]{64}","time":"[^"]*","actor":"owner","fields":\{' \
    "$T/out"
out_has "text has its language" \
    '"text":[{"value":"Мен лагерьде болдым","lang":"kk-Cyrl"}]'
out_has "und without one" '"summary":[{"value":"Held for a year","lang":"und"}]'
out_has "a date has none" '"date":[{"value":"2017-10~"}]'
out_lacks "no reason without one" '"reason"'
want 0 "a list" $J show P-1
out_has "is an array" \
    '"name":[{"value":"Тұрғанбай","lang":"und"},{"value":"吐尔干巴依","lang":"zh-Hans"}]'

want 0 "edit" $S edit T-1 witness=P-1 summary='Held for two years' \
    --reason 'she remembered'
out_is "prints the revision" "T-1 rev 2"
want 0 "edit --json" $J edit T-1 --unset date
ok "rev" [ "$(json "$T/out" rev)" = 3 ]
want 0 "show" $J show T-1
out_has "a reference is shown as one" '"witness":[{"value":"P-1"}]'
out_lacks "what was unset is gone" '"date"'
out_lacks "the reason was the other revision's" '"reason"'
want 0 "the first revision" $J show T-1 --rev 1
out_has "is as it was" 'Held for a year'
want 0 "the second" $J show T-1 --rev 2
out_has "has its reason" '"reason":"she remembered"'
want 1 "a revision that is not there" $S show T-1 --rev 4
want 1 "a record that is not there" $S show T-9
want 1 "editing one that is not there" $S edit T-9 summary=x

# Values from files, and literal @.
printf 'line one\nline two\n' >story
want 0 "a value from a file" $J add testimony text=@story
run $J show "$(json "$T/out" ref)"
out_has "is the file" '"text":[{"value":"line one\nline two","lang":"und"}]'
want 0 "a literal @" $S add testimony summary=@@home
run $J show T-3
out_has "is one" '"summary":[{"value":"@home","lang":"und"}]'
want 0 "show, plain" $S show T-2
ok "a line end is escaped" grep -qF 'text	line one\x0aline two' "$T/out"
printf 'a\000b' >nul
want 1 "a file with a NUL" $S add testimony text=@nul

want 0 "integers and booleans" $S reference T-1 --url https://example.org/v \
    graphic=yes duration=61
run $J show "$(cat "$T/out")"
out_has "a boolean is one" '"graphic":[{"value":true}]'
out_has "an integer is one" '"duration":[{"value":61}]'

# What is refused names the field and changes nothing.
remember v.sandyq
want 1 "a date that is none" $S add testimony summary=x date=2017-02-30
err_has "names the field" date
want 1 "a word that is not in the vocabulary" $S add person name=x sex=blue
err_has "says what is" female
want 1 "a record that is not there" $S add testimony summary=x witness=P-77
err_has "names it" P-77
want 1 "a record of another type" $S add testimony summary=x witness=T-1
want 1 "a language that is none" $S add testimony 'summary.not_a_tag!=x'
want 3 "two values of a field that takes one" $S add testimony summary=x \
    date=2017 date=2018
want 1 "a required field is missing" $S add contact kind=phone
err_has "names it" person
want 1 "an escape sequence" $S add testimony \
    "summary=$(printf 'a\033]0;x\007')"
want 1 "not UTF-8" $S add testimony "summary=$(printf '\377')"
want 1 "a refused edit" $S edit T-1 date=banana
want 3 "an unknown field to unset" $S edit T-1 --unset colour
unchanged "nothing changed" v.sandyq

# A direction override that a record may hold is visible when shown.
run $S add testimony "summary=$(printf 'a\342\200\256b')"
if [ "$rc" -eq 0 ]; then
	ref=$(cat "$T/out")
	run $S show "$ref"
	ok "an override is shown escaped" grep -qF 'a\xe2\x80\xaeb' "$T/out"
	run $J show "$ref"
	ok "in JSON too" grep -qF 'a\u202eb' "$T/out"
else
	ok "an override is refused" [ "$rc" -eq 1 ]
fi

# Field by field on a terminal.
if command -v script >/dev/null 2>&1; then
	cat >answers <<'A'
Passphrase|correct horse
Person|P-99
there is no|P-1
Kind|pigeon
is not one of|phone
Number|
is required|+7 700 000
Through whom|
Safe to call|never
Safe hours|
Languages|kk-Cyrl
another|
Next of kin|
Last checked|
Notes|line one
|line two
|.
A
	talk log "$SANDYQ add contact" <answers
	ok "a form (exit 0)" [ "$rc" -eq 0 ]
	run $J show K-1
	out_has "kept what was typed" '"value":[{"value":"+7 700 000"}]'
	out_has "and the lines" '"value":"line one\nline two"'
else
	skip "field by field" "no script(1)"
fi
finish
