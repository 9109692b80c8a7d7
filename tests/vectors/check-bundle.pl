#!/usr/bin/perl
# Reference reader of an opened bundle: check-bundle.pl FOLDER, straight from
# docs/BUNDLE.md, with stock tools for signatures (ssh-keygen, minisign,
# openssl) and none of the program's code.  Prints what it found.
use strict;
use warnings;
use Digest::SHA qw(sha256 sha256_hex);
use File::Find;
use File::Temp qw(tempdir);
use MIME::Base64;

@ARGV == 1 or die "usage: check-bundle.pl FOLDER\n";
chdir $ARGV[0] or die "$ARGV[0]: $!\n";
my $tmp = tempdir(CLEANUP => 1);

sub must($$) { my ($ok, $what) = @_; $ok or die "check-bundle: $what\n"; }
sub slurp
{
	open my $f, "<:raw", $_[0] or die "check-bundle: $_[0]: $!\n";
	local $/;
	return scalar <$f>;
}
sub spew
{
	open my $f, ">:raw", $_[0] or die;
	print $f $_[1];
	close $f or die;
}

# --- STATEMENT.txt -----------------------------------------------------------

my $str = qr/"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]|\\u[0-9a-f]{4})*"/;
my $time = qr/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
my @lines = (
	[ "evidence-bundle/v1", qr// ],
	[ "bundle: ", qr/[0-9a-f]{32}/ ], [ "created: ", $time ],
	[ "log: ", qr/[0-9a-f]{32}/ ], [ "key-note: ", qr/[!-~]+/ ],
	[ "key-minisign: ", qr/[A-Za-z0-9+\/]{56}/ ],
	[ "key-ssh: ", qr/SHA256:[A-Za-z0-9+\/]{43}/ ],
	[ "recipient: ", qr/age1[a-z0-9]{58}|-/ ],
	[ "recipient-name: ", $str ], [ "purpose: ", $str ],
	[ "profile: ", qr/public|lawyer|court|full/ ],
	[ "items: ", qr/\d+/ ], [ "attachments: ", qr/\d+/ ],
	[ "bytes: ", qr/\d+/ ],
	[ "SHA256 (bag/tagmanifest-sha256.txt) = ", qr/[0-9a-f]{64}/ ],
	[ "SHA256 (READ-ME-FIRST.txt) = ", qr/[0-9a-f]{64}/ ],
	[ "log-origin: ", qr/sandyq\/[0-9a-f]{32}/ ],
	[ "log-size: ", qr/[1-9]\d*/ ], [ "log-root: ", qr/[0-9a-f]{64}/ ],
	[ "previous-size: ", qr/[1-9]\d*|-/ ],
	[ "previous-root: ", qr/[0-9a-f]{64}|-/ ],
	[ "program: ", qr/[!-~]+(?: [!-~]+)*/ ],
	[ "This statement does not assert that the content is true.", qr// ] );
my $text = slurp("STATEMENT.txt");
my %st;
for (split /(?<=\n)/, $text) {
	my $want = shift @lines;
	must(defined $want && /^\Q$want->[0]\E($want->[1])\n\z/, "statement: $_");
	my $value = $1;
	$st{$want->[0] =~ s/: $//r} = $value;
}
must(!@lines, "statement: lines are missing");
must($st{"log-origin"} eq "sandyq/$st{log}", "log-origin");

# --- hashes, closed world -------------------------------------------------------

for my $f ("bag/tagmanifest-sha256.txt", "READ-ME-FIRST.txt") {
	must(sha256_hex(slurp($f)) eq $st{"SHA256 ($f) = "}, "hash of $f");
}
my (%in_bag, $bytes);
for my $m ("tagmanifest", "manifest") {
	my $last = "";
	for (split /(?<=\n)/, slurp("bag/$m-sha256.txt")) {
		must(/^([0-9a-f]{64})  ([a-zA-Z0-9._\/-]+)\n\z/ && $2 gt $last,
		    "$m: $_");
		my ($hash, $name) = ($1, $last = $2);
		must(($name =~ /^data\//) == ($m eq "manifest"), "$m: $name");
		must(sum("bag/$name") eq $hash, "hash of $name");
		$in_bag{"bag/$name"} = -s "bag/$name";
	}
}
# Anchors and changes of keys have their place; they are not judged here.
my ($n_items, %original) = (0);
my $ext = join "|", qw(3gp aac amr avi bin bmp caf csv docx eml flac flv gif heic
    jpg jpeg json m2ts m4a m4v mkv mov mp3 mp4 mpg mpeg mts odp ods odt oga ogg
    ogv opus pdf png pptx tif tiff txt wav webm webp wma wmv xlsx zip);
find({ no_chdir => 1, wanted => sub {
	return if -d $_;
	(my $f = $_) =~ s/^\.\///;
	must(-f $_ && !-l $_, "$f is not a file");
	$n_items++ if $f =~ /^bag\/data\/items\/(\d{6})\/record\.json$/;
	must($f =~ /^(?:READ-ME-FIRST\.txt|STATEMENT\.txt|
	    bag\/tagmanifest-sha256\.txt|
	    proofs\/(?:STATEMENT\.txt\.(?:minisig|sig)|checkpoint|
	    consistency\.txt|items\/\d{6}\.tlog-proof|
	    anchors\/\d{4}\.(?:note|tsq|tsr|consistency)|
	    keys\/\d{4}\.note)|
	    trust\/(?:key-card\.txt|allowed_signers|sandyq\.pub|
	    tsa-chain\.pem))$/x ||
	    exists $in_bag{$f}, "$f has no place");
	must($f !~ /^bag\/data\/items\/(?!\d{6}\/(?:record\.json|
	    original\.(?:$ext))$)/x, "$f has no place");
	if ($f =~ /^bag\/data\/(items\/(\d{6})\/original\..*)$/) {
		must(!$original{$2}, "$f: a second one");
		$original{$2} = $1;
	}
} }, ".");
my @data = grep { /^bag\/data\// } keys %in_bag;
$bytes += $in_bag{$_} for @data;
must($st{bytes} == $bytes, "bytes");
must(slurp("bag/bagit.txt") eq
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit.txt");
must(slurp("bag/bag-info.txt") eq "Bagging-Date: " . substr($st{created}, 0,
    10) . "\nExternal-Identifier: $st{bundle}\nPayload-Oxum: $bytes." . @data .
    "\n", "bag-info.txt");
must($st{items} == $n_items, "items");
must($st{attachments} == keys %original, "attachments");

# --- signatures ---------------------------------------------------------------------

# SHA-256 of a file of any size.
sub sum { return Digest::SHA->new(256)->addfile($_[0], "b")->hexdigest; }

sub run
{
	my $out = `($_[0]) 2>&1`;
	must($? == 0, "$_[0]: $out");
	return $out;
}
my ($ssh) = slurp("trust/allowed_signers") =~
    /^vault namespaces="evidence-bundle\@sandyq" (ssh-ed25519 \S+)\n\z/
    or die "check-bundle: allowed_signers\n";
spew("$tmp/ssh.pub", "$ssh\n");
must(run("ssh-keygen -lf $tmp/ssh.pub") =~ /\Q$st{"key-ssh"}\E/, "key-ssh");
run("ssh-keygen -Y verify -f trust/allowed_signers -I vault " .
    "-n evidence-bundle\@sandyq -s proofs/STATEMENT.txt.sig <STATEMENT.txt");
run("minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig -P " .
    $st{"key-minisign"});
my @sig = split /\n/, slurp("proofs/STATEMENT.txt.minisig");
must(@sig == 4 && $sig[0] eq "untrusted comment: signature from sandyq" &&
    $sig[2] eq "trusted comment: bundle $st{bundle} created $st{created} " .
    "log $st{log} size " . $st{"log-size"}, "minisig: comments");
must(slurp("trust/sandyq.pub") =~ /\n\Q$st{"key-minisign"}\E\n\z/, "sandyq.pub");
my $card = slurp("trust/key-card.txt");
for ("log: $st{log}", "date: $st{created}", "vkey: " . $st{"key-note"},
    "minisign: " . $st{"key-minisign"}, "ssh: $ssh") {
	must($card =~ /^\Q$_\E$/m, "key-card.txt: $_");
}

# The checkpoint: an Ed25519 signature over its first three lines.
my $cp = slurp("proofs/checkpoint");
my ($name, $hash, $key) = split /\+/, $st{"key-note"}, 3;
$key = decode_base64($key);
must($name eq $st{"log-origin"} && length $key == 33 && ord $key == 1 &&
    unpack("H*", substr(sha256("$name\n$key"), 0, 4)) eq $hash, "key-note");
my $root = encode_base64(pack("H*", $st{"log-root"}), "");
$cp =~ /^(\Q$name\E\n$st{"log-size"}\n\Q$root\E\n)\n\xE2\x80\x94 \Q$name\E (\S+)\n\z/
    or die "check-bundle: checkpoint\n";
spew("$tmp/text", $1);
spew("$tmp/sig", substr(decode_base64($2), 4));
must(unpack("H*", substr(decode_base64($2), 0, 4)) eq $hash, "checkpoint: key");
spew("$tmp/der", pack("H*", "302a300506032b6570032100") . substr($key, 1));
run("openssl pkeyutl -verify -pubin -inkey $tmp/der -keyform DER -rawin " .
    "-in $tmp/text -sigfile $tmp/sig");

# --- records and proofs -----------------------------------------------------------------

sub node { return sha256("\x01$_[0]$_[1]"); }
sub top { my $k = 1; $k *= 2 while 2 * $k < $_[0]; return $k; }
sub tree
{
	return $_[0] if @_ == 1;
	my $k = top(scalar @_);
	return node(tree(@_[0 .. $k - 1]), tree(@_[$k .. $#_]));
}
# The head that an inclusion proof leads to, for leaf m of n.
sub lead
{
	my ($h, $m, $n, @p) = @_;
	if ($n == 1) {
		must(!@p, "proof too long");
		return $h;
	}
	my $k = top($n);
	my $last = pop @p // die "check-bundle: proof too short\n";
	return $m < $k ? node(lead($h, $m, $k, @p), $last) :
	    node($last, lead($h, $m - $k, $n - $k, @p));
}
# Both heads that a consistency proof leads to (RFC 6962 section 2.1.2).
sub both
{
	my ($m, $n, $old, $p) = @_;
	if ($m == $n) {
		my $h = $old // shift @$p;
		return ($h, $h);
	}
	my $k = top($n);
	my $last = pop @$p;
	if ($m <= $k) {
		my ($a, $b) = both($m, $k, $old, $p);
		return ($a, node($b, $last));
	}
	my ($a, $b) = both($m - $k, $n - $k, undef, $p);
	return (node($last, $a), node($last, $b));
}

my $s = qr/"(?:[^"\\\x00-\x1f]|\\(?:["\\bfnrt]|u00[01][0-9a-f]))*"/;
my $value;
$value = qr/$s|-?(?:0|[1-9]\d*)|true|false|
    \[(?:(??{$value})(?:,(??{$value}))*)?\]|
    \{(?:"[a-z0-9_]+":(??{$value})(?:,"[a-z0-9_]+":(??{$value}))*)?\}/x;
my %count = (open => 0, withheld => 0, hidden => 0);
my (@rows, %seen);
for my $i (1 .. $st{items}) {
	my $no = sprintf "%06d", $i;
	my $j = slurp("bag/data/items/$no/record.json");
	$j =~ s/^\{"entry":"([0-9a-f]{64})","index":(\d+),"fields":\[//
	    or die "check-bundle: $no: head\n";
	my ($entry, $index, $last, @leaf, %v) = ($1, $2, "");
	must(!$seen{$entry}++, "$no: twice");
	while (@leaf == 0 || $j =~ s/^,//) {
		my ($n, $vc);
		if ($j =~ s/^\{"leaf":"([0-9a-f]{64})"\}//) {
			push @leaf, pack "H*", $1;
			$count{hidden}++;
			next;
		} elsif ($j =~ s/^\{"name":"([^"]+)","salt":"([0-9a-f]{32})","value":($value)\}//) {
			$n = $1;
			$v{$n} = $3;
			$vc = sha256("sandyq/value/1" . pack("H*", $2) . $3);
			$count{open}++;
		} elsif ($j =~ s/^\{"name":"([^"]+)","vc":"([0-9a-f]{64})"\}//) {
			$n = $1;
			$vc = pack "H*", $2;
			$count{withheld}++;
		} else {
			die "check-bundle: $no: field: $j\n";
		}
		must($n gt $last, "$no: order");
		$last = $n;
		push @leaf, sha256("\0sandyq/field/1" . pack("v", length $n) .
		    $n . $vc);
	}
	must($j eq "]}", "$no: end");
	must(sha256_hex("sandyq/root/1" . pack("V", scalar @leaf) .
	    tree(@leaf)) eq $entry, "$no: root");
	must(exists $v{$_}, "$no: $_") for qw(_kind _parents _record _type);
	must($v{_log} eq "\"$st{log}\"", "$no: log");
	my $proof = slurp("proofs/items/$no.tlog-proof");
	$proof =~ /^c2sp.org\/tlog-proof\@v1\nindex $index\n((?:\S+\n)*)\n\Q$cp\E\z/
	    or die "check-bundle: $no: proof\n";
	must(lead(sha256("\0sandyq/entry/1\n" . pack("H*", $entry)), $index,
	    $st{"log-size"}, map { decode_base64($_) } split /\n/, $1) eq
	    pack("H*", $st{"log-root"}), "$no: not in the log");
	my ($type, $ref) = map { s/"//gr } $v{_type}, $v{_ref};
	my $file = delete $original{$no} // "";
	if ($file ne "") {
		must($v{sha256} eq "\"" . sum("bag/data/$file") . "\"" &&
		    $v{size} == -s "bag/data/$file", "$no: attachment");
	}
	my $size = $type eq "media" ? $v{size} // "" : "";
	my $hash = ($v{sha256} // "") =~ s/"//gr;
	my $cell = qr/(?:"(?:[^"]|"")*"|[^",\n]*)/;
	push @rows, qr/\n$no,$ref,$type,$entry,$cell,\Q$file\E,$cell,$cell,$size,$hash,/;
}
must(!%original, "an attachment of no item");
my $csv = slurp("bag/data/items.csv");
must($csv =~ /^item,ref,type,entry,title,file,original_name,mime,size,sha256,collected_by,collected_at\n/ &&
    $csv =~ $_, "items.csv") for @rows;

if ($st{"previous-size"} ne "-") {
	my ($old, $old_root) = ($st{"previous-size"}, $st{"previous-root"});
	my $b = encode_base64(pack("H*", $old_root), "");
	slurp("proofs/consistency.txt") =~ /^sandyq-consistency\/v1\n$old\n\Q$b\E\n$st{"log-size"}\n((?:\S+\n)*)\z/
	    or die "check-bundle: consistency.txt\n";
	my @p = map { decode_base64($_) } split /\n/, $1;
	my ($x, $y) = both($old, $st{"log-size"}, pack("H*", $old_root), \@p);
	must(!@p && unpack("H*", $x) eq $old_root &&
	    unpack("H*", $y) eq $st{"log-root"}, "consistency");
} else {
	must(!-e "proofs/consistency.txt", "consistency.txt without a bundle before");
}
printf "%s: %d items, %d fields, %d withheld, %d hidden, log of %d\n",
    $st{bundle}, $st{items}, @count{qw(open withheld hidden)}, $st{"log-size"};
