#!/bin/sh
# Attached files leave in the bundle, byte for byte; our verifier, an
# independent reader and stock tools all say so; and what may not go stays.
CHECK=$PWD/tests/vectors/check-bundle.pl
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary='Held for a year' >/dev/null
s add testimony summary='Nobody asked her' >/dev/null
head -c 9000001 /dev/urandom >MVI_0231.MP4
head -c 70000 /dev/urandom >secret.mov
head -c 65536 /dev/urandom >'a list, with "marks".csv'
: >empty.weird
s attach T-1 MVI_0231.MP4 'a list, with "marks".csv' empty.weird >/dev/null
s attach T-2 secret.mov >/dev/null
for scope in share court publish; do
	s consent T-1 scope=$scope decision=yes >/dev/null
done
s case new 'District files' >/dev/null
s case add C-1 T-1 T-2 >/dev/null
s recipient add Counsel "$(s key new -o k.txt)" >/dev/null
mkdir out

want 0 "export" $J export C-1 --to Counsel -o out
ok "is one document" one_doc "$T/out"
B=$(json "$T/out" path)
out_has "says how many files went" '"attachments":3'
out_has "what may not be shared stays" '"ref":"M-4"'
ok "nothing else is left there" [ "$(ls -A out | wc -l)" -eq 1 ]
want 0 "verify" "$SANDYQ_VERIFY" "$B" -i k.txt
for c in intact complete disclosed; do
	ok "$c: yes" grep -q "^$c	yes	" "$T/out"
done
want 0 "open" "$SANDYQ_VERIFY" open "$B" -i k.txt -o opened
I=opened/bundle/bag/data/items
same()
{
	ok "$2: its bytes" cmp "$1" $I/*/"$2"
}
same MVI_0231.MP4 original.mp4
same 'a list, with "marks".csv' original.csv
same empty.weird original.bin
ok "three files, no more" [ "$(find opened -name 'original.*' | wc -l)" -eq 3 ]
ok "no byte of the one that stays" [ -z "$(find opened -size 70000c)" ]
row=$(grep original.mp4 opened/bundle/bag/data/items.csv)
ok "items.csv names file, name, size and hash" expr "$row" : \
    ".*,items/00000[0-9]/original.mp4,MVI_0231.MP4,[^,]*,9000001,$(sha256sum \
    <MVI_0231.MP4 | cut -d' ' -f1),"
ok "the statement counts them" grep -qx 'attachments: 3' opened/bundle/STATEMENT.txt
want 0 "verify the folder" "$SANDYQ_VERIFY" opened
if perl -MDigest::SHA -e 1 2>/dev/null; then
	want 0 "the independent reader agrees" perl "$CHECK" opened/bundle
else
	skip "the independent reader" "no Digest::SHA"
fi

# The lines of READ-ME-FIRST, with stock tools alone.
if command -v age >/dev/null && command -v minisign >/dev/null; then
	mkdir stock
	ok "age and tar" sh -c "age -d -i k.txt -o b.tar '$B' &&
	    tar xf b.tar -C stock"
	ok "the same as ours" diff -r stock opened
	want 0 "sha256sum -c" sh -c 'cd stock/bundle/bag && sha256sum -c \
	    --quiet tagmanifest-sha256.txt && sha256sum -c --quiet \
	    manifest-sha256.txt'
	ok "bsdtar reads it" sh -c 'command -v bsdtar >/dev/null || exit 0
	    bsdtar tf b.tar | grep -q original.mp4'
fi

# A folder that somebody changed.
changed()
{
	want 1 "$1" "$SANDYQ_VERIFY" bad
	ok "intact: no" grep -q '^intact	no	' "$T/out"
	rm -rf bad
}
F=$(find opened -name original.mp4)
F=${F#opened/}
cp -R opened bad && printf x | dd of="bad/$F" bs=1 seek=8999999 conv=notrunc \
    2>/dev/null && changed "one byte of a film altered"
cp -R opened bad && rm "bad/$F" && changed "a film gone"
cp -R opened bad && mv "bad/$F" "bad/${F%mp4}mov" && changed "renamed"
cp -R opened bad && cp "bad/$F" "bad/${F%mp4}exe" && changed "and a program"

# Profiles and single files.
out()
{
	want 0 "$1" $J export T-1 --to Counsel -o out $2
	B=$(json "$T/out" path)
	out_has "$3 attachments" "\"attachments\":$3"
	rm -rf opened
	ok "which verifies and opens" "$SANDYQ_VERIFY" open "$B" -i k.txt \
	    -o opened
}
out "public" "--profile public" 0
ok "says that it holds no files" grep -q 'M-1: its file stays' \
    opened/bundle/bag/data/withheld.txt
out "one file withheld" "--withhold M-1.file" 2
ok "says so" grep -q 'M-1: its file stays: it was withheld' \
    opened/bundle/bag/data/withheld.txt
s edit M-1 shows_faces=yes >/dev/null
out "faces" "" 2
ok "are an identity" grep -q 'M-1: its file stays: it tells shows_faces' \
    opened/bundle/bag/data/withheld.txt
out "let go by name" "--disclose M-1.file" 3
out "court" "--profile court" 3

# Damage of the vault: nothing leaves, and the rest still can.
s edit M-1 shows_faces=no >/dev/null
rm -rf out
mkdir out
object=$(find v.sandyq/store -type f -size +8000k)
printf 'XX' | dd of="$object" bs=1 seek=5000000 conv=notrunc 2>/dev/null
n=$(s log list | wc -l)
want 5 "a damaged attachment" $S export C-1 --to Counsel -o out
err_has "is named" M-1
ok "nothing was written" [ -z "$(ls -A out)" ]
ok "nor logged" [ "$(s log list | wc -l)" -eq "$n" ]
out "without it" "--withhold M-1.file" 2
finish
