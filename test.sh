#!/usr/bin/env bash
# From a bare Debian machine to every test, those on real Engines included. Takes root. Arguments go to
# Maven: "./test.sh -pl client-core -am" tests one module and what it stands on. Without any, tools/engine is tested as well.
set -euo pipefail

top=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=tools/debian.bash
source "$top/tools/debian.bash"

report() {
  local status=$?
  printf '%s after %d s, on JDK %s\n' "$( ((status == 0)) && echo passed || echo FAILED)" "$SECONDS" "${jdk:-unknown}"
}
trap report EXIT

((EUID == 0)) || fail "the tests start real Engines: run this as root, for example with sudo" 3
require_build_tools
# The tests of TLS make their certificates with it.
command -v openssl >/dev/null || install_packages "install openssl" openssl
# SshIT logs in by it, at one that it starts itself.
{ command -v ssh && [[ -x /usr/sbin/sshd ]]; } >/dev/null ||
  install_packages "install OpenSSH's client and server" openssh-client openssh-server
# BrowserIT of the dashboard drives it.
if [[ " $* " != *" -pl "* || $* == *dashboard* ]]; then
  command -v chromium >/dev/null || install_packages "install chromium" chromium
fi
# Some tests have thousands of connections open.
ulimit -n "$(ulimit -Hn)"
jdk=$(mvn -v | sed -n 's/^Java version: \([^,]*\).*/\1/p')
for version in 20.10 26.1 28.5; do
  "$top/tools/engine/engine" install "$version"
done

cd "$top"
# On the newest alone: the tests start and stop the others as well.
(($#)) || tools/engine/engine check 28.5
mvn -B -ntp verify "$@"
# The samples run too: the newcomer's first command, on an Engine of its own.
(($#)) || [[ $(env -u DOCKER_HOST ./quickstart.sh) == "hello world" ]] || fail "quickstart.sh did not say hello world"
