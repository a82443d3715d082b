# What an argument of mkBinaryCache makes of a value, and what it is to make of it.
mkBinaryCache: argument: value: want:
let
  given.${argument} = if argument == "secretKeyFile" then value else [ value ];
  cache = mkBinaryCache ({ rootPaths = [ ]; } // given);
  got = toString (cache.exportReferencesGraph // { inherit (cache) reuse secretKeyFile; }).${
    if argument == "rootPaths" then "closure" else argument
  };
in
{
  Got = builtins.unsafeDiscardStringContext got;
  Want = builtins.unsafeDiscardStringContext (toString want);
  IsInput = builtins.hasContext got;
}
