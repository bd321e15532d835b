# shellcheck shell=bash
# What the scripts of this repository share: talk, and Debian packages where they are missing.

# The name that messages begin with; the script that reads this file may set another.
script=$(basename "$0")

say() {
  printf '%s: %s\n' "$script" "$*" >&2
}

fail() {
  say "$1"
  exit "${2:-1}"
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

# Fails with status 3 unless this is root and Debian's package tools are there. Takes what for, and
# what to do where they are not.
require_debian() {
  local purpose=$1 otherwise=$2 tool
  for tool in apt-get dpkg dpkg-query; do
    command -v "$tool" >/dev/null || fail "$purpose, and this is no Debian ($tool is not there): $otherwise" 3
  done
  ((EUID == 0)) || fail "$purpose: run this as root, for example with sudo" 3
}

# Takes what to do where there is no apt, then the packages.
install_packages() {
  local otherwise=$1
  shift
  require_debian "missing: $*" "$otherwise"
  say "installing $*"
  apt update || fail "apt-get update failed; missing: $*" 3
  apt install --no-install-recommends "$@" >/dev/null || fail "could not install $*" 3
}

# Prints the feature version of the JDK that Maven would take, such as 17, or nothing.
jdk_version() {
  local compiler=javac
  [[ -z ${JAVA_HOME:-} ]] || compiler=$JAVA_HOME/bin/javac
  { "$compiler" -version 2>/dev/null || true; } | sed -n 's/^javac \([0-9]*\).*/\1/p'
}

# A JDK from 17 on, Maven and curl.
require_build_tools() {
  local version packages=()
  version=$(jdk_version)
  if [[ -z $version ]]; then
    [[ -z ${JAVA_HOME:-} ]] || fail "JAVA_HOME is no JDK: $JAVA_HOME" 3
    packages+=(default-jdk-headless)
  fi
  command -v mvn >/dev/null || packages+=(maven)
  command -v curl >/dev/null || packages+=(curl ca-certificates)
  ((${#packages[@]} == 0)) || install_packages \
    "install a JDK from 17 on (https://adoptium.net), Maven from 3.8 on (https://maven.apache.org) and curl" \
    "${packages[@]}"
  version=$(jdk_version)
  ((${version:-0} >= 17)) || fail "a JDK from 17 on is needed, and this one is ${version:-none}: \
install one (https://adoptium.net) and set JAVA_HOME to it" 3
}
