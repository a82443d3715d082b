# Overlays: functions `final: prev: changes`, and how they are laid over a set.
{ lib }:
rec {
  fix =
    f:
    let
      x = f x;
    in
    x;

  extends =
    overlay: f: final:
    let
      prev = f final;
    in
    prev // overlay final prev;

  composeExtensions =
    first: second: final: prev:
    let
      changes = first final prev;
    in
    changes // second final (prev // changes);

  composeManyExtensions = lib.foldr composeExtensions (_: _: { });

  # Accepts what overrideAttrs accepts: a set, `prev: set` or `final: prev: set`.
  toExtension =
    f:
    if !lib.isFunction f then
      _: _: f
    else
      final: prev:
      let
        changes = f prev;
      in
      if lib.isFunction changes then f final prev else changes;
}
