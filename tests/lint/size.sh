#!/bin/sh
# No function over 60 lines, no file over 500, no line over 80 columns (but a
# line that is one string of text alone is not broken: it can be searched).
# A test file is a list of cases and may have 1000 lines, its main the table
# of them.  Word lists and other bare data (*_data.c, words*.c) may be long.
set -u
find crypto vault cli tests -name '*.[ch]' | sort | xargs perl -e '
use strict;
use warnings;
use open qw(:std :encoding(UTF-8));

my $bad = 0;
sub complain { print @_, "\n"; $bad = 1; }

for my $file (@ARGV) {
	open my $fh, "<", $file or die "$file: $!\n";
	my ($start, $brace, $main) = (1, 0, 0);
	my $max = $file =~ m{^tests/} ? 1000 : 500;
	while (my $line = <$fh>) {
		chomp $line;
		1 while $line =~ s/\t/" " x (8 - $-[0] % 8)/e;
		complain("$file:$.: ", length $line, " columns, more than 80")
		    if length $line > 80 &&
		    $line !~ /^\s*"(?:[^"\\]|\\.)*"[\s,;)\\]*$/;
		complain("$file:$.: white space at the end of the line")
		    if $line =~ /\s$/;
		$start = $. + 1
		    if !$brace && ($line =~ m{^(?:\}.*|#.*|.*\*/|)$} ||
		    $line =~ /;$/);
		$main = $line =~ /^main\(/ && $file =~ m{^tests/}
		    if $line =~ /^\w/;
		$brace = 1 if $line eq "{";
		if ($brace && $line =~ /^\}/) {
			complain("$file:$start: function of ", $. - $start + 1,
			    " lines, more than 60")
			    if $. - $start + 1 > 60 && !$main;
			($start, $brace) = ($. + 1, 0);
		}
	}
	complain("$file:$.: file of $. lines, more than $max")
	    if $. > $max && $file !~ m{(?:_data|/words[a-z_]*)\.[ch]$};
	close $fh;
}
exit $bad;
'
