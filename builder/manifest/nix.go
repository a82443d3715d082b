package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mkbinarycache/builder/storepath"
)

// defaultNixHeader is the start of default.nix.
//
// nix-build needs a derivation, but the cache has only its output. Nix itself builds
// one without any other program: an environment, as nix-env makes it, with a symlink
// manifest.nix to the store path. Without a package, it has only that symlink and
// cannot fail. NB: the .drv file needs four of the 211 characters of a name.
//
// A .drv file is a derivation and is imported, by its path without string context:
// with context, Nix looks elsewhere if the store is not at its own place. The import
// evaluates to the first output by name, which may be dev, so out is selected.
const defaultNixHeader = `# Roots of this binary cache by attribute name; needs no nixpkgs.
#
#   nix-build /path/to/cache -A NAME --option substituters file:///path/to/cache
#
# Builds an environment of the store path NAME.storePath, as nix-env does, or only a
# symlink to it, manifest.nix; for a .drv root, it builds or substitutes its output.
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

// identifier matches attribute names that need no quotes, except for keywords.
var identifier = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*$`)

var keywords = []string{"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"}

// DefaultNix returns the file default.nix.
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

// nixStringEscaper escapes a Nix string. A store directory may have any name.
var nixStringEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `${`, `\${`, "\n", `\n`, "\r", `\r`)

func quoteAttr(name string) string {
	if identifier.MatchString(name) && !slices.Contains(keywords, name) {
		return name
	}
	return `"` + name + `"`
}
