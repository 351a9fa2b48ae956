# Makes bash complete attache's commands, flags and sources:
#   source <(attache completion bash)
_attache() {
	local words=("${COMP_WORDS[@]:1:COMP_CWORD}") IFS=$'\n'
	# shellcheck disable=SC2207 # one candidate a line, none with spaces
	COMPREPLY=($("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null))
}
complete -o default -F _attache attache
