# Shared by the set-up scripts: words, hashes and apt. Sourced by bash, with the checkout as the working directory.

UV=$PWD/.cache/setup/bin/uv
# uv and the wheel's Node know only their own certificates unless told to trust the system's, as pip and apt do.
export UV_SYSTEM_CERTS=1 NODE_USE_SYSTEM_CA=1 UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '· %s\n' "$*" >&2; }

# stop WHAT CURE: the last words of a set-up that cannot go on.
stop() {
  printf '\nSet-up stopped: %s\n  To mend it: %s\n' "$1" "$2" >&2
  exit 1
}

network_trouble() {
  stop "$1 could not be fetched (the reason stands above)." \
    "see that this machine reaches the package indexes. Behind a proxy set HTTPS_PROXY; with a mirror set PIP_INDEX_URL and npm's registry; a company's certificate belongs into the system's store (update-ca-certificates). Then repeat the command."
}

# writable PATH...: a checkout that root once set up is no place for another user to install into.
writable() {
  local path
  for path in . "$@"; do
    [ ! -e "$path" ] || [ -w "$path" ] || stop "$PWD/$path cannot be written to by $(id -un)." "as root: chown -R $(id -un) $PWD"
  done
}

digest() { cat "$@" | sha256sum | cut -c1-32; }

# loads LIBRARY...: whether the dynamic linker finds each of them.
loads() { "$PYTHON" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "$@" 2>/dev/null; }

# The words that make a command run as root, in AS_ROOT; false when there is no way.
find_root() {
  AS_ROOT=()
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo >/dev/null || return 1
  if sudo -n true 2>/dev/null; then AS_ROOT=(sudo -n); elif [ -t 0 ]; then AS_ROOT=(sudo); else return 1; fi
}

# The command that a person without our means would type.
apt_command() { echo "apt-get update && apt-get install -y --no-install-recommends $*"; }

# apt_install PACKAGE...: false when apt or root is missing; lists are refreshed only if the first attempt fails.
apt_install() {
  command -v apt-get >/dev/null && find_root || return 1
  say "installing with apt: $*"
  local install=("${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -qq -o DPkg::Lock::Timeout=300 install -y
    --no-install-recommends "$@") log
  log=$(mktemp)
  if ! "${install[@]}" >"$log" 2>&1; then
    "${AS_ROOT[@]}" apt-get -qq update >"$log" 2>&1 || true  # a broken foreign source need not matter
    "${install[@]}" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; rm -f "$log"; network_trouble "System packages ($*)"; }
  fi
  rm -f "$log"
}
