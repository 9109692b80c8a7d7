#!/bin/sh
# The report in a browser: opened from a file, it logs no error and asks for
# nothing but the image beside it; printed, its text is whole in five scripts,
# and what is written from right to left runs from right to left.  Chromium and
# the fonts are looked for, not required.
. tests/scenario/lib.sh

for c in chromium pdftotext pdfimages fc-list perl; do
	if ! command -v $c >/dev/null; then
		echo "1..0 # SKIP $c is missing"
		exit 0
	fi
done
for l in ug kk zh-cn ru; do
	if [ -z "$(fc-list ":lang=$l" 2>/dev/null | head -n 1)" ]; then
		echo "1..0 # SKIP there is no font for $l"
		exit 0
	fi
done

# Invented texts, one in each script, each of some lines.
cat >cyrl.txt <<'E'
Мен Тұрғанбайдың әйелімін. Біз Үлгі ауылында тұрдық. Екі ай бойы ешкім ештеңе айтпады. Желтоқсанда маған бір парақ қағаз көрсетті, оқуға берді, бірақ өзімде қалдырмады. Ұмытылмасын деп айттым.
E
cat >ru.txt <<'E'
Я жена Турганбая. Мы жили в ауле Ульги. Два месяца никто ничего не говорил. В декабре мне показали лист бумаги, дали прочесть, но не оставили. Ещё объём, съезд, подъезд.
E
cat >kkarab.txt <<'E'
مەن تۇرعانبايدىڭ ايەلىمىن. ءبىز ۇلگى اۋىلىندا تۇردىق. ەكى اي بويى ەشكىم ەشتەڭە ايتپادى. جەلتوقساندا ماعان ءبىر پاراق قاعاز كورسەتتى، بىراق وزىمدە قالدىرمادى.
E
cat >ug.txt <<'E'
مەن تۇرغانباينىڭ قوشنىسى. ئۇنى ئېلىپ كەتكەن كۈنى مەن دەرۋازا ئالدىدا تۇراتتىم. 2018-يىلى باھاردا مەن ئۇنى بىر قېتىم كۆردۈم. ئۇ ئورۇقلاپ كېتىپتۇ، لېكىن مېنى تونۇدى. گەپ شۇنىڭ بىلەن تۈگىدى.
E
cat >zh.txt <<'E'
我是吐尔干巴依的妻子。我们住在样例村。两个月里谁也没有说什么。十二月，他们给我看了一张纸，让我读了，但没有留给我。请勿打听。
E
printf '%s' 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDw' \
    'AEhQGAhKmMIQAAAABJRU5ErkJggg==' | base64 -d >'снимок.png'

new_vault v.sandyq
s add person pseudonym=A-1 >/dev/null
s add testimony summary.en='A wife on that day' witness=P-1 date=2026-05-14 \
    text.kk-Cyrl="$(cat cyrl.txt)" translation.ru="$(cat ru.txt)" \
    'place.ug-Arab=ئۈلگە' >/dev/null
s add testimony summary.kk-Arab='ۇلگى' text.kk-Arab="$(cat kkarab.txt)" \
    translation.zh-Hans="$(cat zh.txt)" >/dev/null
s add testimony summary.en='A neighbour' text.ug-Arab="$(cat ug.txt)" \
    translation.en='He looked at me and nodded.' \
    'place.en=<script>alert(1)</script>' >/dev/null
s attach T-1 'снимок.png' >/dev/null
for r in P-1 T-1 T-2 T-3; do
	s consent $r scope=share decision=yes >/dev/null
