# Sourced by `run` and `test`: finds Python and keeps .venv as the requirements say. POSIX sh.

stop() { printf '\n%s\n' "$1" >&2; exit 1; }

# The first Python that is new enough, python3 before the numbered ones.
find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    found=$(python3 -c 'import platform; print("Python " + platform.python_version())' 2>/dev/null) || found="no Python 3"
    stop "Rowcall needs Python 3.11 or newer; this machine has $found. Install a newer one from https://www.python.org/downloads/ (Debian, Ubuntu: sudo apt-get install python3.11 python3.11-venv)."
}

# A .venv whose Python works; made anew where it is missing, broken or unfinished.
make_venv() {
    mkdir -p var 2>/dev/null && : > var/.writable 2>/dev/null ||
        stop "Rowcall cannot write to $(pwd). Give yourself the right to (sudo chown -R \$USER .), or clone it into a folder of your own."
    rm -f var/.writable
    if .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && .venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    find_python
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python's venv module is missing. Install it (Debian, Ubuntu: sudo apt-get install $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')), then start again."
    printf 'Making a Python environment in .venv …\n'
    "$python" -m venv --clear .venv || stop "The Python environment could not be made; the lines above say why. Is the disk full?"
}

# install STAMP FILE…: the packages of these files, unless the same were installed before. Hashes are always checked.
install() {
    stamp=.venv/$1
    shift
    wanted=$(cat "$@" | .venv/bin/python -c 'import hashlib, sys; print(sys.version, hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    printf 'Installing packages (once; about a minute) …\n'
    files=
    for file in "$@"; do files="$files -r $file"; done
    # shellcheck disable=SC2086  # the names hold no blanks
    .venv/bin/python -m pip install --quiet --no-input --no-compile --disable-pip-version-check --require-hashes $files ||
        stop "The packages could not be installed; the lines above say why. Usually there is no internet, a proxy has to be named (HTTPS_PROXY), or the disk is full. Start again afterwards: what was done is kept."
    printf '%s\n' "$wanted" > "$stamp"
}
