# $out/store-paths lists the closure of the root paths.
{ runCommand }:
{ rootPaths }:
runCommand "closure-info"
  {
    exportReferencesGraph = builtins.concatMap (path: [
      "graph-${baseNameOf (toString path)}"
      path
    ]) rootPaths;
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
