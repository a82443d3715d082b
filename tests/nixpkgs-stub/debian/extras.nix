# What Debian does when it installs a package, and a build does not; and the
# name of the program, where somebody asks for it.
{
  hello.mainProgram = "hello";
  curl.mainProgram = "curl";
  htop.mainProgram = "htop";
  xz-utils.mainProgram = "xz";
  zstd.mainProgram = "zstd";

  emacs-nox = {
    mainProgram = "emacs";
    script = ''
      ln -s emacs-nox "$out/bin/emacs"
    '';
  };
}
