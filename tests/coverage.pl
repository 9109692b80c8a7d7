#!/usr/bin/perl
# Branches that the tests took, of the parts that read what others could have
# written: crypto/, and header, STATE, entries, log and bundles.  Reads what
# gcov says of the objects in the folder that is given; prints a table, and
# fails if less than 95 of 100 were taken.
#
use strict;
use warnings;
use JSON::PP;

my ($dir, @want) = @ARGV;
my (%all, $sum, $taken);
for my $file (@want) {
	(my $obj = "$dir/obj/$file") =~ s/\.c$/.gcda/;
	my $json = `gcov --json-format --stdout -b '$obj' 2>/dev/null`;
	die "coverage: $file: the tests did not run it\n" if $json eq '';
	my @src = do { open my $f, '<', $file or die "$file: $!"; <$f> };
	for my $f (@{ decode_json($json)->{files} }) {
		next if $f->{file} ne $file;
		for my $line (@{ $f->{lines} }) {
			my $n = $line->{line_number};
			my $i = 0;
			for my $b (@{ $line->{branches} }) {
				next if $b->{throw};
				my $key = "$n/" . $i++;
				$all{$file}{$key} //= 0;
				$all{$file}{$key} += $b->{count};
			}
		}
	}
}
for my $file (@want) {
	my @n = values %{ $all{$file} // {} };
	next if !@n;
	my $hit = grep { $_ > 0 } @n;
	printf "%-40s %5d of %5d  %5.1f %%\n", $file, $hit, scalar @n,
	    100 * $hit / @n;
	$sum += @n;
	$taken += $hit;
	if ($ENV{SHOW}) {
		my %line;
		$line{ (split m{/}, $_)[0] }++ for grep { !$all{$file}{$_} }
		    keys %{ $all{$file} };
		print "  $file:$_ ($line{$_})\n" for sort { $a <=> $b }
		    keys %line;
	}
}
printf "%-40s %5d of %5d  %5.1f %%\n", 'all', $taken, $sum,
    100 * $taken / $sum;
exit($taken / $sum < 0.95);
