# Writes $out/setup: setup.sh, told where the shell and the tools are.
for dir in $initialPath; do PATH=${PATH:+$PATH:}$dir/bin; done
mkdir -p "$out"
{
  echo "export SHELL=$shell"
  echo "initialPath='$initialPath'"
  cat "$setup"
} >"$out/setup"
