# shellcheck shell=bash disable=SC2154 # cache is set by the file that reads this one
# Brings Engines into the cache: Debian's own packages, unpacked, never installed.

# The commands that running an Engine takes, each with the Debian package that brings it.
needed_commands=(
  curl:curl flock:util-linux ip:iproute2 iptables:iptables nsenter:util-linux
  perl:perl-base realpath:coreutils setpriv:util-linux setsid:util-linux tar:tar unshare:util-linux
)
# The libraries of dockerd and runc that a small Debian may lack.
needed_libraries=(libdevmapper1.02.1 libseccomp2 libsystemd0)

declare -A suite_of=([20.10]=bookworm [26.1]=trixie [28.5]=sid)
# 20.10 also brings what all versions share: the runc and tini of 26.1 and 28.5 ask for a newer
# libc than bookworm has, and theirs work with bookworm's.
declare -A packages_of=(
  [20.10]="docker.io containerd runc tini busybox-static"
  [26.1]="docker.io containerd"
  [28.5]="docker.io containerd"
)

elsewhere="use an Engine of your own there and set DOCKER_HOST"

install_prerequisites() {
  local entry missing=() library
  for entry in "${needed_commands[@]}"; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry#*:}")
  done
  if command -v dpkg-query >/dev/null; then
    for library in "${needed_libraries[@]}"; do
      [[ $(dpkg-query -W -f '${Status}' "$library" 2>/dev/null) == *" installed" ]] || missing+=("$library")
    done
  fi
  ((${#missing[@]})) || return 0
  install_packages "$elsewhere" "${missing[@]}"
}

# Prints the address of the Debian archive that this machine itself is served by.
debian_archive() {
  if [[ -n ${FAIRLEAD_DEBIAN_ARCHIVE:-} ]]; then
    printf '%s\n' "$FAIRLEAD_DEBIAN_ARCHIVE"
    return
  fi
  local archives
  # shellcheck disable=SC2016 # apt expands these, not the shell
  archives=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' \
    | sed -n 's/^Debian Debian //p')
  printf '%s\n' "${archives%%$'\n'*}"
}

# Downloads the packages of a suite to a folder, by lists of its own: the machine's sources stay.
download_packages() {
  local suite=$1 folder=$2 archive
  shift 2
  archive=$(debian_archive)
  if [[ -z $archive ]]; then
    # A fresh image has no lists yet, and without them apt does not know whose archive it is.
    apt update || fail "apt-get update failed" 3
    archive=$(debian_archive)
  fi
  [[ -n $archive ]] || fail "no Debian archive among this machine's apt sources: \
set FAIRLEAD_DEBIAN_ARCHIVE to the address of one" 3

  mkdir -p "$folder/lists/partial" "$folder/archives/partial"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    "$archive" "$suite" >"$folder/sources.list"
  # Sid's lists say that they are good for a week only; a mirror that lags behind serves for tests.
  local options=(
    -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder" -o APT::Sandbox::User=root
    -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false
  )
  apt "${options[@]}" update || fail "could not read the package lists of $suite"
  (cd "$folder/archives" && apt "${options[@]}" download "$@") || fail "could not download $* of $suite"
}

# Makes the image every Engine here is given: one static busybox and a link for each applet.
make_busybox_image() {
  local busybox=$1 tar=$2 root=$3 applet
  mkdir -p "$root"/{bin,etc,root,tmp,var}
  chmod 1777 "$root/tmp"
  cp "$busybox" "$root/bin/busybox"
  while read -r applet; do
    [[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
  done < <("$busybox" --list)
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$root/etc/group"
  tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$tar" .
}

# Succeeds when the version found is the one asked for; sid moves, so 28.5 means "or later".
version_serves() {
  local wanted=$1 found=$2
  if [[ $wanted == 28.5 ]]; then
    [[ $(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1) == "$wanted" ]]
  else
    [[ $found == "$wanted".* ]]
  fi
}

unpack_engine() {
  local version=$1 staging=$2 packages package found
  local root=$staging/root
  read -ra packages <<<"${packages_of[$version]}"
  download_packages "${suite_of[$version]}" "$staging/apt" "${packages[@]}"
  mkdir "$root"
  for package in "$staging"/apt/archives/*.deb; do
    dpkg -x "$package" "$root"
  done
  # Links to programs that are not unpacked here would hide the shared ones in PATH.
  find "$root/usr/bin" "$root/usr/sbin" -xtype l -delete

  found=$("$root/usr/sbin/dockerd" --version) || fail "the dockerd of ${suite_of[$version]} does not run here"
  found=${found#Docker version }
  found=${found%%[,+ ]*}
  version_serves "$version" "$found" || fail "${suite_of[$version]} serves Engine $found, not $version"
  printf '%s\n' "$found" >"$root/version"
  [[ $version != 20.10 ]] || make_busybox_image "$root/bin/busybox" "$root/busybox.tar" "$staging/image"
}

engine_installed() {
  [[ -s $cache/$1/version && -s $cache/20.10/version ]]
}

unpack_registry() {
  local staging=$1
  download_packages bookworm "$staging/apt" docker-registry
  dpkg -x "$staging"/apt/archives/*.deb "$staging/root"
  "$staging/root/usr/bin/docker-registry" --version | sed 's/.* //' >"$staging/root/version"
}

# The docker command of sid with its buildx: what `docker build` is today, to compare with.
unpack_cli() {
  local staging=$1 package
  download_packages sid "$staging/apt" docker-cli docker-buildx
  for package in "$staging"/apt/archives/*.deb; do
    dpkg -x "$package" "$staging/root"
  done
  "$staging/root/usr/bin/docker" --version | sed 's/^Docker version //; s/[,+ ].*//' >"$staging/root/version"
}

# Makes a folder of the cache, unless it is there, by a command that is given a staging folder and
# leaves "root" with a file "version" in it. The caller has the cache's lock.
fill_cache() {
  local name=$1 what=$2 staging status
  shift 2
  [[ ! -s $cache/$name/version ]] || return 0
  say "fetching $what"
  staging=$(mktemp -d "$cache/staging.XXXXXX")
  # In a subshell, so that a failure anywhere in it still removes what was half done; not as a
  # condition, since errexit is off in one.
  set +e
  (set -e && "$@" "$staging")
  status=$?
  set -e
  if ((status)); then
    rm -rf "$staging"
    fail "$what could not be made available" "$status"
  fi
  rm -rf "${cache:?}/$name"
  mv "$staging/root" "$cache/$name"
  rm -rf "$staging"
  say "$what is there: $(<"$cache/$name/version")"
}

# Makes a version available. Safe when several processes do so at once.
install_engine() {
  local version=$1 wanted lock
  ! engine_installed "$version" || { install_prerequisites && return 0; }
  require_debian "Engine $version has to be unpacked" "$elsewhere"
  mkdir -p "$cache"
  exec {lock}>"$cache/lock"
  flock "$lock"
  install_prerequisites
  for wanted in 20.10 "$version"; do
    fill_cache "$wanted" "Engine $wanted from Debian ${suite_of[$wanted]}" unpack_engine "$wanted"
  done
  exec {lock}>&-
}

# Likewise the registry, one for all versions.
install_registry() {
  local lock
  [[ ! -s $cache/registry/version ]] || return 0
  require_debian "the registry has to be unpacked" "run one of your own in the Engine's network"
  exec {lock}>"$cache/lock"
  flock "$lock"
  fill_cache registry "the registry from Debian bookworm" unpack_registry
  exec {lock}>&-
}

# Likewise the docker command, which any Engine understands.
install_cli() {
  local lock
  [[ ! -s $cache/cli/version ]] || return 0
  require_debian "the docker command has to be unpacked" "install docker and its buildx there"
  mkdir -p "$cache"
  exec {lock}>"$cache/lock"
  flock "$lock"
  fill_cache cli "the docker command from Debian sid" unpack_cli
  exec {lock}>&-
}
