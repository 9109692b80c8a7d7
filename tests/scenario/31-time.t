#!/bin/sh
# Trusted time by courier: a request leaves on a stick, the answer comes home
# and is checked; a bundle carries it, and the verifier says what existed
# before when, and who says so.  Then forgeries, each of one thing.
top=$PWD
. tests/scenario/lib.sh
tsa="sh $top/tests/tsa.sh $W/tsa"
mkdir tsa out
if ! $tsa; then
	echo "Bail out! no time-stamp authority"
	exit 1
fi
new_vault v.sandyq
"$SANDYQ" key new -o k.txt >k.pub
s recipient add Counsel "$(cat k.pub)" >/dev/null
s key card -o card.txt >/dev/null
s add testimony summary='Held for a year' >/dev/null
s consent T-1 scope=share decision=yes >/dev/null

# --- asking and taking home
want 3 "a request needs a place" $S stamp request
want 0 "a request is written" $S stamp request -o a.tsq
out_is "its path is told" a.tsq
ok "it is for SHA-256, with nonce, asking for the certificate" sh -c '
	openssl ts -query -in a.tsq -text >q.txt 2>/dev/null &&
	grep -q "Hash Algorithm: sha256" q.txt && grep -q "Nonce: 0x" q.txt &&
	grep -q "Certificate required: yes" q.txt'
ok "nobody else can read it" [ "$(stat -c %a a.tsq)" = 600 ]
want 1 "never over another file" $S stamp request -o a.tsq
ok "the authority answers" $tsa stamp tsa ../a.tsq ../a.tsr
remember v.sandyq
printf 'x' | cat a.tsr - >long.tsr
want 1 "an answer with something behind it is refused" \
    $S stamp import long.tsr
openssl ts -query -data k.pub -sha256 -cert -out else.tsq 2>/dev/null
$tsa stamp tsa ../else.tsq ../else.tsr
want 1 "an answer to somebody else's question is refused" \
    $S stamp import else.tsr
err_has "and says so" "answers no request"
openssl ts -query -digest "$(openssl ts -query -in a.tsq -text 2>/dev/null |
    sed -n 's/^ *00[01]0 - \(.*\)   .*/\1/p' | tr -d ' \n-')" -sha256 -cert \
    -out nonce.tsq 2>/dev/null
$tsa stamp tsa ../nonce.tsq ../nonce.tsr
want 1 "the same hash with another nonce is refused" $S stamp import nonce.tsr
want 1 "roots that do not vouch: refused" $S stamp import a.tsr \
    --roots tsa/root2.pem
want 1 "a request is no answer" $S stamp import a.tsq
want 3 "roots that are none: refused" $S stamp import a.tsr --roots k.pub
for who in noncrit extra past server; do
	$tsa forge $who ../a.tsr ../f.tok
	want 1 "an answer signed by $who is refused" $S stamp import f.tok
done
unchanged "all that changed nothing" v.sandyq
want 0 "the answer is filed" $J stamp import a.tsr --roots tsa/root.pem
ok "trusted" grep -q '"trusted":true' "$T/out"
ok "by whom" grep -q '"authority":"CN=Test Authority"' "$T/out"
cp "$T/out" filed
want 1 "once only" $S stamp import a.tsr
err_has "and says as what" Z-2
ok "the other authority answers the same request" \
    $tsa stamp tsa2 ../a.tsq ../a2.tsr
want 0 "several may vouch; nobody here knows this one" $J stamp import a2.tsr
ok "which is told" grep -q '"trusted":false' "$T/out"
want 1 "a stamp is not added by hand" $S add stamp state=stamped

