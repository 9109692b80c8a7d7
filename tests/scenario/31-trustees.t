#!/bin/sh
# trustees and travel: who opens the vault when its holder cannot, and must not
# be able to.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary='About the rain' >/dev/null
mkdir -m 700 out again
key=$(s key new -o lawyer.key)

want 3 "split without numbers" $S trustees split
want 3 "one of three" $S trustees split --need 1 --of 3
want 3 "four of three" $S trustees split --need 4 --of 3
want 3 "of seventeen" $S trustees split --need 3 --of 17
remember v.sandyq
want 1 "into a folder that is not there" $S trustees split --need 2 --of 3 \
    -o nowhere
err_has "which is said" nowhere
unchanged "before anything is done" v.sandyq
want 0 "three of five" $S trustees split --need 3 --of 5 -o out \
    --to "Lawyer=$key"
ok "a sheet for each" [ "$(wc -l <"$T/out")" -eq 5 ]
ok "nobody else may read them" [ "$(find out -type f -perm /077 | wc -l)" -eq 0 ]
ok "the first is sealed to its trustee" \
    grep -q '^age-encryption.org' out/share-1-of-5-Lawyer.txt.age
ok "the others can be printed" grep -q 'SHARE 2 OF 5' out/share-2-of-5.txt
ok "with a code" grep -q '█' out/share-2-of-5.txt
want 0 "status" $S status
out_has "warns: never rehearsed" "trustees were never rehearsed"
want 0 "the slot is listed" $S slot list
out_has "as what it is" "trustees, 3 of 5"

A=out/share-2-of-5.txt
B=out/share-3-of-5.txt
C=out/share-5-of-5.txt
want 1 "two shares" $S trustees test $A $B
err_has "are too few" "2 shares are given, 3 are needed"
want 1 "one twice" $S trustees test $A $B $A
err_has "is named" "share 2 is given twice"
want 1 "a sealed one" $S trustees test out/share-1-of-5-Lawyer.txt.age $A $B
err_has "is named" "sealed to a trustee"
want 0 "its trustee opens it" "$SANDYQ" unseal \
    out/share-1-of-5-Lawyer.txt.age -i lawyer.key -o one.txt
want 0 "a rehearsal with it" $S trustees test one.txt $A $C
out_is "passes" "the shares open the vault"
want 0 "one with all five" $S trustees test one.txt $A $B \
    out/share-4-of-5.txt $C
want 0 "status" $S status
out_lacks "has no warning of them" "trustees were never"
# a digit that was read wrong
sed '/sandyqshare1/{n;s/[023456789]/l/;}' $A >typo.txt
cmp -s typo.txt $A && sed '/^    [a-z0-9]/s/ q/ p/' $A >typo.txt
want 1 "a share mistyped" $S trustees test one.txt typo.txt $C
err_has "is named" "the 2nd given"

want 4 "no passphrase is known" "$SANDYQ" --passphrase-file wrong status
want 0 "join" "$SANDYQ" --json trustees join one.txt $B $C \
    --new-passphrase-file pw2 --label Aigul
want 0 "the new passphrase opens" "$SANDYQ" --passphrase-file pw2 show T-1
out_has "everything" "About the rain"
want 0 "the log" $S list custody
out_has "says who joined" "key-slot-changed"

want 0 "shared out again" $S trustees split --need 2 --of 3 -o again
want 1 "shares of two sets" $S trustees test again/share-1-of-3.txt $A $B
err_has "are named" "two sets"
want 4 "the earlier set" $S trustees test $A $B $C
err_has "opens nothing more" "earlier set"
want 4 "nor for joining" "$SANDYQ" trustees join $A $B $C \
    --new-passphrase-file pw2
want 0 "init another" "$SANDYQ" --vault o.sandyq --passphrase-file pw init $CHEAP
want 0 "and its own shares" "$SANDYQ" --vault o.sandyq --passphrase-file pw \
    --json trustees split --need 2 --of 2
ok "as JSON" [ "$(grep -o sandyqshare1 "$T/out" | wc -l)" -eq 2 ]
grep -o '"sandyqshare1[^"]*"' "$T/out" | tr -d '"' | sed -n 1p >o1
grep -o '"sandyqshare1[^"]*"' "$T/out" | tr -d '"' | sed -n 2p >o2
want 1 "shares of two vaults" $S trustees test again/share-1-of-3.txt o1
err_has "are named" "two vaults"
want 4 "another vault's" $S trustees test o1 o2
want 3 "no terminal and no file" $S trustees test
talk typed "'$SANDYQ' trustees join --new-passphrase-file '$W/pw2'" <<END
A share|$(tr -d ' \n' <o1)
A share (2|sandyqshare1 xxx
A share (2|$(tr -d ' \n' <o2)
END
ok "typed at the terminal" grep -q "do not open this vault" typed

# --- travel

want 3 "travel without a backup" $S travel
want 1 "with one that is not there" $S travel --backup none
want 0 "a backup" $S backup home.sandyq
s add testimony summary='newer' >/dev/null
s add testimony summary='newer still' >/dev/null
s add testimony summary='newest' >/dev/null
want 1 "travel with a backup that is behind" $S travel --backup home.sandyq
err_has "is refused" "lacks the newest"
want 0 "still open" $S status
want 0 "a backup" $S backup home.sandyq
s consent T-1 scope=share decision=no >/dev/null
want 1 "travel with one that lacks one entry" $S travel --backup home.sandyq
err_has "is refused as well" "lacks the newest"
want 0 "a backup" $S backup home.sandyq
want 0 "travel" $S travel --backup home.sandyq
err_has "says what still opens" "the trustees still do"
want 4 "the passphrase opens nothing" $S status
want 4 "nor any other" "$SANDYQ" --passphrase-file pw2 status
want 0 "the backup opens" "$SANDYQ" --passphrase-file pw --vault home.sandyq \
    --read-only show T-1
want 0 "the trustees open the vault" "$SANDYQ" trustees join \
    again/share-2-of-3.txt again/share-3-of-3.txt --new-passphrase-file pw2
want 0 "after the journey" "$SANDYQ" --passphrase-file pw2 show T-4
out_has "with everything" "newest"
new_vault lone.sandyq
want 0 "a vault without sheet and trustees" $S backup lone2.sandyq
want 1 "does not travel" $S travel --backup lone2.sandyq
err_has "and says why" "nobody could open it again"
want 0 "and still opens" $S status
finish
