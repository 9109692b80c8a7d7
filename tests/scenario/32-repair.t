#!/bin/sh
# check --repair: mended from a backup, moved aside, never deleted, reported.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary='About the rain' >/dev/null
head -c 300000 /dev/urandom >a
head -c 200000 /dev/urandom >b
echo small >c
s attach T-1 a b c >/dev/null
want 0 "a backup" $S backup b.sandyq
cp -R v.sandyq whole.sandyq

flip()
{
	n=$(($(wc -c <"$1") / 2))
	c=$(dd if="$1" bs=1 skip=$n count=1 2>/dev/null | od -An -tu1)
	# shellcheck disable=SC2059
	printf "\\$(printf %o $(((c + 1) % 256)))" |
	    dd of="$1" bs=1 seek=$n conv=notrunc 2>/dev/null
}
fresh()
{
	rm -rf v.sandyq
	cp -R whole.sandyq v.sandyq
}
big=$(cd v.sandyq && find store -type f -size +250k)
mid=$(cd v.sandyq && find store -type f -size +150k ! -size +250k)

want 3 "--repair without a backup" $S check --repair
want 3 "--from without --repair" $S check --from b.sandyq
want 0 "nothing to repair" $S check --repair --from b.sandyq --full
ok "makes no report" [ -z "$(ls v.sandyq/recover)" ]

flip "v.sandyq/$big"
cp "v.sandyq/$big" altered
rm "v.sandyq/$mid"
want 5 "check --full" $S check --full
out_has "finds what is altered" "altered	M-1"
out_has "and what is missing" "missing	M-2"
remember b.sandyq
want 0 "check --repair" $S check --full --repair --from b.sandyq
out_none "then finds nothing"
err_has "says what was done" "2 were mended"
ok "the altered one was moved aside" cmp altered \
    "$(find v.sandyq/recover -name "${big##*/}")"
ok "a report was written" grep -q "${big##*/} was altered" \
    "$(find v.sandyq/recover -name REPORT)"
ok "that names no record" not grep -rq 'M-1' v.sandyq/recover/*/REPORT
unchanged "the backup is as it was" b.sandyq
want 0 "what was attached" $S cat M-1
ok "is there" cmp a "$T/out"
want 0 "it is logged" $S list custody
out_has "as repaired" "repaired"

fresh
flip "v.sandyq/$big"
cp -R b.sandyq sick.sandyq
flip "sick.sandyq/$big"
want 5 "altered in both" $S check --full --repair --from sick.sandyq
err_has "is said" "is altered too"
ok "and what is there stays there" [ -f "v.sandyq/$big" ]

# --- headers

fresh
flip v.sandyq/HEADER
flip v.sandyq/HEADER.2
want 5 "no header" $S status
want 4 "a wrong passphrase" "$SANDYQ" --passphrase-file wrong check --repair \
    --from b.sandyq
ok "moves nothing" [ -f v.sandyq/HEADER ]
"$SANDYQ" --passphrase-file pw --vault o.sandyq init $CHEAP >/dev/null 2>&1
want 1 "another vault's header" $S check --repair --from o.sandyq
err_has "is refused" "another vault"
ok "moves nothing" [ -f v.sandyq/HEADER ]
want 0 "both copies from the backup" $S check --repair --from b.sandyq
ok "are those of the vault" cmp whole.sandyq/HEADER v.sandyq/HEADER
ok "both" cmp whole.sandyq/HEADER v.sandyq/HEADER.2
ok "the damaged ones lie aside" [ -f v.sandyq/recover/1/HEADER.2 ]
want 0 "and it opens" $S show T-1
fresh
rm v.sandyq/HEADER v.sandyq/HEADER.2
want 0 "missing ones too" $S check --repair --from b.sandyq
# the slots were changed since the backup: the older header is noticed
fresh
s slot add --label two --new-passphrase-file pw2 >/dev/null
flip v.sandyq/HEADER
flip v.sandyq/HEADER.2
want 5 "an older header" $S check --repair --from b.sandyq
err_has "is named as such" "older than the vault's own record"
want 0 "and can be accepted" $S accept --reason "header lost"
want 4 "without the slot that it does not have" "$SANDYQ" --passphrase-file \
    pw2 status
want 0 "but with everything else" $S show T-1

# --- what check --full proves

fresh
flip v.sandyq/STATE.0
run $S --read-only check --full
ok "an altered STATE record is not passed over" [ "$rc" -eq 5 -o -s "$T/err" ]
finish
