#!/usr/bin/perl
# For every function of the headers named that may fail, a stand-in that fails
# when it is that call's turn: C on standard output; for the linker, into the
# file named first, that calls shall go there, and to those that the .c files
# named have.  See failing.h.
use strict;
use warnings;

# These ask for no memory and no file: they judge what others wrote.
my $pure = qr/^bytes_(?!done)|_check$|^verify_int_had$|
    ^(note_vkey|note_cosigner|note_checkpoint|note_proof|minisig_pub|
    sshsig_pub|kdf|header|age_recipient)_parse$|
    ^(csv_read_end|bag_oxum|note_key|note_cosigner)$/x;

# These free or keep what they are given also when they fail: one that was not
# even called would not.
my $taking = qr/_close$|^db_wrap$/;

my $wraps = shift;
my (@headers, @names, $c);
local $/;
for my $h (@ARGV) {
	open my $f, '<', $h or die "$h: $!";
	my $text = <$f>;
	$text =~ s{/\*.*?\*/}{}gs;
	my $found;
	push @names, $1 while $text =~ /^FAILS\([^,]*, (\w+),/mg;
	push @names, $1 while $text =~ /^__wrap_(\w+)\(/mg;
	next if $h =~ /\.c$/;
	while ($text =~ /^enum sq_err (\w+)\(([^;]*)\);/mg) {
		my ($name, $args) = ($1, $2);
		next if $args =~ /\.\.\./;
		next if $name =~ /$pure/ || $name =~ /$taking/;
		my $in = $args;
		1 while $in =~ s/(\(\*+\w+\))\([^()]*\)/$1/;
		my @pass = map { /\(\*+(\w+)\)/ ? $1 : /(\w+)\s*(?:\[[^]]*\])*\s*$/ ?
		    $1 : () } split /,/, $in;
		@pass = () if $args eq 'void';
		$c .= "enum sq_err __real_$name($args);\n" .
		    "enum sq_err __wrap_$name($args);\n" .
		    "enum sq_err\n__wrap_$name($args)\n{\n" .
		    "\treturn failing_turn(HERE) ? SQ_ENOMEM :\n" .
		    "\t    __real_$name(" . join(', ', @pass) . ");\n}\n\n";
		push @names, $name;
		$found = 1;
	}
	push @headers, $h if $found;
}
print "#include \"$_\"\n" for @headers;
print "#include \"tests/unit/failing.h\"\n\n",
    "#define HERE __builtin_return_address(0)\n\n$c";
open my $w, '>', $wraps or die "$wraps: $!";
print $w "-Wl,--wrap=$_\n" for @names;
