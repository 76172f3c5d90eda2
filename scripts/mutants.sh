# shellcheck shell=bash
# ./platz mutants [NAME...]: takes guards away, one at a time, in a copy of the tree, and looks which test misses each.

command_mutants() {
  read_data_option "$@"
  read_mutants "$root/Platz.Tests/Mutants/guards.txt"
  pick_mutants "${rest[@]}"
  begin_tests
  copy=$test_folder/tree compiler=platz-mutants-$$
  copy_tree
  # What a guard leaves behind, a name that nobody uses any more, is not what is asked about.
  build_options=(-p:RunAnalyzers=false -p:TreatWarningsAsErrors=false
    -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler")
  provide_tests "$copy" "${build_options[@]}"
  test_unharmed
  test_mutants
  report_mutants
}

# --- The list ---

# Sets name, sentence and tests of each mutant, and its cuts: what is taken out of which file, and what comes there.
read_mutants() { # file
  local line key value file='' before=''
  mutants=() sentences=() tests_of=() cut_of=() cut_file=() cut_find=() cut_put=()
  while IFS= read -r line; do
    [[ $line =~ ^[a-z]+: ]] || continue
    key=${line%%:*} value=${line#*:} value=${value# }
    case $key in
      name) mutants+=("$value") sentences+=('') tests_of+=('') ;;
      guard) sentences[-1]=$value ;;
      tests) tests_of[-1]+=" $value" ;;
      file) file=$value ;;
      find)
        if [[ $before == find ]]; then
          cut_find[-1]+=$'\n'$value
        else
          cut_of+=("${mutants[-1]}") cut_file+=("$file") cut_find+=("$value") cut_put+=('')
        fi
        ;;
      put)
        [[ $before != put ]] || cut_put[-1]+=$'\n'
        cut_put[-1]+=$value
        ;;
    esac
    before=$key
  done <"$1"
}

