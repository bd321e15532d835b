#!/usr/bin/env bash
# From a bare machine to a container's "hello world", through Fairlead. On Debian, as root or with sudo,
# it installs what is missing; elsewhere it says what that is. Only the container's line goes to stdout.
set -euo pipefail

top=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=tools/debian.bash
source "$top/tools/debian.bash"
engine=$top/tools/engine/engine

folder=""
stop_private_engine() {
  [[ -z $folder ]] || "$engine" stop "$folder"
}

answers() {
  [[ -S $1 && $(curl -fsS --max-time 5 --unix-socket "$1" http://engine/_ping 2>/dev/null) == OK ]]
}

# The Engine that this environment has, or one of our own that ends with us.
choose_engine() {
  local socket
  [[ -z ${DOCKER_HOST:-}${DOCKER_CONTEXT:-} ]] || return 0
  # The client's own order.
  for socket in /var/run/docker.sock "${HOME:-/root}"/.docker/{run,desktop}/docker.sock \
    "${XDG_RUNTIME_DIR:-/run}/docker.sock"; do
    if answers "$socket"; then
      export DOCKER_HOST=unix://$socket
      return
    fi
  done
  say "no Engine here: starting a private one"
  folder=$(mktemp -d /tmp/fairlead-quickstart.XXXXXX)
  trap stop_private_engine EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  DOCKER_HOST=$("$engine" start 20.10 "$folder")
  export DOCKER_HOST
}

require_build_tools
choose_engine
say "using the Engine ${DOCKER_HOST:-of the context ${DOCKER_CONTEXT:-}}"

cd "$top"
say "building (the first time Maven fetches what it needs)"
mvn -B -ntp -q -Dfast -pl samples -am package dependency:build-classpath \
  -Dmdep.outputFile=target/classpath -DincludeScope=runtime >&2

java=java
[[ -z ${JAVA_HOME:-} ]] || java=$JAVA_HOME/bin/java
"$java" -cp "samples/target/classes:$(<samples/target/classpath)" dev.fairlead.samples.HelloWorld
