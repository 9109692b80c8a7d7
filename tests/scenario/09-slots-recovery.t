#!/bin/sh
# Several people can open a vault, and a forgotten passphrase is not the end.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary=kept >/dev/null
S2="$SANDYQ --passphrase-file $W/pw2"

want 0 "slot list" $S slot list
ok "one, the current" grep -Eq '^[1-8]	passphrase	owner	current$' "$T/out"
want 0 "slot add" $S slot add --label Bolat --new-passphrase-file pw2
n=$(cat "$T/out")
ok "prints its number" expr "$n" : '[1-8]$'
want 0 "it opens the vault" $S2 status
ok "as Bolat" grep -q '^actor	Bolat$' "$T/out"
want 0 "slot list --json" $S2 --json slot list
ok "is one document" one_doc "$T/out"
ok "two" [ "$(grep -o '"slot"' "$T/out" | wc -l)" -eq 2 ]
ok "the label is nowhere in the clear" not grep -rq Bolat v.sandyq
want 3 "no new passphrase, no terminal" $S slot add
want 4 "adding with a wrong one" "$SANDYQ" --passphrase-file wrong slot add \
    --new-passphrase-file pw2
echo third >pw3
want 0 "slot change" $S2 slot change --new-passphrase-file pw3
want 4 "the old one is no use" $S2 list
want 0 "the new one is" "$SANDYQ" --passphrase-file pw3 list
want 0 "the other is untouched" $S list
want 0 "slot remove" $S slot remove "$n"
want 4 "it opens nothing any more" "$SANDYQ" --passphrase-file pw3 list
want 0 "a slot without a name" $S slot add --new-passphrase-file pw2
n=$(cat "$T/out")
run $S slot list
ok "is known by its number" grep -q "^$n	passphrase	slot $n	" "$T/out"
want 0 "and goes" $S slot remove "$n"
one=$(s slot list | cut -f1)
want 1 "the last one stays" $S slot remove "$one"
want 0 "and opens" $S list
empty=1
[ "$one" = 1 ] && empty=2
want 1 "an empty slot" $S slot remove $empty

i=0
while [ $i -lt 9 ]; do
	i=$((i + 1))
	echo "more $i" >"pw.$i"
	run $S slot add --label "p$i" --new-passphrase-file "pw.$i"
	[ "$rc" -eq 0 ] || break
done
ok "eight slots at most" [ "$i" -eq 8 -a "$rc" -eq 1 ]
want 0 "the eighth opens" "$SANDYQ" --passphrase-file pw.7 list
s slot list | cut -f1 | grep -vx "$one" | while read -r k; do
	s slot remove "$k" >/dev/null
done
ok "all gone but one" [ "$(s slot list | wc -l)" -eq 1 ]

# Recovery
want 0 "recovery new -o" $S recovery new -o sheet.txt
out_is "prints the path" sheet.txt
ok "the sheet is private" [ "$(stat -c %a sheet.txt)" = 600 ]
ok "five groups of four words" [ "$(grep -Ec \
    '^ *[1-5]\.  [a-z-]+ [a-z-]+ [a-z-]+ [a-z-]+$' sheet.txt)" -eq 5 ]
want 0 "status knows" $S status
ok "of it" grep -q '^recovery	yes$' "$T/out"
want 1 "recovery new over a file" $S recovery new -o sheet.txt
err_has "is refused" "is there already"
want 1 "or into no folder" $S recovery new -o none/sheet.txt
want 0 "recovery test: the sheet is still good" $S recovery test \
    --sheet-file sheet.txt
sed -n 's/^ *[1-5]\.  //p' sheet.txt | tr '\n' ' ' | sed 's/ $//' >code
want 0 "the words open the vault" "$SANDYQ" --passphrase-file code list
out_has "with all in it" kept
tr 'a-z ' 'A-Z\n' <code >shouted
want 0 "the rehearsal forgives case and lines" $S recovery test \
    --sheet-file shouted
w=$(sed 's/ .*//' code)
sed "s/^$w/wrongword/" code >code.bad
run $S recovery test --sheet-file code.bad
ok "a word that is none (exit 1 or 4)" [ "$rc" -eq 1 -o "$rc" -eq 4 ]
ok "names the group" grep -q 'group 1' "$T/err"
awk '{ t = $1; $1 = $5; $5 = t; print }' code >code.swap
run $S recovery test --sheet-file code.swap
ok "two words exchanged (exit 1 or 4)" [ "$rc" -eq 1 -o "$rc" -eq 4 ]
want 0 "recovery new, as JSON" $J recovery new
ok "is one document" one_doc "$T/out"
ok "five groups" [ "$(grep -o '"[a-z-]* [a-z-]* [a-z-]* [a-z-]*"' "$T/out" |
    wc -l)" -eq 5 ]
want 4 "the earlier sheet opens nothing" "$SANDYQ" --passphrase-file code list
run $S recovery test --sheet-file sheet.txt
ok "and fails the rehearsal" [ "$rc" -eq 4 ]
want 1 "never over another file" $S recovery new -o sheet.txt
want 3 "recovery test without a sheet, no terminal" $S recovery test
run $S recovery new
ok "to a pipe: a warning" grep -q WARNING "$T/err"
ok "but the sheet" grep -q '^    5\.  ' "$T/out"
if command -v script >/dev/null 2>&1; then
	sed -n 's/^ *[1-5]\.  //p' "$T/out" >words
	{
		echo 'Passphrase|correct horse'
		i=0
		while read -r line; do
			i=$((i + 1))
			echo "group $i|$line"
		done <words
	} >talk1
	talk log "$SANDYQ recovery test" <talk1
	ok "typed group by group (exit 0)" [ "$rc" -eq 0 ]
else
	skip "typed group by group" "no script(1)"
fi
finish
