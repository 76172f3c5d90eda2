# shellcheck shell=bash
# ./platz shots [FOLDER]: pictures of every page and state, in both themes, on a wide screen and on a phone's.

command_shots() {
  read_data_option "$@"
  ((${#rest[@]} <= 1)) || misuse "shots takes one folder"
  local folder=${rest[0]:-$root/artifacts/shots}
  mkdir -p -- "$folder"
  PLATZ_SHOTS=$(readlink -f -- "$folder")
  export PLATZ_SHOTS
  prepare_tests
  say "Taking pictures"
  patiently env -C "$root" dotnet Platz.Tests/bin/Debug/net10.0/Platz.Tests.dll -noLogo -noColor -noAutoReporters \
    -explicit only -class Platz.Tests.Gallery.Shots || fail "Not every page could be pictured."
  say "$(find "$PLATZ_SHOTS" -name '*.png' | wc -l) pictures in $PLATZ_SHOTS"
}
