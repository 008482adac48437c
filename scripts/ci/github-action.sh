#!/bin/sh
# The steps of action.yml. OPENBSD_VNET is the command, PATHS the folders of hosts, FAIL_ON a level, BASE the commit that a pull
# request starts from; RUNNER_TEMP, GITHUB_OUTPUT and GITHUB_STEP_SUMMARY are the runner's. No step stops those behind it.
set -u
failed=0

# Words are meant to be split: the command with its arguments, and several folders.
# shellcheck disable=SC2086
vnet() { $OPENBSD_VNET "$@"; }

sarif=$RUNNER_TEMP/openbsd-vnet.sarif
# shellcheck disable=SC2086
vnet check --format sarif --fail-on none $PATHS >"$sarif" || failed=1
# shellcheck disable=SC2086
vnet check --format github --fail-on "$FAIL_ON" $PATHS || failed=1
echo "sarif=$sarif" >>"$GITHUB_OUTPUT"

{
	echo '## OpenBSD VM networking'
	echo
	echo '```'
	# shellcheck disable=SC2086
	NO_COLOR=1 vnet check --fail-on none $PATHS | tail -n 1
} >>"$GITHUB_STEP_SUMMARY"

# A repository without policy tests has none to fail.
tests=$RUNNER_TEMP/openbsd-vnet.tests
# shellcheck disable=SC2086
vnet test $PATHS >"$tests"
status=$?
if [ "$status" -ne 2 ]; then
	cat "$tests"
	cat "$tests" >>"$GITHUB_STEP_SUMMARY"
	[ "$status" -eq 0 ] || failed=1
fi
echo '```' >>"$GITHUB_STEP_SUMMARY"

if [ -n "${BASE:-}" ]; then
	changes=$RUNNER_TEMP/openbsd-vnet-changes.md
	# The runner has only the commit that it builds.
	git cat-file -e "$BASE^{commit}" 2>/dev/null || git fetch --quiet --depth 1 origin "$BASE" || failed=1
	: >"$changes"
	if [ -n "$PATHS" ]; then
		for path in $PATHS; do
			vnet diff --since "$BASE" --format markdown "$path" >>"$changes"
			[ $? -le 1 ] || failed=1
		done
	else
		vnet diff --since "$BASE" --format markdown >>"$changes"
		[ $? -le 1 ] || failed=1
	fi
	cat "$changes" >>"$GITHUB_STEP_SUMMARY"
	echo "changes=$changes" >>"$GITHUB_OUTPUT"
fi
exit "$failed"
