#!/bin/sh
# Cases, decisions, recipients and their keys.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary=one >/dev/null
s add testimony summary=two >/dev/null

want 0 "case new" $S case new 'District files'
out_is "C-1" C-1
want 0 "case add" $S case add C-1 T-1 T-2
out_is "prints the case" C-1
want 0 "case show" $J case show C-1
out_has "holds both" '"item":[{"value":"T-1"},{"value":"T-2"}]'
want 0 "case remove" $J case remove C-1 T-1
ok "prints the case" [ "$(json "$T/out" ref)" = C-1 ]
want 0 "case show" $J case show C-1
out_has "holds one" '"item":[{"value":"T-2"}]'
want 1 "a record that is not there" $S case add C-1 T-9
want 1 "a case that is not there" $S case add C-9 T-1
want 3 "no record" $S case add C-1
want 3 "an empty title" $S case new ''
want 3 "case show of something else" $S case show T-1

want 0 "consent" $S consent T-1 scope=share decision=yes
out_is "N-1" N-1
want 0 "withdrawn" $J consent T-1 scope=share decision=withdrawn \
    reason='family asked'
ok "N-2" [ "$(json "$T/out" ref)" = N-2 ]
want 0 "consent show" $S consent show T-1
ok "both, oldest first" [ "$(cut -f1-3 "$T/out" | tr '\n\t' ';,')" = \
    "N-1,share,yes;N-2,share,withdrawn;" ]
want 0 "as JSON" $J consent show T-1
ok "is one document" one_doc "$T/out"
out_has "with its fields" '"scope":[{"value":"share"}]'
want 0 "of a record without any" $S consent show T-2
out_none "is empty"
remember v.sandyq
want 1 "a scope that is none" $S consent T-1 scope=banana decision=yes
err_has "says what is" research
want 1 "a decision that is none" $S consent T-1 scope=share decision=perhaps
want 1 "no decision" $S consent T-1 scope=share
want 1 "about nothing" $S consent T-9 scope=share decision=yes
want 3 "no words at all" $S consent T-1
unchanged "nothing changed" v.sandyq
for scope in record store share court court-pseudonym publish \
    publish-pseudonym research recontact; do
	want 0 "scope $scope" $S consent T-2 scope=$scope decision=conditions \
	    conditions='in person only'
done
for d in yes no conditions ask withdrawn; do
	want 0 "decision $d" $S consent T-2 scope=share decision=$d \
	    conditions=x
done

want 0 "key new" "$SANDYQ" key new -o k.txt
pub=$(cat "$T/out")
ok "prints the public half" grep -Eq '^age1[0-9a-z]{58}$' "$T/out"
ok "the file is private" [ "$(stat -c %a k.txt)" = 600 ]
ok "and holds one key" [ "$(grep -c '^AGE-SECRET-KEY-1' k.txt)" -eq 1 ]
want 1 "never over another file" "$SANDYQ" key new -o k.txt
want 0 "key public" "$SANDYQ" key public k.txt
out_is "is the same" "$pub"
want 0 "as JSON" "$SANDYQ" --json key public k.txt
out_is "has the key" "{\"recipient\":\"$pub\"}"
if command -v age-keygen >/dev/null 2>&1; then
	run age-keygen -y k.txt
	out_is "age-keygen agrees" "$pub"
else
	skip "age-keygen agrees" "no age"
fi

want 0 "recipient add" $S recipient add 'Office of counsel' "$pub" \
    --org 'Bar association'
out_is "R-1" R-1
want 0 "with a passphrase" $J recipient add 'Second office' --passphrase
ok "R-2" [ "$(json "$T/out" ref)" = R-2 ]
want 0 "recipient list" $S recipient list
ok "both" [ "$(cut -f1 "$T/out" | sort | tr '\n' ' ')" = "R-1 R-2 " ]
ok "with the key" grep -qF "$pub" "$T/out"
want 0 "as JSON" $J recipient list
ok "is one document" one_doc "$T/out"
out_has "scrypt" '"key":[{"value":"scrypt"}]'
bad=$(echo "$pub" | tr 'qpzry9x8' 'pqrzy98x')
want 1 "a key with a wrong checksum" $S recipient add X "$bad"
want 1 "a secret key as a recipient" $S recipient add X \
    "$(grep '^AGE' k.txt)"
ok "which is not repeated" lacks AGE-SECRET "$T/err"

want 0 "key card" $S key card
ok "has the three keys" [ "$(grep -Ec '^(vkey|minisign|ssh): ' "$T/out")" \
    -eq 3 ]
want 0 "to a file" $S key card -o card.txt
ok "which is there" [ -s card.txt ]
want 1 "never over another" $S key card -o card.txt

# reference: the file stays outside, its hash and size are kept
want 0 "reference --file" $J reference T-1 --file pw
ok "M-1" [ "$(json "$T/out" ref)" = M-1 ]
ok "SHA-256" [ "$(json "$T/out" sha256)" = \
    "$(sha256sum pw | cut -d' ' -f1)" ]
ok "size" [ "$(json "$T/out" size)" = "$(wc -c <pw)" ]
ok "name" [ "$(json "$T/out" original_name)" = pw ]
want 0 "reference --url" $S reference T-1 --url https://example.org/x \
    captured_at=2020-01-02T03:04:05Z
out_is "M-2" M-2
want 1 "a file that is not there" $S reference T-1 --file missing
want 1 "of nothing" $S reference T-9 --url https://example.org/x

# who is said to be the same person has said no: that binds
mkdir out
want 0 "a witness" $S add person name='Aigul Sample'
want 0 "met again" $S add person name='Айгүл Сампл'
want 0 "her account" $S add testimony summary='On the road' witness=P-1
want 0 "a yes" $S consent T-3 scope=share decision=yes given_by=P-1
want 0 "goes out" $S export T-3 --to "Office of counsel" -o out
want 0 "a no of the other record" $S consent P-2 scope=share decision=no
want 0 "still goes out" $S export T-3 --to "Office of counsel" -o out
want 0 "the two are one" $S same P-1 P-2
want 1 "now nothing leaves" $S export T-3 --to "Office of counsel" -o out
err_has "and whose no it is" "P-2"
want 0 "a yes of the other alone" $S consent P-2 scope=share decision=yes
want 0 "lets the account go" $S export T-3 --to "Office of counsel" -o out
want 0 "withdrawn there" $S consent P-2 scope=share decision=withdrawn
ok "names the bundles of the account" [ "$(grep -c '\.age' "$T/out")" = 3 ]
finish
