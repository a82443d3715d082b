# Debian's bash, with its manual in an output of its own, which is installed too:
# `nix develop` asks for both.
{ runCommand, bash }:
runCommand "bash-interactive"
  {
    outputs = [
      "out"
      "man"
    ];
    meta.outputsToInstall = [
      "out"
      "man"
    ];
  }
  ''
    mkdir -p $out/bin $man/share
    ln -s ${bash}/bin/bash $out/bin/bash
    cp -r ${bash}/share/man $man/share/man
  ''
