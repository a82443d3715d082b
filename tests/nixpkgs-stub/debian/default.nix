# The Debian packages in the list of tests/setup, by name: each is a store path that
# references the packages in Debian's Depends.
{ lib, pkgs }:
let
  listed = lib.importJSON ../debian.json;

  # The names that nixpkgs has for packages, if they differ from those of Debian.
  aliases = {
    cdrkit = "genisoimage";
    glibc = "libc6";
    gnumake = "make";
    libarchive = "libarchive-tools";
    nix = "nix-bin";
    openssh = "openssh-client";
    xz = "xz-utils";
  };

  # Packages that only the dev shell has: tests/setup --shell lists them.
  ofShell = lib.genAttrs [
    "genisoimage"
    "git"
    "libarchive-tools"
    "mtools"
    "openssh-client"
    "rsync"
    "wget"
  ] notListed;
  notListed =
    name:
    pkgs.runCommandLocal name { } ''
      echo "the nixpkgs stub has no ${name}; run tests/setup --shell" >&2
      exit 1
    '';

  debs = lib.mapAttrs (
    _: package:
    import ../require-file.nix {
      name = package.file;
      hash = package.sha256;
      mode = "flat";
      inherit (package) version;
    }
  ) listed;

  # Debian's patchelf, without changes to its binary: Debian's dynamic loader runs it,
  # with patchelf and the directories of the libraries as arguments.
  bootstrapPatchelf =
    pkgs.runCommand "bootstrap-patchelf"
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
        exec $(ls "$out"/lib/*/ld-linux*.so.* "$out"/usr/lib/*/ld-linux*.so.* 2>/dev/null) \
          --library-path $(echo "$out"/lib/*-linux-gnu):$(echo "$out"/usr/lib/*-linux-gnu) \
          $out/usr/bin/patchelf "\$@"
        EOF
        chmod +x "$out/bin/patchelf"
      '';

  packages = lib.mapAttrs (
    name: package:
    pkgs.stdenvNoCC.mkDerivation {
      pname = lib.findFirst (alias: aliases.${alias} == name) name (lib.attrNames aliases);
      inherit (package) version;
      src = debs.${name};
      nativeBuildInputs = [ bootstrapPatchelf ];
      propagatedBuildInputs = map (dependency: packages.${dependency}) package.depends;
      builder = ./build.sh;
      extraScript = extraScripts.${name} or "";
      meta = lib.optionalAttrs (name == "hello") { mainProgram = name; };
    }
  ) listed;

  # wrap PROGRAM VARIABLE=VALUE makes PROGRAM run with VARIABLE, which overrides a path
  # that is compiled into PROGRAM.
  wrap = program: variable: ''
    mv "$out/bin/${program}" "$out/bin/.${program}"
    printf '#!%s\n%s exec -a "$0" %s "$@"\n' "$SHELL" "${variable}" "$out/bin/.${program}" >"$out/bin/${program}"
    chmod +x "$out/bin/${program}"
  '';
  extraScripts = {
    # Debian's maintainer script makes this symlink.
    emacs-nox = ''ln -s emacs-nox "$out/bin/emacs"'';
    git = wrap "git" "GIT_EXEC_PATH=$out/lib/git-core";
    mtools = wrap "mtools" "GCONV_PATH=${packages.libc6}/lib/gconv";
  };

  available = ofShell // packages;
in
available // lib.mapAttrs (_: name: available.${name}) aliases
