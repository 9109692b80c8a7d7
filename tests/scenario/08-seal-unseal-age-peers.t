#!/bin/sh
# Plain age files, both ways between us and Debian's age.
. tests/scenario/lib.sh

run "$SANDYQ" key new -o k.txt
pub=$(cat "$T/out")
run "$SANDYQ" key new -o other.txt
head -c 200000 /dev/urandom >big
: >empty
head -c 65536 big >chunk

for f in big empty chunk; do
	want 0 "seal $f" "$SANDYQ" seal $f --to "$pub" -o $f.age
	out_none "$f: says nothing"
	want 0 "unseal $f" "$SANDYQ" unseal $f.age -i k.txt -o $f.back
	ok "$f is the same" cmp $f $f.back
done
ok "the file is private" [ "$(stat -c %a big.back)" = 600 ]
want 0 "seal to a passphrase" "$SANDYQ" seal big --new-passphrase-file pw \
    -o bigp.age
want 0 "unseal with it" "$SANDYQ" unseal bigp.age --passphrase-file pw \
    -o bigp.back
ok "is the same" cmp big bigp.back
setsid -w "$SANDYQ" unseal bigp.age --passphrase-fd 6 -o bigf.back 6<pw
ok "from a descriptor" cmp big bigf.back
want 0 "as JSON" "$SANDYQ" --json seal big --to "$pub" -o j.age
out_is "one document" '{"path":"j.age"}'

want 1 "never over another file" "$SANDYQ" seal big --to "$pub" -o big.age
want 1 "nor when opening" "$SANDYQ" unseal big.age -i k.txt -o big.back
want 4 "a wrong passphrase" "$SANDYQ" unseal bigp.age --passphrase-file \
    wrong -o x
want 1 "somebody else's" "$SANDYQ" unseal big.age -i other.txt -o x
want 1 "no age file" "$SANDYQ" unseal pw -i k.txt -o x
want 1 "no such file" "$SANDYQ" unseal missing -i k.txt -o x
want 1 "no such identity" "$SANDYQ" unseal big.age -i missing -o x
cp big.age bad.age
printf 'XXXX' | dd of=bad.age bs=1 seek=150000 conv=notrunc 2>/dev/null
want 1 "altered" "$SANDYQ" unseal bad.age -i k.txt -o x
head -c 150000 big.age >cut.age
want 1 "cut" "$SANDYQ" unseal cut.age -i k.txt -o x
{ cat big.age; echo more; } >long.age
want 1 "something after the end" "$SANDYQ" unseal long.age -i k.txt -o x
ok "nothing of these was left" [ ! -e x -a ! -e x.part ]
run "$SANDYQ" seal big --to age1banana -o x
ok "a recipient that is none" [ "$rc" -eq 1 ]
run "$SANDYQ" seal big --to age1pq1qqqqqqqq -o x
ok "a post-quantum one (1 or 2)" [ "$rc" -eq 1 -o "$rc" -eq 2 ]
err_has "is not supported" "not supported"
ok "nothing was written" [ ! -e x ]

if ! command -v age >/dev/null 2>&1; then
	skip "age as a peer" "no age"
	finish
	exit
fi
for f in big empty chunk; do
	want 0 "age opens our $f" age -d -i k.txt -o $f.a $f.age
	# age makes no file of nothing
	[ -e $f.a ] || : >$f.a
	ok "$f is the same" cmp $f $f.a
	want 0 "age seals $f" age -r "$pub" -o $f.theirs $f
	want 0 "we open its $f" "$SANDYQ" unseal $f.theirs -i k.txt -o $f.t
	ok "$f is the same" cmp $f $f.t
done
want 0 "armored by age" age -a -r "$pub" -o big.asc big
want 0 "we open it" "$SANDYQ" unseal big.asc -i k.txt -o big.fromasc
ok "is the same" cmp big big.fromasc
run age-keygen -o theirs.txt
theirs=$(age-keygen -y theirs.txt)
want 0 "to a key of age-keygen" "$SANDYQ" seal big --to "$theirs" -o th.age
want 0 "which age opens" age -d -i theirs.txt -o th.back th.age
want 0 "and so do we" "$SANDYQ" unseal th.age -i theirs.txt -o th.us
ok "both the same" cmp th.back th.us
if command -v script >/dev/null 2>&1; then
	printf 'passphrase|correct horse\n' >talk1
	talk log "age -d -o bigp.a bigp.age" <talk1
	ok "age opens ours with a passphrase" cmp big bigp.a
	printf 'passphrase|correct horse\nonfirm|correct horse\n' >talk1
	talk log "age -p -o bigp.theirs big" <talk1
	want 0 "we open age's" "$SANDYQ" unseal bigp.theirs \
	    --passphrase-file pw -o bigp.t
	ok "is the same" cmp big bigp.t
	printf 'New passphrase|one\nonce more|two\nnot the same|one\nonce more|one\n' \
	    >talk1
	talk log "$SANDYQ seal big -o typed.age" <talk1
	ok "a passphrase typed twice (exit 0)" [ "$rc" -eq 0 ]
	printf 'Passphrase of the file|one\n' >talk1
	talk log "$SANDYQ unseal typed.age -o typed" <talk1
	ok "opens it" cmp big typed
else
	skip "passphrases of age" "no script(1)"
fi
finish
