# Makes fish complete attache's commands, flags and sources:
#   attache completion fish | source
function __attache_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l candidates ($words[1] __complete $words[2..-1] 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c attache -f -a '(__attache_complete)'
