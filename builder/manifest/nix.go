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
// nix-build needs a derivation, but the cache has only its output. So linkFarm makes
// one that Nix itself builds without any other program, in the way of nix-env's
// environments: symlinks to all files of the store path, and manifest.nix, a symlink
// to the store path itself.
//
// A .drv file is a derivation and is imported, by its path without string context:
// with context, Nix looks elsewhere if the store is not at its own place. The import
// evaluates to the first output by name, which may be dev, so out is selected.
const defaultNixHeader = `# Roots of this binary cache by attribute name; needs no nixpkgs.
#
#   nix-build /path/to/cache -A NAME --option substituters file:///path/to/cache
#
# Builds a directory of symlinks into the store path NAME.storePath; for a .drv root,
# it builds or substitutes its output.
let
  linkFarm =
    name: path:
    let
      storePath = builtins.storePath path;
    in
    derivation {
      inherit name;
      system = "builtin";
      builder = "builtin:buildenv";
      derivations = [
        "true"
        5
        1
        storePath
      ];
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
	return fmt.Sprintf(`linkFarm "%s" %s`, pathName(path), quoted)
}

// nixStringEscaper escapes a Nix string. A store directory may have any name.
var nixStringEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `${`, `\${`, "\n", `\n`, "\r", `\r`)

func quoteAttr(name string) string {
	if identifier.MatchString(name) && !slices.Contains(keywords, name) {
		return name
	}
	return `"` + name + `"`
}
