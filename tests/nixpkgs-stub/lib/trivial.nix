# The release, functions about functions, and the ways to complain.
{ lib }:
rec {
  version = "26.05";

  id = x: x;
  const = x: _: x;
  flip =
    f: a: b:
    f b a;
  pipe = builtins.foldl' (x: f: f x);

  min = a: b: if a < b then a else b;
  max = a: b: if a > b then a else b;

  mod = a: b: a - b * (builtins.div a b);
  mapNullable = f: x: if x == null then null else f x;

  boolToString = b: if b then "true" else "false";
  importJSON = path: builtins.fromJSON (builtins.readFile path);

  # A set with __functor is a function too, and may say what it takes.
  isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
  functionArgs =
    f:
    if f ? __functor then
      f.__functionArgs or (functionArgs (f.__functor f))
    else
      builtins.functionArgs f;
  setFunctionArgs = f: args: {
    __functor = _: f;
    __functionArgs = args;
  };
  mirrorFunctionArgs = f: g: setFunctionArgs g (functionArgs f);
  toFunction = x: if isFunction x then x else const x;

  throwIf = condition: message: if condition then throw message else id;
  throwIfNot = condition: throwIf (!condition);
  assertMsg = condition: message: condition || throw message;

  # The builtin came with Nix 2.23; a trace says the same after the word `trace:`.
  warn = builtins.warn or (message: builtins.trace "evaluation warning: ${message}");
  warnIf = condition: message: if condition then warn message else id;
  warnIfNot = condition: warnIf (!condition);
}