done
run "$SANDYQ" key new -o k.txt
s recipient add Counsel "$(cat "$T/out")" >/dev/null
mkdir out
s export P-1 T-1 T-2 T-3 --to Counsel --purpose 'Complaint' -o out >/dev/null
want 0 "open" "$SANDYQ_VERIFY" open out/*.age -i k.txt -o opened
R=$W/opened/bundle/bag/data/report.html
ok "there is a report" [ -s "$R" ]

print_to()
{
	rm -rf "$T/profile"
	run timeout 120 chromium --headless --no-sandbox --disable-gpu \
	    --disable-quic --no-first-run --disable-background-networking \
	    --disable-component-update --disable-sync \
	    --user-data-dir="$T/profile" --enable-logging=stderr \
	    --host-resolver-rules='MAP * ~NOTFOUND' \
	    --log-net-log="$T/net.json" --no-pdf-header-footer \
	    --print-to-pdf="$1" "file://$2"
	cat "$T/out" "$T/err" >"$T/said"
	: >"$T/err"
}
# Does the page ask for an address of a network?  What the browser wants for
# itself comes from "not an origin".
asked()
{
	grep -E '"url":"(https?|wss?|ftp):' "$T/net.json" |
	    grep '"initiator":' | grep -v '"initiator":"not an origin"'
}
print_to "$W/r.pdf" "$R"
ok "a browser opens and prints it" [ -s r.pdf ]
ok "nothing in its console" lacks CONSOLE "$T/said"
ok "the log of the network is there" [ -s "$T/net.json" ]
ok "nothing is asked of a network" not asked
pdfimages -list r.pdf >"$T/images" 2>/dev/null
ok "the attached image is shown" [ "$(sed 1,2d "$T/images" | wc -l)" -ge 1 ]
# the tests above can fail
sed 's|</body>|<img src="http://127.0.0.1:9/x.png"></body>|' "$R" >bad.html
print_to "$W/bad.pdf" "$W/bad.html"
ok "a remote image would show in the console" grep -q CONSOLE "$T/said"
ok "and would not be asked for" not asked
sed '/Content-Security-Policy/d' bad.html >worse.html
print_to "$W/worse.pdf" "$W/worse.html"
ok "but would without the policy" asked

# The words of a page as they are read: in the raw order of the PDF each line
# of Arabic script is from left to right, so its pieces are turned round.
cat >"$T/whole.pl" <<'E'
use strict;
use warnings;
use utf8;
use open qw(:std :utf8);
my ($pdf, @texts) = @ARGV;
open my $in, "-|:utf8", "pdftotext", "-raw", $pdf, "-" or die;
my @page = ("");
while (<$in>) {
	push @page, "" while s/^\f//;
	chomp;
	next if m{^\s*Bundle [0-9a-f]{16}\s*$} || m{^\s*\d+ ?/ ?\d+\s*$};
	my @piece = grep { length } split /[\s\x{202a}-\x{202e}]+/;
	@piece = reverse @piece if /\p{Arabic}/;
	$page[-1] .= join "", @piece;
}
s/[^\p{L}\p{N}\p{M}]//g for @page;
my $bad = 0;
TEXT: for my $file (@texts) {
	open my $f, "<:utf8", $file or die;
	my $text = do { local $/; <$f> };
	$text =~ s/[^\p{L}\p{N}\p{M}]//g;
	for my $n (0 .. $#page) {
		next TEXT if index($page[$n], $text) >= 0;
		next if $n == 0;
		# or torn once, by the end of a page
		for my $at (5 .. length($text) - 5) {
			next TEXT if index($page[$n - 1],
			    substr $text, 0, $at) >= 0 &&
			    index($page[$n], substr $text, $at) >= 0;
		}
	}
	print "$file is not whole\n";
	$bad = 1;
}
exit $bad;
E
for t in cyrl ru kkarab ug zh; do
	ok "whole on paper: $t" perl "$T/whole.pl" r.pdf $t.txt
done
sed 's/тұрдық/тұрдық емес/' cyrl.txt >not.txt
ok "what does not stand there is not found" not perl "$T/whole.pl" r.pdf \
    not.txt
sed 's/قوشنىسى/قوشنسى/' ug.txt >not.txt
ok "nor with a letter less" not perl "$T/whole.pl" r.pdf not.txt
for t in 'Complaint' 'Summary' 'Custody' 'How to check' 'A-1'; do
	pdftotext r.pdf - >"$T/plain" 2>/dev/null
	ok "on paper: $t" grep -qF "$t" "$T/plain"
done
ok "markup is text" grep -qF '<script>alert(1)</script>' "$T/plain"

# The left edge of a word; in Arabic script its letters come turned round.
pdftotext -bbox r.pdf boxes.html
cat >"$T/edge.pl" <<'E'
use strict;
use warnings;
use utf8;
use open qw(:std :utf8);
my ($first, $second) = map { my $w = $_; utf8::decode($w); $w } @ARGV;
my %x;
open my $in, "<:utf8", "boxes.html" or die;
while (<$in>) {
	my ($left, $word) = m{xMin="([0-9.]+)".*>([^<]*)</word>} or next;
	for my $w ($first, $second) {
		$x{$w} //= $left if index($word, $w) >= 0 ||
		    index(reverse($word), $w) >= 0;
	}
}
print "$_ at ", $x{$_} // "?", "\n" for $first, $second;
exit !(defined $x{$first} && defined $x{$second} &&
    $x{$first} > $x{$second});
E
ok "Uyghur runs from right to left" perl "$T/edge.pl" تۇرغانباينىڭ قوشنىسى
ok "Kazakh in Arabic script too" perl "$T/edge.pl" تۇرعانبايدىڭ ايەلىمىن
ok "Cyrillic from left to right" perl "$T/edge.pl" әйелімін Тұрғанбайдың
finish