# --- what the bundle says
s export T-1 --to Counsel -o out >/dev/null
b=$(ls out/*.age)
claim()		# RESULT DETAIL-PATTERN: of existed-before in the last run
{
	grep -Eq "\"claim\":\"existed-before\",\"result\":\"$1\",\"detail\":\"[^\"]*$2" \
	    "$T/out"
}
V="$SANDYQ_VERIFY --json"
want 0 "without roots" $V "$b" -i k.txt
ok "an unknown authority is no yes" claim unknown 'unknown authority'
want 0 "with roots" $V "$b" -i k.txt --trust card.txt --roots tsa/root.pem
time=$(json filed time)
ok "yes: when, and who says so" claim yes "$time .*Test Authority.*all 1 item"
want 0 "with the other root" $V "$b" -i k.txt --roots tsa/root2.pem
ok "yes: the other says so" claim yes "Other Authority"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout o.key -subj /CN=Nobody -out nobody.pem 2>/dev/null
want 1 "with a root that vouches for neither" $V "$b" -i k.txt \
    --roots nobody.pem
ok "no" claim no 'do not vouch'
want 1 "roots that are not there" $V "$b" -i k.txt --roots missing.pem
want 3 "roots that are none" $V "$b" -i k.txt --roots k.pub

"$SANDYQ_VERIFY" open "$b" -i k.txt -o o >/dev/null
ok "stock tools say the same" openssl ts -verify \
    -data o/bundle/proofs/anchors/0001.note \
    -in o/bundle/proofs/anchors/0001.tsr -CAfile tsa/root.pem \
    -attime "$(date -d "$time" +%s)"
ok "request and answer belong together" openssl ts -verify \
    -queryfile o/bundle/proofs/anchors/0001.tsq \
    -in o/bundle/proofs/anchors/0001.tsr -CAfile tsa/root.pem
ok "the chain that was named goes along" \
    cmp o/bundle/trust/tsa-chain.pem tsa/root.pem

# --- an item that is younger than the stamp
s add testimony summary='A year later' >/dev/null
s consent T-2 scope=share decision=yes >/dev/null
mkdir out2
s export T-1 T-2 --to Counsel -o out2 >/dev/null
want 2 "one item is older, one younger than the stamp" \
    $V out2/*.age -i k.txt --roots tsa/root.pem
ok "only the older one is vouched for" claim unknown '1 of 2 items'
mkdir out3
s export T-2 --to Counsel -o out3 >/dev/null
want 0 "a younger item alone" $V out3/*.age -i k.txt
want 2 "and asked for" $V out3/*.age -i k.txt --roots tsa/root.pem
ok "is not vouched for" claim unknown 'younger'
want 0 "a later stamp" $S stamp request -o c.tsq
$tsa stamp tsa ../c.tsq ../c.tsr
s stamp import c.tsr >/dev/null 2>&1
mkdir out4
s export T-1 T-2 --to Counsel -o out4 >/dev/null
want 0 "covers both" $V out4/*.age -i k.txt --roots tsa/root.pem
ok "both existed" claim yes 'all 2 items'

# --- of one bundle
want 1 "of a bundle that is not there" $S stamp request --bundle B-99 -o d.tsq
id=$(sj list bundle | sed 's/.*"bundle":\[{"value":"\([0-9a-f]*\)".*/\1/')
want 0 "of a bundle, by reference" $S stamp request --bundle B-1 -o d.tsq
ok "asks for the hash of its statement" sh -c '
	openssl ts -query -in d.tsq -text 2>/dev/null | sed -n \
	    "s/^ *00[01]0 - \(.*\)   .*/\1/p" | tr -d " \n-" |
	    grep -qx "$(sha256sum <o/bundle/STATEMENT.txt | cut -c1-64)"'
$tsa stamp tsa ../d.tsq ../d.tsr
want 0 "its answer is filed" $S stamp import d.tsr
"$SANDYQ_VERIFY" open out3/*.age -i k.txt -o o3 >/dev/null
n=$(sj list bundle | grep -o '"ref":"B-[0-9]*"' | head -n 1 | tr -dc 0-9)
want 0 "of a bundle, by id" $S stamp request --bundle \
    "$(sed -n 's/^bundle: //p' o3/bundle/STATEMENT.txt)" -o e.tsq
$tsa stamp tsa ../e.tsq ../e.tsr
cp e.tsr o3/bundle/proofs/anchors/0900.tsr
cp e.tsq o3/bundle/proofs/anchors/0900.tsq
want 0 "the recipient adds it to what was opened" $V o3 --roots tsa/root.pem
ok "and every item existed" claim yes 'all 1 item'
cp d.tsr o3/bundle/proofs/anchors/0900.tsr
rm o3/bundle/proofs/anchors/0900.tsq
want 1 "that of another bundle is refused" $V o3 --roots tsa/root.pem
ok "it stamps other bytes" claim no '0900.tsr: it stamps other bytes'

# --- forgeries in an opened bundle, each of one thing
forge()		# NAME: a fresh copy
{
	rm -rf f
	cp -r o f
	a=f/bundle/proofs/anchors
}
fails()		# DESC PATTERN
{
	want 1 "$1" $V f --roots tsa/root.pem
	ok "$1: and says why" claim no "$2"
}
forge
cp else.tsr $a/0001.tsr
fails "a token over other bytes" 'other bytes'
forge
cp nonce.tsr $a/0001.tsr
fails "a token with another nonce" 'another request'
for who in noncrit extra past server; do
	forge
	$tsa forge $who ../a.tsr ../f.tok
	cp f.tok $a/0001.tsr
	fails "a token signed by $who" 0001.tsr
done
forge
cp long.tsr $a/0001.tsr
fails "bytes behind the token" behind
forge
cp o3/bundle/proofs/anchors/0001.consistency $a/0001.consistency
fails "the consistency proof of another bundle" 'does not prove'
forge
sed 's/^[A-Za-z0-9+\/]\{43\}=$/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/' \
    o/bundle/proofs/anchors/0001.consistency >$a/0001.consistency
fails "a consistency proof made up" 'does not prove'
forge
cp f/bundle/proofs/checkpoint $a/0001.note
fails "another checkpoint in the place of the stamped one" 'does not prove'
forge
sed '2s/.*/9/' o/bundle/proofs/anchors/0001.note >$a/0001.note
fails "a checkpoint nobody signed" 'no key of this log'
forge
rm $a/0001.note
fails "a token without what it stamps" 'has no .note'
forge
rm $a/0001.consistency
fails "a checkpoint without its proof" 'not whole'
forge
rm $a/0001.tsr
fails "an anchor without its token" 'has no .tsr'
forge
echo >$a/0001.txt
want 1 "a file that is no anchor" $V f
finish
