# Debian packages by name, as tests/setup listed them: a store path each, whose
# references are Debian's Depends.
{ lib, pkgs }:
let
  listed = lib.importJSON ../debian.json;

  # The names in nixpkgs, if they differ.
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

  # Debian's patchelf before it has patched itself: the loader and the libraries
  # are arguments of the loader.
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
        exec $(echo "$out"/lib/*/ld-linux*.so.*) \
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

  extraScripts = {
    # Debian's maintainer script makes this symlink.
    emacs-nox = ''ln -s emacs-nox "$out/bin/emacs"'';
    git = ''
      mv "$out/bin/git" "$out/bin/.git"
      printf '#!%s\nGIT_EXEC_PATH=%s exec %s "$@"\n' \
        "$SHELL" "$out/lib/git-core" "$out/bin/.git" >"$out/bin/git"
      chmod +x "$out/bin/git"
    '';
  };

  available = ofShell // packages;
in
available // lib.mapAttrs (_: name: available.${name}) aliases
