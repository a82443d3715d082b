package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mkbinarycache/builder/storepath"
)

// defaultNixHeader is the start of the file default.nix in a cache.
//
// nix-build needs a derivation, but the cache has only the output of a derivation.
// builtin:buildenv, a builder inside Nix, makes an environment, as nix-env does, with a
// symlink manifest.nix to the store path. An environment of no packages has only that
// symlink, so its build cannot fail. NB: the suffix .drv takes four of the 211 characters
// that the name of a store path may have.
//
// A root that is a .drv file is a derivation, which default.nix imports by its path
// without string context: with context, Nix looks for the file elsewhere if the store is
// not at its usual location. The import evaluates to the first output by name, which may
// be dev, so default.nix selects out.
const defaultNixHeader = `# Roots of this binary cache by attribute name; needs no nixpkgs.
#
#   nix-build /path/to/cache -A NAME --option substituters file:///path/to/cache
#
# Builds an environment of the store path NAME.storePath, as nix-env does, or only a
# symlink manifest.nix to this path. If a root is a .drv file, its output is built or
# substituted.
let
  environment = build (path: [
    "true"
    5
    1
    path
  ]);
  symlink = build (path: [ ]);

  build =
    packages: name: path:
    let
      storePath = builtins.storePath path;
    in
    derivation {
      name = builtins.substring 0 207 name;
      system = "builtin";
      builder = "builtin:buildenv";
      derivations = packages storePath;
      manifest = storePath;
      preferLocalBuild = true;
      allowSubstitutes = false;
    }
    // {
      inherit storePath;
    };

  importDrv =
    path:
    let
      storePath = builtins.storePath path;
      derivation = builtins.seq storePath (import path);
    in
    derivation.out or derivation // { inherit storePath; };
in
{
`

// identifier matches the attribute names that need no quotes in Nix, and also keywords,
// which need them.
var identifier = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*$`)

var keywords = []string{"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"}

// DefaultNix returns the text of the file default.nix.
func (m *Manifest) DefaultNix() string {
	var text strings.Builder
	text.WriteString(defaultNixHeader)
	for _, entry := range m.Entries {
		fmt.Fprintf(&text, "  %s = %s;\n", quoteAttr(entry.Attribute), rootExpression(entry.Path))
	}
	text.WriteString("}\n")
	return text.String()
}

func rootExpression(path storepath.Path) string {
	quoted := `"` + nixStringEscaper.Replace(string(path)) + `"`
	if strings.HasSuffix(string(path), ".drv") {
		return "importDrv " + quoted
	}
	function := "symlink"
	if isEnvironment(path) {
		function = "environment"
	}
	return fmt.Sprintf(`%s "%s" %s`, function, path.Name(), quoted)
}

// nixStringEscaper escapes a store path in a Nix string: a store directory may have any
// name.
var nixStringEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `${`, `\${`, "\n", `\n`, "\r", `\r`)

func quoteAttr(name string) string {
	if identifier.MatchString(name) && !slices.Contains(keywords, name) {
		return name
	}
	return `"` + name + `"`
}
