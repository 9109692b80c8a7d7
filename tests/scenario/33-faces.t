#!/bin/sh
# What a terminal shows of records in many scripts: long texts broken at its
# width, Arabic script isolated, wide characters aligned; what a program reads
# has none of that.
. tests/scenario/lib.sh

if ! script --version >/dev/null 2>&1; then
	echo "1..0 # SKIP script is missing"
	exit 0
fi
FSI=$(printf '\342\201\250')
PDI=$(printf '\342\201\251')
new_vault v.sandyq
s add testimony summary.ug-Arab='قوشنىسىنىڭ گەپلىرى' \
    text.ug-Arab='مەن تۇرغانباينىڭ قوشنىسى. ئۇنى ئېلىپ كەتكەن كۈنى مەن دەرۋازا ئالدىدا تۇراتتىم.' \
    translation.en='I am his neighbour. On the day they took him I stood at the gate, and he looked at me.' >/dev/null
s add testimony summary.zh-Hans='样例证言' >/dev/null

# on_tty WORDS ...: what a terminal of 80 columns gets
on_tty()
{
	TERM=xterm script -qec "stty cols 80; $S $*" /dev/null </dev/null |
	    tr -d '\r' >"$T/out"
}
# narrow FILE: no line but one of a single word is wider than 80
narrow()
{
	perl -CSD -ne 'chomp; s/[\x{2068}\x{2069}]//g;
	    my $w = length() + (() = /\p{Han}/g);
	    exit 1 if $w > 80 && !/^\S+\s+\S+$/' "$1"
}

on_tty show T-1
ok "each line of Arabic script is isolated" [ \
    "$(grep -c "$FSI.*[^ ]$PDI" "$T/out")" -ge 3 ]
ok "as often begun as ended" [ "$(grep -o "$FSI" "$T/out" | wc -l)" -eq \
    "$(grep -o "$PDI" "$T/out" | wc -l)" ]
ok "nothing else is" not grep -q "$FSI.*neighbour" "$T/out"
ok "no line is wider than the terminal" narrow "$T/out"
TERM=xterm script -qec "stty cols 50; $S list" /dev/null </dev/null |
    tr -d '\r' >"$T/out"
ok "the words to compare stand on one line" grep -Eq \
    '^    [a-z-]+ [a-z-]+ [a-z-]+ [a-z-]+$' "$T/out"
on_tty show T-1
ok "the hash stays in one piece" grep -Eq '^entry +[0-9a-f]{64}$' "$T/out"
on_tty list
ok "a list isolates too" grep -q "$FSI.*$PDI" "$T/out"
ok "its columns stand one below the other" [ "$(perl -CSD -ne '
    s/[\x{2068}\x{2069}]//g; next unless /^(.*?)1    \d{4}-/;
    my $t = $1; print length($t) + (() = $t =~ /\p{Han}/g), "\n"' \
    "$T/out" | sort -u | wc -l)" -eq 1 ]
on_tty history T-1
ok "a history isolates too" grep -q "$FSI.*$PDI" "$T/out"

want 0 "show, for a program" $S show T-1
ok "isolates nothing" not grep -q "$FSI" "$T/out"
ok "and breaks nothing" [ "$(grep -c '^text.ug-Arab	.*تۇراتتىم\.$' \
    "$T/out")" -eq 1 ]
finish
