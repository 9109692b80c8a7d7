# The second half of 70-courtroom.t: what the recipients of its bundles find
# with stock tools alone, by the command lines of READ-ME-FIRST as they stand;
# and for each of the steps forgeries that this very step must see.

# desk NAME BUNDLE KEY CARD: a recipient's desk, with what the text asks for.
# Nothing of ours has touched it; the text comes out of the bundle itself.
desk()
{
	D=$W/$1
	mkdir "$D"
	cp "$W/$2.age" "$D/FILE.age"
	cp "$W/$3.key" "$D/my-key.txt"
	cp "$W/tsa/root.pem" "$D/MY-OWN-roots.pem"
	own_files "$W/$4" "$D"
	README=$D/README
	at=$D
	cd "$D" || exit 1
	age -d -i my-key.txt FILE.age |
	    tar xOf - bundle/READ-ME-FIRST.txt >"$README"
	ok "$1: READ-ME-FIRST comes out" [ -s "$README" ]
}

# whole WHAT: the steps 1 to 6, and what one is told to read
whole()
{
	ok "$1 (1) age, tar" run_step LINUX 1
	ok "$1 (2) ssh-keygen" run_step LINUX 2
	out_has "$1 (2) says whose" \
	    'Good "evidence-bundle@sandyq" signature for vault'
	ok "$1 (3) minisign" run_step LINUX 3
	out_has "$1 (3) says so" 'Signature and comment signature verified'
	ok "$1 (3) the recipient is who reads" [ "$(sed -n \
	    's/^recipient: //p' bundle/STATEMENT.txt)" = "$(sed -n \
	    's/^# public key: //p' my-key.txt)" ]
	ok "$1 (4) the statement's hashes" run_step LINUX 4
	ok "$1 (5) the lists" run_step LINUX 5
	ok "$1 (6) the names" run_step LINUX 6
	out_none "$1 (6) none more, none less"
	ok "$1: as many items as were signed" [ "$(sed -n 's/^items: //p' \
	    bundle/STATEMENT.txt)" = "$(find bundle/bag/data/items \
	    -name record.json | wc -l)" ]
	ok "$1: the same that our program opened" \
	    diff -r bundle "$W/$2/bundle"
}

said()		# FIELD FILE: of a statement
{
	sed -n "s/^$1: //p" "$2"
}

# --- the prosecutor
desk hall trial two card.txt
whole trial trial
for word in 5550100 Teamword; do
	ok "trial: nothing of $word" not grep -raqF "$word" bundle
done
at=$D
cp "$W/first.age" FILE.age
rm -r bundle b.tar
ok "(1) the advocate's bundle stays shut" not_step LINUX 1
err_has "which age says" 'no identity matched'
ok "and nothing of it is left" [ ! -e bundle ]

# --- the advocate: the first, the second with a time stamp
desk desk1 first one card.txt
whole first first
desk desk2 second one card.txt
whole second second
ok "second (7) openssl" run_step LINUX 7
out_has "second (7) shows the time" 'Time stamp: '
out_has "second (7) takes it" 'Verification: OK'
for word in Secretname Homevillage 5550100 Askername Teamword Yardword \
    Filmword; do
	ok "the advocate: nothing of $word" not grep -raqF "$word" \
	    ../desk1/bundle bundle
done
ok "the second log says that it grew out of the first" [ \
    "$(said previous-root bundle/STATEMENT.txt)" = \
    "$(said log-root ../desk1/bundle/STATEMENT.txt)" ]
ok "the checkpoint is of that log" [ "$(sed -n 3p bundle/proofs/checkpoint |
    base64 -d | od -An -tx1 | tr -d ' \n')" = \
    "$(said log-root bundle/STATEMENT.txt)" ]
if perl -MDigest::SHA -e 1 2>/dev/null; then
	want 0 "what no stock tool checks: a reader written anew agrees" \
	    perl "$top/tests/vectors/check-bundle.pl" bundle
else
	skip "a reader written anew" "no Digest::SHA"
fi

# forged N WHERE DESC: at this step, in WHERE of a copy of the second desk,
# which was changed, the command fails
fresh()
{
	rm -rf "$W/forged"
	cp -R "$W/desk2" "$W/forged"
	cd "$W/forged" || exit 1
}
forged()
{
	at=$W/forged/$2
	ok "($1) sees: $3" not_step LINUX "$1"
}
# and one that this step cannot see passes it
unseen()
{
	at=$W/forged/$2
	ok "($1) cannot see: $3" run_step LINUX "$1"
}

fresh
rm -r bundle b.tar
size=$(stat -c %s FILE.age)
printf 'XY' | dd of=FILE.age bs=1 seek=$((size - 3000)) conv=notrunc 2>/dev/null
forged 1 . "an altered byte"
fresh
rm -r bundle b.tar
head -c $((size - 1000)) "$W/second.age" >FILE.age
forged 1 . "an end that is missing"
fresh
cp ../two.key my-key.txt
forged 1 . "the key of somebody else"

# by somebody who has the age key and keys of his own
stranger()
{
	sed -i 's/^items: 2/items: 1/' bundle/STATEMENT.txt
	rm -f s bundle/proofs/STATEMENT.txt.*
	{
		ssh-keygen -q -t ed25519 -N '' -f s
		ssh-keygen -Y sign -f s -n evidence-bundle@sandyq \
		    bundle/STATEMENT.txt
		mv bundle/STATEMENT.txt.sig bundle/proofs/
		minisign -GWf -p m.pub -s m.key
		minisign -Sm bundle/STATEMENT.txt -s m.key \
		    -x bundle/proofs/STATEMENT.txt.minisig
	} >"$T/stranger" 2>&1 </dev/null
}
fresh
sed -i 's/^items: 2/items: 1/' bundle/STATEMENT.txt
forged 2 bundle "an item less in the statement"
forged 3 bundle "the same"
fresh
stranger
ok "the stranger signed" [ -s bundle/proofs/STATEMENT.txt.sig -a \
    -s bundle/proofs/STATEMENT.txt.minisig ]
