#!/usr/bin/perl
# For every function of the headers named that may fail, a stand-in that fails
# when it is that call's turn: C on standard output; for the linker, into the
# file named first, that calls shall go there, and to those that the .c files
# named have.  See failing.h.
use strict;
use warnings;

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
		# these ask for nothing and judge what others wrote
		next if $name =~ /^bytes_(?!done)|_check$/;
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
