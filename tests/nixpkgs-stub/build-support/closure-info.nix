# $out/store-paths lists the closure of the root paths.
{ lib, runCommand }:
{ rootPaths }:
runCommand "closure-info"
  {
    preferLocalBuild = true;
    exportReferencesGraph = lib.concatLists (
      lib.imap0 (n: path: [
        "graph-${toString n}"
        path
      ]) rootPaths
    );
  }
  ''
    mkdir "$out"
    # A record: the path, its deriver, the number of references, the references.
    awk '{
      print
      getline; getline
      for (n = $1; n > 0; n--) getline
    }' graph-* | sort -u >"$out/store-paths"
  ''
