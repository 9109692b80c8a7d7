#!/bin/sh
# Outside crypto/ no key, seed or passphrase lies in a plain array.
set -u
here=$(dirname "$0")
find vault cli -name '*.[ch]' | sort | xargs perl "$here/code.pl" |
    grep -Ei ':[^(]*\b(uint8_t|unsigned char|char)[[:space:]]+([a-z0-9_]+\[[^]]*\], *)*[a-z0-9_]*(key|seed|pass|phrase|secret|master)[a-z0-9_]*\[' |
    grep -Eiv '\b(const|[a-z0-9_]*(pub|keyid|key_id|_name|name_|card|label|fingerprint|keytag|_note|_minisign|_ssh)[a-z0-9_]*\[)' |
    sed 's/^\([^:]*:[0-9]*\):[[:space:]]*\(.*\)/\1: a secret is a struct secret, not an array: \2/' |
    grep . && exit 1
exit 0
