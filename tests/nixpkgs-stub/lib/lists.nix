{ lib }:
{
  inherit (builtins)
    all
    any
    concatLists
    concatMap
    elem
    elemAt
    filter
    foldl'
    genList
    groupBy
    head
    length
    partition
    sort
    tail
    ;

  foldr =
    op: nul: list:
    let
      len = builtins.length list;
      go = n: if n == len then nul else op (builtins.elemAt list n) (go (n + 1));
    in
    go 0;

  imap1 = f: list: builtins.genList (n: f (n + 1) (builtins.elemAt list n)) (builtins.length list);
  imap0 = f: list: builtins.genList (n: f n (builtins.elemAt list n)) (builtins.length list);
  range = first: last: builtins.genList (n: first + n) (lib.max 0 (last - first + 1));
  last = list: builtins.elemAt list (builtins.length list - 1);
  count = pred: list: builtins.length (builtins.filter pred list);
  take = n: list: builtins.genList (builtins.elemAt list) (lib.min n (builtins.length list));

  flatten = x: if builtins.isList x then builtins.concatMap lib.flatten x else [ x ];
  toList = x: if builtins.isList x then x else [ x ];
  optional = condition: x: if condition then [ x ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  remove = x: builtins.filter (y: y != x);
  subtractLists = unwanted: builtins.filter (x: !builtins.elem x unwanted);
  unique = builtins.foldl' (seen: x: if builtins.elem x seen then seen else seen ++ [ x ]) [ ];
  findFirst =
    pred: default: list:
    let
      found = builtins.filter pred list;
    in
    if found == [ ] then default else builtins.head found;
}
