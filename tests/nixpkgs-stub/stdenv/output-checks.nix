# disallowedReferences and its kin. They name derivations that need not be built
# just for the check: so only the path is passed on, without its context. With
# structured attributes Nix wants them per output.
{ lib }:
let
  names = [
    "allowedReferences"
    "allowedRequisites"
    "disallowedReferences"
    "disallowedRequisites"
  ];
  untracked =
    drv: if lib.isDerivation drv then builtins.unsafeDiscardStringContext drv.outPath else drv;
  checksOf =
    attrs:
    lib.mapAttrs (_: map untracked) (
      lib.filterAttrs (name: list: lib.elem name names && list != null) attrs
    );
  perOutput =
    attrs: output:
    lib.zipAttrsWith (_: lib.concatLists) [
      (checksOf attrs)
      (checksOf attrs.outputChecks.${output} or { })
    ];
in
{
  inherit names;
  forDerivation =
    structured: attrs:
    if structured then
      { outputChecks = lib.genAttrs attrs.outputs or [ "out" ] (perOutput attrs); }
    else
      checksOf attrs;
}
