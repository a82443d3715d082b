# Busybox with a link per applet: all the Unix tools that a build finds here.
{ busybox, system }:
let
  program = "${busybox}/bin/busybox";
in
derivation {
  inherit system;
  name = "busybox-links-${busybox.version}";
  builder = program;
  args = [
    "sh"
    "-c"
    "${program} mkdir -p $out/bin && ${program} --install -s $out/bin"
  ];
}
