#!/usr/bin/perl
# Print C files as "file:line:code" without comments; the insides of strings
# and characters are blanked too, unless -s is given.
use strict;
use warnings;

my $strings = @ARGV && $ARGV[0] eq '-s' ? shift : '';

for my $file (@ARGV) {
	open my $fh, '<', $file or die "$file: $!\n";
	local $/;
	my $c = <$fh>;
	$c =~ s{(/\*.*?\*/|//[^\n]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')}
	    {defined $1 ? $1 =~ tr/\n//cdr || ' ' :
	     $strings ? $2 : substr($2, 0, 1) . substr($2, -1)}gse;
	my $n = 0;
	for (split /\n/, $c) {
		$n++;
		print "$file:$n:$_\n" if /\S/;
	}
}
