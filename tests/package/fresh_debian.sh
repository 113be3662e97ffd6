#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Run by fresh_debian.py inside a Debian that was made for it, with the packages in /packages and older ones in
# /packages/older: installs, uses, upgrades, removes and purges them. The argument is what segments are called.
set -euo pipefail
cd /packages
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
name=$1
scratch=$(mktemp -d)
chmod 755 "$scratch"
anybody=(setpriv --reuid nobody --regid nogroup --clear-groups --) # no rights, and no home

step() { echo "fresh: $* ($SECONDS s)"; }
fail() {
  echo "fresh: FAILED: $*" >&2
  exit 1
}
quietly() { "$@" >"$scratch/log" 2>&1 || fail "$*: $(tail -n 20 "$scratch/log")"; }
install() { quietly apt-get install -y --no-install-recommends "$@"; }

# says STATUS WORDS COMMAND ...
says() {
  local expected=$1 words=$2 status=0 said
  shift 2
  said=$("${anybody[@]}" timeout 60 "$@" 2>&1) || status=$?
  [[ $status == "$expected" && $said == *"$words"* ]] ||
    fail "'$*' ended with $status, not $expected, or without '$words': $said"
}

# What packages of ours need of others.
needs_of() {
  local package
  for package in "$@"; do
    dpkg-deb --field "$package"_*.deb Depends
  done | tr ',' '\n' | sed 's/^ *//' | grep -v 'shm-\?video' | sort -u | paste -sd,
}

# All files, but for what dpkg, apt and man note about packages.
files() {
  find / -xdev \( -path /packages -o -path "$scratch" -o -path /var/lib/dpkg -o -path /var/lib/apt \
    -o -path /var/cache -o -path /var/log -o -path /proc -o -path /sys -o -path /dev \) -prune -o -print | sort
}

# With what they need installed already.
brings_nothing_of_others() {
  local more
  more=$(apt-get install -s --no-install-recommends "$@" | sed -n 's/^Inst //p' | grep -v 'shm-\?video') || true
  [[ -z $more ]] || fail "these come along: $more"
}

use_the_tools() {
  local capture films=$scratch/films deadline=$((SECONDS + 30))
  "${anybody[@]}" shm-capture --device pattern --name "$name" -r 320x240 2>"$scratch/captured" &
  capture=$!
  until "${anybody[@]}" shm-inspect "$name" >"$scratch/inspected" 2>&1; do
    ((SECONDS < deadline)) || fail "no segment: $(cat "$scratch/captured" "$scratch/inspected")"
    sleep 0.2
  done
  says 0 320x240 shm-inspect "$name"
  command install -d -o nobody "$films"
  says 0 "" shm-record "$name" -o "$films/clip.mkv" -t 1s
  [[ -s $films/clip.mkv ]] || fail "nothing was recorded"
  rm -r "$films"
  kill -TERM $capture
  wait $capture || fail "shm-capture ended with $?: $(cat "$scratch/captured")"
  says 4 "$name" shm-inspect "$name"
}

quietly apt-get update
install man-db
quietly apt-get satisfy -y --no-install-recommends "$(needs_of libshmvideo0 shm-video)"
files >"$scratch/before"
step "what the tools need is there"

brings_nothing_of_others ./libshmvideo0_*.deb ./shm-video_*.deb
install ./older/libshmvideo0_*.deb ./older/shm-video_*.deb
use_the_tools
step "the tools work"

version=$(dpkg-deb --field shm-video_*.deb Version)
says 0 "${version%-*}" shm-capture --version
for tool in $(dpkg -L shm-video | sed -n 's|^/usr/bin/||p'); do
  says 0 "$tool" man -P cat "$tool"
done
says 1 "package shm-video-gstreamer)" shm-capture -d 'videotestsrc ! appsink' --name "$name"
says 1 "package shm-video-opencv)" shm-capture -d x.avi --backend opencv --name "$name"
step "manuals and advice are there"

install ./libshmvideo0_*.deb ./shm-video_*.deb
for package in libshmvideo0 shm-video; do
  [[ $(dpkg-query -W -f '${Version}' $package) == "$version" ]] || fail "$package was not upgraded"
done
install --reinstall ./libshmvideo0_*.deb ./shm-video_*.deb
use_the_tools
install ./libshmvideo-dev_*.deb
changed=$(dpkg --verify libshmvideo0 libshmvideo-dev shm-video)
[[ -z $changed ]] || fail "not as they were packed: $changed"
step "they are upgraded, installed again, and as they were packed"

quietly apt-get remove -y shm-video
if command -v shm-capture >/dev/null; then fail "shm-capture is still there"; fi
install ./shm-video_*.deb
quietly apt-get purge -y shm-video libshmvideo-dev libshmvideo0
left=$(comm -13 "$scratch/before" <(files))
[[ -z $left ]] || fail "left behind: $left"
known=$(dpkg-query -W "*shm-video*" "*shmvideo*" 2>/dev/null) || true
[[ -z $known ]] || fail "dpkg still knows of: $known"
if ldconfig -p | grep -q shmvideo; then fail "the loader still knows the library"; fi
step "they are gone, with everything of theirs"

install ./libshmvideo0_*.deb ./shm-video_*.deb ./shm-video-gstreamer_*.deb gstreamer1.0-plugins-base
says 0 "published 3 " shm-capture -d 'videotestsrc num-buffers=3 ! appsink' --name "$name"
step "pipelines work with the package for them"
install ./shm-video-opencv_*.deb
says 1 "OpenCV cannot open" shm-capture -d no-such-film.avi --backend opencv --name "$name"
step "OpenCV is asked with the package for it"

install ./python3-shmvideo_*.deb
SHM_VIDEO_DIR=/var/tmp says 0 "There is no segment" python3 -I -m shmvideo
modules=/usr/lib/python3/dist-packages/shmvideo
[[ -d $modules/__pycache__ ]] || fail "no bytecode was made"
quietly apt-get purge -y python3-shmvideo
[[ ! -e $modules ]] || fail "left behind: $(ls $modules)"
step "Python has its package, and nothing of it afterwards"
