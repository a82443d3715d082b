# Debian's patchelf before it has patched itself: the loader and the libraries
# are named on the command line.
{ runCommand, debs }:
runCommand "bootstrap-patchelf"
  {
    debs = with debs; [
      libc6
      libgcc-s1
      debs."libstdc++6"
      patchelf
    ];
  }
  ''
    for deb in $debs; do dpkg-deb -x "$deb" "$out"; done
    mkdir "$out/bin"
    cat >"$out/bin/patchelf" <<EOF
    #!$SHELL
    exec $(echo "$out"/lib/*/ld-linux*.so.*) \
      --library-path $(echo "$out"/lib/*-linux-gnu):$(echo "$out"/usr/lib/*-linux-gnu) \
      $out/usr/bin/patchelf "\$@"
    EOF
    chmod +x "$out/bin/patchelf"
  ''
