#!/bin/sh
# The log: a head that is signed, every entry, proofs.
. tests/scenario/lib.sh
new_vault v.sandyq

want 0 "log head" $S log head
cp "$T/out" head1
ok "origin" grep -Eq '^sandyq/[0-9a-f]{32}$' head1
ok "size 1" [ "$(sed -n 2p head1)" = 1 ]
ok "a root" sh -c 'sed -n 3p head1 | grep -Eq "^[A-Za-z0-9+/]{43}=$"'
ok "a signature" grep -q '^— sandyq/' head1
for i in 1 2 3 4 5; do
	s add testimony summary="t$i" >/dev/null
done
want 0 "log head --json" $J log head
ok "is one document" one_doc "$T/out"
ok "size 6" [ "$(json "$T/out" size)" = 6 ]
words=$(json "$T/out" words)
ok "four words" [ "$(echo "$words" | wc -w)" -eq 4 ]
ok "which status shows too" [ "$(s status | sed -n 's/^words	//p')" = \
    "$words" ]
want 0 "log list" $S log list
ok "six entries" [ "$(wc -l <"$T/out")" -eq 6 ]
ok "from 0 on, oldest first" [ "$(cut -f1 "$T/out" | tr -d '\n')" = 012345 ]
entry=$(sed -n 's/^3	.*	\([0-9a-f]\{64\}\)$/\1/p' "$T/out")
ref=$(sed -n 4p "$T/out" | cut -f3)
ok "an entry's root is that of show" [ "$(sj --quiet --read-only show "$ref" |
    sed 's/.*"entry":"\([0-9a-f]*\)".*/\1/')" = "$entry" ]
want 0 "log list --json" $J log list
ok "is one document" one_doc "$T/out"
out_has "with kinds" '"kind":"revision"'
want 0 "log proof" $S log proof 3
ok "a tlog-proof" [ "$(head -n 1 "$T/out")" = c2sp.org/tlog-proof@v1 ]
ok "of that index" grep -qx 'index 3' "$T/out"
want 1 "of an entry beyond the end" $S log proof 6
want 0 "log consistency" $S log consistency 1
ok "names both sizes" [ "$(sed -n '2p;4p' "$T/out" | tr '\n' ' ')" = "1 6 " ]
want 0 "from its own size" $S log consistency 6
want 1 "from beyond the end" $S log consistency 7
want 3 "from nothing" $S log consistency 0
want 3 "a size that is no number" $S log consistency x
want 3 "an entry that is no number" $S log proof x
want 0 "as JSON" $J log consistency 2
ok "is one document" one_doc "$T/out"
# reading changes nothing
remember v.sandyq
run $S log list
run $S log head
run $S --quiet --read-only show T-1
run $S list
run $S search t1
run $S history T-1
unchanged "reading changes no byte" v.sandyq
finish
