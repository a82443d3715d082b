# The host's certificates, where nixpkgs' cacert has them.
{ stdenvNoCC, bundle }:
stdenvNoCC.mkDerivation {
  pname = "nss-cacert";
  inherit (bundle) version;
  inherit bundle;
  dontUnpack = true;
  installPhase = ''
    mkdir -p $out/etc/ssl/certs
    cp $bundle $out/etc/ssl/certs/ca-bundle.crt
  '';
  setupHook = ./setup-hook.sh;
}
