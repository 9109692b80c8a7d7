#!/bin/sh
# The commands that READ-ME-FIRST prints are taken from it and run as they
# stand: for Linux all of them, with a time stamp of an authority of our own;
# for macOS those that stock Linux has too.
. tests/scenario/readme.sh
. tests/scenario/lib.sh

for c in age minisign ssh-keygen openssl bash shasum; do
	if ! command -v $c >/dev/null; then
		echo "1..0 # SKIP $c is missing"
		exit 0
	fi
done
new_vault v.sandyq
s add testimony summary='Held for a year' >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
run "$SANDYQ" key new -o my-key.txt
s recipient add Counsel "$(cat "$T/out")" >/dev/null
s key card -o card.txt >/dev/null
mkdir out lawyer
s export T-1 --to Counsel -o out >/dev/null
cp out/*.age lawyer/FILE.age
cp my-key.txt lawyer/
cd lawyer || exit 1
run "$SANDYQ_VERIFY" open FILE.age -i my-key.txt -o first
README=$PWD/$(find first -name READ-ME-FIRST.txt)
ok "READ-ME-FIRST is there" [ -s "$README" ]

own_files ../card.txt .
ok "the card's line is of the form shown" grep -q \
    "^    $(sed 's/AAAA.*/AAAA/' MY-OWN-allowed_signers)" "$README"

# An authority, and its stamp over the log of this bundle.
cat >ca.cnf <<'E'
[req]
distinguished_name = dn
[dn]
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_chain = no
E
{
	openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -days 2 \
	    -subj '/CN=Invented root' -out MY-OWN-roots.pem
	openssl req -new -newkey rsa:2048 -nodes -keyout tsa.key -config \
	    ca.cnf -subj '/CN=Invented time-stamp authority' -out tsa.csr
	openssl x509 -req -in tsa.csr -CA MY-OWN-roots.pem -CAkey root.key \
	    -CAcreateserial -days 1 -extfile ca.cnf -extensions tsa -out tsa.pem
	echo 01 >serial
} >"$T/ca.log" 2>&1
note=$(find first -path '*proofs/checkpoint')
openssl ts -query -data "$note" -sha256 -cert -out q.tsq 2>>"$T/ca.log"
openssl ts -reply -config ca.cnf -section tsa_config -queryfile q.tsq \
    -out r.tsr >>"$T/ca.log" 2>&1
ok "an authority stamped it" [ -s r.tsr ]

at=$PWD

ok "Linux (1): age, tar" run_step LINUX 1
ok "Linux (2): ssh-keygen" run_step LINUX 2
out_has "says whose" 'Good "evidence-bundle@sandyq" signature for vault'
ok "Linux (3): minisign" run_step LINUX 3
ok "Linux (4): the statement" run_step LINUX 4
ok "Linux (5): the lists" run_step LINUX 5
out_none "says nothing more"
ok "Linux (6): the names" run_step LINUX 6
out_none "says nothing more"
mkdir -p "$at/../proofs/anchors"
cp "$note" "$at/../proofs/anchors/0001.note"
cp r.tsr "$at/../proofs/anchors/0001.tsr"
ok "Linux (7): openssl" run_step LINUX 7
out_has "shows the time" 'Time stamp: '
out_has "takes it" 'Verification: OK'

# What it must see.
at=$PWD/bundle/bag
echo x >bundle/bag/data/more.txt
ok "(6) sees a file more" not_step LINUX 6
rm bundle/bag/data/more.txt
at=$PWD/bundle/bag
mv bundle/bag/data/withheld.txt kept
ok "(6) sees a file less" not_step LINUX 6
mv kept bundle/bag/data/withheld.txt
at=$PWD/bundle
echo x >>bundle/bag/data/withheld.txt
ok "(5) sees an altered file" not_step LINUX 5
sed -i '$d' bundle/bag/data/withheld.txt
at=$PWD/bundle
cp bundle/STATEMENT.txt kept
sed -i 's/^items: 1/items: 2/' bundle/STATEMENT.txt
ok "(2) sees an altered statement" not_step LINUX 2
at=$PWD/bundle
ok "(3) sees it too" not_step LINUX 3
cp kept bundle/STATEMENT.txt
at=$PWD/bundle/bag
echo x >>bundle/proofs/anchors/0001.note
ok "(7) sees another text than was stamped" not_step LINUX 7

at=$PWD/bundle
ok "macOS (4)" run_step macOS 4
ok "macOS (5)" run_step macOS 5
for n in 1 2 3 4 5 6 7; do
	ok "Windows ($n) is there" [ -n "$(step WINDOWS $n)" ]
done
finish
