# The Debian packages in the list of tests/setup, by name: each is a store path that
# references the packages in Debian's Depends.
{ lib, pkgs }:
let
  listed = lib.importJSON ../debian.json;

  # The names that nixpkgs has for packages, if they differ from those of Debian.
  aliases = {
    glibc = "libc6";
    gnumake = "make";
    nix = "nix-bin";
    xz = "xz-utils";
  };

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
      # On Debian, emacs-nox's maintainer script makes this symlink.
      extraScript = if name == "emacs-nox" then ''ln -s emacs-nox "$out/bin/emacs"'' else "";
      meta = lib.optionalAttrs (name == "hello") { mainProgram = name; };
    }
  ) listed;
in
packages // lib.mapAttrs (_: name: packages.${name}) aliases
