#!/bin/sh
# Interview after interview: what is carried over, what is asked, the draft
# that survives kill -9 at every answer, consent, recordings.  All invented.
. tests/scenario/lib.sh
new_vault v.sandyq
printf 'sound\n' >r1.wav

answers()
{
	printf '%s\n' Aigul '' not-a-date 2026-03-12 Almaty in-person kk-Cyrl \
	    signed 'purpose, who, lies' 'purpose, who, risks' 'Ерлан Үлгі' A1 \
	    male 1975 'Үлгі' first y maybe y n '' '' c \
	    'only with my brother there' 'Held for a year' \
	    'First line.' '' 'Third line.' . r1.wav '' ''
	printf '!\n'
}
answers >in1
want_in 0 "an interview" in1 $S intake
ok "its reference is the answer" grep -qx T-1 "$T/out"
err_has "a date that is none is asked again" "not-a-date"
err_has "a term that is none too" "lies"
err_has "what to write on the paper" "write T-1 on the paper"
run $J show T-1
out_has "the account" 'First line.\n\nThird line.'
out_has "place" '"place":[{"value":"Almaty"'
out_has "the witness" '"witness":[{"value":"P-1"}]'
run $J show P-1
out_has "by name" '"name":[{"value":"Ерлан Үлгі"'
out_has "and pseudonym" '"pseudonym":[{"value":"A1"}]'
run $J consent show T-1
out_has "consent to store" '"scope":[{"value":"store"}],"decision":[{"value":"yes"}]'
out_has "none to court" '"scope":[{"value":"court"}],"decision":[{"value":"no"}]'
out_has "with conditions" '"conditions":[{"value":"only with my brother there"'
out_has "who was told what" '"explained":[{"value":"purpose"},{"value":"who"},{"value":"risks"}]'
out_has "by whom" '"given_by":[{"value":"P-1"}]'
run $S list media
out_has "the recording" "r1.wav"

# the next one asks only what differs
printf '%s\n' P-1 first '' '' '' '' '' '' 'A second one' . '' '' '!' >in2
want_in 0 "the next" in2 $S intake
ok "is T-2" grep -qx T-2 "$T/out"
err_has "a further account is warned of" "P-1 has given 1 account before"
run $J show T-2
out_has "place is carried over" '"place":[{"value":"Almaty"'
out_has "interviewer is" '"interviewer":[{"value":"Aigul"'
out_has "of the same witness" '"witness":[{"value":"P-1"}]'
ok "and nobody new" [ "$(s list person | wc -l)" -eq 1 ]

# back, correct, empty, put aside, resume
printf '%s\n' 'Bolat' B1 '<' B2 female '!' >in3
want_in 0 "put aside" in3 $S intake
err_has "is kept" "kept in the vault"
ok "and is no record" [ "$(s list testimony | wc -l)" -eq 2 ]
printf '%s\n' 1980 - first y '' '' '' '' '' Sum . '' 10 B3 '' '!' >in4
want_in 0 "taken up again" in4 $S intake
run $J show P-2
out_has "went back" '"pseudonym":[{"value":"B3"}]'
out_has "as answered before" '"sex":[{"value":"female"}]'

# what the vault's record of its own state was last
state() { cat v.sandyq/STATE.0 v.sandyq/STATE.1 | cksum; }

# kill -9 after each answer: what was answered before is there
printf '%s\n' Kamila K1 female 1990 Town first y y n '' '' '' Summ 'One.' \
    'Two.' . '' >all
n=$(wc -l <all)
i=1
s list testimony >before
while [ $i -lt "$n" ]; do
	rm -f pipe
	mkfifo pipe
	was=$(state)
	# shellcheck disable=SC2016
	setsid -w sh -c 'echo $$ >pid9; exec "$@"' sh "$SANDYQ" \
	    --passphrase-file "$W/pw" intake <pipe >/dev/null 2>err9 &
	pid=$!
	exec 8>pipe
	# what is new of the answers; the draft has the others
	sed -n "${i}p" all >&8
	k=0
	until [ "$(state)" != "$was" ]; do
		k=$((k + 1))
		[ $k -gt 100 ] && break
		sleep 0.05
	done
	kill -9 "$(cat pid9)"
	exec 8>&-
	wait $pid 2>/dev/null
	i=$((i + 1))
done
s list testimony >after
ok "killed $((n - 1)) times nothing half is there" cmp before after
printf '%s\n' '' '' '!' >in5
want_in 0 "and it is finished" in5 $S intake
run $J show "$(s list testimony --limit 1 | cut -f 1)"
out_has "with its summary" '"summary":[{"value":"Summ"'
out_has "and every line" '"text":[{"value":"One.\nTwo."'
run $J show "$(s list person --limit 1 | cut -f 1)"
out_has "and its first answer" '"name":[{"value":"Kamila"'

# killed between two keys, on a terminal: what was typed is there again
if command -v script >/dev/null 2>&1; then
# keys TEXT: typed at the intake, which is killed as soon as they are kept
keys()
{
	rm -f tty
	mkfifo tty
	: >log9
	TERM=xterm script -qefc "echo \$\$ >pid9; exec $S intake" log9 <tty \
	    >/dev/null 2>&1 &
	pid=$!
	exec 8>tty
	k=0
	until grep -q "puts the interview aside" log9; do
		k=$((k + 1))
		[ $k -gt 400 ] && break
		sleep 0.05
	done
	was=$(state)
	printf '%s' "$1" >&8
	k=0
	until [ "$(state)" != "$was" ]; do
		k=$((k + 1))
		[ $k -gt 100 ] && break
		sleep 0.05
	done
	# the hand rests: no further key, no further draft
	until sleep 0.15; [ "$(state)" = "$(sleep 0.15; state)" ]; do :; done
	kill -9 "$(cat pid9)"
	exec 8>&-
	wait $pid 2>/dev/null
}
enter='
'
s list testimony >before
keys 'Ай'
keys 'гу'
keys "л${enter}K"
keys "9${enter}fem"
keys 'ale'
ok "each is shown again (killed 5 times)" grep -q 'fem' log9
keys "${enter}1990${enter}Town${enter}fir"
keys "st${enter}y${enter}y${enter}n${enter}${enter}${enter}${enter}"
keys "A sum"
keys "mary${enter}One li"
keys "ne."
keys "${enter}Тұр с"
keys "өз${enter}.${enter}${enter}"
s list testimony >after
ok "killed 12 times nothing half is there" cmp before after
printf '%s\n' '' '!' >in6
want_in 0 "and it is finished" in6 $S intake
run $J show "$(s list testimony --limit 1 | cut -f 1)"
out_has "with the summary" '"summary":[{"value":"A summary"'
out_has "and the account" '"text":[{"value":"One line.\nТұр сөз"'
run $J show "$(s list person --limit 1 | cut -f 1)"
out_has "and the name" '"name":[{"value":"Айгул"'
out_has "and what was cut in two" '"sex":[{"value":"female"}]'
out_has "and the pseudonym" '"pseudonym":[{"value":"K9"}]'
else
	skip "killed between two keys" "script is missing"
fi
want 0 "the vault is whole" $S check
finish
