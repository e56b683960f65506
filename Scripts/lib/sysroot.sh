# Unpacks a foreign architecture's Debian packages into a directory, with an apt state of its own: nothing on the host
# is installed, configured or changed, and no root is needed. To be sourced.

# make_sysroot DIRECTORY ARCHITECTURE PACKAGE...: does nothing if the directory already holds just that.
make_sysroot() {
  local root=$1 architecture=$2
  shift 2
  local release=bookworm mirror=http://deb.debian.org/debian
  local wanted="$release $architecture $*"
  [ "$(cat "$root/.holds" 2>/dev/null)" != "$wanted" ] || return 0
  local state
  state=$(realpath -m "$root.apt")
  rm -rf "$root" "$state"
  mkdir -p "$root" "$state"/{lists/partial,cache/archives/partial,etc}
  : >"$state/status"
  local key=/usr/share/keyrings/debian-archive-keyring.gpg
  for suite in "debian $release" "debian $release-updates" "debian-security $release-security"; do
    echo "deb [arch=$architecture signed-by=$key] ${mirror%/debian}/${suite% *} ${suite#* } main"
  done >"$state/etc/sources.list"
  local apt=(apt-get -qq -y
    -o Dir::State="$state" -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status"
    -o Dir::Cache="$state/cache" -o Dir::Etc::sourcelist="$state/etc/sources.list" -o Dir::Etc::sourceparts=-
    -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" -o APT::Install-Recommends=false
    -o APT::Sandbox::User= -o Acquire::Languages=none -o Debug::NoLocking=1)
  echo "sysroot for $architecture: $*" >&2
  "${apt[@]}" update >&2
  "${apt[@]}" --download-only install "$@" >/dev/null
  local package
  for package in "$state"/cache/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
  relativise_links "$root"
  rm -rf "$state"
  echo "$wanted" >"$root/.holds"
}

# Absolute links would lead out of the sysroot to the host's files.
relativise_links() {
  local root link target
  root=$(realpath "$1")
  find "$root" -type l -lname '/*' | while read -r link; do
    target=$(readlink "$link")
    ln -sfn "$(realpath -m --relative-to "$(dirname "$link")" "$root$target")" "$link"
  done
}
