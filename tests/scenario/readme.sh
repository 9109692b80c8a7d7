# What the scenarios share that take the commands out of a READ-ME-FIRST and run
# them as they stand.  $README is the text; $at is the folder where the steps
# before have led, $PWD at first.

# step SYSTEM N: the lines of a step, as one would copy them
step()
{
	awk -v system_is="$1" -v n="($2)" '
	    /^[A-Za-z].*\((bash|Terminal, zsh|PowerShell)\)$/ {
		on = index($0, system_is) == 1
	    }
	    /^\(/ { here = index($0, n) == 1 }
	    /^$/ { here = 0 }
	    on && here && /^    / { print substr($0, 5) }' "$README"
}

# run_step SYSTEM N: in $at, which it moves on; the first line that fails ends it
run_step()
{
	step "$1" "$2" >"$T/step"
	[ -s "$T/step" ] || return 1
	(
		cd "$at" && bash -c "$(sed 's, *$, || exit 1,' "$T/step")
pwd >'$T/at'"
	) >"$T/out" 2>"$T/err"
	rc=$?
	[ $rc -ne 0 ] || at=$(cat "$T/at")
	return $rc
}

# not_step SYSTEM N: the step is there, and fails
not_step()
{
	[ -n "$(step "$@")" ] && [ -d "$at" ] && ! run_step "$@"
}

# own_files CARD FOLDER: the two files that one makes from the vault's card, as
# part 2 shows them.
own_files()
{
	sed -n 's/^ssh: /vault namespaces="evidence-bundle@sandyq" /p' \
	    "$1" >"$2/MY-OWN-allowed_signers"
	{
		echo 'untrusted comment: sandyq'
		sed -n 's/^minisign: //p' "$1"
	} >"$2/MY-OWN-sandyq.pub"
}
