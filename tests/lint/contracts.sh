#!/bin/sh
# Every prototype in a header has its contract: a comment /** name(...) right
# before it, or before its group, which then names each of them or says "kin".
set -u
find crypto vault cli -name '*.h' ! -path vault/store/sql.h | sort |
    xargs perl -e '
use strict;
use warnings;

my $bad = 0;
for my $file (@ARGV) {
	open my $fh, "<", $file or die "$file: $!\n";
	local $/;
	my $c = <$fh>;
	# Bodies of structures, unions and enumerations, and macros: blanked,
	# line for line.
	$c =~ s/^(#(?:[^\n]*\\\n)*[^\n]*)/$1 =~ tr{\n}{}cdr/gme;
	$c =~ s/\{([^{}]*)\}/"{" . ($1 =~ tr{\n}{}cdr) . "}"/ge while
	    $c =~ /\{[^{}]*[^{}\n][^{}]*\}/;
	my ($comment, $line, $decl, $first) = ("", 1, "", 0);
	while ($c =~ m{\G(/\*.*?\*/|\n|[^\n/]+|/)}gs) {
		my $t = $1;
		if ($t =~ m{^/\*}) {
			$comment = $t =~ m{^/\*\*} ? $t : "" if $decl !~ /\S/;
			$line += $t =~ tr/\n//;
			next;
		}
		if ($t eq "\n") {
			# an empty line ends the group of a comment
			$comment = "" if $decl !~ /\S/ &&
			    substr($c, pos($c), 1) eq "\n";
			$line++;
			$decl .= " ";
			next;
		}
		$first = $line if $decl !~ /\S/;
		$decl .= $t;
		next if $decl !~ /;\s*$/;
		if ($decl !~ /^\s*typedef/ &&
		    $decl =~ /\b([a-z_][a-z0-9_]*)\s*\(/ &&
		    $decl !~ /^\s*(?:static\s+inline|_Static_assert)/) {
			my $name = $1;
			if ($comment !~ /\b\Q$name\E\b|\bkin\b/) {
				print "$file:$first: $name has no contract ",
				    "comment\n";
				$bad = 1;
			}
		}
		$decl = "";
	}
}
exit $bad;
'