forged 2 bundle "a stranger's signature"
forged 3 bundle "a stranger's signature"
tar cf b.tar bundle
age -r "$(sed -n 's/^# public key: //p' my-key.txt)" <b.tar >FILE.age
rm -r bundle b.tar
unseen 1 . "who sealed it"
forged 2 bundle "that it was a stranger"
forged 3 bundle "that it was a stranger"
fresh
cp ../desk1/bundle/proofs/STATEMENT.txt.* bundle/proofs/
forged 2 bundle "the signature of another bundle"
forged 3 bundle "the signature of another bundle"

# the content, with the lists made anew as far as one gets
record=bag/data/items/000001/record.json
fresh
sed -i 's/Held/Kept/' bundle/$record
ok "a word is another" not cmp -s bundle/$record ../desk2/bundle/$record
forged 5 bundle "an altered word"
relist()
{
	(
		cd bundle/bag && find data -type f | LC_ALL=C sort |
		    xargs -d '\n' sha256sum >../../list &&
		    mv ../../list manifest-sha256.txt
	)
}
relist
forged 5 bundle "an altered list"
(
	cd bundle/bag && sha256sum bag-info.txt bagit.txt manifest-sha256.txt \
	    >tagmanifest-sha256.txt
)
unseen 5 bundle "lists that agree with what was altered"
forged 4 bundle "an altered list of lists"
fresh
echo 'Pay.' >>bundle/READ-ME-FIRST.txt
forged 4 bundle "an altered READ-ME-FIRST"

fresh
echo x >bundle/bag/data/items/000001/more.txt
unseen 5 bundle "a file more"
forged 6 bundle/bag "a file more"
fresh
rm bundle/bag/data/withheld.txt
forged 6 bundle/bag "a file less"
forged 5 bundle "a file less"

a=bundle/proofs/anchors
fresh
cp bundle/proofs/checkpoint $a/0001.note
forged 7 bundle/bag "another text than was stamped"
fresh
$tsa forge server ../a.tsr ../server.tok
openssl ts -reply -in "$W/server.tok" -token_in -out $a/0001.tsr 2>/dev/null
ok "a token of a signer who is none" [ -s $a/0001.tsr ]
forged 7 bundle/bag "a signer who is no authority"
fresh
cp "$W/tsa/root2.pem" MY-OWN-roots.pem
forged 7 bundle/bag "an authority whose root is not one's own"

# passed on: sealed anew for another, all holds but one line
desk passed second one card.txt
at=$D
plain=$D/plain.tar
age -d -i my-key.txt FILE.age >"$plain"
cp "$W/two.key" my-key.txt
age -r "$(sed -n 's/^# public key: //p' my-key.txt)" <"$plain" >FILE.age
for n in 1 2 3 4 5 6 7; do
	ok "passed on: ($n) cannot see it" run_step LINUX $n
done
ok "but the recipient's line is not the prosecutor's key" [ \
    "$(said recipient bundle/STATEMENT.txt)" != \
    "$(sed -n 's/^# public key: //p' my-key.txt)" ]

# --- the field that was opened later; the notices; the changed keys
desk desk3 later one card.txt
whole later later
ok "it names the bundle whose field it opens" grep -q "^opens: *$(said bundle \
    ../desk1/bundle/STATEMENT.txt)" bundle/STATEMENT.txt
ok "by its statement too" grep -q "$(sha256sum \
    <../desk1/bundle/STATEMENT.txt | cut -c1-64)" bundle/STATEMENT.txt
cp ../desk1/bundle/STATEMENT.txt EARLIER-STATEMENT.txt
at=$D/bundle
ok "and (8) says so" run_step LINUX 8
ok "in one word" grep -qx SAME "$T/out"
ok "also by the line for macOS" run_step macOS 8
cp ../desk2/bundle/STATEMENT.txt EARLIER-STATEMENT.txt
ok "of another bundle it does not (8)" not_step LINUX 8
ok "the account is there" grep -rqF Yardword bundle
desk desk4 fourth one card.txt
ok "after the change (1)" run_step LINUX 1
ok "the old card does not know the new keys (2)" not_step LINUX 2
ok "nor (3)" not_step LINUX 3
desk desk5 fourth one card2.txt
whole 'new card' fourth
ok "new card (7)" run_step LINUX 7
cd "$W" || exit 1
sed 's/evidence-bundle@/recall-notice@/' desk1/MY-OWN-allowed_signers >signers
for r in "$N" "$O"; do
	want_in 0 "a notice: ssh-keygen" "$r/RECALL.txt" ssh-keygen -Y verify \
	    -f signers -I vault -n recall-notice@sandyq -s "$r/RECALL.txt.sig"
	want 0 "a notice: minisign" minisign -VHm "$r/RECALL.txt" \
	    -p desk1/MY-OWN-sandyq.pub
	sed 's/^scope: /scope: no-/' "$r/RECALL.txt" >RECALL.txt
	run_in RECALL.txt ssh-keygen -Y verify -f signers -I vault \
	    -n recall-notice@sandyq -s "$r/RECALL.txt.sig"
	ok "ssh-keygen sees another scope" [ "$rc" -ne 0 ]
	run minisign -VHm RECALL.txt -x "$r/RECALL.txt.minisig" \
	    -p desk1/MY-OWN-sandyq.pub
	ok "minisign sees it" [ "$rc" -ne 0 ]
done
