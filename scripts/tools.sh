# Finds the JDK, Maven and packages that ./check and ./slicekeep need, or installs them. Sourced by bash.

# java_feature HOME: prints the feature release of the JDK or JRE there, such as 17; nothing if there is none.
java_feature() {
  local key value
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      value=${value//\"/}
      echo "${value%%[.+-]*}"
      return 0
    fi
  done <"$1/release"
}

# java_homes: every place where a JDK may be, the user's choice first.
java_homes() {
  local java
  [ -n "${JAVA_HOME:-}" ] && echo "$JAVA_HOME"
  java=$(command -v java) && java=$(readlink -f "$java") && echo "${java%/bin/java}"
  printf '%s\n' /usr/lib/jvm/*
}

# find_java TOOL TEST...: prints the first home that has bin/TOOL and whose feature release N makes `[ N TEST... ]` true.
find_java() {
  local tool=$1 home feature
  shift
  while read -r home; do
    feature=$(java_feature "$home")
    if [ -n "$feature" ] && [ -x "$home/bin/$tool" ] && [ "$feature" "$@" ]; then
      echo "$home"
      return 0
    fi
  done < <(java_homes)
  return 1
}

# install_packages PACKAGE...: with apt when root, or else says the command and fails.
install_packages() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "${0##*/}: missing software; run: sudo apt-get update && sudo apt-get install -y $*" >&2
    return 1
  fi
  echo "${0##*/}: installing $*" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
  # The lists may be missing or old: fetch them and let the second try say what is wrong.
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# available PACKAGE: true if the distribution has it, as far as the lists that are here tell.
available() { apt-cache show "$1" >/dev/null 2>&1; }

# jdk_package: the JDK to install; 17 where the distribution has it.
jdk_package() {
  if ! available openjdk-17-jdk-headless && [ "$(id -u)" = 0 ]; then
    apt-get update -qq >/dev/null || true
  fi
  if ! available openjdk-17-jdk-headless && available default-jdk-headless; then
    echo default-jdk-headless
  else
    echo openjdk-17-jdk-headless
  fi
}

# need_build_tools PACKAGE...: sets and exports JAVA_HOME to a JDK 17 or newer, 17 if there is a choice, and makes sure of
# Maven and of the Debian packages named.
need_build_tools() {
  local missing=() package jdk
  find_java javac -ge 17 >/dev/null || missing+=("$(jdk_package)")
  command -v mvn >/dev/null || missing+=(maven)
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}" || return 1
  jdk=$(find_java javac -eq 17) || jdk=$(find_java javac -ge 17) || {
    echo "${0##*/}: no JDK 17 or newer found; set JAVA_HOME" >&2
    return 1
  }
  export JAVA_HOME=$jdk
}

# need_names: in the plain C locale a JVM can name only ASCII files; there, UTF-8 is as good as any other.
need_names() {
  [ "$(locale charmap 2>/dev/null)" != ANSI_X3.4-1968 ] || export LC_ALL=C.UTF-8
}
