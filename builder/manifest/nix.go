package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// nixHead begins default.nix.
//
// nix-build wants a derivation, of which there is only the output. So it gets one that
// Nix itself builds, without any other program, as it does the environments of
// nix-env: links to all that is in the store path, and one more, manifest.nix, to the
// store path itself.
//
// A .drv file is a derivation, and is imported as one: by its path without context,
// for which Nix does not look elsewhere where the store is not at its own place. What
// it stands for then is the first of its outputs by name, which may be dev.
const nixHead = `# What this binary cache was made for, for a machine without nixpkgs:
#
#   nix-build /path/to/cache -A NAME --option substituters file:///path/to/cache
#
# What it builds is a directory of links to all that is in the store path
# NAME.storePath; of a .drv file, it is what that builds.
let
  link =
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

  build =
    path:
    let
      storePath = builtins.storePath path;
      derivation = builtins.seq storePath (import path);
    in
    derivation.out or derivation // { inherit storePath; };
in
{
`

// identifier is a name that an attribute can have without quotes, if it is no keyword.
var identifier = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*$`)

var keywords = []string{"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"}

// Nix is the file default.nix.
func (m *Manifest) Nix() string {
	var text strings.Builder
	text.WriteString(nixHead)
	for _, entry := range m.Entries {
		fmt.Fprintf(&text, "  %s = %s;\n", quoted(entry.Attribute), expression(Root{Path: entry.Path}))
	}
	text.WriteString("}\n")
	return text.String()
}

// expression is what a name stands for.
func expression(root Root) string {
	path := `"` + escape.Replace(string(root.Path)) + `"`
	if root.isDerivation() {
		return "build " + path
	}
	return fmt.Sprintf(`link "%s" %s`, root.pathName(), path)
}

// escape is for strings of Nix. A store directory may have any name.
var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `${`, `\${`, "\n", `\n`, "\r", `\r`)

func quoted(name string) string {
	if identifier.MatchString(name) && !slices.Contains(keywords, name) {
		return name
	}
	return `"` + name + `"`
}