# Leaves those whose names contain one of the words; all without any.
pick_mutants() { # words ...
  local word i
  picked=()
  for word in "$@"; do
    [[ $word != -* ]] || misuse "mutants has no option '$word'"
    [[ ${mutants[*]} == *"$word"* ]] || misuse "no guard in Platz.Tests/Mutants/guards.txt has '$word' in its name"
  done
  for i in "${!mutants[@]}"; do
    (($# > 0)) || picked+=("$i")
    for word in "$@"; do
      [[ ${mutants[i]} != *"$word"* ]] || { picked+=("$i") && break; }
    done
  done
}

# --- The copy ---

# What is committed, with the changes of the working tree, and nothing that was built.
copy_tree() {
  local file files=()
  while IFS= read -rd '' file; do
    [[ ! -e $root/$file ]] || files+=("$file")
  done < <(git -c safe.directory="$root" -C "$root" ls-files -z --cached --others --exclude-standard)
  ((${#files[@]} > 0)) || fail "./platz mutants needs a working copy of git."
  mkdir -- "$copy"
  printf '%s\0' "${files[@]}" | tar -C "$root" --null --no-recursion -T - -cf - | tar -C "$copy" -xf -
}

# The cuts of a mutant. A text that is not there once and no more is no cut.
take_away() { # mutant
  local i text rest_of
  for i in "${!cut_of[@]}"; do
    [[ ${cut_of[i]} == "$1" ]] || continue
    IFS= read -rd '' text <"$copy/${cut_file[i]}" || true
    rest_of=${text#*"${cut_find[i]}"}
    [[ $text == *"${cut_find[i]}"* && $rest_of != *"${cut_find[i]}"* ]] || return 1
    printf '%s%s%s' "${text%%"${cut_find[i]}"*}" "${cut_put[i]}" "$rest_of" >"$copy/${cut_file[i]}"
  done
}

put_back() { # mutant
  local i
  for i in "${!cut_of[@]}"; do
    [[ ${cut_of[i]} != "$1" ]] || cp -- "$test_folder/whole/$i" "$copy/${cut_file[i]}"
  done
  spread "$test_folder/whole"
}

keep_whole() {
  local i project
  mkdir -- "$test_folder/whole"
  for i in "${!cut_of[@]}"; do
    cp -- "$copy/${cut_file[i]}" "$test_folder/whole/$i" || fail "${cut_of[i]}: there is no file ${cut_file[i]}."
    project=${cut_file[i]%%/*}
    cp -- "$copy/$project/bin/Debug/net10.0/$project.dll" "$test_folder/whole"
  done
}

# Only the project that was cut: what the others were compiled against stays as it is.
build_cut() { # mutant
  local i project
  for i in "${!cut_of[@]}"; do
    [[ ${cut_of[i]} == "$1" ]] || continue
    project=${cut_file[i]%%/*}
    patiently env -C "$copy/$project" dotnet build -c Debug --no-restore --no-dependencies -nodeReuse:false -nologo \
      -v quiet "${build_options[@]}" >"$test_folder/build.log" 2>&1 || return 1
    spread "$copy/$project/bin/Debug/net10.0" "$project.dll"
  done
}

# Puts assemblies wherever tests and programs load them from.
spread() { # from, name
  local assembly place
  for assembly in "$1"/${2:-*.dll}; do
    for place in "$copy"/*/bin/Debug/net10.0/"${assembly##*/}" "$copy"/bench/*/bin/Debug/net10.0/"${assembly##*/}"; do
      [[ ! -e $place || $place -ef $assembly ]] || cp -- "$assembly" "$place"
    done
  done
}

# The compiler that stays for the next mutant, known by a name of our own, would stay for longer.
end_compiler() {
  local process
  for process in /proc/[0-9]*; do
    ! grep -qz -- "-pipename:$compiler\$" "$process/cmdline" 2>/dev/null || kill "${process#/proc/}" 2>/dev/null || true
  done
}

# --- The tests ---

# Runs tests in the copy; sets `failing` to the names of those that failed. Fails where the results say nothing of a
# guard: there are none, or what all tests share broke.
run_named() { # classes, or single tests as class.method ...
  local results=$test_folder/results.xml test filters=()
  for test in "$@"; do
    [[ $test == *_* ]] || test+='.*'
    filters+=(-method "*.$test")
  done
  rm -f -- "$results"
  patiently timeout --kill-after=10 900 env -C "$copy" dotnet Platz.Tests/bin/Debug/net10.0/Platz.Tests.dll \
    -noLogo -noColor -noAutoReporters "${filters[@]}" -result-xml "$results" >"$test_folder/tests.log" 2>&1 || true
  failing=()
  [[ -s $results ]] || return 1
  ! grep -q 'Xunit.Sdk.TestPipelineException' "$results" || return 1
  mapfile -t failing < <(grep -oE '<test [^>]* result="Fail"[^>]*>' "$results" |
    sed -E 's/.* type="Platz\.Tests\.([^"]*)" method="([^"]*)".*/\1.\2/' | sort -u)
  grep -qE '<test [^>]* result="(Pass|Fail)"' "$results"
}

# A test that fails anyway misses nothing.
test_unharmed() {
  local i test
  local -A named=()
  for i in "${picked[@]}"; do
    for test in ${tests_of[i]}; do
      named[$test]=1
    done
  done
  say "Testing with every guard in its place"
  run_named "${!named[@]}" || {
    tail -n 30 "$test_folder/tests.log" >&2
    fail "The tests ended without results."
  }
  ((${#failing[@]} == 0)) || fail "Before any guard was taken away these failed: ${failing[*]}"
}

test_mutants() {
  local i
  verdict=() caught_by=() caught=0
  keep_whole
  say "Taking away ${#picked[@]} guards, one at a time"
  for i in "${picked[@]}"; do
    test_mutant "$i"
    show_mutant "$i"
    put_back "${mutants[i]}"
  done
}

test_mutant() { # its place in the list
  local -a these=()
  read -ra these <<<"${tests_of[$1]}"
  if ! take_away "${mutants[$1]}"; then
    verdict[$1]='its text is not there once'
  elif ! build_cut "${mutants[$1]}"; then
    verdict[$1]='it does not compile'
    show_build_errors "$test_folder/build.log"
  elif ! run_named "${these[@]}"; then
    verdict[$1]='the tests ended without results'
  elif ((${#failing[@]} == 0)); then
    verdict[$1]='nobody misses it'
  else
    verdict[$1]=caught
    caught_by[$1]=${failing[*]}
    caught=$((caught + 1))
  fi
}

# --- The report ---

show_mutant() { # its place in the list
  local -a by=()
  read -ra by <<<"${caught_by[$1]:-}"
  printf '  %-28s %s\n' "${mutants[$1]}" "${by[0]:-NOT CAUGHT: ${verdict[$1]}}"
  ((${#by[@]} <= 1)) || printf '  %-28s and %s more\n' '' "$((${#by[@]} - 1))"
}

report_mutants() {
  mkdir -p -- "$root/artifacts"
  json_of_mutants >"$root/artifacts/mutants.json"
  say "$caught of ${#picked[@]} guards are missed by a test when they are taken away."
  ((caught == ${#picked[@]})) || exit 1
}

json_of_mutants() {
  local i comma=''
  printf '{\n  "guards": %d,\n  "caught": %d,\n  "mutants": [' "${#picked[@]}" "$caught"
  for i in "${picked[@]}"; do
    printf '%s\n    { "name": %s, "guard": %s, "verdict": %s, "caughtBy": [' "$comma" \
      "$(json_text "${mutants[i]}")" "$(json_text "${sentences[i]}")" "$(json_text "${verdict[i]}")"
    json_list "${caught_by[i]:-}"
    printf '] }'
    comma=,
  done
  printf '\n  ]\n}\n'
}

json_list() { # words in one text
  local word list=''
  for word in $1; do
    list+=", $(json_text "$word")"
  done
  printf '%s' "${list#, }"
}

json_text() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}
