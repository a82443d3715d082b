# Writes $out/setup: the phases, and setup.sh told where the shell and the tools are.
for dir in $initialPath; do PATH=${PATH:+$PATH:}$dir/bin; done
mkdir -p "$out"
{
  echo "export SHELL=$shell"
  echo "initialPath='$initialPath'"
  echo "defaultNativeBuildInputs='$defaultNativeBuildInputs'"
  cat "$phases" "$setup"
} >"$out/setup"
