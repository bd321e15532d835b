# shellcheck shell=bash disable=SC2154 # here, cache and verb are set by the file that reads this one
# Starts, finds and ends Engines.
#
# One Engine is: "unshare" (the owner, found again by its arguments), whose child is the first process
# of the namespaces (the keeper), and dockerd, entered into them by "nsenter". Killing the keeper makes
# the kernel end all processes, mounts and interfaces inside, however far a start had come.

start_seconds=${FAIRLEAD_ENGINE_START_SECONDS:-60}

normal_folder() {
  [[ $1 == /* ]] || misuse "the folder must be absolute: $1"
  realpath -m -- "$1"
}

# Succeeds while a process runs; a zombie, which nothing may ever reap, has ended.
alive() {
  local stat
  [[ -n $1 ]] && read -r stat 2>/dev/null <"/proc/$1/stat" && [[ ${stat##*) } != [ZX]* ]]
}

# Runs a command for up to some seconds until it succeeds.
await() {
  local seconds=$1 end
  shift
  end=$((SECONDS + seconds))
  until "$@"; do
    ((SECONDS <= end)) || return 1
    sleep 0.02
  done
}

ended() {
  ! alive "$1"
}

# Prints "PID FOLDER" of the owner of each running Engine.
owners() {
  local process name arguments
  for process in /proc/[0-9]*; do
    { read -r name <"$process/comm" && [[ $name == unshare ]]; } 2>/dev/null || continue
    mapfile -d '' -t arguments 2>/dev/null <"$process/cmdline" || continue
    ((${#arguments[@]} > 3)) || continue
    [[ ${arguments[-3]} == fairlead-engine ]] || continue
    printf '%s %s\n' "${process#/proc/}" "${arguments[-2]}"
  done
}

owner_of() {
  local owner folder
  while read -r owner folder; do
    [[ $folder == "$1" ]] || continue
    printf '%s\n' "$owner"
    break
  done < <(owners)
}

keeper_of() {
  local keeper=""
  read -r keeper _ 2>/dev/null <"/proc/$1/task/$1/children" || true
  printf '%s\n' "$keeper"
}

cgroup_of() {
  printf 'fairlead-engine-%s\n' "$(printf '%s' "$1" | cksum | cut -d ' ' -f 1)"
}

engine_ask() {
  local folder=$1
  shift
  curl -fsS --max-time 30 --unix-socket "$folder/docker.sock" "$@"
}

answers_ping() {
  [[ $(engine_ask "$1" http://engine/_ping 2>/dev/null) == OK ]]
}

# Ends once the Engine answers or its dockerd has died.
answers_or_died() {
  answers_ping "$1" || ! alive "$2"
}

# In a background process that outlives its caller: nothing of the caller's may stay open in it.
close_inherited() {
  local descriptor
  for descriptor in /proc/self/fd/*; do
    descriptor=${descriptor##*/}
    ((descriptor <= 2)) || eval "exec $descriptor>&-"
  done
}

launch_namespaces() {
  local folder=$1
  rm -f "$folder/.engine/prepared"
  (
    close_inherited
    cd /
    exec setsid unshare --mount --propagation slave --pid --net --fork --kill-child --mount-proc \
      "$here/inside" fairlead-engine "$folder" "$cache/20.10/usr/bin/docker-init"
  ) </dev/null >>"$folder/engine.log" 2>&1 &
  local owner=$!
  disown "$owner"
  await 10 prepared_or_died "$folder" "$owner"
  [[ -e $folder/.engine/prepared ]] && alive "$owner"
}

prepared_or_died() {
  [[ -e $1/.engine/prepared ]] || ! alive "$2"
}

# Starts dockerd in the namespaces and waits until it answers.
launch_daemon() {
  local folder=$1 keeper version program command=() listen=()
  keeper=$(keeper_of "$(owner_of "$folder")")
  [[ -n $keeper ]] || return 1
  version=$(<"$folder/.engine/version")
  mapfile -d '' -t command <"$folder/.engine/arguments"
  # 127.0.0.1 of the machine is not that of the Engine's network: the listening socket is made out
  # here and handed in, as systemd does it.
  if [[ -s $folder/.engine/port ]]; then
    listen=("$here/listen" "$(<"$folder/.engine/port")")
    # shellcheck disable=SC2016 # for the inner shell
    program='export LISTEN_FDS=1 LISTEN_PID=$$; exec dockerd "$@"'
  else
    # shellcheck disable=SC2016
    program='exec dockerd "$@"'
  fi
  local path=$cache/$version/usr/bin:$cache/$version/usr/sbin:$cache/20.10/usr/bin:$cache/20.10/usr/sbin
  rm -f "$folder/dockerd.pid" "$folder/docker.sock"
  (
    close_inherited
    cd /
    exec setsid env -i HOME="$folder" PATH="$path:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin" \
      "${listen[@]}" nsenter --target "$keeper" --mount --pid --net -- \
      sh -c "$program" dockerd "${command[@]}"
  ) </dev/null >>"$folder/engine.log" 2>&1 &
  local daemon=$!
  disown "$daemon"
  printf '%s\n' "$daemon" >"$folder/.engine/daemon"
  await "$start_seconds" answers_or_died "$folder" "$daemon"
  alive "$daemon" && answers_ping "$folder"
}

import_busybox() {
  local answer
  answer=$(engine_ask "$1" -X POST -H 'Content-Type: application/x-tar' -T "$cache/20.10/busybox.tar" \
    'http://engine/images/create?fromSrc=-&repo=busybox&tag=latest&changes=CMD%20%5B%22sh%22%5D') || return 1
  [[ $answer == *sha256:* ]]
}

valid_port() {
  [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] || misuse "no port number: $1"
  (($1 <= 65535)) || misuse "no port number: $1"
}

# Reads the options of start into the variables of its caller.
parse_start_options() {
  while (($#)); do
    case $1 in
      --tcp)
        (($# >= 2)) || misuse "--tcp takes a port"
        valid_port "$2"
        [[ -z $port ]] || misuse "one of --tcp and --tls, and once"
        port=$2
        shift 2
        ;;
      --tls)
        (($# >= 3)) || misuse "--tls takes a port and a folder of certificates"
        valid_port "$2"
        [[ -z $port ]] || misuse "one of --tcp and --tls, and once"
        port=$2
        certificates=$(normal_folder "$3")
        shift 3
        ;;
      --feature)
        [[ ${2:-} =~ ^[a-z0-9-]+$ ]] || misuse "--feature takes a name"
        features+=("$2")
        shift 2
        ;;
      --)
        shift
        extra=("$@")
        return
        ;;
      *)
        misuse "no such option: $1"
        ;;
    esac
  done
}

# Prints dockerd's arguments, each ended by a NUL.
daemon_arguments() {
  local folder=$1
  printf '%s\0' --host "unix://$folder/docker.sock" --config-file "$folder/.engine/daemon.json" \
    --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" \
    --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$(cgroup_of "$folder")"
  [[ -z $port ]] || printf '%s\0' --host fd://
  [[ -z $certificates ]] || printf '%s\0' --tlsverify --tlscacert "$certificates/ca.pem" \
    --tlscert "$certificates/server-cert.pem" --tlskey "$certificates/server-key.pem"
  ((${#extra[@]} == 0)) || printf '%s\0' "${extra[@]}"
}

daemon_configuration() {
  local feature list=""
  for feature in "${features[@]}"; do
    list+="${list:+, }\"$feature\": true"
  done
  printf '{"features": {%s}}\n' "$list"
}

check_folder() {
  local folder=$1
  ((${#folder} <= 70)) || fail "the folder's path has more than 70 characters, too many for the sockets in it: $folder" 2
  [[ $folder != *[[:space:]]* ]] || fail "the folder's path has white space in it: $folder" 2
  # Each Engine has a /run of its own.
  [[ $folder != /run/* ]] || fail "the folder must not be below /run: $folder" 2
  [[ -z $(owner_of "$folder") ]] || fail "an Engine runs in $folder already"
  [[ ! -e $folder || -d $folder ]] || fail "not a folder: $folder"
  [[ ! -d $folder || -z $(ls -A "$folder") ]] || fail "the folder is not empty: $folder"
}

start_engine() {
  local version=$1 folder port="" certificates="" features=() extra=() name
  folder=$(normal_folder "$2")
  shift 2
  parse_start_options "$@"
  check_folder "$folder"
  if [[ -n $certificates ]]; then
    for name in ca.pem server-cert.pem server-key.pem; do
      [[ -r $certificates/$name ]] || fail "no such certificate: $certificates/$name" 2
    done
  fi
  if [[ $version == 20.10 && " ${features[*]} " == *" containerd-snapshotter "* ]]; then
    fail "containerd-snapshotter takes 26.1 or later" 2
  fi
  ((EUID == 0)) || fail "an Engine has to be started as root, for example with sudo" 3
  install_engine "$version"

  mkdir -p "$folder"
  mkdir "$folder/.engine" || fail "an Engine starts in $folder already"
  started_folder=$folder
  trap abandon_start EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  printf '%s\n' "$version" >"$folder/.engine/version"
  printf '%s' "$port" >"$folder/.engine/port"
  daemon_configuration >"$folder/.engine/daemon.json"
  daemon_arguments "$folder" >"$folder/.engine/arguments"
  launch_namespaces "$folder" || fail "could not make its namespaces"
  launch_daemon "$folder" || fail "Engine $version did not answer"
  import_busybox "$folder" || fail "the busybox image could not be imported"
  trap - EXIT INT TERM HUP
  printf 'unix://%s/docker.sock\n' "$folder"
}

# What a start that failed, or was interrupted, leaves: its log's end and nothing else.
abandon_start() {
  local status=$?
  trap - EXIT INT TERM HUP
  say "the last lines of the log of $started_folder:"
  tail -n 20 "$started_folder/engine.log" >&2 || true
  stop_engine "$started_folder" || true
  exit "$status"
}

# SIGKILL does not reach the processes of a paused container on cgroup v1 before they are thawed.
thaw() {
  local state
  while read -r state; do
    echo THAWED 2>/dev/null >"$state" || true
  done < <(find /sys/fs/cgroup/freezer/"$1" -name freezer.state 2>/dev/null)
}

# Kills the keeper and leaves it to its owner to reap it and end: the machine's own init may be slow.
owner_ended_when_killed() {
  local owner=$1 cgroup=$2 keeper
  keeper=$(keeper_of "$owner")
  [[ -z $keeper ]] || kill -KILL "$keeper" 2>/dev/null || true
  thaw "$cgroup"
  ended "$owner"
}

remove_cgroups() {
  local cgroup
  for cgroup in /sys/fs/cgroup/"$1" /sys/fs/cgroup/*/"$1"; do
    [[ ! -d $cgroup ]] || find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || return 1
  done
}

stop_engine() {
  local folder=$1 owner daemon="" cgroup
  [[ ! -d $folder || -e $folder/.engine || -z $(ls -A "$folder") ]] || fail "no Engine's folder: $folder"
  cgroup=$(cgroup_of "$folder")
  [[ ! -s $folder/.engine/daemon ]] || daemon=$(<"$folder/.engine/daemon")
  owner=$(owner_of "$folder")
  if [[ -n $owner ]]; then
    await 30 owner_ended_when_killed "$owner" "$cgroup" || fail "process $owner does not end"
    await 10 ended "$daemon" || fail "process $daemon does not end"
  fi
  await 5 remove_cgroups "$cgroup" || say "a cgroup is left: $cgroup"
  rm -rf --one-file-system -- "$folder"
}

# Sends a signal to dockerd alone, by its number inside the namespaces.
signal_daemon() {
  local signal=$1 folder=$2 keeper daemon
  keeper=$(keeper_of "$(owner_of "$folder")")
  daemon=$(<"$folder/.engine/daemon")
  [[ -n $keeper ]] || fail "no Engine runs in $folder"
  alive "$daemon" || return 0
  # shellcheck disable=SC2016 # for the inner shell
  nsenter --target "$keeper" --mount --pid -- sh -c 'kill -s "$1" "$(cat "$2")"' sh "$signal" "$folder/dockerd.pid"
  await 60 ended "$daemon" || fail "dockerd does not end"
}

kill_engine() {
  signal_daemon KILL "$1"
}

restart_engine() {
  local folder=$1
  [[ -e $folder/.engine/arguments ]] || fail "no Engine's folder: $folder"
  if [[ -n $(owner_of "$folder") ]]; then
    signal_daemon TERM "$folder"
  else
    launch_namespaces "$folder" || fail "could not make its namespaces"
  fi
  if ! launch_daemon_again "$folder"; then
    tail -n 20 "$folder/engine.log" >&2
    fail "the Engine does not answer"
  fi
  printf 'unix://%s/docker.sock\n' "$folder"
}

# dockerd gives its containerd 15 seconds to clear up after the containers it had, and ends if that is not enough: a slow
# machine takes about 50 for 300 of them. What was cleared up stays so, and a service manager just starts it again.
launch_daemon_again() {
  local attempt attempts=8
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    ! launch_daemon "$1" || return 0
    ! alive "$(<"$1/.engine/daemon")" || return 1
    say "dockerd ended, attempt $attempt of $attempts"
  done
  return 1
}

status_of() {
  local folder=$1
  if [[ -z $(owner_of "$folder") ]] || ! alive "$(cat "$folder/.engine/daemon" 2>/dev/null)"; then
    echo stopped
  elif answers_ping "$folder"; then
    echo running
  else
    echo unready
  fi
}

status_engine() {
  local status
  status=$(status_of "$1")
  printf '%s\n' "$status"
  [[ $status == running ]]
}

list_engines() {
  local owner folder
  while read -r owner folder; do
    printf '%s %s %s\n' "$folder" "$(cat "$folder/.engine/version" 2>/dev/null || echo unknown)" "$(status_of "$folder")"
  done < <(owners)
}

exec_in_engine() {
  local folder keeper
  folder=$(normal_folder "$1")
  shift
  keeper=$(keeper_of "$(owner_of "$folder")")
  [[ -n $keeper ]] || fail "no Engine runs in $folder"
  # Among its processes too, so that whatever is run ends with the Engine, or before that with us.
  exec nsenter --target "$keeper" --net --pid -- setpriv --pdeathsig KILL "$@"
}

# The one docker command among the packages; it speaks to every version. Nobody's settings count.
run_docker() {
  local address=$1
  shift
  install_engine 20.10
  exec env --unset=DOCKER_CONTEXT --unset=DOCKER_HOST DOCKER_CONFIG=/nonexistent \
    "$cache/20.10/usr/bin/docker" --host "$address" "$@"
}

registry_configuration() {
  printf 'version: 0.1\nlog: {level: warn}\nstorage:\n  filesystem: {rootdirectory: "%s"}\n  delete: {enabled: true}\n' "$1/data"
  printf 'http: {addr: "127.0.0.1:%s"}\n' "$2"
  (($# == 2)) || printf 'auth:\n  htpasswd: {realm: tests, path: "%s/htpasswd"}\n' "$1"
}

# One line of a password file, in the only form that the registry takes.
htpasswd_line() {
  # shellcheck disable=SC2016 # for perl
  printf '%s:%s\n' "$1" "$(perl -e 'print crypt($ARGV[0], "\$2y\$05\$OfNoImportanceForTests")' "$2")"
}

registry_answers() {
  [[ $(in_network "$1" curl -s --max-time 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$2/v2/") == @(200|401) ]]
}

registry_answers_or_died() {
  registry_answers "$1" "$2" || ! alive "$3"
}

# Starts a registry in an Engine's network, among its processes so that it ends with the Engine, and
# with its files in the Engine's folder.
start_registry() {
  local folder port=${2:-5000} keeper own registry
  folder=$(normal_folder "$1")
  valid_port "$port"
  keeper=$(keeper_of "$(owner_of "$folder")")
  [[ -n $keeper ]] || fail "no Engine runs in $folder"
  ! in_network "$keeper" bash -c ": </dev/tcp/127.0.0.1/$port" 2>/dev/null ||
    fail "something listens on port $port there already"
  install_registry
  own=$folder/registry-$port
  mkdir -p "$own"
  registry_configuration "$own" "$port" "${@:3}" >"$own/config.yml"
  (($# < 4)) || htpasswd_line "$3" "$4" >"$own/htpasswd"
  (
    close_inherited
    cd /
    exec setsid env -i nsenter --target "$keeper" --mount --pid --net -- \
      "$cache/registry/usr/bin/docker-registry" serve "$own/config.yml"
  ) </dev/null >"$own/log" 2>&1 &
  registry=$!
  disown "$registry"
  await "$start_seconds" registry_answers_or_died "$keeper" "$port" "$registry"
  if ! alive "$registry" || ! registry_answers "$keeper" "$port"; then
    tail -n 20 "$own/log" >&2
    fail "the registry does not answer on port $port"
  fi
  printf '127.0.0.1:%s\n' "$port"
}

# Joins the networks of several Engines, each to each: with no bridge in between, no Engine's end cuts the others off,
# and nothing is made outside of their namespaces. A pair of interfaces ends with either of its Engines.
link_engines() {
  local folder keeper number other keepers=()
  for folder; do
    keeper=$(keeper_of "$(owner_of "$(normal_folder "$folder")")")
    [[ -n $keeper ]] || fail "no Engine runs in $folder"
    keepers+=("$keeper")
  done
  (($# <= 254)) || fail "no more than 254 Engines can be linked" 2
  for number in "${!keepers[@]}"; do
    in_network "${keepers[number]}" ip address add "198.51.100.$((number + 1))/32" dev lo ||
      fail "linked already: ${*:number+1:1}"
    for ((other = 0; other < number; other++)); do
      in_network "${keepers[number]}" ip link add "link$((other + 1))" type veth \
        peer name "link$((number + 1))" netns "${keepers[other]}"
      link_side "${keepers[number]}" "$number" "$other"
      link_side "${keepers[other]}" "$other" "$number"
    done
  done
  for number in "${!keepers[@]}"; do
    printf '198.51.100.%s %s\n' "$((number + 1))" "${*:number+1:1}"
  done
}

in_network() {
  local keeper=$1
  shift
  nsenter --target "$keeper" --net -- "$@"
}

# The way from one Engine to another's address.
link_side() {
  local keeper=$1 from=$(($2 + 1)) to=$(($3 + 1))
  in_network "$keeper" ip link set "link$to" up
  in_network "$keeper" ip route add "198.51.100.$to/32" dev "link$to" src "198.51.100.$from"
}
